"""Microsoft Teams: channels and chats, replies, who is who, and what is left out."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from exports import books, notes, read, said
from spoilt import accounted, spoilt
from tunegate.errors import InputError
from tunegate.readers.chats.teams import READER

CHANNEL = {"teamId": "t1", "channelId": "c1"}


def person(identifier: str, name: str) -> dict[str, Any]:
    return {"application": None, "user": {"id": identifier, "displayName": name}}


MIRA = person("id-9", "Mira")
BOT = {"application": {"id": "id-5", "displayName": "Helper"}, "user": None}


def message(text: str, n: int = 0, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"{n + 100}",
        "replyToId": None,
        "messageType": "message",
        "createdDateTime": f"2026-03-{2 + n // 24:02}T{n % 24:02}:00:00.5Z",
        "lastModifiedDateTime": f"2026-03-{2 + n // 24:02}T{n % 24:02}:00:00.5Z",
        "deletedDateTime": None,
        "chatId": None,
        "channelIdentity": CHANNEL,
        "policyViolation": None,
        "from": person("id-1", "Ana"),
        "body": {"contentType": "html", "content": f"<p>{text}</p>"},
        "attachments": [],
        **fields,
    }


def page(*messages: Any) -> dict[str, Any]:
    return {"@odata.context": "x", "@odata.count": len(messages), "value": list(messages)}


HELLO = message("Hello", 1, replyToId="100", **{"from": MIRA})
TOLD = [("user", "Hi"), ("assistant", "Hello")]


@pytest.mark.parametrize("agent", ["id-9", "Mira"])
def test_staff_are_declared_by_id_or_name(tmp_path: Path, agent: str) -> None:
    reading, _ = read(READER, tmp_path, {"p.json": page(HELLO, message("Hi"))}, agents=(agent,))
    assert said(reading) == [TOLD]
    assert reading.batch.conversations["id"].to_list() == ["c1/100"]


def test_replies_may_lie_in_another_page(tmp_path: Path) -> None:
    files = {"1.json": page(message("Hi", 0, subject="Parcel")), "2.json": page(HELLO)}
    reading, _ = read(READER, tmp_path, files, agents=("Mira",))
    assert said(reading) == [TOLD]
    assert reading.batch.conversations["subject"].to_list() == ["Parcel"]


def test_replies_may_lie_inside_of_what_they_answer(tmp_path: Path) -> None:
    files = {"p.json": page(message("Hi", 0, replies=[HELLO]))}
    reading, _ = read(READER, tmp_path, files, agents=("Mira",))
    assert said(reading) == [TOLD]
    assert reading.batch.segments["pointer"].to_list() == [None, "/replies/0"]


def test_a_reply_that_was_read_twice_counts_once(tmp_path: Path) -> None:
    files = {"p.json": page(message("Hi", 0, replies=[HELLO]), HELLO)}
    reading, _ = read(READER, tmp_path, files, agents=("Mira",))
    assert books(reading) == (2, 0, {"repeated": 1}, [])


def test_replies_that_were_not_fetched_are_noted(tmp_path: Path) -> None:
    short = message("Hi", 0, replies=[HELLO], **{"replies@odata.nextLink": "x"})
    reading, _ = read(READER, tmp_path, {"p.json": page(short)}, agents=("Mira",))
    assert notes(reading) == ["cut short by the source"]


def test_a_chat_is_cut_by_silence(tmp_path: Path) -> None:
    where = {"chatId": "19:x", "channelIdentity": None}
    found = [message("Hi", 0), message("Hello", 1, **{"from": MIRA}), message("Again", 30)]
    files = {"p.json": page(*({**one, **where} for one in found[::-1]))}
    reading, _ = read(READER, tmp_path, files, agents=("Mira",))
    assert sorted(said(reading)) == sorted([TOLD, [("user", "Again")]])


@pytest.mark.parametrize(
    ("content", "plain"),
    [
        ('<p><at id="0">Mira Lund</at> hello</p>', "@Mira Lund hello"),
        ('<p>See</p><attachment id="1"></attachment>', "See"),
        ("5 &lt; 6<br>yes", "5 < 6\nyes"),
        ('<p>Done <emoji id="1" alt="😄" title="Grinning"></emoji></p>', "Done 😄"),
        ('Done <img alt="😄" itemtype="http://schema.skype.com/Emoji" src="x">', "Done 😄"),
        ('Done <img alt="a picture" src="x">', "Done"),
        ("It is <emoji alt='5 &lt; 6'></emoji>", "It is 5 < 6"),
    ],
)
def test_html_becomes_what_people_see(tmp_path: Path, content: str, plain: str) -> None:
    body = {"contentType": "html", "content": content}
    reading, _ = read(READER, tmp_path, {"p.json": page(message("", body=body))}, agents=("x",))
    assert said(reading) == [[("user", plain)]]


REPLY = '<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="1">{}</blockquote>'


@pytest.mark.parametrize(
    ("content", "plain"),
    [
        (
            f"{REPLY.format('<strong>Ana</strong><p>Where?</p>')}<p>Use the link.</p>",
            "Use the link.",
        ),
        (f"{REPLY.format('<blockquote>a</blockquote>b')}<p>See</p>", "See"),
        (f"<p>One</p>{REPLY.format('a')}<p>Two</p>{REPLY.format('b')}", "One\n\nTwo"),
        ("<blockquote>Rule 1</blockquote><p>holds</p>", "Rule 1\n\nholds"),
    ],
)
def test_what_a_message_quotes_is_no_part_of_it(tmp_path: Path, content: str, plain: str) -> None:
    body = {"contentType": "html", "content": content}
    reading, _ = read(READER, tmp_path, {"p.json": page(message("", body=body))}, agents=("x",))
    assert said(reading) == [[("user", plain)]]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (REPLY.format("Where?"), "only quoted text"),
        (REPLY.format("Where?").removesuffix("</blockquote>"), "only quoted text"),
        (REPLY.replace("Reply", "Forward").format("News"), "forwarded from elsewhere"),
    ],
)
def test_a_message_that_only_quotes_is_left_out(tmp_path: Path, content: str, why: str) -> None:
    body = {"contentType": "html", "content": content}
    files = {"p.json": page(message("Hi"), {**HELLO, "body": body})}
    reading, _ = read(READER, tmp_path, files, agents=("Mira",))
    assert books(reading) == (1, 0, {why: 1}, [])


def test_plain_text_stays_as_it_is(tmp_path: Path) -> None:
    body = {"contentType": "text", "content": "5 < 6 <at>"}
    reading, _ = read(READER, tmp_path, {"p.json": page(message("", body=body))}, agents=("x",))
    assert said(reading) == [[("user", "5 < 6 <at>")]]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"deletedDateTime": "2026-03-02T09:00:00Z"}, "deleted or spam"),
        ({"messageType": "systemEventMessage", "from": None}, "event"),
        ({"messageType": None}, "visibility unknown"),
        ({"policyViolation": {"dlpAction": "blockAccess"}}, "held back by a policy"),
        ({"from": BOT}, "automation"),
        ({"body": {"contentType": "html", "content": "<attachment id='1'></attachment>"}}, "empty"),
        (
            {"body": {"contentType": "html", "content": ""}, "attachments": [{"name": "a.png"}]},
            "only an attachment",
        ),
    ],
)
def test_what_nobody_said_is_left_out(tmp_path: Path, fields: dict[str, Any], why: str) -> None:
    files = {"p.json": page(message("Hi"), {**HELLO, **fields})}
    reading, _ = read(READER, tmp_path, files, agents=("Mira",))
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"from": None}, "message does not say who wrote it"),
        ({"from": {"user": {"id": None}}}, "message does not say who wrote it"),
        ({"createdDateTime": "soon"}, "time is not understood"),
        ({"body": {"contentType": "html", "content": 5}}, "`body` is not text"),
        ({"body": {"contentType": "adaptive", "content": "x"}}, "`body` is not text"),
        ({"channelIdentity": None}, "record names no conversation"),
    ],
)
def test_a_message_that_is_not_understood_is_unreadable(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    files = {"p.json": page(message("Hi"), {**HELLO, **fields})}
    reading, _ = read(READER, tmp_path, files, agents=("Mira",))
    assert books(reading) == (1, 0, {}, [why])


def test_broken_replies_cost_no_message(tmp_path: Path) -> None:
    files = {"p.json": page(message("Hi", 0, replies="x"))}
    reading, _ = read(READER, tmp_path, files, agents=("Mira",))
    assert books(reading) == (1, 0, {}, ["`replies` is not a list"])


def test_nobody_declared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not say who is staff"):
        read(READER, tmp_path, {"p.json": page(message("Hi"))})


FULL = page(message("Sound"), message("Hi", 0, replies=[HELLO, message("Bye", 2)]), HELLO)


@given(spoilt(FULL, ("value", 1, "replies")))
def test_every_reply_is_accounted_for(spoiled: dict[str, Any]) -> None:
    assert accounted(READER, {"p.json": spoiled}, agents=("Mira",)) == 5


@given(spoilt(page(message("Sound"), message("Hi"), HELLO), ("value",)))
def test_every_message_is_accounted_for(spoiled: dict[str, Any]) -> None:
    found = accounted(READER, {"p.json": spoiled}, agents=("Mira",))
    assert found is None or found >= 3
