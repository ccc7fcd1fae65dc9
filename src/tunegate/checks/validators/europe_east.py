"""Identifiers of central and eastern Europe, Greece, Cyprus, Ukraine and Russia."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import Validator
from tunegate.checks.validators.checksums import (
    is_date,
    is_day_of_century,
    passes_hybrid,
    weighted,
)
from tunegate.checks.validators.general import passes_luhn
from tunegate.checks.validators.written import identifier


def cz_birth(digits: str) -> bool:
    """Tell whether a rodné číslo begins with a day and, with ten digits, divides by eleven.

    50 is added to a woman's month, 20 when the numbers of a day are used up (since 2004). Nine
    digits were given until 1953. Until 1985 a remainder of ten was written as 0.
    """
    month = int(digits[2:4])
    month -= 50 if month > 50 else 0
    month -= 20 if month > 20 else 0
    day = f"{digits[:2]}{month:02}{digits[4:6]}"
    if len(digits) == 9:
        return digits[:2] < "54" and is_day_of_century(day, (19,)) and digits[6:] != "000"
    whole = int(digits) % 11 == 0
    return is_day_of_century(day) and (
        whole or (digits[9] == "0" and int(digits[:9]) % 11 == 10 and "54" <= digits[:2] <= "85")
    )


def cz_company(digits: str) -> bool:
    """Tell whether the last digit of an IČO is eleven minus the weighted remainder."""
    return (11 - weighted(digits[:7], range(8, 1, -1)) % 11) % 10 == int(digits[7])


def cz_tax(signs: str) -> bool:
    """Tell whether CZ stands before an IČO, a rodné číslo, or a number that begins with 6."""
    digits = signs.removeprefix("CZ")
    if len(digits) == 8:
        return digits[0] != "9" and cz_company(digits)
    if len(digits) == 9 and digits[0] == "6":
        check = (10 - weighted(digits[1:8], range(8, 1, -1)) % 11) % 11
        return (8 - check) % 10 == int(digits[8])
    return cz_birth(digits)


def sk_tax(signs: str) -> bool:
    """Tell whether a Slovak DIČ divides by eleven, or is a rodné číslo; SK before it means VAT."""
    digits = signs.removeprefix("SK")
    right = digits[0] != "0" and digits[2] in "234789" and int(digits) % 11 == 0
    return right or cz_birth(digits)


def ro_cnp(digits: str) -> bool:
    """Tell whether sex, day, county and check digit (modulus 11, ten is written 1) are right."""
    century = {"1": 19, "2": 19, "3": 18, "4": 18, "5": 20, "6": 20}.get(digits[0])
    born = digits[1:7]
    dated = is_day_of_century(born, (19, 20) if century is None else (century,))
    county = int(digits[7:9])
    placed = 1 <= county <= 48 or county in (51, 52, 70, 80, 81, 82, 83)
    check = weighted(digits[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    right = (1 if check == 10 else check) == int(digits[12])
    return digits[0] != "0" and dated and placed and right


def ro_fiscal(signs: str) -> bool:
    """Tell whether the last digit of a CUI is ten times the weighted sum, modulo 11 and 10."""
    digits = signs.removeprefix("RO")
    check = 10 * weighted(digits[:-1].zfill(9), (7, 5, 3, 2, 1, 7, 5, 3, 2)) % 11 % 10
    return digits[0] != "0" and check == int(digits[-1])


def hu_taj(digits: str) -> bool:
    """Tell whether the last digit is the sum weighted by 3 and 7, modulo 10."""
    return weighted(digits, (3, 7) * 4) % 10 == int(digits[8])


def hu_tax(digits: str) -> bool:
    """Tell whether it begins with 8, holds a day counted from 1867, and its remainder is right."""
    check = weighted(digits, range(1, 10)) % 11
    return digits[0] == "8" and check == int(digits[9]) and int(digits[1:6]) < 66000


def hu_personal(digits: str) -> bool:
    """Tell whether sex, day and check digit are right; the weights run backwards from 1997 on."""
    century = {"1": 19, "2": 19, "3": 20, "4": 20, "5": 19, "6": 19, "7": 19, "8": 19}
    if digits[0] not in century or not is_day_of_century(digits[1:7], (century[digits[0]],)):
        return False
    late = digits[0] in "34" or (digits[0] in "12" and digits[1:3] >= "97")
    weights = range(10, 0, -1) if late else range(1, 11)
    return weighted(digits, weights) % 11 == int(digits[10])


def hu_company(digits: str) -> bool:
    """Tell whether the eighth digit completes the weighted sum to tens; VAT code and county follow.

    The area code is 02 to 20, 22 to 44, or 51.
    """
    area = int(digits[9:11] or 2)
    right = weighted(digits, (9, 7, 3, 1, 9, 7, 3, 1)) % 10 == 0
    return (
        right and digits[8:9] in ("", "1", "2", "3", "4", "5") and (2 <= area <= 44 or area == 51)
    )


def bg_egn(digits: str) -> bool:
    """Tell whether day and check digit are right; months from 21 are of 18xx, from 41 of 20xx."""
    month = int(digits[2:4])
    century = 18 if month in range(21, 33) else 20 if month in range(41, 53) else 19
    check = weighted(digits, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10
    born = is_date(century * 100 + int(digits[:2]), month % 20, int(digits[4:6]))
    return born and check == int(digits[9])


def bg_foreigner(digits: str) -> bool:
    """Tell whether the last digit of a ЛНЧ is the weighted sum modulo 10."""
    return weighted(digits, (21, 19, 17, 13, 11, 9, 7, 3, 1)) % 10 == int(digits[9])


def gr_tax(digits: str) -> bool:
    """Tell whether the last digit of an ΑΦΜ is the sum weighted by powers of two, modulo 11, 10."""
    return weighted(digits, [2**n for n in range(8, 0, -1)]) % 11 % 10 == int(digits[8])


def gr_amka(digits: str) -> bool:
    """Tell whether it begins with a day and passes Luhn."""
    return is_day_of_century(digits[4:6] + digits[2:4] + digits[:2]) and passes_luhn(digits)


def cy_tax(signs: str) -> bool:
    """Tell whether the letter is the sum by 26 of the digits, those in odd places by a table."""
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
    total = sum(odd[int(digit)] for digit in signs[0:8:2]) + sum(map(int, signs[1:8:2]))
    return signs[:2] != "12" and ord(signs[8]) - ord("A") == total % 26


_MILLISECONDS = re.compile(r"1[0-8]")  # how the Unix times of 2001 to 2030 begin


def jmbg(digits: str) -> bool:
    """Tell whether day and check digit of a master number of the former Yugoslavia are right."""
    year = int(digits[4:7]) + (1000 if digits[4] in "89" else 2000)
    if year > 2040:
        return False
    check = -weighted(digits, (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return is_date(year, int(digits[2:4]), int(digits[:2])) and check == int(digits[12])


def si_tax(signs: str) -> bool:
    """Tell whether the eighth digit is eleven minus the weighted remainder, and 0 for ten."""
    digits = signs.removeprefix("SI")
    check = 11 - weighted(digits[:7], range(8, 1, -1)) % 11
    return digits[0] != "0" and check != 11 and check % 10 == int(digits[7])


def ua_taxpayer(digits: str) -> bool:
    """Tell whether it counts the days from 1900 to a birth, and the weighted sum is right."""
    check = weighted(digits, (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10
    return 1000 < int(digits[:5]) < 51500 and check == int(digits[9])


def ua_record(digits: str) -> bool:
    """Tell whether a record number begins with a day of birth."""
    year = int(digits[:4])
    return 1900 <= year <= 2040 and is_date(year, int(digits[4:6]), int(digits[6:8]))


def ru_inn(digits: str) -> bool:
    """Tell whether one check digit of a company or both of a person are right (modulus 11)."""
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)

    def right(size: int) -> bool:
        return weighted(digits[:size], weights[-size:]) % 11 % 10 == int(digits[size])

    placed = digits[:2] != "00"
    return placed and (right(9) if len(digits) == 10 else right(10) and right(11))


def ru_snils(digits: str) -> bool:
    """Tell whether the last two digits are the weighted sum modulo 101, and 00 for 100."""
    return weighted(digits[:9], range(9, 0, -1)) % 101 % 100 == int(digits[9:])


def ru_ogrn(digits: str) -> bool:
    """Tell whether the last digit is the others' remainder by 11 (13 digits) or 13 (15)."""
    year = int(digits[1:3]) + 2000
    dated = 2002 <= year <= 2060
    return dated and int(digits[:-1]) % (len(digits) - 2) % 10 == int(digits[-1])


