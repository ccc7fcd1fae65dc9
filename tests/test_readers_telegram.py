"""Telegram: one chat or all of an account, who is who, what is left out, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from exports import books, read, said
from spoilt import accounted, spoilt
from tunegate.errors import InputError
from tunegate.readers.chats.telegram import READER

BEGIN = 1772442000  # 2026-03-02 09:00
HOUR = 3600


def message(text: Any, n: int = 0, who: str = "user1", **fields: Any) -> dict[str, Any]:
    return {
        "id": n + 1,
        "type": "message",
        "date": "2026-03-02T10:00:00",
        "date_unixtime": str(BEGIN + n * HOUR),
        "from": {"user1": "Ana", "user9": "Mira"}.get(who, "Somebody"),
        "from_id": who,
        "text": text,
        **fields,
    }


def chat(*messages: Any, **fields: Any) -> dict[str, Any]:
    whole = {"name": "Ana", "type": "personal_chat", "id": 1, "messages": list(messages)}
    return {**whole, **fields}


ASKED = (message("Hi"), message("Hello", 1, "user9"))
TOLD = [("user", "Hi"), ("assistant", "Hello")]


@pytest.mark.parametrize("agent", ["user9", "9", "Mira"])
def test_staff_are_declared_by_id_or_name(tmp_path: Path, agent: str) -> None:
    reading, _ = read(READER, tmp_path, {"result.json": chat(*ASKED)}, agents=(agent,))
    assert said(reading) == [TOLD]


def test_ids_of_old_exports_are_numbers(tmp_path: Path) -> None:
    old = [message("Hi", from_id=1), message("Hello", 1, from_id=9)]
    reading, _ = read(READER, tmp_path, {"result.json": chat(*old)}, agents=("user9",))
    assert said(reading) == [TOLD]


def test_an_account_holds_many_chats(tmp_path: Path) -> None:
    account = {
        "personal_information": {"user_id": 9},
        "contacts": {"list": [{"first_name": "Ana"}]},
        "chats": {"list": [chat(*ASKED), chat(message("Two"), id=2)]},
        "left_chats": {"list": [chat(message("Three"), id=3)]},
    }
    reading, _ = read(READER, tmp_path, {"result.json": account}, agents=("user9",))
    assert said(reading) == [TOLD, [("user", "Two")], [("user", "Three")]]
    assert reading.batch.conversations["id"].to_list() == ["1", "2", "3"]


def test_a_long_chat_is_recognised_by_its_beginning(tmp_path: Path) -> None:
    long = chat(*(message("x" * 1000, n, f"user{n % 2}") for n in range(100)))
    reading, _ = read(READER, tmp_path, {"result.json": long}, agents=("user0",))
    assert books(reading) == (100, 0, {}, [])


def test_silence_cuts_a_chat(tmp_path: Path) -> None:
    files = {"result.json": chat(*ASKED, message("Again", 40))}
    reading, _ = read(READER, tmp_path, files, agents=("user9",))
    assert said(reading) == [TOLD, [("user", "Again")]]
    assert reading.batch.conversations["id"].to_list() == ["1", "1#2"]
    assert reading.batch.conversations["group"].to_list() == ["user1", "user1"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (["See ", {"type": "text_link", "text": "this", "href": "x"}, "."], "See this."),
        ([{"type": "bold", "text": "Now"}, " or later"], "Now or later"),
    ],
)
def test_a_text_may_come_in_pieces(tmp_path: Path, text: list[Any], plain: str) -> None:
    reading, _ = read(READER, tmp_path, {"r.json": chat(message(text))}, agents=("user9",))
    assert said(reading) == [[("user", plain)]]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"type": "service", "action": "phone_call"}, "event"),
        ({"type": "unsupported"}, "event"),
        ({"forwarded_from": "News"}, "forwarded from elsewhere"),
        ({"forwarded_from": None, "forwarded_from_id": "user3"}, "forwarded from elsewhere"),
        ({"via_bot": "@gif"}, "automation"),
        ({"text": ""}, "empty"),
        ({"text": "", "photo": "photos/1.jpg"}, "only an attachment"),
        ({"text": "", "media_type": "voice_message"}, "only an attachment"),
        ({"text": "", "poll": {"question": "?"}}, "only an attachment"),
        ({"id": 1}, "repeated"),
    ],
)
def test_what_nobody_said_is_left_out(tmp_path: Path, fields: dict[str, Any], why: str) -> None:
    files = {"r.json": chat(message("Hi"), {**message("x", 1), **fields})}
    reading, _ = read(READER, tmp_path, files, agents=("user9",))
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("saved_messages", "internal note"),
        ("public_channel", "broadcast"),
        ("private_channel", "broadcast"),
        ("verification_codes", "automation"),
    ],
)
def test_chats_in_which_nobody_talks_with_a_customer_are_left_out(
    tmp_path: Path, kind: str, why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"r.json": chat(*ASKED, type=kind)}, agents=("user9",))
    assert books(reading) == (0, 0, {why: 2}, [])


def test_what_staff_sent_through_a_bot_is_a_machines(tmp_path: Path) -> None:
    files = {"r.json": chat(message("Hi"), message("x", 1, "user9", via_bot="@gif"))}
    reading, _ = read(READER, tmp_path, files, agents=("user9",))
    assert books(reading) == (1, 0, {"automation": 1}, [])


def test_a_bot_that_was_declared_is_staff(tmp_path: Path) -> None:
    files = {"r.json": chat(message("Hi"), message("Hello", 1, "user9", via_bot="@desk"))}
    reading, _ = read(READER, tmp_path, files, agents=("desk",))
    assert said(reading) == [TOLD]


def test_in_a_chat_with_a_bot_it_is_the_one_with_the_id_of_the_chat(tmp_path: Path) -> None:
    files = {"r.json": chat(message("Hi"), message("Hello", 1, "user5"), type="bot_chat", id=5)}
    reading, _ = read(READER, tmp_path, files, agents=("user9",))
    assert books(reading) == (1, 0, {"automation": 1}, [])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"from": None, "from_id": None}, "message does not say who wrote it"),
        ({"from_id": "channel77"}, "a channel or group wrote it, and is not declared staff"),
        ({"type": None}, "message has no `type`"),
        ({"date_unixtime": "soon"}, "time is not understood"),
        ({"text": 5}, "`text` is not text"),
        ({"text": [5]}, "`text` is not text"),
    ],
)
def test_a_message_that_is_not_understood_is_unreadable(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    files = {"r.json": chat(message("Hi"), {**message("x", 1), **fields})}
    reading, _ = read(READER, tmp_path, files, agents=("user9",))
    assert books(reading) == (1, 0, {}, [why])
    assert reading.unreadable["pointer"].to_list() == ["/messages/1"]


def test_whoever_deleted_the_account_is_known_by_id(tmp_path: Path) -> None:
    gone = {**message("Hi"), "from": None}
    reading, _ = read(READER, tmp_path, {"r.json": chat(gone)}, agents=("user9",))
    assert said(reading) == [[("user", "Hi")]]


def test_nobody_declared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not say who is staff"):
        read(READER, tmp_path, {"r.json": chat(*ASKED)})


def test_pages_of_html_are_refused_with_what_to_export_instead(tmp_path: Path) -> None:
    page = (
        '<!DOCTYPE html><body><div class="page_wrap"><div class="history">'
        '<div class="message default clearfix" id="message1"></div></div></div></body>'
    )
    with pytest.raises(InputError, match="in HTML") as refused:
        read(READER, tmp_path, {"messages.html": page}, agents=("user9",))
    assert "result.json" in str(refused.value.hint)


def test_an_account_without_chats_in_sight_is_refused(tmp_path: Path) -> None:
    account = {"personal_information": {"user_id": 9}, "contacts": {"list": [{"date": "x"}]}}
    with pytest.raises(InputError, match="account without chats"):
        read(READER, tmp_path, {"result.json": account}, agents=("user9",))


@pytest.mark.parametrize(
    ("messages", "kept"),
    [([], {"empty": 1}), (None, ["chat has no `messages`"]), ("x", ["`messages` is not a list"])],
)
def test_a_chat_without_messages_is_accounted_for(
    tmp_path: Path, messages: Any, kept: dict[str, int] | list[str]
) -> None:
    files = {"r.json": [chat(message("Hi")), chat(messages=messages, id=2)]}
    reading, _ = read(READER, tmp_path, files, agents=("user9",))
    assert (reading.used, *books(reading)[2:]) in ((1, kept, []), (1, {}, kept))


FULL = chat(*ASKED, message(["a", {"type": "bold", "text": "b"}], 2, file_name="x", photo="y"))


@given(spoilt(FULL, ("messages",)))
def test_every_message_is_accounted_for(spoiled: dict[str, Any]) -> None:
    assert accounted(READER, {"r.json": spoiled}, agents=("user9",)) == len(ASKED) + 1


@given(spoilt([chat(message("Sound")), FULL], (1,)))
def test_whatever_stands_around_messages_breaks_nothing(spoiled: list[Any]) -> None:
    found = accounted(READER, {"r.json": spoiled}, agents=("user9",))
    assert found is None or found >= 1
