"""Identifiers of countries are found in all their forms, by their own rule, and no others are."""

import re
from collections import Counter
from random import Random

import pytest

from made_ids import VALID, WRONG
from tunegate.checks.judging import Judged
from tunegate.checks.pattern import Pattern
from tunegate.rules import Rule, load_rules

RULES: dict[str, Rule] = {rule.id: rule for rule in load_rules() if rule.id in VALID}
CHECKS: dict[str, Pattern] = {name: rule.build() for name, rule in RULES.items()}
MARKED = re.compile("⟦[^⟧]*⟧")

by_rule = pytest.mark.parametrize("rule", VALID)


def sentences(rule: str) -> list[str]:
    """Return the rule's own one-value examples, with `⟦⟧` where the value stands."""
    flags = RULES[rule].file.cases.flags
    return [
        MARKED.sub("⟦⟧", text)
        for text in flags
        if isinstance(text, str) and len(MARKED.findall(text)) == 1
    ]


def spans(rule: str, text: str) -> list[Judged]:
    """Return what a rule finds in one text."""
    return [judged for judged, asks in CHECKS[rule].spans(text) if not asks]


def winners(text: str) -> list[tuple[str, str]]:
    """Return each value that is redacted with its rule, when all of them run."""
    found = [(judged, rule) for rule in CHECKS for judged in spans(rule, text)]
    found.sort(
        key=lambda item: (
            -item[0].certainty,
            -RULES[item[1]].file.priority,
            item[0].start - item[0].end,
        )
    )
    kept: list[tuple[Judged, str]] = []
    for judged, rule in found:
        if all(judged.end <= other.start or other.end <= judged.start for other, _ in kept):
            kept.append((judged, rule))
    return [(text[judged.start : judged.end], rule) for judged, rule in kept]


@by_rule
def test_a_value_is_found_exactly_in_each_form_beside_the_words_of_its_country(rule: str) -> None:
    r, missed = Random(rule), []
    for number in range(200):
        value = VALID[rule](r)
        text = sentences(rule)[number % len(sentences(rule))].replace("⟦⟧", value)
        if [text[found.start : found.end] for found in spans(rule, text)] != [value]:
            missed.append(text)
    assert not missed


@by_rule
def test_when_all_rules_run_a_value_has_the_name_of_its_own(rule: str) -> None:
    r, wrong = Random(rule + "all"), Counter[str]()
    for number in range(60):
        value = VALID[rule](r)
        text = sentences(rule)[number % len(sentences(rule))].replace("⟦⟧", value)
        if winners(text) != [(value, rule)]:
            wrong[f"{winners(text)} {text}"] += 1
    assert not wrong


@pytest.mark.parametrize("rule", WRONG)
def test_a_value_with_another_check_sign_is_none(rule: str) -> None:
    r, found = Random(rule), []
    for number in range(200):
        text = sentences(rule)[number % len(sentences(rule))].replace("⟦⟧", WRONG[rule](r))
        if spans(rule, text):
            found.append(text)
    assert not found
