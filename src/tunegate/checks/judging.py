"""What a validator says about a match, and what several of them look at."""

import re
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

DIGITS = re.compile(r"[0-9]+")
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z]{2}[0-9]{2}(?:[ -][A-Za-z0-9]{4}){0,7}"
    r"|(?=[0-9]*[A-Z])[A-Z0-9]+(?<=[0-9]))[ -]\Z"
)
_CODE_WINDOW = 45  # code points: the longest IBAN in groups of four


class Certainty(IntEnum):
    """What a match needs besides itself to be a finding."""

    UNSURE = 1  # a context word near it
    LIKELY = 2  # no vetoing word before it
    SURE = 3  # nothing


class Judged(NamedTuple):
    """A span that a validator accepted."""

    start: int
    end: int
    certainty: Certainty


Validator = Callable[[str, int, int], Judged | None]


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(words.split())


def likely_if(shaped: bool) -> Certainty:
    """Return likely, or unsure where the shape proves nothing."""
    return Certainty.LIKELY if shaped else Certainty.UNSURE


def continues_code(text: str, start: int) -> bool:
    """Tell whether digits go on with an IBAN, or with a code such as `1Z 999 AA1 01 2345 6784`."""
    if text[start - 1 : start] not in (" ", "-"):
        return False
    return bool(_CODE.search(text, max(0, start - _CODE_WINDOW), start))
