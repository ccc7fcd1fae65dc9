"""Zendesk in pieces: streams of comments, copies of tickets, audits, chats and tables."""

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_data.generator.exports import zendesk, zendesk_audits, zendesk_streams

from exports import books, notes, read, said
from tunegate.errors import InputError
from tunegate.model import Reading
from tunegate.readers.desks.zendesk import READER
from zendesk_export import AGENT, CUSTOMER, OTHER, USERS, comment, document, ticket

PEOPLE = {"users": [*USERS, {"id": OTHER, "role": "end-user"}]}
BLACK = "\u2587" * 4


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def bare(**fields: Any) -> dict[str, Any]:
    return {"id": 7, "requester_id": CUSTOMER, "submitter_id": CUSTOMER, **fields}


def of(number: int, *comments: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**one, "ticket_id": number} for one in comments]


def streams(tmp_path: Path, *comments: Any, **fields: Any) -> Reading:
    files: dict[str, Any] = {
        "t.jsonl": lines(bare(**fields)),
        "c.jsonl": lines(*comments),
        "u.json": PEOPLE,
    }
    return read(READER, tmp_path, files)[0]


def whole(tmp_path: Path, *comments: Any, **fields: Any) -> Reading:
    path: dict[str, Any] = {"e.json": {"tickets": [ticket(*comments, **fields)], **PEOPLE}}
    return read(READER, tmp_path, path)[0]


def test_comments_find_their_ticket_in_another_file(tmp_path: Path) -> None:
    found = streams(
        tmp_path,
        *of(
            7,
            comment(AGENT, "Hello", created_at="2024-03-02"),
            comment(CUSTOMER, "Hi", created_at="2024-03-01"),
        ),
        subject="S",
    )
    assert said(found) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert found.batch.conversations.select("id", "group", "subject").rows() == [("7", "11", "S")]


def test_one_file_of_whole_tickets_is_not_gathered(tmp_path: Path) -> None:
    _, plan = read(READER, tmp_path, {"e.json": document(ticket(comment(CUSTOMER, "Hi")))})
    assert not plan.scattered


def test_comments_without_their_ticket_are_still_a_conversation(tmp_path: Path) -> None:
    files: dict[str, Any] = {"c.jsonl": lines(*of(7, comment(CUSTOMER, "Hi"))), "u.json": PEOPLE}
    found, _ = read(READER, tmp_path, files)
    assert said(found) == [[("user", "Hi")]]
    assert found.batch.conversations.select("id", "group").rows() == [("7", None)]


@pytest.mark.parametrize("name", ["tickets/{}/comments.json", "ticket_{}.json", "{}-comments.json"])
def test_the_address_of_comments_may_name_their_ticket(name: str, tmp_path: Path) -> None:
    page = {"comments": [comment(CUSTOMER, "Hi")], "users": USERS, "next_page": None}
    found, _ = read(READER, tmp_path, {name.format(7): page, name.format(8): page})
    assert sorted(found.batch.conversations["id"]) == ["7", "8"]


def test_comments_that_name_no_ticket_are_unreadable(tmp_path: Path) -> None:
    page = {"comments": [comment(CUSTOMER, "Hi")], "users": USERS}
    found, _ = read(READER, tmp_path, {"export_2024.json": page})
    assert books(found) == (0, 0, {}, ["record names no conversation"])


def test_several_pages_in_one_file_are_all_read(tmp_path: Path) -> None:
    pages = [{"tickets": [ticket(comment(CUSTOMER, "Hi"), id=n)], **PEOPLE} for n in (1, 2, 3)]
    content = "\n".join(json.dumps(page, indent=1) for page in pages)
    found, _ = read(READER, tmp_path, {"e.json": content})
    assert found.batch.conversations["id"].to_list() == ["1", "2", "3"]


def test_the_empty_last_page_of_an_export_holds_nothing(tmp_path: Path) -> None:
    last = {"tickets": [], "count": 0, "end_of_stream": True}
    files: dict[str, Any] = {"1.json": document(ticket(comment(CUSTOMER, "Hi"))), "2.json": last}
    found, plan = read(READER, tmp_path, files)
    assert (books(found), plan.unused) == ((1, 0, {}, []), ("2.json",))


