"""Postcodes, which with a date of birth or a name lead to one person."""

from tunegate.checks.judging import Judged


def postcode(text: str, start: int, end: int) -> Judged | None:
    """Not yet."""
    return None
