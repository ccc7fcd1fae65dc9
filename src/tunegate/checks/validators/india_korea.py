"""Identifiers of India and of South Korea."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import Certainty, Judged, Validator, likely_if
from tunegate.checks.validators.checksums import (
    ALPHANUMERIC,
    is_date,
    is_one_sign,
    passes_verhoeff,
    weighted,
)
from tunegate.checks.validators.codes import (
    code,
    in_capitals,
    in_groups_of,
    never,
    plain,
    stands_alone,
)


def is_aadhaar(digits: str) -> bool:
    """Tell whether twelve digits are an Aadhaar number: not from 0 or 1, and Verhoeff (UIDAI)."""
    mirrored = digits == digits[::-1]
    return digits[0] not in "01" and not mirrored and passes_verhoeff(digits)


_PAN_HOLDERS = frozenset("ABCFGHJLPT")  # fourth letter: association, person, company, trust …


def pan(text: str, start: int, end: int) -> Judged | None:
    """Accept a permanent account number; it is likely in capitals with a holder's letter."""
    written = text[start:end]
    known = written[3] in _PAN_HOLDERS and written.isupper() and not is_one_sign(written[5:9])
    alone = stands_alone(text, start, end)
    return Judged(start, end, likely_if(known and alone))


_GST_STATES = frozenset((*(f"{state:02}" for state in range(1, 39)), "97", "99"))


def _gstin_check(signs: str) -> str:
    products = (ALPHANUMERIC.index(sign) * (place % 2 + 1) for place, sign in enumerate(signs[:14]))
    return ALPHANUMERIC[-sum(product // 36 + product % 36 for product in products) % 36]


def gstin(text: str, start: int, end: int) -> Judged | None:
    """Accept a goods and services tax number of a state.

    Its shape, a PAN inside, is likely even where the check sign is wrong.
    """
    signs = plain(text[start:end])
    if signs[:2] not in _GST_STATES:
        return None
    right = _gstin_check(signs) == signs[14]
    return Judged(start, end, Certainty.SURE if right else Certainty.LIKELY)


def is_in_passport(signs: str) -> bool:
    """Tell whether seven digits after a letter can be a passport: no 0 at either end."""
    return signs[1] != "0" and signs[7] != "0" and not is_one_sign(signs[1:])


_IN_STATES = re.compile(
    "A[NPRS]|BR|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK|T[NRS]|"
    "U[AKP]|WB"
)


def is_in_driving_licence(signs: str) -> bool:
    """Tell whether a licence has a state, an office and a year of issue (Sarathi)."""
    return bool(_IN_STATES.match(signs)) and 1950 <= int(signs[4:8]) <= 2039


def has_serial(signs: str) -> bool:
    """Tell whether the digits are not all the same."""
    return not is_one_sign("".join(sign for sign in signs if sign.isdigit()))


_KR_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_KR_CENTURIES = {"1": 19, "2": 19, "3": 20, "4": 20, "5": 19, "6": 19, "7": 20, "8": 20}
_UNIX_MILLISECONDS = re.compile(r"1[5-8]")  # how those of 2017 to 2030 begin
_KOREAN_GOODS = "880"  # GS1 prefix: a barcode of thirteen digits


def _korean(text: str, start: int, end: int, *, sexes: str, base: int) -> Judged | None:
    """Accept a day of birth, a digit for sex and century, and five or six more digits.

    With a hyphen it is likely as it stands: numbers given since October 2020 have no check digit.
    Without it, it is likely where the check digit is right.
    """
    digits = plain(text[start:end])
    sex = digits[6]
    if sex not in sexes:
        return None
    year = _KR_CENTURIES[sex] * 100 + int(digits[:2])
    if not is_date(year, int(digits[2:4]), int(digits[4:6])):
        return None
    right = (base - weighted(digits, _KR_WEIGHTS) % 11) % 10 == int(digits[12])
    other = digits.startswith(_KOREAN_GOODS) or bool(_UNIX_MILLISECONDS.match(digits))
    written_out = text[start + 6] == "-"
    alone = stands_alone(text, start, end)
    return Judged(start, end, likely_if(alone and (written_out or (right and not other))))


def resident_number(text: str, start: int, end: int) -> Judged | None:
    """Accept a resident registration number of a citizen."""
    return _korean(text, start, end, sexes="1234", base=11)


def foreigner_number(text: str, start: int, end: int) -> Judged | None:
    """Accept a foreigner registration number."""
    return _korean(text, start, end, sexes="5678", base=13)


def is_kr_business(digits: str) -> bool:
    """Tell whether the last of ten digits is that of a Korean business registration number."""
    total = weighted(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5)) + int(digits[8]) * 5 // 10
    return -total % 10 == int(digits[9]) and not is_one_sign(digits)


_KR_REGIONS = frozenset(str(region) for region in range(11, 29))


def is_kr_driver_license(digits: str) -> bool:
    """Tell whether twelve digits begin with a police region."""
    return digits[:2] in _KR_REGIONS and not is_one_sign(digits[4:10])


INDIA_KOREA: Mapping[str, Validator] = {
    "in-aadhaar": code(is_aadhaar, in_groups_of(4, 4, 4)),
    "in-driving-licence": code(is_in_driving_licence, in_capitals),
    "in-gstin": gstin,
    "in-pan": pan,
    "in-passport": code(is_in_passport, never),
    "in-voter-id": code(has_serial, never),
    "kr-business-number": code(is_kr_business, in_groups_of(3, 2, 5)),
    "kr-driver-license": code(is_kr_driver_license, in_groups_of(2, 2, 6, 2)),
    "kr-foreigner-number": foreigner_number,
    "kr-passport": code(has_serial, never),
    "kr-resident-number": resident_number,
}
