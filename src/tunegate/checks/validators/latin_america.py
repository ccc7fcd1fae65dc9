"""Identifiers of Brazil, Mexico and the Spanish-speaking countries of South America."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import Certainty, Judged, Validator
from tunegate.checks.validators.checksums import is_day_of_century, weighted
from tunegate.checks.validators.general import passes_luhn
from tunegate.checks.validators.written import identifier, signs_of

_FALLING = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)  # weights of the tax numbers of Argentina and Peru


def _eleven_less(total: int) -> int:
    """Return eleven minus the remainder by eleven, and 0 for ten and eleven."""
    return -total % 11 % 10


def br_cpf(digits: str) -> bool:
    """Tell whether both check digits are right (modulus 11)."""
    first = _eleven_less(weighted(digits[:9], range(10, 1, -1)))
    second = _eleven_less(weighted(digits[:10], range(11, 1, -1)))
    return digits[9:] == f"{first}{second}"


_CNPJ_WEIGHTS = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)


def br_cnpj(signs: str) -> bool:
    """Tell whether both check digits are right; a letter counts its ASCII code less 48."""

    def check(size: int) -> int:
        weights = _CNPJ_WEIGHTS[-size:]
        values = (ord(sign) - 48 for sign in signs)
        return _eleven_less(sum(a * b for a, b in zip(values, weights, strict=False)))

    return signs[12:] == f"{check(12)}{check(13)}"


def br_pis(digits: str) -> bool:
    """Tell whether the last digit is eleven minus the weighted remainder."""
    return _eleven_less(weighted(digits, (3, 2, 9, 8, 7, 6, 5, 4, 3, 2))) == int(digits[10])


def br_cnh(digits: str) -> bool:
    """Tell whether both check digits of a driving licence are right, remainders by eleven.

    Ten is written as 0. Where the first is ten, some subtract two from the second.
    """
    first = weighted(digits[:9], range(9, 0, -1)) % 11
    second = weighted(digits[:9], range(1, 10)) % 11
    seconds = {second, (second - 2) % 11} if first == 10 else {second}
    return digits[9] == str(first % 10) and int(digits[10]) in {rest % 10 for rest in seconds}


def br_voter(digits: str) -> bool:
    """Tell whether a state, 01 to 28, and both check digits are right.

    São Paulo and Minas Gerais write a remainder of 0 as 1.
    """

    def check(total: int) -> int:
        rest = total % 11
        return 1 if rest == 0 and digits[8:10] in ("01", "02") else rest % 10

    first = check(weighted(digits, range(2, 10)))
    second = check(weighted(digits[8:10] + str(first), (7, 8, 9)))
    return "01" <= digits[8:10] <= "28" and digits[10:] == f"{first}{second}"


def br_health(digits: str) -> bool:
    """Tell whether the weighted sum of a SUS card is a multiple of eleven."""
    return digits[0] in "12789" and weighted(digits, range(15, 0, -1)) % 11 == 0


_CURP = re.compile(
    r"[A-Z][AEIOUX][A-ZÑ]{2}([0-9]{6})[HMX]([A-Z]{2})[B-DF-HJ-NP-TV-ZÑ]{3}[A-Z0-9]\d"
)
_CURP_SIGNS = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
_MX_STATES = re.compile(
    "AS|B[CS]|C[CHLMS]|D[FG]|G[RT]|HG|JC|M[CNS]|N[ELT]|OC|PL|Q[RT]|S[LPR]|T[CLS]|VZ|YN|ZS"
)


def mx_curp(text: str, start: int, end: int) -> Judged | None:
    """Accept vowel, day, sex, state and consonants in their places; the check digit makes it sure.

    Mistyped or old ones with another digit are likely by their structure.
    """
    signs = signs_of(text[start:end])
    parts = _CURP.fullmatch(signs)
    if not parts or not _MX_STATES.fullmatch(parts[2]) or not is_day_of_century(parts[1]):
        return None
    values = map(_CURP_SIGNS.index, signs[:17])
    total = sum(value * weight for value, weight in zip(values, range(18, 1, -1), strict=True))
    right = -total % 10 == int(signs[17])
    return Judged(start, end, Certainty.SURE if right else Certainty.LIKELY)


_RFC_SIGNS = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"


def mx_rfc(text: str, start: int, end: int) -> Judged | None:
    """Accept letters, a day and three signs; likely when the last one is the check digit.

    Some that the tax office gave out have another, so that they need a context. `and 111222333` is
    a word and a number.
    """
    written = text[start:end]
    signs = re.sub(r"[ .-]", "", written).upper()
    if not is_day_of_century(signs[-9:-3]) or (" " in written and not written.isupper()):
        return None
    values = map(_RFC_SIGNS.index, signs[:-1].rjust(12))
    total = sum(value * weight for value, weight in zip(values, range(13, 1, -1), strict=True))
    right = "0A987654321"[total % 11] == signs[-1]
    return Judged(start, end, Certainty.LIKELY if right else Certainty.UNSURE)


def mx_nss(digits: str) -> bool:
    """Tell whether it passes Luhn."""
    return passes_luhn(digits) and digits[:2] != "00"


_MX_VOTER = re.compile(r"[A-Z]{6}([0-9]{6})(?:0[1-9]|[12][0-9]|3[0-3])[HM][0-9]{3}")


def mx_voter(signs: str) -> bool:
    """Tell whether a clave de elector has a day, a state and a sex; a card's number is digits."""
    parts = _MX_VOTER.fullmatch(signs)
    return signs.isdigit() if parts is None else is_day_of_century(parts[1])


