"""Read Arrow streams a record batch at a time.

The library reads a whole stream at once. So it is handed one batch after the other, each as a
small stream of its own with the schema before it.
"""

from collections.abc import Iterator
from io import BufferedReader, BytesIO
from pathlib import Path
from struct import Struct, error

import polars as pl

STREAM_MARK = b"\xff\xff\xff\xff"

_SCHEMA, _DICTIONARY, _BATCH = 1, 2, 3  # kinds of messages
_KIND, _BODY = 1, 3  # fields of a message
_END = STREAM_MARK + b"\0\0\0\0"
_ALIGNED = 8
_SIZE, _SIGNED, _LONG = Struct("<I"), Struct("<i"), Struct("<q")
_SHORT = Struct("<H")


class BrokenError(Exception):
    """The stream is damaged, or ends early."""


def batches(path: Path) -> Iterator[pl.DataFrame]:
    """Yield the record batches of an Arrow stream.

    Raises:
        BrokenError: a message is cut or makes no sense.
    """
    size = path.stat().st_size
    before: list[bytes] = []  # schema and dictionaries
    with path.open("rb") as file:
        while message := _message(file, size):
            kind, raw = message
            if kind == _BATCH and before:
                yield pl.read_ipc_stream(BytesIO(b"".join([*before, raw, _END])))
            elif kind in (_SCHEMA, _DICTIONARY) and bool(before) == (kind == _DICTIONARY):
                before.append(raw)
            else:
                raise BrokenError


def _message(file: BufferedReader, size: int) -> tuple[int, bytes] | None:
    """Return the next message with its kind; None behind the last."""
    head = file.read(8)
    if not head or head == _END:
        return None
    if len(head) < 8 or not head.startswith(STREAM_MARK):
        raise BrokenError
    (length,) = _SIZE.unpack_from(head, 4)
    if length > size - file.tell():
        raise BrokenError
    meta = file.read(length)
    try:
        kind, body = _field(meta, _KIND, 1), _field(meta, _BODY, _ALIGNED)
    except error:
        raise BrokenError from None
    if not 0 <= body <= size - file.tell():
        raise BrokenError
    return kind, head + meta + file.read(body)


def _field(meta: bytes, number: int, width: int) -> int:
    """Return a number from the flat buffer that describes a message; 0: it is not given."""
    (table,) = _SIZE.unpack_from(meta)
    (back,) = _SIGNED.unpack_from(meta, table)
    fields = table - back
    if fields < 0:
        raise BrokenError
    place = 4 + 2 * number
    if place >= _SHORT.unpack_from(meta, fields)[0]:
        return 0
    (at,) = _SHORT.unpack_from(meta, fields + place)
    if not at:
        return 0
    if width == 1:
        return meta[table + at] if table + at < len(meta) else 0
    value: int = _LONG.unpack_from(meta, table + at)[0]
    return value
