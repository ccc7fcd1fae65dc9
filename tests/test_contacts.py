"""Phone numbers, addresses and postcodes of many countries are found whole, and little else is."""

import re
from random import Random

import pytest

from made_contacts import VALID
from tunegate.checks.addresses import words
from tunegate.checks.addresses.hints import HINTS
from tunegate.checks.judging import Judged
from tunegate.checks.phones.plans import SHAPES
from tunegate.checks.validators import VALIDATORS
from tunegate.model import BatchCheck, to_batch
from tunegate.rules import load_rules

CHECKS: dict[str, BatchCheck] = {rule.id: rule.build() for rule in load_rules() if rule.id in VALID}

PATTERNS = {
    rule.id: rule.file.params.get("pattern", "[0-9]{1,6}")
    for rule in load_rules()
    if rule.id in VALID
}


def found(rule: str, *texts: str) -> list[str]:
    """Return what a rule finds in one conversation of user messages."""
    spans = CHECKS[rule].check(to_batch([[("user", text) for text in texts]]))
    return [
        texts[turn][start:end] for turn, start, end in spans.select("turn", "start", "end").rows()
    ]


@pytest.mark.parametrize("rule", VALID)
def test_what_is_made_is_found_to_the_code_point(rule: str) -> None:
    rng = Random(7)
    made = [VALID[rule](rng) for _ in range(300)]
    missed = [(text, found(rule, text)) for text, value in made if found(rule, text) != [value]]
    assert not missed


@pytest.mark.parametrize(
    "written",
    [
        "612 345 678", "8123 4567", "06 12 34 56 78", "20 49 12 34", "21 234 5678", "234 5678",
        "01 23 45 67 89", "(021) 8350123", "9 435 1234", "22 345678", "8 0152 45-09-11",
        "2 345 678", "0590 27 12 34", "1900 123 456", "0800 1234567",
    ],
)  # fmt: skip
def test_a_number_grouped_as_a_country_does_is_found_where_no_word_names_it(written: str) -> None:
    for sentence in ("{}", "{} is best", "try {}", "Sure: {}.", "Use {} or write to me"):
        assert found("pii/phone-number", sentence.format(written)) == [written]


@pytest.mark.parametrize(
    "text",
    [
        "We sold 612 345 678 of them",
        "about 8123 4567 units",
        "sizes 38 40 42 44",
        "pages 120-180 and 211-234",
        "the years 1717-1800, 2015 2016 2017",
        "we have 20 49 12 34",
        "It was 120-108 for San Antonio",
        "612345678 is best",
        "31234 is best",
        "I bought 800 ROUNDS",
        "the phone number ends in 4532",
        "call us at 10 30",
    ],
)
def test_amounts_sizes_years_and_scores_are_no_phone_numbers(text: str) -> None:
    assert found("pii/phone-number", text) == []


def test_every_grouping_begins_with_two_digits_that_occur() -> None:
    assert len(SHAPES) > 200
    for shape, first in SHAPES.items():
        assert sum(int(sign) for sign in shape if sign.isdigit()) >= 6, shape
        assert first, shape


