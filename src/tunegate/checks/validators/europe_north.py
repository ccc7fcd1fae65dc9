"""Identifiers of Denmark, Norway, Iceland and the Baltic countries."""

from collections.abc import Mapping

from tunegate.checks.judging import Validator
from tunegate.checks.validators.checksums import is_date, is_day_of_century, weighted
from tunegate.checks.validators.written import identifier

_DK_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def dk_cpr(digits: str) -> bool:
    """Tell whether it begins with a day; 60 is added to it where a hospital gives the number."""
    day = f"{int(digits[:2]) % 60:02}"
    return is_day_of_century(digits[4:6] + digits[2:4] + day)


def _dk_cpr_has_check_digit(digits: str) -> bool:
    """Tell whether modulus 11 holds, which numbers given since 2007 need not keep."""
    return weighted(digits, _DK_WEIGHTS) % 11 == 0 and int(digits[:2]) < 32


def dk_cvr(digits: str) -> bool:
    """Tell whether the weighted sum is a multiple of eleven."""
    return digits[0] != "0" and weighted(digits, (2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def no_birth(digits: str) -> bool:
    """Tell whether it begins with a day and both check digits are right (modulus 11).

    A D number has 40 added to its day; a help number or a test person 40, 65 or 80 to its month.
    """
    day, month = int(digits[:2]), int(digits[2:4])
    month -= 80 if month > 80 else 65 if month > 65 else 40 if month > 40 else 0
    day -= 40 if day > 40 else 0
    return (
        is_day_of_century(f"{digits[4:6]}{month:02}{day:02}", (18, 19, 20))
        and weighted(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11 == 0
        and weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    )


def no_organisation(signs: str) -> bool:
    """Tell whether nine digits from 8 or 9 on have a weighted sum that is a multiple of eleven."""
    return signs[0] in "89" and weighted(signs[:9], (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def is_kennitala(digits: str) -> bool:
    """Tell whether an Icelandic number begins with a day, plus 40 for a company, and is right."""
    day = int(digits[:2])
    century = {"8": 18, "9": 19, "0": 20}.get(digits[9])
    return (
        century is not None
        and is_date(century * 100 + int(digits[4:6]), int(digits[2:4]), day - 40 * (day > 40))
        and weighted(digits, (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    )


def baltic_person(digits: str) -> bool:
    """Tell whether sex and century, a day, and the check digit of two rounds of weights agree.

    Estonia and Lithuania use the same rule; where the first round leaves ten, the second counts.
    """
    first, second = (1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)
    check = weighted(digits, first) % 11
    if check == 10:
        check = weighted(digits, second) % 11 % 10
    century = 17 + (int(digits[0]) + 1) // 2
    return (
        digits[0] in "12345678"
        and is_date(century * 100 + int(digits[1:3]), int(digits[3:5]), int(digits[5:7]))
        and check == int(digits[10])
    )


def lv_person(digits: str) -> bool:
    """Tell whether it is right; since 2017 it begins with 32 to 39, and before with a day."""
    total = weighted(digits, (10, 5, 8, 4, 2, 1, 6, 3, 7, 9))
    if (1 + total) % 11 % 10 != int(digits[10]):
        return False
    return "32" <= digits[:2] <= "39" or _lv_has_day(digits)


def _lv_has_day(digits: str) -> bool:
    century = {"0": 18, "1": 19, "2": 20}.get(digits[6])
    return century is not None and is_date(
        century * 100 + int(digits[4:6]), int(digits[2:4]), int(digits[:2])
    )


EUROPE_NORTH: Mapping[str, Validator] = {
    "dk-cpr": identifier(dk_cpr, form=r"[0-9]{6}-[0-9]{4}", formed=_dk_cpr_has_check_digit),
    "dk-cvr": identifier(dk_cvr),
    "ee-isikukood": identifier(baltic_person),
    "is-kennitala": identifier(is_kennitala, form=r"[0-9]{6}-[0-9]{4}"),
    "lt-asmens-kodas": identifier(baltic_person),
    "lv-personas-kods": identifier(lv_person, form=r"[0-9]{6}-[0-9]{5}"),
    "no-birth-number": identifier(no_birth, alone=lambda digits: digits[2:4] < "13"),
    "no-organisation-number": identifier(no_organisation, form=r".*MVA"),
}
