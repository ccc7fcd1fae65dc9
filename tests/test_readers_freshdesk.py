"""Freshdesk tickets: what becomes a turn, and what is left out and why."""

from pathlib import Path
from typing import Any

import pytest

from exports import books, notes, read, said
from tunegate.errors import InputError
from tunegate.readers.desks.freshdesk import READER


def entry(text: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": 11,
        "user_id": 5,
        "incoming": False,
        "private": False,
        "source": 0,
        "body": f"<p>{text}</p>",
        "body_text": text,
        "created_at": "2026-03-02T10:00:00Z",
        **fields,
    }


def ticket(*entries: Any, **fields: Any) -> dict[str, Any]:
    named = [{"n": n, **e, "id": n} if isinstance(e, dict) else e for n, e in enumerate(entries)]
    return {
        "id": 7,
        "subject": "Late",
        "requester_id": 3,
        "source": 1,
        "description": "<p>Hi</p>",
        "description_text": "Hi",
        "tags": ["post"],
        "created_at": "2026-03-02T09:00:00Z",
        "conversations": named,
        **fields,
    }


def bare(**fields: Any) -> dict[str, Any]:
    told = ticket(fr_escalated=False, **fields)
    del told["conversations"]
    return told


def test_the_description_opens_the_ticket(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": [ticket(entry("Hello"))]})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    kept = reading.batch.conversations.select("id", "group", "subject", "tags").row(0)
    assert kept == ("7", "3", "Late", ["post"])
    assert "/description" in reading.batch.segments["pointer"].to_list()


@pytest.mark.parametrize(
    ("shape", "content"),
    [
        ("t.json", ticket(entry("Hello"))),
        ("t.jsonl", [ticket(entry("Hello"))]),
        ("t.json", {"results": [ticket(entry("Hello"))], "total": 1}),
    ],
)
def test_a_ticket_alone_or_in_a_page_is_read(tmp_path: Path, shape: str, content: Any) -> None:
    reading, _ = read(READER, tmp_path, {shape: content})
    assert books(reading) == (2, 0, {}, [])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"private": True}, "internal note"),
        ({"private": True, "source": 2}, "internal note"),
        ({"private": None}, "visibility unknown"),
        ({"source": 99}, "visibility unknown"),
        ({"source": None}, "visibility unknown"),
        ({"source": 4}, "event"),
        ({"source": 6}, "automation"),
        ({"source": 8}, "forwarded to others"),
        ({"source": 9}, "logged by staff"),
        ({"auto_response": True}, "automation"),
        ({"automation_id": 12}, "automation"),
        ({"deleted": True}, "deleted or spam"),
        ({"email_failure_count": 1, "to_emails": ["a@b.example"]}, "not sent"),
        ({"body": "", "body_text": ""}, "empty"),
    ],
)
def test_what_customers_did_not_see_or_nobody_wrote_is_left_out(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": [ticket(entry("x", **fields))]})
    assert books(reading) == (1, 0, {why: 1}, [])


def test_a_public_note_is_a_turn(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": [ticket(entry("Hello", source=2))]})
    assert books(reading) == (2, 0, {}, [])


def test_a_mail_that_reached_one_of_two_was_sent(tmp_path: Path) -> None:
    half = entry("Hello", email_failure_count=1, to_emails=["a@b.example", "c@b.example"])
    reading, _ = read(READER, tmp_path, {"t.json": [ticket(half)]})
    assert books(reading) == (2, 0, {}, [])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (10, (1, 0, {}, [])),
        (3, (0, 0, {"logged by staff": 1}, [])),
        (7, (0, 0, {"logged by staff": 1}, [])),
        (12, (0, 0, {"automation": 1}, [])),
        (
            None,
            (0, 0, {}, ["ticket does not say how it came (`source`), nor so who opened it"]),
        ),
    ],
)
def test_who_opened_a_ticket_is_told_by_its_source(
    tmp_path: Path, source: int | None, expected: object
) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": [ticket(source=source)]})
    assert books(reading) == expected
    assert [role for talk in said(reading) for role, _ in talk] == ["assistant"] * (source == 10)


@pytest.mark.parametrize("mark", [{"spam": True}, {"deleted": True}])
def test_spam_and_deleted_tickets_are_left_out_whole(tmp_path: Path, mark: dict[str, Any]) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": [ticket(entry("x"), **mark)]})
    assert books(reading) == (0, 0, {"deleted or spam": 2}, [])


def test_somebody_else_who_writes_in_is_noted(tmp_path: Path) -> None:
    other = entry("Me too", incoming=True, user_id=4)
    reading, _ = read(READER, tmp_path, {"t.json": [ticket(other)]})
    assert notes(reading) == ["third person"]


