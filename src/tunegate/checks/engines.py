"""Tell which triggers match in which texts: by hyperscan, or by what polars brings along.

Both answer the same: a trigger says `any` of one text, and neither says where.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tunegate.checks.triggers import HIGH

Name = Literal["portable", "hyperscan"]
Indices = NDArray[np.int64]

_GROUP = 8  # triggers in one expression: more make polars' automaton larger than its cache
_LARGE = 4 << 20  # bytes of input, from which compiling for hyperscan is soon earned back
_LONG = 1 << 15  # code points; a text of digits alone would report each of them for each trigger
_CHUNK = 8 << 20  # bytes of text that hyperscan reads in one go
_SEPARATOR = "\0"


class Hits(NamedTuple):
    """Pairs of a text and a trigger that matches in it, by place, sorted."""

    texts: Indices
    triggers: Indices


class Engine(Protocol):
    """Looks for triggers in texts."""

    def hits(self, texts: pl.Series) -> Hits:
        """Return which triggers match in which texts."""
        ...


def available() -> tuple[Name, ...]:
    """Return the engines that are installed, the fastest first."""
    return ("hyperscan", "portable") if find_spec("hyperscan") else ("portable",)


def choose(size: int) -> tuple[Name, Name]:
    """Return what scans a source of so many bytes, and what scans the written files.

    They are two where two are installed, so that a mistake of one does not pass twice.
    """
    both = available()
    fast, slow = both[0], both[-1]
    return (fast, slow) if size >= _LARGE else (slow, fast)


def engine(name: Name, triggers: Sequence[str], folder: Path | None = None) -> Engine:
    """Return an engine for these triggers; `folder` keeps what costs seconds to compile."""
    portable = Portable(tuple(triggers))
    return portable if name == "portable" else Hyperscan(tuple(triggers), portable, folder)


@dataclass(frozen=True)
class Portable:
    """Asks polars for some triggers at a time, then for each of those where one matched."""

    triggers: tuple[str, ...]

    def hits(self, texts: pl.Series) -> Hits:
        """Return which triggers match in which texts."""
        found: list[tuple[Indices, Indices]] = []
        everyone = pl.DataFrame({"at": np.arange(len(texts)), "text": texts})
        for first, together in self._groups:
            some = everyone.filter(pl.col("text").str.contains(together))
            if some.is_empty():
                continue
            members = self.triggers[first : first + _GROUP]
            matched = some.select(
                pl.col("text").str.contains(trigger).alias(str(place))
                for place, trigger in enumerate(members, start=first)
            )
            at = some["at"].to_numpy()
            for name in matched.columns:
                which = at[matched[name].to_numpy()]
                found.append((which, np.full(which.size, int(name), np.int64)))
        return _sorted(found)

    @cached_property
    def _groups(self) -> list[tuple[int, str]]:
        """The triggers in groups: the place of the first, and all of them as one expression."""
        starts = range(0, len(self.triggers), _GROUP)
        return [(first, "|".join(self.triggers[first : first + _GROUP])) for first in starts]


@dataclass(frozen=True)
class Hyperscan:
    """Asks hyperscan for all triggers at once, of many texts in one go."""

    triggers: tuple[str, ...]
    portable: Portable
    folder: Path | None = None
    _kept: list["_Compiled"] = field(default_factory=list, compare=False, repr=False)

    def hits(self, texts: pl.Series) -> Hits:
        """Return which triggers match in which texts."""
        long = (texts.str.len_bytes() > _LONG).fill_null(False).to_numpy()
        short = np.flatnonzero(~long)
        found = [*self._scanned(texts.gather(short), short)]
        if long.any():
            places = np.flatnonzero(long)
            some = self.portable.hits(texts.gather(places))
            found.append((places[some.texts], some.triggers))
        if refused := self._compiled.refused:
            some = Portable(tuple(self.triggers[number] for number in refused)).hits(texts)
            found.append((some.texts, np.array(refused)[some.triggers]))
        return _sorted(found)

    def _scanned(self, texts: pl.Series, places: Indices) -> list[tuple[Indices, Indices]]:
        sizes = texts.str.len_bytes().fill_null(0).to_numpy().astype(np.int64) + 1
        ends = np.cumsum(sizes)
        found: list[tuple[Indices, Indices]] = []
        first = 0
        while first < len(texts):
            start = ends[first - 1] if first else 0
            last = max(int(np.searchsorted(ends, start + _CHUNK, side="right")), first + 1)
            joined = texts[first:last].str.join(_SEPARATOR)[0].encode()
            matched: list[tuple[int, int]] = []
            self._scan(joined, matched.append)
            if matched:
                pairs = np.unique(np.array(matched, np.int64), axis=0)
                # A match ends within its text, or at the separator that follows.
                at = np.searchsorted(ends[first:last] - start, pairs[:, 1], side="left")
                found.append((places[first + at], pairs[:, 0]))
            first = last
        return found

    def _scan(self, joined: bytes, note: Callable[[tuple[int, int]], None]) -> None:
        def matched(trigger: int, _start: int, end: int, _flags: int, _context: object) -> None:
            note((trigger, end))

        self._compiled.database.scan(joined, match_event_handler=matched)

    @property
    def _compiled(self) -> "_Compiled":
        if not self._kept:
            self._kept.append(self._loaded())
        return self._kept[0]

    def _loaded(self) -> "_Compiled":
        import hyperscan

        expressions = [in_bytes(trigger) for trigger in self.triggers]
        kept = self._file(expressions)
        if kept is not None and kept.is_file():
            database = hyperscan.loadb(kept.read_bytes(), hyperscan.HS_MODE_BLOCK)
            database.scratch = hyperscan.Scratch(database)
            return _Compiled(database, ())
        numbers = list(range(len(expressions)))
        refused: tuple[int, ...] = ()
        try:
            database = _database(expressions, numbers)
        except hyperscan.CompilerError:
            # Too large for it: find out which, and leave those to the other engine.
            refused = tuple(number for number in numbers if not _is_taken(expressions[number]))
            numbers = [number for number in numbers if number not in refused]
            database = _database([expressions[number] for number in numbers], numbers)
        if kept is not None and not refused:
            aside = kept.with_suffix(f".{os.getpid()}.tmp")
            aside.write_bytes(hyperscan.dumpb(database))
            aside.replace(kept)
        return _Compiled(database, refused)

    def _file(self, expressions: Sequence[bytes]) -> Path | None:
        if self.folder is None:
            return None
        digest = blake2b(b"\0".join(expressions), digest_size=16, person=b"triggers").hexdigest()
        return self.folder / f"{digest}-{version('hyperscan')}.hs"

    def __getstate__(self) -> dict[str, Any]:
        """Leave the compiled database behind: it belongs to one process."""
        return {**self.__dict__, "_kept": []}


class _Compiled(NamedTuple):
    """A database for all triggers but those that hyperscan refuses, by place."""

    database: Any  # the library publishes no types
    refused: tuple[int, ...]


def _database(expressions: Sequence[bytes], numbers: Sequence[int]) -> Any:  # noqa: ANN401 - the same
    import hyperscan

    database = hyperscan.Database()
    flags = [0] * len(expressions)
    database.compile(
        expressions=list(expressions), ids=list(numbers), elements=len(numbers), flags=flags
    )
    return database


def _is_taken(expression: bytes) -> bool:
    import hyperscan

    try:
        _database([expression], [0])
    except hyperscan.CompilerError:
        return False
    return True


def in_bytes(trigger: str) -> bytes:
    """Return a trigger for an engine that reads UTF-8 byte by byte."""
    return trigger.replace(HIGH, r"\x80-\xff").encode()


def _sorted(found: Sequence[tuple[Indices, Indices]]) -> Hits:
    if not found:
        return Hits(np.empty(0, np.int64), np.empty(0, np.int64))
    texts = np.concatenate([pair[0] for pair in found])
    triggers = np.concatenate([pair[1] for pair in found])
    order = np.lexsort((triggers, texts))
    texts, triggers = texts[order], triggers[order]
    fresh = np.ones(texts.size, bool)
    fresh[1:] = (texts[1:] != texts[:-1]) | (triggers[1:] != triggers[:-1])
    return Hits(texts[fresh], triggers[fresh])
