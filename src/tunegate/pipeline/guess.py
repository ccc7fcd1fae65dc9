"""Guess what the columns of a table hold from what stands in them, and who of many is staff."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from tunegate.readers.layout import words_of_roles
from tunegate.readers.times import moment
from tunegate.readers.visibility import fold

Columns = Mapping[str, Sequence[str]]  # name → values of some rows

_FEW = 12  # different words that a role column may have
_MOSTLY = 0.8
_OFTEN = 0.3  # of the conversations: somebody who writes in so many works there
_ENOUGH = 3  # conversations before anything is said about who writes often
_NAMES = ("ticket", "case", "conversation", "thread", "chat", "session", "request", "incident")


class Guess(NamedTuple):
    """What was guessed, and why."""

    ours: str
    theirs: str
    why: str


def columns(table: Columns) -> list[Guess]:
    """Return which column is which, as far as their values tell; declared ones are not needed."""
    values = {name: [v for v in held if v.strip()] for name, held in table.items()}
    values = {name: held for name, held in values.items() if held}
    found = [*_role(values), *_time(values)]
    rest = [name for name in values if name not in {guess.theirs for guess in found}]
    texts = sorted(rest, key=lambda name: -_mean(values[name]))
    if any(guess.ours == "role" for guess in found):
        if texts:
            found.append(Guess("body", texts[0], _longest(values[texts[0]])))
        found += _conversation({name: values[name] for name in texts[1:]})
    elif len(texts) > 1:
        order = sorted(texts[:2], key=list(table).index)
        for ours, name in zip(("prompt", "completion"), order, strict=True):
            found.append(Guess(ours, name, f"no column holds roles; {_longest(values[name])}"))
    return found


def staff(turns: pl.DataFrame) -> tuple[list[Guess], list[tuple[str, int]]]:
    """Return who seems to be staff, and how many conversations each author writes in.

    turns: `row, author`. A domain stands for all of its addresses.
    """
    written = turns.drop_nulls("author").unique(["row", "author"])
    conversations = written["row"].n_unique()
    named = written.with_columns(
        who=pl.when(pl.col("author").str.contains("@", literal=True))
        .then(pl.col("author").str.split("@").list.last())
        .otherwise("author")
    )
    counted = (
        named.group_by("who")
        .agg(pl.col("row").n_unique(), pl.col("author").n_unique())
        .sort("row", "who", descending=[True, False])
    )
    most = max(_ENOUGH, _OFTEN * conversations)
    guesses = [
        Guess("agents", who, f"writes in {count} of {conversations} conversations seen")
        # Customers of one mail provider are many, and each of them writes in few conversations.
        for who, count, authors in counted.iter_rows()
        if count >= most and count >= 2 * authors
    ]
    return guesses, list(counted.select("who", "row").iter_rows())


def _role(values: Columns) -> list[Guess]:
    known = words_of_roles()
    best: Guess | None = None
    for name, held in values.items():
        words = {fold(word) for word in held}
        told = [word for word in words if word in known]
        if told and len(words) <= _FEW and 2 * len(told) >= len(words) and best is None:
            best = Guess("role", name, f"{len(told)} of its {len(words)} words are roles")
    return [best] if best else []


def _time(values: Columns) -> list[Guess]:
    for name, held in values.items():
        told = sum(moment(value) is not None for value in held)
        # Numbers count things more often than seconds, so the name has to say so.
        named = any(part in fold(name) for part in ("date", "time", "created", "sent", "_at"))
        if told >= _MOSTLY * len(held) and (named or not held[0].strip().isdecimal()):
            return [Guess("created_at", name, f"{told} of {len(held)} values are times")]
    return []


def _conversation(values: Columns) -> list[Guess]:
    for name, held in values.items():
        folded = fold(name)
        if any(part in folded for part in _NAMES) and len(set(held)) < len(held):
            return [Guess("conversation", name, "its name says so, and its values repeat")]
    repeating = {
        name: len(held) / len(set(held))
        for name, held in values.items()
        if 1 < len(set(held)) < len(held) and _mean(held) < 40
    }
    if repeating:
        name = min(repeating, key=lambda name: repeating[name])
        return [Guess("conversation", name, f"{repeating[name]:.1f} rows share a value")]
    return []


def _mean(held: Sequence[str]) -> float:
    return sum(map(len, held)) / len(held)


def _longest(held: Sequence[str]) -> str:
    return f"its texts are long, {_mean(held):.0f} characters each"
