"""Tell which triggers match in which texts: by hyperscan, or by what polars brings along.

Both answer the same: a trigger says `any` of one text, and neither says where.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tunegate.checks.needles import Held, held
from tunegate.checks.triggers import HIGH

Name = Literal["portable", "hyperscan"]
Indices = NDArray[np.int64]
Pairs = tuple[Indices, Indices]  # texts, and a trigger of each, by place

_MANY = 100  # texts with a literal of a trigger, from which the trigger is asked for
_LITERAL = 2  # characters, from which few texts hold a literal by chance
_DIGIT_STEPS = (2, 4, 6, 9, 12)
_LARGE = 4 << 20  # bytes of input, from which compiling for hyperscan is soon earned back
_WANDERS = re.compile(r"\[(?:\\.|[^\]\\]){60,}\](?:[*+]|\{[0-9]+,\})")  # any character, and as many
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


@lru_cache(maxsize=16)
def _portable(triggers: tuple[str, ...]) -> "Portable":
    """Return the one for these triggers, which takes a while to read them."""
    return Portable(triggers)


def choose(size: int) -> tuple[Name, Name]:
    """Return what scans a source of so many bytes, and what scans the written files.

    They are two where two are installed, so that a mistake of one does not pass twice.
    """
    both = available()
    fast, slow = both[0], both[-1]
    return (fast, slow) if size >= _LARGE else (slow, fast)


def engine(name: Name, triggers: Sequence[str], folder: Path | None = None) -> Engine:
    """Return an engine for these triggers; `folder` keeps what costs seconds to compile."""
    portable = _portable(tuple(triggers))
    return portable if name == "portable" else Hyperscan(tuple(triggers), portable, folder)


@dataclass(frozen=True)
class Portable:
    """Asks polars, in three ways, for what each trigger needs, and then for the trigger itself.

    Most triggers need a literal, and all literals are looked for at once; others need digits, and
    few texts have many; what needs neither is looked for in every text. Where there is a literal
    the trigger may yet not match: engines name texts in which it is worth looking.
    """

    triggers: tuple[str, ...]

    def hits(self, texts: pl.Series) -> Hits:
        """Return which triggers match in which texts."""
        everyone = _numbered(texts)
        others = self._matched(everyone, self._needs.nothing)
        return _sorted([*self._with_literals(everyone), *self._with_digits(everyone), *others])

    def with_digits(self, texts: pl.Series) -> list[Pairs]:
        """Return the same for those triggers alone that are no work for hyperscan."""
        everyone = _numbered(texts)
        return [*self._with_digits(everyone), *self._matched(everyone, self._wandering)]

    @cached_property
    def without_digits(self) -> list[int]:
        """The places of the other triggers."""
        digits = set(chain(*self._needs.digits.values(), self._wandering))
        return [number for number in range(len(self.triggers)) if number not in digits]

    @cached_property
    def _folded(self) -> list[tuple[str, str]]:
        """Each trigger with the column it is for: the text, or the text in small letters."""
        return [_small(trigger) for trigger in self.triggers]

    @cached_property
    def _wandering(self) -> list[int]:
        """Triggers that go on over a whole text, which hyperscan reports at each of its places."""
        return [n for n in self._needs.nothing if _WANDERS.search(self.triggers[n])]

    def _matched(self, some: pl.DataFrame, numbers: Sequence[int]) -> Iterator[Pairs]:
        if some.is_empty() or not numbers:
            return
        # Case by case folding makes an automaton slow: look for small letters in small letters.
        matched = some.with_columns(small=pl.col("text").str.to_lowercase()).select(
            pl.col(column).str.contains(trigger).alias(str(number))
            for number in numbers
            for column, trigger in (self._folded[number],)
        )
        at = some["at"].to_numpy()
        for number in numbers:
            which = at[matched[str(number)].to_numpy()]
            yield which, np.full(which.size, number, np.int64)

    def _with_literals(self, everyone: pl.DataFrame) -> Iterator[Pairs]:
        literals = self._needs.literals
        if not literals:
            return
        words = list(literals)
        small = pl.col("text").str.to_lowercase()
        some = everyone.filter(small.str.contains_any(words))
        wanted = pl.DataFrame(
            {"word": words, "trigger": list(literals.values())},
            schema={"word": pl.String, "trigger": pl.List(pl.Int64)},
        ).explode("trigger")
        holding = (
            some.select("at", word=small.str.extract_many(words, overlapping=True).list.unique())
            .explode("word")
            .join(wanted, on="word")
            .select("at", "trigger")
            .unique()
        )
        # Whether the trigger matches as well is asked where many texts hold its literals; of a few
        # it costs as much as looking for the pattern itself.
        many = holding.group_by("trigger").len().filter(pl.col("len") > _MANY)["trigger"]
        few = holding.filter(~pl.col("trigger").is_in(many.implode()))
        yield few["at"].to_numpy(), few["trigger"].to_numpy()
        for trigger in many.to_list():
            places = holding.filter(pl.col("trigger") == trigger).select("at")
            yield from self._matched(some.join(places, on="at", how="semi"), [trigger])

    def _with_digits(self, everyone: pl.DataFrame) -> Iterator[Pairs]:
        some = everyone
        for count, numbers in self._needs.digits.items():
            some = some.filter(pl.col("text").str.contains(f"[0-9](?:[^0-9]*[0-9]){{{count - 1}}}"))
            yield from self._matched(some, numbers)

    @cached_property
    def _needs(self) -> "_Needs":
        literals: dict[str, list[int]] = {}
        digits: dict[int, list[int]] = {count: [] for count in _DIGIT_STEPS}
        nothing: list[int] = []
        for number, trigger in enumerate(self.triggers):
            needed = held(trigger)
            step = max((count for count in _DIGIT_STEPS if count <= needed.digits), default=0)
            if needed.literals and (needed.shortest >= _LITERAL or (_telling(needed) and not step)):
                for literal in needed.literals:
                    literals.setdefault(literal, []).append(number)
            elif step:
                digits[step].append(number)
            else:
                nothing.append(number)
        return _Needs(literals, digits, tuple(nothing))


class _Needs(NamedTuple):
    """Which triggers need what, by place: a literal, so many digits, or nothing in particular."""

    literals: dict[str, list[int]]
    digits: dict[int, list[int]]
    nothing: tuple[int, ...]


def _small(trigger: str) -> tuple[str, str]:
    """Return which column a trigger is for, and the trigger for it, which may match more often."""
    if "(?i:" not in trigger:
        return "text", trigger
    return "small", trigger.replace("(?i:", "(?:").lower().replace(HIGH.lower(), HIGH)


def _telling(needed: Held) -> bool:
    """Tell whether short literals are rare in what people write, as an @ is."""
    return not any(sign.isalnum() or sign in " .,-'" for sign in chain(*needed.literals or ()))


@dataclass(frozen=True)
class Hyperscan:
    """Asks hyperscan for all triggers at once, of many texts in one go.

    But for those that are made of digits: a hundred of them take it ten seconds to compile, and
    every number is reported for each; polars needs them for a few texts only.
    """

    triggers: tuple[str, ...]
    portable: Portable
    folder: Path | None = None
    _kept: list["_Compiled"] = field(default_factory=list, compare=False, repr=False)

    def hits(self, texts: pl.Series) -> Hits:
        """Return which triggers match in which texts."""
        long = (texts.str.len_bytes() > _LONG).fill_null(False).to_numpy()
        short = np.flatnonzero(~long)
        if not long.any():
            found = [*self.portable.with_digits(texts), *self._scanned(texts, short)]
        else:
            rest = texts.gather(short)
            found = [(short[at], numbers) for at, numbers in self.portable.with_digits(rest)]
            found += self._scanned(rest, short)
        if long.any():
            places = np.flatnonzero(long)
            some = self.portable.hits(texts.gather(places))
            found.append((places[some.texts], some.triggers))
        if self.portable.without_digits and (refused := self._compiled.refused):
            some = Portable(tuple(self.triggers[number] for number in refused)).hits(texts)
            found.append((some.texts, np.array(refused)[some.triggers]))
        return _sorted(found)

    def _scanned(self, texts: pl.Series, places: Indices) -> list[Pairs]:
        if not self.portable.without_digits:
            return []
        sizes = texts.str.len_bytes().fill_null(0).to_numpy().astype(np.int64) + 1
        ends = np.cumsum(sizes)
        found: list[Pairs] = []
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
            self._kept.append(_remembered(self))
        return self._kept[0]

    def loaded(self) -> "_Compiled":
        """Compile the triggers, or read what was compiled before."""
        import hyperscan

        numbers = self.portable.without_digits
        expressions = {number: in_bytes(self.triggers[number]) for number in numbers}
        kept = self._file(list(expressions.values()))
        if kept is not None and kept.is_file():
            database = hyperscan.loadb(kept.read_bytes(), hyperscan.HS_MODE_BLOCK)
            database.scratch = hyperscan.Scratch(database)
            return _Compiled(database, ())
        refused: tuple[int, ...] = ()
        try:
            database = _database(expressions)
        except hyperscan.CompilerError:
            # Too large for it: find out which, and leave those to the other engine.
            refused = tuple(n for n in numbers if not _is_taken(expressions[n]))
            database = _database({n: e for n, e in expressions.items() if n not in refused})
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


_REMEMBERED: dict[tuple[str, ...], "_Compiled"] = {}  # of this process, for its next audit
_MOST_REMEMBERED = 8


def _remembered(scan: Hyperscan) -> "_Compiled":
    if scan.triggers not in _REMEMBERED:
        if len(_REMEMBERED) == _MOST_REMEMBERED:
            _REMEMBERED.pop(next(iter(_REMEMBERED)))
        _REMEMBERED[scan.triggers] = scan.loaded()
    return _REMEMBERED[scan.triggers]


class _Compiled(NamedTuple):
    """A database for all triggers but those that hyperscan refuses, by place."""

    database: Any  # the library publishes no types
    refused: tuple[int, ...]


def _database(expressions: Mapping[int, bytes]) -> Any:  # noqa: ANN401 - the same
    import hyperscan

    database = hyperscan.Database()
    database.compile(
        expressions=list(expressions.values()),
        ids=list(expressions),
        elements=len(expressions),
        flags=[0] * len(expressions),
    )
    return database


def _is_taken(expression: bytes) -> bool:
    import hyperscan

    try:
        _database({0: expression})
    except hyperscan.CompilerError:
        return False
    return True


def in_bytes(trigger: str) -> bytes:
    """Return a trigger for an engine that reads UTF-8 byte by byte."""
    return trigger.replace(HIGH, r"\x80-\xff").encode()


def _numbered(texts: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"at": np.arange(len(texts)), "text": texts})


def _sorted(found: Sequence[Pairs]) -> Hits:
    if not found:
        return Hits(np.empty(0, np.int64), np.empty(0, np.int64))
    texts = np.concatenate([pair[0] for pair in found])
    triggers = np.concatenate([pair[1] for pair in found])
    order = np.lexsort((triggers, texts))
    texts, triggers = texts[order], triggers[order]
    fresh = np.ones(texts.size, bool)
    fresh[1:] = (texts[1:] != texts[:-1]) | (triggers[1:] != triggers[:-1])
    return Hits(texts[fresh], triggers[fresh])
