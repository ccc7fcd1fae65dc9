"""What becomes of exports of help desks in which records have lost or changed a part."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_data.generator.exports import (
    freshdesk,
    freshdesk_conversations,
    gorgias,
    helpscout,
    hubspot,
    hubspot_crm,
)

from exports import read
from tunegate.model import Reader
from tunegate.readers.desks.freshdesk import READER as FRESHDESK
from tunegate.readers.desks.gorgias import READER as GORGIAS
from tunegate.readers.desks.helpscout import READER as HELPSCOUT
from tunegate.readers.desks.hubspot import READER as HUBSPOT

_ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x", 0, -1, 1.5, True, [], [None], [{}], {}, {"id": None}]
)


class Desk(NamedTuple):
    """An export as records, the list of messages in one of them, and what lies beside them."""

    reader: Reader
    records: list[dict[str, Any]]
    messages: Callable[[dict[str, Any]], object]
    beside: Mapping[str, bytes] | None = None


def _only(content: bytes) -> Any:
    return json.loads(content)


def _rows(content: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(StringIO(content.decode())))


def _messages_of_hubspot() -> list[dict[str, Any]]:
    text = hubspot.files()["messages.json"].decode()
    pages = [json.loads(f"{page}}}") for page in text.split("\n}\n") if page]
    return [message for page in pages for message in page["results"]]


def _threads(told: dict[str, Any]) -> object:
    inside = told.get("_embedded")
    return inside.get("threads") if isinstance(inside, dict) else None


DESKS = {
    "freshdesk": Desk(
        FRESHDESK,
        _only(freshdesk.files()["tickets.json"]),
        lambda ticket: ticket.get("conversations"),
    ),
    "gorgias": Desk(
        GORGIAS,
        _only(gorgias.files()["tickets.json"])["data"],
        lambda ticket: ticket.get("messages"),
    ),
    "helpscout": Desk(
        HELPSCOUT,
        _only(helpscout.files()["page.json"])["_embedded"]["conversations"],
        _threads,
    ),
    "hubspot": Desk(HUBSPOT, _messages_of_hubspot(), lambda _: [None]),
    "hubspot-crm": Desk(
        HUBSPOT,
        _rows(hubspot_crm.files()["engagement_email.csv"]),
        lambda _: [None],
        {name: hubspot_crm.files()[name] for name in ("ticket.csv", "ticket_engagement.csv")},
    ),
    "freshdesk-entries": Desk(
        FRESHDESK,
        _rows(freshdesk_conversations.files()["conversation.csv"]),
        lambda _: [None],
        {"ticket.jsonl": freshdesk_conversations.files()["ticket.jsonl"]},
    ),
}


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each container of a record with each of its keys or positions."""
    pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for key, inner in pairs:
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


@pytest.mark.parametrize("name", DESKS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_message_is_lost_whatever_is_broken(name: str, data: st.DataObject) -> None:
    desk = DESKS[name]
    records = deepcopy(desk.records)
    for _ in range(data.draw(st.integers(1, 6))):
        # The first record stays whole, so that the export is still known as one.
        record = records[data.draw(st.integers(1, len(records) - 1))]
        places = list(_places(record))
        if not places:
            continue
        container, key = places[data.draw(st.integers(0, len(places) - 1))]
        if isinstance(container, dict) and data.draw(st.booleans()):
            del container[key]
        else:
            container[key] = deepcopy(data.draw(_ODD))
    with TemporaryDirectory() as folder:
        reading, plan = read(
            desk.reader, Path(folder), {"export.json": records, **(desk.beside or {})}
        )
    books = reading.used + reading.merged + sum(reading.excluded.values())
    assert books + reading.unreadable.height >= sum(map(_held(desk), records))
    assert plan.faults.is_empty()


def _held(desk: Desk) -> Callable[[dict[str, Any]], int]:
    def count(record: dict[str, Any]) -> int:
        told = desk.messages(record)
        # A record that cannot be placed is one that is unreadable, whatever it holds.
        lost = isinstance(record.get("id"), dict | list | bool) or record.get("id") in (None, "")
        return 1 if lost or not isinstance(told, list) else max(1, len(told))

    return count
