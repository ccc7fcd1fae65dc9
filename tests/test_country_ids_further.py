"""Identifiers of the further countries: what is made right is found, what is made wrong is not."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_ids_further import INVALID, VALID
from said_ids_further import SAID
from tunegate.checks.pattern import Pattern
from tunegate.checks.validators import VALIDATORS
from tunegate.model import to_batch
from tunegate.rules import load_rules
from tunegate.scanner import Scanner

MANY = 100  # values a rule
MOST_LOST = 0.03  # of them that the number of another country may win, where both look right
MOST_AT_RANDOM = 0.005  # of random numbers that a rule may take for its own without a word

RULES = {rule.id: rule for rule in load_rules() if rule.id in VALID}
CHECKS: Mapping[str, Pattern] = {name: rule.build() for name, rule in RULES.items()}

# Values that authorities and standards print as examples, or that are known from their documents.
PUBLISHED = {
    "pii/at-insurance-number": "1237 010180",
    "pii/at-tax-number": "59-119/9013",
    "pii/be-enterprise-number": "0428.759.497",
    "pii/be-national-number": "85.07.30-033.28",
    "pii/bg-egn": "8032056031",
    "pii/bg-foreigner-number": "7111042925",
    "pii/br-cnh": "58316794534",
    "pii/br-cnpj": "12.ABC.345/01DE-35",
    "pii/br-cpf": "390.533.447-05",
    "pii/br-pis": "268.27649.96-0",
    "pii/ch-ahv-number": "756.9217.0769.85",
    "pii/ch-enterprise-number": "CHE-100.155.212",
    "pii/cl-rut": "12.531.909-2",
    "pii/co-nit": "213.123.432-1",
    "pii/cy-tax-number": "10259033P",
    "pii/cz-sk-birth-number": "710319/2745",
    "pii/cz-sk-company-number": "25123891",
    "pii/dk-cvr": "13585628",
    "pii/do-identity-number": "224-0002211-1",
    "pii/ec-identity-number": "171430710-3",
    "pii/ec-ruc": "1792060346-001",
    "pii/ee-isikukood": "36805280109",
    "pii/eu-vat": "FR 44 732 829 320",
    "pii/fr-nir": "2 95 10 99 126 111 93",
    "pii/fr-siren": "732 829 320",
    "pii/fr-siret": "732 829 320 00074",
    "pii/fr-tax-number": "30 23 217 600 053",
    "pii/gr-amka": "01013099997",
    "pii/gr-tax-number": "094259216",
    "pii/hk-identity-card": "A123456(3)",
    "pii/hr-oib": "33392005961",
    "pii/hu-company-tax-number": "12892312-1-42",
    "pii/hu-taj": "111111110",
    "pii/hu-tax-number": "8422780135",
    "pii/id-nik": "3171011708450001",
    "pii/id-npwp": "01.312.166.0-091.000",
    "pii/ie-pps": "6433435OA",
    "pii/il-identity-number": "3933742-3",
    "pii/is-kennitala": "120174-3399",
    "pii/jp-corporate-number": "5-8356-7825-6246",
    "pii/jp-my-number": "6214 9832 0257",
    "pii/ke-kra-pin": "P051365947M",
    "pii/lt-asmens-kodas": "33309240064",
    "pii/lv-personas-kods": "328673-00679",
    "pii/mx-curp": "BOXW310820HNERXN09",
    "pii/mx-rfc": "GODE 561231 GR8",
    "pii/my-mykad": "770305-02-1234",
    "pii/nl-bsn": "1112.22.333",
    "pii/no-birth-number": "151086 95088",
    "pii/no-organisation-number": "988 077 917",
    "pii/nz-ird-number": "49-098-576",
    "pii/nz-nhi-number": "ZSC21TN",
    "pii/pe-dni": "10117410-2",
    "pii/pe-ruc": "20512333797",
    "pii/pk-cnic": "34201-0891231-8",
    "pii/pt-citizen-card": "00000000 0 ZZ4",
    "pii/pt-nif": "501 964 843",
    "pii/pt-niss": "12345678910",
    "pii/ro-cnp": "1630615123457",
    "pii/ro-fiscal-number": "18547290",
    "pii/ru-inn": "123456789047",
    "pii/ru-ogrn": "1022200525819",
    "pii/ru-snils": "112-233-445 95",
    "pii/si-emso": "0101006500006",
    "pii/si-tax-number": "50223054",
    "pii/sk-tax-number": "2022749619",
    "pii/tw-identity-number": "A123456789",
    "pii/ua-taxpayer-number": "1759013776",
    "pii/ve-rif": "V-11470283-4",
    "pii/vn-tax-number": "0314409058-002",
}

# What stands in tickets and is no identifier of a person; no rule may find it.
ORDINARY = [
    "Order 4006381333931 has shipped, tracking 1Z999AA10123456784.",
    "Epoch 1673778645 or 1673778645123 or 20230115103045.",
    "Version 10.15.7.2 build 20230115, commit 3f2a9c1b.",
    "ISBN 978-3-16-148410-0 or 0-306-40615-2, EAN 5901234123457.",
    "It costs 1.234.567,89 or 12,345,678.90 or $ 12.345.678.",
    "From 2019-2020, 12/31/2023 10:30:45, 31.12.2023, 2023-12-31T10:30:45Z.",
    "Call +1 (415) 555-0100, 020 7946 0018, 030 23125 012, 06-12345678.",
    "Card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00.",
    "Invoice 2023-001234, ticket #4155550100, case 500-1234567.",
    "UUID 123e4567-e89b-12d3-a456-426614174000, MAC 00:1a:2b:3c:4d:5e.",
    "Coordinates 40.712800, -74.006000 and 52.520008 13.404954.",
    "https://example.com/orders/39053344705/items/85073003328",
    "Error 0x80070057 in module ABC123456.dll at line 123456789.",
    "de 123 456 789, es 12345678Z, it 12345678901, at 12345678, be 0123456789",
    "Part AB123456, A123456789, P051365947M, X1234567 and V12345678 are sold out.",
    "We have 39053344705 rows, 36805280109 bytes and 111222333 users.",
    "My ID badge does not open the door, my passport photo is blurred.",
    "The driving licence check takes 10-15 minutes, since 01.01.2021.",
    "Tax of 1,234,567.00 on 2023-01-15; tax id missing.",
    "注文番号は123456789012です。订单号 110101199003071234 已发货。",
]

Span = tuple[str, int, int]


@cache
def scanner() -> Scanner:
    return Scanner(list(RULES.values()), on="source")


def found_in(texts: list[str]) -> list[list[Span]]:
    """Return what all the rules together find in each text."""
    found, failures = scanner().run(to_batch([[("user", text)] for text in texts]))
    assert not failures
    spans: list[list[Span]] = [[] for _ in texts]
    for row, rule, start, end in found.select("row", "rule", "start", "end").iter_rows():
        spans[row].append((rule, start, end))
    return spans


def winner(spans: list[Span]) -> Span | None:
    """Return the one that is redacted: the highest priority, then the longest."""

    def rank(span: Span) -> tuple[int, int]:
        return RULES[span[0]].file.priority, span[2] - span[1]

    return max(spans, key=rank, default=None)


def said(rule: str, values: list[str]) -> list[tuple[str, Span]]:
    """Return each value in one of the rule's sentences, and what must be found there."""
    texts = []
    for number, value in enumerate(values):
        before, after = SAID[rule][number % 2].split("{}")
        span = (rule, len(before), len(before) + len(value))
        texts.append((before + value + after, span))
    return texts