def ar_cuit(digits: str) -> bool:
    """Tell whether kind and check digit are right; ten is written as 9."""
    check = 11 - weighted(digits, _FALLING) % 11
    kinds = ("20", "23", "24", "25", "26", "27", "30", "33", "34")
    return digits[:2] in kinds and {10: 9, 11: 0}.get(check, check) == int(digits[10])


def cl_rut(signs: str) -> bool:
    """Tell whether the last sign is eleven minus the weighted remainder; K stands for ten."""
    digits = signs[:-1].zfill(8)
    return (
        digits.isdigit()
        and "0K987654321"[weighted(digits, (3, 2, 7, 6, 5, 4, 3, 2)) % 11] == (signs[-1])
    )


def co_nit(digits: str) -> bool:
    """Tell whether the last digit is right: the sum weighted by primes, modulo eleven."""
    rest = weighted(digits[-2::-1], (3, 7, 13, 17, 19, 23, 29, 37, 41, 43)) % 11
    return (rest if rest < 2 else 11 - rest) == int(digits[-1])


def pe_ruc(digits: str) -> bool:
    """Tell whether the last digit is eleven minus the weighted remainder, modulo ten."""
    check = (11 - weighted(digits, _FALLING) % 11) % 10
    return digits[:2] in ("10", "15", "16", "17", "20") and check == int(digits[10])


def pe_dni(signs: str) -> bool:
    """Tell whether eight digits stand alone, or a digit or letter that proves them follows."""
    place = weighted(signs[:8], (3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return len(signs) == 8 or signs[8] in ("65432110987"[place], "KJIHGFEDCBA"[place])


def ve_rif(signs: str) -> bool:
    """Tell whether the last digit is right; the letter counts four times its place in VEJPG."""
    total = 4 * ("VEJPG".index(signs[0]) + 1) + weighted(signs[1:9], (3, 2, 7, 6, 5, 4, 3, 2))
    return int(signs[9]) == int("00987654321"[total % 11])


def ec_person(digits: str) -> bool:
    """Tell whether province, 01 to 24 or 30, and Luhn's check digit are right."""
    placed = "01" <= digits[:2] <= "24" or digits[:2] == "30"
    return placed and digits[2] < "7" and passes_luhn(digits)


def ec_ruc(digits: str) -> bool:
    """Tell whether a person's number, a company's (third digit 9) or an office's (6) is right."""
    if digits[10:] == "000" or not ("01" <= digits[:2] <= "24" or digits[:2] == "30"):
        return False
    if digits[2] == "9":
        return weighted(digits, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    if digits[2] == "6" and weighted(digits, (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0:
        return True
    return passes_luhn(digits[:10])


def uy_identity(digits: str) -> bool:
    """Tell whether the last digit completes the weighted sum to tens."""
    digits = digits.zfill(8)
    return weighted(digits, (2, 9, 8, 7, 6, 3, 4, 1)) % 10 == 0


LATIN_AMERICA: Mapping[str, Validator] = {
    "ar-cuit": identifier(ar_cuit, form=r"[0-9]{2}-[0-9]{8}-[0-9]"),
    "ar-dni": identifier(lambda digits: int(digits) >= 1_000_000),
    "br-cnh": identifier(br_cnh),
    "br-cnpj": identifier(br_cnpj, form=r"\w{2}\.\w{3}\.\w{3}/\w{4}-[0-9]{2}"),
    "br-cpf": identifier(br_cpf, form=r"(?:[0-9]{3}\.){2}[0-9]{3}-[0-9]{2}"),
    "br-health-card": identifier(br_health),
    "br-pis": identifier(br_pis, form=r"[0-9]{3}\.[0-9]{5}\.[0-9]{2}-[0-9]"),
    "br-voter-number": identifier(br_voter),
    "cl-rut": identifier(cl_rut, form=r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9K]"),
    "co-nit": identifier(co_nit, form=r"(?:[0-9]{3}\.){2}[0-9]{3}-[0-9]"),
    "do-identity-number": identifier(passes_luhn, form=r"[0-9]{3}-[0-9]{7}-[0-9]"),
    "ec-identity-number": identifier(ec_person),
    "ec-ruc": identifier(ec_ruc, form=r"[0-9]{10}001"),
    "mx-curp": mx_curp,
    "mx-nss": identifier(mx_nss),
    "mx-rfc": mx_rfc,
    "mx-voter-card": identifier(mx_voter),
    "pe-dni": identifier(pe_dni),
    "pe-ruc": identifier(pe_ruc),
    "uy-identity-number": identifier(uy_identity, form=r"[1-9]\.[0-9]{3}\.[0-9]{3}-[0-9]"),
    "ve-rif": identifier(ve_rif, form=r"[VEJPG]-[0-9]{8}-[0-9]"),
}
