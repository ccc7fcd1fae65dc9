"""Masks, moved dates and made-up values: same shape, as valid as before, and never the value."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.checks.validators import VALIDATORS
from tunegate.rules import load_rules, parse_rule
from tunegate.styles.dates import shifted
from tunegate.styles.draw import Draw
from tunegate.styles.kinds import Kind, kind_of
from tunegate.styles.masks import mask
from tunegate.styles.people import person, renamed
from tunegate.styles.surrogates import surrogate

LAW = settings(max_examples=40, deadline=None)


def made(value: str, kind: Kind, validator: str | None = None, *, seed: int = 0) -> str:
    new = surrogate(value, kind, validator, value.casefold(), Draw(bytes([seed])))
    assert new is not None
    return new


def shape(text: str) -> str:
    """Return a text with 0 for digits and a or A for letters."""
    classes = ((r"[0-9]", "0"), (r"[^\W\d_a-z]", "A"), (r"[^\W\d_A-Z]", "a"))
    for pattern, sign in classes:
        text = re.sub(pattern, sign, text)
    return text


VALID: Mapping[str, tuple[str, Kind, str]] = {
    "a Visa card": ("4111 1111 1111 1111", Kind.CARD, "payment-card"),
    "an unbroken Mastercard": ("5555555555554444", Kind.CARD, "payment-card"),
    "an American Express card": ("3782-822463-10005", Kind.CARD, "payment-card"),
    "a German IBAN": ("DE89 3704 0044 0532 0130 00", Kind.ACCOUNT, "iban"),
    "a British IBAN": ("GB82WEST12345698765432", Kind.ACCOUNT, "iban"),
    "an American number": ("(415) 555-2671", Kind.PHONE, "phone-number"),
    "with a country code": ("+1-415-555-2671", Kind.PHONE, "phone-number"),
    "a German number": ("+49 (0)30 1234-567", Kind.PHONE, "phone-number"),
    "a French number": ("06 12 34 56 78", Kind.PHONE, "phone-number"),
    "a London number": ("+44 20 7183 8750", Kind.PHONE, "phone-number"),
}


@pytest.mark.parametrize(("value", "kind", "validator"), VALID.values(), ids=VALID)
@pytest.mark.parametrize("seed", range(5))
def test_a_surrogate_has_the_shape_and_is_as_valid_as_the_value(
    value: str, kind: Kind, validator: str, seed: int
) -> None:
    new = made(value, kind, validator, seed=seed)
    before, after = (VALIDATORS[validator](text, 0, len(text)) for text in (value, new))
    assert before is not None
    assert after is not None
    assert after.certainty >= before.certainty
    assert (after.start, after.end) == (0, len(new))
    assert shape(new) == shape(value)
    assert new != value


KEPT: Mapping[str, tuple[str, Kind, str]] = {
    "the scheme of a card": ("4111 1111 1111 1111", Kind.CARD, r"4111 .*"),
    "the country of an account": ("GB82WEST12345698765432", Kind.ACCOUNT, r"GB.*"),
    "an American area": ("(415) 867-5309", Kind.PHONE, r"\(415\) 555-01[0-9]{2}"),
    "and with 1": ("1 415 867 5309", Kind.PHONE, r"1 415 555 01[0-9]{2}"),
    "a British mobile": ("07911 123456", Kind.PHONE, r"07700 900[0-9]{3}"),
    "Manchester": ("+44 161 715 0000", Kind.PHONE, r"\+44 161 496 0[0-9]{3}"),
    "a French zone": ("+33 4 12 34 56 78", Kind.PHONE, r"\+33 4 65 71 [0-9]{2} [0-9]{2}"),
    "Berlin": ("+49 30 1234567", Kind.PHONE, r"\+49 30[0-9 ]{8}"),
    "as dialled at home": ("030 12345678", Kind.PHONE, r"030[0-9 ]{9}"),
    "how long an extension is": (
        "415-867-5309 ext 77",
        Kind.PHONE,
        r"415-555-01[0-9]{2} ext [0-9]{2}",
    ),
    "a reserved mail host": ("a.b3@acme.de", Kind.EMAIL, r"[a-z]+\.[a-z]+[0-9]@example\.\w+"),
    "a number that is never issued": ("219-09-9999", Kind.SSN, r"9[0-9]{2}-[0-4][1-9]-[0-9]{4}"),
    "an address for documents": (
        "10.2.3.4",
        Kind.IP,
        r"(?:192\.0\.2|198\.51\.100|203\.0\.113)\..*",
    ),
    "and a long one": ("fe80::1", Kind.IP, r"2001:db8::[0-9a-f:]+"),
    "a link": ("https://acme.de/u/77", Kind.URL, r"https://example\.(?:com|org|net)/.*"),
    "the kind of street": ("12 Baker Street", Kind.WORDS, r"[1-9][0-9] [A-Z][a-z]+ Street"),
    "a leading zero": ("007-AB", Kind.CODE, r"0[0-9]{2}-[A-Z]{2}"),
    "the title": ("Dr. SMITH", Kind.NAME, r"Dr\. [A-Z]+"),
}


@pytest.mark.parametrize(("value", "kind", "pattern"), KEPT.values(), ids=KEPT)
def test_what_tells_nothing_of_a_person_stays(value: str, kind: Kind, pattern: str) -> None:
    for seed in range(8):
        assert re.fullmatch(pattern, made(value, kind, seed=seed))


def test_two_spellings_of_one_number_get_two_spellings_of_one_surrogate() -> None:
    for spellings, kind, validator in (
        (
            ("4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111"),
            Kind.CARD,
            "payment-card",
        ),
        (("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"), Kind.ACCOUNT, "iban"),
        (("+1 (415) 867-5309", "+14158675309"), Kind.PHONE, "phone-number"),
    ):
        new = {re.sub(r"\W", "", made(value, kind, validator)) for value in spellings}
        assert len(new) == 1


def test_a_hardware_address_becomes_one_that_no_maker_has() -> None:
    for value in ("3C:5A:B4:1F:90:E2", "3c-5a-b4-1f-90-e2", "3c5a.b41f.90e2"):
        new = made(value, Kind.CODE, "mac-address")
        assert new != value
        assert new[1].lower() in "26ae"
        assert VALIDATORS["mac-address"](new, 0, len(new))
        assert new.isupper() == value.isupper()


def test_secrets_and_dates_get_no_surrogate() -> None:
    for kind in (Kind.SECRET, Kind.DATE):
        assert surrogate("sk-1 2026-01-01", kind, None, "x", Draw(b"")) is None


def test_a_check_that_nothing_passes_gives_none_instead_of_an_endless_search() -> None:
    # Its check digits would have to be right by letters alone, and these are not to change.
    assert surrogate("no iban at all", Kind.CODE, "iban", "x", Draw(b"")) is not None
    assert made("4111111111111111", Kind.CODE, "payment-card").isdigit()


@LAW
@given(st.text(max_size=30), st.sampled_from(list(Kind)), st.integers(0, 255))
def test_any_text_gets_some_surrogate_or_none_and_the_same_again(
    value: str, kind: Kind, seed: int
) -> None:
    one, two = (surrogate(value, kind, None, value, Draw(bytes([seed]))) for _ in range(2))
    assert one == two


def test_a_person_is_called_alike_in_full_and_in_part() -> None:
    other = person(Draw(b"seed"))
    who = "johnpaulsmith"
    full = renamed("John Paul Smith", who, other)
    assert full == f"{other.first} {other.middle} {other.last}"
    assert renamed("Mr Smith", who, other) == f"Mr {other.last}"
    assert renamed("smith", who, other) == other.last.lower()
    assert renamed("John", who, other) == other.first
    assert renamed("J. Smith", who, other) == f"{other.first[0]}. {other.last}"
    assert renamed("SMITH, JOHN", "smith,john", other) is not None
    assert renamed("!", who, other) is None
    assert renamed("Mr", who, other) is None


def test_names_do_not_run_out() -> None:
    drawn = {person(Draw(b"s", n)) for n in range(500)}
    assert len(drawn) > 495


DATES: Mapping[str, tuple[str, str]] = {
    "ISO": ("1980-04-03", "1980-05-18"),
    "solid": ("19800403", "19800518"),
    "American": ("04/03/1980", "05/18/1980"),
    "British, since 25 is no month": ("25/03/1980", "09/05/1980"),
    "German": ("3.4.1980", "18.5.1980"),
    "two digits": ("31.12.99", "14.02.00"),
    "English": ("March 3, 1980", "April 17, 1980"),
    "with an ordinal": ("3rd of March 1980", "17th of April 1980"),
    "short": ("3-Mar-80", "17-Apr-80"),
    "with a point": ("Sept. 3, 1980", "Oct. 18, 1980"),
    "in capitals": ("MARCH 03 1980", "APRIL 17 1980"),
    "French": ("3 mars 1980", "17 avril 1980"),
    "Spanish": ("3 de marzo de 1980", "17 de abril de 1980"),
    "German in words": ("3. März 1980", "17. April 1980"),
    "without a year": ("12 May", "26 June"),
    "in spaces": (" 1980-04-03 ", " 1980-05-18 "),
}


@pytest.mark.parametrize(("before", "after"), DATES.values(), ids=DATES)
def test_a_date_moves_in_its_own_form(before: str, after: str) -> None:
    assert shifted(before, 45) == after


@pytest.mark.parametrize(
    "text", ["", "soon", "1980", "1980-13-45", "45/45/1980", "99999999", "3 Foo 1980", "9999-12-31"]
)
def test_what_is_no_date_is_not_moved(text: str) -> None:
    assert shifted(text, 45) is None


@LAW
@given(st.dates(date(1950, 1, 1), date(2029, 1, 1)), st.integers(-365, 365))
def test_a_moved_date_is_as_many_days_away(day: date, days: int) -> None:
    new = day + timedelta(days=days)
    assert shifted(day.isoformat(), days) == new.isoformat()
    assert shifted(f"{day.day} {day:%B} {day.year}", days) is not None
    assert shifted(f"{day:%d.%m.%Y}", days) == f"{new:%d.%m.%Y}"


MASKS: Mapping[str, tuple[str, Kind, str]] = {
    "a card": ("4111-1111-1111-1234", Kind.CARD, "****-****-****-1234"),
    "an account": ("DE89 3704 0044", Kind.ACCOUNT, "**** **** 0044"),
    "a short account": ("12345678", Kind.ACCOUNT, "********"),
    "a phone": ("(415) 555-2671", Kind.PHONE, "(***) ***-**71"),
    "an address": ("jane.doe@acme.co.uk", Kind.EMAIL, "j***@a***.uk"),
    "an address without a dot": ("jane@localhost", Kind.EMAIL, "j***@l***"),
    "a name": ("Zoë O'Brien", Kind.NAME, "*** *'*****"),
    "a secret": ("sk-12", Kind.SECRET, "********"),
    "a number": ("219-09-9999", Kind.SSN, "***-**-****"),
}


@pytest.mark.parametrize(("value", "kind", "masked"), MASKS.values(), ids=MASKS)
def test_a_mask_leaves_what_its_kind_may_show(value: str, kind: Kind, masked: str) -> None:
    assert mask(value, kind) == masked


def test_every_rule_that_redacts_has_a_kind() -> None:
    kinds = {rule.id: kind_of(rule) for rule in load_rules() if rule.file.action == "redact"}
    assert kinds["pii/payment-card"] is Kind.CARD
    assert {kind for rule, kind in kinds.items() if rule.startswith("secret/")} == {Kind.SECRET}


@pytest.mark.parametrize(
    ("placeholder", "kind"),
    [
        ("PERSON_NAME", Kind.NAME),
        ("USER_NAME", Kind.CODE),
        ("USERNAME", Kind.CODE),
        ("DATE_OF_BIRTH", Kind.DATE),
        ("IP", Kind.IP),
        ("STREET_ADDRESS", Kind.WORDS),
        ("ACCOUNT_ID", Kind.CODE),
    ],
)
def test_the_words_of_a_placeholder_tell_the_kind(placeholder: str, kind: Kind) -> None:
    text = (
        "summary: x\nwhy: x\nseverity: low\naction: redact\ncheck: pattern\n"
        f"params: {{pattern: x}}\nplaceholder: {placeholder}\n"
    )
    assert kind_of(parse_rule(text, "pii/x")) is kind
