"""Sets of hashes as a sketch holds them: numbered in its order, and read one part at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from tunegate.model import Schema, Sketches

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Keys = TypeVar("Keys", bound=npt.NDArray[np.integer[Any]])

SETS: Schema = {"row": pl.Int64(), "shingles": pl.List(pl.UInt32())}

HALF = np.uint64(32)
LOWER = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True)
class Room:
    """How much is held in memory at once; changes how long a search takes, never what it finds.

    slots: bytes in the table of frequencies, a power of two. elements: of the sets that others are
    compared with. matches: entries of the index that are looked at in one go. pairs: that wait to
    be compared. compared: elements of the sets that are compared with one in one go.
    """

    slots: int = 1 << 26
    elements: int = 1 << 24
    matches: int = 1 << 19
    pairs: int = 1 << 21
    compared: int = 1 << 20


DEFAULT_ROOM = Room()


@dataclass(frozen=True)
class SetPart:
    """Some sets, none of them empty.

    numbers: which ones of those that are not empty, ascending. elements: of one set after the
    other, ascending in each. starts: where each one begins in `elements`.
    """

    numbers: Ints
    rows: Ints
    sizes: Ints
    starts: Ints
    elements: U32


def read_sets(sketches: Sketches, wanted: Bools | None = None) -> Iterator[SetPart]:
    """Yield the wanted sets, or all of them, a part at a time; empty ones have no number."""
    first = 0
    for part in sketches:
        filled = part.filter(pl.col("shingles").list.len() > 0)
        numbers = np.arange(first, first + filled.height)
        first += filled.height
        if wanted is not None:
            filled = filled.filter(pl.Series(wanted[numbers]))
            numbers = numbers[wanted[numbers]]
        if numbers.size:
            sizes = filled["shingles"].list.len().to_numpy().astype(np.int64)
            yield SetPart(
                numbers=numbers,
                rows=filled["row"].to_numpy(),
                sizes=sizes,
                starts=np.cumsum(sizes) - sizes,
                elements=filled["shingles"].explode().to_numpy(),
            )


def load_sets(sketches: Sketches, wanted: Bools, total: int) -> SetPart:
    """Return all wanted sets, which have `total` elements, as one part."""
    numbers = np.flatnonzero(wanted)
    rows, sizes = np.empty((2, numbers.size), np.int64)
    elements = np.empty(total, np.uint32)
    first = begin = 0
    for part in read_sets(sketches, wanted):
        last, end = first + part.numbers.size, begin + part.elements.size
        rows[first:last], sizes[first:last], elements[begin:end] = (
            part.rows,
            part.sizes,
            part.elements,
        )
        first, begin = last, end
    return SetPart(numbers, rows, sizes, np.cumsum(sizes) - sizes, elements)


def ordered(keys: Keys) -> Keys:
    """Return the keys in ascending order."""
    # Several times faster than numpy on processors whose AVX-512 compresses slowly (Zen 4).
    return pl.Series(keys).sort(multithreaded=False).to_numpy()  # type: ignore[return-value]


def run_starts(keys: npt.NDArray[np.integer[Any]]) -> Ints:
    """Return where each run of equal keys starts."""
    return np.flatnonzero(np.diff(keys, prepend=~keys[:1]))


def ramps(starts: Ints, lengths: Ints) -> Ints:
    """Return start, start + 1, … of each length, one ramp after the other."""
    ends = np.cumsum(lengths)
    return np.arange(lengths.sum()) + np.repeat(starts - ends + lengths, lengths)


def cuts(weights: Ints, limit: int) -> Iterator[range]:
    """Cut items that stand in a row into ranges of at most `limit` weight, or of one item."""
    ends = np.cumsum(weights)
    first, before = 0, 0
    while first < ends.size:
        stop = max(int(np.searchsorted(ends, before + limit, side="right")), first + 1)
        yield range(first, stop)
        first, before = stop, int(ends[stop - 1])
