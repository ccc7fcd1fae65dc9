"""Open inputs, plain or gzip, and tell what was handed over.

Offsets are of the decoded stream. Gzip is decoded by hand, because what stands before a cut or a
damaged place is good and must not be lost.
"""

import hashlib
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from tunegate.errors import InputError
from tunegate.model import Source

BLOCK = 1 << 20  # bytes read at a time
HEAD = 64 << 10  # decoded bytes that a shape is recognised by
BOM = b"\xef\xbb\xbf"

ENDS_EARLY = "the compressed file ends early"
DAMAGED = "the compressed file is damaged"

_GZIP = b"\x1f\x8b"
_PIECE = 64 << 10  # compressed bytes that are decoded again, one by one, around a fault
_GZIP_WINDOW = 31  # zlib: gzip wrapper, largest window


class Damaged(Exception):  # noqa: N818 - how a stream ends, not an error of the program
    """The compressed stream ends here, and not as it should; its text is the reason."""


def describe(path: Path, name: str) -> Source:
    """Return what a file is: its size, digest and compression.

    Raises:
        InputError: it cannot be opened or read.
    """
    digest = hashlib.sha256()
    size = 0
    with _opened(path, name) as file:
        compression = "gzip" if file.peek(len(_GZIP)).startswith(_GZIP) else None
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return Source(str(path), name, size, digest.hexdigest(), compression)


def head(source: Source) -> bytes:
    """Return the first 64 KiB, decoded and without a byte-order mark."""
    parts: list[bytes] = []
    try:
        for block in blocks(source):
            parts.append(block)
            if sum(map(len, parts)) >= HEAD + len(BOM):
                break
    except Damaged:
        pass  # planning reads to the same place and says so
    return b"".join(parts).removeprefix(BOM)[:HEAD]


def blocks(source: Source, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield the decoded bytes from `start` to `end`, a block at a time.

    Raises:
        Damaged: the compressed stream stops; all that could be decoded has been yielded.
        InputError: the file cannot be read, or is not the one that was described.
    """
    with _opened(Path(source.path), source.name) as file:
        if os.fstat(file.fileno()).st_size != source.size:
            raise InputError(
                "changed while it was being read",
                where=source.name,
                hint="run again when nothing writes to it",
            )
        if source.compression:
            yield from _between(_decoded(file), start, end)
        else:
            file.seek(start)
            left = source.size - start if end is None else end - start
            while left > 0 and (block := file.read(min(BLOCK, left))):
                left -= len(block)
                yield block


def shown(name: Path | str) -> str:
    """Return a name that can be written anywhere: bytes that are not UTF-8 become escapes."""
    return str(name).encode(errors="backslashreplace").decode()


@contextmanager
def _opened(path: Path, name: str) -> Iterator[BufferedReader]:
    """Open a file; what goes wrong with it, also while it is read, is an `InputError`."""
    try:
        if path.exists() and not path.is_file():
            raise InputError(
                "is not a regular file",
                where=name,
                hint="write what it yields to a file, and pass that",
            )
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise InputError(
            "there is no such file", where=name, hint=f"looked for {shown(path.absolute())}"
        ) from None
    except PermissionError:
        raise InputError(
            "may not be read", where=name, hint="give this user permission to read it"
        ) from None
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", where=name, hint="copy it to a local disk"
        ) from None


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


def _decoded(file: BufferedReader) -> Iterator[bytes]:
    """Decode every member of a gzip file."""
    member = zlib.decompressobj(_GZIP_WINDOW)
    begun = False
    while piece := file.read(_PIECE):
        while piece:
            if not begun:
                piece = piece.lstrip(b"\0")  # padding between members and after the last
                begun = bool(piece)
                continue
            before = member.copy()
            try:
                block = member.decompress(piece, BLOCK)
            except zlib.error:
                yield from _salvaged(before, piece)
                raise Damaged(DAMAGED) from None
            if block:
                yield block
            piece = member.unused_data if member.eof else member.unconsumed_tail
            if member.eof:
                member = zlib.decompressobj(_GZIP_WINDOW)
                begun = False
    if begun:
        raise Damaged(ENDS_EARLY)


def _salvaged(member: "zlib._Decompress", piece: bytes) -> Iterator[bytes]:
    """Yield what stands before the fault in a piece that could not be decoded."""
    for n in range(len(piece)):
        try:
            block = member.decompress(piece[n : n + 1])
        except zlib.error:
            return
        if block:
            yield block
