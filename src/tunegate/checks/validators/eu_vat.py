"""VAT numbers of the European Union, Northern Ireland and Great Britain, with their checks."""

import re
from collections.abc import Callable, Mapping

from tunegate.checks.judging import Certainty, Judged, Validator
from tunegate.checks.validators import europe_east as east
from tunegate.checks.validators import europe_west as west
from tunegate.checks.validators.checksums import (
    is_one_sign,
    modulo_97,
    passes_hybrid,
    weighted,
)
from tunegate.checks.validators.europe_north import dk_cvr, lv_person
from tunegate.checks.validators.general import passes_luhn
from tunegate.checks.validators.written import Valid

_ES_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def at_vat(signs: str) -> bool:
    """Tell whether Luhn's sum of the digits after U, plus four, is a multiple of ten."""
    total = sum(
        int(digit) if place % 2 == 0 else sum(divmod(2 * int(digit), 10))
        for place, digit in enumerate(signs[1:8])
    )
    return (total + 4 + int(signs[8])) % 10 == 0


def bg_vat(digits: str) -> bool:
    """Tell whether a company's nine digits are right, or a person's ten by one of three rules."""
    if len(digits) == 9:
        check = weighted(digits, range(1, 9)) % 11
        if check == 10:
            check = weighted(digits, range(3, 11)) % 11 % 10
        return check == int(digits[8])
    other = -weighted(digits[:9], (4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11 % 10
    return east.bg_egn(digits) or east.bg_foreigner(digits) or other == int(digits[9])


def es_vat(signs: str) -> bool:
    """Tell whether the last sign of a person's NIF, a foreigner's NIE or a company is right."""
    if signs[0] in "0123456789XYZ":
        digits = signs[:8].translate(str.maketrans("XYZ", "012"))
        return digits.isdigit() and _ES_LETTERS[int(digits) % 23] == signs[8]
    if signs[0] in "KLM":
        return _ES_LETTERS[int(signs[1:8]) % 23] == signs[8]
    total = -sum(
        int(digit) if place % 2 else sum(divmod(2 * int(digit), 10))
        for place, digit in enumerate(signs[1:8])
    )
    return signs[8] in (str(total % 10), "JABCDEFGHI"[total % 10])


def fr_vat(signs: str) -> bool:
    """Tell whether a SIREN follows two signs, which are its key where they are digits."""
    key, siren = signs[:2], signs[2:]
    right = not key.isdigit() or (12 + 3 * (int(siren) % 97)) % 97 == int(key)
    return passes_luhn(siren) and right


def gb_vat(digits: str) -> bool:
    """Tell whether the weighted sum is a multiple of 97, or 42 or 55 more (numbers since 2009)."""
    total = weighted(digits, range(8, 1, -1)) + int(digits[7:9])
    return total % 97 in (0, 42, 55)


def lt_vat(digits: str) -> bool:
    """Tell whether the last digit is right by the first round of weights, or for ten the second."""
    body = digits[:-1]
    check = weighted(body, [1 + place % 9 for place in range(len(body))]) % 11
    if check == 10:
        check = weighted(body, [1 + (place + 2) % 9 for place in range(len(body))]) % 11 % 10
    return body[-1] == "1" and check == int(digits[-1])


def lv_vat(digits: str) -> bool:
    """Tell whether a company's weighted sum leaves three by eleven, or it is a person's code."""
    if digits[0] > "3":
        return weighted(digits, (9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)) % 11 == 3
    return lv_person(digits)


def nl_vat(signs: str) -> bool:
    """Tell whether nine digits are a BSN or RSIN, or the whole leaves one by 97 (since 2020)."""
    return west.nl_bsn(signs[:9]) or modulo_97("NL" + signs) == 1


def ie_vat(signs: str) -> bool:
    """Tell whether it is right as a PPS number; a letter in second place is of old."""
    if signs[1].isdigit():
        return west.ie_pps(signs)
    return west.ie_pps("0" + signs[2:7] + signs[0] + signs[7])


def _sums_to(modulus: int, *weights: int) -> Valid:
    return lambda digits: weighted(digits, weights) % modulus == 0


_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "AT": at_vat,
    "BE": west.be_enterprise,
    "BG": bg_vat,
    "CY": east.cy_tax,
    "CZ": east.cz_tax,
    "DE": lambda digits: digits[0] != "0" and passes_hybrid(digits, 10),
    "DK": dk_cvr,
    "EE": _sums_to(10, 3, 7, 1, 3, 7, 1, 3, 7, 1),
    "EL": east.gr_tax,
    "ES": es_vat,
    "FI": _sums_to(11, 7, 9, 10, 5, 8, 4, 2, 1),
    "FR": fr_vat,
    "GB": gb_vat,
    "HR": lambda digits: passes_hybrid(digits, 10),
    "HU": east.hu_company,
    "IE": ie_vat,
    "IT": passes_luhn,
    "LT": lt_vat,
    "LU": lambda digits: int(digits[:6]) % 89 == int(digits[6:]),
    "LV": lv_vat,
    "MT": _sums_to(37, 3, 4, 6, 7, 8, 9, 10, 1),
    "NL": nl_vat,
    "PL": lambda digits: weighted(digits[:9], (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(digits[9]),
    "PT": west.pt_nif,
    "RO": east.ro_fiscal,
    "SE": lambda digits: passes_luhn(digits[:10]) and digits[10:] != "00",
    "SI": east.si_tax,
    "SK": east.sk_tax,
    "XI": gb_vat,
}
_SIGN = re.compile(r"[A-Za-z0-9]")


def eu_vat(text: str, start: int, end: int) -> Judged | None:
    """Accept a number whose check is right in the country that its first two letters name.

    Small letters count only without a gap: `de 123` and `es 123` are words and numbers.
    """
    if text[start + 1].islower() and not text[start + 2].isalnum():
        return None
    signs = "".join(_SIGN.findall(text[start:end])).upper()
    number = signs[2:]
    check = _CHECKS.get("EL" if signs[:2] == "GR" else signs[:2])
    if check is None or is_one_sign(number) or not check(number):
        return None
    return Judged(start, end, Certainty.LIKELY)


EU_VAT: Mapping[str, Validator] = {"eu-vat": eu_vat}
