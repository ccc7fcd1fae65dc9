"""Identifiers of further countries of Asia and Africa, and of New Zealand."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import Validator
from tunegate.checks.validators.checksums import (
    ALPHANUMERIC,
    is_date,
    is_day_of_century,
    passes_pure,
    weighted,
)
from tunegate.checks.validators.general import passes_luhn
from tunegate.checks.validators.written import LIKELY, SURE, identifier

_CN_PROVINCES = {  # GB/T 2260; 83 is for residents from Taiwan
    f"{first}{second}"
    for first, seconds in enumerate(
        ("12345", "123", "1234567", "123456", "01234", "12345", "1", "123"), start=1
    )
    for second in seconds
}


def cn_resident(signs: str) -> bool:
    """Tell whether province, day and check sign (MOD 11-2) are right; 15 digits had no check."""
    if signs[:2] not in _CN_PROVINCES:
        return False
    if len(signs) == 15:
        return is_day_of_century(signs[6:12], (19,))
    year = int(signs[6:10])
    born = 1900 <= year <= 2040 and is_date(year, int(signs[10:12]), int(signs[12:14]))
    return born and passes_pure(signs, 11, 2)


_TW_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # in the order of their values, from 10 on


def tw_identity(signs: str) -> bool:
    """Tell whether the sum is a multiple of ten; a second letter counts by its last digit."""
    first = _TW_LETTERS.index(signs[0]) + 10
    second = signs[1] if signs[1].isdigit() else str((_TW_LETTERS.index(signs[1]) + 10) % 10)
    total = first // 10 + first % 10 * 9
    return (total + weighted(second + signs[2:], (8, 7, 6, 5, 4, 3, 2, 1, 1))) % 10 == 0


def jp_individual(digits: str) -> bool:
    """Tell whether the last digit is eleven minus the weighted remainder, and 0 from ten on."""
    total = weighted(digits[:11], (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
    return -total % 11 % 10 == int(digits[11])


def jp_corporate(digits: str) -> bool:
    """Tell whether the first digit is nine minus the weighted sum modulo nine."""
    return 9 - weighted(digits[1:], (2, 1) * 6) % 9 == int(digits[0])


def jp_licence(digits: str) -> bool:
    """Tell whether it begins with the code of a prefecture's commission, 10 to 97."""
    return "10" <= digits[:2] <= "97"


def hk_identity(signs: str) -> bool:
    """Tell whether the weighted sum is a multiple of eleven; a missing first letter counts 36."""
    letters = [ALPHANUMERIC.index(sign) for sign in signs[:-7]]
    total = sum(a * b for a, b in zip([36, *letters][-2:], (9, 8), strict=True))
    total += weighted(signs[-7:-1], range(7, 1, -1)) + ALPHANUMERIC.index(signs[-1])
    return total % 11 == 0


def my_kad(digits: str) -> bool:
    """Tell whether a day and the code of a state or country begin a MyKad number."""
    place = int(digits[6:8])
    known = 1 <= place <= 16 or 21 <= place <= 68 or place in (71, 72, 98, 99)
    return is_day_of_century(digits[:6]) and (known or 74 <= place <= 79 or 82 <= place <= 93)


def id_nik(digits: str) -> bool:
    """Tell whether province, district, day (a woman's plus 40) and serial can be in a NIK."""
    day = f"{int(digits[6:8]) % 40:02}"
    return (
        "11" <= digits[:2] <= "97"
        and "00" not in (digits[2:4], digits[4:6])
        and int(digits[6:8]) < 72
        and is_day_of_century(digits[10:12] + digits[8:10] + day)
        and digits[12:] != "0000"
    )


def id_npwp(digits: str) -> bool:
    """Tell whether the first nine digits pass Luhn; with 16 digits a 0 stands before, or a NIK."""
    if len(digits) == 16 and digits[0] != "0":
        return id_nik(digits)
    return passes_luhn(digits[-15:-6])


def il_identity(digits: str) -> bool:
    """Tell whether it passes Luhn."""
    return passes_luhn(digits) and int(digits) >= 10_000


def ae_identity(digits: str) -> bool:
    """Tell whether 784 and a year of birth begin it, and it passes Luhn."""
    return digits[:3] == "784" and "1900" <= digits[3:7] <= "2040" and passes_luhn(digits)


