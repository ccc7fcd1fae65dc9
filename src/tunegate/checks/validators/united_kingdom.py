"""Identifiers of the United Kingdom."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import Validator
from tunegate.checks.validators.checksums import is_date, is_one_sign, weighted
from tunegate.checks.validators.codes import always, code, never

_NHS_WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2)


def is_nhs_number(digits: str) -> bool:
    """Tell whether ten digits are an NHS number (NHS Data Dictionary, modulus 11)."""
    check = 11 - weighted(digits, _NHS_WEIGHTS) % 11
    return check % 11 == int(digits[9]) and check != 10 and not is_one_sign(digits)


# In the groups of the letters, from 400 on as in England, and no exchange of North America.
_NHS_GROUPS = re.compile(r"[467][0-9]{2} [01][0-9]{2} [0-9]{4}")


def _is_no_phone(text: str, start: int, end: int) -> bool:
    return bool(_NHS_GROUPS.fullmatch(text, start, end))


# A national insurance number has no D, F, I, Q, U, V in front, no O in second place, and none of
# these pairs (HM Revenue and Customs, NIM39110).
_NINO = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z][0-9]{6}[A-D]")


def is_nino(signs: str) -> bool:
    """Tell whether nine signs are a national insurance number."""
    return bool(_NINO.fullmatch(signs)) and not is_one_sign(signs[2:8])


_UTR_WEIGHTS = (6, 7, 8, 9, 10, 5, 4, 3, 2)
_UTR_CHECKS = "21987654321"  # by the remainder of the other nine digits


def is_utr(digits: str) -> bool:
    """Tell whether the first of ten digits is the check digit of a unique taxpayer reference."""
    check = _UTR_CHECKS[weighted(digits[1:], _UTR_WEIGHTS) % 11]
    return digits[0] == check and not is_one_sign(digits)


def is_uk_passport(signs: str) -> bool:
    """Tell whether nine signs can be a passport number: no placeholder."""
    return not is_one_sign(signs[1:])


# Five letters of the surname filled up with 9, the decade, the month (50 more for women), the day,
# the year, two initials (9 for none), and three signs of the agency (DVLA, INF57P).
_LICENCE = re.compile(
    r"(?=[A-Z])(?=[A-Z]{1,5}9{0,4}[0-9]{6})(?P<name>[A-Z9]{5})(?P<decade>[0-9])"
    r"(?P<month>[0156][0-9])(?P<day>[0-3][0-9])(?P<year>[0-9])"
    r"(?P<initials>[A-Z][A-Z9])[A-Z0-9][A-Z]{2}"
)


def is_uk_driving_licence(signs: str) -> bool:
    """Tell whether the date in the middle of sixteen signs is a day."""
    licence = _LICENCE.fullmatch(signs)
    if not licence:
        return False
    month = int(licence["month"]) % 50
    year = int(licence["decade"] + licence["year"])
    return any(is_date(c + year, month, int(licence["day"])) for c in (1900, 2000))


UNITED_KINGDOM: Mapping[str, Validator] = {
    "uk-driving-licence": code(is_uk_driving_licence, always),
    "uk-national-insurance": code(is_nino, always),
    "uk-nhs-number": code(is_nhs_number, _is_no_phone),
    "uk-passport": code(is_uk_passport, never),
    "uk-taxpayer-reference": code(is_utr, never),
}
