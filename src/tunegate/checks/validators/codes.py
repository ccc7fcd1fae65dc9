"""What the validators of written codes share: a code's signs, and how sure its writing makes it.

An identifier is *likely* by itself only where its shape and check leave fewer than one in two
hundred random codes of its length, or where it is written in the groups that its country uses;
any other is *unsure* and counts beside a word that names it.
"""

import re
from collections.abc import Callable

from tunegate.checks.judging import Certainty, Judged, Validator, likely_if
from tunegate.checks.phones import phone_number

Writing = Callable[[str, int, int], bool]  # text, start, end → whether it looks like its kind

_BETWEEN = re.compile(r"[^A-Za-z0-9]+")
_CURRENCY = frozenset("$€£¥₹₩₽")
# Signs that make a code the tail or head of something longer: a path, an amount, an order number.
_TIED_BEFORE = frozenset("#/@&+-._~^*") | _CURRENCY
_TIED_AFTER = frozenset("/@&-_%~^*") | _CURRENCY


def plain(written: str) -> str:
    """Return the letters and digits of a code, in capitals."""
    return _BETWEEN.sub("", written).upper()


def always(text: str, start: int, end: int) -> bool:
    """Take every right code as likely."""
    return True


def never(text: str, start: int, end: int) -> bool:
    """Take no code as likely: its check is weak, or it has none."""
    return False


def in_capitals(text: str, start: int, end: int) -> bool:
    """Take it as likely where its letters are capitals, as on the document."""
    return not any(sign.islower() for sign in text[start:end])


def in_groups_of(*sizes: int) -> Writing:
    """Return what takes a code as likely in groups of these sizes, if it is no phone number.

    Between all the groups stands the same separator.
    """

    def likely(text: str, start: int, end: int) -> bool:
        written = text[start:end]
        separators = set(_BETWEEN.findall(written))
        if len(separators) != 1 or tuple(map(len, _BETWEEN.split(written))) != sizes:
            return False
        if " " in separators and _goes_on(text, start, end):
            return False
        phone = phone_number(text, start, end)
        return phone is None or phone.certainty is Certainty.UNSURE

    return likely


def capitals_or_groups(text: str, start: int, end: int) -> bool:
    """Take it as likely in capitals, or in groups."""
    return in_capitals(text, start, end) or bool(_BETWEEN.search(text, start, end))


def code(right: Callable[[str], bool], likely: Writing = never) -> Validator:
    """Return a validator of codes whose signs are `right`.

    likely: tells from the writing whether a right code needs no context.
    """

    def judge(text: str, start: int, end: int) -> Judged | None:
        if not right(plain(text[start:end])):
            return None
        alone = stands_alone(text, start, end)
        return Judged(start, end, likely_if(alone and likely(text, start, end)))

    return judge


def stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether it is no part of a path, an amount or a longer code."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if before[-1:] in _TIED_BEFORE or after[:1] in _TIED_AFTER:
        return False
    return not (before[-1:] == " " and before[0] in _CURRENCY) and after.strip() not in _CURRENCY


def _goes_on(text: str, start: int, end: int) -> bool:
    """Tell whether groups of digits go on before or after, as in a long number."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (before[:1].isdigit() and before[1:] == " ") or (
        after[:1] == " " and after[1:].isdigit()
    )
