"""HubSpot's inbox: what becomes a turn, and what is left out and why."""

from pathlib import Path
from typing import Any

import pytest

from exports import books, notes, read, said
from tunegate.errors import InputError
from tunegate.readers.desks.hubspot import READER


def message(text: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": "m1",
        "conversationsThreadId": "7",
        "type": "MESSAGE",
        "createdAt": "2026-03-02T10:00:00Z",
        "senders": [{"actorId": "A-2"}],
        "direction": "OUTGOING",
        "text": text,
        "richText": f"<p>{text}</p>",
        "truncationStatus": "NOT_TRUNCATED",
        "status": {"statusType": "SENT"},
        "archived": False,
        **fields,
    }


HI = message(
    "Hi",
    id="m0",
    createdAt="2026-03-02T09:00:00Z",
    senders=[{"actorId": "V-5"}],
    direction="INCOMING",
    subject="Late",
)
THREAD = {
    "id": "7",
    "inboxId": "1",
    "createdAt": "2026-03-02T09:00:00Z",
    "associatedContactId": "5",
    "spam": False,
}


def page(*messages: Any) -> dict[str, Any]:
    return {"results": [HI, *messages], "paging": {"next": {"after": "x"}}}


def test_messages_of_a_thread_are_gathered(tmp_path: Path) -> None:
    files: dict[str, Any] = {"m.json": page(message("Hello")), "t.json": {"results": [THREAD]}}
    reading, _ = read(READER, tmp_path, files)
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    kept = reading.batch.conversations.select("id", "group", "subject").row(0)
    assert kept == ("7", "5", "Late")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"type": "COMMENT"}, "internal note"),
        ({"type": "WELCOME_MESSAGE"}, "automation"),
        ({"type": "ASSIGNMENT"}, "event"),
        ({"type": "THREAD_STATUS_CHANGE"}, "event"),
        ({"type": "WHISPER"}, "visibility unknown"),
        ({"type": None}, "visibility unknown"),
        ({"status": {"statusType": "FAILED"}}, "not sent"),
        ({"archived": True}, "deleted or spam"),
        ({"senders": [{"actorId": "S-hubspot"}]}, "automation"),
        ({"senders": [{"actorId": "B-3"}]}, "automation"),
        ({"senders": [{"actorId": "L-3"}]}, "automation"),
        ({"id": "m0"}, "repeated"),
        ({"richText": None}, "empty"),
    ],
)
def test_what_customers_did_not_see_or_nobody_wrote_is_left_out(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"m.json": page(message("", **fields))})
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize(
    ("fields", "role"),
    [
        ({"senders": [{"actorId": "A-2"}], "direction": "INCOMING"}, "assistant"),
        ({"senders": [{"actorId": "I-2"}], "direction": "INCOMING"}, "user"),
        ({"senders": [], "direction": "OUTGOING"}, "assistant"),
        ({"senders": [{"actorId": "E-a@b.example"}], "direction": "INCOMING"}, "user"),
    ],
)
def test_the_sender_tells_the_role_before_the_direction(
    tmp_path: Path, fields: dict[str, Any], role: str
) -> None:
    alone = {"results": [message("x", **fields)]}
    reading, _ = read(READER, tmp_path, {"m.json": alone})
    assert said(reading) == [[(role, "x")]]


def test_an_agent_who_writes_from_an_own_mailbox_is_one(tmp_path: Path) -> None:
    address = {"type": "HS_EMAIL_ADDRESS", "value": "mira@help.example"}
    told = message("x", senders=[{"deliveryIdentifier": address}], direction="INCOMING")
    actors = {"results": [{"id": "A-2", "type": "AGENT", "email": "mira@help.example"}]}
    reading, _ = read(READER, tmp_path, {"m.json": page(told), "actors.json": actors})
    assert [role for role, _ in said(reading)[0]] == ["user", "assistant"]


@pytest.mark.parametrize("status", ["TRUNCATED", "TRUNCATED_TO_MOST_RECENT_REPLY"])
def test_a_text_that_was_cut_is_noted(tmp_path: Path, status: str) -> None:
    cut = message("x", truncationStatus=status)
    reading, _ = read(READER, tmp_path, {"m.json": page(cut)})
    assert notes(reading) == ["cut short by the source", "its ticket is not in the export"]


def test_a_visitor_who_is_not_the_contact_is_noted(tmp_path: Path) -> None:
    other = message("x", senders=[{"actorId": "V-6"}], direction="INCOMING")
    files: dict[str, Any] = {"m.json": page(other), "t.json": {"results": [THREAD]}}
    reading, _ = read(READER, tmp_path, files)
    assert notes(reading) == ["third person"]


def test_spam_threads_are_left_out_whole(tmp_path: Path) -> None:
    spam = {"results": [{**THREAD, "spam": True}]}
    reading, _ = read(READER, tmp_path, {"m.json": page(message("x")), "t.json": spam})
    assert books(reading) == (0, 0, {"deleted or spam": 2}, [])


def test_a_thread_without_messages_is_counted(tmp_path: Path) -> None:
    threads = {"results": [THREAD, {**THREAD, "id": "8"}]}
    reading, _ = read(READER, tmp_path, {"m.json": page(), "t.json": threads})
    assert books(reading) == (1, 0, {"empty": 1}, [])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"senders": None, "direction": None}, "message does not say who sent it"),
        ({"senders": [{"actorId": "V-5"}]}, "message does not say who sent it"),
        ({"createdAt": "soon"}, "time is not understood"),
        ({"conversationsThreadId": None}, "record names no conversation"),
    ],
)
def test_a_message_that_is_not_understood_is_unreadable(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"m.json": page(message("x", **fields))})
    *counts, reasons = books(reading)
    assert counts == [1, 0, {}]
    assert [reason.startswith(why) for reason in reasons] == [True]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("t.json", {"results": [THREAD]}, "without their messages"),
        ("t.csv", "Ticket ID,Ticket name,Pipeline\n1,x,Support\n", "no messages"),
        ("a.json", {"results": [{"id": "A-2", "type": "AGENT"}]}, "no conversation"),
    ],
)
def test_exports_without_messages_are_refused(
    tmp_path: Path, name: str, content: Any, why: str
) -> None:
    with pytest.raises(InputError, match=why):
        read(READER, tmp_path, {name: content})