def test_of_two_copies_of_a_ticket_the_newest_counts(tmp_path: Path) -> None:
    said_once, later = comment(CUSTOMER, "Hi", id=1), comment(AGENT, "Hello", id=2)
    old = ticket(said_once, updated_at="2024-01-31T00:00:00Z", subject="Old")
    new = ticket(said_once, later, updated_at="2024-02-02T00:00:00Z", subject="New")
    files: dict[str, Any] = {"a.jsonl": lines(new), "b.jsonl": lines(old), "u.json": PEOPLE}
    found, _ = read(READER, tmp_path, files)
    assert said(found) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert books(found) == (2, 0, {"repeated": 1}, [])
    assert found.batch.conversations["subject"].to_list() == ["New"]


def test_a_comment_that_comes_twice_counts_once(tmp_path: Path) -> None:
    twice = of(7, comment(CUSTOMER, "Hi", id=1))[0]
    assert books(streams(tmp_path, twice, twice)) == (1, 0, {"repeated": 1}, [])


@pytest.mark.parametrize("order", [(True, False), (False, True)], ids=str)
def test_a_comment_that_any_copy_calls_private_is_private(
    order: tuple[bool, bool], tmp_path: Path
) -> None:
    copies = [of(7, comment(AGENT, "CANARY", id=1, public=public))[0] for public in order]
    assert books(streams(tmp_path, *copies)) == (0, 0, {"repeated": 1, "internal note": 1}, [])


@pytest.mark.parametrize(
    "fields", [{"status": "deleted"}, {"tags": ["closed_by_merge"]}], ids=["deleted", "merged"]
)
def test_a_deleted_or_merged_ticket_is_left_out_whole(
    fields: dict[str, Any], tmp_path: Path
) -> None:
    found = whole(tmp_path, comment(CUSTOMER, "Hi"), comment(AGENT, "x", public=False), **fields)
    assert books(found) == (0, 0, {"deleted or spam": 2}, [])


def test_a_description_without_comments_is_not_known_to_be_public(tmp_path: Path) -> None:
    other = of(8, comment(CUSTOMER, "Hi"))
    found = streams(tmp_path, *other, description="CANARY")
    assert books(found) == (1, 0, {"visibility unknown": 1}, [])


def test_the_description_is_the_first_comment_and_not_said_twice(tmp_path: Path) -> None:
    found = streams(tmp_path, *of(7, comment(CUSTOMER, "Hi")), description="Hi")
    assert said(found) == [[("user", "Hi")]]


def test_a_suspended_ticket_is_left_out(tmp_path: Path) -> None:
    spam = {"id": 1, "cause": "Detected as spam", "recipient": "a@b.example", "content": "CANARY"}
    files: dict[str, Any] = {
        "e.json": document(ticket(comment(CUSTOMER, "Hi"))),
        "s.json": {"suspended_tickets": [spam]},
    }
    found, _ = read(READER, tmp_path, files)
    assert books(found) == (1, 0, {"deleted or spam": 1}, [])


NOTES: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "somebody in copy": (comment(OTHER, "Hi"), {}, ["third person"]),
    "the requester": (comment(CUSTOMER, "Hi"), {}, []),
    "redacted": (comment(AGENT, f"Card {BLACK}"), {}, ["redacted by the source"]),
    "comments missing": (
        comment(CUSTOMER, "Hi"),
        {"comment_count": 2},
        ["cut short by the source"],
    ),
}


@pytest.mark.parametrize(("one", "fields", "expected"), NOTES.values(), ids=NOTES.keys())
def test_what_a_reviewer_must_know_is_noted(
    one: dict[str, Any], fields: dict[str, Any], expected: list[str], tmp_path: Path
) -> None:
    assert notes(whole(tmp_path, one, **fields)) == expected


