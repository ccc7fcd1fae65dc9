"""Flag what stands after the last answer."""

from dataclasses import dataclass

import polars as pl

from tunegate.checks.messages import messages, paths
from tunegate.model import Batch, findings


@dataclass(frozen=True)
class TrailingTurns:
    """Flag the turns at the end of a conversation that no assistant message follows.

    A conversation that has no assistant message at all is left to other rules.

    roles: whose turns; the first turn from the end that is another's ends the search.
    """

    roles: tuple[str, ...] = ("user",)

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding per trailing turn."""
        own = pl.col("role").is_in(self.roles).fill_null(False)
        return findings(
            paths(messages(batch))
            .with_columns(
                # Only an unbroken end may go: a gap would shift the places of what follows.
                at_end=own.reverse().cum_min().reverse().over("row", "path"),
                answered=(pl.col("role") == "assistant").any().over("row", "path"),
            )
            # A prompt that leads to two answers is no end, even if one of them is missing.
            .filter("at_end", "answered", pl.col("branch").eq_missing(pl.col("path")))
            .select("row", "branch", "turn", "role")
        )
