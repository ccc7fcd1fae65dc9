"""Find records in JSON documents without holding them: elements of arrays, or whole documents.

A file is one array, or one or more objects after each other, on one line each or on many. Only
brackets, commas and quotes are looked at; whether an element is JSON is found out when it is
parsed. So a fault inside an element costs that element, and a fault between elements the rest.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import polars as pl

from tunegate.model import FRAGMENTS, UNREADABLE, Source, Split, empty, frame
from tunegate.readers.inputs.sources import BOM, Damaged, blocks
from tunegate.readers.json import record as records
from tunegate.readers.json.lines import FRAME_BYTES, SPLIT_BYTES, Cut
from tunegate.readers.json.structure import CLOSE, OPEN, Structure
from tunegate.readers.shape import filled, row_of

Span = tuple[int, int]  # offset, length
Path = tuple[str, ...]  # keys from a value of the file to an array in it; (): the value itself

VALUES: Path = ()
ENDS_EARLY = "the document ends early"
NOT_JSON = "not JSON from here on"

_PAIRS = {b"[": b"]", b"{": b"}"}

_SPACE = re.compile(rb"[ \t\r\n]*+")
_KEY = re.compile(rb'\s*+("(?:[^"\\]++|\\.)*+")\s*+:\s*+', re.DOTALL)
_MAX_KEY = 4096  # bytes; a longer one is none that we look for
_MAX_BESIDE = 1 << 20  # bytes of a document around its arrays


@dataclass
class Scan:
    """What a file is made of.

    spans: of the records, by the path of their array. beside: the first document without the
    elements of these arrays; empty if it has none or is large. documents: how many there are.
    rest: where the file stops being readable, with `fault`. early: it just ends there.
    """

    spans: dict[Path, list[Span]] = field(default_factory=dict)
    beside: dict[str, Any] = field(default_factory=dict)
    documents: int = 0
    total: int = 0
    rest: int = 0
    fault: str | None = None
    early: bool = False


class _Scanner:
    """Follows the documents of a file, one after the other."""

    def __init__(self, paths: frozenset[Path]) -> None:
        self.found = Scan()
        self._paths = paths
        self._deepest = 1 + max((len(path) for path in paths), default=0)
        self._structure = Structure()
        self._offset = 0  # of the block
        self._base: int | None = None  # depth at which values open; None: nothing has begun
        self._open: list[tuple[bytes, str | None]] = []  # brackets around us, and their keys
        self._spans: list[Span] | None = None  # of the array we are in, if it counts
        self._inside = 0  # depth of that array's elements
        self._first = True  # no element of that array has ended
        self._begin: int | None = None  # of the element; None: nothing of it seen
        self._member: bytes | None = None  # of an object, up to its value; None: past that
        self._beside: list[bytes] | None = []  # pieces of the first document; None: it is done
        self._held = 0

    @property
    def failed(self) -> bool:
        """Whether the rest cannot be understood."""
        return self.found.fault is not None

    def feed(self, block: bytes) -> None:
        """Look at the next block."""
        if self._base is None and not self._starts(block):
            self._offset += len(block)
            return
        self._follow(block)
        self._offset += len(block)

    def close(self) -> Scan:
        """Return what was found, now that the file has ended."""
        if self._open and not self.failed:
            self.found.early, self.found.fault = True, ENDS_EARLY
        return self.found

    def _starts(self, block: bytes) -> bool:
        at = _blank_to(block, len(BOM) if block.startswith(BOM) else 0)
        opening = block[at : at + 1]
        if opening in _PAIRS:
            self._base = int(opening == b"[")
            self._deepest += self._base if VALUES not in self._paths else 0
            return True
        if opening:
            self._fail(self._offset + at)
        return False

    def _follow(self, block: bytes) -> None:
        cursor = 0  # up to where the block is understood
        if self._offset == 0 and block.startswith(BOM):
            cursor = len(BOM)
        for place, kind, depth in self._structure.marks(block, self._deepest):
            if self.failed:
                return
            if self._spans is not None:
                if depth + (kind == CLOSE) != self._inside or kind == OPEN:
                    continue
                self._end_element(block, cursor, place, closes=kind == CLOSE)
            else:
                self._keep(block[cursor : place + 1])
                if kind == OPEN:
                    self._enter(block, cursor, place, depth)
                elif kind == CLOSE:
                    self._leave(block, place)
                else:  # a comma
                    self._pass_comma(place)
            cursor = place + 1
        if self.failed:
            return
        if self._spans is not None and self._begin is None:
            self._begin = self._first_seen(block, cursor, len(block))
        elif self._spans is None:
            self._keep(block[cursor:])
            if self._member is not None and len(self._member) < _MAX_KEY:
                self._member += block[cursor : cursor + _MAX_KEY]
            if not self._open:
                self._expect_blank(block, cursor)

    def _keep(self, piece: bytes) -> None:
        if self._beside is not None and self._held <= _MAX_BESIDE:
            self._beside.append(piece)
            self._held += len(piece)

    def _enter(self, block: bytes, cursor: int, place: int, depth: int) -> None:
        bracket = block[place : place + 1]
        key = None
        if not self._open:
            array_of_pages = bracket == b"[" and not self._base and VALUES not in self._paths
            if not self._expect_blank(block[:place], cursor) or array_of_pages:
                self._fail(self._offset + place)
                return
        elif self._member is not None:
            match = _KEY.fullmatch(self._member + block[cursor:place])
            key = _decoded(match[1]) if match else None
        self._open.append((bracket, key))
        self._member = b"" if bracket == b"{" else None
        path = self._path()
        if path is None or path not in self._paths:
            return
        if bracket == b"[":
            self._spans = self.found.spans.setdefault(path, [])
            self._inside = depth
            self._first, self._begin = True, None
            self.found.rest = self._offset + place + 1
        elif path == VALUES:
            self._begin = self._offset + place

    def _path(self) -> Path | None:
        """Return the keys from the value we are in; None where an array lies between."""
        below = self._open[1 + (self._base or 0) :]
        if len(self._open) == 1:
            return VALUES
        if any(bracket == b"[" for bracket, _ in self._open[(self._base or 0) : -1]):
            return None
        keys = tuple(key for _, key in below)
        return tuple(key for key in keys if key is not None) if None not in keys else None

    def _leave(self, block: bytes, place: int) -> None:
        if not self._open or _PAIRS[self._open[-1][0]] != block[place : place + 1]:
            self._fail(self._offset + place)
            return
        self._open.pop()
        # After a value comes a comma; a key in front of the next bracket belongs to that.
        self._member = None
        if not self._open:
            self._end_document(self._offset + place + 1)

    def _end_document(self, end: int) -> None:
        if VALUES in self._paths and self._begin is not None:
            self.found.spans.setdefault(VALUES, []).append((self._begin, end - self._begin))
            self._begin = None
        self.found.rest = end
        self.found.documents += 1
        if self._beside is not None:
            self.found.beside = _object(b"".join(self._beside))
            self._beside = None

    def _pass_comma(self, place: int) -> None:
        if not self._open:
            self._fail(self._offset + place)
        elif self._open[-1][0] == b"{":
            self._member = b""

    def _end_element(self, block: bytes, cursor: int, place: int, *, closes: bool) -> None:
        spans = self._spans
        assert spans is not None
        begin = self._begin
        if begin is None:
            begin = self._first_seen(block, cursor, place)
        is_empty_array = closes and self._first and begin is None
        mismatched = closes and block[place : place + 1] != b"]"
        if mismatched or (begin is None and not is_empty_array):
            self._fail(self.found.rest)
            return
        end = self._offset + place
        if begin is not None:
            spans.append((begin, end - begin))
        self.found.rest = end + 1
        self._first, self._begin = False, None
        if closes:
            self._spans = None
            self._keep(b"]")
            self._leave(block, place)

    def _first_seen(self, block: bytes, start: int, end: int) -> int | None:
        at = _blank_to(block, start)
        return self._offset + at if at < end else None

    def _expect_blank(self, block: bytes, start: int) -> bool:
        if (at := _blank_to(block, start)) < len(block):
            self._fail(self._offset + at)
            return False
        return True

    def _fail(self, offset: int) -> None:
        self.found.rest, self.found.fault = offset, NOT_JSON
        self._open.clear()


def scan(stream: Iterable[bytes], paths: frozenset[Path] = frozenset({VALUES})) -> Scan:
    """Find the records of a file: its values, or the elements of the arrays at `paths`."""
    scanner = _Scanner(paths)
    total = 0
    damage = None
    try:
        for block in stream:
            if not scanner.failed:
                scanner.feed(block)
            total += len(block)
    except Damaged as damaged:
        damage = str(damaged)
    found = scanner.close()
    found.total = total
    if damage:
        found.early, found.fault = True, damage
    return found


def cut(source: Source, file: int, found: Scan, path: Path, table: str | None = None) -> Cut:
    """Return the splits of the records at one path; faults are told by `faults_of`."""
    return Cut(tuple(_group(source, file, found.spans.get(path, []), table)), empty(UNREADABLE))


def faults_of(file: int, found: Scan) -> Cut:
    """Return the fault that ends a file, without splits.

    A document that breaks in the middle counts as truncated: how much is lost nobody knows.
    """
    faults = []
    if found.fault:
        length = found.total - found.rest
        faults.append((file, None, found.rest, length, None, found.fault, None))
    return Cut((), frame(faults, UNREADABLE), (file,) if found.fault else ())


def _group(source: Source, file: int, spans: Sequence[Span], table: str | None) -> list[Split]:
    """Put records together into splits; an input that cannot be entered is one."""
    splits: list[Split] = []
    first = 0
    for n, (offset, length) in enumerate(spans):
        last = n + 1 == len(spans)
        if last or (source.is_plain and offset - spans[first][0] >= SPLIT_BYTES):
            held = tuple(spans[first : n + 1])
            splits.append(Split(file, held[0][0], offset + length, spans=held, table=table))
            first = n + 1
    return splits


def fragments(source: Source, split: Split, batch_rows: int) -> Iterator[pl.DataFrame]:
    """Yield the elements of a split as `FRAGMENTS` frames."""
    found: list[tuple[int, int, bytes | None]] = []
    held = 0
    for offset, length, raw in cut_out(source, split):
        found.append((offset, length, raw))
        held += len(raw or b"")
        if len(found) >= batch_rows or held >= FRAME_BYTES:
            yield _fragments(found, split.file)
            found, held = [], 0
    if found:
        yield _fragments(found, split.file)


def cut_out(source: Source, split: Split) -> Iterator[tuple[int, int, bytes | None]]:
    """Yield offset, length and text of each element; None where it is too long to hold."""
    stream = blocks(source, split.start, split.end)
    position, block = split.start, b""
    for offset, length in split.spans:
        end = offset + length
        fits = length <= records.MAX_RECORD
        pieces: list[bytes] = []
        while True:
            if fits and offset < position + len(block):
                pieces.append(block[max(0, offset - position) : end - position])
            if end <= position + len(block):
                break
            position += len(block)
            block = next(stream)
        raw = b"".join(pieces).rstrip() if fits else None
        yield offset, length if raw is None else len(raw), raw


def _fragments(found: Sequence[tuple[int, int, bytes | None]], file: int) -> pl.DataFrame:
    return filled(
        {
            "row": [row_of(file, offset) for offset, _, _ in found],
            "length": [length for _, length, _ in found],
            "record": [raw for _, _, raw in found],
            "fault": [records.TOO_LONG if raw is None else None for _, _, raw in found],
        },
        FRAGMENTS,
    )


def _blank_to(block: bytes, start: int) -> int:
    match = _SPACE.match(block, start)
    assert match  # it matches nothing, too
    return match.end()


def _object(raw: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(raw.removeprefix(BOM))
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _decoded(key: bytes) -> str | None:
    try:
        name = orjson.loads(key)
    except orjson.JSONDecodeError:
        return None
    return name if isinstance(name, str) else None
