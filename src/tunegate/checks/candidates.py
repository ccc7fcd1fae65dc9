"""Name the pairs of sets that may be similar, and leave out those that provably are not."""

from collections.abc import Iterator

import numpy as np

from tunegate.checks.prefixes import SLACK, Prefixes
from tunegate.checks.sets import HALF, LOWER, Ints, cuts, ordered, ramps, run_starts

Pairs = tuple[Ints, Ints]


def candidates(index: Prefixes, anchors: range) -> Iterator[Pairs]:
    """Yield blocks of pairs that may be similar, by number; no pair comes twice.

    anchors: ranks of sets of which each pair has the higher-ranking one. Pairs with the same anchor
    stand in a row.
    """
    counts = index.entry_counts[anchors.start : anchors.stop]
    # Whoever looks up the entries of some ranks goes through all entries: not for a few ranks.
    for many in cuts(counts, max(index.limit, index.entries.size // 16)):
        ranks = range(anchors.start + many.start, anchors.start + many.stop)
        anchor, places = index.places(ranks)
        ends = np.cumsum(counts[many.start : many.stop])
        for few in cuts(counts[many.start : many.stop], index.limit):
            begin, end = ends[few.start] - counts[many.start + few.start], ends[few.stop - 1]
            yield from _blocks(index, anchor[begin:end], places[begin:end], range(anchors.stop))


def _blocks(index: Prefixes, anchor: Ints, places: Ints, partners: range) -> Iterator[Pairs]:
    """Look at the entries of some anchors, which stand at these places."""
    starts, ends = index.windows(places, partners)
    met = ends > starts
    anchor, places, starts, ends = anchor[met], places[met], starts[met], ends[met]
    heads = run_starts(anchor)
    edges = np.append(heads, anchor.size)
    matches = np.add.reduceat(ends - starts, heads) if heads.size else heads
    for block in cuts(matches, index.limit):
        begin, end = edges[block.start], edges[block.stop]
        below = range(partners.start, min(partners.stop, int(anchor[begin])))
        if matches[block.start] > index.limit and len(below) > 1:
            # One set that matches very many: take these a part at a time.
            step = max(index.limit // int(end - begin), 1)
            for first in below[::step]:
                few = range(first, min(first + step, below.stop))
                yield from _blocks(index, anchor[begin:end], places[begin:end], few)
        else:
            yield _promising(index, anchor[begin:end], starts[begin:end], ends[begin:end])


def _promising(index: Prefixes, anchor: Ints, starts: Ints, ends: Ints) -> Pairs:
    """Return the pairs that share enough of their prefixes to be similar."""
    lengths = ends - starts
    partner = index.entries[ramps(starts, lengths)] & LOWER
    keys = ordered((np.repeat(anchor.astype(np.uint64), lengths) << HALF) | partner)
    heads = run_starts(keys)
    shared = np.diff(heads, append=keys.size)
    one, other = (keys[heads] >> HALF).astype(np.int64), (keys[heads] & LOWER).astype(np.int64)
    # Of two prefixes take the one that ends earlier in the order of elements. What the sets have in
    # common up to there is in both prefixes, and after it that set has only its rest.
    rest = np.where(index.last[one] <= index.last[other], index.rest[one], index.rest[other])
    reach = np.minimum(shared + rest, np.minimum(index.common[one], index.common[other]))
    share = index.threshold / (1 + index.threshold)
    similar = reach >= share * (index.sizes[one] + index.sizes[other]) - SLACK
    return index.numbers[one[similar]], index.numbers[other[similar]]
