"""Cut CSV into rows, each with the exact place of its first line."""

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from tunegate.model import Source, Split
from tunegate.readers.inputs.sources import BOM
from tunegate.readers.json import lines
from tunegate.readers.json import record as records
from tunegate.readers.json.record import Unreadable

NOT_CSV = "not CSV"
NEVER_CLOSED = "a quoted field is never closed"
MORE = "more fields than the header"
FEWER = "fewer fields than the header"

# What Excel understands as the line above a header.
SEPARATOR = re.compile(rb'"?sep=(?P<mark>[,;|\t])"?\s*', re.IGNORECASE)


class Row(NamedTuple):
    """A row of a table, which may run over several lines; `fault` says what is wrong with it."""

    line: int
    offset: int
    length: int
    fields: list[str]
    fault: str | None = None


class _Feed:
    """Hands physical lines to the CSV parser and remembers which ones a row took."""

    def __init__(self, source: Source, split: Split) -> None:
        self._lines = lines.lines(source, split)
        self.ended = False
        self.begin()

    def __iter__(self) -> Iterator[str]:
        return self

    def begin(self) -> None:
        """Forget the lines of the last row."""
        self.taken: list[lines.Line] = []
        self.length = 0
        self.is_utf8 = True

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.taken.append(line)
        self.length += line.length
        if line.raw is None or (len(self.taken) > 1 and self.length > records.MAX_RECORD):
            raise Unreadable(records.TOO_LONG)
        raw = line.raw.removeprefix(BOM) if line.offset == 0 else line.raw
        try:
            return raw.decode() + "\n"
        except UnicodeDecodeError:
            self.is_utf8 = False
            return raw.decode(errors="surrogateescape") + "\n"

    def lost(self) -> Iterator[lines.Line]:
        """Yield the lines of a row that is no row, and those of the quoted field it ends in."""
        yield from self.taken
        line: lines.Line | None = self.taken[-1]
        if len(self.taken) > 1 and self.length > records.MAX_RECORD:
            while line and line.raw is not None and line.raw.count(b'"') % 2 == 0:
                line = next(self._lines, None)
                if line:
                    yield line


def rows(source: Source, split: Split, *, delimiter: str, width: int) -> Iterator[Row]:
    """Yield the rows of a table below its header; rows of empty fields only are none.

    A fault of structure is told of every line it runs over. A quote that is missing swallows the
    rows behind it, and a loss of many records must not look like one.
    """
    csv.field_size_limit(records.MAX_RECORD)  # the default is 128 KB, for the whole process
    feed = _Feed(source, split)
    parser = csv.reader(feed, delimiter=delimiter, strict=True)
    header = True
    while True:
        feed.begin()
        fields: list[str] = []
        fault = None
        try:
            fields = next(parser)
        except StopIteration:
            return
        except csv.Error:
            fault = NEVER_CLOSED if feed.ended else NOT_CSV
        except Unreadable as refused:
            fault = str(refused)
        if fault is None and not any(map(str.strip, fields)):
            continue
        if header:
            top = (feed.taken[0].raw or b"").removeprefix(BOM)
            header = len(feed.taken) == 1 and SEPARATOR.fullmatch(top) is not None
            continue
        if fault is None and len(fields) != width:
            fault = MORE if len(fields) > width else FEWER
        if fault is not None:
            for line in feed.lost():
                if line.raw is None or line.raw.strip():
                    yield Row(line.number, line.offset, line.length, [], fault)
            continue
        if any("\0" in field for field in fields):
            fault = records.NUL
        elif not feed.is_utf8:
            fault = records.NOT_UTF8
        first = feed.taken[0]
        yield Row(first.number, first.offset, feed.length, fields, fault)
