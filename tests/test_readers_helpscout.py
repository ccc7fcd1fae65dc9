"""Help Scout conversations: what becomes a turn, and what is left out and why."""

import json
from pathlib import Path
from typing import Any

import pytest

from exports import books, notes, read, said
from tunegate.errors import InputError
from tunegate.readers.desks.helpscout import READER


def thread(text: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": 21,
        "type": "message",
        "state": "published",
        "body": f"<p>{text}</p>",
        "createdBy": {"id": 2, "type": "user"},
        "createdAt": "2026-03-02T10:00:00Z",
        **fields,
    }


HI = thread(
    "Hi",
    id=20,
    type="customer",
    createdBy={"id": 5, "type": "customer"},
    createdAt="2026-03-02T09:00:00Z",
)


def conversation(*threads: Any, **fields: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "number": 3,
        "threads": len(threads),
        "status": "closed",
        "state": "published",
        "subject": "Late",
        "mailboxId": 1,
        "primaryCustomer": {"id": 5},
        "tags": [{"id": 1, "tag": "post"}],
        "_embedded": {"threads": list(threads)},
        **fields,
    }


def page(*found: Any) -> dict[str, Any]:
    return {"_embedded": {"conversations": list(found)}, "page": {"number": 1}}


def thread_page(*threads: Any, of: int = 7) -> dict[str, Any]:
    link = {"self": {"href": f"https://api.example/v2/conversations/{of}/threads"}}
    return {"_embedded": {"threads": list(threads)}, "_links": link}


@pytest.mark.parametrize(
    "content",
    [
        page(conversation(thread("Hello"), HI)),
        conversation(thread("Hello"), HI),
        [conversation(thread("Hello"), HI)],
        thread_page(thread("Hello"), HI),
        {**conversation(), "_embedded": None, "threads": [thread("Hello"), HI]},
    ],
    ids=["page", "one", "list", "threads", "webhook"],
)
def test_threads_are_read_oldest_first_from_any_shape(tmp_path: Path, content: Any) -> None:
    reading, _ = read(READER, tmp_path, {"c.json": content})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert reading.batch.conversations["id"].to_list() == ["7"]


def test_the_conversation_names_its_customer_subject_and_tags(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"c.json": page(conversation(HI))})
    kept = reading.batch.conversations.select("group", "subject", "tags").row(0)
    assert kept == ("5", "Late", ["post"])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"type": "note"}, "internal note"),
        ({"type": "lineitem"}, "event"),
        ({"type": "forwardparent"}, "forwarded to others"),
        ({"type": "forwardchild"}, "forwarded to others"),
        ({"type": "phone"}, "logged by staff"),
        ({"type": "customer"}, "logged by staff"),
        ({"type": "whisper"}, "visibility unknown"),
        ({"state": None}, "visibility unknown"),
        ({"state": "draft"}, "not sent"),
        ({"state": "underreview"}, "not sent"),
        ({"state": "hidden"}, "internal note"),
        ({"scheduled": {"scheduledFor": "2026-03-09T10:00:00Z"}}, "not sent"),
        ({"scheduled": {"scheduledFor": None}}, "not sent"),
        ({"action": {"type": "automatic-workflow"}}, "automation"),
        ({"source": {"type": "workflows"}}, "automation"),
        ({"createdBy": {"id": 9, "type": "system_user"}}, "automation"),
        ({"body": None}, "empty"),
    ],
)
def test_what_customers_did_not_see_or_nobody_wrote_is_left_out(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"c.json": page(conversation(thread("x", **fields), HI))})
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (thread("x", createdBy=None), "thread does not say who made it (`createdBy.type`)"),
        (thread("x", createdBy={"type": "team"}), "thread does not say who made it"),
        (thread("x", createdBy={"type": "customer"}), "a reply of staff is made by a customer"),
        (thread("x", createdAt="soon"), "time is not understood"),
        (None, "message is not an object"),
    ],
)
def test_a_thread_that_is_not_understood_is_unreadable(
    tmp_path: Path, broken: object, why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"c.json": page(conversation(HI, broken))})
    *counts, reasons = books(reading)
    assert counts == [1, 0, {}]
    assert [reason.startswith(why) for reason in reasons] == [True]
    assert reading.unreadable["pointer"].to_list() == ["/_embedded/threads/1"]


