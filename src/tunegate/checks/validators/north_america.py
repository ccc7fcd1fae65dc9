"""Identifiers of the United States and Canada."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import Validator
from tunegate.checks.validators.checksums import is_date, is_one_sign, weighted
from tunegate.checks.validators.codes import (
    capitals_or_groups,
    code,
    in_groups_of,
    never,
)
from tunegate.checks.validators.general import passes_luhn

# Groups of an ITIN that the Internal Revenue Service has assigned (IRM 3.21.263).
_ITIN_GROUPS = frozenset((*range(50, 66), *range(70, 89), 90, 91, 92, *range(94, 100)))


def is_us_itin(digits: str) -> bool:
    """Tell whether nine digits are an individual taxpayer number: 9, and a group in use."""
    return digits[0] == "9" and int(digits[3:5]) in _ITIN_GROUPS and digits[5:] != "0000"


_NPI_PREFIX = "80840"  # health care, United States: ISO standard prefix for the Luhn formula


def is_us_npi(digits: str) -> bool:
    """Tell whether ten digits are a national provider identifier (45 CFR 162.406)."""
    return digits[0] in "12" and not is_one_sign(digits[:9]) and passes_luhn(_NPI_PREFIX + digits)


# Medicare beneficiary identifier: no S, L, O, I, B, Z (CMS, "Understanding the MBI format").
_MBI_LETTER = "[AC-HJKMNP-RT-Y]"
_MBI = re.compile(
    rf"[1-9]{_MBI_LETTER}(?:{_MBI_LETTER}|[0-9])[0-9]"
    rf"{_MBI_LETTER}(?:{_MBI_LETTER}|[0-9])[0-9]{_MBI_LETTER}{{2}}[0-9]{{2}}"
)


def is_us_mbi(signs: str) -> bool:
    """Tell whether eleven signs have a letter or a digit where the format wants one."""
    return bool(_MBI.fullmatch(signs))


def is_us_dea(signs: str) -> bool:
    """Tell whether the last digit of a DEA registration number is right (21 CFR 1301)."""
    return weighted(signs[2:8], (1, 2, 1, 2, 1, 2)) % 10 == int(signs[8])


def is_us_passport(signs: str) -> bool:
    """Tell whether nine signs can be a passport number: no placeholder."""
    return not is_one_sign(signs[1:])


# A driver's license, by the length and the letters of each state (AAMVA, "State DL/ID formats").
_DRIVER_LICENSE = re.compile(
    r"""(?x) [0-9]{7,10} | [0-9]{12} | [A-Z][0-9]{6,14} | [A-Z][0-9]{18} | [A-Z]{2}[0-9]{5,7}
    | [0-9]{9}[A-Z] | [0-9]{8}[A-Z]{1,2} | [0-9]{7}[A-Z] | [0-9]{3}[A-Z]{2}[0-9]{4}
    | [0-9]{2}[A-Z]{3}[0-9]{5,6} | [A-Z]{2}[0-9]{6}[A-Z] | [A-Z][0-9]{6}R
    | [A-Z]{1,7}[0-9]{3}[A-Z0-9]{2} | WDL[A-Z0-9]{9} | [A-Z][0-9][A-Z][0-9][A-Z]
    | [A-Z]{1,3}[0-9A-Z]{8,10}"""
)


def is_us_driver_license(signs: str) -> bool:
    """Tell whether some state issues licenses of this shape."""
    digits = sum(sign.isdigit() for sign in signs)
    return digits > 1 and bool(_DRIVER_LICENSE.fullmatch(signs)) and not is_one_sign(signs)


def is_ca_sin(digits: str) -> bool:
    """Tell whether nine digits are a social insurance number: no 0 or 8 in front, and Luhn."""
    return digits[0] not in "08" and not is_one_sign(digits) and passes_luhn(digits)


_ONTARIO = re.compile(r"([1-9][0-9]{9})[A-Z]{0,2}")
_QUEBEC = re.compile(r"[A-Z]{4}([0-9]{2})([0-9]{2})([0-9]{2})[0-9]{2}")
_BC_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3)


def is_ca_health_card(signs: str) -> bool:
    """Tell whether a health number of some province is right.

    Ontario: ten digits by Luhn, and the version letters. British Columbia: ten digits from 9, the
    last by weights modulo 11. Québec: four letters of the name, and the date of birth, to whose
    month women's cards add 50. Nine digits, as in five other provinces, have no public check.
    """
    if born := _QUEBEC.fullmatch(signs):
        year, month, day = int(born[1]), int(born[2]) % 50, int(born[3])
        return int(born[2]) // 50 < 2 and any(is_date(c + year, month, day) for c in (1900, 2000))
    if len(signs) == 10 and signs[0] == "9":
        remainder = weighted(signs[1:9], _BC_WEIGHTS) % 11
        if remainder not in (0, 1) and 11 - remainder == int(signs[9]):
            return True
    if ontario := _ONTARIO.fullmatch(signs):
        return passes_luhn(ontario[1]) and not is_one_sign(ontario[1])
    return len(signs) == 9 and signs.isdigit() and not is_one_sign(signs)


def _health_card_by_itself(text: str, start: int, end: int) -> bool:
    """The letters of a name with a date, where no space parts a word from a number."""
    name = text[start : start + 4]
    return name.isalpha() and name.isupper() and text[start + 4] != " "


def is_ca_passport(signs: str) -> bool:
    """Tell whether eight or nine signs can be a passport number."""
    return not is_one_sign("".join(filter(str.isdigit, signs)))


NORTH_AMERICA: Mapping[str, Validator] = {
    "ca-health-card": code(is_ca_health_card, _health_card_by_itself),
    "ca-passport": code(is_ca_passport, never),
    "ca-sin": code(is_ca_sin, in_groups_of(3, 3, 3)),
    "us-dea-number": code(is_us_dea, never),
    "us-driver-license": code(is_us_driver_license, never),
    "us-itin": code(is_us_itin, in_groups_of(3, 2, 4)),
    "us-medicare-mbi": code(is_us_mbi, capitals_or_groups),
    "us-npi": code(is_us_npi, in_groups_of(4, 3, 3)),
    "us-passport": code(is_us_passport, never),
}
