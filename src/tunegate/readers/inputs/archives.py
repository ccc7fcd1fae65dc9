"""List the entries of zip archives, and refuse an archive that means harm."""

import re
import stat
import struct
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BufferedReader
from itertools import pairwise
from pathlib import Path

from tunegate.errors import InputError
from tunegate.readers.inputs.decoding import Damaged
from tunegate.readers.inputs.files import opened, shown
from tunegate.readers.inputs.taken import hidden_in, is_taken, may_be_mail
from tunegate.readers.inputs.zips import (
    DEFLATED,
    ENCRYPTED,
    LOCAL,
    LOCAL_MARK,
    MAX_RATIO,
    SMALL,
    STORED,
    Entry,
    bomb,
    refusal,
    unpacked,
)

MARKS = (LOCAL_MARK, b"PK\x05\x06")  # the second: of an archive without entries
MAX_ENTRIES = 200_000
MAX_TOTAL = 64 << 30  # decoded bytes of all entries

_WORKBOOK = ("[Content_Types].xml", "xl/")
_MAX_LIST = 128 << 20  # bytes of the list of entries
_END = struct.Struct("<4sHHHHLLH")
_END_MARK = b"PK\x05\x06"
_END_64 = struct.Struct("<4sQHHLLQQQQ")
_LOCATOR = struct.Struct("<4sLQL")
_FAR = 0xFFFFFFFF  # stands for: see the 64-bit field
_SIZES_64 = 1  # id of the extra field with 64-bit sizes
_UTF8_NAME = 0x800
_SIZES_BEHIND = 0x8
_DRIVE = re.compile(r"[A-Za-z]:")
_BROKEN_LIST = (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, EOFError)


@dataclass(frozen=True)
class Archive:
    """What is in a zip archive.

    entries: the files to read, by name, in the order of their names; those without a known suffix
    only if they begin as mail does. passed: names of those that are not read. is_workbook: it is
    an Excel workbook, and `entries` are all its parts.
    """

    entries: dict[str, Entry]
    passed: tuple[str, ...]
    is_workbook: bool


def archive_of(path: Path, name: str) -> Archive:
    """Return the checked list of entries; a file is listed once a process until it changes.

    An archive that has lost its end is listed from its beginning, as far as that goes.

    Raises:
        InputError: it cannot be read, has no readable list, or is refused because of an entry.
    """
    said = path.stat()
    try:
        return _listed(str(path), said.st_size, said.st_mtime_ns, said.st_ino)
    except InputError as error:
        raise InputError(error.problem, where=name, hint=error.hint) from None


@lru_cache(maxsize=16)
def _listed(path: str, size: int, _changed: int, _number: int) -> Archive:
    name = Path(path).name
    with opened(Path(path), name) as file:
        _refuse_many(file, size, name)
        try:
            with zipfile.ZipFile(file) as listed:
                infos = listed.infolist()
                end = listed.start_dir
        except _BROKEN_LIST:
            return _sorted_out(list(_walked(file, name)), {}, name, is_whole=False)
    kinds = {info.orig_filename: info.external_attr >> 16 for info in infos}
    entries = [
        Entry(
            info.orig_filename,
            info.header_offset,
            info.compress_size,
            info.file_size,
            info.CRC,
            info.compress_type,
            info.flag_bits,
        )
        for info in infos
    ]
    _refuse_overlaps(entries, end, name)
    return _sorted_out(entries, kinds, name, is_whole=True)


def _refuse_many(file: BufferedReader, size: int, name: str) -> None:
    """Refuse a list that would be too long to hold, before it is held."""
    begin = file.seek(max(0, size - _END.size - 0xFFFF))
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        return  # its end is lost
    _, _, _, _, count, length, _, _ = _END.unpack_from(tail, at)
    where = begin + at - _LOCATOR.size
    if where >= 0:
        file.seek(where)
        mark, _, offset, _ = _LOCATOR.unpack(file.read(_LOCATOR.size))
        if mark == b"PK\x06\x07" and offset <= size - _END_64.size:
            file.seek(offset)
            _, _, _, _, _, _, _, count, length, _ = _END_64.unpack(file.read(_END_64.size))
    if count > MAX_ENTRIES or _MAX_LIST < length < _FAR:
        raise _too_many(name)


def _too_many(name: str) -> InputError:
    return InputError(
        f"the archive lists more than {MAX_ENTRIES:,} entries",
        where=name,
        hint="unpack it and pass the folder",
    )


def _refuse_overlaps(entries: Iterable[Entry], end: int, name: str) -> None:
    placed = sorted(entries, key=lambda entry: entry.offset)
    behind = [entry.offset for entry in placed[1:]] + [end]
    for entry, limit in zip(placed, behind, strict=False):
        if entry.offset < 0 or entry.offset + LOCAL.size + (entry.packed or 0) > limit:
            raise bomb(name, entry.name, "overlaps with what stands behind it")


