"""Identifiers of Spain, Italy and Turkey."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import Certainty, Judged, Validator
from tunegate.checks.validators.checksums import ALPHANUMERIC, is_date, is_one_sign
from tunegate.checks.validators.codes import code, in_capitals, in_groups_of, never, plain
from tunegate.checks.validators.general import passes_luhn

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"  # by the number modulo 23 (Real Decreto 1553/2005)


def is_es_nif(signs: str) -> bool:
    """Tell whether the letter after seven or eight digits, or K, L, M and seven, is right."""
    number = signs[:-1].lstrip("KLM")
    return int(number) > 0 and _DNI_LETTERS[int(number) % 23] == signs[-1]


def _letter_is_close(text: str, start: int, end: int) -> bool:
    """A capital after a space may begin the next word."""
    return in_capitals(text, start, end) and text[end - 2] != " "


def is_es_nie(signs: str) -> bool:
    """Tell whether the letter after X, Y or Z and seven digits is right."""
    return _DNI_LETTERS[int(str("XYZ".index(signs[0])) + signs[1:8]) % 23] == signs[8]


_CIF_LETTERS = "JABCDEFGHI"


def is_es_cif(signs: str) -> bool:
    """Tell whether the control sign of a company's tax number is right (Orden EHA/451/2008)."""
    doubled = sum(int(digit) * 2 // 10 + int(digit) * 2 % 10 for digit in signs[1:8:2])
    check = -(doubled + sum(int(digit) for digit in signs[2:8:2])) % 10
    letter_only, digit_only = signs[0] in "KPQRSNW", signs[0] in "ABEH"
    return (signs[8] == str(check) and not letter_only) or (
        signs[8] == _CIF_LETTERS[check] and not digit_only
    )


def has_no_placeholder(signs: str) -> bool:
    """Tell whether the digits of a document number are not all the same."""
    return not is_one_sign("".join(sign for sign in signs if sign.isdigit()))


# Codice fiscale (DM 23/12/1976): consonants of the names, year, month letter, day (40 more for
# women), municipality, check letter. Letters L M N P Q R S T U V stand for digits where two
# people would share a code.
_CF_DIGIT = "[0-9LMNPQRSTUV]"
_CODICE = re.compile(
    rf"[A-Z]{{6}}{_CF_DIGIT}{{2}}[A-EHLMPRST]{_CF_DIGIT}{{2}}[A-Z]{_CF_DIGIT}{{3}}[A-Z]"
)
_CF_DIGITS = str.maketrans("LMNPQRSTUV", "0123456789")
_CF_MONTHS = "ABCDEHLMPRST"
# What a sign in first, third, fifth … place counts, by its value as a digit or from A.
_CF_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)  # fmt: skip  # noqa: E501


def _cf_value(sign: str) -> int:
    value = ALPHANUMERIC.index(sign)
    return value if value < 10 else value - 10


def is_it_codice_fiscale(signs: str) -> bool:
    """Tell whether the check letter of a fiscal code is right."""
    odd = sum(_CF_ODD[_cf_value(sign)] for sign in signs[:15:2])
    even = sum(_cf_value(sign) for sign in signs[1:15:2])
    return chr(ord("A") + (odd + even) % 26) == signs[15]


def codice_fiscale(text: str, start: int, end: int) -> Judged | None:
    """Accept a fiscal code with a possible date; with a wrong check letter it is still likely.

    Sixteen signs in this order are nothing else, and a code that was mistyped names its person.
    """
    signs = plain(text[start:end])
    if not _CODICE.fullmatch(signs):
        return None
    day = int(signs[9:11].translate(_CF_DIGITS))
    year = int(signs[6:8].translate(_CF_DIGITS))
    month = _CF_MONTHS.index(signs[8]) + 1
    if not any(is_date(c + year, month, day % 40) for c in (1900, 2000)) or day > 71:
        return None
    right = is_it_codice_fiscale(signs)
    return Judged(start, end, Certainty.SURE if right else Certainty.LIKELY)


def is_it_partita_iva(signs: str) -> bool:
    """Tell whether eleven digits are a VAT number: a company, an office, and Luhn."""
    digits = signs.removeprefix("IT")
    office = int(digits[7:10])
    issued = 1 <= office <= 100 or office in (120, 121, 888, 999)
    return issued and digits[:7] != "0000000" and passes_luhn(digits)


def _has_country(text: str, start: int, end: int) -> bool:
    return text[start : start + 2].isalpha()


def is_tr_tckn(digits: str) -> bool:
    """Tell whether the last two of eleven digits are right (Nüfus ve Vatandaşlık İşleri)."""
    odd, even = (sum(int(digit) for digit in digits[first:9:2]) for first in (0, 1))
    tenth = (odd * 7 - even) % 10
    return digits[0] != "0" and digits[9:] == f"{tenth}{(odd + even + tenth) % 10}"


def is_tr_vkn(digits: str) -> bool:
    """Tell whether the last of ten digits is the check digit of a tax number."""
    total = 0
    for place, digit in enumerate(digits[:9]):
        moved = (int(digit) + 9 - place) % 10
        total += 9 if moved == 9 else moved * 2 ** (9 - place) % 9
    return -total % 10 == int(digits[9]) and not is_one_sign(digits)


SOUTHERN_EUROPE: Mapping[str, Validator] = {
    "es-cif": code(is_es_cif, never),
    "es-nie": code(is_es_nie, in_capitals),
    "es-nif": code(is_es_nif, _letter_is_close),
    "es-passport": code(has_no_placeholder, never),
    "it-codice-fiscale": codice_fiscale,
    "it-driving-licence": code(has_no_placeholder, never),
    "it-identity-card": code(has_no_placeholder, never),
    "it-partita-iva": code(is_it_partita_iva, _has_country),
    "it-passport": code(has_no_placeholder, never),
    "tr-tckn": code(is_tr_tckn, in_groups_of(3, 3, 3, 2)),
    "tr-vkn": code(is_tr_vkn, never),
}
