"""From findings and a policy to one disposition a conversation, and to the verdict.

Row rules speak first; cluster rules then choose survivors among the conversations still alive.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from tunegate.components import components
from tunegate.model import SUBJECT, findings
from tunegate.rules import Action, Rule

EDITS = (Action.FIX, Action.REDACT, Action.TRIM)
DISPOSITIONS = pl.Enum(["keep", "review", "drop"])  # in ascending order
UNWRITABLE = "unwritable"  # stands for a rule: the conversation has no form in the target
_SAME = ("exact", "same-set")  # stages whose pairs say the same, so that they chain safely


def survivors(
    pairs: pl.DataFrame, conversations: pl.DataFrame, alive: pl.Series | None = None
) -> pl.DataFrame:
    """Return `row, related, rule, stage, similarity` of each conversation that repeats a kept one.

    pairs: `PAIRS` with `rule`. conversations: `row, key, created_at`. alive: rows that take part;
    None for all. The earliest is kept, ties broken by key. One is a repeat only if it says the
    same as a kept one or is itself verified similar to one: no chain swallows the set.
    """
    schema = {
        "row": pl.Int64(),
        "related": pl.Int64(),
        "rule": pl.String(),
        "stage": pl.String(),
        "similarity": pl.Float64(),
    }
    if pairs.is_empty():
        return pl.DataFrame(schema=schema)
    everyone = pl.concat([pairs["row"], pairs["related"]]).unique().sort()
    nodes = everyone.to_numpy()
    same = pairs.filter(pl.col("stage").is_in(_SAME))
    exact = pairs.filter(pl.col("stage") == "exact")
    members = (
        pl.DataFrame(
            {
                "row": nodes,
                "said": components(nodes, same["row"].to_numpy(), same["related"].to_numpy()),
                "copy": components(nodes, exact["row"].to_numpy(), exact["related"].to_numpy()),
            }
        )
        .join(conversations.select("row", "key", "created_at"), on="row")
        .sort("created_at", "key", "row", nulls_last=True)
        .with_columns(place=pl.int_range(pl.len()))
    )
    classes = members.select("row", "said")  # a dead one still speaks for those that say the same
    if alive is not None:
        members = members.filter(pl.col("row").is_in(alive.implode()))
    first = members.group_by("said", maintain_order=True).agg(pl.first("row", "copy", "place"))
    kept, near = _kept_classes(first, pairs, classes)
    rules = dict(pairs.group_by("stage").agg(pl.col("rule").min()).iter_rows())

    repeats: list[tuple[object, ...]] = []
    head = {
        said: (row, copy) for said, row, copy in first.select("said", "row", "copy").iter_rows()
    }
    for row, said, copy in members.select("row", "said", "copy").iter_rows():
        first_row, first_copy = head[said]
        if said not in kept:
            anchor, similarity, rule, stage = near[said]
            repeats.append((row, head[anchor][0], rule, stage, similarity))
        elif row != first_row:
            stage = "exact" if copy == first_copy else "same-set"
            repeats.append((row, first_row, rules[stage], stage, 1.0))
    return pl.DataFrame(repeats, schema=schema, orient="row").sort("row")


def _kept_classes(
    first: pl.DataFrame, pairs: pl.DataFrame, classes: pl.DataFrame
) -> tuple[set[int], dict[int, tuple[int, float, str, str]]]:
    """Return the classes of equal conversations that are kept, and for each other its anchor."""
    place = first.select("said", "place")
    near = (
        pairs.filter(~pl.col("stage").is_in(_SAME))
        .join(classes, on="row")
        .join(classes, left_on="related", right_on="row", suffix="_related")
        .filter(pl.col("said") != pl.col("said_related"))
        .join(place, on="said")
        .join(place, left_on="said_related", right_on="said", suffix="_related")
    )
    later = pl.col("place") > pl.col("place_related")
    near = near.select(
        "similarity",
        "rule",
        "stage",
        late=pl.when(later).then("said").otherwise("said_related"),
        early=pl.when(later).then("said_related").otherwise("said"),
        late_place=pl.max_horizontal("place", "place_related"),
        early_place=pl.min_horizontal("place", "place_related"),
    ).sort(
        "late_place", "similarity", "early_place", "rule", descending=[False, True, False, False]
    )
    kept = set(first["said"])
    anchor: dict[int, tuple[int, float, str, str]] = {}
    # In order of preference: whether one is kept depends on whether those before it were.
    for late, early, similarity, rule, stage in near.select(
        "late", "early", "similarity", "rule", "stage"
    ).iter_rows():
        if late not in anchor and early in kept:
            anchor[late] = early, similarity, rule, stage
            kept.discard(late)
    return kept, anchor


def duplicate_findings(
    pairs: pl.DataFrame, conversations: pl.DataFrame, rules: Sequence[Rule]
) -> pl.DataFrame:
    """Return one finding a conversation that repeats another, whatever else is decided."""
    on = {rule.id: rule.file.on for rule in rules}
    repeats = survivors(pairs, conversations)
    return findings(
        repeats.select(
            "row",
            "related",
            "rule",
            kind="stage",
            value="similarity",
            on=pl.col("rule").replace_strict(on, return_dtype=pl.String),
        )
    )


def decide(
    conversations: pl.DataFrame,
    found: pl.DataFrame,
    pairs: pl.DataFrame,
    rules: Sequence[Rule],
    held: pl.DataFrame,
) -> pl.DataFrame:
    """Give every conversation the harshest disposition that a finding or a duplicate calls for.

    conversations: `row, key, created_at`. found: findings on the source and the cleaned text,
    those about duplicates apart; one in a ticket's subject decides nothing, as no file has it.
    held: `row, rule` of conversations that a failed check did not see, which nobody may train on.
    An edit that a finding gives no place for cannot be made, and is a review. Returns
    `row, disposition, edits, because`, sorted by row.
    """
    action = {rule.id: rule.file.action for rule in rules}
    asked = pl.col("rule").replace_strict(action, return_dtype=pl.String)
    impossible = ((asked == "redact") & pl.col("start").is_null()) | (
        (asked == "trim") & (pl.col("start").is_not_null() | pl.col("turn").is_null())
    )
    done = pl.when(impossible).then(pl.lit("review")).otherwise(asked)
    found = found.filter(pl.col("part").ne_missing(SUBJECT))
    spoke = found.drop_nulls("row").select("row", "rule", action=done).unique()
    told = pl.concat([spoke, held.select("row", "rule", action=pl.lit("review"))])
    dead = told.filter(pl.col("action").is_in(["review", "drop"]))["row"].unique()
    alive = conversations.filter(~pl.col("row").is_in(dead.implode()))["row"]
    repeats = _repeats(pairs, conversations, alive, action)
    is_edit = pl.col("action").is_in(EDITS)
    disposition = pl.when(is_edit).then(pl.lit("keep")).otherwise("action").cast(DISPOSITIONS)
    decided = (
        pl.concat([told, *repeats])
        .sort("row", "rule")
        .group_by("row", maintain_order=True)
        .agg(
            disposition=disposition.max(),
            edits=pl.col("action").filter(is_edit).unique().sort(),
            because=pl.col("rule").unique().sort(),
        )
    )
    return (
        conversations.select("row")
        .join(decided, on="row", how="left", maintain_order="left")
        .with_columns(
            pl.col("disposition").fill_null("keep").cast(pl.String),
            pl.col("edits").fill_null([]),
            pl.col("because").fill_null([]),
        )
    )


def _repeats(
    pairs: pl.DataFrame, conversations: pl.DataFrame, alive: pl.Series, action: Mapping[str, Action]
) -> Iterator[pl.DataFrame]:
    """Yield `row, rule, action` of the repeats, by the rules of one action at a time.

    The harshest comes first, and what it removes is no survivor for the others.
    """
    for asked in (Action.DROP, Action.REVIEW, Action.KEEP):
        own = pl.col("rule").is_in([rule for rule, does in action.items() if does is asked])
        if pairs.filter(own).is_empty():
            continue
        # What a rule found of one exact copy holds for all of them, whoever found the copies.
        told = pairs.filter(own | (pl.col("stage") == "exact"))
        repeats = survivors(told, conversations, alive).filter(own)
        yield repeats.select("row", "rule", action=pl.lit(asked.value))
        if asked is not Action.KEEP:
            alive = alive.filter(~alive.is_in(repeats["row"].implode()))


def count_found(found: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """Return rule → (findings, conversations)."""
    rows = pl.col("row").drop_nulls().n_unique()
    counted = found.group_by("rule").agg(pl.len(), conversations=rows)
    return {rule: (n, rows) for rule, n, rows in counted.sort("rule").iter_rows()}


def first_removed_by(decisions: pl.DataFrame, rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """Return for each rule how many conversations it removed: as the first to speak, and in all.

    A conversation that a rule failed on is removed by that rule, whatever its action.
    """
    edits = [rule.id for rule in rules if rule.file.action in (*EDITS, Action.KEEP)]
    gone = decisions.filter(pl.col("disposition") != "keep")
    spoke = gone.select("row", rule="because").explode("rule", empty_as_null=True)
    removing = spoke.filter(~pl.col("rule").is_in(edits))
    # Where nothing but edits spoke, one of them failed.
    failed = spoke.join(removing, on="row", how="anti")
    removing = pl.concat([removing, failed])
    first = removing.group_by("row").agg(pl.col("rule").min())
    firsts = dict(first.group_by("rule").len().iter_rows())
    everies = removing.group_by("rule").len().sort("rule").iter_rows()
    return [{"rule": rule, "first": firsts.get(rule, 0), "any": n} for rule, n in everies]
