"""Read the entries of zip archives where they lie; nothing is ever extracted under its own name.

The list of entries is believed only as far as it was checked, and each entry only as far as its
bytes bear it out.
"""

import zlib
from collections.abc import Generator
from dataclasses import dataclass
from io import BufferedReader
from struct import Struct

from tunegate.errors import InputError
from tunegate.readers.inputs.decoding import BARE_WINDOW, DAMAGED, ENDS_EARLY, Damaged, salvaged
from tunegate.readers.inputs.files import shown

MAX_RATIO = 200  # decoded to packed bytes; text seldom reaches 30
SMALL = 64 << 20  # decoded bytes that are no bomb, whatever the ratio

STORED, DEFLATED = 0, 8
ENCRYPTED = 0x1
ARCHIVE_ENDS_EARLY = "the archive ends early"

# Signature, version, flags, method, time, date, checksum, packed, size, lengths of name and extra.
LOCAL = Struct("<4sHHHHHLLLHH")
LOCAL_MARK = b"PK\x03\x04"

_PIECE = 64 << 10
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Entry:
    """A file in an archive.

    name: as the archive has it. offset: of its local header. packed, size, checksum: what the
    archive says; None where it does not. last: what stood behind it in the archive is lost.
    """

    name: str
    offset: int
    packed: int | None
    size: int | None
    checksum: int | None
    method: int
    flags: int
    last: bool = False


def refusal(archive: str, entry: str, why: str, hint: str) -> InputError:
    """Return the error that refuses an archive because of one entry."""
    return InputError(f"its entry `{shown(entry)}` {why}", where=archive, hint=hint)


def bomb(archive: str, entry: str, why: str) -> InputError:
    """Return the error that refuses an archive which would unpack to too much."""
    return refusal(archive, entry, why, "unpack it where that can do no harm, and pass the files")


def unpacked(file: BufferedReader, entry: Entry, archive: str) -> Generator[bytes, None, int]:
    """Yield the decoded bytes of an entry, and return the offset in the archive where it ends.

    Raises:
        Damaged: it stops or its checksum is wrong; all that could be decoded has been yielded.
        InputError: it holds more than the archive says, or far more than it is packed in.
    """
    checksum = count = 0
    stream = _decoded(file, entry)
    while True:
        try:
            block = next(stream)
        except StopIteration as stop:
            end: int = stop.value
            break
        count += len(block)
        if entry.size is not None and count > entry.size:
            raise bomb(archive, entry.name, "holds more than the archive says")
        if count > SMALL and count > MAX_RATIO * (file.tell() - entry.offset):
            raise bomb(archive, entry.name, f"unpacks to over {MAX_RATIO} times its size")
        checksum = zlib.crc32(block, checksum)
        yield block
    if entry.checksum not in (None, checksum) or entry.size not in (None, count):
        raise Damaged(DAMAGED)
    if entry.last:
        raise Damaged(ARCHIVE_ENDS_EARLY)
    return end


def _decoded(file: BufferedReader, entry: Entry) -> Generator[bytes, None, int]:
    file.seek(entry.offset)
    header = file.read(LOCAL.size)
    if len(header) < LOCAL.size:
        raise Damaged(ENDS_EARLY)
    mark, *_, name_length, extra_length = LOCAL.unpack(header)
    if mark != LOCAL_MARK:
        raise Damaged(DAMAGED)
    begin = file.seek(name_length + extra_length, 1)
    if entry.method == DEFLATED:
        return (yield from _inflated(file, begin, entry.packed))
    assert entry.packed is not None  # the list of entries is checked for that
    left = entry.packed
    while left:
        block = file.read(min(_PIECE, left))
        if not block:
            raise Damaged(ENDS_EARLY)
        left -= len(block)
        yield block
    return begin + entry.packed


def _inflated(file: BufferedReader, begin: int, packed: int | None) -> Generator[bytes, None, int]:
    member = zlib.decompressobj(BARE_WINDOW)
    taken = 0
    while not member.eof:
        size = _PIECE if packed is None else min(_PIECE, packed - taken)
        piece = member.unconsumed_tail
        if not piece:
            piece = file.read(size)
            taken += len(piece)
        if not piece:
            # What the decoder still holds back is decoded all the same.
            if block := member.flush():
                yield block
            raise Damaged(ENDS_EARLY)
        before = member.copy()
        try:
            block = member.decompress(piece, _BLOCK)
        except zlib.error:
            yield from salvaged(before, piece)
            raise Damaged(DAMAGED) from None
        if block:
            yield block
    return begin + taken - len(member.unused_data)
