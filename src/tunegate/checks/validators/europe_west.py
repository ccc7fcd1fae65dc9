"""Identifiers of France, the Benelux countries, Portugal, Ireland, Austria and Switzerland."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import Validator
from tunegate.checks.validators.checksums import (
    ALPHANUMERIC,
    is_date,
    is_day_of_century,
    passes_verhoeff,
    weighted,
)
from tunegate.checks.validators.general import passes_luhn
from tunegate.checks.validators.written import LIKELY, identifier

_CORSICA = {"2A": "19", "2B": "18"}  # what the departments count as in the key


def fr_nir(signs: str) -> bool:
    """Tell whether the key is 97 minus the remainder of the 13 signs; they may stand alone.

    Sex is 1 or 2, or 3, 4, 7 and 8 while provisional; months from 20 on stand for unknown ones.
    """
    digits = signs[:5] + _CORSICA.get(signs[5:7], signs[5:7]) + signs[7:]
    if not digits.isdigit() or digits[0] not in "123478" or digits[5:7] == "00":
        return False
    month = int(digits[3:5])
    if not (1 <= month <= 12 or month == 20 or 30 <= month <= 42 or month >= 50):
        return False
    if len(digits) == 13:
        return True
    return (int(digits[:13]) + int(digits[13:])) % 97 == 0 and digits[13:] != "00"


def _fr_nir_is_usual(signs: str) -> bool:
    """Tell whether it has a key, and the sex and month that nearly everybody has."""
    return len(signs) == 15 and signs[0] in "12" and "01" <= signs[3:5] <= "12"


def fr_spi(digits: str) -> bool:
    """Tell whether the last three digits are the remainder of the others by 511."""
    return digits[0] in "0123" and int(digits[:10]) % 511 == int(digits[10:])


def fr_siret(digits: str) -> bool:
    """Tell whether it passes Luhn, as its first nine digits do; La Poste's only sum up to fives."""
    if digits.startswith("356000000"):
        return sum(map(int, digits)) % 5 == 0
    return passes_luhn(digits) and passes_luhn(digits[:9])


def fr_document(signs: str) -> bool:
    """Tell whether an identity card can have it: 12 digits, or 9 signs since 2021."""
    return (len(signs) == 12 and signs[:2].isdigit() and "01" <= signs[2:4] <= "12") or (
        len(signs) == 9 and 3 <= sum(map(str.isdigit, signs)) <= 8
    )


def nl_bsn(digits: str) -> bool:
    """Tell whether the eleven test holds, in which the last digit counts minus one."""
    digits = digits.zfill(9)
    return weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def nl_document(signs: str) -> bool:
    """Tell whether a passport or identity card can have it: two letters, no O, a digit last."""
    return bool(re.fullmatch(r"[A-NP-Z]{2}[A-NP-Z0-9]{6}[0-9]", signs))


def be_national(digits: str) -> bool:
    """Tell whether the last two digits are 97 minus the remainder; 2 stands before from 2000 on.

    Months from 20 and from 40 on are those of people who are not in the register (bis number);
    where a day is full or unknown, month and day may be 00.
    """
    month = int(digits[2:4]) % 20
    if month > 12 or int(digits[2:4]) >= 53 or int(digits[4:6]) > 31:
        return False
    check = 97 - int(digits[9:])
    return check in (int(digits[:9]) % 97, int("2" + digits[:9]) % 97)


def be_enterprise(digits: str) -> bool:
    """Tell whether the last two digits are 97 minus the remainder of the others."""
    digits = digits.zfill(10)
    return digits[0] in "01" and 97 - int(digits[:8]) % 97 == int(digits[8:])


_PT_NIF = re.compile(r"[123568]|45|7[0-9]|9[0189]")


def pt_nif(digits: str) -> bool:
    """Tell whether the last digit is eleven minus the weighted remainder, or 0 for 10 and 11."""
    check = -weighted(digits, range(9, 1, -1)) % 11 % 10
    return bool(_PT_NIF.match(digits)) and check == int(digits[8])


def pt_citizen_card(signs: str) -> bool:
    """Tell whether the whole passes Luhn, with letters as 10 to 35."""
    total = 0
    for place, sign in enumerate(reversed(signs)):
        value = ALPHANUMERIC.index(sign) << (place & 1)
        total += value - 9 if place & 1 and value > 9 else value
    return signs[:9].isdigit() and signs[11].isdigit() and total % 10 == 0


