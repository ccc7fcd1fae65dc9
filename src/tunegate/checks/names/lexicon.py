"""What is known of a word by itself: whether people, places or things are called so."""

import lzma
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from tunegate.checks.names.tokens import Hashes, Small, hash_words

FILE = "lexicon.txt.xz"
FIRST, FIRST_RARE, LAST, LAST_RARE = 1, 2, 4, 8  # given and family names
PLACE = 16  # cities, countries, months, days
ORDINARY = 32  # also a word that is written in lower case
CAPITAL = 64  # a word often written with a capital that is no name: brands, German nouns
NEVER = 128  # so ordinary that it is no name, whatever its case
GIVEN = FIRST | FIRST_RARE
FAMILY = LAST | LAST_RARE
NAME = GIVEN | FAMILY

_SLOT_BITS = 19  # half a million slots: a quarter of them is taken
_SHIFT = np.uint64(64 - _SLOT_BITS)
_SLOTS = 1 << _SLOT_BITS


def flags_of(hashes: Hashes) -> Small:
    """Return the flags of words, 0 for unknown ones."""
    marks, flags = _table()
    slot = (hashes >> _SHIFT).astype(np.int64)
    mark = hashes.astype(np.uint32)
    seen = marks[slot]
    found = flags[slot]
    differs = seen != mark
    found[differs] = 0
    open_ = np.flatnonzero(differs & (seen != 0))
    while len(open_):
        slot[open_] = (slot[open_] + 1) % _SLOTS
        seen = marks[slot[open_]]
        same = seen == mark[open_]
        found[open_[same]] = flags[slot[open_[same]]]
        open_ = open_[~same & (seen != 0)]
    return found


@cache
def _table() -> tuple[npt.NDArray[np.uint32], Small]:
    """Return an open hash table: the lower half of each word's hash, and its flags."""
    lines = lzma.decompress((files(__package__) / FILE).read_bytes()).decode().splitlines()
    listed = [
        (int(number), words.split()) for number, _, words in (x.partition(" ") for x in lines)
    ]
    hashes = hash_words([word for _, words in listed for word in words])
    given = np.repeat(*np.array([(number, len(words)) for number, words in listed]).T).astype(
        np.uint8
    )
    marks, flags = np.zeros(_SLOTS, np.uint32), np.zeros(_SLOTS, np.uint8)
    slot = (hashes >> _SHIFT).astype(np.int64)
    left = np.arange(len(hashes))
    while len(left):
        # The first of several words that want one free slot gets it, the others look further.
        first = np.unique(slot[left], return_index=True)[1]
        placed = left[first[marks[slot[left[first]]] == 0]]
        marks[slot[placed]] = hashes[placed].astype(np.uint32)
        flags[slot[placed]] = given[placed]
        left = np.setdiff1d(left, placed)
        slot[left] = (slot[left] + 1) % _SLOTS
    return marks, flags
