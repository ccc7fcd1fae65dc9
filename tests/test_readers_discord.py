"""Discord: threads and channels, who is who, what is left out, and files that were cut."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from exports import Content, books, notes, read, said
from spoilt import accounted, spoilt
from tunegate.errors import InputError
from tunegate.readers.chats.discord import READER

ANA = {"id": "1", "name": "ana", "discriminator": "0000", "nickname": "Ana", "isBot": False}
MIRA = {
    "id": "9",
    "name": "mira",
    "discriminator": "4321",
    "nickname": "Mira",
    "isBot": False,
    "roles": [{"id": "77", "name": "Support"}],
}
HELPER = {"id": "5", "name": "helper", "discriminator": "0001", "isBot": True, "roles": []}


def message(text: str, n: int = 0, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"{n + 100}",
        "type": "Default",
        "timestamp": f"2026-03-{2 + n // 24:02}T{n % 24:02}:00:00.123+00:00",
        "timestampEdited": None,
        "content": text,
        "author": ANA,
        "attachments": [],
        "embeds": [],
        **fields,
    }


def channel(*messages: Any, kind: str = "GuildTextChat", **fields: Any) -> dict[str, Any]:
    return {
        "guild": {"id": "1", "name": "Shop"},
        "channel": {"id": "42", "type": kind, "name": "help"},
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2026-03-09T00:00:00+00:00",
        "messages": list(messages),
        "messageCount": len(messages),
        **fields,
    }


ASKED = (message("Hi"), message("Hello", 1, type="Reply", author=MIRA))


@pytest.mark.parametrize("agent", ["9", "mira", "Mira", "mira#4321", "Support", "77"])
def test_staff_are_declared_by_id_name_or_role(tmp_path: Path, agent: str) -> None:
    reading, _ = read(READER, tmp_path, {"c.json": channel(*ASKED)}, agents=(agent,))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert reading.batch.conversations["id"].to_list() == ["42"]


def test_nobody_declared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not say who is staff"):
        read(READER, tmp_path, {"c.json": channel(*ASKED)})


@pytest.mark.parametrize(("kind", "count"), [("GuildTextChat", 2), ("GuildPublicThread", 1)])
def test_silence_cuts_a_channel_and_no_thread(tmp_path: Path, kind: str, count: int) -> None:
    files = {"c.json": channel(*ASKED, message("Again", 30), kind=kind)}
    reading, _ = read(READER, tmp_path, files, agents=("9",))
    assert len(said(reading)) == count
    assert books(reading) == (3, 0, {}, [])


def test_a_thread_is_named_by_its_subject(tmp_path: Path) -> None:
    files = {"c.json": channel(*ASKED, kind="GuildPublicThread")}
    reading, _ = read(READER, tmp_path, files, agents=("9",))
    assert reading.batch.conversations["subject"].to_list() == ["help"]


def test_the_parts_of_a_channel_are_joined(tmp_path: Path) -> None:
    files = {"c [part 1].json": channel(ASKED[0]), "c [part 2].json": channel(ASKED[1])}
    reading, _ = read(READER, tmp_path, files, agents=("9",))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]


def test_a_long_channel_is_recognised_by_its_beginning(tmp_path: Path) -> None:
    long = channel(*(message("x" * 1000, n, id=str(n)) for n in range(100)))
    reading, _ = read(READER, tmp_path, {"c.json": long}, agents=("9",))
    assert books(reading) == (1, 99, {}, [])


def test_a_broken_part_costs_no_other(tmp_path: Path) -> None:
    files = {"1.json": channel(*ASKED), "2.json": channel(messages="x")}
    reading, _ = read(READER, tmp_path, files, agents=("9",))
    assert books(reading) == (2, 0, {}, ["`messages` is not a list"])


def test_channels_may_stand_on_lines_or_in_a_list(tmp_path: Path) -> None:
    other = channel(message("Two", 1), channel={"id": "43", "type": "GuildTextChat"})
    reading, _ = read(READER, tmp_path, {"c.json": [channel(ASKED[0]), other]}, agents=("9",))
    assert said(reading) == [[("user", "Hi")], [("user", "Two")]]


@pytest.mark.parametrize("count", [None, 3])
def test_a_file_with_fewer_messages_than_it_says_is_noted(
    tmp_path: Path, count: int | None
) -> None:
    files = {"c.json": channel(*ASKED, messageCount=count)}
    reading, _ = read(READER, tmp_path, files, agents=("9",))
    assert notes(reading) == ["cut short by the source"]


def test_a_file_that_breaks_off_is_told_as_truncated(tmp_path: Path) -> None:
    short = json.dumps(channel(*ASKED), indent=1)[:-40]
    whole = channel(message("Hi"), channel={"id": "43"})
    files: dict[str, Content] = {"a.json": short, "b.json": whole}
    _, plan = read(READER, tmp_path, files, agents=("9",))
    assert plan.truncated == (0,)
    assert plan.faults["reason"].to_list() == ["the document ends early"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"type": "ChannelPinnedMessage"}, "event"),
        ({"type": "GuildMemberJoin"}, "event"),
        ({"type": "21"}, "event"),
        ({"author": HELPER}, "automation"),
        ({"type": "20", "author": HELPER}, "automation"),
        ({"forwardedMessage": {"content": "x"}, "content": ""}, "forwarded from elsewhere"),
        ({"content": ""}, "empty"),
        ({"content": "", "attachments": [{"fileName": "a.png"}]}, "only an attachment"),
        ({"content": "", "stickers": [{"name": "wave"}]}, "only an attachment"),
        ({"id": "100"}, "repeated"),
    ],
)
def test_what_nobody_said_is_left_out(tmp_path: Path, fields: dict[str, Any], why: str) -> None:
    files = {"c.json": channel(message("Hi"), {**message("x", 1), **fields})}
    reading, _ = read(READER, tmp_path, files, agents=("9",))
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"author": None}, "message does not say who wrote it"),
        ({"author": {"id": "1", "name": "ana"}}, "message does not say who wrote it"),
        ({"author": {"isBot": False}}, "message does not say who wrote it"),
        ({"type": None}, "message has no `type`"),
        ({"timestamp": "soon"}, "time is not understood"),
        ({"content": 5}, "`content` is not text"),
    ],
)
def test_a_message_that_is_not_understood_is_unreadable(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    files = {"c.json": channel(message("Hi"), {**message("x", 1), **fields})}
    reading, _ = read(READER, tmp_path, files, agents=("9",))
    assert books(reading) == (1, 0, {}, [why])
    assert reading.unreadable["pointer"].to_list() == ["/messages/1"]


def test_a_channel_without_an_id_is_unreadable(tmp_path: Path) -> None:
    files = {"c.json": [channel(*ASKED), channel(*ASKED, channel={"name": "help"})]}
    reading, _ = read(READER, tmp_path, files, agents=("9",))
    assert books(reading) == (2, 0, {}, ["record names no conversation"])


def test_a_table_is_refused_with_what_to_export_instead(tmp_path: Path) -> None:
    table = "AuthorID,Author,Date,Content,Attachments,Reactions\n1,ana,2026-03-02,Hi,,\n"
    with pytest.raises(InputError, match="as CSV") as refused:
        read(READER, tmp_path, {"c.csv": table}, agents=("9",))
    assert "--format Json" in str(refused.value.hint)


@pytest.mark.parametrize(
    ("messages", "kept"),
    [
        ([], {"empty": 1}),
        (None, ["channel has no `messages`"]),
        ("x", ["`messages` is not a list"]),
    ],
)
def test_a_channel_without_messages_is_accounted_for(
    tmp_path: Path, messages: Any, kept: dict[str, int] | list[str]
) -> None:
    files = {"c.json": [channel(message("Hi")), channel(messages=messages, channel={"id": "43"})]}
    reading, _ = read(READER, tmp_path, files, agents=("9",))
    assert (reading.used, *books(reading)[2:]) in ((1, kept, []), (1, {}, kept))


FULL = channel(*ASKED, message("Bot", 2, author=HELPER, forwardedMessage=None, id="100"))


@given(spoilt(FULL, ("messages",)))
def test_every_message_is_accounted_for(spoiled: dict[str, Any]) -> None:
    assert accounted(READER, {"c.json": spoiled}, agents=("9",)) == len(ASKED) + 1


@given(spoilt([channel(message("Sound")), FULL], (1,)))
def test_whatever_stands_around_messages_breaks_nothing(spoiled: list[Any]) -> None:
    found = accounted(READER, {"c.json": spoiled}, agents=("9",))
    assert found is None or found >= 2