def pt_niss(digits: str) -> bool:
    """Tell whether the last digit is nine minus the sum weighted by primes, modulo ten."""
    total = weighted(digits, (29, 23, 19, 17, 13, 11, 7, 5, 3, 2))
    return digits[0] in "12" and 9 - total % 10 == int(digits[10])


def ie_pps(signs: str) -> bool:
    """Tell whether the first letter is the remainder by 23; a second one from A to I counts nine.

    W, T and X after it are of old, and count nothing.
    """
    total = weighted(signs[:7], range(8, 1, -1))
    if len(signs) == 9 and signs[8] in "ABCDEFGHI":
        total += 9 * (ord(signs[8]) - ord("A") + 1)
    return "WABCDEFGHIJKLMNOPQRSTUV"[total % 23] == signs[7]


def at_insurance(digits: str) -> bool:
    """Tell whether the fourth digit is the weighted remainder; a date of birth follows it.

    Months 13 to 15 are given when the numbers of a day are used up.
    """
    month = int(digits[6:8])
    day = digits[8:] + f"{1 if month > 12 else month:02}" + digits[4:6]
    check = weighted(digits, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11
    return digits[0] != "0" and month < 16 and is_day_of_century(day) and check == int(digits[3])


def ch_insured(digits: str) -> bool:
    """Tell whether it begins with Switzerland's 756 and ends with the check digit of an EAN."""
    return digits.startswith("756") and weighted(digits, (1, 3) * 6 + (1,)) % 10 == 0


def ch_enterprise(signs: str) -> bool:
    """Tell whether the ninth digit after CHE is eleven minus the weighted remainder."""
    digits = signs[3:12]
    check = -weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4)) % 11
    return check == int(digits[8])


def lu_national(digits: str) -> bool:
    """Tell whether a day of birth comes first, and the last two digits pass Luhn and Verhoeff."""
    born = is_date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    right = passes_luhn(digits[:12]) and passes_verhoeff(digits[:11] + digits[12])
    return born and "1880" <= digits[:4] <= "2039" and right


def mt_identity(signs: str) -> bool:
    """Tell whether up to seven digits end with a letter of the island or the register."""
    return signs[:-1].isdigit() and signs[-1] in "MGAPLHBZ" and int(signs[:-1]) > 0


EUROPE_WEST: Mapping[str, Validator] = {
    "at-insurance-number": identifier(at_insurance),
    "at-tax-number": identifier(passes_luhn, form=r"[0-9]{2}[ -][0-9]{3}/[0-9]{4}"),
    "be-enterprise-number": identifier(be_enterprise, form=r"[01][0-9]{3}\.[0-9]{3}\.[0-9]{3}"),
    "be-national-number": identifier(
        be_national,
        form=r"(?:[0-9]{2}\.){2}[0-9]{2}-[0-9]{3}\.[0-9]{2}",
        alone=lambda digits: is_day_of_century(digits[:6]),
    ),
    "ch-ahv-number": identifier(ch_insured, alone=LIKELY),
    "ch-enterprise-number": identifier(ch_enterprise, alone=LIKELY),
    "fr-identity-card": identifier(fr_document),
    "fr-nir": identifier(fr_nir, alone=_fr_nir_is_usual),
    "fr-siren": identifier(passes_luhn),
    "fr-siret": identifier(fr_siret, form=r"[0-9]{3} [0-9]{3} [0-9]{3} 00[0-9]{3}"),
    "fr-spi": identifier(fr_spi, alone=LIKELY),
    "ie-pps": identifier(ie_pps),
    "lu-national-number": identifier(lu_national, alone=lambda digits: digits < "2011"),
    "mt-identity-card": identifier(mt_identity),
    "nl-bsn": identifier(nl_bsn),
    "nl-document": identifier(nl_document),
    "pt-citizen-card": identifier(pt_citizen_card, form=r"[0-9]{8} [0-9] [A-Z0-9]{2}[0-9]"),
    "pt-nif": identifier(pt_nif),
    "pt-niss": identifier(pt_niss),
}
