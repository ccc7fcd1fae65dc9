"""What made-up identifiers are put together from: digits, days, check digits, written forms."""

from collections.abc import Callable, Sequence
from random import Random
from string import ascii_uppercase

Maker = Callable[[Random], str]


def digits(rng: Random, count: int, first: str = "123456789") -> str:
    """Return random digits that do not all look alike."""
    while True:
        made = rng.choice(first) + "".join(rng.choices("0123456789", k=count - 1))
        if count < 4 or len(set(made)) > 2:
            return made


def letters(rng: Random, count: int, among: str = ascii_uppercase) -> str:
    """Return random capitals."""
    return "".join(rng.choices(among, k=count))


def born(rng: Random, form: str, first: int = 1940, last: int = 1999) -> str:
    """Return a day of birth in a form of y, m and d; Y is the whole year."""
    year, month, day = rng.randint(first, last), rng.randint(1, 12), rng.randint(1, 28)
    parts = {"Y": str(year), "y": f"{year % 100:02}", "m": f"{month:02}", "d": f"{day:02}"}
    return "".join(parts.get(sign, sign) for sign in form)


def summed(number: str, weights: str | Sequence[int]) -> int:
    """Return the weighted sum; weights below ten may be written as a string."""
    factors = map(int, weights) if isinstance(weights, str) else weights
    return sum(int(number[place]) * factor for place, factor in enumerate(factors))


def written(rng: Random, signs: str, *forms: str) -> str:
    """Return the signs bare or in one of the forms, in which # stands for a sign."""
    form = rng.choice(["#" * len(signs), *(f for f in forms if f.count("#") == len(signs))])
    left = iter(signs)
    return "".join(next(left) if sign == "#" else sign for sign in form)


def luhn(body: str) -> str:
    """Return the digit that completes a number by Luhn's rule."""
    doubled = "0246813579"
    total = sum(
        int(doubled[int(d)]) if place % 2 == 0 else int(d) for place, d in enumerate(body[::-1])
    )
    return str((10 - total % 10) % 10)


def until(rng: Random, make: Callable[[Random], str | None]) -> str:
    """Return the first thing made; where a check digit of ten is not given, try again."""
    while True:
        made = make(rng)
        if made is not None:
            return made


def eleven(body: str, weights: str | Sequence[int], *, ten: str | None = None) -> str | None:
    """Return the digit that brings the weighted sum to a multiple of eleven; ten: for ten."""
    check = (11 - summed(body, weights) % 11) % 11
    return ten if check == 10 else str(check)


def spoilt(make: Maker, *, place: int = -1) -> Maker:
    """Return a maker of what is right but for one sign, counted without separators."""

    def spoil(rng: Random) -> str:
        made = make(rng)
        places = [n for n, sign in enumerate(made) if sign.isalnum()]
        at = places[place]
        alphabet = "0123456789" if made[at].isdigit() else ascii_uppercase
        other = rng.choice([sign for sign in alphabet if sign != made[at].upper()])
        return made[:at] + other + made[at + 1 :]

    return spoil


def turned(one: int, other: int) -> int:
    """Return the product in the group of the pentagon's turns and, from five on, reflections."""
    place = one - other if one > 4 else one + other
    return place % 5 + 5 * ((one > 4) != (other > 4))


def verhoeff(body: str) -> str:
    """Return Verhoeff's check digit; the permutation is made from its first round."""
    turn, rounds = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4], [list(range(10))]
    for _ in range(7):
        rounds.append([turn[rounds[-1][n]] for n in range(10)])
    for check in range(10):
        state = 0
        for place, sign in enumerate(reversed(body + str(check))):
            state = turned(state, rounds[place % 8][int(sign)])
        if state == 0:
            return str(check)
    raise AssertionError
