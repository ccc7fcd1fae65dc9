"""Cut inputs into lines, by byte ranges that several tasks can read at once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import orjson
import polars as pl

from tunegate.model import FRAGMENTS, UNREADABLE, Source, Split, empty, frame
from tunegate.readers.inputs.sources import BOM, Damaged, blocks
from tunegate.readers.json import record as records
from tunegate.readers.shape import filled, row_of

SPLIT_BYTES = 8 << 20
FRAME_BYTES = 32 << 20  # texts in one frame, whatever the number of rows


class Line(NamedTuple):
    """A physical line; `raw` is without its end, and None when it is too long to hold."""

    number: int
    offset: int
    length: int
    raw: bytes | None


class Cut(NamedTuple):
    """How inputs were cut: the splits, what cannot be read (`UNREADABLE`), who ends early.

    tail: what stands behind the last line end of one input, as far as it may be held.
    """

    splits: tuple[Split, ...]
    faults: pl.DataFrame
    truncated: tuple[int, ...] = ()
    tail: bytes = b""

    @classmethod
    def joined(cls, cuts: Iterable["Cut"]) -> "Cut":
        """Return the cuts of several inputs as one."""
        splits: list[Split] = []
        faults = [empty(UNREADABLE)]
        truncated: list[int] = []
        for one in cuts:
            splits += one.splits
            faults.append(one.faults)
            truncated += one.truncated
        return cls(tuple(splits), pl.concat(faults), tuple(truncated))

    def of_json(self, file: int) -> "Cut":
        """Return the cut of JSON Lines: one that ends within a record ends early."""
        tail = self.tail.strip()
        if tail.startswith(b"{"):
            try:
                orjson.loads(tail)
            except orjson.JSONDecodeError:
                return self._replace(truncated=(file,))
        return self


def cut(source: Source, file: int) -> Cut:
    """Cut the input with the index `file` at line starts, by streaming it once."""
    splits: list[Split] = []
    start, start_line = 0, 1
    position, line = 0, 1  # of the block
    last_start = 0  # of the last line
    tail = b""
    try:
        for block in blocks(source):
            counted = 0
            while source.is_plain:
                at = block.find(b"\n", max(counted, start + SPLIT_BYTES - 1 - position))
                if at < 0:
                    break
                line += block.count(b"\n", counted, at + 1)
                counted = at + 1
                splits.append(Split(file, start, position + counted, start_line))
                start, start_line = position + counted, line
            line += block.count(b"\n", counted)
            if (at := block.rfind(b"\n")) >= 0:
                last_start = position + at + 1
                tail = b""
            if len(tail) < records.MAX_RECORD:
                tail += block[at + 1 :]
            position += len(block)
    except Damaged as damaged:
        # A line that is cut may still parse, so what stands after the last end is not read.
        whole = (Split(file, 0, last_start),) if last_start else ()
        fault = (file, line, last_start, position - last_start, None, str(damaged), None)
        return Cut(whole, frame([fault], UNREADABLE), (file,))
    if position > start:
        splits.append(Split(file, start, position, start_line))
    return Cut(tuple(splits), empty(UNREADABLE), tail=tail)


def lines(source: Source, split: Split) -> Iterator[Line]:
    """Yield every line that starts in a split, blank ones too."""
    number, offset = split.line, split.start
    pieces: list[bytes] = []
    held = 0  # bytes of the line so far, also when they are no longer held
    limit = records.MAX_RECORD
    for block in blocks(source, split.start, split.end):
        begin = 0
        while (end := block.find(b"\n", begin)) >= 0:
            length = held + end - begin
            raw = None
            if length <= limit:
                raw = block[begin:end] if not pieces else b"".join((*pieces, block[begin:end]))
            yield Line(number, offset, length + 1, raw)
            number += 1
            offset += length + 1
            pieces.clear()
            held = 0
            begin = end + 1
        held += len(block) - begin
        if held > limit:
            pieces.clear()
        else:
            pieces.append(block[begin:])
    if held:
        yield Line(number, offset, held, b"".join(pieces) if held <= limit else None)


def fragments(source: Source, split: Split, batch_rows: int) -> Iterator[pl.DataFrame]:
    """Yield the lines of a split that are not blank, as `FRAGMENTS` frames."""
    found: list[Line] = []
    held = 0
    for line in lines(source, split):
        raw = line.raw
        if raw is not None:
            if line.offset == 0 and raw.startswith(BOM):
                raw = raw.removeprefix(BOM)
                line = line._replace(raw=raw)
            if not raw or raw.isspace():
                continue
            held += len(raw)
        found.append(line)
        if len(found) >= batch_rows or held >= FRAME_BYTES:
            yield _fragments(found, split.file)
            found, held = [], 0
    if found:
        yield _fragments(found, split.file)


def _fragments(found: Sequence[Line], file: int) -> pl.DataFrame:
    return filled(
        {
            "row": [row_of(file, line.offset) for line in found],
            "line": [line.number for line in found],
            "length": [line.length for line in found],
            "record": [line.raw for line in found],
            "fault": [records.TOO_LONG if line.raw is None else None for line in found],
        },
        FRAGMENTS,
    )
