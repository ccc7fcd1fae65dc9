"""Identifiers of the further countries: what is made right is found, what is made wrong is not."""

from collections import Counter
from functools import cache
from random import Random

import polars as pl
import pytest
from made_ids_b import INVALID, VALID
from said_ids_b import SAID

from tunegate.model import to_batch
from tunegate.rules import Rule, Scanner, load_rules

MANY = 200  # values a rule
RULES = {rule.id: rule for rule in load_rules() if rule.id in VALID}

Span = tuple[str, int, int]


@cache
def scanner() -> Scanner:
    return Scanner(list(RULES.values()), on="source")


def found_in(texts: list[str]) -> list[list[Span]]:
    """Return what all the rules together find in each text."""
    found, failures = scanner().run(to_batch([[("user", text)] for text in texts]))
    assert not failures
    spans: list[list[Span]] = [[] for _ in texts]
    for row, *span in found.select("row", "rule", "start", "end").iter_rows():
        spans[row].append((span[0], span[1], span[2]))
    return spans


def winner(spans: list[Span]) -> Span | None:
    """Return the one that is redacted: the highest priority, then the longest."""

    def rank(span: Span) -> tuple[int, int]:
        return RULES[span[0]].file.priority, span[2] - span[1]

    return max(spans, key=rank, default=None)


def said(rule: str, values: list[str]) -> list[tuple[str, int]]:
    """Return each value in one of the rule's sentences, and where it begins."""
    texts = []
    for number, value in enumerate(values):
        before, after = SAID[rule][number % 2].split("{}")
        texts.append((before + value + after, len(before)))
    return texts


def test_every_rule_has_made_values_and_sentences() -> None:
    assert RULES.keys() == VALID.keys() == SAID.keys()
    assert INVALID.keys() < VALID.keys()


@pytest.mark.parametrize("rule", sorted(VALID))
def test_right_ones_are_found_exactly_and_by_their_own_rule(rule: str) -> None:
    rng = Random(rule)  # seeded with a name, so that each rule's values stay as they are
    values = [VALID[rule](rng) for _ in range(MANY)]
    texts = said(rule, values)
    wrong: Counter[str] = Counter()
    for (text, start), value, spans in zip(
        texts, values, found_in([text for text, _ in texts]), strict=True
    ):
        won = winner(spans)
        if won != (rule, start, start + len(value)):
            wrong[f"{text!r}: {won}"] += 1
    assert not wrong


@pytest.mark.parametrize("rule", sorted(INVALID))
def test_wrong_ones_are_not_found_by_their_rule(rule: str) -> None:
    rng = Random(rule)
    texts = [text for text, _ in said(rule, [INVALID[rule](rng) for _ in range(MANY)])]
    found = found_in(texts)
    wrong = [text for text, spans in zip(texts, found, strict=True) if rule in dict_of(spans)]
    assert not wrong


def dict_of(spans: list[Span]) -> set[str]:
    return {rule for rule, _, _ in spans}