@pytest.mark.parametrize(
    "fields",
    [{"via": {"channel": "rule"}}, {"via": {"channel": "system"}}, {"type": "VoiceComment"}],
)
def test_what_a_machine_wrote_in_the_name_of_a_person_is_automation(
    fields: dict[str, Any], tmp_path: Path
) -> None:
    found = whole(tmp_path, comment(AGENT, "CANARY", **fields))
    assert books(found) == (0, 0, {"automation": 1}, [])


def audit(*events: Any, **fields: Any) -> dict[str, Any]:
    return {
        "id": 5,
        "ticket_id": 7,
        "author_id": CUSTOMER,
        "created_at": "2024-03-01T12:00:00Z",
        "events": list(events),
        **fields,
    }


def audited(tmp_path: Path, *audits: Any) -> Reading:
    return read(READER, tmp_path, {"a.json": {"audits": list(audits), **PEOPLE}})[0]


def test_an_audit_gives_its_author_and_time_to_its_comments(tmp_path: Path) -> None:
    late = audit({"type": "Comment", "public": True, "body": "Bye"}, created_at="2024-03-02")
    early = audit({"type": "Comment", "public": True, "body": "Hi", "author_id": AGENT})
    assert said(audited(tmp_path, late, early)) == [[("assistant", "Hi"), ("user", "Bye")]]


def test_events_that_say_nothing_to_the_customer_are_counted(tmp_path: Path) -> None:
    found = audited(
        tmp_path,
        audit(
            {"type": "Create", "field_name": "subject", "value": "S"},
            {"type": "Notification", "body": "CANARY"},
            {"type": "Comment", "public": False, "body": "CANARY"},
            {"type": "Comment", "body": "CANARY"},
            "x",
        ),
    )
    left = {"event": 1, "automation": 1, "internal note": 1, "visibility unknown": 1}
    assert books(found) == (0, 0, left, ["message is not an object"])
    assert found.batch.conversations["subject"].to_list() == ["S"]


def test_a_comment_that_was_made_private_later_is_left_out(tmp_path: Path) -> None:
    hidden = {"type": "CommentPrivacyChange", "comment_id": 1, "public": False}
    shown = {"type": "Comment", "id": 1, "public": True, "body": "CANARY"}
    found = audited(tmp_path, audit(shown), audit(hidden, created_at="2024-03-02"))
    assert books(found) == (0, 0, {"event": 1, "internal note": 1}, [])


def test_a_chat_is_read_from_the_event_that_it_began_with(tmp_path: Path) -> None:
    history: list[Any] = [
        {"type": "ChatJoin", "actor_type": "agent", "actor_id": "agent:22"},
        {"type": "ChatMessage", "actor_type": "end-user", "actor_id": 11, "message": "Hi"},
        {"type": "ChatMessage", "actor_type": "agent", "actor_id": "agent:22", "message": "Hello"},
        {"type": "ChatMessage", "actor_type": "trigger", "actor_id": "__trigger", "message": "x"},
        {"type": "ChatMessage", "actor_id": 404, "message": "x"},
        {"type": "ChatFileAttachment", "actor_type": "end-user", "actor_id": 11},
    ]
    found = audited(tmp_path, audit({"type": "ChatStartedEvent", "value": {"history": history}}))
    assert said(found) == [[("user", "Hi"), ("assistant", "Hello")]]
    left = {"event": 1, "automation": 1, "only an attachment": 1}
    assert books(found) == (2, 0, left, ["author is in no users table"])


def test_ticket_events_with_comments_are_read(tmp_path: Path) -> None:
    event = {
        "ticket_id": 7,
        "timestamp": 1709294400,
        "updater_id": CUSTOMER,
        "event_type": "Audit",
        "child_events": [
            {"event_type": "Comment", "type": "Comment", "public": True, "body": "Hi"},
            {"event_type": "Change", "status": "open"},
        ],
    }
    found, _ = read(READER, tmp_path, {"e.json": {"ticket_events": [event]}, "u.json": PEOPLE})
    assert (said(found), books(found)) == ([[("user", "Hi")]], (1, 0, {"event": 1}, []))


FLAGS = {
    "TRUE": {},
    "true": {},
    "1": {},
    "t": {},
    "FALSE": {"internal note": 1},
    "0": {"internal note": 1},
    "": {"visibility unknown": 1},
    "yes": {"visibility unknown": 1},
}


