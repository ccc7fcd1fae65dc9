"""Flag what a reader said of a message while it read it."""

from dataclasses import dataclass

import polars as pl

from tunegate.model import Batch, findings


@dataclass(frozen=True)
class SourceNote:
    """Flag messages that were left out for one of some reasons, or kept with one of some notes.

    removed: reasons why a message is in no turn. notes: what the source says of one that is kept,
    or of the whole conversation.
    """

    removed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding per message or conversation, with the span of what is kept."""
        noted = pl.col("note").is_in(self.notes) & pl.col("removed").is_null()
        told = batch.segments.filter(pl.col("removed").is_in(self.removed) | noted)
        cut = pl.col("turn").is_null()
        return findings(
            told.select(
                "row",
                "branch",
                "turn",
                "part",
                start=pl.when(~cut).then("start"),
                end=pl.when(~cut).then("end"),
                # One reason needs no name beside the rule's.
                kind=pl.coalesce("removed", "note")
                if len(self.removed) + len(self.notes) > 1
                else None,
            )
        )
