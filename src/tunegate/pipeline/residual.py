"""What is still found in the written files, and what of it is our own doing."""

from collections.abc import Mapping

import polars as pl

from tunegate.redaction import Style

REPLACEMENT = "replacement"
_PLACE = ["row", "branch", "turn", "part"]


def without_ours(found: pl.DataFrame, ledger: pl.DataFrame) -> pl.DataFrame:
    """Return findings on the written text, those within a replacement of ours marked as such.

    A surrogate looks like what it stands for, and is found again. Only a span that lies wholly in
    what the ledger says we wrote is explained by it: one that reaches beyond holds source text.
    """
    # Null keys meet none in a join by order, and so they get a value that is none.
    keys = [pl.col("row"), pl.col("branch").fill_null(""), pl.col("part")]
    ours = (
        ledger.filter(pl.col("new_start") < pl.col("new_end"))
        .filter(pl.col("turn").is_null() | pl.col("new_turn").is_not_null())
        .select(*keys, "new_end", turn=pl.col("new_turn").fill_null(-1), start="new_start")
        .sort("start")
    )
    spans = (
        found.with_row_index("finding")
        .filter(pl.col("start").is_not_null(), pl.col("row").is_not_null())
        .select(*keys, "finding", "start", "end", turn=pl.col("turn").fill_null(-1))
        .sort("start")
    )
    within = spans.join_asof(
        ours, on="start", by=_PLACE, strategy="backward", check_sortedness=False
    ).filter(pl.col("end") <= pl.col("new_end"))
    mine = pl.int_range(pl.len()).is_in(within["finding"].implode())
    unknown = pl.col("explained").is_null()
    return found.with_columns(
        explained=pl.when(unknown & mine).then(pl.lit(REPLACEMENT)).otherwise("explained")
    )


def notes(
    ledger: pl.DataFrame, styles: Mapping[str, Style], source: pl.DataFrame, written: pl.DataFrame
) -> list[str]:
    """Return what a reader of the numbers must know about redaction.

    styles: rule → what the policy asks for. source, written: the findings on them.
    """
    said = []
    if allowed := source["explained"].is_not_null().sum():
        said.append(f"The policy's allow-list accounts for {allowed:,} findings, which stay.")
    if again := written["explained"].is_not_null().sum():
        ours = int((written["explained"] == REPLACEMENT).sum())
        said.append(
            f"In the written files {again:,} findings are accounted for: {ours:,} are what "
            f"redaction wrote, {again - ours:,} are on the allow-list. The gate judges the others."
        )
    asked = pl.col("rule").replace_strict(
        {rule: style.value for rule, style in styles.items()}, return_dtype=pl.String
    )
    kept = (pl.col("style") == Style.PLACEHOLDER) & (asked != Style.PLACEHOLDER)
    for style, count in (
        ledger.filter(kept).group_by(asked.alias("asked")).len().sort("asked").rows()
    ):
        said.append(f"{count:,} spans could not be given the style {style} and got placeholders.")
    return said
