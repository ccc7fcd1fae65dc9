"""Alpaca: an instruction, its input, and what came before."""

from pathlib import Path
from typing import Any

import pytest

from exports import books, read, said
from tunegate.readers.training.alpaca import READER

WHOLE = {"instruction": "Translate.", "input": "Bonjour", "output": "Hello"}


def of(tmp_path: Path, *records: dict[str, Any]) -> Any:
    return read(READER, tmp_path, {"alpaca.json": list(records)})[0]


def test_instruction_and_input_are_one_question(tmp_path: Path) -> None:
    assert said(of(tmp_path, WHOLE)) == [
        [("user", "Translate.\n\nBonjour"), ("assistant", "Hello")]
    ]


@pytest.mark.parametrize("nothing", ["", None, " "])
def test_an_empty_input_adds_nothing(tmp_path: Path, nothing: str | None) -> None:
    assert said(of(tmp_path, {**WHOLE, "input": nothing}))[0][0] == ("user", "Translate.")


def test_system_and_history_come_first(tmp_path: Path) -> None:
    record = {**WHOLE, "system": "Be brief.", "history": [["Hi", "Yo"]]}
    assert said(of(tmp_path, record))[0][:3] == [
        ("system", "Be brief."),
        ("user", "Hi"),
        ("assistant", "Yo"),
    ]


def test_dolly_calls_them_context_and_response(tmp_path: Path) -> None:
    record = {"instruction": "When?", "context": "May 1st.", "response": "In May."}
    assert said(of(tmp_path, record)) == [[("user", "When?\n\nMay 1st."), ("assistant", "In May.")]]


def test_a_table_holds_the_history_as_json(tmp_path: Path) -> None:
    table = 'instruction,input,output,history\nAnd now?,,Later.,"[[""Hi"", ""Yo""]]"\n'
    reading, _ = read(READER, tmp_path, {"alpaca.csv": table})
    assert [text for _, text in said(reading)[0]] == ["Hi", "Yo", "And now?", "Later."]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"instruction": "", "input": None}, "`instruction` and `input` are empty"),
        ({"output": None}, "`output` is missing"),
        ({"output": 7}, "`output` is not a text"),
        ({"history": [["only one"]]}, "`history` is not a list of pairs of texts"),
        ({"history": "not JSON"}, "`history` is not a list of pairs of texts"),
        ({"history": 7}, "`history` is not a list of pairs of texts"),
    ],
)
def test_what_is_not_understood_is_unreadable(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading = of(tmp_path, WHOLE, {**WHOLE, **fields})
    assert books(reading) == (1, 0, {}, [why])
