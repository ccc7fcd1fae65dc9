"""Identifiers of Finland, Sweden and Poland."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import Certainty, Judged, Validator, likely_if
from tunegate.checks.validators.checksums import (
    is_date,
    is_one_sign,
    weighted,
    weighted_signs,
)
from tunegate.checks.validators.codes import (
    code,
    in_capitals,
    in_groups_of,
    never,
    plain,
    stands_alone,
)
from tunegate.checks.validators.general import passes_luhn

_HETU_CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"  # by the other nine digits modulo 31
# Signs between date and number (Valtioneuvoston asetus 128/2010, new ones since 2023).
_HETU_CENTURIES = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)


def henkilotunnus(text: str, start: int, end: int) -> Judged | None:
    """Accept a Finnish personal identity code: a day, a number from 002, and the check sign.

    Where that is a digit too, other countries' numbers look the same: then it is likely.
    """
    written = text[start:end].upper()
    day, month, year = int(written[:2]), int(written[2:4]), int(written[4:6])
    right = (
        is_date(_HETU_CENTURIES[written[6]] + year, month, day)
        and written[7:10] >= "002"
        and _HETU_CHECKS[int(written[:6] + written[7:10]) % 31] == written[10]
    )
    sure = Certainty.SURE if written[10].isalpha() else Certainty.LIKELY
    return Judged(start, end, sure) if right else None


_CLOCK = re.compile(r"20[0-9]{6}(?:[01][0-9]|2[0-3])[0-5][0-9]")  # 202601151030
_SECONDS = re.compile(r"1[0-8]")  # how the Unix times of 2001 to 2030 begin


def _swedish(text: str, start: int, end: int, *, moved: int) -> Judged | None:
    """Accept a day with four digits of which the last is by Luhn.

    moved: what is added to the day, 60 in a coordination number.
    """
    written = text[start:end]
    digits = plain(written)
    centuries = (int(digits[:2]) * 100,) if len(digits) == 12 else (1900, 2000)
    ten = digits[-10:]
    year, month, day = int(ten[:2]), int(ten[2:4]), int(ten[4:6]) - moved
    dated = centuries[0] in (1800, 1900, 2000) and any(
        is_date(century + year, month, day) for century in centuries
    )
    if not (dated and passes_luhn(ten) and ten[6:9] != "000"):
        return None
    bare = written.isdigit()
    if bare and moved and len(digits) == 10:
        return Judged(start, end, Certainty.UNSURE)  # rarer than the numbers that look like one
    a_time = bare and bool(_CLOCK.fullmatch(digits) or (len(digits) == 10 and _SECONDS.match(ten)))
    alone = stands_alone(text, start, end)
    return Judged(start, end, likely_if(not a_time and alone and " " not in written))


def personnummer(text: str, start: int, end: int) -> Judged | None:
    """Accept a Swedish personal identity number (Skatteverket, SKV 704)."""
    return _swedish(text, start, end, moved=0)


def samordningsnummer(text: str, start: int, end: int) -> Judged | None:
    """Accept a Swedish coordination number, whose day is 60 more (Skatteverket, SKV 707)."""
    return _swedish(text, start, end, moved=60)


def is_organisationsnummer(digits: str) -> bool:
    """Tell whether ten digits are a Swedish organisation: group, no month, Luhn (SKV 709)."""
    ten = digits[-10:]
    return ten[0] in "1235679" and ten[2] >= "2" and passes_luhn(ten) and not is_one_sign(ten)


_PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
# What is added to the month, by century; living people are of these two.
_PESEL_CENTURIES = {0: 1900, 20: 2000}
_LAST_BIRTH = 2030


def is_pesel(digits: str) -> bool:
    """Tell whether eleven digits are a Polish PESEL: a day from 1900 on, and the check digit."""
    month = int(digits[2:4])
    century = _PESEL_CENTURIES.get(month // 20 * 20)
    if century is None:
        return False
    year = century + int(digits[:2])
    dated = year <= _LAST_BIRTH and is_date(year, month % 20, int(digits[4:6]))
    return dated and -weighted(digits, _PESEL_WEIGHTS) % 10 == int(digits[10])


_NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)


def is_nip(signs: str) -> bool:
    """Tell whether the last of ten digits is that of a Polish tax number; PL may stand before."""
    digits = signs.removeprefix("PL")
    check = weighted(digits, _NIP_WEIGHTS) % 11
    return check == int(digits[9]) and digits[0] != "0" and not is_one_sign(digits)


_NIP_GROUPS = re.compile(r"[0-9]{3}-(?:[0-9]{3}-[0-9]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2}-[0-9]{3})")


def _nip_is_likely(text: str, start: int, end: int) -> bool:
    written = text[start:end]
    return written[:2].isalpha() or bool(_NIP_GROUPS.fullmatch(written))


_REGON_WEIGHTS = (8, 9, 2, 3, 4, 5, 6, 7)
_REGON_LONG_WEIGHTS = (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)


def is_regon(digits: str) -> bool:
    """Tell whether nine digits, or fourteen that begin with such nine, are a Polish REGON."""
    short = weighted(digits, _REGON_WEIGHTS) % 11 % 10 == int(digits[8])
    if len(digits) == 14:
        return short and weighted(digits, _REGON_LONG_WEIGHTS) % 11 % 10 == int(digits[13])
    return short and not is_one_sign(digits)


def is_pl_identity_card(signs: str) -> bool:
    """Tell whether the fourth of nine signs is the check digit of a Polish identity card."""
    return weighted_signs(signs, (7, 3, 1, 9, 7, 3, 1, 7, 3)) % 10 == 0


NORDICS_POLAND: Mapping[str, Validator] = {
    "fi-henkilotunnus": henkilotunnus,
    "pl-identity-card": code(is_pl_identity_card, never),
    "pl-nip": code(is_nip, _nip_is_likely),
    "pl-pesel": code(is_pesel, in_capitals),
    "pl-regon": code(is_regon, never),
    "se-organisationsnummer": code(is_organisationsnummer, in_groups_of(6, 4)),
    "se-personnummer": personnummer,
    "se-samordningsnummer": samordningsnummer,
}
