"""WhatsApp: the headers of many phones, names, dates, and what the app wrote itself."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import books, notes, read, said
from tunegate.errors import InputError
from tunegate.model import Reading
from tunegate.readers.chats.whatsapp import READER
from tunegate.readers.chats.whatsapp_bodies import content
from tunegate.readers.chats.whatsapp_lines import author, header, moment, number

TOLD = [("user", "Hi"), ("assistant", "Hello")]
AT = "[31.12.25, 09:00:00] "


def chat(folder: Path, text: str, agent: str = "Mira", day_first: bool | None = None) -> Reading:
    reading, _ = read(READER, folder, {"chat.txt": text}, agents=(agent,), day_first=day_first)
    return reading


@pytest.mark.parametrize(
    ("begin", "moment_meant"),
    [
        ("[04.01.18, 11:53:57] ", "2018-01-04 11:53:57"),
        ("\u200e[04.01.18, 11:53:57] ", "2018-01-04 11:53:57"),
        ("\ufeff[04.01.18, 11:53:57] ", "2018-01-04 11:53:57"),
        ("[8/15/23, 9:12:33 AM] ", "2023-08-15 09:12:33"),
        ("[8/15/23, 9:12:33\u202fPM] ", "2023-08-15 21:12:33"),
        ("1/23/23, 12:19 AM - ", "2023-01-23 00:19:00"),
        ("1/23/23, 12:19\u202fpm - ", "2023-01-23 12:19:00"),
        ("23/1/2023, 3:19 p. m. - ", "2023-01-23 15:19:00"),
        ("23/1/23 3:19 a.m. - ", "2023-01-23 03:19:00"),
        ("1/23/23, 3:22_AM - ", "2023-01-23 03:22:00"),
        ("09/17/19, 8:30:52 AM – ", "2019-09-17 08:30:52"),
        ("[2019-04-16 02:09] ", "2019-04-16 02:09:00"),
        ("15.04.2016, 15:04 - ", "2016-04-15 15:04:00"),
        ("2019-10-20, 10:16 - ", "2019-10-20 10:16:00"),
        ("[15-01-20 02:22:56] ", "2020-01-15 02:22:56"),
        ("[2023/5/4, 16:13:23] ", "2023-05-04 16:13:23"),
        ("[12.3.2022 klo 14.08.18] ", "2022-03-12 14:08:18"),
        ("2018. 12. 3. 오후 1:04 - ", "2018-12-03 13:04:00"),
        ("2019/4/16 下午2:09 - ", "2019-04-16 14:09:00"),
        ("٢٣/١/٢٠٢٣، ٣:١٩ م - ", "2023-01-23 15:19:00"),
    ],
)
def test_phones_of_many_countries_are_understood(begin: str, moment_meant: str) -> None:
    found = header(f"{begin}Ana: Hi")
    assert found is not None
    by_day = found.date[0] > 12 or found.date[1] <= 12
    at = datetime.fromisoformat(moment_meant).replace(tzinfo=UTC)
    assert moment(found, by_day=by_day) == round(at.timestamp()) * 1_000_000
    assert author(found.rest) == ("Ana", "Hi")


@pytest.mark.parametrize(
    "line", ["2/11/19: Arrival", "9:00 - Breakfast", "1.2.3", "[1] a note: x", "", "10/10 - good"]
)
def test_other_lines_begin_no_message(line: str) -> None:
    assert header(line) is None


@pytest.mark.parametrize(
    ("dates", "first"),
    [(("13/2/26", "3/4/26"), "2026-02-13"), (("2/13/26", "3/4/26"), "2026-02-13")],
)
def test_one_date_tells_how_all_of_a_file_are_meant(
    tmp_path: Path, dates: tuple[str, str], first: str
) -> None:
    reading = chat(tmp_path, "".join(f"{date}, 09:00 - Ana: Hi\n" for date in dates))
    created = reading.batch.conversations["created_at"].to_list()
    assert created[0].date().isoformat() == first
    assert created[1].date().isoformat() == (
        "2026-04-03" if dates[0][0:2] == "13" else "2026-03-04"
    )


def test_dates_that_may_be_either_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="may begin with the day or with the month") as refused:
        chat(tmp_path, "3/4/26, 09:00 - Ana: Hi\n")
    assert "--day-first" in str(refused.value.hint)


@pytest.mark.parametrize(("day_first", "month"), [(True, 4), (False, 3)])
def test_dates_that_may_be_either_are_as_declared(
    tmp_path: Path, day_first: bool, month: int
) -> None:
    reading = chat(tmp_path, "3/4/26, 09:00 - Ana: Hi\n", day_first=day_first)
    assert reading.batch.conversations["created_at"][0].month == month


def test_dates_that_cannot_be_mistaken_need_no_declaration(tmp_path: Path) -> None:
    assert said(chat(tmp_path, "5/5/26, 09:00 - Ana: Hi\n")) == [[("user", "Hi")]]


def test_dates_that_contradict_each_other_are_asked_for(tmp_path: Path) -> None:
    text = "13/2/26, 09:00 - Ana: Hi\n2/13/26, 09:00 - Ana: Hi\n3/4/26, 09:00 - Ana: Hi\n"
    with pytest.raises(InputError, match="contradict"):
        chat(tmp_path, text)
    assert books(chat(tmp_path, text, day_first=True))[3] == ["time is not understood"]


def test_lines_without_a_time_belong_to_the_message_above(tmp_path: Path) -> None:
    text = f"{AT}Ana: Hi\r\n\r\nWhere is it?\r\n2/11/25: Arrival\r\n{AT}Mira: Hello\r\n"
    told = [("user", "Hi\n\nWhere is it?\n2/11/25: Arrival"), ("assistant", "Hello")]
    assert said(chat(tmp_path, text)) == [told]


def test_each_message_is_found_again_where_it_stands(tmp_path: Path) -> None:
    text = f"\ufeff{AT}Ána: Hi\nthere\n{AT}Mira: Hello"
    segments = chat(tmp_path, text).batch.segments.sort("offset")
    first = len(f"\ufeff{AT}Ána: Hi\nthere\n".encode())
    length = len(text.encode())
    assert segments["offset"].to_list() == [0, first]
    assert segments["length"].to_list() == [first, length - first]
    assert segments["line"].to_list() == [1, 3]


@pytest.mark.parametrize(
    ("rest", "agent"),
    [
        ("Mira Lund: Hello", "Mira Lund"),
        ("~ Mira: Hello", "Mira"),
        ("~\u202fMira: Hello", "mira"),
        ("\u202a+49 170 1234567\u202c: Hello", "+49 170 1234567"),
        ("+49\u00a0170 1234567: Hello", "+491701234567"),
        ("Desk: Mira: Hello", "Desk: Mira"),
    ],
)
def test_staff_are_declared_by_name_or_number(tmp_path: Path, rest: str, agent: str) -> None:
    assert said(chat(tmp_path, f"{AT}Ana: Hi\n{AT}{rest}\n", agent)) == [TOLD]


def test_a_text_may_hold_colons(tmp_path: Path) -> None:
    assert said(chat(tmp_path, f"{AT}Ana: Note: a: b\n")) == [[("user", "Note: a: b")]]


def test_nobody_declared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not say who is staff"):
        read(READER, tmp_path, {"chat.txt": f"{AT}Ana: Hi\n"})


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        ("Messages to this chat are now secured.", "event"),
        ("Ana: \u200eMessages are end-to-end encrypted.", "event"),
        ("Ana: \u200eMissed voice call", "event"),
        ('Ana changed the subject from "Old: x" to "New"', "event"),
        ("Ana hat den Betreff zu „Neu: x“ geändert", "event"),
        ("Ana: This message was deleted", "deleted or spam"),
        ("Ana: \u200eYou deleted this message.", "deleted or spam"),
        ("Ana: Diese Nachricht wurde gelöscht.", "deleted or spam"),
        ("Ana: <Media omitted>", "only an attachment"),
        ("Ana: \u200eimage omitted", "only an attachment"),
        ("Ana: <Medien ausgeschlossen>", "only an attachment"),
        ("Ana: <Multimedia omitido>", "only an attachment"),
        ("Ana: <Médias omis>", "only an attachment"),
        ("Ana: <Mídia oculta>", "only an attachment"),
        ("Ana: <Media omessi>", "only an attachment"),
        ("Ana: <Без медиафайлов>", "only an attachment"),
        ("Ana: \u200e<attached: 00000012-PHOTO-2026.jpg>", "only an attachment"),
        ("Ana: IMG-20260302-WA0001.jpg (file attached)", "only an attachment"),
        ("Ana: IMG-20260302-WA0001.jpg (irgendwie angehängt)", "only an attachment"),
        ("Ana:", "empty"),
        ("Ana: Waiting for this message. This may take a while.", "event"),
        ("Ana: Auf diese Nachricht warten. Das kann eine Weile dauern.", "event"),
        ("Ana: Esperando este mensaje. Esto puede tomar tiempo.", "event"),
        ("Ana: Missed video call", "event"),
        ("Ana: Missed voice call. Tap to call back", "event"),
        ("Ana: Voice call, 5 min", "event"),
        ("Ana: Verpasster Sprachanruf", "event"),
        ("Ana: Videollamada perdida", "event"),
        ("Ana: Appel vocal manqué", "event"),
        ("Ana: null", "event"),
        ("Ana: POLL:\nWhich?\nOPTION: Blue (1 vote)", "event"),
        ("Ana: You received a view once photo. For added privacy, open it there.", "event"),
        ("Ana: You deleted this message as admin", "deleted or spam"),
        ("Ana: Du hast diese Nachricht als Admin gelöscht.", "deleted or spam"),
        ("Ana: This message was deleted by admin Mira", "deleted or spam"),
        ("Ana: <View once voice message omitted>", "only an attachment"),
        ("Ana: <Medien sind nicht dabei>", "only an attachment"),
        ("Ana: Live location shared", "only an attachment"),
        ("Ana: location: https://maps.google.com/?q=1.0,2.0", "only an attachment"),
    ],
)
def test_what_the_app_wrote_is_left_out(tmp_path: Path, rest: str, why: str) -> None:
    reading = chat(tmp_path, f"{AT}Ana: Hi\n{AT}{rest}\n")
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize(
    ("text", "plain", "files"),
    [
        ("See this \u200e<attached: 1.jpg>", "See this", ("1.jpg",)),
        ("list.pdf (file attached)\nMy caption", "My caption", ("list.pdf",)),
        ("Fixed \u200e<This message was edited>", "Fixed", ()),
        ("I wrote <b> and image omitted there", "I wrote <b> and image omitted there", ()),
    ],
)
def test_captions_and_corrections_are_kept(text: str, plain: str, files: tuple[str, ...]) -> None:
    found = content(text)
    assert (found.text, found.files) == (plain, files)


@pytest.mark.parametrize(
    "text",
    [
        "Null",
        "I missed your call",
        "Missed call. Please ring me",
        "Video call?",
        "Voice call, please",
        "Location: https://shop.example/branches",
        "Waiting for this message",
        "Auf diese Nachricht warten wir noch",
        "<3",
        "<b>bold text</b>",
    ],
)
def test_what_only_looks_like_the_app_is_kept(text: str) -> None:
    assert content(text).text == text


def test_a_day_of_silence_ends_a_conversation(tmp_path: Path) -> None:
    text = f"{AT}Ana: Hi\n{AT}Mira: Hello\n[02.01.26, 09:00:00] Ana: Again\n"
    reading = chat(tmp_path, text)
    assert said(reading) == [TOLD, [("user", "Again")]]
    assert reading.batch.conversations["group"].to_list() == ["Ana", "Ana"]


def test_each_file_is_a_chat(tmp_path: Path) -> None:
    files = {"1.txt": f"{AT}Ana: Hi\n", "2.txt": f"{AT}Ben: Hey\n"}
    reading, _ = read(READER, tmp_path, files, agents=("Mira",))
    assert said(reading) == [[("user", "Hi")], [("user", "Hey")]]


def test_others_in_a_group_are_third_persons(tmp_path: Path) -> None:
    assert notes(chat(tmp_path, f"{AT}Ana: Hi\n{AT}Ben: Me too\n")) == ["third person"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"[31.13.25, 09:00:00] Ana: x\n", "time is not understood"),
        (b"[31.12.25, 25:00:00] Ana: x\n", "time is not understood"),
        (b"[31.12.25, 9:00:00] Ana: \xff\n", "not UTF-8"),
    ],
)
def test_a_message_that_is_not_understood_is_unreadable(
    tmp_path: Path, line: bytes, why: str
) -> None:
    files = {"chat.txt": f"{AT}Ana: Hi\n".encode() + line}
    reading, _ = read(READER, tmp_path, files, agents=("Mira",))
    assert books(reading) == (1, 0, {}, [why])
    assert reading.unreadable["line"].to_list() == [2]


@pytest.mark.parametrize(
    "head",
    [b"", b"Ana: Hi\n", b"date,text\n", b'{"messages": []}', f"{AT}a line of a log".encode()],
)
def test_other_texts_are_not_recognised(head: bytes) -> None:
    assert READER.recognises(head, "x.txt") == 0


def test_a_number_is_one_however_it_is_written() -> None:
    assert {number(n) for n in ("+49 170-1234567", "+49 (170) 1234567")} == {"+491701234567"}
    assert number("Mira 2") is None


LINES = st.sampled_from(
    [
        *(
            f"{AT}{rest}"
            for rest in ("Ana: Hi", "Mira: Hello", "joined", "Ana: \u200eimage omitted")
        ),
        *(
            "",
            "  ",
            "more",
            "31.12.25: x",
            "\u2028",
            "[31.13.25, 09:00:00] Ana: x",
            "\x00",
            "\ud7ff",
        ),
    ]
)


@given(st.lists(LINES, max_size=20))
def test_every_message_is_accounted_for(drawn: list[str]) -> None:
    text = "\n".join([f"{AT}Ana: First", *drawn])
    with tempfile.TemporaryDirectory() as folder:
        used, merged, excluded, unreadable = books(chat(Path(folder), text))
    begun = sum(header(line) is not None for line in text.split("\n"))
    assert used + merged + sum(excluded.values()) + len(unreadable) == begun


def test_a_message_without_an_end_is_too_long_and_is_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tunegate.readers.chats.whatsapp.MAX_RECORD", 200)
    lines = [f"[02.03.26, 09:00:0{n}] Ana: Hello {n}" for n in range(3)]
    lines[1] += "\nand more" * 50
    text = "\n".join(lines) + "\n"
    reading, _ = read(READER, tmp_path, {"chat.txt": text}, agents=("Mira",))
    assert books(reading) == (1, 1, {}, ["longer than 64 MB"])
    assert reading.unreadable["length"].to_list() == [len(lines[1]) + 1]
