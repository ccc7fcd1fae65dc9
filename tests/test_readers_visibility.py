"""Which rows of a table customers saw, in the words of seven languages."""

import unicodedata
from pathlib import Path

import polars as pl
import pytest

from tunegate.errors import InputError
from tunegate.model import ReadOptions
from tunegate.readers import choose, find
from tunegate.readers.visibility import Kind, kind_of
from tunegate.readers.visibility import left_out as reason_of
from zendesk_export import read_table

NOTE = {"internal note": 1}
UNKNOWN = {"visibility unknown": 1}


def left_out(folder: Path, column: str, word: str, *, mapped: bool = False) -> dict[str, int]:
    content = f"conversation_id,role,content,{column}\na,user,Hi,{word}\n"
    options = {"columns": {"visibility": column}} if mapped else {}
    found = read_table(content.encode(), folder, **options)
    assert found.used + sum(found.excluded.values()) == 1
    return dict(found.excluded)


HIDING = ["is_internal", "internal", "internal_note", "is_private", "private", "is_note"]


@pytest.mark.parametrize("column", [*HIDING, "Is_Internal"])
def test_yes_in_a_column_that_hides_is_a_note(column: str, tmp_path: Path) -> None:
    assert left_out(tmp_path, column, "true") == NOTE
    assert left_out(tmp_path, column, "No") == {}
    assert left_out(tmp_path, column, "public") == {}
    assert left_out(tmp_path, column, "note") == NOTE
    assert left_out(tmp_path, column, "called back") == UNKNOWN


@pytest.mark.parametrize("column", ["public", "is_public", "visibility", "Public", "VISIBILITY"])
def test_yes_in_a_column_that_shows_is_public(column: str, tmp_path: Path) -> None:
    assert left_out(tmp_path, column, "true") == {}
    assert left_out(tmp_path, column, "0") == NOTE
    assert left_out(tmp_path, column, "Internal") == NOTE
    assert left_out(tmp_path, column, "") == UNKNOWN


@pytest.mark.parametrize(
    ("column", "yes"),
    [
        ("Intern", NOTE),
        ("Interne Notiz", NOTE),
        ("PRIVATE?", NOTE),
        ("privato", NOTE),
        ("Agent note", NOTE),
        ("Sichtbar", {}),
    ],
)
def test_a_mapped_column_hides_by_its_name(
    column: str, yes: dict[str, int], tmp_path: Path
) -> None:
    assert left_out(tmp_path, column, "ja", mapped=True) == yes
    assert left_out(tmp_path, column, "nein", mapped=True) == ({} if yes else NOTE)
    assert left_out(tmp_path, column, "public", mapped=True) == {}
    assert left_out(tmp_path, column, "vielleicht", mapped=True) == UNKNOWN


YES = "true 1 yes Y ja oui sí si SIM sì vero wahr vrai verdadero verdadeiro waar"
NO = "false 0 no N nein non não nao nee falso falsch FAUX onwaar"


@pytest.mark.parametrize("shows", [True, False], ids=["shows", "hides"])
def test_yes_and_no_are_understood_in_seven_languages(shows: bool) -> None:
    kind: Kind = "shows" if shows else "hides"
    for words, meant in ((YES, True), (NO, False)):
        expected = None if meant is shows else "internal note"
        for word in words.split():
            assert reason_of(f" {word} ", kind) == expected
            assert reason_of(unicodedata.normalize("NFD", word), kind) == expected
    for word in ("", "maybe", "2", "-1", "null", "public note"):
        assert reason_of(word, kind) == "visibility unknown"


def test_well_known_names_are_known_in_any_case(tmp_path: Path) -> None:
    content = "Ticket_ID;ROLE;Body;Is_Public\na;user;Hi, there;yes\n"
    found = read_table(content.encode(), tmp_path)
    assert found.batch.turns["text"].to_list() == ["Hi, there"]
    content = "ticket_id,role,body,BODY\na,user,this,that\n"
    found = read_table(content.encode(), tmp_path)
    assert found.batch.turns["text"].to_list() == ["this"]
    with pytest.raises(InputError, match="`body` twice"):
        read_table(b"ticket_id,role,Body,BODY\na,user,this,that\n", tmp_path)


def test_a_first_line_that_is_data_is_not_shown(tmp_path: Path) -> None:
    line = "4711,jane@canary.test,I would rather have CANARY than this,Rue 5,user,Date (UTC)"
    for options in ({}, {"columns": {"body": "zzz"}}):
        with pytest.raises(InputError) as refused:
            read_table(f"{line}\n".encode(), tmp_path, **options)
        said = f"{refused.value} {refused.value.hint}"
        assert "canary" not in said.lower()
        assert "4711" not in said
        assert "Rue" not in said
    with pytest.raises(InputError) as refused:
        read_table(f"{line}\n".encode(), tmp_path)
    hint = str(refused.value.hint)
    assert "the header has user, Date (UTC) and 4 more" in hint
    assert "--column conversation=NAME" in hint
    assert "`source.columns.conversation`" in hint


