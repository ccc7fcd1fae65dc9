r"""Turn texts into sets of hashed word n-grams, a whole batch at a time.

Every step is arithmetic modulo 2^64, so that other code can make the same bytes:

- Code points that Python's `\w` matches make words; the others separate them. A word is a run, of
  which the first 65,536 count, but in a script without spaces each code point is a word.
- A code point is worth `mix(lower case + 1)`. A word starts at 0, each code point makes it
  `word * BASE + worth`, and `mix(word)` ends it.
- A shingle starts at 0, each of its words makes it `shingle * STEP + word`, and the upper 32 bits
  of `mix(shingle)` are kept. A text of fewer words is one shingle of all; one of none has none.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import polars as pl

from tunegate.checks.sets import HALF, U8, U64, Ints, ordered, run_starts
from tunegate.model import CONTENT, Batch

SPOKEN = ("user", "assistant")  # a system prompt is the same everywhere, tool output is not said

# Steele, Vigna: Computationally easy, spectrally good multipliers (2021); odd, thus invertible.
BASE = 0xD1342543DE82EF95
STEP = 0xAF251AF3B0F025B5

_CHUNK = 1 << 16  # code points whose working arrays fit the second-level cache; longest word

_CODE_POINTS = 0x110000
_SURROGATES = slice(0xD800, 0xE000)
_DOTTED_I = 0x0130  # the only code point whose lower case is two
_FINAL_SIGMA, _SIGMA = 0x03C2, 0x03C3  # one letter, though lower case writes it in two ways

# Thai, Lao, Myanmar, Khmer, Han and kana: first and last code point of the Unicode blocks.
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3005, 0x3007),
    (0x3040, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x1B000, 0x1B16F),
    (0x20000, 0x3FFFF),
)
_SEPARATES, _JOINS, _ALONE = 0, 1, 2  # what a code point does


def spoken(batch: Batch) -> pl.DataFrame:
    """Return only what customers and agents say in the messages, calls included."""
    said = pl.col("part").str.starts_with(CONTENT) | pl.col("part").str.ends_with("/arguments")
    return batch.turns.filter(pl.col("turn").is_not_null(), said, pl.col("role").is_in(SPOKEN))


def shingle_sets(texts: Sequence[str], *, words: int) -> pl.Series:
    """Return for each text the sorted list of its distinct shingles of `words` words."""
    hashes, counts = _hash_words(texts)
    keys = ordered(_hash_shingles(hashes, counts, words))
    keys = keys[run_starts(keys)]
    text = (keys >> HALF).astype(np.int64)
    filled = (
        pl.DataFrame({"text": text, "shingle": keys.astype(np.uint32)})
        .with_columns(pl.col("text").set_sorted())
        .group_by("text", maintain_order=True)
        .agg("shingle")
    )
    every = pl.DataFrame({"text": np.arange(len(texts))})
    found = every.join(filled, on="text", how="left", maintain_order="left")
    return found["shingle"].fill_null([])


def mix(values: U64) -> U64:
    """Scramble integers, each to a different one (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@cache
def _alphabet() -> tuple[U8, U64]:
    """Return what each code point does, and what it is worth."""
    points = np.arange(_CODE_POINTS, dtype=np.uint32)
    points[_SURROGATES] = 0
    text = points.tobytes().decode("utf-32-le")
    does = np.full(_CODE_POINTS, _SEPARATES, np.uint8)
    for run in re.finditer(r"\w+", text):
        does[run.start() : run.end()] = _JOINS
    for first, last in _UNSPACED:
        block = does[first : last + 1]
        block[block == _JOINS] = _ALONE
    lowered = text.replace(chr(_DOTTED_I), "\0").lower().encode("utf-32-le")
    lower = np.frombuffer(lowered, np.uint32).astype(np.uint64)
    lower[_DOTTED_I] = _DOTTED_I
    lower[_FINAL_SIGMA] = _SIGMA
    return does, mix(lower + np.uint64(1))


@cache
def _powers() -> tuple[U64, U64]:
    """Return the powers of `BASE` from 0, and those of its inverse."""
    factors = np.ones((2, _CHUNK), np.uint64)
    factors[0, 1:] = BASE
    factors[1, 1:] = pow(BASE, -1, 1 << 64)
    up, down = np.multiply.accumulate(factors, axis=1)
    return up, down


def _hash_words(texts: Sequence[str]) -> tuple[U64, Ints]:
    """Return the words of all texts in order, and how many each text has."""
    does, worth = _alphabet()
    up, down = _powers()
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le"), np.uint32)
    starts, ends = _word_bounds(does[codes])
    hashes = np.empty(starts.size, np.uint64)
    first = 0
    while first < starts.size:
        origin = starts[first]
        last = int(np.searchsorted(ends, origin + _CHUNK, side="right"))
        begin, end = starts[first:last] - origin, ends[first:last] - origin
        # A word is a difference of two prefix sums: each code point stands there times
        # BASE^-place, and BASE^(place of the last one) gives all of them their right power.
        sums = np.zeros(end[-1] + 1, np.uint64)
        np.cumsum(worth[codes[origin : origin + end[-1]]] * down[: end[-1]], out=sums[1:])
        hashes[first:last] = (sums[end] - sums[begin]) * up[end - 1]
        first = last
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    text_ends = np.searchsorted(starts, np.cumsum(lengths + 1))
    return mix(hashes), np.diff(text_ends, prepend=0)


def _word_bounds(does: U8) -> tuple[Ints, Ints]:
    """Return where words start and end, given what each code point does."""
    padded = np.zeros(does.size + 2, np.uint8)
    padded[1:-1] = does
    # Two neighbours are of one word where both join.
    together = (padded[1:] == _JOINS) & (padded[:-1] == _JOINS)
    inside = does != _SEPARATES
    starts = np.flatnonzero(inside & ~together[:-1])
    ends = np.flatnonzero(inside & ~together[1:]) + 1
    return starts, np.minimum(ends, starts + _CHUNK)


def _hash_shingles(hashes: U64, counts: Ints, words: int) -> U64:
    """Return text << 32 | shingle for every place in every text."""
    text = np.repeat(np.arange(counts.size), counts)
    places = max(hashes.size - words + 1, 0)
    sums = np.zeros(places, np.uint64)
    for word in range(words if places else 0):
        sums = sums * np.uint64(STEP) + hashes[word : word + places]
    within = text[:places] == text[hashes.size - places :]
    short = np.flatnonzero((counts > 0) & (counts < words))
    sizes, starts = counts[short], (np.cumsum(counts) - counts)[short]
    whole = np.zeros(short.size, np.uint64)
    for word in range(sizes.max(initial=0)):
        longer = sizes > word
        whole[longer] = whole[longer] * np.uint64(STEP) + hashes[starts[longer] + word]
    texts = np.concatenate([text[:places][within], short]).astype(np.uint64)
    return (texts << HALF) | (mix(np.concatenate([sums[within], whole])) >> HALF)
