"""Understand the ways in which exports write a moment."""

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST = datetime.min.replace(tzinfo=UTC) - _EPOCH
_LAST = datetime.max.replace(tzinfo=UTC) - _EPOCH
_SECONDS_FROM = 100_000_000  # 1973-03-03; a smaller number counts something else
_MILLISECONDS_FROM = 100_000_000_000  # the year 5138 in seconds, 1973 in milliseconds
_MILLISECONDS_TO = 100_000_000_000_000  # the year 5138

_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_SERIAL_DAY = datetime(1899, 12, 30, tzinfo=UTC)
_SERIALS_FROM, _SERIALS_TO = 36_526, 73_051  # days: 2000-01-01, 2100-01-01
_DAY = 86_400_000  # milliseconds, which is what such a number is exact to
_CENTURY = 2000

_MONTHS = _HALF_DAY = 12
_WRITTEN = re.compile(
    r"(?:(?P<year_first>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})"
    r"|(?P<one>\d{1,2})(?P<mark>[./])(?P<other>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2}))"
    r"(?:,?\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?:\s*(?P<half>[aApP])[mM])?)?",
    re.ASCII,
)
# Some exports leave a space before the zone, which ISO 8601 does not.
_SPACED_ZONE = re.compile(r"\s+(?:UTC|GMT|(?P<offset>[+-]\d{2}:?\d{2}))$", re.ASCII)


def moment(value: object, *, day_first: bool | None = None) -> int | None:
    """Return microseconds since 1970 for an ISO 8601 string, epoch seconds or milliseconds.

    Also for the ways of spreadsheets: 31.12.2024 23:59, 31.12.24, 2024/12/31 23:59, and 12/31/2024
    or 31/12/2024 where only one of the first two can be a month. A time without a zone is UTC.
    None: it is not a time, or may be one of two.

    day_first: what 03/04/2025 means, and 03/04/25; None: nobody said it.
    """
    if isinstance(value, str):
        text = value.strip()
        try:
            number = float(text)
        except ValueError:
            return _iso(text, day_first)
        # Eight digits are a date without hyphens rather than seconds of 1973.
        return _iso(text, day_first) if len(text) == 8 and text.isdecimal() else _epoch(number)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _epoch(value)
    return None


def cell_moment(text: str, *, day_first: bool | None = None) -> int | None:
    """Return microseconds since 1970 for a cell of a table, which may be a day's serial number.

    Such a number counts days since 1899-12-30 and is understood from 2000 to 2099.
    """
    at = moment(text, day_first=day_first)
    if at is None and _SERIAL.fullmatch(text.strip()):
        days = float(text)
        if _SERIALS_FROM <= days < _SERIALS_TO:
            return (
                _SERIAL_DAY + timedelta(milliseconds=round(days * _DAY)) - _EPOCH
            ) // _MICROSECOND
    return at


def may_be_two(text: str) -> bool:
    """Tell whether a date is one moment where the day stands first, and another where the month."""
    if moment(text) is not None:
        return False
    return any(moment(text, day_first=first) is not None for first in (True, False))


def _iso(text: str, day_first: bool | None) -> int | None:
    try:
        if written := _WRITTEN.fullmatch(text):
            at = _spelled(written, day_first)
        else:
            at = datetime.fromisoformat(_SPACED_ZONE.sub(_joined, text))
    except ValueError:
        return None
    if at is None:
        return None
    since = (at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH
    # A zone may lead out of the years that a calendar has.
    return since // _MICROSECOND if _FIRST <= since <= _LAST else None


def _joined(zone: re.Match[str]) -> str:
    return zone["offset"] or "+00:00"


def _spelled(written: re.Match[str], day_first: bool | None) -> datetime | None:
    """Return the moment that a date with dots or slashes means, None if it may mean two.

    Raises:
        ValueError: the calendar or the clock has no such moment.
    """
    if written["year_first"]:
        year, month, day = (int(written[name]) for name in ("year_first", "month", "day"))
    else:
        one, other, year = (int(written[name]) for name in ("one", "other", "year"))
        dotted = written["mark"] == "."
        by_day = dotted or one > _MONTHS
        if not by_day and other <= _MONTHS:
            if day_first is None:
                return None
            by_day = day_first
        if len(written["year"]) == 2:
            if not dotted and day_first is None:
                return None  # the year may stand first as well
            year += _CENTURY
        day, month = (one, other) if by_day else (other, one)
    hour, minute, second = (int(written[name] or 0) for name in ("hour", "minute", "second"))
    if half := written["half"]:
        if not 1 <= hour <= _HALF_DAY:
            return None
        hour = hour % _HALF_DAY + (_HALF_DAY if half in "pP" else 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _epoch(number: float) -> int | None:
    if _SECONDS_FROM <= number < _MILLISECONDS_FROM:
        return round(number * 1_000_000)
    if _MILLISECONDS_FROM <= number < _MILLISECONDS_TO:
        return round(number * 1_000)
    return None