def test_a_first_line_without_any_name_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_table(b"4711,jane@canary.test\n", tmp_path)
    assert "nothing that looks like a name" in str(refused.value.hint)


NAMES: dict[Kind, list[str]] = {
    "hides": [
        *("internal note", "is internal?", "Private?", "private_note", "isInternal", "privat"),
        *("interne Notiz", "interno", "Nur intern", "agent_only", "note type", "not public"),
        *("isinternal", "INTERNALNOTE", "hidden from customer", "nur für Mitarbeiter"),
    ],
    "shows": ["Public?", "published", "IsPublished", "commentIsPublic", "visible_to_customer"],
    "deleted": ["deleted", "isDeleted", "spam?"],
    "deleted at": ["deleted_at", "gelöscht am"],
    "draft": ["draft", "is_draft", "Entwurf"],
    "sent": ["is sent"],
    "words": ["type", "Status", "message type"],
}


@pytest.mark.parametrize(("kind", "names"), NAMES.items(), ids=NAMES.keys())
def test_a_column_is_known_by_the_words_of_its_name(kind: Kind, names: list[str]) -> None:
    assert {name: kind_of(name) for name in names} == dict.fromkeys(names, kind)


def test_a_name_with_another_word_in_it_says_nothing_of_visibility() -> None:
    names = [
        "internal_id",
        "note_count",
        "draft_id",
        "private email",
        "created_at",
        "customer type",
    ]
    assert {kind_of(name) for name in [*names, "Sent", "is private customer"]} == {None}


LEFT = [
    *(("is internal?", "yes", NOTE), ("agent_only", "1.0", NOTE), ("note type", "internal", NOTE)),
    *(("IsPublished", "false", NOTE), ("visible_to_customer", "no", NOTE)),
    *(
        ("audience", "staff only", NOTE),
        ("audience", "everyone", {}),
        ("audience", "some", UNKNOWN),
    ),
    *(("type", "internal_note", NOTE), ("type", "question", {}), ("type", "Public note", {})),
    *(("status", "draft", {"not sent": 1}), ("status", "open", {}), ("is_draft", "", {})),
    *(("draft", "true", {"not sent": 1}), ("draft", "perhaps", UNKNOWN)),
    *(("deleted", "true", {"deleted or spam": 1}), ("deleted", "", {}), ("deleted", "?", UNKNOWN)),
    *(("deleted_at", "2025-01-01T10:00:00Z", {"deleted or spam": 1}), ("deleted_at", "", {})),
    *(("deleted_at", "0000-00-00 00:00:00", {}), ("status", "deleted", {"deleted or spam": 1})),
]


@pytest.mark.parametrize(("column", "word", "reason"), LEFT)
def test_a_row_is_left_out_by_what_its_columns_say(
    column: str, word: str, reason: dict[str, int], tmp_path: Path
) -> None:
    assert left_out(tmp_path, column, word) == reason


def test_a_mapped_type_must_say_that_a_row_is_public(tmp_path: Path) -> None:
    assert left_out(tmp_path, "type", "reply", mapped=True) == UNKNOWN
    assert left_out(tmp_path, "type", "public", mapped=True) == {}


@pytest.mark.parametrize("mapped", [False, True], ids=["by name", "mapped"])
@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("prompt,completion", "Hi,Yes"),
        ("id,messages", '1,"[{""role"":""user"",""content"":""x""}]"'),
    ],
    ids=["pair", "conversation"],
)
def test_a_row_that_is_a_conversation_is_left_out_too(
    header: str, row: str, mapped: bool, tmp_path: Path
) -> None:
    column = "for us" if mapped else "internal"
    chosen = ReadOptions(columns={"visibility": column} if mapped else {})
    content = f"{header},{column}\n{row},internal\n{row},public\n{row},maybe\n"
    (tmp_path / "t.csv").write_text(content)
    reader, sources, *_ = choose(find([tmp_path / "t.csv"], tmp_path / "spool")[0], chosen)
    plan = reader.plan(sources, chosen)
    frames = [frame for split in plan.splits for frame in reader.read(split, plan)]
    found = reader.assemble(pl.concat(frames), plan)
    assert (found.used, dict(found.excluded)) == (1, NOTE | UNKNOWN)


def test_a_key_that_only_a_later_record_has_hides_it(tmp_path: Path) -> None:
    plain = '{"ticket_id":"a","role":"user","body":"Hi"}\n'
    padding = plain * 2000
    late = '{"ticket_id":"b","role":"agent","body":"CANARY","isInternal":true}\n'
    found = read_table(f"{padding}{late}".encode(), tmp_path)
    assert dict(found.excluded) == NOTE
    assert "CANARY" not in str(found.batch.turns.rows())
