"""Conversations that are longer than a model's training limit."""

from dataclasses import dataclass
from typing import Annotated

import polars as pl
from pydantic import Field

from tunegate.model import Batch, findings
from tunegate.tokens import Vocabulary, conversation_tokens, token_bounds


@dataclass(frozen=True)
class TokenLimit:
    """Flag conversations of more than `limit` tokens.

    vocabulary: what the model splits text with. system_tokens: what the system prompt will take,
    framing included, that is written into each conversation that has none.
    """

    limit: Annotated[int, Field(ge=1)] = 65_536
    vocabulary: Vocabulary = "o200k_base"
    system_tokens: Annotated[int, Field(ge=0)] = 0

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding per conversation over the limit; `value` is its tokens."""
        # Hardly any conversation has more bytes than tokens are left, and only those are tokenised.
        bounds = token_bounds(batch.turns, conversations=batch.conversations)
        near = bounds.filter(pl.col("tokens") > self.limit - self.system_tokens).select("row")
        if near.is_empty():
            return findings(near)
        turns, heads = (
            frame.join(near, on="row", how="semi", maintain_order="left")
            for frame in (batch.turns, batch.conversations)
        )
        counted = conversation_tokens(turns, self.vocabulary, conversations=heads)
        prompted = turns.filter(pl.col("role") == "system")["row"].implode()
        added = pl.when(pl.col("row").is_in(prompted)).then(0).otherwise(self.system_tokens)
        lengths = counted.select("row", value=pl.col("tokens") + added)
        return findings(lengths.filter(pl.col("value") > self.limit))
