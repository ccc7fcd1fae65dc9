"""Validators accept what can be a card, an account, an address or a phone number, and no more."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_contacts
import made_entities
from made_ids import VALID as EIGHTEEN_COUNTRIES
from made_ids_further import VALID as FURTHER_COUNTRIES
from tunegate.checks.judging import Certainty, Judged
from tunegate.checks.pattern import Pattern
from tunegate.checks.validators import VALIDATORS, passes_luhn
from tunegate.rules import load_rules

SURE, LIKELY, UNSURE = Certainty.SURE, Certainty.LIKELY, Certainty.UNSURE
PATTERNS = {
    rule.file.params["validator"]: re.compile(rule.file.params["pattern"])
    for rule in load_rules()
    if "validator" in rule.file.params
} | {"postal-address": re.compile("[0-9]{1,6}")}  # which has a check of its own


def judge(validator: str, text: str) -> tuple[str, Certainty] | None:
    """Return what the validator makes of the first match of its rule's pattern."""
    match = PATTERNS[validator].search(text)
    judged: Judged | None = VALIDATORS[validator](text, *match.span()) if match else None
    return (text[judged.start : judged.end], judged.certainty) if judged else None


def test_every_validator_is_used_by_a_rule() -> None:
    assert PATTERNS.keys() == VALIDATORS.keys()


@given(st.text("0123456789", min_size=1, max_size=18))
def test_exactly_one_digit_completes_a_number_to_pass_luhn(body: str) -> None:
    assert sum(passes_luhn(body + digit) for digit in "0123456789") == 1


@pytest.mark.parametrize(
    ("text", "found", "certainty"),
    [
        ("4111111111111111", "4111111111111111", LIKELY),
        ("4111 1111 1111 1111", "4111 1111 1111 1111", SURE),
        ("4111-1111-1111-1111 123", "4111-1111-1111-1111", SURE),
        ("4111111111111111 1225 123", "4111111111111111", LIKELY),
        ("4111 1111 1111 1111 12 2027 123", "4111 1111 1111 1111", SURE),
        ("12 4111 1111 1111 1111", "4111 1111 1111 1111", SURE),
        ("3782 822463 10005", "3782 822463 10005", SURE),
        ("41 11 11 11 11 11 11 11", "41 11 11 11 11 11 11 11", UNSURE),
        ("4222222222222", "4222222222222", UNSURE),
        ("2221000000000009", "2221000000000009", LIKELY),
        ("6759649826438453", "6759649826438453", LIKELY),
    ],
    ids=str,
)
def test_cards(text: str, found: str, certainty: Certainty) -> None:
    assert judge("payment-card", text) == (found, certainty)


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # check digit
        "9999999999999995",  # no issuer
        "0000000000000000",
        "1111 4111 1111 1111 1111",  # the middle of something longer
        "GB29 NWBK 4111 1111 1111 1111",  # the end of an IBAN
        "v4111111111111111",
        "0.4111111111111111",
    ],
)
def test_numbers_that_are_no_cards(text: str) -> None:
    assert judge("payment-card", text) is None


@given(st.sampled_from(["4", "51", "37", "6011", "36"]), st.integers(min_value=0))
def test_a_card_with_one_wrong_digit_is_none(head: str, seed: int) -> None:
    length = {"37": 15, "36": 14}.get(head, 16)
    body = (head + str(seed).zfill(length))[: length - 1]
    number = next(body + digit for digit in "0123456789" if passes_luhn(body + digit))
    place = seed % (length - 1)
    wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert judge("payment-card", wrong) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("GB82WEST12345698765432", "GB82WEST12345698765432"),
        ("gb82 west 1234 5698 7654 32 please", "gb82 west 1234 5698 7654 32"),
        ("DE89 3704 0044 0532 0130 00 NO93 8601", "DE89 3704 0044 0532 0130 00"),
        ("MT84MALT011000012345MTLCAST001S", "MT84MALT011000012345MTLCAST001S"),
        ("NO93 8601 1117 947", "NO93 8601 1117 947"),
    ],
    ids=str,
)
def test_ibans(text: str, found: str) -> None:
    assert judge("iban", text) == (found, SURE)