_EG_PLACES = {*range(1, 5), *range(11, 20), *range(21, 30), *range(31, 36), 88}


def eg_national(digits: str) -> bool:
    """Tell whether century, day of birth and governorate are right."""
    century = {"2": 19, "3": 20}.get(digits[0])
    return (
        century is not None
        and is_day_of_century(digits[1:7], (century,))
        and int(digits[7:9]) in _EG_PLACES
    )


def _eg_has_check_digit(digits: str) -> bool:
    """Tell whether the last digit is as it mostly is; no authority has published the rule."""
    total = weighted(digits, (2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
    return (11 - total % 11) % 10 == int(digits[13])


def sa_identity(digits: str) -> bool:
    """Tell whether it is a citizen's (1) or a resident's (2) and passes Luhn."""
    return digits[0] in "12" and passes_luhn(digits)


def vn_citizen(digits: str) -> bool:
    """Tell whether province and sex begin twelve digits, 001 to 096 and 0 to 3; nine are of old."""
    return len(digits) == 9 or ("001" <= digits[:3] <= "096" and digits[3] < "4")


def vn_tax(digits: str) -> bool:
    """Tell whether the tenth digit is ten minus the sum weighted by primes, modulo eleven."""
    total = weighted(digits, (31, 29, 23, 19, 17, 13, 7, 5, 3))
    return 10 - total % 11 == int(digits[9])


def nz_ird(digits: str) -> bool:
    """Tell whether a number in the issued range has its check digit, by one weighting or two."""
    body = digits[:-1].zfill(8)
    check = -weighted(body, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
    if check == 10:
        check = -weighted(body, (7, 4, 3, 2, 5, 2, 7, 6)) % 11
    return 10_000_000 < int(digits) < 200_000_000 and check == int(digits[-1])


_NHI = re.compile(r"[A-HJ-NP-Z]{3}(?:[0-9]{4}|[0-9]{2}[A-HJ-NP-Z]{2})")
_NHI_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # A counts 1, and there is no I and no O


def nz_nhi(signs: str) -> bool:
    """Tell whether the last sign is right: modulo 11 of old, or a letter modulo 23."""
    if not _NHI.fullmatch(signs):
        return False
    values = [int(sign) if sign.isdigit() else _NHI_SIGNS.index(sign) + 1 for sign in signs[:6]]
    total = sum(value * weight for value, weight in zip(values, range(7, 1, -1), strict=True))
    if signs[6].isdigit():
        return total % 11 != 0 and -total % 11 % 10 == int(signs[6])
    return _NHI_SIGNS[22 - total % 23] == signs[6]


def ke_identity(digits: str) -> bool:
    """Tell whether it can have been issued; there is no check digit."""
    return digits[0] != "0"


ASIA_FURTHER: Mapping[str, Validator] = {
    "ae-emirates-id": identifier(ae_identity, alone=LIKELY),
    "cn-resident-id": identifier(cn_resident, form=r"[0-9]{17}[0-9X]", formed=SURE),
    "eg-national-id": identifier(eg_national, alone=_eg_has_check_digit),
    "hk-identity-card": identifier(hk_identity, form=r"[A-Z]{1,2}[0-9]{6} ?\([0-9A]\)"),
    "id-nik": identifier(id_nik),
    "id-npwp": identifier(id_npwp, form=r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.[0-9]-[0-9]{3}\.[0-9]{3}"),
    "il-identity-number": identifier(il_identity),
    "jp-corporate-number": identifier(jp_corporate),
    "jp-driving-licence": identifier(jp_licence),
    "jp-my-number": identifier(jp_individual),
    "ke-identity-number": identifier(ke_identity),
    "my-kad": identifier(my_kad, form=r"[0-9]{6}-[0-9]{2}-[0-9]{4}"),
    "nz-ird-number": identifier(nz_ird),
    "nz-nhi-number": identifier(nz_nhi),
    "pk-cnic": identifier(lambda digits: "1" <= digits[0] <= "7", form=r"[0-9]{5}-[0-9]{7}-[0-9]"),
    "sa-national-id": identifier(sa_identity),
    "tw-identity-number": identifier(tw_identity),
    "vn-citizen-number": identifier(vn_citizen),
    "vn-tax-number": identifier(vn_tax),
}
