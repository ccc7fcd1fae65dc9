"""Scan for any number of patterns at once.

Each distinct text is looked at once, as people read it; an engine says which patterns may be in
it, and Python's `re` finds the spans in those few.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tunegate.checks import engines
from tunegate.checks.judging import Judged
from tunegate.checks.seams import seams
from tunegate.checks.views import Views, views
from tunegate.checks.words import Words
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
PREVIOUS_WINDOW = 200  # code points at the end of the text before: a question, not a whole mail

Pairs = NDArray[np.int64]  # rows of two: a text, or a view of one, and a member, by place
_NO_PAIRS: Pairs = np.empty((0, 2), np.int64)


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
    def words(self) -> frozenset[str]:
        """What must stand in the text, or the one before it; lower case; empty: nothing must."""
        ...

    @property
    def context_previous(self) -> bool:
        """Whether the words may stand in the message before."""
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
        turns = batch.turns.with_columns(previous=_previous())
        texts = turns.select("text").unique(maintain_order=True).with_row_index("hit")
        spans = self._spans(views(texts["text"]), texts, turns)
        hits = texts.cast({"hit": pl.Int64}).join(spans.select("hit").unique(), on="hit")
        found = turns.join(hits, on="text").drop("text").join(spans, on="hit")
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

    @property
    def _triggers(self) -> Mapping[str, list[int]]:
        return _prepared(self.members).triggers

    @property
    def _worded(self) -> Mapping[str, list[int]]:
        return _prepared(self.members).worded

    @property
    def _words(self) -> Words:
        return _prepared(self.members).words

    @cached_property
    def _engine(self) -> engines.Engine:
        return engines.engine(self.engine, list(self._triggers), self.folder)

    @cached_property
    def _second(self) -> engines.Engine:
        return engines.engine(self.engine, list(self._worded), self.folder)

    def _spans(self, seen: Views, texts: pl.DataFrame, turns: pl.DataFrame) -> pl.DataFrame:
        found = _members(self._engine.hits(seen.texts), list(self._triggers.values()))
        pairs = np.concatenate([found, self._with_words(seen, texts, turns)])
        distinct, which = np.unique(pairs[:, 0], return_inverse=True)
        said = seen.texts.gather(distinct).to_list()
        rows: list[tuple[object, ...]] = []
        for (view, place), at in zip(pairs.tolist(), which.tolist(), strict=True):
            text = said[at]
            rule, pattern = self.members[place]
            for judged, unconfirmed in pattern.spans(text):
                start, end = seen.back(view, judged.start, judged.end)
                score = pattern.score(text, judged)
                rows.append((rule, view, start, end, score, place if unconfirmed else None))
        spans = pl.DataFrame(rows, schema=_SPANS, orient="row")
        source = pl.Series(seen.source)
        spans = spans.with_columns(hit=source.gather(spans["hit"]))
        return spans.unique(maintain_order=True).sort("hit", maintain_order=True)

    def _with_words(self, seen: Views, texts: pl.DataFrame, turns: pl.DataFrame) -> Pairs:
        """Return views and members that need a word, where there is one and the trigger matches."""
        if not self._worded:
            return _NO_PAIRS
        allowed = self._words.within(seen.texts)
        asked = self._asked(texts, turns)
        if asked.size:  # of texts; views of one text have the same message before them
            order = np.argsort(seen.source, kind="stable")
            begins = np.searchsorted(seen.source[order], asked[:, 0], side="left")
            allowed = np.concatenate([allowed, np.column_stack([order[begins], asked[:, 1]])])
            more = np.searchsorted(seen.source[order], asked[:, 0], side="right") - begins > 1
            again = np.column_stack([order[begins[more] + 1], asked[more, 1]])
            allowed = np.concatenate([allowed, again])
        if not allowed.size:
            return _NO_PAIRS
        worded = np.zeros(len(seen.texts), bool)
        worded[allowed[:, 0]] = True
        some = np.flatnonzero(worded)
        hits = self._second.hits(seen.texts.gather(some))
        found = _members(hits, list(self._worded.values()))
        found[:, 0] = some[found[:, 0]]
        count = len(self.members)
        known = np.sort(allowed[:, 0] * count + allowed[:, 1])
        keys = found[:, 0] * count + found[:, 1]
        nearest = np.searchsorted(known, keys).clip(max=known.size - 1)
        return found[np.flatnonzero(known[nearest] == keys)]

    def _asked(self, texts: pl.DataFrame, turns: pl.DataFrame) -> Pairs:
        """Return texts and members whose words the message before has."""
        asking = [n for n, (_, p) in enumerate(self.members) if p.words and p.context_previous]
        if not asking:
            return _NO_PAIRS
        before = (
            turns.select("text", "previous")
            .drop_nulls("previous")
            .unique()
            .join(texts.cast({"hit": pl.Int64}), on="text")
            .select("hit", "previous")
        )
        questions = before.select("previous").unique(maintain_order=True).with_row_index("question")
        pairs = self._words.within(questions["previous"].str.tail(PREVIOUS_WINDOW))
        answers = pl.DataFrame(pairs, {"question": pl.UInt32, "member": pl.Int64}, orient="row")
        told = answers.filter(pl.col("member").is_in(asking)).join(
            before.join(questions, on="previous"), on="question"
        )
        return told.select("hit", "member").unique().to_numpy().astype(np.int64)

    def _is_confirmed(self, found: pl.DataFrame) -> pl.Series:
        """Tell which spans need no confirmation, or find it in the message before."""
        return pl.Series(
            [
                asks is None or self.members[asks][1].is_asked_for(previous)
                for asks, previous in found.select("asks", "previous").iter_rows()
            ],
            dtype=pl.Boolean,
        )


class _Prepared(NamedTuple):
    """What some members need, which takes longer to find out than to scan a few texts.

    triggers: trigger → which members have it, of those that nothing else must confirm. worded: the
    same of those that need a word beside them. words: these words.
    """

    triggers: Mapping[str, list[int]]
    worded: Mapping[str, list[int]]
    words: Words


@lru_cache(maxsize=16)  # an audit makes several scans of the same rules, and a process many audits
def _prepared(members: tuple[tuple[str | None, Spanning], ...]) -> _Prepared:
    return _Prepared(
        _by_trigger(members, wordless=True),
        _by_trigger(members, wordless=False),
        Words.of({n: p.words for n, (_, p) in enumerate(members) if p.words}),
    )


def _by_trigger(
    members: Sequence[tuple[str | None, Spanning]], *, wordless: bool
) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, (_, pattern) in enumerate(members):
        if wordless == (not pattern.words):
            found.setdefault(pattern.fast_trigger, []).append(place)
    return found


def _members(hits: engines.Hits, members: Sequence[Sequence[int]]) -> Pairs:
    """Return texts and members for texts and triggers."""
    if not hits.texts.size:
        return _NO_PAIRS
    counts = np.array([len(of) for of in members])
    flat = np.array([place for of in members for place in of])
    starts = np.cumsum(counts) - counts
    many = counts[hits.triggers]
    inner = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    places = flat[np.repeat(starts[hits.triggers], many) + inner]
    return np.column_stack([np.repeat(hits.texts, many), places])


def _previous() -> pl.Expr:
    """The text that stands before in the same conversation, where both are message contents."""
    content = pl.col("part").str.starts_with(CONTENT) & pl.col("turn").is_not_null()
    same_branch = pl.col("branch").eq_missing(pl.col("branch").shift())
    same = (pl.col("row") == pl.col("row").shift()) & same_branch
    return pl.when(same & content & content.shift()).then(pl.col("text").shift())