@pytest.mark.parametrize(
    "text",
    [
        "GB82WEST12345698765433",
        "GB82WEST123456987654321",  # goes on
        "GB82WEST1234569876543",  # too short
        "XX82WEST12345698765432",  # no country of the registry
        "DE00255874332585453733",  # modulo 97 holds, but 00 is never issued
    ],
)
def test_numbers_that_are_no_ibans(text: str) -> None:
    assert judge("iban", text) is None


@pytest.mark.parametrize(
    ("text", "certainty"),
    [("078-05-1120", LIKELY), ("078 05 1120", UNSURE), ("078051120", UNSURE)],
)
def test_social_security_numbers(text: str, certainty: Certainty) -> None:
    assert judge("us-ssn", text) == (text, certainty)


@pytest.mark.parametrize(
    "text",
    ["000-05-1120", "666-05-1120", "912-05-1120", "078-00-1120", "078-05-0000", "078-05 1120"],
)
def test_social_security_numbers_that_are_never_issued(text: str) -> None:
    assert judge("us-ssn", text) is None


@pytest.mark.parametrize(
    ("validator", "text", "found", "certainty"),
    [
        ("ipv4", "203.0.113.9.", "203.0.113.9", LIKELY),
        ("ipv4", "1.2.3.4", "1.2.3.4", UNSURE),
        ("ipv6", "2001:db8::1:", "2001:db8::1", SURE),
        ("ipv6", "::ffff:192.0.2.1", "::ffff:192.0.2.1", SURE),
        ("ipv6", "2001:db8::", "2001:db8::", SURE),
    ],
    ids=str,
)
def test_addresses(validator: str, text: str, found: str, certainty: Certainty) -> None:
    assert judge(validator, text) == (found, certainty)


@pytest.mark.parametrize(
    ("validator", "text"),
    [
        ("ipv4", "127.0.0.1"),
        ("ipv4", "255.255.255.0"),
        ("ipv4", "192.0.2.256"),
        ("ipv4", "1.2.3.4.5"),
        ("ipv6", "12:30:45"),
        ("ipv6", "00:1a:2b:3c:4d:5e"),
        ("ipv6", "00:1a:2b:ff:fe:3c:4d:5e"),
        ("ipv6", "face::beef"),
        ("ipv6", "::1"),
        ("ipv6", "12::30"),
    ],
)
def test_what_is_no_address(validator: str, text: str) -> None:
    assert judge(validator, text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("jané.doe+x@example.co.uk.", "jané.doe+x@example.co.uk"),
        ("'sam@example.com'", "sam@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("a..b@example.com", "b@example.com"),
        (r"\njo@example.com", "jo@example.com"),
        (r"jos\u00e9@example.com", r"jos\u00e9@example.com"),
        ("请写jo@example.com谢谢", "jo@example.com"),
        ("see https://example.com/?to=jo@example.com", "jo@example.com"),
    ],
    ids=str,
)
def test_email_addresses_take_their_name_along(text: str, found: str) -> None:
    assert judge("email-address", text) == (found, SURE)


@pytest.mark.parametrize(
    "text",
    [
        "@example.com",
        " @ example.com",
        "https://u:p@example.com",
        "git@example.com:a/b",
        "a@b",
        "x@2x.png",
    ],
)
def test_what_is_no_email_address(text: str) -> None:
    assert judge("email-address", text) is None


# How people of a country write a number; those of 2001 and later plans are invented or reserved.
NATIONAL = {
    "Argentina": "011 2345-6789",
    "Australia": "(02) 5550 1234",
    "Austria": "0664 1234567",
    "Bangladesh": "01812-345678",
    "Belgium": "0470 12 34 56",
    "Brazil": "(11) 91234-5678",
    "Bulgaria": "048 123 456",
    "Canada": "604-555-0123",
    "Chile": "9 6123 4567",
    "China": "131 2345 6789",
    "Colombia": "321 1234567",
    "Costa Rica": "8312 3456",
    "Czechia": "601 123 456",
    "Denmark": "32 12 34 56",
    "Finland": "041 2345678",
    "France": "01 99 00 12 34",
    "Germany": "030 23125 012",
    "Greece": "21 2345 6789",
    "Hungary": "06 1 234 5678",
    "India": "98765 43210",
    "Ireland": "(01) 234 5678",
    "Israel": "050-234-5678",
    "Italy": "02 1234 5678",
    "Japan": "03-1234-5678",
    "Kenya": "0712 123456",
    "Mexico": "55 1234 5678",
    "Morocco": "0650-123456",
    "Netherlands": "06-12345678",
    "New Zealand": "021 123 4567",
    "Norway": "406 12 345",
    "Poland": "512 345 678",
    "Portugal": "912 345 678",
    "Romania": "0712 034 567",
    "Russia": "8(912)345-67-89",
    "Senegal": "70 123 45 67",
    "Singapore": "8123 4567",
    "South Africa": "071 123 4567",
    "South Korea": "010-2000-0000",
    "Spain": "612 34 56 78",
    "Sweden": "08-12 34 56",
    "Switzerland": "078 123 45 67",
    "Turkey": "0501 234 56 78",
    "Ukraine": "050 123 4567",
    "United Kingdom": "07700 900123",
    "United States": "(212) 555-0123",
}


