"""Identifiers of Germany."""

import re
from collections import Counter
from collections.abc import Mapping

from tunegate.checks.judging import Certainty, Judged, Validator, likely_if
from tunegate.checks.validators.checksums import (
    ALPHANUMERIC,
    cross_sums,
    is_date,
    is_one_sign,
    passes_hybrid,
    weighted,
    weighted_signs,
)
from tunegate.checks.validators.codes import always, code, in_capitals, never, plain, stands_alone


def is_steuer_id(digits: str) -> bool:
    """Tell whether eleven digits are a tax identification number (§ 139b AO).

    Among the first ten one digit stands twice or three times and the others at most once; all ten
    different is what test numbers have. The last is by ISO 7064 MOD 11,10.
    """
    counts = sorted(Counter(digits[:10]).values(), reverse=True)
    spread = counts[0] <= 3 and counts[1] <= 1
    return digits[0] != "0" and spread and passes_hybrid(digits, 10)


def _steuer_id_is_likely(text: str, start: int, end: int) -> bool:
    """Eleven digits counting up or down are likely made up, but so is nearly no order number."""
    written = text[start:end]
    return written.isdigit() or set(re.sub(r"[0-9]", "", written)) <= {" ", "."}


_STEUERNUMMER_GROUPS = re.compile(r"[0-9]{2,3}[/ ][0-9]{3,4}[/ ][0-9]{4,5}")
_STATES = frozenset(f"{state:02}" for state in range(1, 17))
# First digits of the unified number, by tax office of each state (ELSTER, "Steuernummer").
_OFFICES = ("10", "11", "21", "22", "23", "24", "26", "27", "28", "3", "4", "5", "9")


def steuernummer(text: str, start: int, end: int) -> Judged | None:
    """Accept a tax number in the groups of a state, or the unified one of thirteen digits.

    No check digit is common to all states. Ten or eleven digits between slashes are likely.
    """
    written = text[start:end]
    digits = plain(written)
    if is_one_sign(digits):
        return None
    if len(digits) == 13:
        unified = digits[:2] in _STATES or (digits.startswith(_OFFICES) and digits[4] == "0")
        return Judged(start, end, Certainty.UNSURE) if unified else None
    slashed = written.count("/") == 2 and bool(_STEUERNUMMER_GROUPS.fullmatch(written))
    alone = stands_alone(text, start, end)
    return Judged(start, end, likely_if(slashed and alone))


# Signs of serial numbers: digits, and consonants that cannot be misread (Anlage PAuswV, PassV).
_SERIAL = frozenset("0123456789CFGHJKLMNPRTVWXYZ")
_ICAO_WEIGHTS = (7, 3, 1) * 3  # ICAO Doc 9303 part 3


def passes_icao(signs: str) -> bool:
    """Tell whether the last digit is the check digit of a travel document."""
    return weighted_signs(signs[:-1], _ICAO_WEIGHTS) % 10 == int(signs[-1])


def is_document(signs: str) -> bool:
    """Tell whether nine signs are a serial number, with or without the check digit after it.

    T and eight digits is what cards before 2010 have.
    """
    if not set(signs) <= _SERIAL or sum(sign.isdigit() for sign in signs) < 3:
        return False
    return len(signs) == 9 or (signs[-1].isdigit() and passes_icao(signs))


_MIXED = re.compile(r"[A-Z][A-Z0-9]*[0-9][A-Z][A-Z0-9]*")  # a letter after a digit


def _is_mixed_with_check(text: str, start: int, end: int) -> bool:
    return end - start == 10 and bool(_MIXED.fullmatch(text, start, end))


def is_kvnr(signs: str) -> bool:
    """Tell whether the last digit of a health insurance number is right (§ 290 SGB V)."""
    letter = f"{ALPHANUMERIC.index(signs[0]) - 9:02}"
    return cross_sums(letter + signs[1:9], (1, 2)) % 10 == int(signs[9])


_RVNR_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


def is_rvnr(signs: str) -> bool:
    """Tell whether twelve signs are a pension insurance number (§ 147 SGB VI, VKVV § 4).

    An area, the day of birth (50 more where a day ran out of numbers), the letter of the name at
    birth, a serial number and a check digit.
    """
    day, month, year = int(signs[2:4]) % 50, int(signs[4:6]), int(signs[6:8])
    if not any(is_date(c + year, month, day) for c in (1900, 2000)) or signs[:2] == "00":
        return False
    digits = f"{signs[:8]}{ALPHANUMERIC.index(signs[8]) - 9:02}{signs[9:11]}"
    return cross_sums(digits, _RVNR_WEIGHTS) % 10 == int(signs[11])


def is_lanr(digits: str) -> bool:
    """Tell whether the seventh of nine digits is the check digit of a doctor's number (KBV)."""
    total = weighted(digits, (4, 9, 4, 9, 4, 9))
    return -total % 10 == int(digits[6]) and digits[:6] != "000000"


def is_bsnr(digits: str) -> bool:
    """Tell whether nine digits can be the number of a practice: no placeholder."""
    return not is_one_sign(digits)


def is_fuehrerschein(signs: str) -> bool:
    """Tell whether eleven signs have the digits of a driving licence number (Anlage 8 FeV)."""
    return sum(sign.isdigit() for sign in signs) >= 4


def ust_id(text: str, start: int, end: int) -> Judged | None:
    """Accept a VAT number: likely in capitals, or with the right check digit.

    Its algorithm, ISO 7064 MOD 11,10, is not published officially.
    """
    digits = plain(text[start:end])[2:]
    if is_one_sign(digits) or digits[0] == "0":
        return None
    prose = text.startswith("de ", start)  # "of" in several languages
    right = text.startswith("DE", start) or (passes_hybrid(digits, 10) and not prose)
    alone = stands_alone(text, start, end)
    return Judged(start, end, likely_if(right and alone))


GERMANY: Mapping[str, Validator] = {
    "de-bsnr": code(is_bsnr, never),
    "de-fuehrerschein": code(is_fuehrerschein, never),
    "de-kvnr": code(is_kvnr, in_capitals),
    "de-lanr": code(is_lanr, never),
    "de-personalausweis": code(is_document, _is_mixed_with_check),
    "de-reisepass": code(is_document, _is_mixed_with_check),
    "de-rentenversicherung": code(is_rvnr, always),
    "de-steuer-id": code(is_steuer_id, _steuer_id_is_likely),
    "de-steuernummer": steuernummer,
    "de-ust-id": ust_id,
}
