"""Random digits, days and check digits for invented identifiers.

Check digits are computed here in another way than in the validators, which are held against them.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

Maker = Callable[[Random], str]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIGNS = "0123456789" + LETTERS
FIRST_BIRTH, LAST_BIRTH = date(1930, 1, 1), date(2009, 12, 31)


def digits(r: Random, count: int, first: str = "0123456789") -> str:
    """Return random digits that are not all the same."""
    while True:
        made = r.choice(first) + "".join(r.choice("0123456789") for _ in range(count - 1))
        if count < 3 or len(set(made)) > 2:
            return made


def letters(r: Random, count: int, of: str = LETTERS) -> str:
    """Return random capitals."""
    return "".join(r.choice(of) for _ in range(count))


def birth(r: Random) -> date:
    """Return a day on which a person may have been born."""
    return FIRST_BIRTH + timedelta(days=r.randrange((LAST_BIRTH - FIRST_BIRTH).days))


def sums(number: str, weights: Sequence[int]) -> int:
    """Return the weighted sum, by columns."""
    return sum(a * b for a, b in zip(map(int, number), weights, strict=True))


def in_groups(r: Random, number: str, sizes: Sequence[int], by: str = " -") -> str:
    """Return it in one piece, or in groups with one of the separators."""
    if r.random() < 1 / 3:
        return number
    return grouped(number, sizes, r.choice(by))


def grouped(number: str, sizes: Sequence[int], by: str) -> str:
    """Return it in groups."""
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    assert at == len(number)
    return by.join(parts)


def either_case(r: Random, written: str) -> str:
    """Return it as it is, or in small letters."""
    return written.lower() if r.random() < 0.25 else written


def luhn(body: str) -> str:
    """Return the digit that makes the double-every-second sum end with 0."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        total += sum(map(int, str(int(digit) * (2 - place % 2))))
    return str((10 - total % 10) % 10)


def _turn(a: int, b: int) -> int:
    """Multiply two symmetries of a pentagon: 0 to 4 turn it, 5 to 9 turn it over."""
    if a < 5:
        return (a + b) % 5 if b < 5 else (a + b) % 5 + 5
    return (a - b) % 5 + 5 if b < 5 else (a - b) % 5


def verhoeff(body: str) -> str:
    """Return the Verhoeff digit, found by trying."""
    step = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
    for last in "0123456789":
        state = 0
        for place, digit in enumerate(reversed(body + last)):
            moved = int(digit)
            for _ in range(place % 8):
                moved = step[moved]
            state = _turn(state, moved)
        if state == 0:
            return last
    raise AssertionError


def hybrid(body: str) -> str:
    """Return the ISO 7064 MOD 11,10 digit."""
    rest = 10
    for digit in body:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return str((11 - rest) % 10)


def _until(make: Callable[[], str | None]) -> str:
    while True:
        made = make()
        if made is not None:
            return made
