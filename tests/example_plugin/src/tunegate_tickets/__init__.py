"""Checks for support tickets."""

from dataclasses import dataclass

import polars as pl

from tunegate import Batch, findings


@dataclass(frozen=True)
class Echo:
    """Flag a reply that repeats the customer's message word for word.

    min_chars: shorter messages, such as "thanks", may repeat freely.
    """

    min_chars: int = 40

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding per echoing reply."""
        turns = batch.contents().with_columns(
            previous=pl.col("text").shift(1).over("row", "branch", order_by="turn")
        )
        return findings(
            turns.filter(
                pl.col("role") == "assistant",
                pl.col("previous").str.len_chars() >= self.min_chars,
                pl.col("text").str.contains(pl.col("previous"), literal=True),
            )
        )
