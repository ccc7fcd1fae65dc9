"""Find what an engine of the user's choice finds, in each distinct text once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import polars as pl

from tunegate.checks.neural.engines import Engine, Settings, Span, engine
from tunegate.checks.neural.pieces import marked_lines, wholes, windowed
from tunegate.model import Batch

_SPANS = {
    "piece": pl.String(),
    "start": pl.Int64(),
    "end": pl.Int64(),
    "kind": pl.String(),
    "score": pl.Float64(),
}
_WHERE = ("row", "branch", "turn", "part", "role")
_PLACEHOLDER = re.compile(r"<[A-Z][A-Z0-9_]*>")  # what stands where something was redacted before
_LETTERS = r"\pL.*\pL"  # less names nobody
_DIGITS = 2  # of a score; the rest differs with what else is in the engine's batch


@dataclass(frozen=True)
class NeuralEntities:
    """Flag what an engine finds: a model of the user's, which runs on this machine.

    engine: a name among the installed ones, see docs/engines.md. path: the folder of its model.
    labels: which of its labels count, and the kind that each is; empty: all, by their own names.
    threshold: what scores less does not count. batch_size: texts that the engine sees at a time.
    window: code points; longer texts are cut into several, which share `overlap`. lines: `marked`
    shows the engine only lines that a cheap cue says may name somebody. language: ISO 639 code,
    for engines that must be told. threads: of each process.
    """

    engine: str = ""
    path: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    threshold: float = 0.5
    batch_size: int = 16
    window: int = 2000
    overlap: int = 200
    lines: Literal["all", "marked"] = "all"
    language: str = "en"
    threads: int = 1

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 1:
            raise ValueError("`threshold` must be above 0 and at most 1")
        if min(self.batch_size, self.threads) < 1:
            raise ValueError("`batch_size` and `threads` must be at least 1")
        if not 0 < 4 * self.overlap <= self.window:
            raise ValueError("`overlap` must be above 0 and at most a quarter of `window`")
        _ = self._engine  # what it lacks is said before anything is read

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding per span, with its label and score."""
        texts = batch.turns.filter(pl.col("text").str.contains(_LETTERS)).select("text")
        texts = texts.unique(maintain_order=True).with_row_index("hit")
        pieces = marked_lines(texts) if self.lines == "marked" else wholes(texts)
        pieces = windowed(pieces, self.window, self.overlap)
        spans = self._detected(pieces["piece"].unique(maintain_order=True))
        placed = pieces.join(spans, on="piece").select(
            "hit",
            pl.col("start") + pl.col("offset"),
            pl.col("end") + pl.col("offset"),
            "kind",
            "score",
        )
        found = (
            batch.turns.join(texts, on="text")
            .select(*_WHERE, "hit")
            .join(_merged(placed), on="hit")
        )
        return found.drop("hit").sort(*_WHERE[:4], "start", "end", "kind", nulls_last=False)

    @cached_property
    def _engine(self) -> Engine:
        settings = Settings(
            path=self.path,
            labels=tuple(self.labels),
            threshold=self.threshold,
            batch_size=self.batch_size,
            language=self.language,
            threads=self.threads,
        )
        return engine(self.engine, settings)

    def _detected(self, texts: pl.Series) -> pl.DataFrame:
        """Return the spans of each text; texts of about one length are shown together."""
        ordered = sorted(texts.to_list(), key=lambda text: (len(text), text))
        rows = [
            (text, *span)
            for begin in range(0, len(ordered), self.batch_size)
            for text, found in self._shown(ordered[begin : begin + self.batch_size])
            for span in self._counted(text, found)
        ]
        return pl.DataFrame(rows, schema=_SPANS, orient="row").unique(maintain_order=True)

    def _shown(self, texts: Sequence[str]) -> list[tuple[str, Sequence[Span]]]:
        return list(zip(texts, self._engine.detect(texts), strict=True))

    def _counted(self, text: str, found: Sequence[Span]) -> list[tuple[int, int, str, float]]:
        """Return the spans that count, without space at their ends."""
        kept = []
        hidden = [match.span() for match in _PLACEHOLDER.finditer(text)] if found else []
        for start, end, label, score in found:
            if not 0 <= start <= end <= len(text):
                raise ValueError("the engine gave a span outside of the text")
            said = text[start:end]
            start += len(said) - len(said.lstrip())
            end -= len(said) - len(said.rstrip())
            certainty = round(float(score), _DIGITS)
            kind = self.labels.get(label) if self.labels else label
            is_hidden = any(start < last and first < end for first, last in hidden)
            if kind and start < end and certainty >= self.threshold and not is_hidden:
                kept.append((start, end, kind.lower(), certainty))
        return kept


def _merged(spans: pl.DataFrame) -> pl.DataFrame:
    """Return one span for those of a kind that overlap, as where two windows do."""
    of = ("hit", "kind")
    reach = pl.col("end").cum_max().shift().over(of)
    begins = (pl.col("start") >= reach).fill_null(True)
    return (
        spans.sort(*of, "start", "end")
        .with_columns(number=begins.cast(pl.Int64).cum_sum())
        .group_by(*of, "number", maintain_order=True)
        .agg(pl.col("start").min(), pl.col("end").max(), pl.col("score").max())
        .drop("number")
    )
