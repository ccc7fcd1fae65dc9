"""Check digits and letters that identifiers of several countries share.

Each function is pure and takes text without separators: digits, or upper-case letters and digits.
None raises on digits of any length; a wrong length is simply not right.
"""

from collections.abc import Sequence
from datetime import date
from itertools import cycle

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # a sign's place is its value

# Verhoeff: multiplication in the dihedral group D5, and the permutation of each place from the
# right (J. Verhoeff, "Error Detecting Decimal Codes", 1969).
_D5 = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PLACES = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901",
    "2793806415", "7046913258",
)  # fmt: skip


def weighted(digits: str, weights: Sequence[int]) -> int:
    """Return the sum of digits times weights; it ends with the shorter of both."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def weighted_signs(signs: str, weights: Sequence[int]) -> int:
    """Return the sum of values times weights, where A is 10 and Z is 35."""
    return sum(ALPHANUMERIC.index(sign) * by for sign, by in zip(signs, weights, strict=False))


def cross_sums(digits: str, weights: Sequence[int]) -> int:
    """Return the sum of the decimal digits of each product; the weights repeat.

    With weights 2 and 1 it is the sum of Luhn, from the left.
    """
    products = (int(digit) * weight for digit, weight in zip(digits, cycle(weights), strict=False))
    return sum(product // 10 + product % 10 for product in products)


def passes_verhoeff(digits: str) -> bool:
    """Tell whether the last digit is the Verhoeff check digit."""
    state = 0
    for place, digit in enumerate(reversed(digits)):
        state = int(_D5[state][int(_PLACES[place % 8][int(digit)])])
    return state == 0


def passes_hybrid(signs: str, modulus: int) -> bool:
    """Tell whether the last sign is right by ISO/IEC 7064 hybrid system MOD `modulus` + 1.

    modulus: 10 for digits (MOD 11,10), 36 for letters and digits (MOD 37,36).
    """
    product = modulus
    for sign in signs[:-1]:
        total = (product + ALPHANUMERIC.index(sign)) % modulus or modulus
        product = total * 2 % (modulus + 1)
    return (product + ALPHANUMERIC.index(signs[-1])) % modulus == 1


def passes_pure(signs: str, modulus: int, radix: int) -> bool:
    """Tell whether the last sign is right by ISO/IEC 7064 pure system MOD `modulus`,`radix`.

    MOD 11,2 ends with X for ten, MOD 37,2 with * for thirty-six.
    """
    total = 0
    for sign in signs[:-1]:
        total = (total + ALPHANUMERIC.index(sign)) * radix % modulus
    last = modulus - 1 if signs[-1] in ("*", "X" if modulus == 11 else "*") else None
    return (total + (ALPHANUMERIC.index(signs[-1]) if last is None else last)) % modulus == 1


def modulo_97(signs: str) -> int:
    """Return the remainder by 97, letters written as 10 to 35 (ISO/IEC 7064 MOD 97,10)."""
    return int("".join(str(ALPHANUMERIC.index(sign)) for sign in signs)) % 97


def is_one_sign(signs: str) -> bool:
    """Tell whether a text repeats one sign, as a placeholder such as 000000000 does."""
    return len(set(signs)) == 1


def is_date(year: int, month: int, day: int) -> bool:
    """Tell whether a calendar has this day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def is_day_of_century(digits: str, centuries: Sequence[int] = (19, 20)) -> bool:
    """Tell whether six digits YYMMDD are a day of one of the centuries."""
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    return any(is_date(century * 100 + year, month, day) for century in centuries)
