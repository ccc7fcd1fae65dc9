import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made_run import HOSTILE, made_run
from tunegate.report import screen, summarise
from tunegate.report.words import marked

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
NEXT = {
    "passed": "next: open runs/it/report.html",
    "closed": "next: look at the locations, correct the rule or the source, and audit again",
    "incomplete": "next: run `tunegate rules test pii/iban`",
    "nothing": "next: tunegate audit with an input that holds conversations",
}


def drawn(run: Path, *, width: int = 80, colour: bool = False, folder: str = "runs/it") -> str:
    return screen(summarise(run), width=width, colour=colour, folder=folder)


@pytest.mark.parametrize("verdict", NEXT)
def test_the_last_line_is_what_to_do(tmp_path: Path, verdict: str) -> None:
    run = made_run(tmp_path, verdict=verdict, again=2 if verdict == "closed" else 0)
    assert drawn(run).splitlines()[-1] == NEXT[verdict]


def test_a_run_that_nobody_judged_is_to_be_judged(tmp_path: Path) -> None:
    run = made_run(tmp_path, change=lambda run: run.update(judgements=[]))
    lines = drawn(run, folder="runs/of may").splitlines()
    assert lines[0].startswith("Not judged  ")
    assert lines[-1] == "next: tunegate gate 'runs/of may'"


def test_the_books_the_reasons_and_the_rules_are_on_the_screen(tmp_path: Path) -> None:
    shown = drawn(made_run(tmp_path, verdict="closed", again=2, conversations=40))
    assert "Conversations  40 = 24 kept + 8 edited + 2 reviewed + 6 dropped" in shown
    assert "pii/email-address  2 in 2 conversations (0 allowed): An e-mail address" in shown
    assert re.search(r"pii/email-address +\w+ +30 in 4 conversations, 2 left in files", shown)
    assert "Written runs/it/train.jsonl, validation.jsonl" in shown


def many(run: dict[str, Any]) -> None:
    reason = {"what": "reason " * 40, "rule": "pii/iban", "count": 10**9, "hint": "do it " * 90}
    run["judgements"][0]["reasons"] = [reason] * 30
    run["counts"]["records"]["total"] = 10**15


@pytest.mark.parametrize("change", [many, lambda run: None], ids=["everything", "little"])
@pytest.mark.parametrize("colour", [False, True], ids=["plain", "colour"])
def test_it_fits_a_small_terminal(tmp_path: Path, change: Any, colour: bool) -> None:
    run = made_run(tmp_path, verdict="closed", again=3, hits=900, change=change)
    lines = ESCAPE.sub("", drawn(run, colour=colour)).splitlines()
    assert len(lines) <= 23
    assert max(map(len, lines)) <= 80


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60)), width=st.integers(1, 200))
def test_no_name_reaches_the_terminal_as_a_command(
    tmp_path_factory: Any, name: str, width: int
) -> None:
    def rename(run: dict[str, Any]) -> None:
        run["policy"]["name"] = name
        run["rules"][0]["id"] = name.replace("\ud800", "") or "x"
        run["judgements"][0]["reasons"] = [{"what": name, "rule": name, "hint": name}]

    folder = tmp_path_factory.mktemp("run")
    run = made_run(folder, verdict="closed", conversations=8, change=rename)
    plain = drawn(run, width=width, folder=name.replace("\0", "") or "x")
    assert all(line == marked(line) for line in plain.split("\n"))
    coloured = drawn(run, width=width, colour=True, folder=name.replace("\0", "") or "x")
    assert "\x1b[" in coloured
    stripped = [line.rstrip() for line in ESCAPE.sub("", coloured).split("\n")]
    assert stripped == [line.rstrip() for line in plain.split("\n")]