@pytest.mark.parametrize("country", NATIONAL)
def test_national_formats_need_no_context(country: str) -> None:
    assert judge("phone-number", f"{NATIONAL[country]}.") == (NATIONAL[country], LIKELY)


@pytest.mark.parametrize(
    ("text", "found", "certainty"),
    [
        ("+44 20 7946 0018", "+44 20 7946 0018", SURE),
        ("(+44) 20 7946 0018", "(+44) 20 7946 0018", SURE),
        ("+49 (0)30 23125-012", "+49 (0)30 23125-012", SURE),
        ("+1 415 555 0100 2 people", "+1 415 555 0100", SURE),
        ("+1 415-555-0100-2", "+1 415-555-0100", SURE),
        ("+1 415 555 01000", "+1 415 555 01000", SURE),
        ("+14155550100x22", "+14155550100x22", SURE),
        ("0044 20 7946 0018", "0044 20 7946 0018", LIKELY),
        ("00442079460018", "00442079460018", UNSURE),
        ("4155550100", "4155550100", UNSURE),
        ("415-555-0100 ext. 7", "415-555-0100 ext. 7", LIKELY),
        ("room 12 415-555-0100 2 people", "415-555-0100", LIKELY),
        ("415-555-0100 / 415-555-0101", "415-555-0100", LIKELY),
        ("06 12 34 56 78 / 06 12 34 56 79", "06 12 34 56 78", LIKELY),
        ("415\u00a0555\u20110100", "415\u00a0555\u20110100", LIKELY),
        ("(020 7946 0018)", "020 7946 0018", LIKELY),
        ("12 34 5678 9", "12 34 5678 9", UNSURE),
        ("03-12345", "03-12345", UNSURE),
        ("555-0123.", "555-0123", LIKELY),
        ("555-0123 units", "555-0123", UNSURE),
        ("38 40 42 44", "38 40 42 44", UNSURE),
    ],
    ids=str,
)
def test_phone_numbers(text: str, found: str, certainty: Certainty) -> None:
    assert judge("phone-number", text) == (found, certainty)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-15", "15.01.2026", "01/15/2026", "2026-01-15 10", "20260115", "15012026",
        "20260115103045", "1673778645123", "2019-2026", "09.00-17.00",
        "192.168.100.100", "10.15.7-1234", "40.712800 -74.006000", "12.345.678", "1500-2000",
        "078-05-1120", "10001-1234", "978-3-16-148410-0", "0-306-40615-2",
        "$415 555 0100", "415 555 0100 €", "415 555 0100 USD", "415-555-0100%", "1,415 555 0100",
        "#415-555-0100", "x/415-555-0100", "415-555-0100@example.com",
        "4111 1111 1111 1111", "DE89 3704 0044 0532", "1Z 999 AA1 01 2345 6784",
        "006-8012540-7023495", "+999 1234 5678", "+1 415 555", "12345",
    ],
)  # fmt: skip
def test_numbers_that_are_no_phones(text: str) -> None:
    assert judge("phone-number", text) is None


def test_every_date_of_a_leap_year_is_no_phone() -> None:
    for month, day, by in product(range(1, 13), range(1, 30), "-./ "):
        for date in (f"2028{by}{month:02}{by}{day:02}", f"{day:02}{by}{month:02}{by}2028"):
            assert judge("phone-number", f"{date} ") is None, date


