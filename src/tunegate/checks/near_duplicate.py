"""Find conversations that say nearly the same."""

from dataclasses import dataclass

import polars as pl

from tunegate.checks.beside import beside
from tunegate.checks.jaccard import similar_sets
from tunegate.checks.sets import SETS
from tunegate.checks.shingles import shingle_sets, spoken
from tunegate.model import Batch, Sketches


@dataclass(frozen=True)
class NearDuplicate:
    """Pair conversations whose runs of words are mostly the same.

    threshold: the least Jaccard similarity: shared runs as a share of the runs of either. words:
    how long a run is. Only what customers and agents say counts, with the arguments of calls.
    Conversations with embedded pictures are left out: how alike those are, words do not tell.
    """

    threshold: float = 0.7
    words: int = 3

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 1:
            raise ValueError("threshold must be above 0 and at most 1")
        if self.words < 1:
            raise ValueError("words must be at least 1")

    def sketch(self, batch: Batch) -> pl.DataFrame:
        """Return the hashed runs of words of each conversation; none if nobody says a word."""
        pictured = beside(batch).filter("pictured")["row"]
        worded = spoken(batch).filter(~pl.col("row").is_in(pictured.implode()))
        said = worded.group_by("row", maintain_order=True).agg(pl.col("text").str.join("\n"))
        texts = (
            batch.conversations.select("row")
            .join(said, on="row", how="left", maintain_order="left")
            .with_columns(pl.col("text").fill_null(""))
        )
        sets = shingle_sets(texts["text"].to_list(), words=self.words)
        return pl.DataFrame({"row": texts["row"], "shingles": sets}, schema=SETS)

    def resolve(self, sketches: Sketches) -> pl.DataFrame:
        """Return all pairs at the threshold or above, of the stage "same-set" or "near".

        Conversations with the same runs are one group: its smallest row is paired with each of
        the others, and alone stands for the group in pairs of the stage "near".
        """
        return similar_sets(sketches, self.threshold)
