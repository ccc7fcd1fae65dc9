"""Find the elements of a JSON document's arrays without holding the document.

The document is an array, or an object of which some keys hold arrays. Only its brackets, commas
and quotes are looked at; whether an element is JSON is found out when it is parsed. So a fault
inside an element costs that element, and a fault between elements costs the rest.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray

from tunegate.model import FRAGMENTS, UNREADABLE, Source, Split, frame
from tunegate.readers import record as records
from tunegate.readers.lines import FRAME_BYTES, SPLIT_BYTES, Cut
from tunegate.readers.shape import filled, row_of
from tunegate.readers.sources import BOM, Damaged, blocks

Span = tuple[int, int]  # offset, length

ENDS_EARLY = "the document ends early"
NOT_JSON = "not JSON from here on"

_QUOTE, _BACKSLASH, _OPEN, _CLOSE, _COMMA = 1, 2, 3, 4, 5
_CLASS = {34: _QUOTE, 92: _BACKSLASH, 91: _OPEN, 123: _OPEN, 93: _CLOSE, 125: _CLOSE, 44: _COMMA}
_CLASSES = bytes(_CLASS.get(byte, 0) for byte in range(256))

_SPACE = re.compile(rb"[ \t\r\n]*+")
_KEY = re.compile(rb'\s*+("(?:[^"\\]++|\\.)*+")\s*+:\s*+', re.DOTALL)
_MAX_KEY = 4096  # bytes; a longer one is none that we look for


@dataclass
class Scan:
    """What a document is made of.

    spans: of the elements, under the key that holds their array, or None where the document is
    the array. rest: where it stops being readable, with `fault`. early: it just ends there.
    """

    spans: dict[str | None, list[Span]] = field(default_factory=dict)
    total: int = 0
    rest: int = 0
    fault: str | None = None
    early: bool = False


class _Structure:
    """Finds brackets and commas outside strings, block after block."""

    def __init__(self) -> None:
        self._escaped = False  # the next block's first byte follows an odd backslash
        self._quoted = False  # the next block begins inside a string
        self._depth = 0

    def marks(self, block: bytes, deepest: int) -> Iterator[tuple[int, int, int]]:
        """Return (place, class, depth after it) of all marks down to a depth."""
        marked = np.frombuffer(block.translate(_CLASSES), np.uint8)
        places = np.flatnonzero(marked != 0)
        classes = marked[places]
        quotes = classes == _QUOTE
        backslashes = places[classes == _BACKSLASH]
        if self._escaped or len(backslashes):
            quotes &= ~self._escapes(backslashes, len(block))[places]
        quoted = np.bitwise_xor.accumulate(quotes) ^ self._quoted
        if len(quoted):
            self._quoted = bool(quoted[-1])
        outside = ~quoted & (classes >= _OPEN)
        places, classes = places[outside], classes[outside]
        steps = (classes == _OPEN).astype(np.int64) - (classes == _CLOSE)
        depths = self._depth + np.cumsum(steps)
        if len(depths):
            self._depth = int(depths[-1])
        # A closing bracket belongs to the depth it closes.
        near = depths + (classes == _CLOSE) <= deepest
        return zip(
            places[near].tolist(), classes[near].tolist(), depths[near].tolist(), strict=True
        )

    def _escapes(self, backslashes: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
        """Return which bytes of a block follow a backslash that is not escaped itself."""
        escaped = np.zeros(size + 1, np.bool_)
        escaped[0] = self._escaped
        if self._escaped and len(backslashes) and backslashes[0] == 0:
            backslashes = backslashes[1:]
        if len(backslashes):
            order = np.arange(len(backslashes))
            begins = np.ones(len(backslashes), np.bool_)
            begins[1:] = np.diff(backslashes) != 1
            run_start = np.maximum.accumulate(np.where(begins, order, 0))
            escaped[backslashes[(order - run_start) % 2 == 0] + 1] = True
        self._escaped = bool(escaped[size])
        return escaped[:size]


class _Scanner:
    """Follows one document."""

    def __init__(self, keys: frozenset[str]) -> None:
        self.found = Scan()
        self.done = False
        self._keys = keys
        self._structure = _Structure()
        self._offset = 0  # of the block
        self._top = b""  # the bracket that opens the document
        self._spans: list[Span] | None = None  # of the array we are in, if it counts
        self._first = True  # no element of that array has ended
        self._begin: int | None = None  # of the element; None: nothing of it seen
        self._member: bytes | None = None  # of an object, up to its value; None: past that

    def feed(self, block: bytes) -> None:
        """Look at the next block."""
        if not self.done and (self._top or self._starts(block)):
            self._follow(block)
        elif self.done and not self.found.fault:
            self._expect_end(block, 0)
        self._offset += len(block)

    def close(self) -> Scan:
        """Return what was found, now that the document has ended."""
        if self._top and not self.done:
            self.found.early, self.found.fault = True, ENDS_EARLY
        return self.found

    def _starts(self, block: bytes) -> bool:
        at = _blank_to(block, len(BOM) if block.startswith(BOM) else 0)
        self._top = block[at : at + 1]
        if self._top not in (b"", b"[", b"{"):
            self._fail(self._offset + at)
        return self._top in (b"[", b"{")

    def _follow(self, block: bytes) -> None:
        deepest = 1 if self._top == b"[" else 2
        cursor = 0  # up to where the block is understood
        for place, kind, depth in self._structure.marks(block, deepest):
            if kind == _OPEN:
                self._open(block, cursor, place, depth)
            elif depth + (kind == _CLOSE) == deepest and self._spans is not None:
                self._end_element(block, cursor, place, closes=kind == _CLOSE)
            elif depth == 1 and kind == _COMMA:
                self._member = b""
            cursor = place + 1
            if depth == 0 and not self.done:
                self.done = True
                if self._top + block[place : place + 1] not in (b"[]", b"{}"):
                    self._fail(self._offset + place)
                else:
                    self._expect_end(block, cursor)
            if self.done:
                return
        if self._spans is not None and self._begin is None:
            self._begin = self._first_seen(block, cursor, len(block))
        elif self._member is not None and len(self._member) < _MAX_KEY:
            self._member += block[cursor : cursor + _MAX_KEY]

    def _open(self, block: bytes, cursor: int, place: int, depth: int) -> None:
        key = None
        if depth == 2 and self._member is not None:
            match = _KEY.fullmatch(self._member + block[cursor:place])
            key = _decoded(match[1]) if match else None
        self._member = b"" if depth == 1 else None
        is_array = block[place : place + 1] == b"["
        if is_array and (depth == 1 or key in self._keys):
            self._spans = self.found.spans.setdefault(key, [])
            self._first, self._begin = True, None
            self.found.rest = self._offset + place + 1

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

    def _first_seen(self, block: bytes, start: int, end: int) -> int | None:
        at = _blank_to(block, start)
        return self._offset + at if at < end else None

    def _expect_end(self, block: bytes, start: int) -> None:
        if (at := _blank_to(block, start)) < len(block):
            self._fail(self._offset + at)

    def _fail(self, offset: int) -> None:
        self.found.rest, self.found.fault = offset, NOT_JSON
        self.done = True


def scan(stream: Iterable[bytes], keys: frozenset[str] = frozenset()) -> Scan:
    """Find the elements of a document: of the array it is, or of the arrays under `keys`."""
    scanner = _Scanner(keys)
    total = 0
    damage = None
    try:
        for block in stream:
            scanner.feed(block)
            total += len(block)
    except Damaged as damaged:
        damage = str(damaged)
    found = scanner.close()
    found.total = total
    if damage:
        found.early, found.fault = True, damage
    return found


def cut(source: Source, file: int, found: Scan, key: str | None) -> Cut:
    """Return the splits of one array of a document, and the fault that ends the document.

    A document that breaks in the middle counts as truncated: how much is lost nobody knows.
    """
    splits = _group(source, file, found.spans.get(key, []))
    faults = []
    if found.fault:
        length = found.total - found.rest
        faults.append((file, None, found.rest, length, None, found.fault, None))
    return Cut(tuple(splits), frame(faults, UNREADABLE), (file,) if found.fault else ())


def _group(source: Source, file: int, spans: Sequence[Span]) -> list[Split]:
    """Put elements together into splits; a compressed input is one, as it cannot be entered."""
    splits: list[Split] = []
    first = 0
    for n, (offset, length) in enumerate(spans):
        last = n + 1 == len(spans)
        if last or (source.compression is None and offset - spans[first][0] >= SPLIT_BYTES):
            held = tuple(spans[first : n + 1])
            splits.append(Split(file, held[0][0], offset + length, spans=held))
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


def _decoded(key: bytes) -> str | None:
    try:
        name = orjson.loads(key)
    except orjson.JSONDecodeError:
        return None
    return name if isinstance(name, str) else None
