"""Front: what becomes a turn, in which order, and what is left out and why."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from exports import Content, books, notes, read, said
from spoilt import accounted, spoilt
from tunegate.errors import InputError
from tunegate.readers.desks.front import READER

BEGIN = 1_772_442_000
ANA, SHOP = {"handle": "ana@customer.example"}, {"handle": "help@shop.example"}


def links(conversation: str) -> dict[str, Any]:
    return {"related": {"conversation": f"https://x.api.frontapp.com/conversations/{conversation}"}}


def message(text: str, after: float = 0, **fields: Any) -> dict[str, Any]:
    inbound = fields.get("is_inbound", True)
    sender, to = (ANA, SHOP) if inbound else (SHOP, ANA)
    return {
        "_links": links("cnv_1"),
        "id": f"msg_{text.casefold()}{after}",
        "type": "email",
        "is_inbound": True,
        "draft_mode": None,
        "error_type": None,
        "created_at": BEGIN + after,
        "author": None if inbound else {"id": "tea_1", "type": "user"},
        "recipients": [{**sender, "role": "from"}, {**to, "role": "to"}],
        "body": f"<p>{text}</p>",
        **fields,
    }


def reply(text: str, after: float = 1, **fields: Any) -> dict[str, Any]:
    return message(text, after, is_inbound=False, **fields)


def page(*results: Any) -> Content:
    return {"_pagination": {"next": None}, "_links": {}, "_results": list(results)}


def conversation(**fields: Any) -> dict[str, Any]:
    return {"_links": {}, "id": "cnv_1", "subject": "Parcel", "status": "archived", **fields}


def test_the_direction_tells_the_role_and_the_time_the_order(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"m.json": page(reply("Hello", 1.5), message("Hi"))})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert reading.batch.conversations["id"].to_list() == ["cnv_1"]


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (reply("x", draft_mode="shared"), "not sent"),
        (reply("x", is_draft=True), "not sent"),
        (reply("x", error_type="bounce"), "not sent"),
        (reply("x", type="internal"), "internal note"),
        (reply("x", type="carrier-pigeon"), "visibility unknown"),
        (reply("x", type=None), "visibility unknown"),
        (message("x", type="phone-call"), "event"),
        (reply("x", author={"id": "rul_1", "type": "rule"}), "automation"),
        (reply("x", author={"id": "tea_1", "type": "macro"}), "automation"),
        (reply("x", author={"id": "ai_1", "type": "ai"}), "automation"),
        (reply("x", recipients=[{"handle": "b@c.example", "role": "to"}]), "sent to somebody else"),
        (message("[REDACTED]", body="[REDACTED]", type="tweet"), "empty"),
        (message("x", recipients=[{"handle": "Postmaster@c.d", "role": "from"}]), "automation"),
        ({**message("Hi")}, "repeated"),
    ],
)
def test_what_customers_did_not_see_or_nobody_wrote_is_left_out(
    tmp_path: Path, one: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"m.json": page(message("Hi"), one)})
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (message("x", is_inbound=None), "message does not say its direction (`is_inbound`)"),
        (reply("x", author=None), "message does not say who wrote it"),
        (message("x", created_at="soon"), "time is not understood"),
        ({"id": "msg_x", "is_inbound": True}, "record names no conversation"),
    ],
)
def test_a_message_that_is_not_understood_is_unreadable(
    tmp_path: Path, broken: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"m.json": page(message("Hi"), broken)})
    assert books(reading) == (1, 0, {}, [why])


def test_comments_are_internal_wherever_they_stand(tmp_path: Path) -> None:
    note = {"_links": links("cnv_1"), "id": "com_1", "body": "Careful", "posted_at": BEGIN}
    thread = conversation(messages=[message("Hi")], comments=[{**note, "id": "com_2"}])
    reading, _ = read(READER, tmp_path, {"c.json": page(note), "t.json": [thread]})
    assert said(reading) == [[("user", "Hi")]]
    assert books(reading) == (1, 0, {"internal note": 2}, [])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": "deleted"}, "deleted or spam"),
        ({"status": "spam"}, "deleted or spam"),
        ({"type": "discussion"}, "internal note"),
        ({"is_private": True}, "internal note"),
    ],
)
def test_a_conversation_that_is_gone_or_internal_is_left_out_whole(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    files = {
        "c.json": page(conversation(**fields)),
        "m.json": page(message("Hi"), reply("Hello")),
    }
    reading, _ = read(READER, tmp_path, files)
    assert books(reading) == (0, 0, {why: 2}, [])


def people(**handles: str) -> dict[str, Any]:
    return {"recipients": [{"handle": h, "role": r.rstrip("_")} for r, h in handles.items()]}


@pytest.mark.parametrize(
    "how",
    [people(from_="bob@c.example", cc="ana@customer.example"), people(from_="b") | {"type": "sms"}],
    ids=["a copy to the customer", "in a chat"],
)
def test_somebody_else_whom_the_customer_hears_is_noted(
    tmp_path: Path, how: dict[str, Any]
) -> None:
    files = {
        "c.json": page(conversation(recipient=ANA)),
        "m.json": page(message("Hi"), message("Me too", 5, **how)),
    }
    reading, _ = read(READER, tmp_path, files)
    assert notes(reading) == ["third person"]


SUPPLIER = "parts@supplier.example"
ASKED = reply("Have you any?", 1, **people(from_="help@shop.example", to=SUPPLIER))
OFFERED = message("At cost", 2, **people(from_=SUPPLIER, to="help@shop.example"))


@pytest.mark.parametrize("fields", [{}, {"recipient": {"handle": SUPPLIER, "role": "from"}}])
@pytest.mark.parametrize(
    ("first", "turns"),
    [
        (message("Hi"), [("user", "Hi"), ("assistant", "It comes")]),
        (reply("Hello", 0), [("assistant", "Hello\n\nIt comes")]),
        (message("Hi", **people(from_="form@x.example", **{"reply-to": ANA["handle"]})), None),
    ],
    ids=["the customer began", "staff began", "a form began"],
)
def test_what_staff_and_a_supplier_write_to_each_other_is_left_out(
    tmp_path: Path, first: dict[str, Any], turns: list[Any] | None, fields: dict[str, Any]
) -> None:
    files = {
        "c.json": page(conversation(**fields)),
        "m.json": page(reply("It comes", 3), OFFERED, ASKED, first),
    }
    reading, _ = read(READER, tmp_path, files)
    assert said(reading) == [turns or [("user", "Hi"), ("assistant", "It comes")]]
    assert dict(reading.excluded) == {"sent to somebody else": 2}


def test_the_group_is_the_customer_and_not_who_wrote_last(tmp_path: Path) -> None:
    files = {
        "c.json": page(conversation(recipient={"handle": SUPPLIER, "role": "from"})),
        "m.json": page(message("Hi"), OFFERED),
    }
    reading, _ = read(READER, tmp_path, files)
    assert reading.batch.conversations["group"].to_list() == ["ana@customer.example"]


def test_a_declared_agent_who_writes_in_is_staff(tmp_path: Path) -> None:
    own = message("On it", 5, recipients=[{"handle": "mira@shop.example", "role": "from"}])
    reading, _ = read(
        READER, tmp_path, {"m.json": page(message("Hi"), own)}, agents=("@shop.example",)
    )
    assert said(reading) == [[("user", "Hi"), ("assistant", "On it")]]


def test_plain_text_stands_in_for_a_body_that_is_empty(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"m.json": page(message("x", body="") | {"text": "a < b"})})
    assert said(reading) == [[("user", "a < b")]]


@pytest.mark.parametrize("form", ["pages in one file", "lines", "a list", "a page inside"])
def test_every_way_to_store_the_pages_reads_alike(tmp_path: Path, form: str) -> None:
    both = [message("Hi"), reply("Hello")]
    forms: dict[str, dict[str, Content]] = {
        "pages in one file": {"m.json": "\n".join(map(_dumped, (page(both[0]), page(both[1]))))},
        "lines": {"m.jsonl": "\n".join(map(_dumped, both))},
        "a list": {"m.json": both},
        "a page inside": {"t.json": [conversation(messages=page(*both))]},
    }
    reading, _ = read(READER, tmp_path, forms[form])
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]


def _dumped(value: object) -> str:
    return json.dumps(value)


def test_a_message_without_links_belongs_to_the_conversation_of_its_file(tmp_path: Path) -> None:
    bare = {key: value for key, value in message("Hi").items() if key != "_links"}
    reading, _ = read(READER, tmp_path, {"cnv_7.json": page(bare)})
    assert reading.batch.conversations["id"].to_list() == ["cnv_7"]


def test_conversations_without_messages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without their messages"):
        read(READER, tmp_path, {"c.json": page(conversation(recipient=ANA))})


def test_people_and_empty_pages_hold_nothing_to_read(tmp_path: Path) -> None:
    files = {
        "a.json": page({"_links": {}, "id": "tea_1", "email": "a@b.example"}),
        "b.json": page(),
        "m.json": page(message("Hi")),
    }
    _, plan = read(READER, tmp_path, files)
    assert plan.unused == ("a.json", "b.json")


SOUND = message("Sound")
WHOLE = [SOUND, message("Hi", 1), reply("Hello", 2), reply("Draft", 3, draft_mode="shared")]


@given(spoilt(WHOLE).filter(lambda found: found[0] == SOUND))
def test_every_message_is_accounted_for(messages: list[Any]) -> None:
    assert accounted(READER, {"m.json": page(*messages)}) == len(messages)


@given(spoilt([conversation(messages=[SOUND, *WHOLE]), conversation(messages=[SOUND])], (0,)))
def test_every_message_of_a_thread_is_accounted_for(threads: list[Any]) -> None:
    # A thread without an id is one record that cannot be read, whatever was said in it.
    known = [one for one in threads if isinstance(one, dict) and isinstance(one.get("id"), str)]
    lists = [one.get("messages") for one in known if one["id"]]
    least = sum(len(inner) for inner in lists if isinstance(inner, list))
    found = accounted(READER, {"t.json": threads})
    assert found is None or found >= least


def test_a_first_conversation_larger_than_the_head_is_recognised(tmp_path: Path) -> None:
    long = conversation(messages=[message("Hi"), reply("long " * 20_000)])
    reading, _ = read(READER, tmp_path, {"t.jsonl": _dumped(long) + "\n" + _dumped(long)})
    assert reading.used == 2