def ru_passport(digits: str) -> bool:
    """Tell whether a region, and a year from 1997 to 2040 of the blank, stand in the series."""
    return digits[:2] != "00" and (digits[2:4] <= "40" or digits[2:4] >= "97")


EUROPE_EAST: Mapping[str, Validator] = {
    "bg-egn": identifier(bg_egn),
    "bg-foreigner-number": identifier(bg_foreigner),
    "cy-tax-number": identifier(cy_tax),
    "cz-sk-birth-number": identifier(cz_birth, form=r"[0-9]{6}/[0-9]{3,4}"),
    "cz-sk-company-number": identifier(cz_company),
    "gr-amka": identifier(gr_amka),
    "gr-tax-number": identifier(gr_tax),
    "hr-oib": identifier(lambda digits: passes_hybrid(digits, 10)),
    "hu-company-tax-number": identifier(hu_company, form=r"[0-9]{8}-[1-5]-[0-9]{2}"),
    "hu-personal-number": identifier(hu_personal, form=r"[1-8][ -][0-9]{6}[ -][0-9]{4}"),
    "hu-taj": identifier(hu_taj),
    "hu-tax-number": identifier(hu_tax),
    "jmbg": identifier(
        lambda digits: jmbg(digits) and digits[7] != "5",
        alone=lambda digits: not _MILLISECONDS.match(digits),
    ),
    "ro-cnp": identifier(ro_cnp, alone=lambda digits: digits[0] in "1256"),
    "ro-fiscal-number": identifier(ro_fiscal),
    "ru-inn": identifier(ru_inn),
    "ru-ogrn": identifier(ru_ogrn),
    "ru-passport": identifier(ru_passport),
    "ru-snils": identifier(ru_snils, form=r"[0-9]{3}-[0-9]{3}-[0-9]{3}[ -][0-9]{2}"),
    "si-emso": identifier(
        lambda digits: jmbg(digits) and digits[7] == "5",
        alone=lambda digits: not _MILLISECONDS.match(digits),
    ),
    "si-tax-number": identifier(si_tax),
    "sk-tax-number": identifier(sk_tax),
    "ua-record-number": identifier(ua_record),
    "ua-taxpayer-number": identifier(ua_taxpayer),
}
