"""Understand the ways in which exports write a moment."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECONDS_FROM = 100_000_000  # 1973-03-03; a smaller number counts something else
_MILLISECONDS_FROM = 100_000_000_000  # the year 5138 in seconds, 1973 in milliseconds
_MILLISECONDS_TO = 100_000_000_000_000  # the year 5138


def moment(value: object) -> int | None:
    """Return microseconds since 1970 for an ISO 8601 string, epoch seconds or milliseconds.

    A time without a zone is UTC. None: it is not a time.
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
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH) // _MICROSECOND


def _epoch(number: float) -> int | None:
    if _SECONDS_FROM <= number < _MILLISECONDS_FROM:
        return round(number * 1_000_000)
    if _MILLISECONDS_FROM <= number < _MILLISECONDS_TO:
        return round(number * 1_000)
    return None