def test_ten_entries_inside_a_ticket_may_not_be_all(tmp_path: Path) -> None:
    full = ticket(*(entry(str(n)) for n in range(10)))
    reading, _ = read(READER, tmp_path, {"t.json": [full]})
    assert notes(reading) == ["cut short by the source"]


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (entry("x", incoming=None), "author is in no users table"),
        (entry("x", created_at="soon"), "time is not understood"),
        ("x", "message is not an object"),
    ],
)
def test_an_entry_that_is_not_understood_is_unreadable(
    tmp_path: Path, broken: object, why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": [ticket(broken)]})
    assert books(reading) == (1, 0, {}, [why])
    assert reading.unreadable["pointer"].to_list() == ["/conversations/0"]


def test_agents_tell_who_wrote_where_an_entry_does_not(tmp_path: Path) -> None:
    agents = [{"id": 5, "occasional": False, "available": True, "contact": {"email": "a@b.c"}}]
    told = [ticket(entry("Hello", incoming=None))]
    reading, _ = read(READER, tmp_path, {"agents.json": agents, "t.json": told})
    assert [role for role, _ in said(reading)[0]] == ["user", "assistant"]


def test_a_ticket_with_a_long_description_is_known_by_its_beginning(tmp_path: Path) -> None:
    told = ticket(entry("Hello"))
    first = {"id": 7, "fr_escalated": False, "requester_id": 3, "description": "x" * 70_000}
    reading, _ = read(READER, tmp_path, {"t.json": [first | {**told, **first}]})
    assert books(reading) == (2, 0, {}, [])


_ROWS = """id,ticket_id,user_id,incoming,private,source,body,body_text,created_at
2,7,5,FALSE,FALSE,0,,Hello,2026-03-02 10:00:00
3,7,5,f,t,2,,Secret,2026-03-02 11:00:00
"""


def test_entries_in_a_table_of_their_own_are_gathered(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"c.csv": _ROWS, "t.json": [bare()]})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert books(reading) == (2, 0, {"internal note": 1}, [])


def test_entries_without_their_ticket_lack_the_opening(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"c.csv": _ROWS})
    assert said(reading) == [[("assistant", "Hello")]]
    assert notes(reading) == ["cut short by the source", "its ticket is not in the export"]


def test_a_ticket_and_an_entry_that_come_twice_are_read_once(tmp_path: Path) -> None:
    older = ticket(entry("Old"), updated_at="2026-03-02T10:00:00Z")
    newer = ticket(entry("New"), updated_at="2026-03-03T10:00:00Z")
    reading, _ = read(READER, tmp_path, {"t.json": [older, newer]})
    assert said(reading) == [[("user", "Hi"), ("assistant", "New")]]
    assert books(reading) == (2, 0, {"repeated": 2}, [])


def test_the_old_api_wraps_tickets_and_notes(tmp_path: Path) -> None:
    notes_of = [
        {"note": entry("Hello", body="Hello", body_html="<p>Hello</p>")},
        {"note": entry("x", private=True, id=12)},
    ]
    inner = {"id": 900, "display_id": 7, "requester_id": 3, "source": 2, "notes": notes_of}
    inner |= {"description": "Hi", "created_at": "2026-03-02T10:00:00+05:30", "spam": False}
    reading, _ = read(READER, tmp_path, {"t.json": [{"helpdesk_ticket": inner}]})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert reading.batch.conversations["id"].to_list() == ["7"]
    assert books(reading) == (2, 0, {"internal note": 1}, [])


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("t.json", [bare()], "without their conversations"),
        ("t.csv", "Ticket ID,Subject,Status,Agent interactions\n1,x,Open,2\n", "no messages"),
        ("a.json", [{"id": 5, "occasional": False, "available": True}], "no conversation"),
    ],
)
def test_exports_without_messages_are_refused(
    tmp_path: Path, name: str, content: Any, why: str
) -> None:
    with pytest.raises(InputError, match=why):
        read(READER, tmp_path, {name: content})


def test_a_training_record_with_conversations_is_none_of_freshdesk(tmp_path: Path) -> None:
    head = b'{"id": "1", "source": "x", "conversations": [{"from": "human", "value": "Hi"}]}\n'
    assert READER.recognises(head, "a.jsonl") == 0


def test_the_entries_of_an_old_ticket_may_have_another_name(tmp_path: Path) -> None:
    inner = {"id": 900, "display_id": 7, "requester_id": 3, "source": 2, "description": "Hi"}
    inner["helpdesk_notes"] = [{"helpdesk_note": entry("Hello")}]
    reading, _ = read(READER, tmp_path, {"t.json": [{"helpdesk_ticket": inner}]})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]


def test_a_ticket_beside_its_conversations_is_read_with_its_description(tmp_path: Path) -> None:
    of = {key: value for key, value in ticket().items() if key != "conversations"}
    files = {"7.json": {"ticket": of, "conversations": [entry("Hello")]}}
    reading, _ = read(READER, tmp_path, files)
    assert [role for role, _ in said(reading)[0]] == ["user", "assistant"]
    assert notes(reading) == []
    assert "/ticket/description" in reading.batch.segments["pointer"].to_list()


def test_a_spam_ticket_beside_its_conversations_is_left_out(tmp_path: Path) -> None:
    files = {"7.json": {"ticket": {**ticket(), "spam": True}, "conversations": [entry("x")]}}
    reading, _ = read(READER, tmp_path, files)
    assert said(reading) == [[]]
