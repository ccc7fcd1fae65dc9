"""Scan for any number of patterns at once.

Each distinct text is looked at once, as people read it; an engine says which patterns may be in
it, and Python's `re` finds the spans in those few.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
import polars as pl

from tunegate.checks import engines
from tunegate.checks.judging import Judged
from tunegate.checks.seams import seams
from tunegate.checks.views import Views, views
from tunegate.model import CONTENT, FINDINGS, Batch

_SPANS = {
    "rule": pl.String(),
    "hit": pl.Int64(),  # which distinct text
    "start": pl.Int64(),
    "end": pl.Int64(),
    "score": pl.Float64(),
    "asks": pl.Int32(),  # which member's context the message before must have; null: none needed
}
_PLACE = ["row", "branch", "turn", "part"]


class Named(Protocol):
    """A rule, of which the scan needs the name."""

    @property
    def id(self) -> str:
        """Its family and name."""
        ...


class Spanning(Protocol):
    """Finds spans in one text; see `Pattern`."""

    @property
    def fast_trigger(self) -> str:
        """What every text with a span matches."""
        ...

    @property
    def across(self) -> bool:
        """Whether its values may be cut over two messages."""
        ...

    def spans(self, text: str) -> Iterator[tuple[Judged, bool]]:
        """Yield each span that counts, and whether only the message before can confirm it."""
        ...

    def score(self, text: str, judged: Judged) -> float:
        """Return how certain a span is."""
        ...

    def is_asked_for(self, previous: str | None) -> bool:
        """Tell whether the message before has a context word near its end."""
        ...


@dataclass(frozen=True)
class FusedPatterns:
    """Several patterns in one scan, each with the id of its rule.

    engine: which of `engines.py` looks for triggers; they find the same. folder: where it keeps
    what takes long to compile; None keeps nothing.
    """

    members: tuple[tuple[str | None, Spanning], ...]
    engine: engines.Name = "portable"
    folder: Path | None = field(default=None, compare=False)

    def using(self, engine: engines.Name, folder: Path | None = None) -> "FusedPatterns":
        """Return the same scan with another engine."""
        return replace(self, engine=engine, folder=folder)

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding per span, with its rule."""
        texts = batch.turns.select("text").unique(maintain_order=True).with_row_index("hit")
        seen = views(texts["text"])
        spans = self._spans(seen)
        turns = batch.turns
        if spans["asks"].null_count() < spans.height:
            turns = turns.with_columns(previous=_previous())
        hits = texts.cast({"hit": pl.Int64}).join(spans.select("hit").unique(), on="hit")
        found = turns.join(hits, on="text").drop("text").join(spans, on="hit")
        if "previous" in found.columns:
            found = found.filter(self._is_confirmed(found))
        order = ["rule", *_PLACE, "start"]
        found = found.select("rule", *_PLACE, "role", "start", "end", "score")
        return pl.concat([found, self._across(batch.turns)]).sort(order, nulls_last=False)

    def _across(self, turns: pl.DataFrame) -> pl.DataFrame:
        """Return the parts of values that are cut over two messages."""
        patterns = [(rule, pattern) for rule, pattern in self.members if pattern.across]
        rows = [
            (rule, *place, start, end, pattern.score(seam.text, judged))
            for seam in (seams(turns) if patterns else ())
            for rule, pattern in patterns
            for judged, unconfirmed in pattern.spans(seam.text)
            if not unconfirmed
            for place, start, end in seam.cut(judged.start, judged.end)
        ]
        names = ["rule", *_PLACE, "role", "start", "end", "score"]
        schema = {name: FINDINGS[name] for name in names}
        return pl.DataFrame(rows, schema=schema, orient="row")

    @cached_property
    def _triggers(self) -> dict[str, list[int]]:
        """Trigger → which members have it."""
        members: dict[str, list[int]] = {}
        for place, (_, pattern) in enumerate(self.members):
            members.setdefault(pattern.fast_trigger, []).append(place)
        return members

    @cached_property
    def _engine(self) -> engines.Engine:
        return engines.engine(self.engine, list(self._triggers), self.folder)

    def _spans(self, seen: Views) -> pl.DataFrame:
        hits = self._engine.hits(seen.texts)
        members = list(self._triggers.values())
        rows: list[tuple[object, ...]] = []
        distinct, which = np.unique(hits.texts, return_inverse=True)
        texts = seen.texts.gather(distinct).to_list()
        for view, at, trigger in zip(
            hits.texts.tolist(), which.tolist(), hits.triggers.tolist(), strict=True
        ):
            text = texts[at]
            for place in members[trigger]:
                rule, pattern = self.members[place]
                for judged, unconfirmed in pattern.spans(text):
                    start, end = seen.back(view, judged.start, judged.end)
                    score = pattern.score(text, judged)
                    rows.append((rule, view, start, end, score, place if unconfirmed else None))
        spans = pl.DataFrame(rows, schema=_SPANS, orient="row")
        source = pl.Series(seen.source)
        return spans.with_columns(hit=source.gather(spans["hit"])).unique(maintain_order=True)

    def _is_confirmed(self, found: pl.DataFrame) -> pl.Series:
        """Tell which spans need no confirmation, or find it in the message before."""
        return pl.Series(
            [
                asks is None or self.members[asks][1].is_asked_for(previous)
                for asks, previous in found.select("asks", "previous").iter_rows()
            ],
            dtype=pl.Boolean,
        )


def _previous() -> pl.Expr:
    """The text that stands before in the same conversation, where both are message contents."""
    content = pl.col("part").str.starts_with(CONTENT) & pl.col("turn").is_not_null()
    same_branch = pl.col("branch").eq_missing(pl.col("branch").shift())
    same = (pl.col("row") == pl.col("row").shift()) & same_branch
    return pl.when(same & content & content.shift()).then(pl.col("text").shift())
