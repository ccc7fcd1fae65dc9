"""The figures that ship are sound, and the page and the report say what they say."""

from pathlib import Path

from tunegate.accuracy import Measured, Measurement, as_yaml, measured, parse
from tunegate.report.recall import recall_sentence
from tunegate.rules import load_rules


def row(**changes: object) -> Measurement:
    counts = {"gold": 200, "found": 198, "exact": 190, "predicted": 199, "right": 198}
    made = {"set": "s", "label": "X", "rules": ["pii/iban"], "used": "tuned", "date": "2026-12-01"}
    return Measurement.model_validate({**made, **counts, **changes})


def test_figures_are_possible_and_name_rules_and_sets_that_exist() -> None:
    ids = {rule.id for rule in load_rules()}
    for each in measured().measured:
        assert each.exact <= each.gold
        assert each.found <= each.gold
        assert each.right <= each.predicted
        assert set(each.rules) <= ids
        assert each.set in measured().sets


def test_writing_and_reading_changes_nothing() -> None:
    assert parse(as_yaml(measured())) == measured()


def test_texts_that_a_rule_did_not_know_say_more_than_larger_ones_that_it_did() -> None:
    known, new = row(gold=900, found=900), row(set="t", used="held-out")
    assert Measured(measured=(known, new)).best("pii/iban") == new
    assert Measured(measured=(known, new)).best("pii/other") is None


def test_a_zero_says_how_much_is_found_elsewhere() -> None:
    said = recall_sentence(row())
    assert said == (
        "0 found; finds 99 % (96.4–99.7 %) of 200 labelled ones in s, on which it was tuned."
    )
    assert "invented" in recall_sentence(row(used="made"))


def test_the_page_holds_every_set() -> None:
    page = (Path(__file__).parents[1] / "docs" / "accuracy.md").read_text(encoding="utf-8")
    for name in {each.set for each in measured().measured}:
        assert f"\n## {name}\n" in page
