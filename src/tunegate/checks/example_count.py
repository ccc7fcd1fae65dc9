"""Flag written files with too few examples."""

from collections import Counter
from dataclasses import dataclass

import polars as pl

from tunegate.model import Batch, Sketches, findings


@dataclass(frozen=True)
class ExampleCount:
    """Flag a written file of fewer than `minimum` conversations.

    Nothing is found where nothing was written, nor for a validation file that was not asked for.

    splits: the files that are judged. No source says that a service refuses a short validation
    file, so it is not among them unless a policy says so.
    """

    minimum: int = 10
    splits: tuple[str, ...] = ("train",)

    def sketch(self, batch: Batch) -> pl.DataFrame:
        """Return the split of each conversation; before there is one, all are for training."""
        rows = batch.conversations.select("row")
        if batch.split is None:
            return rows.with_columns(split=pl.lit("train"))
        split = batch.split.select("row", pl.col("split").cast(pl.String))
        return rows.join(split, on="row", maintain_order="left")

    def resolve(self, sketches: Sketches) -> pl.DataFrame:
        """Return one finding per file that is too short: its split, and how many it holds."""
        counts: Counter[str] = Counter()
        for part in sketches:
            counts["train"] += 0  # an empty training file is too short as well
            counts.update(dict(part.group_by("split").len().iter_rows()))
        short = [
            (split, n)
            for split, n in sorted(counts.items())
            if split in self.splits and n < self.minimum
        ]
        schema = {"kind": pl.String(), "value": pl.Float64()}
        return findings(pl.DataFrame(short, schema=schema, orient="row"))