ADDRESSES = [
    "Lange Straße 5, 38100 Braunschweig",
    "Mariahilfer Straße 88/2/14, 1070 Wien",
    "Bahnhofstrasse 10, 8001 Zürich, Schweiz",
    "12 bis, rue de la Paix, 75002 Paris",
    "Rue de la Loi 16, 1000 Bruxelles",
    "C/ Gran Vía 28, 3º B, 28013 Madrid",
    "Corso Buenos Aires 12, 20124 Milano (MI)",
    "Prinsengracht 263, 1016 GV Amsterdam",
    "Avenida da Liberdade 110, 1250-146 Lisboa",
    "Rua Augusta, 1500, São Paulo - SP, 01304-001",
    "Karl Johans gate 22, 0159 Oslo",
    "Vesterbrogade 12, 2. th, 1620 København V",
    "Aleksanterinkatu 5 B 12, 00100 Helsinki",
    "ul. Marszałkowska 10/12 m. 5, 00-590 Warszawa",
    "Kossuth Lajos utca 12, 1053 Budapest",
    "Flat No. 12, 3rd Floor, MG Road, Bengaluru 560001",
    "221B Baker Street, London NW1 6XE, UK",
    "Unit 5/12 Smith Street, Fitzroy VIC 3065",
    "100 Queen St W, Toronto, ON M5H 2N2, Canada",
    "350 Fifth Avenue, New York, NY 10118",
    "82386 Hall Mission Apt. 123, Port Jane, OH 44123",
    "12 High Street\nOxford\nOX1 4AB",
    "Unit 3906 Box 2810\nDPO AE 08750",
    "31 Brookvale 66\n Suite 574\n Wexford\n Ireland 12345",
    "Kerkstraat 7\n1317 YB\nNieuwdorp",
    "998 West Mission Bay Drive",
    "123-01 Roosevelt Avenue",
    "ул. Ленина, д. 5, кв. 12, Москва",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_found_whole(address: str) -> None:
    for sentence in ("{}", "Please send it to {}", "My address is {}.", "Address:\n{}\nThanks"):
        assert found("pii/postal-address", sentence.format(address)) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "123 people, 5 roads, 24 hour drive, 3 way call, 2 hard drive, a 5 mile road",
        "The 2 place settings; 50 St patrons; 3 Dr visits; 20 Pl orders",
        "Version 12 Park build; Chapter 3 Way forward; Windows 10 Drive letter",
        "In 2019 Street View was updated; 404 Page Not Found on Route 53",
        "Gate 12 close at 5; I have 3 Court dates; room 12 floor 3",
        "from Monday 12 March Road works; via Zoom 2 times; via Amazon 3 days",
        "Spring 2024; During 2023; Investigate 3; iPad 3; Copenhagen 12; Marketing 5",
        "No hay pago en camino. Soy cliente desde 2023",
        "March 3, 2010 is when it came out.",
        "the email address is jo 5, the IP address is Foo 12",
        "Did you watch The Ring 2?",
        "10 Downloads Drive error on 3 PCs",
    ],
)
def test_other_numbers_with_names_are_no_addresses(text: str) -> None:
    assert found("pii/postal-address", text) == []


def test_an_answer_to_the_question_for_an_address_is_one() -> None:
    assert found("pii/postal-address", "What is your address?", "17 Oakfield") == ["17 Oakfield"]
    assert found("pii/postal-address", "How many do you need?", "17 Oakfield") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (",", ","),
        ("row,", ",Jane"),
        ("17,", ",42,x"),
        ("7;", ";7"),
        ("7\t", "\t7"),
        ("7|", "|7"),
        ("'", "'"),
        ("(", ")"),
        ("<", ">"),
        ("value=", "=value"),
        ('{"value":"', '","n":7}'),
        ('{\\"value\\":\\"', '\\",\\"n\\":7}'),
        ("\\n", "\\n"),
    ],
    ids=repr,
)
def test_an_address_is_found_between_the_separators_of_tables(before: str, after: str) -> None:
    value = "12 Main Street"
    assert found("pii/postal-address", before + value + after) == [value]
    assert (
        found("pii/postal-address", f"{before}{value}{after} {before}{value}{after}") == [value] * 2
    )


def test_the_hints_know_every_word_that_the_validator_reads() -> None:
    after = words.STREET_TYPES | words.DOUBTFUL_TYPES | words.RARE_TYPES | words.FRENCH_TYPES
    texts = [f"x 12 Foo {word.strip('.')}, Bar" for word in after]
    texts += [f"x {word} Foo 12" for word in words.FIRST_TYPES | words.CUES]
    texts += [f"Foo{word} 12" for word in words.ENDINGS | words.DOUBTFUL_ENDINGS]
    texts += [f"x {word} 12" for word in words.UNITS | words.BOXES]
    missed = [text for text in texts if not any(re.search(hint, text) for hint in HINTS)]
    assert not missed


def test_the_message_before_is_not_judged_for_standing_there() -> None:
    asked = [[("user", "12 Main"), ("user", "It is 12 Main Street")], [("user", "12 Main")]]
    spans = CHECKS["pii/postal-address"].check(to_batch(asked))
    assert spans.select("row", "turn").rows() == [(0, 1)]


@pytest.mark.parametrize("rule", VALID)
@pytest.mark.parametrize("padding", ["x ", "1 ", "Aa ", "address ", "\n", "5 Main St, "])
def test_no_more_than_a_window_around_a_match_is_read(rule: str, padding: str) -> None:
    # What a match costs does not grow with the text, so a scan is linear in it.
    validator = VALIDATORS[rule.partition("/")[2]]
    made, value = VALID[rule](Random(3))
    text = f"{made}\n"
    near, far = padding * 300, padding * 3_000

    pattern = re.compile(PATTERNS[rule])

    def judged(around: str) -> Judged | None:
        whole = around + text + around
        start = whole.index(value, len(around))
        digit = start + next(place for place, sign in enumerate(value) if sign.isdigit())
        match = next(each for each in pattern.finditer(whole) if each.end() > digit)
        result = validator(whole, *match.span())
        return result and result._replace(
            start=result.start - len(around), end=result.end - len(around)
        )

    assert judged(near) == judged(far)
