"""Bring what a reader collected into the frames of `tunegate.model`."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate, chain, repeat
from typing import Any, NamedTuple

import polars as pl

from tunegate.model import (
    CONTENT,
    CONVERSATIONS,
    OFFSET_BITS,
    PEOPLE,
    SEGMENTS,
    TURNS,
    UNREADABLE,
    Batch,
    Schema,
    empty,
)

KEY_BYTES = 16  # no two of a billion conversations share a digest by chance

_FILE = 1 << OFFSET_BITS
_PLACE = {"file": pl.col("row") // _FILE, "offset": pl.col("row") % _FILE}


def place(row: int) -> tuple[int, int]:
    """Return the input's index and the byte offset that a row number is made of."""
    return divmod(row, _FILE)


def row_of(file: int, offset: int) -> int:
    """Return the row number of a record at `offset` of the input with index `file`."""
    return file << OFFSET_BITS | offset


class Head(NamedTuple):
    """A conversation without its texts, as in `CONVERSATIONS` but for the key.

    created_at: microseconds since 1970.
    """

    row: int
    id: str | None = None
    group: str | None = None
    created_at: int | None = None
    subject: str | None = None
    tags: Sequence[str] = ()
    skeleton: str | None = None


class Collected:
    """The columns of a batch while it is read."""

    def __init__(self) -> None:
        self._heads: list[Head] = []
        self._keys: list[str] = []
        self._row: list[int] = []
        self._turn: list[int | None] = []
        self._part: list[str] = []
        self._role: list[str | None] = []
        self._author: list[str | None] = []
        self._branch: list[str | None] = []  # perhaps shorter: the rest are of no branch
        self._text: list[str] = []

    def __len__(self) -> int:
        return len(self._heads)

    def add(
        self,
        head: Head,
        turns: Sequence[int | None],
        parts: Sequence[str],
        roles: Sequence[str | None],
        texts: Sequence[str],
        authors: Sequence[str | None] | None = None,
        branches: Sequence[str | None] | None = None,
    ) -> None:
        """Add a conversation; its text leaves are given by columns.

        authors: all conversations have them, or none has. branches: of a preference record.
        """
        self._heads.append(head)
        self._keys.append(_key(head, parts, roles, texts))
        if branches is not None:
            self._branch += [None] * (len(self._row) - len(self._branch)) + list(branches)
        self._row += [head.row] * len(texts)
        self._turn += turns
        self._part += parts
        self._role += roles
        self._text += texts
        if authors is not None:
            self._author += authors

    def add_plain(
        self,
        rows: Sequence[int],
        counts: Sequence[int],
        roles: Sequence[str],
        texts: Sequence[str],
    ) -> None:
        """Add conversations of nothing but roles and texts, `counts` of them each."""
        heads = [*map(Head, rows)]
        self._heads += heads
        ends = [*accumulate(counts)]
        for head, end, count in zip(heads, ends, counts, strict=True):
            own = slice(end - count, end)
            self._keys.append(_key(head, [CONTENT] * count, roles[own], texts[own]))
        self._row += chain.from_iterable(map(repeat, rows, counts))
        self._turn += chain.from_iterable(map(range, counts))
        self._part += [CONTENT] * len(texts)
        self._role += roles
        self._text += texts

    def batch(self, segments: pl.DataFrame, people: pl.DataFrame | None = None) -> Batch:
        """Return the frames."""
        columns = zip(*self._heads, strict=True) if self._heads else ((),) * len(Head._fields)
        heads: dict[str, Sequence[Any]] = dict(zip(Head._fields, columns, strict=True))
        turns: dict[str, Sequence[Any]] = {
            "row": self._row,
            "turn": self._turn,
            "part": self._part,
            "role": self._role,
            "text": self._text,
        }
        if self._author:
            turns["author"] = self._author
        if self._branch:
            turns["branch"] = self._branch + [None] * (len(self._row) - len(self._branch))
        conversations = filled({**heads, "key": self._keys}, CONVERSATIONS)
        texts = filled(turns, TURNS)
        if not conversations["row"].is_sorted():
            # One record may hold several conversations, such as the paths through a tree.
            conversations = conversations.sort("row", maintain_order=True)
            texts = texts.sort("row", maintain_order=True)
        known = empty(PEOPLE) if people is None else people
        return Batch(conversations, texts, segments, people=known)


def _key(
    head: Head, parts: Sequence[str], roles: Sequence[str | None], texts: Sequence[str]
) -> str:
    """Return what names a conversation in every run: a digest of its id and all it says."""
    # No text holds a NUL, since no reader lets one in, so that nothing else can come out the same.
    spoken = (role or "" for role in roles)
    said = "\0".join((head.id or "", head.skeleton or "", *spoken, *parts, *texts))
    return blake2b(said.encode(), digest_size=KEY_BYTES).hexdigest()


def filled(columns: Mapping[str, Sequence[Any]], schema: Schema) -> pl.DataFrame:
    """Return a frame of `schema` from some of its columns; the others are null, lists empty.

    Times are microseconds since 1970.
    """
    height = len(next(iter(columns.values())))
    return pl.DataFrame([_series(name, kind, columns, height) for name, kind in schema.items()])


def _series(
    name: str, kind: pl.DataType, columns: Mapping[str, Sequence[Any]], height: int
) -> pl.Series:
    if name not in columns or (isinstance(kind, pl.List) and not any(columns[name])):
        nothing: list[str] | None = [] if isinstance(kind, pl.List) else None
        return pl.Series(name, [nothing], dtype=kind).new_from_index(0, height)
    if isinstance(kind, pl.Datetime):
        return pl.Series(name, columns[name], dtype=pl.Int64).cast(kind)
    return pl.Series(name, columns[name], dtype=kind)


def segments_of(fragments: pl.DataFrame) -> pl.DataFrame:
    """Return a segment for each record: the whole of it became the conversation."""
    return _laid_out(fragments.with_columns(**_PLACE), SEGMENTS)


def unreadable_of(fragments: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each record that became nothing for its `reason`."""
    return _laid_out(fragments.with_columns(**_PLACE).drop("row"), UNREADABLE)


def _laid_out(found: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    return found.select(
        (pl.col(name) if name in found.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in schema.items()
    )
