"""Estimate how many conversations could be told apart by what is said of the person.

An age, a date of birth, a postcode, an address and a number plate name nobody alone; together they
often leave one person. Only counts leave this module: the values become one keyed digest a
conversation, which is gone with the work folder.
"""

from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import Any

import polars as pl

from tunegate.model import Batch, Schema
from tunegate.pipeline.job import Job, Parts
from tunegate.rules import Action

# Rule → what it is called. An employer and a town alone are no rule's subject.
KINDS: Mapping[str, str] = {
    "pii/age": "age",
    "pii/date-of-birth": "date of birth",
    "pii/licence-plate": "number plate",
    "pii/postal-address": "address",
    "pii/postcode": "postcode",
}
PART = "quasi"
SKETCH: Schema = {
    "row": pl.Int64(),
    "digest": pl.Binary(),  # of all values of the conversation; 128 bits
    "left": pl.Binary(),  # of those that no rule redacts; null: none
    "kinds": pl.List(pl.String()),
}
_BYTES = 16  # so that two combinations do not meet by chance
_PLACE = ["row", "branch", "turn", "part"]


def sketched(
    batch: Batch, found: pl.DataFrame, *, salt: bytes, redacting: Collection[str]
) -> pl.DataFrame:
    """Return a digest of what was found of each conversation that has any of it.

    found: findings on the batch's own text. salt: of the run. redacting: rules that redact.
    """
    spans = found.filter(pl.col("rule").is_in(list(KINDS)), pl.col("start") < pl.col("end"))
    if spans.is_empty():
        return pl.DataFrame(schema=SKETCH)
    value = pl.col("text").str.slice("start", pl.col("end") - pl.col("start"))
    plain = value.str.to_lowercase().str.replace_all(r"[^\p{L}\p{M}\p{N}]+", "")
    kind = pl.col("rule").replace_strict(KINDS)
    values = spans.join(
        batch.turns.select(*_PLACE, "text"), on=_PLACE, how="inner", nulls_equal=True
    ).select("row", kind=kind, value=kind + "=" + plain, gone=pl.col("rule").is_in(list(redacting)))
    combined = values.group_by("row").agg(
        digest=pl.col("value").unique().sort().str.join(";"),
        left=pl.col("value").filter(~pl.col("gone")).unique().sort().str.join(";"),
        kinds=pl.col("kind").unique().sort(),
    )

    def keyed(text: str) -> bytes:
        return blake2b(text.encode(errors="surrogatepass"), digest_size=_BYTES, key=salt).digest()

    # Python's own digest, since that of polars has 64 bits; one a conversation, and few have any.
    digest = pl.col("digest").map_elements(keyed, return_dtype=pl.Binary)
    left = pl.when(pl.col("left") != "").then("left").map_elements(keyed, return_dtype=pl.Binary)
    return combined.select("row", digest, left.alias("left"), "kinds").sort("row")


def keep_sketch(job: Job, name: str, batch: Batch, found: pl.DataFrame) -> None:
    """Leave the sketch of a batch in the work folder."""
    redacting = [rule.id for rule in job.policy.rules if rule.file.action is Action.REDACT]
    Parts(job.work, PART).write(name, sketched(batch, found, salt=job.salt, redacting=redacting))


def estimate(
    sketch: pl.DataFrame, written: pl.Series, ran: Collection[str]
) -> dict[str, Any] | None:
    """Return how many conversations hold a combination that no other has.

    sketch: of all conversations. written: rows of those in the written files. ran: rules that did;
    None where none of them looks for such values.
    """
    looked = [kind for rule, kind in KINDS.items() if rule in ran]
    if not looked:
        return None
    counted = sketch.select(kind=pl.col("kinds").explode()).group_by("kind").len()
    having = dict(counted.iter_rows())
    left = sketch.filter(pl.col("row").is_in(written.implode()))["left"].drop_nulls()
    return {
        **_classes(sketch["digest"]),
        "kinds": {kind: having.get(kind, 0) for kind in looked},
        "written": _classes(left),
    }


def _classes(digests: pl.Series) -> dict[str, int | None]:
    """Return how many there are, how many stand alone, and the size of the smallest group."""
    sizes = digests.value_counts()["count"].to_list()
    return {
        "conversations": len(digests),
        "unique": sizes.count(1),
        "smallest_class": min(sizes, default=None),
    }
