"""Tell from the first bytes of an input what records it holds, as far as one can see."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import orjson

from tunegate.readers.inputs.sources import HEAD
from tunegate.readers.json.elements import VALUES, Path
from tunegate.readers.layout import DELIMITERS, header_of
from tunegate.readers.rows import SEPARATOR

Kind = Literal["empty", "lines", "values", "rows", "text"]

# A head may end within a string, whose commas and brackets are none of the document's.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}:,]|[^\s"\[\]{}:,]++', re.DOTALL)
_CLOSERS = {b"[": b"]", b"{": b"}"}
_DEEPEST = 3  # keys between a document and an array of records
_MAX_NAME = 80  # characters; a longer first line is prose rather than a header


@dataclass(frozen=True)
class Listing:
    """Records that stand in one place of an input, as far as its head shows them.

    path: keys from a document to their array; empty: the lines, rows or documents themselves.
    objects: those that are whole. keys: of each, the last one perhaps in part. cut: the last one
    as far as it was seen, where it is not whole.
    """

    path: Path
    objects: tuple[dict[str, Any], ...]
    keys: tuple[frozenset[str], ...]
    cut: tuple[dict[str, Any], ...] = ()

    @property
    def shown(self) -> tuple[dict[str, Any], ...]:
        """The records, the last one as far as it was seen."""
        return (*self.objects, *self.cut)

    @property
    def names(self) -> frozenset[str]:
        """The keys of all records together."""
        return frozenset[str]().union(*self.keys)

    def has(self, *names: str) -> bool:
        """Tell whether some record has one of these keys."""
        return not self.names.isdisjoint(names)


@dataclass(frozen=True)
class Glimpse:
    """What a head looks like.

    kind: JSON objects on lines; JSON values spread over an array, a document or several; rows of
    a table with a header; other text; or nothing. columns, delimiter: of a table.
    """

    kind: Kind
    listings: tuple[Listing, ...] = ()
    columns: tuple[str, ...] = ()
    delimiter: str = ","

    @property
    def records(self) -> Listing:
        """The records of the input as a whole."""
        return self.listings[0] if self.listings else Listing(VALUES, (), ())

    def any_key(self, *names: str) -> bool:
        """Tell whether a record of the input as a whole has one of these keys."""
        return self.records.has(*names)

    @property
    def is_json(self) -> bool:
        """Whether it consists of JSON values."""
        return self.kind in ("lines", "values")


@lru_cache(maxsize=8)  # every reader asks for the same few heads, one after the other
def glimpse(head: bytes) -> Glimpse:
    """Return what a decoded head of at most 64 KiB looks like; nobody may change what is seen."""
    lines = [line for line in head.split(b"\n") if line.strip()]
    if not lines:
        return Glimpse("empty")
    opening = lines[0].lstrip()[:1]
    parsed = [value for line in lines if isinstance(value := _parsed(line), dict)]
    whole = lines[:-1] if len(head) >= HEAD else lines
    mostly = 2 * len(parsed) >= max(1, len(whole))
    if opening == b"[" and (len(whole) < 2 or _parsed(lines[0]) is None):
        return _values(head)
    if opening == b"{" and not mostly and _parsed(lines[0]) is None:
        # A document may have an element of its array on each line, and a line several documents.
        documents = _values(head)
        if len(documents.records.objects) > 1 or (len(lines) > 1 and len(documents.listings) > 1):
            return documents
    if opening in (b"{", b"[") and (mostly or all(line.startswith(b"{") for line in lines)):
        last = _completed(lines[-1])
        tail = [last] if isinstance(last, dict) and _parsed(lines[-1]) is None else []
        return Glimpse("lines", tuple(_listings(parsed, tail)))
    if opening in (b"{", b"["):
        return _values(head)
    if mostly:
        return Glimpse("lines", tuple(_listings(parsed, [])))
    return _rows(lines) or Glimpse("text")


def _values(head: bytes) -> Glimpse:
    value, partial = _cut_short(head)
    values = value if isinstance(value, list) else [value]
    pages = [item for item in values if isinstance(item, list)]
    if pages and len(pages) == len(values):
        values = [item for page in pages for item in page]  # arrays after each other
    found = [item for item in values if isinstance(item, dict)]
    # What the head cuts in the middle has been closed, and so has fewer keys than it should.
    tail = [found.pop()] if partial and found else []
    return Glimpse("values", tuple(_listings(found, tail)))


def _listings(whole: list[dict[str, Any]], partial: list[dict[str, Any]]) -> Iterator[Listing]:
    yield _listing(VALUES, whole, partial)
    nested: dict[Path, list[dict[str, Any]]] = {}
    for value in whole + partial:
        for path, items in _arrays(value, ()):
            nested.setdefault(path, []).extend(items)
    for path, items in nested.items():
        yield _listing(path, items, [])


def listing_of(path: Path, raws: Iterable[bytes]) -> Listing:
    """Return the listing that some whole records at a path are."""
    return _listing(path, [value for raw in raws if isinstance(value := _parsed(raw), dict)], [])


def _listing(path: Path, whole: list[dict[str, Any]], partial: Iterable[dict[str, Any]]) -> Listing:
    cut = tuple(partial)
    keys = [frozenset(item) for item in (*whole, *cut)]
    return Listing(path, tuple(whole), tuple(keys), cut)


def _arrays(value: dict[str, Any], path: Path) -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    for key, inner in value.items():
        if isinstance(inner, list):
            items = [item for item in inner if isinstance(item, dict)]
            # An empty array may be the place of records as well.
            if items or not inner:
                yield (*path, key), items
        elif isinstance(inner, dict) and len(path) + 1 < _DEEPEST:
            yield from _arrays(inner, (*path, key))


def _rows(lines: list[bytes]) -> Glimpse | None:
    """Return a table if the first line names two columns or `messages`, below one with `sep=`."""
    told = len(lines) > 1 and SEPARATOR.fullmatch(lines[0].strip(b"\r\n"))
    first = lines[1 if told else 0].decode(errors="replace").rstrip("\r")
    if len(first) >= HEAD or first.lstrip()[:1] in ("<", "%"):
        return None
    delimiter, names = header_of(first, told["mark"].decode() if told else DELIMITERS)
    named = [name for name in names if name]
    if len(named) < 2 and names != ["messages"]:
        return None
    if not all(name.isprintable() and len(name) <= _MAX_NAME for name in named):
        return None
    listing = Listing(VALUES, (), (frozenset(named),))
    return Glimpse("rows", (listing,), tuple(names), delimiter)


def _parsed(text: bytes) -> object:
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        return _with_constants(text)
    return value


def _with_constants(text: bytes) -> object:
    """Return a value that is JSON but for NaN or Infinity; the record is refused, not the file."""
    if b"NaN" not in text and b"Infinity" not in text:
        return None
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _cut_short(head: bytes) -> tuple[object, bool]:
    """Return the first value of a head, or of several the list, and whether it was completed."""
    value = _parsed(head)
    if value is not None:
        return value, False
    values: list[object] = []
    rest = head
    while rest.strip():
        end = _end_of_first(rest)
        if end is None:
            last = _completed(rest)
            if isinstance(last, list) and not values:
                return last, True
            return [*values, last], True
        values.append(_parsed(rest[:end]))
        rest = rest[end:]
    return values, False


def _end_of_first(text: bytes) -> int | None:
    depth = 0
    for match in _TOKEN.finditer(text):
        if match[0] in _CLOSERS:
            depth += 1
        elif match[0] in (b"]", b"}"):
            depth -= 1
            if depth <= 0:
                return match.end()
        elif depth == 0:
            return None
    return None


def _completed(text: bytes) -> object:
    """Return the value that a text begins with, closed where the text stops."""
    stack: list[bytes] = []
    good = 0  # where the text may be cut; the stack stays as it is there until the next such place
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in _CLOSERS:
            stack.append(token)
            good = match.end()
        elif token in (b"]", b"}"):
            if not stack:
                break
            stack.pop()
            good = match.end()
        elif token == b",":
            good = match.start()
        if not stack:
            break
    closers = b"".join(_CLOSERS[mark] for mark in reversed(stack))
    return _parsed(text[:good] + closers) if good else None
