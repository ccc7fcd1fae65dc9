"""Index the rarest elements of sets: the only ones in which similar sets must meet.

Let a set of size s need ceil(threshold * s) elements in common with any similar set. Order all
elements, the rarest first. Of a set's first s - need + 1 elements, its prefix, at least one is in
the prefix of each similar set. Any order would do, as long as it is one for all sets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tunegate.checks.sets import (
    HALF,
    LOWER,
    U8,
    U32,
    U64,
    Bools,
    Floats,
    Ints,
    Room,
    SetPart,
    ordered,
    ramps,
    read_sets,
    run_starts,
)
from tunegate.model import Sketches

SLACK = 1e-6  # no threshold times a size is further off; rounding errs to the safe side

_COMMON = 255  # the table counts no further
_WORTH = 0.2  # a further round of dropping sets pays if this one dropped that share of them

# An element's place in the order of all: frequency << 32 | element. Above it, its set's place.
_ORDER_BITS = np.uint64(40)
_ORDER = np.uint64((1 << 40) - 1)


@dataclass(frozen=True)
class Prefixes:
    """The prefixes of all sets that may have a similar one.

    Sets are known by rank, their place in ascending order of size; all arrays but `entries` have
    an item for each. limit: how many entries to look at in one go. known: how many sets there are
    in all. numbers: in the sketch. common: how many elements another set may have too. rest: how
    many come after the prefix. last: the prefix's last element, as its place in the order of all.
    entries: element << 32 | rank, ascending.
    """

    threshold: float
    limit: int
    known: int
    numbers: Ints
    sizes: Ints
    common: Ints
    rest: Ints
    last: U64
    entries: U64

    @cached_property
    def _bounds(self) -> tuple[Ints, Ints]:
        """For each rank, the range of those that are large and small enough to be similar."""
        smallest = required(self.sizes, self.threshold)
        # |x and y| <= common(y) and |x and y| >= t / (1 + t) * (|x| + |y|), solved for |x|.
        largest = np.floor(self.common * (1 + 1 / self.threshold) - self.sizes + SLACK)
        return (
            np.searchsorted(self.sizes, smallest),
            np.searchsorted(self.sizes, largest, side="right"),
        )

    def stretches(self) -> Iterator[tuple[int, U64]]:
        """Yield the entries, some at a time, each time after the place of the first one."""
        for first in range(0, self.entries.size, self.limit):
            yield first, self.entries[first : first + self.limit]

    @cached_property
    def entry_counts(self) -> Ints:
        """How many entries each rank has."""
        counts = np.zeros(self.sizes.size, np.int64)
        for _, entries in self.stretches():
            counts += np.bincount((entries & LOWER).astype(np.int64), minlength=counts.size)
        return counts

    def places(self, ranks: range) -> tuple[Ints, Ints]:
        """Return rank and place of each entry of these ranks, by rank."""
        found = [np.zeros(0, np.uint64)]
        for first, entries in self.stretches():
            rank = entries & LOWER
            mine = np.flatnonzero((rank >= ranks.start) & (rank < ranks.stop))
            found.append((rank[mine] << HALF) | (mine + first).astype(np.uint64))
        keys = ordered(np.concatenate(found))
        return (keys >> HALF).astype(np.int64), (keys & LOWER).astype(np.int64)

    def windows(self, places: Ints, partners: range) -> tuple[Ints, Ints]:
        """Return for each entry the range of entries before it that match.

        They have the same element, a lower rank, which is one of `partners`, and a fitting size.
        """
        entries = self.entries[places]
        rank = (entries & LOWER).astype(np.int64)
        lowest, highest = self._bounds
        low = np.maximum(lowest[rank], partners.start).astype(np.uint64)
        high = np.minimum(np.minimum(highest[rank], rank), partners.stop).astype(np.uint64)
        element = entries & ~LOWER
        starts = np.searchsorted(self.entries, element | low)
        return starts, np.maximum(np.searchsorted(self.entries, element | high), starts)

    def without_lonely(self) -> "Prefixes":
        """Leave out the sets that match no other, and the entries that match none."""
        edges = np.zeros(self.entries.size + 1, np.int32)
        met = np.zeros(self.entries.size, np.bool_)
        everyone = range(self.sizes.size)
        for first, entries in self.stretches():
            places = np.arange(first, first + entries.size)
            starts, ends = self.windows(places, everyone)
            some = ends > starts
            met[places] = some
            np.add.at(edges, starts[some], np.int32(1))
            np.add.at(edges, ends[some], np.int32(-1))
        np.cumsum(edges, out=edges)
        met |= edges[:-1] > 0
        fewer = replace(self, entries=self.entries[met])
        kept = fewer.entry_counts > 0
        rank = (np.cumsum(kept) - 1).astype(np.uint64)
        for _, entries in fewer.stretches():
            entries[:] = (entries & ~LOWER) | rank[entries & LOWER]
        return replace(
            fewer,
            numbers=self.numbers[kept],
            sizes=self.sizes[kept],
            common=self.common[kept],
            rest=self.rest[kept],
            last=self.last[kept],
        )


def required(sizes: Ints, threshold: float) -> Ints:
    """Return how many of its elements a set must have in common with a similar one."""
    least: Floats = np.ceil(threshold * sizes - SLACK)
    return np.maximum(least, 1).astype(np.int64)


def index_prefixes(
    sketches: Sketches, sizes: Ints, wanted: Bools, threshold: float, room: Room
) -> Prefixes:
    """Return the prefixes of those wanted sets that may have a similar one among the wanted."""
    kept = wanted.copy()
    prefix = sizes - required(sizes, threshold) + 1
    own = np.zeros(sizes.size, np.int64)
    most = 1 << max(int(2 * sizes[kept].sum()).bit_length(), 8)
    table = np.zeros(min(room.slots, most), np.uint8)
    worth = True
    while worth:
        _count(sketches, kept, table)
        for part in read_sets(sketches, kept):
            alone = table[_slots(part, table)] == 1
            own[part.numbers] = np.add.reduceat(alone, part.starts, dtype=np.int64)
        # With so many of its own, a set cannot have the required number in common with another.
        dropped = kept & (own >= prefix)
        worth = bool(dropped.sum() > _WORTH * kept.sum())
        kept &= ~dropped
    index = _index(sketches, threshold, sizes, kept, prefix, own, table, room.matches)
    del table
    return index.without_lonely()


def _count(sketches: Sketches, kept: Bools, table: U8) -> None:
    """Fill in how many of the kept sets have each element, up to 255, by the element's upper bits.

    Elements that share a slot count as one: they may seem more frequent than they are, never less.
    """
    table[:] = 0
    for part in read_sets(sketches, kept):
        slots = ordered(_slots(part, table))
        first = run_starts(slots)
        counts = np.diff(first, append=slots.size) + table[slots[first]]
        table[slots[first]] = np.minimum(counts, _COMMON)


def _slots(part: SetPart, table: U8) -> U32:
    return part.elements >> np.uint32(33 - table.size.bit_length())


def _index(
    sketches: Sketches,
    threshold: float,
    sizes: Ints,
    kept: Bools,
    prefix: Ints,
    own: Ints,
    table: U8,
    limit: int,
) -> Prefixes:
    numbers = np.flatnonzero(kept)
    numbers = numbers[np.argsort(sizes[numbers], kind="stable")]
    rank = np.zeros(sizes.size, np.uint64)
    rank[numbers] = np.arange(numbers.size, dtype=np.uint64)
    last = np.zeros(sizes.size, np.uint64)
    entries = np.empty((prefix - own)[kept].sum(), np.uint64)
    filled = 0
    for part in read_sets(sketches, kept):
        place = np.repeat(np.arange(part.numbers.size, dtype=np.uint64), part.sizes)
        frequency = table[_slots(part, table)].astype(np.uint64)
        keys = ordered((place << _ORDER_BITS) | (frequency << HALF) | part.elements)
        # A set's own elements come first in its prefix. No other set has them: no entry.
        skipped, length = own[part.numbers], prefix[part.numbers]
        last[part.numbers] = keys[part.starts + length - 1] & _ORDER
        shared = keys[ramps(part.starts + skipped, length - skipped)]
        ranks = np.repeat(rank[part.numbers], length - skipped)
        entries[filled : filled + shared.size] = (shared << HALF) | ranks
        filled += shared.size
    entries.sort()
    return Prefixes(
        threshold=threshold,
        limit=limit,
        known=sizes.size,
        numbers=numbers,
        sizes=sizes[numbers],
        common=(sizes - own)[numbers],
        rest=(sizes - prefix)[numbers],
        last=last[numbers],
        entries=entries,
    )
