"""Zendesk tickets as scripts fetch them, one a file, and chats that stand in one comment."""

from pathlib import Path
from typing import Any

import pytest

from exports import books, notes, read, said
from tunegate.errors import InputError
from tunegate.readers.desks.zendesk import READER
from tunegate.readers.desks.zendesk_transcripts import transcript
from zendesk_export import AGENT, CUSTOMER, comment

PEOPLE: dict[str, Any] = {
    "users": [
        {"id": CUSTOMER, "role": "end-user", "name": "Ana"},
        {"id": AGENT, "role": "agent", "name": "Mira Lopez", "alias": "Mira"},
    ]
}
SAID = [comment(CUSTOMER, "Hi", id=1), comment(AGENT, "Hello", id=2)]
BARE: dict[str, Any] = {"id": 7, "requester_id": CUSTOMER, "brand_id": 1, "status": "closed"}
TURNS = [[("user", "Hi"), ("assistant", "Hello")]]

CHAT = (
    "Chat started on 2025-03-01 10:00 AM (UTC)\n\n(10:00:01) Ana: my lamp is dark\n"
    "(10:01:12) Mira: Have you tried\nanother socket\n(10:01:40) *** Mira left ***\n"
    "(10:02:00) Ana: yes"
)
SPOKEN = [
    ("user", "my lamp is dark"),
    ("assistant", "Have you tried\nanother socket"),
    ("user", "yes"),
]


@pytest.mark.parametrize(
    "files",
    [
        {"7.json": {"ticket": {**BARE, "comments": SAID}}},
        {"7.json": {"ticket": BARE, "comments": SAID}},
        {"7.json": {"ticket": BARE, "comments": SAID, "users": PEOPLE["users"]}},
        {"tickets/7.json": {"ticket": BARE}, "comments/7.json": {"comments": SAID}},
    ],
    ids=["inside", "beside", "with users", "apart"],
)
def test_a_ticket_of_its_own_is_read(tmp_path: Path, files: dict[str, Any]) -> None:
    reading, _ = read(READER, tmp_path, {**files, "users.json": PEOPLE})
    assert said(reading) == TURNS
    assert reading.batch.conversations.select("id", "group").rows() == [("7", "11")]
    assert notes(reading) == []


@pytest.mark.parametrize("name", ["comments_700.json", "700.json"])
def test_a_file_of_comments_may_be_named_by_the_ticket(tmp_path: Path, name: str) -> None:
    reading, _ = read(READER, tmp_path, {name: {"comments": SAID}, "u.json": PEOPLE})
    assert said(reading) == TURNS


@pytest.mark.parametrize("name", ["comments_2.json", "comments_2024.json", "20240301.json"])
def test_a_page_or_a_date_in_the_name_is_no_ticket(tmp_path: Path, name: str) -> None:
    reading, _ = read(READER, tmp_path, {name: {"comments": SAID}, "u.json": PEOPLE})
    assert books(reading) == (0, 0, {}, ["record names no conversation"] * 2)


@pytest.mark.parametrize("beside", [True, False])
def test_the_place_of_a_comment_is_where_it_stands(tmp_path: Path, beside: bool) -> None:
    of = {"ticket": BARE, "comments": SAID} if beside else {"ticket": {**BARE, "comments": SAID}}
    reading, _ = read(READER, tmp_path, {"7.json": of, "u.json": PEOPLE})
    inside = "" if beside else "/ticket"
    pointers = reading.batch.segments["pointer"].drop_nulls().to_list()
    assert pointers == [f"{inside}/comments/0", f"{inside}/comments/1"]


def test_a_deleted_ticket_beside_its_comments_is_left_out(tmp_path: Path) -> None:
    of = {"ticket": {**BARE, "status": "deleted"}, "comments": SAID}
    reading, _ = read(READER, tmp_path, {"7.json": of, "u.json": PEOPLE})
    assert books(reading) == (0, 0, {"deleted or spam": 2}, [])


def test_a_page_that_is_not_all_of_the_comments_is_noted(tmp_path: Path) -> None:
    of = {"ticket": BARE, "comments": SAID, "count": 3, "next_page": "page=2"}
    reading, _ = read(READER, tmp_path, {"7.json": of, "u.json": PEOPLE})
    assert notes(reading) == ["cut short by the source"]


def test_single_tickets_without_comments_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without what was said in them"):
        read(READER, tmp_path, {"7.json": {"ticket": BARE}, "u.json": PEOPLE})


def _with_chat(body: str, tmp_path: Path, **fields: Any) -> Any:
    chat = {**comment(CUSTOMER, body, id=1), "via": {"channel": "chat"}, **fields}
    of = {**BARE, "comments": [chat, comment(AGENT, "I send a new one", id=2)]}
    return read(READER, tmp_path, {"t.json": {"tickets": [of], **PEOPLE}})[0]


def test_a_chat_in_one_comment_is_told_apart_by_the_names(tmp_path: Path) -> None:
    reading = _with_chat(CHAT, tmp_path)
    assert said(reading) == [[*SPOKEN, ("assistant", "I send a new one")]]
    assert books(reading) == (4, 0, {"event": 1}, [])


@pytest.mark.parametrize("line_break", ["<br>", "\n"])
def test_a_chat_in_html_is_told_apart_too(tmp_path: Path, line_break: str) -> None:
    lines = CHAT.replace("\n\n", "</p><p>").replace("\n", line_break)
    reading = _with_chat("", tmp_path, html_body=f"<div><p>{lines}</p></div>")
    assert [role for role, _ in said(reading)[0]] == ["user", "assistant", "user", "assistant"]


@pytest.mark.parametrize(
    "body",
    [
        CHAT.replace("Mira:", "Somebody:"),
        CHAT.replace("Ana:", "Visitor 12:"),
        f"See what they said.\n{CHAT}",
    ],
    ids=["unknown agent", "unknown customer", "words before"],
)
def test_a_chat_with_an_unknown_speaker_is_left_out_and_noted(tmp_path: Path, body: str) -> None:
    reading = _with_chat(body, tmp_path)
    assert said(reading) == [[("assistant", "I send a new one")]]
    assert books(reading) == (1, 0, {"speaker unknown": 1}, [])
    assert notes(reading) == ["cut short by the source"]


def test_a_name_of_both_sides_tells_nobody(tmp_path: Path) -> None:
    alike = [{**one, "name": "Ana", "alias": None} for one in PEOPLE["users"]]
    of = {**BARE, "comments": [comment(CUSTOMER, CHAT.replace("Mira", "Ana"), id=1)]}
    reading, _ = read(READER, tmp_path, {"t.json": {"tickets": [of], "users": alike}})
    assert books(reading) == (0, 0, {"speaker unknown": 1}, [])


@pytest.mark.parametrize(
    "text",
    ["I called (10:00) and nobody came", "(10:00) Ana: note to myself", "Chat started late", ""],
)
def test_a_text_with_times_is_no_chat(text: str) -> None:
    assert transcript(text) is None


def test_a_conversation_of_messaging_is_a_chat() -> None:
    found = transcript("Conversation with Ana\n\nURL: a.example\n\n(09:02:03 AM) Ana: hi")
    assert found is not None
    assert found[1][0] == ("Ana", "hi")
