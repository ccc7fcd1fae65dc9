"""Gorgias tickets: what becomes a turn, and what is left out and why."""

from pathlib import Path
from typing import Any

import pytest

from exports import books, notes, read, said
from tunegate.errors import InputError
from tunegate.readers.desks.gorgias import READER


def message(text: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "from_agent": False,
        "public": True,
        "channel": "email",
        "body_text": text,
        "created_datetime": "2026-03-02T09:00:00Z",
        **fields,
    }


def page(*messages: Any, **fields: Any) -> dict[str, Any]:
    told = [message("Hi"), *messages]
    named = [{**one, "id": n} if isinstance(one, dict) else one for n, one in enumerate(told)]
    return {"data": [{"id": 7, "via": "email", "messages": named, **fields}]}


def test_agents_and_customers_are_told_by_from_agent(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": page(message("Hello", from_agent=True))})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert reading.batch.conversations["id"].to_list() == ["7"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"public": False}, "internal note"),
        ({"channel": "internal-note"}, "internal note"),
        ({"public": None}, "visibility unknown"),
        ({"failed_datetime": "2026-03-02T09:00:00Z"}, "not sent"),
        ({"via": "rule"}, "automation"),
        ({"rule_id": 4, "from_agent": True}, "automation"),
        ({"sent_datetime": None, "from_agent": True}, "not sent"),
        ({"deleted_datetime": "2026-03-02T09:00:00Z"}, "deleted or spam"),
    ],
)
def test_what_customers_did_not_see_or_nobody_wrote_is_left_out(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": page(message("x", **fields))})
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (message("x", from_agent=None), "message does not say who wrote it (`from_agent`)"),
        (message("x", created_datetime="soon"), "time is not understood"),
        ("x", "message is not an object"),
    ],
)
def test_a_message_that_is_not_understood_is_unreadable(
    tmp_path: Path, broken: object, why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": page(broken)})
    assert books(reading) == (1, 0, {}, [why])
    assert reading.unreadable["pointer"].to_list() == ["/messages/1"]


@pytest.mark.parametrize("mark", [{"spam": True}, {"trashed_datetime": "2026-03-02T09:00:00Z"}])
def test_spam_and_trash_are_left_out_whole(tmp_path: Path, mark: dict[str, Any]) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": page(message("x"), **mark)})
    assert books(reading) == (0, 0, {"deleted or spam": 2}, [])


def test_messages_apart_from_their_tickets_are_gathered(tmp_path: Path) -> None:
    apart = [message("Hello", from_agent=True, ticket_id=7, id=2), message("Hi", ticket_id=7)]
    apart[0]["created_datetime"] = "2026-03-02T10:00:00Z"
    listed = {"data": [{"id": 7, "messages_count": 2, "assignee_user": None, "subject": "Late"}]}
    reading, _ = read(READER, tmp_path, {"m.json": {"data": apart}, "t.json": listed})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert reading.batch.conversations["subject"].to_list() == ["Late"]


def test_a_message_in_two_files_is_read_once(tmp_path: Path) -> None:
    apart = [{**message("Hi"), "id": 0, "ticket_id": 7}]
    reading, _ = read(READER, tmp_path, {"m.json": {"data": [*apart]}, "t.json": page()})
    assert books(reading) == (1, 0, {"repeated": 1}, [])


def test_a_list_that_is_shorter_than_its_count_is_noted(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": page(messages_count=3)})
    assert notes(reading) == ["cut short by the source"]


def test_a_user_with_the_role_of_a_bot_is_one(tmp_path: Path) -> None:
    by_bot = message("Beep", from_agent=True, sender={"id": 9})
    by_customer = message("Nine", sender={"id": 9})
    users = {"data": [{"id": 9, "firstname": "B", "role": {"name": "bot"}}]}
    told = page(by_bot, by_customer)
    reading, _ = read(READER, tmp_path, {"t.json": told, "users.json": users})
    assert books(reading) == (1, 1, {"automation": 1}, [])


def test_a_customer_who_did_not_open_the_ticket_is_noted(tmp_path: Path) -> None:
    other = message("Me too", sender={"id": 8})
    reading, _ = read(READER, tmp_path, {"t.json": page(other, customer={"id": 5})})
    assert notes(reading) == ["third person"]


def test_tickets_without_messages_are_refused(tmp_path: Path) -> None:
    listed = {"data": [{"id": 7, "messages_count": 2, "assignee_user": None}]}
    with pytest.raises(InputError, match="lists tickets of Gorgias without their messages"):
        read(READER, tmp_path, {"t.json": listed})


@pytest.mark.parametrize("mark", [{"spam": True}, {"trashed_datetime": "2026-03-02T09:00:00Z"}])
def test_a_listed_ticket_that_says_from_agent_is_still_a_ticket(
    tmp_path: Path, mark: dict[str, Any]
) -> None:
    listed = {
        **{"id": 7, "uri": "/api/tickets/7/", "channel": "email", "via": "email"},
        **{"from_agent": False, "customer": {"id": 5}, "subject": "s", "messages_count": 1},
        **{"spam": False, "trashed_datetime": None, **mark},
    }
    files: dict[str, Any] = {
        "m.json": {"data": [message("Hi", ticket_id=7)]},
        "t.json": {"data": [listed], "object": "list", "meta": {}},
    }
    reading, _ = read(READER, tmp_path, files)
    assert books(reading) == (0, 0, {"deleted or spam": 1}, [])


def test_a_whole_ticket_as_the_api_gives_it_is_no_listed_one(tmp_path: Path) -> None:
    whole = page(message("Hello", from_agent=True))["data"][0] | {
        **{"channel": "email", "from_agent": False, "customer": {"id": 5}, "messages_count": 2},
        **{"spam": False, "trashed_datetime": None, "assignee_user": None, "assignee_team": None},
        "snooze_datetime": None,
    }
    reading, _ = read(READER, tmp_path, {"7.json": whole})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
