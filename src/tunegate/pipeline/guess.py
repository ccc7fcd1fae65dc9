"""Guess what the columns of a table hold from what stands in them, and who of many is staff."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import polars as pl

from tunegate.pipeline.free_mail import is_free_mail
from tunegate.readers.layout import words_of_roles
from tunegate.readers.times import cell_moment, may_be_two, moment
from tunegate.readers.visibility import fold, kind_of

Columns = Mapping[str, Sequence[str]]  # name → values of some rows

_FEW = 12  # different words that a role column may have
_MOSTLY = 0.8
_OFTEN = 0.3  # of the conversations: somebody who writes in so many works there
_MAINLY = 0.5  # of somebody's conversations: who opens more than that many is a customer
_ENOUGH = 3  # conversations before anything is said about who writes often
_ALTERNATING = 0.5  # of neighbouring rows in a conversation, which have different speakers
_SHORT = 30  # characters of a word, on average
_NAMES = (
    *("ticket", "case", "conversation", "thread", "chat", "session", "request", "incident"),
    *("vorgang", "fall", "anfrage", "gespräch", "konversation", "dossier", "demande", "caso"),
    *("conversa", "pratica", "zaak", "gesprek"),
)
_TIMES = ("date", "time", "created", "sent", "_at", "zeit", "datum", "fecha", "data", "heure")


class Guess(NamedTuple):
    """What was guessed, and why."""

    ours: str
    theirs: str
    why: str


def columns(table: Columns) -> list[Guess]:
    """Return which column is which, as far as their values tell; declared ones are not needed.

    table: all columns have the same rows.
    """
    values = {name: [v for v in held if v.strip()] for name, held in table.items()}
    hiding = {name for name in values if kind_of(name) not in (None, "words")}
    values = {name: held for name, held in values.items() if held and name not in hiding}
    found = [*_role(values), *_time(values)]
    rest = [name for name in values if name not in {guess.theirs for guess in found}]
    texts = sorted(rest, key=lambda name: -_mean(values[name]))
    short = {name: values[name] for name in rest if name != texts[0]}
    talks = _conversation(short)
    if talks and not any(guess.ours == "role" for guess in found):
        found += _alternating(table, short, talks[0].theirs)
    few = any(_is_few(held) for held in short.values())
    if texts and (few or any(guess.ours == "role" for guess in found)):
        found.append(Guess("body", texts[0], _longest(values[texts[0]])))
        found += talks
    elif len(texts) > 1:
        order = sorted(texts[:2], key=list(table).index)
        for ours, name in zip(("prompt", "completion"), order, strict=True):
            found.append(Guess(ours, name, f"no column holds roles; {_longest(values[name])}"))
    return found


def staff(turns: pl.DataFrame) -> tuple[list[Guess], list[tuple[str, int]]]:
    """Return who seems to be staff, and how many conversations each author writes in.

    turns: `row, author`, in the order in which they were said. A domain stands for all of its
    addresses.
    """
    written = turns.drop_nulls("author").with_columns(
        who=pl.when(pl.col("author").str.contains("@", literal=True))
        .then(pl.col("author").str.to_lowercase().str.split("@").list.last())
        .otherwise("author")
    )
    conversations = written["row"].n_unique()
    opened = (
        written.unique("row", keep="first", maintain_order=True)
        .group_by("who")
        .agg(pl.col("row").n_unique().alias("opened"))
    )
    counted = (
        written.group_by("who")
        .agg(pl.col("row").n_unique())
        .join(opened, on="who", how="left")
        .with_columns(pl.col("opened").fill_null(0))
        .sort("row", "who", descending=[True, False])
    )
    most = max(_ENOUGH, _OFTEN * conversations)
    guesses = [
        Guess("agents", who, f"writes in {count} of {conversations} conversations seen")
        for who, count, begun in counted.iter_rows()
        if count >= most and begun <= _MAINLY * count and not is_free_mail(who)
    ]
    return guesses, list(counted.select("who", "row").iter_rows())


def _role(values: Columns) -> list[Guess]:
    known = words_of_roles()
    ranked: list[tuple[float, Guess]] = []
    for name, held in values.items():
        words = {fold(word) for word in held}
        told = sum(word in known for word in words)
        if told and len(words) <= _FEW and 2 * told >= len(words):
            guess = Guess("role", name, f"{told} of its {len(words)} words are roles")
            ranked.append((told / len(words), guess))
    return [max(ranked, key=lambda one: one[0])[1]] if ranked else []


def _alternating(table: Columns, values: Columns, talk: str) -> list[Guess]:
    """Return the column of few words that change within the conversations, as speakers do."""
    ranked: list[tuple[int, float, Guess]] = []
    for name, held in values.items():
        if name == talk or not _is_few(held):
            continue
        said: dict[str, list[str]] = {}
        for one, word in zip(table[talk], table[name], strict=True):
            said.setdefault(one, []).append(word)
        pairs = [pair for words in said.values() for pair in pairwise(words)]
        changed = sum(one != other for one, other in pairs) / max(1, len(pairs))
        if changed >= _ALTERNATING:
            words = len(set(held))
            why = f"its {words} words change from row to row of a conversation"
            ranked.append((words, -changed, Guess("role", name, why)))
    return [min(ranked)[2]] if ranked else []


def _is_few(held: Sequence[str]) -> bool:
    """Tell whether a column repeats few short values."""
    words = len(set(held))
    return 2 <= words <= _FEW and len(held) >= 2 * words and _mean(held) <= _SHORT


def _time(values: Columns) -> list[Guess]:
    for name, held in values.items():
        # Numbers count things more often than seconds, so the name has to say so.
        named = any(part in fold(name) for part in _TIMES)
        read = cell_moment if named else moment
        told = sum(read(value) is not None or may_be_two(value) for value in held)
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
