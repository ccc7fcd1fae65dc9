"""Phone numbers with words in them: vanity numbers, area codes apart, and very short ones."""

import re

from tunegate.checks.judging import Certainty, Judged
from tunegate.checks.phones.around import counts_something

_FIRST_DIGIT = re.compile(r"[(]?[0-9]")
_AREA = re.compile(r"area", re.IGNORECASE)
_VANITY = re.compile(r"[(+018]")
_VANITY_LENGTHS = range(7, 12)  # letters and digits after 800: people add letters that nobody dials
_VANITY_HEAD = re.compile(
    r"(?:\+?1[ .-]?)?\(?8(?:00|33|44|55|66|77|88)\)?[ .-]?|0800[ -]|1[38]00[ -]"
)
_NOT_DIALLED = re.compile(r"[^A-Z0-9]")
_NOT_SHORT = re.compile(r"(?:19|20)[0-9]{2}|[0-9]{0,2}000?")


def worded_number(text: str, start: int, end: int) -> Judged | None:
    """Accept what has words in it: `1-800-FLOWERS`, `area code 415, 555 0100`, `Tel: 62889`."""
    if _VANITY.match(text, start):
        return _vanity(text, start, end)
    number = _FIRST_DIGIT.search(text, start, end)
    if number is None:
        return None
    if _AREA.match(text, start):
        return Judged(number.start(), end, Certainty.LIKELY)
    short = text[number.start() : end]
    if _NOT_SHORT.fullmatch(short) or counts_something(text, number.start(), end):
        return None
    return Judged(number.start(), end, Certainty.LIKELY)


def _vanity(text: str, start: int, end: int) -> Judged | None:
    head = _VANITY_HEAD.match(text, start, end)
    if head is None:
        return None
    dialled = _NOT_DIALLED.sub("", text[head.end() : end])
    return Judged(start, end, Certainty.LIKELY) if len(dialled) in _VANITY_LENGTHS else None
