"""Copies of one thing: the newest counts, and of those of one age the one that says less."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from exports import read, said
from tunegate.readers.desks import freshdesk, front, gorgias, helpscout, hubspot, zendesk
from tunegate.readers.desks.repeats import once
from tunegate.readers.merge import DELETED, REDACTED, REPEATED, Message, Place

HERE = Place(0, 1, 0, 1)
AT = "2026-03-02T09:00:00Z"


def copy(text: str, age: int = 0, **fields: Any) -> Message:
    return Message(HERE, role="user", text=text, key="1", age=age, **fields)


def kept(*copies: Message) -> list[Message]:
    return [message for message in once(copies) if message.excluded != REPEATED]


OPEN, GONE = copy("x"), copy("x")._replace(role=None, excluded=DELETED)
BLACKED = copy("[…]", note=REDACTED)


@pytest.mark.parametrize("copies", [*permutations([OPEN, GONE, BLACKED])])
def test_of_copies_of_one_age_the_one_left_out_counts(copies: tuple[Message, ...]) -> None:
    assert kept(*copies) == [GONE]


@pytest.mark.parametrize("copies", [*permutations([OPEN, BLACKED])])
def test_of_copies_of_one_age_the_redacted_one_counts(copies: tuple[Message, ...]) -> None:
    assert kept(*copies) == [BLACKED]


@pytest.mark.parametrize("order", [1, -1])
def test_the_newest_copy_counts_whatever_it_says(order: int) -> None:
    old, new = GONE._replace(age=-1), copy("sent", age=-2)
    assert kept(*[old, new][::order]) == [new]


@pytest.mark.parametrize("order", [1, -1])
def test_a_copy_of_no_known_age_is_not_older(order: int) -> None:
    assert kept(*[GONE, copy("x", age=-2)][::order]) == [GONE]


def test_of_equal_copies_the_first_counts_and_what_has_no_key_is_no_copy() -> None:
    first, second = copy("a"), copy("b")
    loose = copy("c")._replace(key=None)
    assert kept(first, loose, second, loose) == [first, loose, loose]


def _zendesk(*, public: bool) -> dict[str, Any]:
    comments = [
        {"id": 1, "author_id": 5, "public": True, "body": "Hi"},
        {"id": 2, "author_id": 6, "public": public, "body": "Secret"},
    ]
    return {"id": 7, "requester_id": 5, "updated_at": AT, "comments": comments}


def _zendesk_file(of: dict[str, Any]) -> dict[str, Any]:
    users = [{"id": 5, "role": "end-user"}, {"id": 6, "role": "agent"}]
    return {"tickets": [of], "users": users}


def _gorgias(*, public: bool) -> dict[str, Any]:
    asked = {"id": 1, "from_agent": False, "public": True, "body_text": "Hi", "channel": "email"}
    said_of = {**asked, "id": 2, "from_agent": True, "public": public, "body_text": "Secret"}
    of = {"id": 7, "via": "email", "updated_datetime": AT, "messages": [asked, said_of]}
    return {"data": [of]}


def _freshdesk(*, public: bool) -> list[dict[str, Any]]:
    entry = {"id": 2, "private": not public, "incoming": False, "source": 0, "body": "Secret"}
    of = {"id": 7, "requester_id": 5, "source": 1, "description": "Hi", "updated_at": AT}
    return [{**of, "conversations": [entry]}]


def _helpscout(*, public: bool) -> dict[str, Any]:
    threads: list[dict[str, Any]] = [
        {"id": 1, "type": "customer", "state": "published", "body": "Hi"},
        {
            "id": 2,
            "type": "message",
            "state": "published" if public else "hidden",
            "body": "Secret",
        },
    ]
    threads[0]["createdBy"] = {"id": 5, "type": "customer"}
    threads[1]["createdBy"] = {"id": 6, "type": "user"}
    of = {"id": 7, "number": 7, "status": "closed", "userUpdatedAt": AT, "mailboxId": 1}
    return {"_embedded": {"conversations": [{**of, "_embedded": {"threads": threads}}]}}


def _hubspot(*, public: bool) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "id": "1",
        "conversationsThreadId": "7",
        "type": "MESSAGE",
        "direction": "INCOMING",
    }
    asked |= {"senders": [{"actorId": "V-5"}], "text": "Hi"}
    answer = {**asked, "id": "2", "direction": "OUTGOING", "text": "Secret"}
    answer |= {"senders": [{"actorId": "A-6"}], "archived": not public}
    return {"results": [asked, answer]}


def _front(*, public: bool) -> dict[str, Any]:
    link = {"related": {"conversation": "https://api.example/conversations/cnv_7"}}
    asked: dict[str, Any] = {
        "id": "msg_1",
        "type": "email",
        "is_inbound": True,
        "text": "Hi",
        "_links": link,
    }
    asked["recipients"] = [{"role": "from", "handle": "m@a.example"}]
    answer = {**asked, "id": "msg_2", "is_inbound": False, "text": "Secret"}
    answer |= {"author": {"id": "tea_1", "type": "user"}, "is_draft": not public}
    answer["recipients"] = [{"role": "to", "handle": "m@a.example"}]
    return {"_results": [asked, answer]}


DESKS: dict[str, tuple[Any, Any]] = {
    "zendesk": (zendesk.READER, lambda *, public: _zendesk_file(_zendesk(public=public))),
    "gorgias": (gorgias.READER, _gorgias),
    "freshdesk": (freshdesk.READER, _freshdesk),
    "helpscout": (helpscout.READER, _helpscout),
    "hubspot": (hubspot.READER, _hubspot),
    "front": (front.READER, _front),
}


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("name", DESKS)
def test_what_one_of_two_copies_withholds_is_not_kept(
    tmp_path: Path, name: str, first: bool
) -> None:
    reader, of = DESKS[name]
    files = {"1.json": of(public=first), "2.json": of(public=not first)}
    reading, _ = read(reader, tmp_path, files)
    assert said(reading) == [[("user", "Hi")]]


@pytest.mark.parametrize("name", DESKS)
def test_two_equal_copies_are_read_once(tmp_path: Path, name: str) -> None:
    reader, of = DESKS[name]
    reading, _ = read(reader, tmp_path, {"1.json": of(public=True), "2.json": of(public=True)})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Secret")]]


@pytest.mark.parametrize("first", [True, False])
def test_a_ticket_that_one_of_two_copies_calls_deleted_is_left_out(
    tmp_path: Path, first: bool
) -> None:
    there, gone = (_zendesk(public=True) | {"status": status} for status in ("open", "deleted"))
    pair = [_zendesk_file(one) for one in ([there, gone] if first else [gone, there])]
    reading, _ = read(zendesk.READER, tmp_path, {"1.json": pair[0], "2.json": pair[1]})
    assert said(reading) == [[]]
