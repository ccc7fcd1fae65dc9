"""Find every pair of sets whose Jaccard similarity reaches a threshold, in little memory.

The answer is exact. Equal sets are collapsed first. Of the rest, a set with more elements of its
own than the threshold allows has no similar one. The others are looked up by their rarest elements
(`prefixes`), and what these leave over (`candidates`) is compared in full (`overlaps`).

Where templates make many sets alike, candidates grow with the square of the sets. They come in
blocks: the time grows with them, and the memory only with the pairs that are similar.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from tunegate.checks.candidates import Pairs, candidates
from tunegate.checks.overlaps import shared_counts
from tunegate.checks.prefixes import Prefixes, index_prefixes
from tunegate.checks.sets import DEFAULT_ROOM, Bools, Floats, Ints, Room, cuts, load_sets, read_sets
from tunegate.checks.shingles import mix
from tunegate.model import Schema, Sketches

# What is known about each set that is not empty. Equal sets have equal sums; that others have them
# by chance is as likely as a collision of 128 random bits.
_CENSUS: Schema = {
    "row": pl.Int64(),
    "size": pl.Int64(),
    "sum": pl.UInt64(),
    "other_sum": pl.UInt64(),
}


def similar_sets(sketches: Sketches, threshold: float, room: Room = DEFAULT_ROOM) -> pl.DataFrame:
    """Return the pairs of sets with at least that Jaccard similarity, in the schema `PAIRS`.

    Of equal sets the one with the smallest row has a pair with each of the others, of the stage
    "same-set", and stands for them in the other pairs, of the stage "near".
    """
    census = _census(sketches)
    rows = census["row"].to_numpy()
    leading = census["row"] == census["first"]
    index = index_prefixes(sketches, census["size"].to_numpy(), leading.to_numpy(), threshold, room)
    same = census.filter(~leading).select(row="first", related="row", similarity=pl.lit(1.0))
    near = [
        pl.DataFrame(
            {
                "row": np.minimum(rows[one], rows[other]),
                "related": np.maximum(rows[one], rows[other]),
                "similarity": similarity,
            }
        )
        for one, other, similarity in _similar(sketches, index, room)
    ]
    # No two leading sets are equal, so that 1 is the similarity of same sets alone.
    stage = pl.when(pl.col("similarity") == 1).then(pl.lit("same-set")).otherwise(pl.lit("near"))
    return pl.concat([same, *near]).sort("row", "related").with_columns(stage=stage)


def _census(sketches: Sketches) -> pl.DataFrame:
    """Return `_CENSUS` by number, and the smallest row that has an equal set as `first`."""
    parts = [pl.DataFrame(schema=_CENSUS)]
    for part in read_sets(sketches):
        scrambled = mix(part.elements.astype(np.uint64))
        sums = (np.add.reduceat(of, part.starts) for of in (scrambled, mix(~scrambled)))
        parts.append(pl.DataFrame([part.rows, part.sizes, *sums], schema=_CENSUS))
    return pl.concat(parts).with_columns(first=pl.col("row").min().over("sum", "other_sum"))


def _similar(
    sketches: Sketches, index: Prefixes, room: Room
) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Yield blocks of similar pairs, by number, with their similarities."""
    fits = index.sizes.sum() <= room.elements
    for tile in cuts(index.sizes, room.elements):
        numbers, sizes = index.numbers[tile.start : tile.stop], index.sizes[tile.start : tile.stop]
        anchors = load_sets(sketches, _mask(index, numbers), sizes.sum())
        # Sets that do not fit are read again for each block, which therefore should be large.
        blocks = _joined(candidates(index, tile), 1 if fits else room.pairs)
        for one, other in blocks:
            for part in [anchors] if fits else read_sets(sketches, _mask(index, other)):
                here = (other >= part.numbers[0]) & (other <= part.numbers[-1])
                mine = np.searchsorted(anchors.numbers, one[here])
                theirs = np.searchsorted(part.numbers, other[here])
                shared = shared_counts(anchors, mine, part, theirs, room.compared)
                similarity = shared / (anchors.sizes[mine] + part.sizes[theirs] - shared)
                found = similarity >= index.threshold
                yield one[here][found], other[here][found], similarity[found]


def _joined(blocks: Iterator[Pairs], least: int) -> Iterator[Pairs]:
    """Yield the pairs in blocks of at least that many, but for the last one."""
    one, other = np.zeros((2, 0), np.int64)
    for block in blocks:
        one, other = np.concatenate([one, block[0]]), np.concatenate([other, block[1]])
        if one.size >= least:
            yield one, other
            one, other = one[:0], other[:0]
    if one.size:
        yield one, other


def _mask(index: Prefixes, numbers: Ints) -> Bools:
    wanted = np.zeros(index.known, np.bool_)
    wanted[numbers] = True
    return wanted
