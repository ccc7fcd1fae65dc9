"""Assign whole groups of related conversations to train or validation."""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import polars as pl

from tunegate.components import components
from tunegate.model import Batch, Sketches


@dataclass(frozen=True)
class GroupSplit:
    """Split by customer, so that nobody's conversations stand on both sides.

    A group is hashed with the public seed: it keeps its side when other groups come or go, so
    next month's export does not move last month's customers. The share is therefore approximate.
    Duplicates of each other go together, with all of their groups.

    validation: share of groups, not of conversations. seed: any text.
    """

    validation: float = 0.1
    seed: str = "tunegate"

    def __post_init__(self) -> None:
        if not 0 <= self.validation < 1:
            raise ValueError("validation must be at least 0 and below 1")

    def sketch(self, batch: Batch) -> pl.DataFrame:
        """Return `row` and `place`, the 64-bit keyed hash of the conversation's group.

        A conversation of an unknown customer is a group of its own, named by its key.
        """
        key = blake2b(self.seed.encode(), digest_size=32).digest()
        names = batch.conversations.select(
            "row", name=pl.coalesce("group", "key"), known=pl.col("group").is_not_null()
        )
        places = [
            # The marker keeps a customer's id apart from an equal conversation key.
            int.from_bytes(
                blake2b(b"ck"[known : known + 1] + name.encode(), digest_size=8, key=key).digest()
            )
            for name, known in names.select("name", "known").iter_rows()
        ]
        return names.select("row", place=pl.Series(places, dtype=pl.UInt64))

    def assign(self, sketches: Sketches, clusters: pl.DataFrame) -> pl.DataFrame:
        """Return `row, split, component`; `component` is the smallest place that a row is bound to.

        clusters: `row, cluster`. A cluster ties its groups together, and a group its clusters, so
        the smallest place travels along both.
        """
        nothing = pl.DataFrame(schema={"row": pl.Int64(), "place": pl.UInt64()})
        frame = pl.concat([nothing, *(part.select("row", "place") for part in sketches)])
        frame = frame.join(clusters, on="row", how="inner").sort("row")
        places = frame["place"].to_numpy()
        of_cluster = frame.select(pl.col("place").min().over("cluster")).to_series().to_numpy()
        nodes = np.unique(places)
        least = components(nodes, places, of_cluster)[np.searchsorted(nodes, places)]
        side = _mixed(least) < np.uint64(min(int(self.validation * 2**64), 2**64 - 1))
        return frame.select(
            "row",
            split=pl.Series(np.where(side, "validation", "train")),
            component=pl.Series(least, dtype=pl.UInt64),
        )


def _mixed(places: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return an even hash of each place (splitmix64's finaliser).

    The least of many places is small, and without this large components would all be validation.
    """
    mixed = places ^ (places >> np.uint64(30))
    mixed = mixed * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed = mixed * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed
