"""Collect who takes part in each conversation, on which side, and what they are called."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from tunegate.model import PEOPLE, frame
from tunegate.readers.directory import Directory
from tunegate.readers.mentions import EMAIL, Detail, Mention, guessed, mentions
from tunegate.readers.people import ASSISTANT, BOT, STAFF, USER, People

_SIDES = (USER, ASSISTANT)

Authors = Mapping[str, str | None]


class Participants:
    """The people of a batch while it is read.

    People who are known by an id alone are looked up at the end, all at once.
    """

    def __init__(self, people: People, directory: Directory) -> None:
        self._people = people
        self._directory = directory
        self._rows: list[tuple[Any, ...]] = []
        self._looked_up: list[tuple[int, str | None, str]] = []

    def add(self, row: int, authors: Authors, named: Iterable[Mention]) -> None:
        """Note who takes part in a conversation.

        authors: who wrote its messages, and in which role; None: it was left out. named: whom its
        records name.
        """
        told: list[tuple[str | None, tuple[str, ...], tuple[Detail, ...]]] = []
        for author, role in authors.items():
            told.append((self._side((author,), authors, role), (author,), tuple(guessed(author))))
        for ids, details, hint in named:
            keys = (*ids, *(value for kind, value in details if kind == EMAIL))
            told.append((self._side((*keys, *_values(details)), authors, hint), keys, details))
        # The same person may stand somewhere else without saying on which side they are.
        sides = {key: side for side, keys, _ in told if side in _SIDES for key in keys}
        machines = {key for side, keys, _ in told if side == BOT for key in keys}
        for side, keys, details in told:
            if not machines.isdisjoint(keys):
                continue
            side = side or next((sides[key] for key in keys if key in sides), None)
            self._rows += ((row, side, kind, value) for kind, value in details)
            self._looked_up += ((row, side, key) for key in keys)
            if side == ASSISTANT:
                self._looked_up += ((row, side, f"{STAFF}{key}") for key in keys)

    def frame(self) -> pl.DataFrame:
        """Return a row for each thing that somebody is called, once."""
        keys = list(dict.fromkeys(key for *_, key in self._looked_up))
        found = self._directory.find(keys)
        for row, side, key in self._looked_up:
            self._rows += ((row, side, kind, value) for kind, value in found.get(key, ()))
        rows = frame(list(dict.fromkeys(self._rows)), PEOPLE)
        if rows.is_empty():
            return rows
        # One whose side is known in one place is not also somebody whose side is not.
        known = rows.filter(pl.col("role").is_not_null()).select("row", "kind", "value").unique()
        unsure = rows.filter(pl.col("role").is_null())
        unsure = unsure.join(known, on=["row", "kind", "value"], how="anti")
        sure = rows.filter(pl.col("role").is_not_null())
        return pl.concat([sure, unsure]).sort(list(PEOPLE), nulls_last=True)

    def _side(self, names: Sequence[str], authors: Authors, otherwise: str | None) -> str | None:
        for name in names:
            if authors.get(name):
                return authors[name]
        return self._people.role(*names) or otherwise


def named_in(records: Iterable[Mapping[str, Any]]) -> list[Mention]:
    """Return all whom some records name, each once."""
    return list(dict.fromkeys(one for record in records for one in mentions(record)))


def of_these(named: Sequence[Mention], authors: Authors) -> list[Mention]:
    """Return those who wrote; for a conversation that is a part of what its records hold."""
    return [
        one for one in named if any(key in authors for key in (*one.ids, *_values(one.details)))
    ]


def _values(details: Sequence[Detail]) -> list[str]:
    return [value for _, value in details]