@pytest.mark.parametrize(("flag", "left"), FLAGS.items(), ids=FLAGS.keys())
def test_flags_of_tables_are_words(flag: str, left: dict[str, int], tmp_path: Path) -> None:
    table = f"id,body,created,public,ticket_id,user_id\n1,Hi,2024-03-01 12:00:00,{flag},7,11\n"
    found, _ = read(READER, tmp_path, {"ticket_comment.csv": table, "u.json": PEOPLE})
    assert books(found) == (int(not left), 0, left, [])


def test_chats_of_tables_are_conversations_of_their_own(tmp_path: Path) -> None:
    events = [
        "2,2024-03-01 12:01:00,agent:22,2,Hello,ChatMessage,",
        "2,2024-03-01 12:00:00,11,1,Hi,ChatMessage,",
        "2,2024-03-01 12:02:00,agent:22,3,Bot,ChatMessage,zd:answerBot",
        "2,2024-03-01 12:03:00,agent:,4,x,ChatMessage,",
        "2,2024-03-01 12:03:00,__system,4,x,ChatMessage,",
    ]
    head = "chat_id,created_at,actor_id,chat_index,message,type,original_message"
    files: dict[str, Any] = {
        "ticket_chat.csv": "chat_id,ticket_id,user_id,visitor_id\n2,7,11,x\n",
        "ticket_chat_event.csv": "\n".join([head, *events]) + "\n",
    }
    found, _ = read(READER, tmp_path, files)
    assert said(found) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert books(found) == (2, 0, {"automation": 2}, ["author is in no users table"])
    assert found.batch.conversations["group"].to_list() == ["11"]


@pytest.mark.parametrize("module", [zendesk, zendesk_audits, zendesk_streams])
def test_a_plan_goes_to_another_process(module: Any, tmp_path: Path) -> None:
    _, plan = read(READER, tmp_path, module.files())
    assert pickle.loads(pickle.dumps(plan)).splits == plan.splits


REFUSED: dict[str, Any] = {
    "tickets of the API": {"t.json": {"tickets": [bare()], **PEOPLE}},
    "tickets of a table": {"t.csv": "id,requester_id,subject,submitter_id\n7,11,S,11\n"},
    "the list of a view": {"t.csv": "Id,Requester,Requester id,Subject,Status\n7,A,11,S,Open\n"},
}


@pytest.mark.parametrize("files", REFUSED.values(), ids=REFUSED.keys())
def test_tickets_without_comments_are_refused_with_what_to_export(
    files: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="without what was said in them") as refused:
        read(READER, tmp_path, files)
    assert "comments" in str(refused.value)


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, 2.5, "", "x", [], ["x"], {}, {"a": 1}]
)


@settings(max_examples=80, deadline=None)
@given(
    where=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), ODD | st.just(...))),
    audits=st.booleans(),
)
def test_a_damaged_export_loses_no_message_from_the_books(
    where: list[tuple[int, int, Any]], audits: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    module: Any = zendesk_audits if audits else zendesk
    files: dict[str, Any] = {name: json.loads(raw) for name, raw in module.files().items()}
    inner = "events" if audits else "comments"
    outer = "audits" if audits else "tickets"
    records = [one for page in files.values() for one in page[outer]]
    items = [item for record in records for item in record[inner]]
    for n, m, value in copy.deepcopy(where):
        item = (items if n % 2 else records)[n % len(items if n % 2 else records)]
        names = [name for name in item if name not in (inner, "value")]
        if names and value is ...:
            del item[names[m % len(names)]]
        elif names:
            item[names[m % len(names)]] = value
    try:
        found, _ = read(READER, tmp_path_factory.mktemp("odd"), files)
    except InputError:
        return
    used, merged, excluded, unreadable = books(found)
    # A ticket that cannot be read is one record, whatever was said in it.
    lost = sum(reason.startswith(("ticket", "record")) for reason in unreadable)
    whole = used + merged + sum(excluded.values()) + len(unreadable)
    assert whole + 10 * lost >= len(items)
