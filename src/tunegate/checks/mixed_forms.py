"""Flag written files that hold records of several forms."""

from collections import Counter
from dataclasses import dataclass

import polars as pl

from tunegate.model import Batch, Sketches, findings


@dataclass(frozen=True)
class MixedForms:
    """Flag a file in which chats stand beside preference pairs: no job takes both."""

    def sketch(self, batch: Batch) -> pl.DataFrame:
        """Return the split of each conversation, and whether it compares two answers."""
        pairs = batch.turns.filter(pl.col("branch").is_not_null())["row"].unique()
        rows = batch.conversations.select("row", pair=pl.col("row").is_in(pairs.implode()))
        if batch.split is None:
            return rows.with_columns(split=pl.lit("train"))
        split = batch.split.select("row", pl.col("split").cast(pl.String))
        return rows.join(split, on="row", maintain_order="left")

    def resolve(self, sketches: Sketches) -> pl.DataFrame:
        """Return one finding per file of both: its split, and how many are of the rarer form."""
        counts: Counter[tuple[str, bool]] = Counter()
        for part in sketches:
            counted = part.drop_nulls("split").group_by("split", "pair").len()
            counts.update({(split, pair): n for split, pair, n in counted.iter_rows()})
        splits = sorted({split for split, _ in counts})
        mixed = [(split, min(counts[split, True], counts[split, False])) for split in splits]
        schema = {"kind": pl.String(), "value": pl.Float64()}
        found = [(split, rarer) for split, rarer in mixed if rarer]
        return findings(pl.DataFrame(found, schema=schema, orient="row"))
