"""Intercom conversations: what becomes a turn, and what is left out and why."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_data.generator.exports import intercom, intercom_fivetran, intercom_tickets

from exports import books, notes, read, said
from tunegate.errors import InputError
from tunegate.model import Reading
from tunegate.readers.desks.intercom import READER

USER = {"type": "user", "id": "u1"}
ADMIN = {"type": "admin", "id": "9"}
OPENING = {"body": "<p>Hi</p>", "author": USER, "delivered_as": "customer_initiated"}


def part(body: str | None, author: Any = ADMIN, **fields: Any) -> dict[str, Any]:
    return {"part_type": "comment", "body": body, "author": author, **fields}


def conversation(*parts: Any, **fields: Any) -> dict[str, Any]:
    held = {"conversation_parts": list(parts), "total_count": len(parts)}
    return {
        "id": "7",
        "created_at": 1709294400,
        "source": OPENING,
        "conversation_parts": held,
        **fields,
    }


def of(tmp_path: Path, *parts: Any, **fields: Any) -> Reading:
    options = fields.pop("options", {})
    return read(
        READER, tmp_path, {"c.jsonl": json.dumps(conversation(*parts, **fields))}, **options
    )[0]


def test_the_opening_stands_before_the_parts(tmp_path: Path) -> None:
    late, early = part("<p>Bye</p>", created_at=1709294500), part("Hello", created_at=1709294450)
    found = of(tmp_path, late, part("Yes", USER, created_at=1709294460), early)
    turns = [("user", "Hi"), ("assistant", "Hello"), ("user", "Yes"), ("assistant", "Bye")]
    assert said(found) == [turns]
    assert found.batch.segments["pointer"][0] == "/source"
    assert found.batch.conversations.select("id", "group").rows() == [("7", "u1")]


def test_an_old_opening_is_read_and_not_said_twice(tmp_path: Path) -> None:
    old = {"body": "Hi", "author": USER, "subject": "<p>Sub</p>"}
    found = of(tmp_path, part("Hello"), source=None, conversation_message=old)
    assert said(found) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert found.batch.conversations["subject"].to_list() == ["Sub"]
    assert books(of(tmp_path, conversation_message=old)) == (1, 0, {"repeated": 1}, [])


PARTS: dict[str, tuple[dict[str, Any], dict[str, int]]] = {
    "a comment": (part("x"), {}),
    "a reply that closes": (part("x", part_type="close"), {}),
    "closed without a word": (part(None, part_type="close"), {"event": 1}),
    "a note": (part("x", part_type="note"), {"internal note": 1}),
    "a note that opens": (part("x", part_type="note_and_reopen"), {"internal note": 1}),
    "an assignment": (part(None, part_type="assignment"), {"event": 1}),
    "an assignment with a text": (part("x", part_type="assignment"), {"visibility unknown": 1}),
    "a type of next year": (part("x", part_type="whisper"), {"visibility unknown": 1}),
    "no type": (part("x", part_type=None), {"visibility unknown": 1}),
    "a bot": (part("x", {"type": "bot", "id": "1"}), {"automation": 1}),
    "an AI agent": (part("x", {**ADMIN, "from_ai_agent": True}), {"automation": 1}),
    "an answer of AI": (part("x", {**ADMIN, "is_ai_answer": True}), {"automation": 1}),
    "the operator": (part("x", {**ADMIN, "email": "operator+a@intercom.io"}), {"automation": 1}),
    "redacted": (part("This message was deleted", redacted=True), {"deleted or spam": 1}),
    "redacted whole": (part(None, redacted=True), {"deleted or spam": 1}),
    "a redacted note": (part("x", part_type="note", redacted=True), {"internal note": 1}),
    "a picture": (part("", attachments=[{"name": "a.png"}]), {"only an attachment": 1}),
    "nothing": (part("<p></p>"), {"empty": 1}),
}


@pytest.mark.parametrize(("one", "left"), PARTS.values(), ids=PARTS.keys())
def test_parts_are_kept_by_permission(
    one: dict[str, Any], left: dict[str, int], tmp_path: Path
) -> None:
    assert books(of(tmp_path, one)) == (1 if left else 2, 0, left, [])


OPENINGS: dict[str, tuple[dict[str, Any], list[tuple[str, str]], dict[str, int]]] = {
    "an agent began": ({"delivered_as": "admin_initiated"}, [("assistant", "Hi")], {}),
    "a campaign": ({"delivered_as": "automated"}, [], {"automation": 1}),
    "an old campaign": ({"delivered_as": "campaigns_initiated"}, [], {"automation": 1}),
    "a bot began": ({"delivered_as": "operator_initiated"}, [], {"automation": 1}),
    "a post elsewhere": ({"type": "twitter"}, [], {"redacted by the source": 1}),
    "redacted": ({"redacted": True}, [], {"deleted or spam": 1}),
    "no text": ({"body": None}, [], {"empty": 1}),
}


@pytest.mark.parametrize(("fields", "turns", "left"), OPENINGS.values(), ids=OPENINGS.keys())
def test_how_a_conversation_was_opened_counts(
    fields: dict[str, Any], turns: list[tuple[str, str]], left: dict[str, int], tmp_path: Path
) -> None:
    found = of(tmp_path, source={**OPENING, "author": ADMIN, **fields})
    assert (said(found), books(found)[2]) == ([turns], left)


def test_a_bot_is_kept_on_request_and_marked(tmp_path: Path) -> None:
    found = of(tmp_path, part("x", {"type": "bot", "id": "1"}), options={"bots": "assistant"})
    assert (said(found), notes(found)) == (
        [[("user", "Hi"), ("assistant", "x")]],
        ["written by a model"],
    )


def test_a_declared_agent_is_staff_whatever_intercom_says(tmp_path: Path) -> None:
    found = of(
        tmp_path,
        part("x", {"type": "user", "id": "u2", "email": "a@shop.example"}),
        options={"agents": ("@shop.example",)},
    )
    assert said(found) == [[("user", "Hi"), ("assistant", "x")]]


NOTED: dict[str, tuple[list[Any], dict[str, Any], list[str]]] = {
    "nothing": ([part("x")], {}, []),
    "another customer": ([part("x", {"type": "lead", "id": "u2"})], {}, ["third person"]),
    "redacted": ([part("x", redacted=True)], {}, ["cut short by the source"]),
    "a part is missing": (
        [],
        {"conversation_parts": {"conversation_parts": [], "total_count": 501}},
        ["cut short by the source"],
    ),
    "parts were not asked for": (
        [],
        {"conversation_parts": None, "statistics": {"count_conversation_parts": 3}},
        ["cut short by the source"],
    ),
}


@pytest.mark.parametrize(("parts", "fields", "expected"), NOTED.values(), ids=NOTED.keys())
def test_what_a_reviewer_must_know_is_noted(
    parts: list[Any], fields: dict[str, Any], expected: list[str], tmp_path: Path
) -> None:
    content = json.dumps(conversation(*parts, **fields)) + "\n" + json.dumps(conversation(id="8"))
    assert notes(read(READER, tmp_path, {"c.jsonl": content})[0]) == expected


UNREADABLE: dict[str, tuple[Any, str]] = {
    "no author": (part("x", None), "author is in no users table"),
    "an author of no known kind": (part("x", {"type": "x"}), "author is in no users table"),
    "an odd time": (part("x", created_at="soon"), "time is not understood"),
    "no object": ("x", "message is not an object"),
}


@pytest.mark.parametrize(("broken", "why"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_part_that_is_not_understood_is_unreadable(
    broken: object, why: str, tmp_path: Path
) -> None:
    found = of(tmp_path, broken)
    assert books(found) == (1, 0, {}, [why])
    assert found.unreadable["pointer"].to_list() == ["/conversation_parts/conversation_parts/0"]


def test_parts_that_are_no_list_lose_the_conversation_by_name(tmp_path: Path) -> None:
    files: dict[str, Any] = {"a.json": [conversation(conversation_parts=7), conversation(id="8")]}
    found, _ = read(READER, tmp_path, files)
    why = "`conversation_parts/conversation_parts` is not a list"
    assert books(found) == (1, 0, {}, [why.replace("conversation_parts/", "", 1)])


SHAPES: dict[str, dict[str, Any]] = {
    "one document": {"c.json": conversation(part("Hello"))},
    "a list": {"c.json": [conversation(part("Hello"))]},
    "a page": {
        "c.json": {
            "type": "conversation.list",
            "conversations": [conversation(part("Hello"))],
            "pages": {},
        }
    },
    "data": {"c.json": {"data": [conversation(part("Hello"))]}},
    "parts apart": {
        "c.jsonl": json.dumps({**conversation(), "conversation_parts": None}),
        "p.jsonl": json.dumps(part("Hello", conversation_id="7", id="1")),
    },
}


@pytest.mark.parametrize("files", SHAPES.values(), ids=SHAPES.keys())
def test_every_shape_gives_the_same_conversation(files: dict[str, Any], tmp_path: Path) -> None:
    assert said(read(READER, tmp_path, files)[0]) == [[("user", "Hi"), ("assistant", "Hello")]]


def test_of_two_copies_the_newest_counts(tmp_path: Path) -> None:
    files: dict[str, Any] = {
        "a.json": conversation(part("x"), updated_at=1709294400),
        "b.json": conversation(part("x"), part("y"), updated_at=1709294401),
    }
    found, _ = read(READER, tmp_path, files)
    assert said(found) == [[("user", "Hi"), ("assistant", "x\n\ny")]]
    assert books(found) == (2, 1, {"repeated": 2}, [])


def ticket(**fields: Any) -> dict[str, Any]:
    parts = [part("Help", USER), part("Done"), part("x", part_type="note")]
    return {"id": "7", "category": "Customer", "ticket_parts": {"ticket_parts": parts}, **fields}


TICKETS: dict[str, tuple[dict[str, Any], tuple[Any, ...]]] = {
    "of a customer": ({}, (2, 0, {"internal note": 1}, [])),
    "of the back office": ({"category": "Back-office"}, (0, 0, {"internal note": 3}, [])),
    "not shared": ({"is_shared": False}, (0, 0, {"internal note": 3}, [])),
    "of no known category": (
        {"category": None},
        (0, 0, {"visibility unknown": 2, "internal note": 1}, []),
    ),
    "with a description": (
        {"ticket_attributes": {"_default_description_": "CANARY"}},
        (2, 0, {"internal note": 1}, ["ticket does not say who wrote its description"]),
    ),
}


@pytest.mark.parametrize(("fields", "expected"), TICKETS.values(), ids=TICKETS.keys())
def test_tickets_are_kept_if_customers_see_them(
    fields: dict[str, Any], expected: tuple[Any, ...], tmp_path: Path
) -> None:
    found, _ = read(READER, tmp_path, {"t.json": {"tickets": [ticket(**fields)]}})
    assert books(found) == expected


def test_of_the_versions_of_a_part_the_active_one_counts(tmp_path: Path) -> None:
    head = "id,conversation_id,part_type,author_type,author_id,body,updated_at,_fivetran_active\n"
    rows = [
        "1,7,comment,user,u1,new,2024-01-01,true",
        "1,7,comment,user,u1,old,2024-01-02,false",
        "2,7,comment,admin,9,gone,2024-01-02,FALSE",
        "3,7,note,admin,9,x,2024-01-02,TRUE",
    ]
    found, _ = read(READER, tmp_path, {"conversation_part_history.csv": head + "\n".join(rows)})
    assert said(found) == [[("user", "new")]]
    assert books(found) == (1, 0, {"repeated": 1, "deleted or spam": 1, "internal note": 1}, [])


@pytest.mark.parametrize("module", [intercom, intercom_fivetran, intercom_tickets])
def test_a_plan_goes_to_another_process(module: Any, tmp_path: Path) -> None:
    _, plan = read(READER, tmp_path, module.files())
    assert pickle.loads(pickle.dumps(plan)).splits == plan.splits


REFUSED: dict[str, tuple[Any, str]] = {
    "statistics of deliveries": (
        "user_id,email,ruleset_id,content_id,content_title,receipt_id\n1,a,2,3,T,4\n",
        "statistics of deliveries",
    ),
    "conversations without parts": (
        json.dumps({"id": "7", "source": OPENING, "statistics": {}}),
        "without their parts",
    ),
}


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_an_export_without_conversations_is_refused(content: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=why) as refused:
        read(READER, tmp_path, {"e.csv" if content[0] != "{" else "e.json": content})
    assert "GET /conversations/{id}" in str(refused.value)


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, 2.5, "", "x", [], ["x"], {}, {"a": 1}]
)


@settings(max_examples=80, deadline=None)
@given(where=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 40), ODD | st.just(...))))
def test_a_damaged_export_loses_no_message_from_the_books(
    where: list[tuple[int, int, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    records = [json.loads(line) for line in intercom.files()["conversations.jsonl"].splitlines()]
    parts = [p for one in records for p in one["conversation_parts"]["conversation_parts"]]
    for n, m, value in where:
        item = (records, parts)[n % 2][n % len((records, parts)[n % 2])]
        names = [name for name in item if name not in ("conversation_parts", "source")]
        if names and value is ...:
            del item[names[m % len(names)]]
        elif names:
            item[names[m % len(names)]] = value
    content = "\n".join(json.dumps(one) for one in records)
    found, _ = read(READER, tmp_path_factory.mktemp("odd"), {"c.jsonl": content})
    used, merged, excluded, unreadable = books(found)
    lost = sum(reason.startswith(("conversation", "record")) for reason in unreadable)
    whole = used + merged + sum(excluded.values()) + len(unreadable)
    assert whole + 10 * lost >= len(parts) + len(records)