def test_every_rule_has_made_values_and_sentences() -> None:
    assert RULES.keys() == VALID.keys() == SAID.keys()
    assert INVALID.keys() < VALID.keys()


@pytest.mark.parametrize("rule", sorted(VALID))
def test_right_ones_are_found_exactly_and_by_their_own_rule(rule: str) -> None:
    rng = Random(rule)  # seeded with a name, so that each rule's values stay as they are
    texts = said(rule, [VALID[rule](rng) for _ in range(MANY)])
    found = found_in([text for text, _ in texts])
    missed = [text for (text, span), spans in zip(texts, found, strict=True) if span not in spans]
    assert not missed
    lost = Counter(
        str(winner(spans))
        for (_, span), spans in zip(texts, found, strict=True)
        if winner(spans) != span
    )
    assert lost.total() <= MANY * MOST_LOST, lost


@pytest.mark.parametrize("rule", sorted(INVALID))
def test_wrong_ones_are_not_found_by_their_rule(rule: str) -> None:
    rng = Random(rule)
    texts = [text for text, _ in said(rule, [INVALID[rule](rng) for _ in range(MANY)])]
    wrong = [
        text
        for text, spans in zip(texts, found_in(texts), strict=True)
        if any(name == rule for name, _, _ in spans)
    ]
    assert not wrong


@pytest.mark.parametrize(("rule", "value"), PUBLISHED.items())
def test_published_examples_are_found(rule: str, value: str) -> None:
    (text, span), *_ = said(rule, [value])
    assert span in found_in([text])[0]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_numbers_are_no_identifiers(text: str) -> None:
    assert found_in([text]) == [[]]


NEIGHBOURS = {
    "commas": ("7,", ",7"),
    "semicolons": ("7;", ";7"),
    "tabs": ("7\t", "\t7"),
    "bars": ("|", "|"),
    "quotes": ('"', '"'),
    "brackets": ("[(", ")]"),
    "angles": ("<", ">"),
    "equals": ("value=", "=value"),
    "JSON": ('{"value":"', '","n":7}'),
    "escaped breaks": ("\\n", "\\n"),
}


@pytest.mark.parametrize("neighbours", NEIGHBOURS.values(), ids=NEIGHBOURS)
@pytest.mark.parametrize("rule", sorted(VALID))
def test_a_value_is_found_between_separators(rule: str, neighbours: tuple[str, str]) -> None:
    rng, (before, after) = Random(rule), neighbours
    for value in (VALID[rule](rng) for _ in range(5)):
        text = SAID[rule][0].split("{}")[0] + before + value + after
        assert value in [text[s.start : s.end] for s, _ in CHECKS[rule].spans(text)]


def test_hardly_a_random_number_is_taken_for_an_identifier_without_a_word() -> None:
    rng, many = Random("without a word"), 500
    for length in range(8, 19):
        numbers = ["".join(rng.choices("0123456789", k=length)) for _ in range(many)]
        found = found_in([f"it says {number} there" for number in numbers])
        share = Counter(rule for spans in found for rule, _, _ in spans)
        assert all(count <= 5 * MOST_AT_RANDOM * many for count in share.values()), share


WRITTEN = st.text(
    "0123456789" * 4 + "ABCEFGHIJKLMNPRSTUVXYZabcehksx .-/()", min_size=6, max_size=24
)


@settings(max_examples=300, deadline=None)
@given(WRITTEN)
def test_whatever_the_patterns_match_the_validators_answer(text: str) -> None:
    for check in CHECKS.values():
        for match in re.compile(check.pattern, re.IGNORECASE * check.ignore_case).finditer(text):
            if check.validator:
                VALIDATORS[check.validator](text, *match.span())
