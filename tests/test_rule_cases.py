"""Every rule finds what its own cases say, and passes over the rest."""

import pytest

from tunegate.cases import trials, wrong_cases
from tunegate.rules import Rule, load_rules

RULES = load_rules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_cases_of_a_rule_come_out_as_its_file_says(rule: Rule) -> None:
    assert not list(wrong_cases(rule))


def test_rules_that_judge_texts_have_cases() -> None:
    # What readers note, models name and groups hold is shown by the tests of those.
    elsewhere = {"source-note", "neural-entities", "group-split"}
    without = {rule.file.check for rule in RULES if not any(trials(rule))}
    assert without <= elsewhere
