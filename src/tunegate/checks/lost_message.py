"""Flag conversations that lost a message on the way in."""

from dataclasses import dataclass

import polars as pl

from tunegate.model import Batch, findings


@dataclass(frozen=True)
class LostMessage:
    """Flag a conversation with a message that could not be read: its answers may answer nothing."""

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding per lost message."""
        return findings(batch.segments.filter(pl.col("removed") == "unreadable").select("row"))
