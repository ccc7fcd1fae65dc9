"""Which rows of a table customers saw, in the words of seven languages."""

import unicodedata
from pathlib import Path

import pytest

from tunegate.errors import InputError
from tunegate.readers.visibility import is_visible
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


@pytest.mark.parametrize("inverted", [False, True], ids=["shows", "hides"])
def test_yes_and_no_are_understood_in_seven_languages(inverted: bool) -> None:
    for words, meant in ((YES, True), (NO, False)):
        for word in words.split():
            apart = unicodedata.normalize("NFD", word)
            assert is_visible(f" {word} ", inverted=inverted) is (meant is not inverted)
            assert is_visible(apart, inverted=inverted) is (meant is not inverted)
    for word in ("", "maybe", "2", "-1", "null", "customer"):
        assert is_visible(word, inverted=inverted) is None


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
