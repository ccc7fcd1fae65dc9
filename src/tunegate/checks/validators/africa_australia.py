"""Identifiers of Nigeria, South Africa and Australia."""

from collections.abc import Mapping

from tunegate.checks.judging import Validator
from tunegate.checks.validators.checksums import is_day_of_century, is_one_sign, weighted
from tunegate.checks.validators.codes import always, code, in_groups_of, never
from tunegate.checks.validators.general import passes_luhn

_ABN_WEIGHTS = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)


def is_abn(digits: str) -> bool:
    """Tell whether eleven digits are an Australian business number (ABR, modulus 89)."""
    if digits[0] == "0":
        return False
    return weighted(str(int(digits[0]) - 1) + digits[1:], _ABN_WEIGHTS) % 89 == 0


def is_acn(digits: str) -> bool:
    """Tell whether the last of nine digits is that of an Australian company number (ASIC)."""
    return -weighted(digits, range(8, 0, -1)) % 10 == int(digits[8]) and not is_one_sign(digits)


_TFN_WEIGHTS = {8: (10, 7, 8, 4, 6, 3, 5, 1), 9: (1, 4, 3, 7, 5, 8, 6, 9, 10)}


def is_tfn(digits: str) -> bool:
    """Tell whether eight or nine digits are an Australian tax file number (ATO, modulus 11)."""
    return weighted(digits, _TFN_WEIGHTS[len(digits)]) % 11 == 0 and not is_one_sign(digits)


def is_au_medicare(digits: str) -> bool:
    """Tell whether the ninth digit of an Australian Medicare card number is right."""
    check = weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9)) % 10
    return digits[0] in "23456" and check == int(digits[8]) and digits[9] != "0"


def is_nin(digits: str) -> bool:
    """Tell whether eleven digits can be a Nigerian identity number (NIMC publishes no check)."""
    return not is_one_sign(digits)


def is_bvn(digits: str) -> bool:
    """Tell whether eleven digits can be a Nigerian bank verification number: they begin with 22."""
    return digits[:2] == "22" and not is_one_sign(digits)


def is_za_id(digits: str) -> bool:
    """Tell whether thirteen digits are a South African identity number.

    A day of birth, a serial number, citizen, resident or refugee, 8 or 9, and Luhn.
    """
    kinds = digits[10] in "012" and digits[11] in "89"
    return kinds and is_day_of_century(digits) and passes_luhn(digits)


def is_za_driving_licence(signs: str) -> bool:
    """Tell whether twelve signs have the digits in front of a driving licence number."""
    return not signs.isdigit() and not is_one_sign(signs[:7])


def is_za_tax_number(digits: str) -> bool:
    """Tell whether ten digits are an income tax (0 to 3, 9) or VAT number (4) of SARS, by Luhn."""
    return digits[0] in "012349" and passes_luhn(digits) and not is_one_sign(digits)


def is_za_passport(signs: str) -> bool:
    """Tell whether eight digits after the letter are no placeholder."""
    return not is_one_sign(signs[1:])


AFRICA_AUSTRALIA: Mapping[str, Validator] = {
    "au-abn": code(is_abn, in_groups_of(2, 3, 3, 3)),
    "au-acn": code(is_acn, in_groups_of(3, 3, 3)),
    "au-medicare": code(is_au_medicare, in_groups_of(4, 5, 1)),
    "au-tfn": code(is_tfn, in_groups_of(3, 3, 3)),
    "ng-bvn": code(is_bvn, never),
    "ng-nin": code(is_nin, never),
    "za-driving-licence": code(is_za_driving_licence, never),
    "za-id-number": code(is_za_id, always),
    "za-passport": code(is_za_passport, never),
    "za-tax-number": code(is_za_tax_number, never),
}
