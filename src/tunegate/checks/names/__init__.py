"""Find the names of people in conversations, without a download and without a neural network.

Words are looked up in lists and judged by a small linear model with what stands around them; then
the conversation helps: a question for a name labels its answer, a name found once is found in all
its places, and the export's own table of people is believed. See `docs/architecture.md`.
"""

from dataclasses import dataclass

import polars as pl

from tunegate.checks.names.parts import parts
from tunegate.checks.names.scan import Scan, scan
from tunegate.model import Batch

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
        turns = batch.turns.filter(pl.col("text").str.len_bytes() > 1)
        people = batch.people.filter(pl.col("kind") == "name") if self.people else batch.people[:0]
        how = Scan(self.threshold, self.beside, self.answers, self.everywhere)
        found = [each for part in parts(turns, people) for each in scan(part, how)]
        spans = pl.DataFrame(found, schema=_FOUND, orient="row")
        return pl.concat(
            [turns.select(_WHERE)[spans["place"]], spans.drop("place")], how="horizontal"
        )
