"""Decide between spans that overlap; find what was found once all over its conversation."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping

import polars as pl

from tunegate.model import FINDINGS

PLACE = ["row", "branch", "turn", "part"]
_SHORTEST = 6  # code points; what is shorter, such as an age, means something else elsewhere
_DISTINCT = 4  # different letters and digits: 000000 is no value
_WORDISH = r"[0-9A-Za-z\u00c0-\u024f_]"

Ranked = tuple[int, int, float, int, str, int]  # start, end, score, priority, rule, place


def settled(found: pl.DataFrame, priority: Mapping[str, int]) -> pl.DataFrame:
    """Return the findings without those whose span overlaps a better one of another rule.

    The surer one is better, then that of higher priority, then the longer. Only rules of
    `priority` compete; what has no span, and findings of one rule, stand beside each other.
    """
    if found.is_empty():
        return found
    places = [*PLACE, "start", "end"]
    numbered = found.with_row_index("number")
    competing = (
        numbered.filter(pl.col("rule").is_in(list(priority)), pl.col("start") < pl.col("end"))
        .select("number", "rule", "score", *places)
        .sort(places, nulls_last=False)
    )
    reach = pl.col("end").cum_max().shift().over(PLACE)
    # A cluster begins where nothing before reaches: most have one member.
    clustered = competing.with_columns(
        cluster=(pl.col("start") >= reach).fill_null(True).cum_sum()
    ).filter(pl.col("rule").n_unique().over("cluster") > 1)
    lost: list[int] = []
    for cluster in clustered.partition_by("cluster", maintain_order=True):
        ranked = [
            (start, end, 1.0 if score is None else score, priority[rule], rule, number)
            for start, end, score, rule, number in cluster.select(
                "start", "end", "score", "rule", "number"
            ).iter_rows()
        ]
        lost += _losers(ranked)
    return found if not lost else numbered.filter(~pl.col("number").is_in(lost)).drop("number")


def _losers(spans: Iterable[Ranked]) -> list[int]:
    """Return the places of the spans that lose against another rule's."""
    kept: list[tuple[int, int, str]] = []
    lost: list[int] = []
    for start, end, _, _, rule, number in sorted(
        spans, key=lambda s: (-s[2], -s[3], s[0] - s[1], s[0], s[4])
    ):
        # Kept spans of different rules never overlap, so only near ones can stand in the way.
        place = bisect_left(kept, (start, end, rule))
        near = kept[max(0, place - 2) : place + 2]
        if any(a < end and start < b and other != rule for a, b, other in near):
            lost.append(number)
        else:
            kept.insert(place, (start, end, rule))
    return lost


def everywhere(found: pl.DataFrame, turns: pl.DataFrame, rules: Iterable[str]) -> pl.DataFrame:
    """Return the findings with every other place of their values in the same conversation.

    found: `FINDINGS`. A value that was recognised once, by the words around it perhaps, is the
    same value where it stands alone. rules: whose values are looked for; short ones, and those
    that are words, are not.
    """
    spans = found.filter(pl.col("rule").is_in(list(rules)), pl.col("start") < pl.col("end"))
    if spans.is_empty():
        return found
    values = (
        spans.join(turns.select(*PLACE, "text"), on=PLACE, nulls_equal=True)
        .with_columns(value=pl.col("text").str.slice("start", pl.col("end") - pl.col("start")))
        .filter(
            pl.col("value").str.len_chars() >= _SHORTEST,
            pl.col("value").str.contains("[0-9@]"),
        )
        .sort("score", descending=True, nulls_last=False)
        .unique(["row", "value"], keep="first", maintain_order=True)
        .select("row", "rule", "on", "kind", "entity", "score", "value")
    )
    values = values.filter(
        pl.col("value").str.to_lowercase().str.extract_all("[0-9a-z]").list.n_unique() >= _DISTINCT
    )
    if values.is_empty():
        return found
    places = turns.join(values, on="row").filter(
        pl.col("text").str.contains(pl.col("value"), literal=True)
    )
    more: list[tuple[object, ...]] = []
    # Row by row: few conversations have a value, and few of those say it twice.
    for text, value, *rest in places.select(
        "text", "value", *PLACE, "role", "rule", "on", "kind", "entity", "score"
    ).iter_rows():
        alone = rf"(?<!{_WORDISH}){re.escape(value)}(?!{_WORDISH})"
        more += [(*rest, *match.span()) for match in re.finditer(alone, text)]
    names = [*PLACE, "role", "rule", "on", "kind", "entity", "score", "start", "end"]
    schema = {name: FINDINGS[name] for name in names}
    repeated = pl.DataFrame(more, schema=schema, orient="row")
    known = spans.select(*PLACE, "start", "end")
    fresh = repeated.join(known, on=[*PLACE, "start", "end"], how="anti", nulls_equal=True)
    return pl.concat(
        [
            found,
            fresh.select(
                (pl.col(name) if name in schema else pl.lit(None)).cast(kind).alias(name)
                for name, kind in FINDINGS.items()
            ),
        ]
    )
