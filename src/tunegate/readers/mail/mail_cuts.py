"""Cut mailboxes into mails with their exact places, without holding more than one mail.

A mail begins at a line `From …` that a header field follows, since texts hold such lines too.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tunegate.model import UNREADABLE, Source, Split, empty, frame
from tunegate.readers.inputs.decoding import BOM, Damaged
from tunegate.readers.inputs.sources import blocks, head
from tunegate.readers.json import record as records
from tunegate.readers.json.lines import SPLIT_BYTES, Cut

MAILBOX = "mailbox"
MAIL = "mail"

_ALL = 1 << 62  # no input ends behind it
_WINDOW = 1 << 10  # bytes; a first line and the name of the field after it are shorter
_FIELD = rb"(?:[!-9;-~]{1,100}[ \t]*:|>From )"
_FIRST = re.compile(rb"From [^\r\n]{0,500}\r?\n" + _FIELD)
_NEXT = re.compile(rb"\n(From [^\r\n]{0,500}\r?\n)" + _FIELD)
_DATED = re.compile(rb" \w{3} \w{3} [ \d]\d \d\d:\d\d.* \d{4}\b")


class Mail(NamedTuple):
    """A mail as it stands in its input; `raw` is None when it is too long to hold."""

    line: int
    offset: int
    length: int
    raw: bytes | None


def is_mailbox(start: bytes) -> bool:
    """Tell by how an input begins whether it may hold several mails."""
    return _FIRST.match(start.lstrip()) is not None


def is_dated(line: bytes) -> bool:
    """Tell a line before a mail in a mailbox that has its date, as hardly any text does."""
    return line.startswith(b"From ") and len(line) < _WINDOW and bool(_DATED.search(line))


def mails(source: Source, split: Split) -> Iterator[Mail]:
    """Yield the mails of a split, which begins with one.

    Raises:
        Damaged: the compressed stream stops; all whole mails have been yielded.
    """
    data = bytearray()  # what is held of the mail we are in
    line, offset = split.line, split.start
    passed = passed_lines = 0  # of that mail, when it is too long to hold
    for block in blocks(source, split.start, split.end):
        seek = max(0, len(data) - _WINDOW)
        data += block
        while split.table == MAILBOX and (at := _next(data, seek)):
            yield _mail(data[:at], line, offset, passed)
            line += passed_lines + data.count(b"\n", 0, at)
            offset += passed + at
            del data[:at]
            passed = passed_lines = seek = 0
        if passed + len(data) > records.MAX_RECORD and len(data) > _WINDOW:
            gone = len(data) - _WINDOW
            passed_lines += data.count(b"\n", 0, gone)
            passed += gone
            del data[:gone]
    if passed or data.strip():
        yield _mail(data, line, offset, passed)


class Cutting:
    """Makes splits of the input with the index `file` while its mails go by."""

    def __init__(self, source: Source, file: int) -> None:
        self._source = source
        table = MAILBOX if is_mailbox(head(source)) else MAIL
        self._all = Split(file, 0, _ALL, table=table)
        self.cut = Cut((), empty(UNREADABLE))

    def mails(self) -> Iterator[Mail]:
        """Yield every mail once; `cut` is right when the last one has been taken."""
        file, table = self._all.file, self._all.table
        splits: list[Split] = []
        start, line, end = 0, 1, 0
        try:
            for mail in mails(self._source, self._all):
                if self._source.is_plain and mail.offset - start >= SPLIT_BYTES:
                    splits.append(Split(file, start, mail.offset, line, table=table))
                    start, line = mail.offset, mail.line
                end = mail.offset + mail.length
                yield mail
        except Damaged as damaged:
            fault = (file, None, end, 0, None, str(damaged), None)
            self.cut = Cut((), frame([fault], UNREADABLE), (file,))
        if end > start:
            splits.append(Split(file, start, end, line, table=table))
        self.cut = self.cut._replace(splits=tuple(splits))


def _next(data: bytearray, seek: int) -> int | None:
    """Return where the next mail begins, at or behind `seek`; what we are in begins at 0."""
    for found in _NEXT.finditer(data, seek):
        at = found.start(1)
        blank = data[:at].endswith((b"\n\n", b"\n\r\n"))
        # Some programs leave no blank line, and some no date.
        if blank or is_dated(found[1]):
            return at
    return None


def _mail(data: bytes | bytearray, line: int, offset: int, passed: int) -> Mail:
    length = passed + len(data)
    held = not passed and length <= records.MAX_RECORD
    raw = bytes(data) if held else None
    return Mail(line, offset, length, raw.removeprefix(BOM) if raw and not offset else raw)
