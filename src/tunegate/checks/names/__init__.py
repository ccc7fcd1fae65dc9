"""Find the names of people in conversations, without a download and without a neural network.

Words are looked up in lists and judged by a small linear model with what stands around them; then
the conversation helps: a question for a name labels its answer, a name found once is found in all
its places, and the export's own table of people is believed. See `docs/architecture.md`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from tunegate.checks.names.scan import Scan, scan
from tunegate.model import Batch

_AT_ONCE = 1 << 16  # code points: what the arrays of one step take stays in the processor's caches
_WHERE = ["row", "branch", "turn", "part", "role"]
_FOUND = {
    "place": pl.Int64(),
    "start": pl.Int64(),
    "end": pl.Int64(),
    "kind": pl.String(),
    "entity": pl.Int64(),
    "score": pl.Float64(),
}


@dataclass(frozen=True)
class PersonName:
    """Flag names of people, and tell which of them are one person.

    threshold: how certain a word must be a name, from 0 to 1. beside: enough for a word that stands
    next to such a one. answers: how much a question for a name adds, as a log of odds. everywhere:
    whether a name found once is looked for in all of its conversation. people: whether the names
    in the source's own table of people are looked for.
    """

    threshold: float = 0.5
    beside: float = 0.3
    answers: float = 2.5
    everywhere: bool = True
    people: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.beside <= self.threshold < 1:
            raise ValueError("`beside` and `threshold` must be 0 < beside <= threshold < 1")

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding per name, with who it is where that can be told."""
        turns = batch.turns.with_row_index("place").filter(pl.col("text").str.len_bytes() > 1)
        people = batch.people.filter(pl.col("kind") == "name") if self.people else None
        found = [self._found(part, people) for part in _parts(turns)]
        rows = pl.concat(found) if found else pl.DataFrame(schema=_FOUND)
        where = turns.select(pl.col("place").cast(pl.Int64), *_WHERE)
        return rows.join(where, on="place", maintain_order="left").drop("place")

    def _found(self, turns: pl.DataFrame, people: pl.DataFrame | None) -> pl.DataFrame:
        spans = scan(turns, people, self._settings())
        return pl.DataFrame(spans, schema=_FOUND, orient="row")

    def _settings(self) -> Scan:
        return Scan(self.threshold, self.beside, self.answers, self.everywhere)


def _parts(turns: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield whole conversations, as many as make about `_AT_ONCE` code points."""
    if turns.is_empty():
        return
    sizes = turns.select(pl.col("text").str.len_chars() + 1).to_series().to_numpy()
    rows = turns["row"].to_numpy()
    opens = np.flatnonzero(np.append(True, rows[1:] != rows[:-1]))
    before = np.cumsum(sizes) - sizes
    begin = 0
    for place, end in zip(opens, np.append(opens[1:], len(rows)), strict=True):
        if end == len(rows) or before[end] - before[begin] >= _AT_ONCE:
            yield turns.slice(begin, end - begin)
            begin = int(end)
        del place
