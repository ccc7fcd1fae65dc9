"""Find conversations that say the same, but for case, spacing and punctuation."""

from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

from tunegate.checks.beside import beside
from tunegate.checks.shingles import spoken
from tunegate.model import Batch, Schema, Sketches

_SKETCH: Schema = {"row": pl.Int64(), "digest": pl.Binary()}  # null: nobody says anything
_DIGEST_BYTES = 16  # a chance collision among a billion conversations: one in 10^20
_GAPS = r"[\s\p{P}]+"


@dataclass(frozen=True)
class ExactCopy:
    """Pair the first of some conversations that say the same with each of the others.

    Only what customers and agents say counts, with the tools they call and the pictures they
    show. A message of nothing but punctuation is compared as it is written.
    """

    def sketch(self, batch: Batch) -> pl.DataFrame:
        """Return a digest of each conversation, or null if nobody says anything in it."""
        written = pl.col("text").str.strip_chars()
        words = (
            pl.col("text")
            .str.normalize("NFKC")
            .str.to_lowercase()
            .str.replace_all(_GAPS, " ")
            .str.strip_chars(" ")
        )
        messages = (
            spoken(batch)
            .group_by("row", "branch", "turn", "role", maintain_order=True)
            .agg(pl.col("text").str.join("\n"))
            .with_columns(said=pl.when(words == "").then(written).otherwise(words))
        )
        # The length says where a message ends, so that no text can pass for two.
        message = pl.format(
            "{} {} {} {}",
            pl.col("branch").fill_null("only"),
            "role",
            pl.col("said").str.len_bytes(),
            "said",
        )
        conversations = (
            messages.group_by("row", maintain_order=True)
            .agg(whole=message.str.join("\n"), speaks=(pl.col("said") != "").any())
            .filter("speaks")
            .join(beside(batch), on="row", how="left", maintain_order="left")
            .with_columns(whole=pl.concat_str("whole", "mark", separator="\n", ignore_nulls=True))
        )
        digests = [
            blake2b(whole.encode(), digest_size=_DIGEST_BYTES).digest()
            for whole in conversations["whole"]
        ]
        digested = pl.DataFrame({"row": conversations["row"], "digest": digests}, schema=_SKETCH)
        return batch.conversations.select("row").join(
            digested, on="row", how="left", maintain_order="left"
        )

    def resolve(self, sketches: Sketches) -> pl.DataFrame:
        """Return pairs of the stage "exact": the smallest row of a group with each other one."""
        digests: pl.DataFrame = pl.concat([pl.DataFrame(schema=_SKETCH), *sketches])
        return (
            digests.drop_nulls("digest")
            .with_columns(first=pl.col("row").min().over("digest"))
            .filter(pl.col("row") > pl.col("first"))
            .select(
                row="first",
                related="row",
                similarity=pl.lit(1.0),
                stage=pl.lit("exact"),
            )
            .sort("row", "related")
        )
