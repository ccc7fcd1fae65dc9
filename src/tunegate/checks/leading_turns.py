"""Flag what stands before the first question."""

from dataclasses import dataclass

import polars as pl

from tunegate.checks.messages import messages
from tunegate.model import Batch, findings


@dataclass(frozen=True)
class LeadingTurns:
    """Flag the assistant's turns that come before the first user message.

    A conversation that nobody asks or answers in is left to other rules. A system prompt may
    stand before them.
    """

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding per leading turn."""
        answer = (pl.col("role") == "assistant").fill_null(False)
        opening = answer | pl.col("role").is_in(("system", "developer")).fill_null(False)
        return findings(
            messages(batch)
            # Only an unbroken beginning may go: a tool's answer needs the call before it.
            .with_columns(at_start=opening.cum_min().over("row"))
            .with_columns(
                asked=(pl.col("role") == "user").any().over("row"),
                answered=(answer & ~pl.col("at_start")).any().over("row"),
            )
            .filter("at_start", "asked", "answered", answer)
            .select("row", "branch", "turn", "role")
        )
