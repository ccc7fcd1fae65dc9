"""Bind related conversations together, and prove that no relation crosses the split."""

from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from tunegate.components import components

TRAIN, VALIDATION = "train", "validation"


def clusters(conversations: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return `row, cluster`: the smallest row that a conversation is bound to by duplicates.

    Bound means by a chain of pairs; a conversation without a duplicate is its own cluster.
    """
    rows = conversations["row"].sort().to_numpy()
    label = components(rows, pairs["row"].to_numpy(), pairs["related"].to_numpy())
    return pl.DataFrame({"row": rows, "cluster": label})


@dataclass(frozen=True)
class Proof:
    """What was counted in the written files to show that the split does not leak.

    shared_groups: groups with conversations on both sides. cross_split_duplicates: duplicate pairs
    with one end on each side. unknown_groups: written conversations whose customer is not known,
    each of which counts as a group of its own.
    """

    seed: str
    validation_asked: float
    validation_got: float
    groups: int
    clusters: int
    shared_groups: int
    cross_split_duplicates: int
    largest_component: int
    unknown_groups: int

    @property
    def known_groups(self) -> int:
        """Groups that the source names."""
        return self.groups - self.unknown_groups

    @property
    def holds(self) -> bool:
        """True when nothing related stands on both sides."""
        return self.shared_groups == 0 and self.cross_split_duplicates == 0

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as they stand in run.json."""
        return asdict(self)


def prove(
    written: pl.DataFrame, pairs: pl.DataFrame, *, seed: str, validation_asked: float
) -> Proof:
    """Count what the written conversations share across the split.

    written: `row, split, group, digest, cluster`, one row a written conversation; `group` is null
    where it is unknown, `digest` is of the messages as written. Equal digests count as duplicates
    whatever the pairs say, so that the proof does not rest on the search that made the split.
    """
    groups = written.drop_nulls("group").group_by("group").agg(pl.col("split").n_unique())
    side = written.select("row", "split")
    edges = (
        pairs.select("row", "related")
        .unique()  # several rules may have found it
        .join(side, on="row")
        .join(side, left_on="related", right_on="row", suffix="_related")
    )
    twins = written.group_by("digest").agg(pl.col("split").n_unique())
    sizes = written.group_by("cluster").len()
    validation = written.filter(pl.col("split") == VALIDATION).height
    return Proof(
        seed=seed,
        validation_asked=validation_asked,
        validation_got=round(validation / written.height, 6) if written.height else 0.0,
        groups=groups.height + written["group"].null_count(),
        clusters=sizes.filter(pl.col("len") > 1).height,
        shared_groups=groups.filter(pl.col("split") > 1).height,
        cross_split_duplicates=edges.filter(pl.col("split") != pl.col("split_related")).height
        + twins.filter(pl.col("split") > 1).height,
        largest_component=int(sizes["len"].max() or 0),  # type: ignore[arg-type]
        unknown_groups=written["group"].null_count(),
    )
