"""Tell phone numbers from the other numbers that people write."""

import re
from collections.abc import Iterator

from tunegate.checks.judging import DIGITS, Certainty, Judged, continues_code, likely_if
from tunegate.checks.phones.abroad import ABROAD, MOST_DIGITS, international_length
from tunegate.checks.phones.around import (
    counts_something,
    is_glued,
    is_other_number,
    stands_alone,
)
from tunegate.checks.phones.shapes import (
    LIKELY_PHONE,
    NOT_PHONE,
    ORDER,
    counts_up,
    may_be_phone,
)
from tunegate.checks.phones.worded import worded_number

_EXTENSION = re.compile(
    r"[ ,;]{0,2}\(?(?:x|ext(?:ension)?|extn|poste|durchwahl|dw|interno|int|ramal|доб)\.?:? ?"
    r"[0-9]{1,6}\)?(?!\w|-[0-9])",
    re.IGNORECASE,
)
_ALIKE = str.maketrans("\u00a0\u2009\u202f\u2010\u2011\u2012\u2013", "   ----")
_GAP = re.compile(r"(?<=[0-9])[^0-9]+(?=[0-9])")
_MOST_WORDS = 5  # "+44 20 7946 0018 ext": no stretch of a run has more, beside the whole
_JOINT = re.compile(r"[ ./-]| [-/] |\)? ?\(|-\(|\)[ ./-]?| ?\) - ?")
_NARROW_JOINT = re.compile(_JOINT.pattern.replace("| [-/] ", ""))  # between two numbers
_WORD = re.compile(r"[^ ]+")
_TIGHT = re.compile(r"[0-9)][./()-]+[0-9]")
_LETTER = re.compile(r"[^\W\d_]")
_FEWEST, _MOST = 6, 12  # digits of a national number; more only in a grouping that is in use
_MOST_GROUPED = 14
_FEW = 6  # so few digits count by themselves only where nothing else is said


def phone_number(text: str, start: int, end: int) -> Judged | None:
    """Accept a phone number: with + sure, in a national shape likely, other digits unsure.

    The match is a whole run of digits and separators, or has words in it, see `worded`. Where a run
    is no number, stretches of it that have a national shape are tried, so that
    `room 12 415-555-0100` and `415-555-0100 2 people` are found.
    """
    if _LETTER.search(text, start, end):
        return worded_number(text, start, end)
    written = text[start:end].translate(_ALIKE)
    unsure = None
    for begin, stop in _stretches(written):
        judged = _judge_phone(text, start + begin, start + stop, written[begin:stop])
        if judged and judged.certainty > Certainty.UNSURE:
            return judged
        unsure = unsure or judged
    return unsure


def _stretches(written: str) -> Iterator[tuple[int, int]]:
    """Yield where a phone number may stand in a run: between odd gaps, then between spaces.

    Digits that only spaces divide are never cut: they are one number, or none.
    """
    joint = _JOINT if sum(map(str.isdigit, written)) <= MOST_DIGITS else _NARROW_JOINT
    cuts = [gap.span() for gap in _GAP.finditer(written) if not joint.fullmatch(gap[0])]
    begin = 0
    for stop, resume in [*cuts, (len(written), len(written))]:
        yield begin, stop
        words = [word.span() for word in _WORD.finditer(written, begin, stop)]
        for count in range(min(len(words) - 1, _MOST_WORDS), 0, -1):
            for first in range(len(words) - count + 1):
                part = words[first][0], words[first + count - 1][1]
                if _TIGHT.search(written, *part) and LIKELY_PHONE.fullmatch(written, *part):
                    yield part
        begin = resume - (written[resume - 1 : resume] == "(")


def _judge_phone(text: str, start: int, end: int, written: str) -> Judged | None:
    """Judge one stretch; `written` is it with plain spaces and dashes."""
    if written[0] == "(" and ")" not in written:
        start, written = start + 1, written[1:]
    abroad = ABROAD.match(written)
    length = international_length(written, abroad.end()) if abroad else 0
    if abroad and "+" in abroad[0]:
        return _extended(text, start, start + length, Certainty.SURE) if length else None
    if is_other_number(text, start, end, written) or (
        " " in written and continues_code(text, start)
    ):
        return None
    if ORDER.fullmatch(written):
        return None
    if length:
        bare = written[:length].isdigit()
        return _extended(text, start, start + length, likely_if(not bare))
    if NOT_PHONE.fullmatch(written):
        return None
    certainty = _national(text, start, end, written)
    return _extended(text, start, end, certainty) if certainty else None


def _national(text: str, start: int, end: int, written: str) -> Certainty | None:
    """Say how sure it is that digits without a country are a phone number."""
    groups = DIGITS.findall(written)
    digits = sum(map(len, groups))
    grouped = len(groups) > 1 and may_be_phone(written)
    if not _FEWEST <= digits <= (_MOST_GROUPED if grouped else _MOST):
        return None
    if digits == _FEWEST and len(groups) < 3 and not grouped:
        return None
    if counts_up(written) or is_glued(text, start, end):
        return Certainty.UNSURE
    if digits <= _FEW:
        if grouped and len(groups) < 3 and counts_something(text, start, end):
            return None
        # A dash between so few: pages, or the score of a game.
        return likely_if(grouped and "-" not in written and stands_alone(text, start, end))
    if digits <= _MOST and LIKELY_PHONE.fullmatch(written):
        return Certainty.LIKELY
    return likely_if(grouped and not counts_something(text, start, end))


def _extended(text: str, start: int, end: int, certainty: Certainty) -> Judged:
    """Take an extension along; a number that has one is likely."""
    extension = _EXTENSION.match(text, end)
    if not extension:
        return Judged(start, end, certainty)
    return Judged(start, extension.end(), max(certainty, Certainty.LIKELY))
