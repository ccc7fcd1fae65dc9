"""`init` guesses columns of tables in several languages, and rather nothing than a wrong pair."""

from pathlib import Path

import pytest

from tunegate.cli.sniffed import told
from tunegate.model import ReadOptions
from tunegate.pipeline.guess import columns
from tunegate.pipeline.sniff import sniff

HEADER = "Vorgangsnr|Absendertyp|Verfasser|Nachrichtentext|Eingangszeit|intern|Sprache des Kontos"
TALK = [
    ("Kunde", "Ina Muster", "Guten Tag, wo bleibt denn meine Lieferung?", "nein"),
    ("Mitarbeiter", "Ole Beispiel", "Guten Tag, sie kommt morgen bei Ihnen an.", "nein"),
    ("Kunde", "Ina Muster", "Vielen Dank, das ist eine gute Nachricht.", "nein"),
    ("Sachbearbeiter", "Uwe Probe", "Kulanz bitte pruefen, CANARY.", "ja"),
]


def table(folder: Path, words: dict[str, str]) -> Path:
    lines = [
        f"{case}|{words.get(role, role)}|{who} {case}|{text}|0{n + 1}.02.26 10:00|{hidden}|de"
        for case in range(1, 9)
        for n, (role, who, text, hidden) in enumerate(TALK)
    ]
    path = folder / "t.csv"
    path.write_text("\n".join([HEADER, *lines, ""]))
    return path


STAFF_A = {"Kunde": "C", "Mitarbeiter": "A", "Sachbearbeiter": "A"}


@pytest.mark.parametrize(
    ("words", "unmapped"),
    [({}, []), (STAFF_A, ["A", "C"]), ({"Sachbearbeiter": "Innendienst"}, ["Innendienst"])],
    ids=["words", "letters", "one word more"],
)
def test_a_table_of_messages_is_no_pair(
    words: dict[str, str], unmapped: list[str], tmp_path: Path
) -> None:
    found = sniff([table(tmp_path, words)], ReadOptions())
    assert {guess.ours: guess.theirs for guess in found.guesses} == {
        "conversation": "Vorgangsnr",
        "role": "Absendertyp",
        "body": "Nachrichtentext",
        "created_at": "Eingangszeit",
    }
    assert sorted(found.unmapped) == unmapped


def test_what_hides_rows_and_what_is_not_used_is_said(tmp_path: Path) -> None:
    found = sniff([table(tmp_path, {})], ReadOptions())
    lines = "\n".join(told(found))
    assert "intern: yes: customers did not see the row" in lines
    assert "Columns that are not used: Verfasser, Sprache des Kontos" in lines
    assert "8 left out: internal note" in lines


def test_a_table_that_repeats_few_values_without_roles_is_no_pair() -> None:
    rows = 12
    given = {
        "name": [f"Ina Muster {n}" for n in range(rows)],
        "text": [f"A question, the {n}th of them" for n in range(rows)],
        "side": ["C", "A"] * (rows // 2),
    }
    assert {guess.ours for guess in columns(given)}.isdisjoint({"prompt", "completion"})


def test_a_column_of_dates_that_may_be_two_is_a_time(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "Case,Who wrote,Posted,Words\n"
        "1,customer,03/04/2025 10:00,Where is it now?\n1,agent,03/04/2025 11:00,On its way\n"
    )
    found = sniff([path], ReadOptions())
    assert "Posted" in {guess.theirs for guess in found.guesses if guess.ours == "created_at"}
    assert any("--day-first" in reason for reason in (found.reading or ((), (), {}, {}))[3])
    told_it = sniff([path], ReadOptions(day_first=True))
    assert (told_it.reading or ((), (), {}, {}))[3] == {}
