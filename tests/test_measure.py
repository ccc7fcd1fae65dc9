"""Precision and recall are counted from labels, with honest intervals, and say nothing of texts."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tunegate.cli import cli
from tunegate.errors import InputError
from tunegate.intervals import interval
from tunegate.measure import Score, read_labelled, scores, table
from tunegate.rules import load_rules

RULES = [rule for rule in load_rules() if rule.id in ("pii/email-address", "pii/iban")]


def written(folder: Path, *records: object) -> Path:
    path = folder / "labelled.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_found_missed_and_wrong_are_counted(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {"text": "Write to jo@example.com", "spans": [[9, 23, "email-address"]]},
        {"text": "jo at example", "spans": [[0, 13, "EMAIL"]]},
        {"text": "al@example.org", "spans": []},
        {"text": "al@example.org", "spans": [], "scored": ["IBAN"]},
        {
            "messages": [
                {"role": "assistant", "content": "Mail?"},
                {"role": "user", "content": "cy@example.net!"},
            ],
            "spans": [[1, 0, 15, "pii/email-address"]],
        },
    )
    assert scores(read_labelled(path), RULES) == [
        Score("pii/email-address", ("pii/email-address",), 3, 2, 1, 3, 2)
    ]


def test_several_rules_can_share_a_label(tmp_path: Path) -> None:
    path = written(tmp_path, {"text": "jo@example.com", "spans": [[0, 14, "ANY"]]})
    labels = {"pii/email-address": "ANY", "pii/iban": "ANY"}
    (only,) = scores(read_labelled(path), RULES, labels)
    assert only.rules == ("pii/email-address", "pii/iban")
    assert (only.gold, only.found) == (1, 1)


def test_intervals_are_those_of_wilson() -> None:
    assert interval(0, 0) is None
    share, low, high = interval(10, 10) or (0.0, 0.0, 0.0)
    assert share == 1.0
    assert (round(low, 4), round(high, 4)) == (0.7225, 1.0)
    assert tuple(round(n, 4) for n in interval(5, 10) or ()) == (0.5, 0.2366, 0.7634)


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '{"text":"private words"}', '{"text":"private words","spans":[[0,99,"X"]]}'],
)
def test_a_line_that_is_none_is_named_and_not_quoted(line: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"text":"a","spans":[]}\n' + line + "\n")
    with pytest.raises(InputError) as refused:
        list(read_labelled(path))
    assert "bad.jsonl:2" in str(refused.value)
    assert "private" not in str(refused.value)


def test_the_command_prints_a_table(tmp_path: Path) -> None:
    path = written(tmp_path, {"text": "Write to jo@example.com", "spans": [[9, 23, "MAIL"]]})
    asked = ["rules", "test", "--labelled", str(path), "--label", "MAIL=pii/email-*"]
    told = CliRunner().invoke(cli, asked)
    assert told.exit_code == 0, told.output
    assert "MAIL" in told.output
    assert "1.000 (0.207-1.000)" in told.output
    assert "example" not in told.output


def test_a_label_that_no_rule_has_is_named(tmp_path: Path) -> None:
    line = {
        "text": "Write to jo@example.com or 4111 1111 1111 1111",
        "spans": [[9, 23, "MAIL"], [27, 46, "jo@example.com"], [27, 46, "CARD"]],
    }
    told = CliRunner().invoke(cli, ["rules", "test", "--labelled", str(written(tmp_path, line))])
    assert told.exit_code == 0, told.output
    assert "1 span labelled `MAIL` did not count" in told.output
    assert "--label MAIL=RULE" in told.output
    assert "`CARD`" not in told.output
    assert "jo@" not in told.output


def test_nothing_to_measure_is_said() -> None:
    assert "--label" in table([])
