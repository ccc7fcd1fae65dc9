"""Flag text that was decoded with the wrong table."""

from dataclasses import dataclass

import polars as pl

from tunegate.model import Batch, findings

_NOT_ASCII = r"[^\x00-\x7F]"


@dataclass(frozen=True)
class Mojibake:
    """Flag a part whose characters stand together as only a wrong decoding leaves them."""

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding a part, without a span: what is wrong is the text as a whole."""
        texts = (
            batch.turns.filter(pl.col("text").str.contains(_NOT_ASCII))
            .select("text")
            .unique(maintain_order=True)
        )
        if texts.is_empty():
            return findings(batch.turns.head(0))
        # Importing it takes a tenth of a second, and many batches are plain ASCII.
        from ftfy.badness import is_bad

        bad = texts.filter(pl.Series([is_bad(text) for text in texts["text"]], dtype=pl.Boolean))
        found = batch.turns.join(bad, on="text", how="semi", maintain_order="left")
        return findings(found.select("row", "branch", "turn", "part", "role"))
