"""There is one verdict, the gravest that applies, and every reason for it is given."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.decide import count_found
from tunegate.errors import Exit
from tunegate.judge import Evidence, allowance, judge
from tunegate.policy import Policy, parse_policy
from tunegate.rules import Rule, parse_rule
from tunegate.scanner import Failure
from tunegate.split import Proof

LAW = settings(max_examples=60, deadline=None)


def rule(rule_id: str, *, severity: str) -> Rule:
    text = (
        f"summary: Something is found.\nwhy: For the test.\nseverity: {severity}\n"
        f"action: redact\ncheck: pattern\nparams: {{pattern: x}}"
    )
    return parse_rule(text, rule_id)


LEAK_FREE = Proof("s", 0.1, 0.1, 9, 9, 0, 0, 1, 0)
SOUND = Evidence(100, 50, 0, [], [], {}, LEAK_FREE, 40)
JUDGED = [
    rule("pii/email-address", severity="high"),
    rule("pii/iban", severity="low"),
    rule("secret/npm-token", severity="critical"),
]


def gate(settings: str = "{}", rules: str = "{pii/*: , secret/*: {optional: true}}") -> Policy:
    text = f"summary: For the test.\nrules: {rules}\ngate: {settings}"
    return parse_policy(text, name="mine", where="mine.yaml", rules=JUDGED)


def verdict(evidence: Evidence, policy: Policy | None = None) -> tuple[str, list[str]]:
    judged = judge(evidence, policy or gate())
    assert judged["exit"] == Exit[judged["verdict"].upper()]
    return judged["verdict"], [reason["what"] for reason in judged["reasons"]]


FAILED = Failure("pii/iban", 0, "KeyError")
MAIL = {"pii/email-address": (2, 1)}
JUDGEMENTS: Mapping[str, tuple[Mapping[str, Any], str, list[str]]] = {
    "nothing wrong": ({}, "passed", []),
    "a finding": ({"found": MAIL}, "closed", ["Something is found (in the written files)"]),
    "nothing read": (
        {"conversations": 0, "train": 0, "found": MAIL},
        "nothing",
        ["no conversation was found in the input"],
    ),
    "a failure": ({"failures": [FAILED]}, "incomplete", ["a required rule failed (KeyError)"]),
    "a failure and nothing read": (
        {"failures": [FAILED], "conversations": 0, "train": 0},
        "incomplete",
        ["a required rule failed (KeyError)", "no conversation was found in the input"],
    ),
    "a failure and a finding": (
        {"failures": [FAILED, FAILED], "found": MAIL},
        "incomplete",
        ["a required rule failed (KeyError)", "Something is found (in the written files)"],
    ),
    "an optional failure": ({"failures": [Failure("secret/npm-token", 0, "E")]}, "passed", []),
    "a failure of no rule of this policy": (
        {"failures": [Failure("bias/gone", None, "NotRun")]},
        "incomplete",
        ["a required rule failed (NotRun)"],
    ),
    "an input that ends early": (
        {"truncated": ["a.jsonl.gz"]},
        "incomplete",
        ["input ends early: a.jsonl.gz"],
    ),
    "as much unreadable as is allowed": ({"unreadable": 1}, "passed", []),
    "more unreadable": (
        {"unreadable": 2},
        "incomplete",
        ["2.00% of the records could not be read (policy allows 1.00%)"],
    ),
    "all unreadable": (
        {"records": 3, "conversations": 0, "unreadable": 3, "train": 0},
        "incomplete",
        [
            "100.00% of the records could not be read (policy allows 1.00%)",
            "no conversation was found in the input",
        ],
    ),
    "a group on both sides": (
        {"proof": replace(LEAK_FREE, shared_groups=1)},
        "closed",
        ["related conversations stand on both sides of the split"],
    ),
    "copies on both sides": (
        {"proof": replace(LEAK_FREE, cross_split_duplicates=1)},
        "closed",
        ["related conversations stand on both sides of the split"],
    ),
    "nothing to train on": ({"train": 0}, "closed", ["no conversation is left to train on"]),
}


@pytest.mark.parametrize(("change", "name", "reasons"), JUDGEMENTS.values(), ids=JUDGEMENTS)
def test_the_verdict_is_the_gravest_that_applies_and_every_reason_is_given(
    change: Mapping[str, Any], name: str, reasons: list[str]
) -> None:
    assert verdict(replace(SOUND, **change)) == (name, reasons)


@LAW
@given(st.integers(1, 5000), st.integers(0, 60))
def test_exactly_the_allowed_share_may_be_unreadable(records: int, unreadable: int) -> None:
    evidence = replace(SOUND, records=records, unreadable=min(unreadable, records))
    expected = "incomplete" if evidence.unreadable * 100 > records else "passed"
    assert verdict(evidence)[0] == expected


@pytest.mark.parametrize(
    ("settings", "count", "expected"),
    [
        ("allow: {pii/email-address: 2}", 2, "passed"),
        ("allow: {pii/email-address: 2}", 3, "closed"),
        ("allow: {pii/*: 5}", 5, "passed"),
        ("allow: {pii/*: 5, pii/email-address: 1}", 2, "closed"),
        ("allow: {pii/email-address: 9, 'pii/email-addres[s]': 0}", 2, "passed"),
        ("allow: {secret/*: 5}", 1, "closed"),
        ("severity: critical", 9, "passed"),
        ("severity: high", 1, "closed"),
    ],
)
def test_the_gate_accepts_what_the_policy_allows(settings: str, count: int, expected: str) -> None:
    evidence = replace(SOUND, found={"pii/email-address": (count, 1)})
    assert verdict(evidence, gate(f"{{{settings}}}"))[0] == expected


def test_of_two_globs_of_one_length_it_does_not_matter_which_stands_first() -> None:
    assert allowance("a/b", {"a/*": 1, "*/b": 2}) == allowance("a/b", {"*/b": 2, "a/*": 1})
    assert allowance("a/b", {"c/*": 1}) == 0


def test_a_reason_counts_what_was_found_where() -> None:
    reason = judge(replace(SOUND, found={"pii/iban": (3, 2)}), gate("{on: source}"))["reasons"][0]
    assert reason == {
        "what": "Something is found (in the source)",
        "rule": "pii/iban",
        "count": 3,
        "conversations": 2,
        "allowed": 0,
        "hint": "see `tunegate explain`, or allow it under `gate.allow.pii/iban`",
    }


def test_a_finding_about_the_dataset_is_in_no_conversation() -> None:
    rows = [("a", None), ("b", 0), ("b", 0), ("b", 1)]
    said = pl.DataFrame(rows, schema={"rule": pl.String, "row": pl.Int64}, orient="row")
    assert count_found(said) == {"a": (1, 0), "b": (3, 2)}