def _sorted_out(
    found: Sequence[Entry], kinds: dict[str, int], name: str, *, is_whole: bool
) -> Archive:
    if len(found) > MAX_ENTRIES:
        raise _too_many(name)
    for entry in found:
        _refuse_name(entry.name, name)
    if sum(entry.size or 0 for entry in found) > MAX_TOTAL:
        raise InputError(
            f"the archive unpacks to more than {MAX_TOTAL >> 30} GiB",
            where=name,
            hint="unpack it and pass the folder",
        )
    types, book = _WORKBOOK
    names = [entry.name for entry in found]
    is_workbook = types in names and any(one.startswith(book) for one in names)
    kept: list[Entry] = []
    passed: set[str] = set()
    for entry in found:
        path = path_of(entry.name)
        parts = path.split("/")
        if entry.name.endswith(("/", "\\")):
            continue
        if is_workbook:
            kept.append(entry)
        elif hidden := hidden_in(parts):
            passed.add(hidden)
        elif _is_special(kinds.get(entry.name, 0)) or not (is_taken(path) or may_be_mail(path)):
            passed.add(path)
        else:
            kept.append(entry)
    for entry in kept:
        _refuse_content(entry, name)
    if kept and not is_whole:
        kept[-1] = replace(kept[-1], last=True)
    kept.sort(key=lambda entry: path_of(entry.name))
    for one, other in pairwise(kept):
        if path_of(one.name) == path_of(other.name):
            raise refusal(name, one.name, "is there twice", "unpack it and pass the one meant")
    return Archive({entry.name: entry for entry in kept}, tuple(sorted(passed)), is_workbook)


def path_of(entry: str) -> str:
    """Return the path of an entry as it is shown, whatever wrote the archive."""
    parts = entry.replace("\\", "/").split("/")
    return shown("/".join(part for part in parts if part not in ("", ".")))


def _is_special(mode: int) -> bool:
    return stat.S_IFMT(mode) not in (0, stat.S_IFREG)


def _refuse_name(entry: str, name: str) -> None:
    path = entry.replace("\\", "/")
    why = None
    if "\0" in entry:
        why = "has a NUL character in its name"
    elif path.startswith("/"):
        why = "has an absolute path"
    elif _DRIVE.match(path):
        why = "names a drive"
    elif ".." in path.split("/"):
        why = "leads out of the archive"
    if why:
        raise refusal(name, entry, why, "do not trust it; ask who made it for another")


def _refuse_content(entry: Entry, name: str) -> None:
    if entry.flags & ENCRYPTED:
        raise refusal(name, entry.name, "is encrypted", "unpack it and pass the folder")
    if entry.method not in (STORED, DEFLATED):
        raise refusal(
            name,
            entry.name,
            f"is packed by a method that is not read (number {entry.method})",
            "unpack it and pass the folder",
        )
    size, packed = entry.size or 0, entry.packed or 0
    if size > SMALL and size > MAX_RATIO * packed:
        raise bomb(name, entry.name, f"unpacks to over {MAX_RATIO} times its size")


def _walked(file: BufferedReader, name: str) -> Iterator[Entry]:
    """Yield the entries from the first on, where the list at the end of the archive is lost."""
    offset = total = count = 0
    while count <= MAX_ENTRIES:
        file.seek(offset)
        header = file.read(LOCAL.size)
        if len(header) < LOCAL.size or not header.startswith(LOCAL_MARK):
            break
        _, _, flags, method, _, _, checksum, packed, size, length, extra = LOCAL.unpack(header)
        raw = file.read(length)
        if len(raw) < length:
            break
        begin = offset + LOCAL.size + length + extra
        if _FAR in (packed, size):
            size, packed = _sizes_64(file.read(extra), size, packed)
        entry = Entry(
            raw.decode("utf-8" if flags & _UTF8_NAME else "cp437", "backslashreplace"),
            offset,
            packed,
            size,
            checksum,
            method,
            flags,
        )
        if flags & _SIZES_BEHIND:
            entry = replace(entry, packed=None, size=None, checksum=None)
            if method != DEFLATED or flags & ENCRYPTED:
                break  # nothing says where it ends
        yield entry
        count += 1
        if entry.packed is not None:
            offset = begin + entry.packed
            continue
        try:
            end, size = _end_of(file, entry, name)
        except Damaged:
            break
        total += size
        if total > MAX_TOTAL:
            raise bomb(name, entry.name, f"brings it to more than {MAX_TOTAL >> 30} GiB")
        offset = _behind_sizes(file, end)
    if not count:
        raise InputError(
            "the zip archive is damaged, and no entry of it can be found",
            where=name,
            hint="get it again; the download may have been cut",
        )


def _sizes_64(extra: bytes, size: int, packed: int) -> tuple[int, int]:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == _SIZES_64 and length >= 16:
            long_size, long_packed = struct.unpack_from("<QQ", extra, at + 4)
            return long_size, long_packed
        at += 4 + length
    return size, packed


def _end_of(file: BufferedReader, entry: Entry, name: str) -> tuple[int, int]:
    """Return where an entry ends that does not say so, and its size."""
    stream = unpacked(file, entry, name)
    size = 0
    while True:
        try:
            size += len(next(stream))
        except StopIteration as stop:
            return stop.value, size


def _behind_sizes(file: BufferedReader, end: int) -> int:
    """Return the offset behind checksum and sizes, which stand with or without a signature."""
    file.seek(end)
    behind = file.read(24 + 2)
    for length in (16, 24, 12, 20):
        if behind[length : length + 2] == b"PK":
            return end + length
    return end + len(behind)
