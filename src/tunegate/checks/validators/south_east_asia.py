"""Identifiers of Singapore, Thailand and the Philippines."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import Judged, Validator, likely_if
from tunegate.checks.validators.checksums import is_one_sign, weighted
from tunegate.checks.validators.codes import (
    code,
    in_capitals,
    in_groups_of,
    never,
    plain,
    stands_alone,
)

_NRIC_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
_NRIC_OFFSETS = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}
_NRIC_LETTERS = {"S": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}
_NRIC_LETTERS |= {"T": _NRIC_LETTERS["S"], "G": _NRIC_LETTERS["F"]}


def is_nric(signs: str) -> bool:
    """Tell whether the last letter of a Singapore identity number is right."""
    kind = signs[0]
    place = (weighted(signs[1:8], _NRIC_WEIGHTS) + _NRIC_OFFSETS[kind]) % 11
    return _NRIC_LETTERS[kind][place] == signs[8]


def nric(text: str, start: int, end: int) -> Judged | None:
    """Accept an NRIC or FIN: likely in capitals; where the letter is wrong it is unsure."""
    written = text[start:end]
    if is_one_sign(written[1:8]):
        return None
    alone = stands_alone(text, start, end)
    return Judged(start, end, likely_if(is_nric(written.upper()) and written.isupper() and alone))


_UEN_BUSINESS = ((10, 4, 9, 3, 8, 2, 7, 1), "XMKECAWLJDB")
_UEN_COMPANY = ((10, 8, 6, 4, 9, 7, 5, 3, 1), "ZKCMDNERGWH")
_UEN_OTHER = "ABCDEFGHJKLMNPQRSTUVWX0123456789"
_UEN_OTHER_WEIGHTS = (4, 3, 5, 3, 10, 2, 2, 5, 7)


def is_uen(signs: str) -> bool:
    """Tell whether the last letter of a Singapore entity number is right (ACRA)."""
    if signs[0] in "RST":
        values = (_UEN_OTHER.find(sign) for sign in signs[:9])
        total = sum(value * by for value, by in zip(values, _UEN_OTHER_WEIGHTS, strict=True))
        return _UEN_OTHER[(total - 5) % 11] == signs[9]
    weights, letters = _UEN_BUSINESS if len(signs) == 9 else _UEN_COMPANY
    right = letters[weighted(signs, weights) % 11] == signs[-1]
    return right and (len(signs) == 9 or "1800" <= signs[:4] <= "2039")


_THAI_PROVINCES = frozenset(
    (*range(10, 28), *range(30, 50), *range(50, 59), *range(60, 68), *range(70, 78))
) | frozenset((*range(80, 87), *range(90, 97)))


def is_tnin(digits: str) -> bool:
    """Tell whether thirteen digits are a Thai identity number: kind, province, modulo 11."""
    check = (11 - weighted(digits, range(13, 1, -1)) % 11) % 10
    known = digits[0] in "12345678" and int(digits[1:3]) in _THAI_PROVINCES
    return known and check == int(digits[12])


def is_ph_tin(digits: str) -> bool:
    """Tell whether the ninth digit of a Philippine tax number is right, by weights modulo 11."""
    return weighted(digits, range(9, 1, -1)) % 11 == int(digits[8]) and digits[3:9] != "000000"


_TIN_WITH_BRANCH = (in_groups_of(3, 3, 3, 3), in_groups_of(3, 3, 3, 5))


def _has_branch(text: str, start: int, end: int) -> bool:
    """Twelve digits or more in groups; nine in groups are a Canadian number as well."""
    return _TIN_WITH_BRANCH[0](text, start, end) or _TIN_WITH_BRANCH[1](text, start, end)


def is_philhealth(digits: str) -> bool:
    """Tell whether the last of twelve digits is right, by weights from 2 to 12 modulo 11."""
    check = 11 - weighted(digits, range(2, 13)) % 11
    return check % 11 == int(digits[11]) and check != 10 and digits[2:11] != "000000000"


_UMID = re.compile(r"[0-9]{4}-[0-9]{7}-[0-9]")


def umid(text: str, start: int, end: int) -> Judged | None:
    """Accept a common reference number: likely in its groups, otherwise from 00 and unsure."""
    written = text[start:end]
    grouped = bool(_UMID.fullmatch(written))
    if not grouped and not plain(written).startswith("00"):
        return None
    alone = stands_alone(text, start, end)
    return Judged(start, end, likely_if(grouped and alone))


def has_digits(signs: str) -> bool:
    """Tell whether its digits are no placeholder."""
    return not is_one_sign("".join(sign for sign in signs if sign.isdigit())[:9])


def is_ph_passport(signs: str) -> bool:
    """Tell whether nine signs have the seven digits of a passport."""
    return sum(sign.isdigit() for sign in signs) == 7


SOUTH_EAST_ASIA: Mapping[str, Validator] = {
    "ph-passport": code(is_ph_passport, never),
    "ph-philhealth": code(is_philhealth, in_groups_of(2, 9, 1)),
    "ph-philsys": code(has_digits, never),
    "ph-sss": code(has_digits, never),
    "ph-tin": code(is_ph_tin, _has_branch),
    "ph-umid": umid,
    "sg-nric": nric,
    "sg-uen": code(is_uen, in_capitals),
    "th-national-id": code(is_tnin, in_groups_of(1, 4, 5, 2, 1)),
}
