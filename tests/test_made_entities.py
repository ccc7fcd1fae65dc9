"""Every invented value is found, whole, in a sentence, an answer of a tool and a table."""

from random import Random

import pytest

from made_entities import VALID
from tunegate.checks.pattern import Pattern
from tunegate.model import to_batch
from tunegate.rules import load_rules

CHECKS: dict[str, Pattern] = {rule.id: rule.build() for rule in load_rules() if rule.id in VALID}
MADE = {name: [make(Random(seed)) for seed in range(60)] for name, make in VALID.items()}

by_rule = pytest.mark.parametrize("name", VALID)


def found_in(name: str, *texts: str) -> list[str]:
    """Return what a rule finds in the user messages of one conversation."""
    found = CHECKS[name].check(to_batch([[("user", text) for text in texts]]))
    return [
        texts[turn][start:end] for turn, start, end in found.select("turn", "start", "end").rows()
    ]


def test_there_is_a_rule_for_every_maker() -> None:
    assert CHECKS.keys() == VALID.keys()


@by_rule
def test_each_value_is_found_where_a_sentence_names_it(name: str) -> None:
    missed = [text for text, value in MADE[name] if found_in(name, text) != [value]]
    assert missed == []


@by_rule
@pytest.mark.parametrize(
    ("before", "after"), [('{"note":"', '","n":7}'), ("x\\n ", "\\ny"), ("7; ", "; x")]
)
def test_what_stands_around_a_sentence_changes_nothing(name: str, before: str, after: str) -> None:
    missed = [
        text for text, value in MADE[name][:20] if found_in(name, before + text + after) != [value]
    ]
    assert missed == []