@pytest.mark.parametrize("mark", [{"status": "spam"}, {"state": "deleted"}])
def test_spam_and_deleted_conversations_are_left_out_whole(
    tmp_path: Path, mark: dict[str, Any]
) -> None:
    reading, _ = read(READER, tmp_path, {"c.json": page(conversation(thread("x"), HI, **mark))})
    assert books(reading) == (0, 0, {"deleted or spam": 2}, [])


def test_a_reply_that_waits_leaves_no_hole(tmp_path: Path) -> None:
    waits = thread("x", scheduled={"scheduledFor": "2026-03-09T10:00:00Z"})
    reading, _ = read(READER, tmp_path, {"c.json": page(conversation(waits, HI))})
    assert notes(reading) == []


def test_nothing_of_a_conversation_that_is_a_draft_was_sent(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"c.json": page(conversation(thread("x"), state="draft"))})
    assert books(reading) == (0, 0, {"not sent": 1}, [])


@pytest.mark.parametrize(
    ("fields", "later"),
    [
        ({"scheduled": {}}, {}),
        ({}, {"userUpdatedAt": "2026-03-09T10:00:01Z"}),
        ({"openedAt": "2026-03-09T11:00:00Z"}, {}),
    ],
    ids=["not scheduled", "changed since", "opened since"],
)
def test_a_reply_whose_time_has_come_was_sent(
    tmp_path: Path, fields: dict[str, Any], later: dict[str, Any]
) -> None:
    sent = thread("Hello", **{"scheduled": {"scheduledFor": "2026-03-09T10:00:00Z"}, **fields})
    reading, _ = read(READER, tmp_path, {"c.json": page(conversation(sent, HI, **later))})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]


def test_a_customer_who_did_not_open_the_conversation_is_noted(tmp_path: Path) -> None:
    other = {**HI, "id": 22, "createdBy": {"id": 6, "type": "customer"}}
    reading, _ = read(READER, tmp_path, {"c.json": page(conversation(HI, other))})
    assert notes(reading) == ["third person"]


def test_a_list_that_is_shorter_than_its_count_is_noted(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"c.json": page(conversation(HI, threads=4))})
    assert notes(reading) == ["cut short by the source"]


def test_pages_of_threads_after_each_other_keep_their_conversations_apart(tmp_path: Path) -> None:
    pages = [thread_page(HI), thread_page({**HI, "id": 30}, of=8)]
    text = "\n".join(json.dumps(page, indent=1) for page in pages)
    reading, _ = read(READER, tmp_path, {"t.json": text})
    assert reading.batch.conversations["id"].to_list() == ["7", "8"]


def test_a_webhook_for_each_event_tells_one_conversation(tmp_path: Path) -> None:
    first = conversation(HI, userUpdatedAt="2026-03-02T09:00:00Z")
    then = conversation(thread("Hello"), HI, userUpdatedAt="2026-03-02T10:00:00Z")
    reading, _ = read(READER, tmp_path, {"hooks.json": [first, then]})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert books(reading) == (2, 0, {"repeated": 1}, [])


def test_a_large_page_of_threads_is_known_by_its_beginning(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": thread_page(thread("x" * 70_000), HI)})
    assert books(reading) == (2, 0, {}, [])


def test_a_list_without_threads_is_refused(tmp_path: Path) -> None:
    listed = conversation(threads=4)
    with pytest.raises(InputError, match="without their threads"):
        read(READER, tmp_path, {"c.json": page(listed)})
