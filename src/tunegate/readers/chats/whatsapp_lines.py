"""Understand the lines of a WhatsApp chat: where a message begins, when, by whom, and what it is.

Phones write them by the habits of their country, so nothing here asks for one language.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

GENERATED = "\u200e"  # before what WhatsApp wrote itself, on iPhones
_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))
_WITHOUT_MARKS = str.maketrans(dict.fromkeys(_MARKS))

_MORNING = "am|上午|午前|오전|ص|vorm"
_AFTERNOON = "pm|下午|午後|오후|م|nachm"
_HALF = rf"(?:{_MORNING}|{_AFTERNOON}|[ap]\.\s?m)\.?"
_STAMP = (
    r"(?P<one>\d{1,4})(?P<mark>[./-])\s?(?P<two>\d{1,2})(?P=mark)\s?(?P<three>\d{1,4})\.?"
    r"[,،]?\s+(?:(?:klo|kl\.|um|at|à|às|alle|ore)\s+)?"
    rf"(?:(?P<before>{_HALF})\s?)?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    rf"(?:[\s_]?(?P<after>{_HALF}))?"
)
_HEADER = re.compile(
    rf"[{_MARKS}]*(?:\[{_STAMP}\]|{_STAMP.replace('?P<', '?P<bare_').replace('?P=', '?P=bare_')}"
    r"\s[-–])(?:\s|$)",
    re.IGNORECASE,
)
_QUOTES = re.compile('["“”„«»]')
_MONTHS = _HALF_DAY = 12
_CENTURY = 100


class Header(NamedTuple):
    """The beginning of a message.

    date: three numbers in the order of the line. dotted: dots stand between them. time: hour,
    minute and second. afternoon: None where the clock has 24 hours. rest: what follows.
    """

    date: tuple[int, int, int]
    dotted: bool
    time: tuple[int, int, int]
    afternoon: bool | None
    rest: str

    @property
    def year_first(self) -> bool:
        """Whether the date begins with a year of four digits."""
        return self.date[0] >= _CENTURY


def begins(line: str) -> bool:
    """Tell whether a line begins a message."""
    return _HEADER.match(line.translate(_SPACES)) is not None


def header(line: str) -> Header | None:
    """Return the header that a line begins with, None if it goes on with the message above."""
    match = _HEADER.match(line.translate(_SPACES))
    if match is None:
        return None
    held = {name.removeprefix("bare_"): value for name, value in match.groupdict().items() if value}
    half = held.get("before") or held.get("after")
    return Header(
        (int(held["one"]), int(held["two"]), int(held["three"])),
        held["mark"] == ".",
        (int(held["hour"]), int(held["minute"]), int(held.get("second", 0))),
        None if half is None else re.match(_AFTERNOON + "|p", half, re.IGNORECASE) is not None,
        line[match.end() :],
    )


def day_first(headers: Iterable[Header]) -> tuple[bool, bool, bool]:
    """Tell what the dates of a file prove: the day is first, the month is, some may be either."""
    days = months = open_ = False
    for found in headers:
        one, two, _ = found.date
        if found.year_first or found.dotted:
            continue
        days = days or one > _MONTHS
        months = months or two > _MONTHS
        open_ = open_ or (one != two and max(one, two) <= _MONTHS)
    return days, months, open_


def moment(found: Header, *, by_day: bool) -> int | None:
    """Return microseconds since 1970, as if the phone's clock were at UTC; None: no such time."""
    one, two, three = found.date
    if found.year_first:
        year, month, day = one, two, three
    else:
        day, month = (one, two) if by_day or found.dotted else (two, one)
        year = three if three >= _CENTURY else 2000 + three
    hour, minute, second = found.time
    if found.afternoon is not None:
        if not 1 <= hour <= _HALF_DAY:
            return None
        hour = hour % _HALF_DAY + _HALF_DAY * found.afternoon
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return round(at.timestamp()) * 1_000_000


def author(rest: str, known: Sequence[str] = ()) -> tuple[str, str] | None:
    """Return the name and the text that follow a header, None where nobody is named.

    known: names that hold a colon, which only who knows them can tell from the text.
    """
    plain = rest.lstrip(_MARKS)
    for name in known:
        if plain.startswith(f"{name}:"):
            return name, plain[len(name) + 1 :].removeprefix(" ")
    name, colon, text = plain.partition(": ")
    if not colon:
        # Nothing follows on the line, so that an editor may have cut the space as well.
        name, colon, text = plain.rstrip().partition(":")
        if not colon or text:
            return None
    # Who renames a group is no author; the old name stands in quotes.
    return None if _QUOTES.search(name) or not name.strip() else (named(name), text)


def named(name: str) -> str:
    """Return a name without marks of direction, and the tilde before one that is in no contacts."""
    return name.translate(_SPACES).translate(_WITHOUT_MARKS).strip().removeprefix("~").strip()


def number(name: str) -> str | None:
    """Return a phone number without what stands between its digits, None if it is none."""
    digits = re.sub(r"[\s().-]", "", name)
    return digits if re.fullmatch(r"\+?\d{6,}", digits) else None
