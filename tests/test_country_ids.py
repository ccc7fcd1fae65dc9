"""Identifiers of countries are found in all their forms, by their own rule, and no others are."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from made_ids import VALID, WRONG
from test_validators import NATIONAL, NEIGHBOURS
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


@pytest.mark.parametrize("neighbours", NEIGHBOURS.values(), ids=NEIGHBOURS)
@by_rule
def test_a_value_is_found_between_the_separators_of_lists_and_tables(
    rule: str, neighbours: tuple[str, str]
) -> None:
    value, (before, after) = VALID[rule](Random(rule)), neighbours
    named = (*CHECKS[rule].context, "")[0].rstrip("*")
    text = f"{named} {before}{value}{after}"
    assert [text[found.start : found.end] for found in spans(rule, text)] == [value]


MOST_OF_RANDOM = 0.005  # share of random digits that a rule may take without a word


@pytest.mark.parametrize("length", range(8, 17))
def test_of_random_digits_no_rule_takes_more_than_one_in_two_hundred(length: int) -> None:
    r, count = Random(length), 2000
    texts = ["".join(r.choice("0123456789") for _ in range(length)) for _ in range(count)]
    taken = Counter(rule for text in texts for rule in CHECKS for _ in spans(rule, text))
    assert {rule: n for rule, n in taken.items() if n > MOST_OF_RANDOM * count} == {}


def test_no_time_is_an_identifier() -> None:
    start, step = datetime(2015, 1, 1, tzinfo=UTC), timedelta(days=1, hours=1, minutes=7)
    for number in range(0, 5000, 3):
        at = start + number * step
        seconds = int(at.timestamp())
        text = f"{at:%Y%m%d%H%M} {at:%Y%m%d%H%M%S} {at:%Y-%m-%d %H:%M} {at:%d/%m/%Y}"
        assert winners(text) == [], text
        # Unix times from the middle of 2017 on, when codes of the same digits are told apart.
        if seconds >= 1_500_000_000:
            assert winners(f"{seconds} {seconds}{number % 1000:03}") == []


@pytest.mark.parametrize("country", NATIONAL)
def test_no_phone_number_is_an_identifier(country: str) -> None:
    assert winners(f"Call {NATIONAL[country]}.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Order 123-4567890-1234567 and #10000000146",
        "Order number AB123456C. Order S1234567D. Order no 12345678Z.",
        "Tracking 1Z 999 AA1 01 2345 6784 or 9400 1000 0000 0000 0000 00",
        "FedEx tracking 3123 4567 8909",
        "Versions 10.15.7, 2.14.0-20230115 and 1.0.0.12345678903",
        "It costs $435,418,165.00 or 435.418.165,00 or € 435 418 165",
        "1 130 692 544 rows, 130 692 544 990 bytes",
        "commit 8e63c51aa0d91a2b6b1d2f4c1d2f3a4b5c6d7e8f",
        "id 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "https://example.com/orders/44051401359/12345678903",
        "SKU-12345678Z and part X9613851N",
        "ISBN 978-3-16-148410-0 and EAN 8801234567893",
        "GPS 40.712800 -74.006000",
        "Card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00",
        "invoice_12345678903.pdf and scan-8001015009087.png",
    ],
)
def test_what_is_no_identifier(text: str) -> None:
    assert winners(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("TC kimlik 10000000146", "pii/tr-tckn"),
        ("Steuer-ID 98765432106", "pii/de-steuer-id"),
        ("ABN 51824753556", "pii/au-abn"),
        ("P.IVA 01333550323", "pii/it-partita-iva"),
        ("NIN 12345678902", "pii/ng-nin"),
        ("NHS 0032698674", "pii/uk-nhs-number"),
        ("NPI 1234567893", "pii/us-npi"),
        ("SIN 130692544", "pii/ca-sin"),
        ("TFN 876543210", "pii/au-tfn"),
        ("UK passport 237036107", "pii/uk-passport"),
        ("passport 237036107", "pii/us-passport"),
        ("Reisepass C01X00T41", "pii/de-reisepass"),
        ("여권 M12345678", "pii/kr-passport"),
        ("passaporto AA1234567", "pii/it-passport"),
    ],
)
def test_numbers_that_look_alike_are_told_apart_by_the_word_before(text: str, rule: str) -> None:
    assert [name for _, name in winners(text)] == [rule]
    bare = text.rpartition(" ")[2]
    assert {name for _, name in winners(bare)} <= {"pii/de-steuer-id"}
