"""Decode what inputs are packed and written in, without losing what stands before a fault.

Every function takes pieces of bytes and yields decoded ones, so that they can follow each other:
the entry of an archive, its compression, its characters.
"""

import codecs
import zlib
from collections.abc import Iterator

import zstandard

BOM = b"\xef\xbb\xbf"
GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"

ENDS_EARLY = "the compressed file ends early"
DAMAGED = "the compressed file is damaged"
NEEDS_DICTIONARY = "the compressed file needs a dictionary"

GZIP_WINDOW = 31  # zlib: gzip wrapper, largest window
BARE_WINDOW = -15  # zlib: no wrapper, as in zip archives

_SKIPPABLE = range(0x184D2A50, 0x184D2A60)  # RFC 8878, 3.1.2
_MAX_ZSTD_WINDOW = 1 << 31  # bytes; what `zstd --ultra --long=31` writes
_ID_SIZES = (0, 1, 2, 4)
_RUN = 1  # type of a block that is one byte, repeated
_RESERVED = 3
_PASSED = 64 << 10  # bytes passed over at a time

_MARKS = (
    (b"\xff\xfe\0\0", "utf-32-le"),  # before UTF-16, whose mark it begins with
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SAMPLE = 2000  # bytes in which zeros are counted
_MOSTLY = 0.4  # share of zeros: in text of mostly Latin letters every second byte is one


class Damaged(Exception):  # noqa: N818 - how a stream ends, not an error of the program
    """The stream ends here, and not as it should; its text is the reason."""


def gunzip(pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """Decode every member of a gzip file, at most `limit` bytes at a time.

    Raises:
        Damaged: it stops; all that could be decoded has been yielded.
    """
    member = zlib.decompressobj(GZIP_WINDOW)
    begun = False
    for piece in pieces:
        while piece:
            if not begun:
                piece = piece.lstrip(b"\0")  # padding between members and after the last
                begun = bool(piece)
                continue
            before = member.copy()
            try:
                block = member.decompress(piece, limit)
            except zlib.error:
                yield from salvaged(before, piece)
                raise Damaged(DAMAGED) from None
            if block:
                yield block
            piece = member.unused_data if member.eof else member.unconsumed_tail
            if member.eof:
                member = zlib.decompressobj(GZIP_WINDOW)
                begun = False
    if begun:
        raise Damaged(ENDS_EARLY)


def salvaged(member: "zlib._Decompress", piece: bytes) -> Iterator[bytes]:
    """Yield what stands before the fault in a piece that could not be decoded."""
    for n in range(len(piece)):
        try:
            block = member.decompress(piece[n : n + 1])
        except zlib.error:
            return
        if block:
            yield block


def unzstd(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decode every frame of a Zstandard file, a block of at most 128 KiB at a time.

    The decoder forgets what it decoded in a call that fails, so it is handed one block a call.

    Raises:
        Damaged: it stops; all blocks that could be decoded have been yielded.
    """
    held = _Held(pieces)
    while magic := held.take(4, may_end=True):
        number = int.from_bytes(magic, "little")
        if number in _SKIPPABLE:
            held.skip(int.from_bytes(held.take(4), "little"))
        elif magic == ZSTD:
            yield from _frame(held)
        elif len(magic) < len(ZSTD) and ZSTD.startswith(magic):
            raise Damaged(ENDS_EARLY)
        else:
            raise Damaged(DAMAGED)


def _frame(held: "_Held") -> Iterator[bytes]:
    decoder = zstandard.ZstdDecompressor(max_window_size=_MAX_ZSTD_WINDOW).decompressobj()
    head = held.take(1)
    said = head[0]
    single, checked = said >> 5 & 1, said >> 2 & 1
    head += held.take(1 - single)
    dictionary = held.take(_ID_SIZES[said & 3])
    if any(dictionary):
        raise Damaged(NEEDS_DICTIONARY)
    head += dictionary + held.take((single, 2, 4, 8)[said >> 6])
    yield from _decoded(decoder, ZSTD + head)
    last = False
    while not last:
        block = held.take(3)
        field = int.from_bytes(block, "little")
        last, kind, size = bool(field & 1), field >> 1 & 3, field >> 3
        if kind == _RESERVED:
            raise Damaged(DAMAGED)
        yield from _decoded(decoder, block + held.take(1 if kind == _RUN else size))
    if checked:
        yield from _decoded(decoder, held.take(4))


def _decoded(decoder: "zstandard.ZstdDecompressionObj", piece: bytes) -> Iterator[bytes]:
    try:
        block = decoder.decompress(piece)
    except zstandard.ZstdError:
        raise Damaged(DAMAGED) from None
    if block:
        yield block


class _Held:
    """Hands out exact numbers of bytes from pieces of any size."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = b""
        self._at = 0

    def take(self, count: int, *, may_end: bool = False) -> bytes:
        """Return `count` bytes; fewer only where the stream may end."""
        while self._at + count > len(self._piece):
            more = next(self._pieces, b"")
            if not more:
                break
            self._piece, self._at = self._piece[self._at :] + more, 0
        taken = self._piece[self._at : self._at + count]
        if len(taken) < count and not may_end:
            raise Damaged(ENDS_EARLY)
        self._at += len(taken)
        return taken

    def skip(self, count: int) -> None:
        """Pass over `count` bytes without holding them."""
        while count:
            count -= len(self.take(min(count, _PASSED)))


def encoding_of(head: bytes) -> str | None:
    """Return "utf-16-le" and the like, or None for what is to be read as UTF-8.

    A byte-order mark tells it, or without one the zeros of UTF-16.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    sample = head[: min(_SAMPLE, len(head) & ~1)]
    most = _MOSTLY * len(sample) / 2
    high, low = sample[0::2].count(0) > most, sample[1::2].count(0) > most
    if high == low:
        return None
    name = "utf-16-be" if high else "utf-16-le"
    try:
        text = sample[:-2].decode(name)  # the last may be half of a pair
    except UnicodeDecodeError:
        return None
    return name if all(mark.isprintable() or mark.isspace() for mark in text) else None


def recoded(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Yield as UTF-8 what is written in another encoding.

    Raises:
        Damaged: a stretch is not valid in it; all characters before have been yielded.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    for piece in pieces:
        held: bytes = decoder.getstate()[0]
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError as error:
            yield (held + piece)[: error.start].decode(encoding).encode()
            raise Damaged(f"not valid {_shown(encoding)} from here on") from None
        if text:
            yield text.encode()
    if decoder.getstate()[0]:
        raise Damaged("the text ends in the middle of a character")


def _shown(encoding: str) -> str:
    return encoding.upper() if encoding.startswith("utf") else encoding
