"""Typed placeholders: numbered within a conversation, or keyed tokens across a dataset.

`<EMAIL_2>` is the second address of its conversation. `<EMAIL_7f3a9c21bb04>` is the same address
in every conversation of every dataset with the same key. No placeholder that a conversation's own
text already has is given out in it. Numbers are what rounds and duplicates are judged with,
whatever is written.
"""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

import polars as pl

from tunegate.keys import mac
from tunegate.model import Batch
from tunegate.spans import Span, same_value

TOKEN_DIGITS = 12  # hexadecimal, 48 bits: of a million values two meet with a chance of 1 in 560
_NUMBERED = re.compile(r"<([A-Z][A-Z0-9_]*)_([0-9]{1,9})>")
_TOKEN = re.compile(r"<[A-Z][A-Z0-9_]*_[0-9a-f]{12}>")
_SPEAKERS = ("agent", "customer")

Row = object
Values = Iterable[tuple[Row, str, Span, str]]  # row, label, span, its text


def label_of(placeholder: str, kind: str | None) -> str:
    """Return the word of a placeholder, which keeps agents and customers apart.

    PERSON_NAME of kind `agent` is AGENT_NAME.
    """
    if kind not in _SPEAKERS:
        return placeholder
    rest = "NAME" if placeholder == "PERSON" else placeholder.removeprefix("PERSON_")
    return f"{kind.upper()}_{rest}"


@dataclass
class Placeholders:
    """The numbered placeholders of a batch, given out in the order in which values stand there."""

    _named: dict[tuple[Row, str, str], tuple[str, str]] = field(default_factory=dict)
    _count: dict[tuple[Row, str], int] = field(default_factory=dict)
    _seen: set[Row] = field(default_factory=set)

    def read(self, batch: Batch, rows: pl.Series) -> None:
        """Take note of what looks like a placeholder in the conversations of `rows`."""
        new = rows.filter(~rows.is_in(list(self._seen))) if self._seen else rows
        self._seen.update(new)
        written = batch.turns.filter(
            pl.col("row").is_in(new.implode()), pl.col("text").str.contains(_NUMBERED.pattern)
        ).select("row", "text")
        for row, text in written.iter_rows():
            for label, number in _NUMBERED.findall(text):
                self._count[row, label] = max(self._count.get((row, label), 0), int(number))

    def name(self, values: Values) -> list[tuple[str, str]]:
        """Return for each value its placeholder, and what stands for its owner.

        Equal values of a conversation are named alike, whatever their case and spacing, and so are
        all those of one entity, which is known by its fullest name.
        """
        told = [
            (row, label, span.entity, text, same_value(text)) for row, label, span, text in values
        ]
        fullest = _fullest(told)
        before = dict(self._named) if fullest else {}
        of_entity: dict[tuple[Row, str, int], tuple[str, str]] = {}
        names: list[tuple[str, str]] = []
        for row, label, entity, _, value in told:
            if entity is None:
                name = self._named.get((row, label, value)) or self._new(row, label, value)
            else:
                group = (row, label, entity)
                if group not in of_entity:
                    known = [
                        before[row, label, v] for v in fullest[group] if (row, label, v) in before
                    ]
                    of_entity[group] = (
                        known[0] if known else self._new(row, label, fullest[group][0])
                    )
                name = of_entity[group]
            self._named.setdefault((row, label, value), name)
            names.append(name)
        return names

    def _new(self, row: Row, label: str, who: str) -> tuple[str, str]:
        number = self._count.get((row, label), 0) + 1
        self._count[row, label] = number
        return f"<{label}_{number}>", who


def tokens_in(batch: Batch, rows: pl.Series) -> dict[Row, set[str]]:
    """Return row → what looks like a token in the conversations of `rows`."""
    written = batch.turns.filter(
        pl.col("row").is_in(rows.implode()), pl.col("text").str.contains(_TOKEN.pattern)
    ).select("row", "text")
    found: dict[Row, set[str]] = {}
    for row, text in written.iter_rows():
        found.setdefault(row, set()).update(_TOKEN.findall(text))
    return found


def token(secret: bytes, label: str, who: str, taken: Container[str]) -> str:
    """Return the placeholder of a value across the dataset; one that is taken goes to nobody."""
    made = (mac(secret, label, who, str(n)).hex()[:TOKEN_DIGITS] for n in count())
    return next(name for digits in made if (name := f"<{label}_{digits}>") not in taken)


def _fullest(
    told: Iterable[tuple[Row, str, int | None, str, str]],
) -> Mapping[tuple[Row, str, int], list[str]]:
    """Return (row, label, entity) → the values of that person, the fullest first."""
    values: dict[tuple[Row, str, int], set[tuple[int, str]]] = {}
    for row, label, entity, text, value in told:
        if entity is not None:
            values.setdefault((row, label, entity), set()).add((-len(text.split()), value))
    return {
        group: [value for _, value in sorted(each, key=lambda v: (v[0], -len(v[1]), v[1]))]
        for group, each in values.items()
    }
