"""Understand the ways in which exports write a moment."""

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECONDS_FROM = 100_000_000  # 1973-03-03; a smaller number counts something else
_MILLISECONDS_FROM = 100_000_000_000  # the year 5138 in seconds, 1973 in milliseconds
_MILLISECONDS_TO = 100_000_000_000_000  # the year 5138

_MONTHS = _HALF_DAY = 12
_WRITTEN = re.compile(
    r"(?:(?P<year_first>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})"
    r"|(?P<one>\d{1,2})(?P<mark>[./])(?P<other>\d{1,2})(?P=mark)(?P<year>\d{4}))"
    r"(?:,?\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?:\s*(?P<half>[aApP])[mM])?)?",
    re.ASCII,
)
# Some exports leave a space before the zone, which ISO 8601 does not.
_SPACED_ZONE = re.compile(r"\s+(?:UTC|GMT|(?P<offset>[+-]\d{2}:?\d{2}))$", re.ASCII)


def moment(value: object) -> int | None:
    """Return microseconds since 1970 for an ISO 8601 string, epoch seconds or milliseconds.

    Also for the ways of spreadsheets: 31.12.2024 23:59, 2024/12/31 23:59, and 12/31/2024 or
    31/12/2024 where only one of the first two can be a month. A time without a zone is UTC. None:
    it is not a time, or may be one of two.
    """
    if isinstance(value, str):
        text = value.strip()
        try:
            number = float(text)
        except ValueError:
            return _iso(text)
        # Eight digits are a date without hyphens rather than seconds of 1973.
        return _iso(text) if len(text) == 8 and text.isdecimal() else _epoch(number)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _epoch(value)
    return None


def _iso(text: str) -> int | None:
    try:
        if written := _WRITTEN.fullmatch(text):
            at = _spelled(written)
        else:
            at = datetime.fromisoformat(_SPACED_ZONE.sub(_joined, text))
    except ValueError:
        return None
    if at is None:
        return None
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH) // _MICROSECOND


def _joined(zone: re.Match[str]) -> str:
    return zone["offset"] or "+00:00"


def _spelled(written: re.Match[str]) -> datetime | None:
    """Return the moment that a date with dots or slashes means, None if it may mean two.

    Raises:
        ValueError: the calendar or the clock has no such moment.
    """
    if written["year_first"]:
        year, month, day = (int(written[name]) for name in ("year_first", "month", "day"))
    else:
        one, other, year = (int(written[name]) for name in ("one", "other", "year"))
        by_day = written["mark"] == "." or one > _MONTHS
        if not by_day and other <= _MONTHS:
            return None
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
