"""Open inputs, whatever they are packed and written in, and tell what was handed over.

Offsets are of the decoded stream: out of the archive, decompressed, in UTF-8. What stands before a
cut or a damaged place is good and must not be lost.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BufferedReader
from pathlib import Path

from tunegate.errors import InputError
from tunegate.model import Source
from tunegate.readers.inputs.archives import archive_of
from tunegate.readers.inputs.decoding import (
    BOM,
    DAMAGED,
    ENDS_EARLY,
    GZIP,
    ZSTD,
    Damaged,
    encoding_of,
    gunzip,
    recoded,
    unzstd,
)
from tunegate.readers.inputs.files import opened, shown
from tunegate.readers.inputs.zips import unpacked

__all__ = [
    "BLOCK",
    "BOM",
    "DAMAGED",
    "ENDS_EARLY",
    "HEAD",
    "Damaged",
    "blocks",
    "describe",
    "head",
    "shown",
    "single_byte",
]

BLOCK = 1 << 20  # bytes read at a time
HEAD = 64 << 10  # decoded bytes that a shape is recognised by
NOTHING = (b"", b"[]")  # what a head without any record is, but for blanks

_PIECE = 64 << 10  # compressed bytes decoded at a time
_SNIFFED = 4096  # decoded bytes that an encoding is told by
_COMPRESSIONS = ((GZIP, "gzip"), (ZSTD, "zstd"))
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def describe(path: Path, name: str, member: str | None = None, *, listed: bool = False) -> Source:
    """Return what a file is, or an entry of the archive at `path`: size, digest and encodings.

    Raises:
        InputError: it cannot be opened or read, or the archive is refused.
    """
    digest = hashlib.sha256()
    size = 0
    start = b""
    with opened(path, name) as file:
        stored = os.fstat(file.fileno()).st_size
        try:
            for block in _undecoded(file, path, name, member):
                start = start or block
                digest.update(block)
                size += len(block)
        except Damaged:
            pass  # planning reads to the same place and says so
    compression = next((kind for mark, kind in _COMPRESSIONS if start.startswith(mark)), None)
    source = Source(
        str(path),
        name,
        size,
        digest.hexdigest(),
        compression,
        member,
        listed=listed,
        stored=stored if member else None,
    )
    encoding = encoding_of(_first(source, _SNIFFED))
    return replace(source, encoding=encoding)


def head(source: Source) -> bytes:
    """Return the first 64 KiB, decoded and without a byte-order mark."""
    return _first(source, HEAD + len(BOM)).removeprefix(BOM)[:HEAD]


def blocks(source: Source, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield the decoded bytes from `start` to `end`, a block at a time.

    Raises:
        Damaged: the stream stops; all that could be decoded has been yielded.
        InputError: the file cannot be read, or is not the one that was described.
    """
    path = Path(source.path)
    stored = source.size if source.stored is None else source.stored
    with opened(path, source.name) as file:
        if os.fstat(file.fileno()).st_size != stored:
            raise InputError(
                "changed while it was being read",
                where=source.name,
                hint="run again when nothing writes to it",
            )
        if source.is_plain:
            file.seek(start)
            left = stored - start if end is None else end - start
            while left > 0 and (block := file.read(min(BLOCK, left))):
                left -= len(block)
                yield block
            return
        stream = _undecoded(file, path, source.name, source.member)
        if source.compression == "gzip":
            stream = gunzip(stream, BLOCK)
        elif source.compression == "zstd":
            stream = unzstd(stream)
        if source.encoding:
            stream = recoded(stream, source.encoding)
        yield from _between(stream, start, end)


def single_byte(source: Source) -> str | None:
    """Return "cp1252" for an input that can be nothing but that, by streaming it once.

    It is not UTF-8, not one character of several bytes is in it as UTF-8 would write it, and every
    byte means something in Windows-1252. None: it is UTF-8, or nobody can tell.
    """
    if source.encoding:
        return None
    found = False
    held = b""  # the end of the last block, where a character may begin
    try:
        for block in blocks(source):
            if not block.isascii():
                found = True
                if _SEQUENCE.search(held + block) or _NOT_CP1252.search(block):
                    return None
            held = (held + block)[-3:]
    except Damaged:
        pass  # what follows cannot be read by anyone
    return "cp1252" if found else None


def _undecoded(file: BufferedReader, path: Path, name: str, member: str | None) -> Iterator[bytes]:
    """Yield the bytes of a file, or of an entry of the archive that it is."""
    if member is None:
        while piece := file.read(_PIECE):
            yield piece
        return
    entry = archive_of(path, name).entries.get(member)
    if entry is None:
        raise InputError(
            "changed while it was being read",
            where=name,
            hint="run again when nothing writes to it",
        )
    yield from unpacked(file, entry, name)


def _first(source: Source, count: int) -> bytes:
    parts: list[bytes] = []
    try:
        for block in blocks(source):
            parts.append(block)
            if sum(map(len, parts)) >= count:
                break
    except Damaged:
        pass  # planning reads to the same place and says so
    return b"".join(parts)[:count]


def _between(stream: Iterator[bytes], start: int, end: int | None) -> Iterator[bytes]:
    position = 0
    for block in stream:
        first = max(0, start - position)
        last = len(block) if end is None else min(len(block), end - position)
        if first < last:
            yield block[first:last]
        position += len(block)
        if end is not None and position >= end:
            return