@pytest.mark.parametrize(
    ("token", "valid"),
    [
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln", True),
        ("eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiJhIn0.", True),
        ("eyJhYmMiOiJ4eXoifQ.eyJzdWIiOiJhIn0.c2ln", False),  # a JSON object of something else
        ("eyJxxxxxxxxxxxx.eyJzdWIiOiJhIn0.c2ln", False),  # no JSON
    ],
)
def test_web_tokens_have_a_readable_header(token: str, valid: bool) -> None:
    assert (judge("json-web-token", token) is not None) is valid


@given(st.sampled_from(sorted(VALIDATORS)), st.data())
def test_a_validator_never_raises_and_stays_inside_the_text(name: str, data: st.DataObject) -> None:
    around = st.text("@+-. ()/\\nu09Aa:é\u4f60", max_size=20)
    core = data.draw(st.from_regex(PATTERNS[name]))
    text = data.draw(around) + core + data.draw(around)
    for match in PATTERNS[name].finditer(text):
        judged = VALIDATORS[name](text, *match.span())
        assert judged is None or 0 <= judged.start < judged.end <= len(text)


# All from ranges that are reserved for documentation or published by their owner as samples.
DOCUMENTED = {
    "pii/email-address": "jane.doe@example.org",
    "pii/iban": "DE89370400440532013000",
    "pii/ipv4-address": "203.0.113.7",
    "pii/ipv6-address": "2001:db8::1",
    "pii/payment-card": "4111111111111111",
    "pii/phone-number": "415-555-0100",
    "pii/postcode": "LS1 4DY",
    "pii/us-ssn": "078-05-1120",
}
NEIGHBOURS = {
    "comma": (",", ","),
    "comma and words": ("row,", ",Jane"),
    "comma and digits": ("17,", ",42,x"),
    "semicolon": ("7;", ";7"),
    "tab": ("7\t", "\t7"),
    "pipe": ("7|", "|7"),
    "double quotes": ('"', '"'),
    "single quotes": ("'", "'"),
    "brackets": ("[", "]"),
    "round brackets": ("(", ")"),
    "braces": ("{", "}"),
    "angle brackets": ("<", ">"),
    "equals": ("value=", "=value"),
    "JSON": ('{"value":"', '","n":7}'),
    "JSON in JSON": ('{\\"value\\":\\"', '\\",\\"n\\":7}'),
    "escaped breaks": ("\\n", "\\n"),
}
CHECKS: dict[str, Pattern] = {
    rule.id: rule.build() for rule in load_rules() if rule.id in DOCUMENTED
}


def found_in(rule: str, text: str) -> list[str]:
    """Return what a rule finds in a text, the words around it considered."""
    return [text[span.start : span.end] for span, asks in CHECKS[rule].spans(text) if not asks]


@pytest.mark.parametrize("neighbours", NEIGHBOURS.values(), ids=NEIGHBOURS)
@pytest.mark.parametrize("rule", DOCUMENTED)
def test_a_value_is_found_between_the_separators_of_lists_and_tables(
    rule: str, neighbours: tuple[str, str]
) -> None:
    value = DOCUMENTED[rule]
    before, after = neighbours
    assert found_in(rule, before + value + after) == [value]
    # A list of two, each with the other behind the same separator.
    assert found_in(rule, f"{before}{value}{after} {before}{value}{after}") == [value] * 2


@pytest.mark.parametrize("by", [",", ";", "\t", "|", "=", '","', "],["], ids=repr)
@pytest.mark.parametrize("rule", DOCUMENTED)
def test_both_values_of_a_list_are_found(rule: str, by: str) -> None:
    value = DOCUMENTED[rule]
    assert found_in(rule, f"[{value}{by}{value}]") == [value] * 2


def test_every_pattern_of_personal_data_has_a_documented_or_a_made_value() -> None:
    made = {
        *DOCUMENTED,
        *EIGHTEEN_COUNTRIES,
        *FURTHER_COUNTRIES,
        *made_entities.VALID,
        *made_contacts.VALID,
    }
    patterns = {rule.id for rule in load_rules() if rule.file.check == "pattern"}
    assert {rule for rule in patterns if rule.startswith("pii/")} <= made
