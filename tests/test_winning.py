"""Of spans that overlap the best one counts, and a value is found all over its conversation."""

from typing import Any

import polars as pl
import pytest

from tunegate.model import FINDINGS, Batch, frame, to_batch
from tunegate.rules import load_rules
from tunegate.scanner import run_rules
from tunegate.winning import everywhere, settled


def found(*spans: tuple[str, int, int, float]) -> pl.DataFrame:
    rows = []
    for rule, start, end, score in spans:
        values: dict[str, Any] = dict.fromkeys(FINDINGS)
        values |= {"rule": rule, "row": 0, "turn": 0, "part": "/content", "start": start}
        rows.append(tuple((values | {"end": end, "score": score}).values()))
    return frame(rows, FINDINGS)


def names(frame: pl.DataFrame) -> list[tuple[str, int]]:
    return list(frame.select("rule", "start").iter_rows())


@pytest.mark.parametrize(
    ("spans", "kept"),
    [
        ([("a", 0, 5, 0.9), ("b", 3, 9, 1.0)], [("b", 3)]),
        ([("a", 0, 5, 0.9), ("c", 3, 9, 0.9)], [("c", 3)]),
        ([("a", 0, 5, 0.9), ("b", 3, 9, 0.9)], [("b", 3)]),
        ([("a", 0, 5, 0.9), ("b", 5, 9, 0.9)], [("a", 0), ("b", 5)]),
        ([("a", 0, 5, 0.9), ("a", 3, 9, 1.0)], [("a", 0), ("a", 3)]),
        ([("a", 0, 9, 0.8), ("b", 0, 4, 1.0), ("b", 5, 9, 1.0)], [("b", 0), ("b", 5)]),
        ([("x", 0, 9, 1.0), ("a", 0, 9, 0.5)], [("x", 0), ("a", 0)]),
    ],
    ids=["surer", "higher", "longer", "beside", "one rule", "inside", "no rival"],
)
def test_the_better_span_counts(
    spans: list[tuple[str, int, int, float]], kept: list[tuple[str, int]]
) -> None:
    assert names(settled(found(*spans), {"a": 1, "b": 1, "c": 2})) == kept


def test_a_value_is_found_where_it_stands_alone() -> None:
    batch = to_batch([[("user", "no. AB-123456 it is"), ("assistant", "AB-123456? XAB-123456 no")]])
    first = found(("a", 4, 13, 0.8))
    spans = everywhere(first, batch.turns, ["a"])
    places = spans.select("turn", "start", "end", "role").rows()
    assert places == [(0, 4, 13, None), (1, 0, 9, "assistant")]


@pytest.mark.parametrize("text", ["34", "000000", "secret", "1-1-1-1"])
def test_a_value_that_tells_little_is_not_looked_for(text: str) -> None:
    batch = to_batch([[("user", text), ("assistant", text)]])
    assert everywhere(found(("a", 0, len(text), 1.0)), batch.turns, ["a"]).height == 1


def test_a_number_that_was_asked_for_is_found_when_it_is_said_again() -> None:
    rules = [rule for rule in load_rules() if rule.id == "pii/us-ssn"]
    batch: Batch = to_batch(
        [[("assistant", "Your SSN?"), ("user", "536221234"), ("assistant", "So 536221234, right?")]]
    )
    spans, failures = run_rules(rules, batch)
    assert not failures
    assert spans.select("turn", "start", "end").rows() == [(1, 0, 9), (2, 3, 12)]
