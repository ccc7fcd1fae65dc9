"""Cut a batch into whole conversations, with what the scan needs of each text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tunegate.checks.names import cues
from tunegate.checks.names.entities import SIDES, Mention
from tunegate.checks.names.tokens import Flags, Ints
from tunegate.model import CONTENT

_AT_ONCE = 1 << 18  # code points: bounds the memory, and most arrays stay in the caches
_NAMED_PART = r"(?i)name|customer|requester|assignee|passenger|recipient|contact"


@dataclass(frozen=True)
class Part:
    """Some whole conversations as columns, one entry a text.

    place: of the first text among all. sizes: code points. content: whether a message says it.
    same: whether it stands in the same conversation and branch as the text before. named: whether
    it is the value of a field for a name. people: row -> who takes part.
    """

    place: int
    texts: Sequence[str]
    sizes: Ints
    rows: Ints
    roles: Sequence[str | None]
    content: Flags
    same: Flags
    named: Flags
    people: Mapping[int, Sequence[Mention]]


def parts(turns: pl.DataFrame, people: pl.DataFrame) -> Iterator[Part]:
    """Yield whole conversations, as many as make about `_AT_ONCE` code points."""
    if turns.is_empty():
        return
    looked = turns.select(
        "text",
        "row",
        "role",
        "part",
        size=pl.col("text").str.len_chars().cast(pl.Int64),
        content=pl.col("part").str.starts_with(CONTENT) & pl.col("turn").is_not_null(),
        same=(pl.col("row") == pl.col("row").shift(fill_value=-1))
        & pl.col("branch").eq_missing(pl.col("branch").shift()),
    )
    texts, roles = looked["text"].to_list(), looked["role"].to_list()
    sizes, rows = looked["size"].to_numpy(), looked["row"].to_numpy()
    content, same = looked["content"].to_numpy(), looked["same"].to_numpy()
    named = _named(looked["part"], content)
    known = _known(people)
    for begin, end in _stretches(rows, sizes):
        yield Part(
            begin,
            texts[begin:end],
            sizes[begin:end],
            rows[begin:end],
            roles[begin:end],
            content[begin:end],
            same[begin:end],
            named[begin:end],
            known,
        )


def _stretches(rows: Ints, sizes: Ints) -> Iterator[tuple[int, int]]:
    before = np.append(0, np.cumsum(sizes + 1))
    opens = np.flatnonzero(np.append(True, rows[1:] != rows[:-1]))
    begin = 0
    for end in np.append(opens[1:], len(rows)).tolist():
        if end == len(rows) or before[end] - before[begin] >= _AT_ONCE:
            yield begin, end
            begin = end


def _named(part: pl.Series, content: Flags) -> Flags:
    """Tell which texts are the values of fields that hold names, by their keys."""
    named = np.zeros(len(part), bool)
    if not content.all():
        beside = np.flatnonzero(~content)
        keys = part.gather(beside)
        named[beside] = keys.str.contains(_NAMED_PART).to_numpy()
        for place in np.flatnonzero(named):
            named[place] = cues.is_named_part(part[int(place)])
    return named


def _known(people: pl.DataFrame) -> dict[int, list[Mention]]:
    """Return for each conversation who takes part."""
    known: dict[int, list[Mention]] = {}
    ordered = people.select("row", "role", "value").drop_nulls("value").unique().sort(pl.all())
    for row, role, value in ordered.iter_rows():
        words = cues.words_of(value)
        if words:
            known.setdefault(row, []).append(Mention(words, SIDES.get(role)))
    return known
