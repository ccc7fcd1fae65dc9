"""Decode the header of a mail, whatever programs made of it."""

import re
from binascii import Error as NotBase64
from binascii import a2b_base64
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from itertools import groupby
from quopri import decodestring

from tunegate.readers.times import moment

# RFC 2047; the language of RFC 2231 is passed over, and a missing end is not.
_WORD = re.compile(r"=\?([^?*\s]+)(?:\*[^?]*)?\?([bBqQ])\?([^?]*)\?=")
# Only from where a word begins: from each place within one it would be quadratic.
_ADDRESS = re.compile(r"(?<![^\s<>()\"',;:])[^\s<>()\"',;:@]++@[^\s<>()\"',;:]+")
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATIN = frozenset({"", "ascii", "us-ascii", "latin-1", "iso-8859-1", "windows-1252", "cp1252"})
_WIDE = ("utf-16", "utf-32")
_SHIFTING = ("utf-7", "iso-2022", "hz")  # ASCII stands for other characters in these

Header = Mapping[str, list[str]]


def header_of(mail: Message) -> Header:
    """Return the fields by their names in small letters, decoded, in the order of the mail."""
    found: dict[str, list[str]] = {}
    for name, value in mail.raw_items():
        found.setdefault(name.lower(), []).append(decoded(str(value)))
    return found


def decoded(value: str) -> str:
    """Return a field on one line, with its encoded words as text.

    value: as the parser gives it, with bytes that are not ASCII as surrogates.
    """
    try:
        plain = characters(value.encode("ascii", "surrogateescape"), "")[0]
    except UnicodeEncodeError:  # the parser has decoded it already, as it does with file names
        plain = value.encode(errors="replace").decode()
    plain = _FOLD.sub(" ", plain).strip()
    if "=?" not in plain:
        return plain
    out = ""
    end = 0
    # Space between encoded words means nothing, and a character may begin in one of them and
    # end in the next, so that neighbours of one charset are put together first.
    runs: list[tuple[str, str, bytes]] = []
    for word in _WORD.finditer(plain):
        between = plain[end : word.start()]
        if between.strip() or (between and not runs):
            out += _joined(runs) + between
            runs = []
        end = word.end()
        runs.append((word[1].lower(), word[2].lower(), _bytes(word[2], word[3])))
    return out + _joined(runs) + plain[end:]


def characters(raw: bytes, charset: str) -> tuple[str, bool]:
    """Return bytes as text, and whether some of them are no characters or had to be guessed.

    charset: as the mail declares it, or empty. What is valid UTF-8 beyond ASCII is that, also
    where a mail declares the charset that many programs put everywhere.
    """
    declared = charset.strip("\"' \t").lower().replace("_", "-")
    # A mail of sixteen bits a character that was saved as text is no longer one.
    wide = declared.startswith(_WIDE) and b"\0" in raw
    if raw.isascii() and not wide and not declared.startswith(_SHIFTING):
        return raw.decode("ascii"), False
    tried = [declared, "utf-8"]
    if declared in _LATIN:
        tried = ["utf-8", *_latin(declared)]
    elif declared.startswith(_WIDE) and not wide:
        tried = ["utf-8", declared]
    for name in tried:
        try:
            text = raw.decode(name)
            text.encode()  # some codecs make halves of characters
        except (LookupError, ValueError):
            continue
        return text, name == "cp1252" and "1252" not in declared and "8859" not in declared
    return raw.decode("utf-8" if "utf" in declared else "cp1252", "replace"), True


def addresses(header: Header, *names: str) -> list[tuple[str, str]]:
    """Return (name, address in small letters) of all persons in these fields."""
    written = [value for name in names for value in header.get(name, ())]
    try:
        found = [(name, address) for name, address in getaddresses(written) if "@" in address]
    except RecursionError:  # brackets within brackets
        found = []
    if written and not found:  # a comma in a bare name is enough for the parser to give up
        found = [("", address) for value in written for address in _ADDRESS.findall(value)]
    return [(name.strip(), address.strip().lower()) for name, address in found]


def first(header: Header, name: str) -> str:
    """Return the first field of a name, the empty string if there is none."""
    return next(iter(header.get(name, ())), "")


def written_at(header: Header, envelope: str) -> tuple[int | None, bool]:
    """Return microseconds since 1970, and whether the mail gives a time that is not understood.

    envelope: the line before the mail in a mailbox. Where the sender's clock is unreadable, the
    time of delivery is as good.
    """
    given = [first(header, "date"), first(header, "delivery-date")]
    given += [first(header, "received").rpartition(";")[2], _stamp(envelope)]
    for value in given:
        if value.strip() and (at := _moment(value)) is not None:
            return at, False
    return None, bool(given[0].strip())


def _moment(value: str) -> int | None:
    try:
        at = parsedate_to_datetime(value)
        if not at.tzinfo:
            at = at.replace(tzinfo=UTC)
        return (at - _EPOCH) // (_EPOCH.resolution)
    except (ValueError, TypeError, IndexError, OverflowError):
        return moment(value)


def _stamp(envelope: str) -> str:
    """Return the date in `From who Mon Mar  2 09:00:00 2026`, in the order that mails have."""
    found = re.search(
        r"(\w{3}) (\w{3}) ([ \d]\d) (\d\d:\d\d:\d\d)(?: ([+-]\d{4}))? (\d{4})", envelope
    )
    if not found:
        return ""
    weekday, month, day, clock, zone, year = found.groups()
    return f"{weekday}, {day.strip()} {month} {year} {clock} {zone or '+0000'}"


def _latin(declared: str) -> Iterable[str]:
    # The web reads Latin-1 as Windows-1252, because that is what it is.
    return ("cp1252", "latin-1") if declared not in ("", "ascii", "us-ascii") else ("cp1252",)


def _bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return decodestring(raw.replace(b"_", b"=20"), header=False)
    try:
        return a2b_base64(raw + b"=" * (-len(raw) % 4))
    except NotBase64:
        return raw


def _joined(runs: Iterable[tuple[str, str, bytes]]) -> str:
    return "".join(
        characters(b"".join(part for *_, part in run), charset)[0]
        for (charset, _), run in groupby(runs, key=lambda run: run[:2])
    )
