"""Patterns find their spans, the same alone and fused, in any batch, at any length of text."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tunegate.cases import trials
from tunegate.checks.engines import available, engine
from tunegate.checks.fused import FusedPatterns
from tunegate.checks.pattern import Pattern
from tunegate.checks.views import views
from tunegate.errors import RuleError
from tunegate.model import CONTENT, SEGMENTS, TURNS, Batch, empty, frame, to_batch
from tunegate.rules import Rule, load_rules, parse_rule
from tunegate.scanner import run_rules

RULES = [rule for rule in load_rules() if rule.file.check == "pattern"]
OWN = {
    rule.id: [
        list(turns.select("role", "text").iter_rows())
        for _, trial in trials(rule)
        for turns in trial.batch.turns.partition_by("row", maintain_order=True)
    ]
    for rule in RULES
}
CONVERSATIONS = [conversation for own in OWN.values() for conversation in own]
SOME = CONVERSATIONS[
    :: max(1, len(CONVERSATIONS) // 500)
]  # of every rule; each alone would take minutes
TEXTS = [text for conversation in CONVERSATIONS for _, text in conversation]
CHECKS: dict[str, Pattern] = {rule.id: rule.build() for rule in RULES}
FUSED = Pattern.fuse([(rule, CHECKS[rule.id]) for rule in RULES])
PLACE = ["row", "branch", "turn", "part", "start", "end"]

by_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def found_in(pattern: Pattern, *texts: str) -> list[str]:
    """Return what the pattern finds in one conversation of user messages."""
    found = pattern.check(to_batch([[("user", text) for text in texts]]))
    return [
        texts[turn][start:end] for turn, start, end in found.select(*PLACE[2:3], *PLACE[4:]).rows()
    ]


def batch_of_turns(*rows: tuple[int, str | None, int | None, str, str | None, str]) -> Batch:
    """Return a batch of (row, branch, turn, part, role, text)."""
    turns = [(*row[:5], None, row[5]) for row in rows]
    return Batch(to_batch([[]]).conversations, frame(turns, TURNS), empty(SEGMENTS))


def test_there_are_rules_to_test() -> None:
    assert len(RULES) >= 22
    assert len(TEXTS) > 200


@by_rule
def test_a_trigger_is_in_every_text_that_its_pattern_matches(rule: Rule) -> None:
    pattern = CHECKS[rule.id]
    regex = re.compile(pattern.pattern, re.IGNORECASE if pattern.ignore_case else 0)
    searched = [engine(name, [pattern.fast_trigger]) for name in available()]

    def agrees(texts: list[str]) -> None:
        seen = views(pl.Series(texts)).texts
        accepted = {
            at for at, text in enumerate(seen) if any(not asks for _, asks in pattern.spans(text))
        }
        for each in searched:
            assert accepted <= set(each.hits(seen).texts.tolist())

    agrees(
        [text for talk in OWN[rule.id] for _, text in talk]
        + [text for talk in SOME for _, text in talk]
    )
    quick = settings(
        max_examples=5,
        suppress_health_check=list(HealthCheck),
        deadline=None,
        phases=[Phase.generate],
    )
    quick(given(st.lists(st.from_regex(regex), min_size=1, max_size=10))(agrees))()


def test_fused_and_alone_find_the_same() -> None:
    batch = to_batch(SOME)
    together = FUSED.check(batch)
    alone = [CHECKS[rule.id].check(batch).with_columns(rule=pl.lit(rule.id)) for rule in RULES]
    assert together.height > 100
    assert together.equals(pl.concat(alone).select(together.columns).sort("rule", *PLACE))


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.sampled_from(TEXTS), min_size=1, max_size=6),
    st.sampled_from([" ", "\n", ", "]),
    st.lists(st.sampled_from(RULES), min_size=15, max_size=15),
)
def test_fused_and_alone_find_the_same_in_longer_texts(
    texts: list[str], by: str, some: list[Rule]
) -> None:
    batch = to_batch([[("user", by.join(texts))], [("user", text) for text in texts]])
    together = FUSED.check(batch)
    for rule in some:
        mine = together.filter(pl.col("rule") == rule.id).drop("rule")
        assert mine.equals(CHECKS[rule.id].check(batch)), rule.id


def test_hyperscan_finds_the_same_as_the_portable_engine() -> None:
    pytest.importorskip("hyperscan", reason="has no wheel here")
    batch = to_batch([*CONVERSATIONS, [("user", "\n".join(TEXTS[::12]))]])
    fast = FUSED.using("hyperscan").check(batch)
    assert fast.height > 200
    assert fast.equals(FUSED.check(batch))


def test_a_trigger_that_hyperscan_refuses_is_looked_for_all_the_same(tmp_path: Path) -> None:
    pytest.importorskip("hyperscan", reason="has no wheel here")
    large = Pattern(pattern=r"x(?:[a-c]{2}\w{120}){40}y")
    scan = FusedPatterns((("one", large), ("two", Pattern(pattern="needle"))))
    batch = to_batch([[("user", "x" + ("ab" + "d" * 120) * 40 + "y needle")], [("user", "needle")]])
    portable = scan.check(batch)
    assert portable["rule"].to_list() == ["one", "two", "two"]
    for _ in range(2):  # compiled, and then as it was kept
        assert scan.using("hyperscan", tmp_path).check(batch).equals(portable)


def test_the_size_of_a_batch_changes_nothing() -> None:
    whole = FUSED.check(to_batch(SOME))
    for size in (11, 90):
        parts = [
            FUSED.check(to_batch(SOME[first : first + size], first=first))
            for first in range(0, len(SOME), size)
        ]
        assert whole.equals(pl.concat(parts).sort("rule", *PLACE))


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from([*TEXTS, "+", "(", ".", "@", "0", " ", "4", "::"]), max_size=12))
def test_spans_of_a_rule_never_overlap_and_stay_inside(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = FUSED.check(to_batch([[("user", text)]]))
    for spans in found.partition_by("rule"):
        end = 0
        for start, stop in spans.select("start", "end").sort("start").iter_rows():
            assert end <= start < stop <= len(text)
            end = stop


@by_rule
def test_replacing_spans_leaves_the_arguments_of_a_tool_call_readable(rule: Rule) -> None:
    written = [
        json.dumps({"note": f"x\n{text}\ty"}, ensure_ascii=ascii_only)
        for talk in OWN[rule.id]
        for _, text in talk
        for ascii_only in (True, False)
    ]
    found = CHECKS[rule.id].check(to_batch([[("assistant", arguments)] for arguments in written]))
    for row, arguments in enumerate(written):
        spans = found.filter(pl.col("row") == row).sort("start", descending=True)
        for start, end in spans.select("start", "end").rows():
            arguments = f"{arguments[:start]}[X]{arguments[end:]}"
        assert isinstance(json.loads(arguments)["note"], str)


def test_a_word_after_an_escaped_line_break_is_found() -> None:
    texts = ["jo@example.com", "415-555-0100", "4111 1111 1111 1111", "078-05-1120", "203.0.113.9"]
    for text in texts:
        plain, escaped = ([[("user", f"a{gap}{text}")]] for gap in ("\n", r"\n"))
        found = [FUSED.check(to_batch(batch)) for batch in (plain, escaped)]
        assert found[0]["rule"].to_list() == found[1]["rule"].to_list() != []


def test_spans_count_code_points() -> None:
    text = "né 🎫: sam@example.com"
    rule = next(rule for rule in RULES if rule.id == "pii/email-address")
    assert found_in(rule.build(), text) == ["sam@example.com"]


def test_every_part_is_scanned() -> None:
    parts = ["/name", "/content/0/text", "/tool_calls/0/function/arguments", "/refusal"]
    of_record = ["/subject", "/tools/0/function/description"]
    batch = batch_of_turns(
        *((0, None, turn, part, "assistant", "jo@example.com") for turn, part in enumerate(parts)),
        *((0, None, None, part, None, "jo@example.com") for part in of_record),
    )
    found = FUSED.check(batch)
    assert set(found["part"]) == {*parts, *of_record}
    assert set(found["rule"]) == {"pii/email-address"}


def test_branches_are_found_apart() -> None:
    batch = batch_of_turns(
        (5, "chosen", 1, CONTENT, "assistant", "jo@example.com"),
        (5, "rejected", 1, CONTENT, "assistant", "Hi"),
    )
    assert FUSED.check(batch).select("row", "branch", "turn").rows() == [(5, "chosen", 1)]


def test_a_text_that_stands_often_is_found_everywhere() -> None:
    batch = to_batch([[("user", "Write to jo@example.com")] * 3] * 4)
    assert FUSED.check(batch).height == 12


def test_an_empty_batch_has_no_findings() -> None:
    assert FUSED.check(to_batch([])).height == 0


def test_case_can_be_ignored() -> None:
    assert found_in(Pattern("parcel"), "Parcel PARCEL parcel") == ["parcel"]
    assert found_in(Pattern("parcel", ignore_case=True), "Parcel PARCEL") == ["Parcel", "PARCEL"]


@pytest.mark.parametrize("group", [1, "number"], ids=str)
def test_a_group_is_the_span(group: int | str) -> None:
    pattern = Pattern(r"order (?P<number>\d{4})|reset", group=group)
    assert found_in(pattern, "reset order 1234") == ["1234"]


def test_longer_spans_than_allowed_do_not_count() -> None:
    assert found_in(Pattern("a+", max_length=3), "aaaa aaa") == ["aaa"]


CONTEXT = Pattern(r"\b\d{4}\b", context=("pin", "passwor*", "暗証"), context_window=12)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PIN 1234", ["1234"]),
        ("my passwords: 1234 5678", ["1234"]),
        ("spin 1234", []),
        ("pins 1234", []),
        ("1234 pin", []),
        ("pin for my card of last year 1234", []),
        ("暗証番号は1234", []),  # \b stands between a letter and a digit of no script
        ("暗証番号 1234", ["1234"]),
    ],
    ids=str,
)
def test_context_words_must_stand_before(text: str, found: list[str]) -> None:
    assert found_in(CONTEXT, text) == found


def test_context_words_after_are_another_list() -> None:
    pattern = replace(CONTEXT, context_after=("is the pin",))
    assert found_in(pattern, "1234 is the pin") == ["1234"]
    assert found_in(pattern, "1234 passwords") == []


def test_the_message_before_may_have_asked() -> None:
    pattern = replace(CONTEXT, context_previous=True)
    assert found_in(pattern, "What is your PIN?", "1234") == ["1234"]
    assert found_in(CONTEXT, "What is your PIN?", "1234") == []
    assert found_in(pattern, "What is your PIN?", "Why?", "1234") == []
    assert found_in(pattern, f"What is your PIN? {'x' * 300}", "1234") == []


def test_another_conversation_has_asked_nothing() -> None:
    pattern = replace(CONTEXT, context_previous=True)
    found = pattern.check(to_batch([[("user", "Your PIN?")], [("user", "1234")]]))
    assert found.is_empty()
    branches = batch_of_turns(
        (0, "chosen", 1, CONTENT, "assistant", "Your PIN?"),
        (0, "rejected", 1, CONTENT, "assistant", "1234"),
        (0, "rejected", None, "/subject", None, "1234"),
    )
    assert pattern.check(branches).is_empty()


VETO = Pattern(r"\d{4}-\d{4}", not_context=("order*", "ref"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("order 1234-5678", []),
        ("Ordernumber no. 1234-5678", []),
        ("order number for it is 1234-5678", []),
        ("border 1234-5678", ["1234-5678"]),
        ("My order. 1234-5678", ["1234-5678"]),
        ("My order, 1234-5678", ["1234-5678"]),
        ("an order that came late and was 1234-5678", ["1234-5678"]),
        ("1234-5678 order", ["1234-5678"]),
    ],
    ids=str,
)
def test_a_word_before_vetoes(text: str, found: list[str]) -> None:
    assert found_in(VETO, text) == found


def test_the_nearer_word_decides_where_a_match_proves_nothing() -> None:
    pattern = replace(VETO, context=("phone",))
    assert found_in(pattern, "order, phone 1234-5678") == ["1234-5678"]
    assert found_in(pattern, "order by phone 1234-5678") == ["1234-5678"]
    assert found_in(pattern, "phone order 1234-5678") == []


def test_a_likely_match_is_found_where_any_context_word_is() -> None:
    phone = next(rule for rule in RULES if rule.id == "pii/phone-number").build()
    assert found_in(phone, "The phone for your order is 415-555-0100") == ["415-555-0100"]
    assert found_in(phone, "Your order is 415-555-0100") == []


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"pattern": "("}, "not a regular expression"),
        ({"pattern": "a*"}, "matches the empty text"),
        ({"pattern": "(?<=a)(?=b)(?!c)"}, "give a `trigger`"),
        ({"pattern": r"(?=a.)(?<!b)(?:c|(?=a)..?|)(?<=a.)"}, "give a `trigger`"),
        ({"pattern": r"(?:(?:(?:(?:[a-z]{90}x){90}y){90}z){90}w){90}"}, "too large"),
        ({"pattern": "ab", "trigger": "("}, "`trigger` is not a regular expression"),
        ({"pattern": "ab", "group": 1}, "no group `1`"),
        ({"pattern": "ab", "group": "x"}, "no group `x`"),
        ({"pattern": "ab", "validator": "luck"}, "no validator `luck` (known: "),
        ({"pattern": "ab", "context": ["a", "*"]}, "is empty"),
        ({"pattern": "ab", "context_after": ["x"]}, "need `context`"),
        ({"pattern": "ab", "context_window": 0}, "at least 1"),
        ({"pattern": "ab", "max_length": 0}, "at least 1"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_wrong_parameters_are_refused(params: dict[str, Any], problem: str) -> None:
    text = json.dumps(
        {"summary": "s", "why": "w", "severity": "low", "action": "keep", "check": "pattern"}
        | {"params": params}
    )
    with pytest.raises(RuleError, match=re.escape(problem)):
        parse_rule(text, "pii/x").build()


def test_too_many_triggers_for_one_expression_still_find_the_same() -> None:
    patterns = [Pattern(rf"{letter}\w{{60}}{place}") for place, letter in enumerate("abcdefghij")]
    text = f"{'a' * 61}0 {'b' * 61}1"
    members = tuple((f"x/{number}", pattern) for number, pattern in enumerate(patterns))
    found = FusedPatterns(members).check(to_batch([[("user", text)]]))
    assert found["rule"].to_list() == ["x/0", "x/1"]


def test_the_rules_run_as_one_scan_and_keep_to_their_roles() -> None:
    rules = [
        rule.changed(roles=("assistant",)) if rule.id.startswith("pii/") else rule for rule in RULES
    ]
    batch = to_batch([[("user", "jo@example.com <|end|>"), ("assistant", "jo@example.com")]])
    found, failures = run_rules(rules, batch, on="source")
    assert not failures
    assert found.select("rule", "turn").rows() == [
        ("format/special-token", 0),
        ("pii/email-address", 1),
    ]


HOSTILE = {
    "digits": "'1' * 200_000",
    "digits and spaces": "'1 ' * 100_000",
    "digits and dashes": "'1-1 ' * 50_000",
    "groups of four": "'4111 ' * 40_000",
    "phones in a row": "'415-555-0100 ' * 15_000",
    "plus signs": "'+' * 100_000 + '+1(' * 30_000",
    "at signs": "'@' * 200_000",
    "addresses in a row": "'a@b.co' * 33_000",
    "dotted letters": "'a.' * 100_000 + '@' + 'a.' * 50_000",
    "one long name": "'a' * 200_000 + '@example.com'",
    "dotted digits": "'1.' * 100_000",
    "colons": "':' * 100_000 + 'a:' * 50_000",
    "hexadecimal": "'dead:beef:' * 20_000",
    "letters and digits": "'DE89 3704 ' * 20_000",
    "base64": "'eyJhbGciOiJI' * 16_000 + '.eyJ' * 20_000",
    "tokens": "'sk-ant-api03-' * 15_000 + 'ghp_' * 10_000 + 'xoxb-1' * 10_000",
    "schemes": "'a://' * 20_000 + 'a://b:c' * 20_000 + '@'",
    "open keys": "'-----BEGIN RSA PRIVATE KEY-----' * 6_000",
    "open key and text": "('-----BEGIN PRIVATE KEY-----' + 'A' * 40 + ' ') * 2_500",
    "assignments": "'aws_secret_access_key=' * 9_000",
    "veto words": "'order number ' * 15_000 + '415-555-0100 order ' * 5_000",
    "streets in a row": "'1 Main St, ' * 10_000",
    "units in a row": "'Apt. 5, ' * 14_000",
    "addresses announced": "'my address is 5 ' * 7_000",
    "postcodes": "'LS1 4DY CA 94105 ' * 7_000",
    "special tokens": "'<|end' * 30_000 + '|>'",
}


def test_hostile_texts_do_not_hang_the_scan() -> None:
    # A guard against runaway backtracking, not a measurement: a linear scan needs seconds for all.
    program = f"""
import resource
resource.setrlimit(resource.RLIMIT_CPU, (300, 300))
from tunegate.checks.pattern import Pattern
from tunegate.model import to_batch
from tunegate.rules import load_rules
rules = [rule for rule in load_rules() if rule.file.check == "pattern"]
scan = Pattern.fuse([(rule, rule.build()) for rule in rules])
for name, source in {HOSTILE!r}.items():
    text = eval(source)
    assert len(text) > 100_000
    for rule, pattern in scan.members:
        print(name, rule, flush=True)
        list(pattern.spans(text[:40_000]))
    scan.check(to_batch([[("user", text)]]))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    last = done.stdout.splitlines()[-1:]
    assert done.returncode == 0, f"stopped at {last}\n{done.stderr}"
    assert len(done.stdout.splitlines()) == len(HOSTILE) * len(RULES)
