"""Cases made from a pattern are right, the same each time, and a wrong rule fails them."""

import re

import pytest

from tunegate.case_maker import maker_of
from tunegate.cases import trials, wrong_cases
from tunegate.checks.validators.secrets import crc32_base62
from tunegate.errors import RuleError
from tunegate.rules import Rule, load_rules, parse_rule

RULES = [rule for rule in load_rules() if rule.file.cases.generated]
LEFT, RIGHT = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))", "(?![A-Za-z0-9_-])"
TOKEN = rf"{LEFT}abc_[a-f0-9]{{32}}{RIGHT}"
NAMED = rf"(?i:acme)[\s\S]{{0,40}}?{LEFT}(?P<key>[a-f0-9]{{32}}){RIGHT}"


def rule_of(pattern: str, *, validator: str = "token", group: str = "0") -> Rule:
    """Return a rule with twelve generated values and no other case."""
    text = f"""
summary: A turn contains an Acme key.
why: It opens Acme.
severity: critical
action: redact
check: pattern
params:
  pattern: '{pattern}'
  trigger: '(?i:acme|abc)'
  group: {group}
  validator: {validator}
cases:
  generated: 12
"""
    return parse_rule(text, "secret/acme-key")


def wrong(rule: Rule) -> set[str]:
    """Return which of `flags` and `passes` do not come out."""
    return {problem.partition("[")[0] for problem in wrong_cases(rule)}


by_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def test_most_secrets_have_generated_cases() -> None:
    assert len(RULES) > 280


@pytest.mark.parametrize("rule", [rule_of(TOKEN), rule_of(NAMED, validator="named-3", group="key")])
def test_a_right_rule_passes(rule: Rule) -> None:
    assert wrong(rule) == set()


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [
        pytest.param(rule_of(TOKEN, validator="iban"), {"flags"}, id="finds nothing"),
        pytest.param(rule_of(TOKEN.replace(RIGHT, "(?= )")), {"flags"}, id="only before a space"),
        pytest.param(rule_of(NAMED, validator="named-3"), {"flags"}, id="span with the name"),
        pytest.param(rule_of(TOKEN.replace(RIGHT, "")), {"passes"}, id="part of a longer one"),
        pytest.param(rule_of(TOKEN.replace(LEFT, "")), {"passes"}, id="inside a word"),
        pytest.param(rule_of(TOKEN, validator="null"), {"passes"}, id="what stands for a key"),
        pytest.param(
            rule_of(NAMED, validator="token", group="key"), {"passes"}, id="not called a key"
        ),
        pytest.param(
            rule_of(NAMED.replace(RIGHT, ""), validator="named-3", group="key"),
            {"passes"},
            id="part of a longer value",
        ),
    ],
)
def test_a_wrong_rule_fails(rule: Rule, kinds: set[str]) -> None:
    assert wrong(rule) == kinds


@by_rule
def test_values_differ_and_stand_where_they_are_said_to(rule: Rule) -> None:
    made = list(maker_of(rule).values(rule.file.cases.generated))
    values = {case.text[case.start : case.end] for case in made}
    assert len(values) == len(made) == rule.file.cases.generated
    assert all(len(value) >= 6 and value == value.strip() for value in values)


@by_rule
def test_near_misses_are_many_and_hold_no_whole_value(rule: Rule) -> None:
    maker = maker_of(rule)
    made = list(maker.near_misses(2))
    assert len(made) >= 12
    assert all(case.start == case.end == 0 for case in made)
    # Most are no match at all; the others must be refused by what judges the match.
    inner = [case.text.removeprefix("I sent ").removesuffix(" on Monday, thanks.") for case in made]
    whole = [text for text in inner if maker.pattern.fullmatch(text)]
    assert 2 <= len(whole) < len(inner)


@by_rule
def test_the_same_cases_are_made_each_time(rule: Rule) -> None:
    assert list(maker_of(rule).values(5)) == list(maker_of(rule).values(5))
    assert list(maker_of(rule).near_misses(1)) == list(maker_of(rule).near_misses(1))


def test_a_value_gets_its_checksum() -> None:
    rule = next(rule for rule in RULES if rule.id == "secret/npm-token")
    for case in maker_of(rule).values(5):
        value = case.text[case.start : case.end]
        assert value[-6:] == crc32_base62(value.removeprefix("npm_")[:-6])


def test_generated_cases_are_run_as_one_batch_each() -> None:
    names = [name for name, _ in trials(rule_of(TOKEN))]
    assert names == ["flags[generated]", "passes[generated]"]


def test_only_patterns_have_generated_cases() -> None:
    rule = next(rule for rule in load_rules() if rule.id == "duplicate/exact-copy")
    cases = rule.file.cases.model_copy(update={"generated": 3})
    other = rule.changed(cases=cases)
    with pytest.raises(RuleError, match="only the check `pattern` has generated cases"):
        list(trials(other))


def test_a_class_without_a_printable_sign_is_refused() -> None:
    with pytest.raises(ValueError, match="cases cannot be made"):
        list(maker_of(rule_of(r"abc_[\u4e00-\u4eff]{8}")).values(1))


def test_the_parts_of_a_pattern_are_walked() -> None:
    pattern = r"(?x)(?:a|b)c{2,3}(?i:D)[^\x20-~]?[0-9]*+(?>e)\d\w(?=z)(?P<x>[g-i]\.)"
    rule = rule_of(pattern.replace(r"[^\x20-~]?", ""), group="x")
    for case in maker_of(rule).values(30):
        assert re.search(pattern.replace("(?=z)", ""), case.text)
        assert re.fullmatch(r"[g-i]\.", case.text[case.start : case.end])
