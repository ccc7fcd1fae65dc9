"""Count what sets have in common, one set against many at a time."""

from collections.abc import Iterator

import numpy as np

from tunegate.checks.sets import Ints, SetPart, cuts, ramps, run_starts

_SLOT_BITS = 18  # a table of 1 MiB stays in the second-level cache


def shared_counts(anchors: SetPart, one: Ints, partners: SetPart, other: Ints, limit: int) -> Ints:
    """Return how many elements each pair has in common; a pair is two places in the parts.

    Fast where the same anchor stands in a row. limit: how many elements of partners are looked at
    in one go.
    """
    shift = np.uint32(32 - _SLOT_BITS)
    # An empty slot holds an element that belongs into another one.
    vacant = np.arange(1 << _SLOT_BITS, dtype=np.uint32)[::-1] << shift
    table = vacant.copy()
    starts, sizes = partners.starts[other], partners.sizes[other]
    counts = np.empty(one.size, np.int64)
    for begin, end in _runs(one, sizes, limit):
        first, size = anchors.starts[one[begin]], anchors.sizes[one[begin]]
        mine = anchors.elements[first : first + size]
        slots = mine >> shift
        table[slots] = mine
        homeless = mine[table[slots] != mine]
        lengths = sizes[begin:end]
        theirs = partners.elements[ramps(starts[begin:end], lengths)]
        both = table[theirs >> shift] == theirs
        if homeless.size:
            both |= np.isin(theirs, homeless)
        heads = np.cumsum(lengths) - lengths
        counts[begin:end] = np.add.reduceat(both, heads, dtype=np.int64)
        table[slots] = vacant[slots]
    return counts


def _runs(one: Ints, sizes: Ints, limit: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of pairs with the same anchor, cut where they have too many elements."""
    heads = run_starts(one)
    totals = np.add.reduceat(sizes, heads) if heads.size else heads
    edges = np.append(heads, one.size).tolist()
    for run, total in enumerate(totals.tolist()):
        begin, end = edges[run], edges[run + 1]
        if total <= limit:
            yield begin, end
        else:
            for piece in cuts(sizes[begin:end], limit):
                yield begin + piece.start, begin + piece.stop
