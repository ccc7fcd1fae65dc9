"""Tell phone numbers from the other numbers that people write."""

import re
from collections.abc import Iterator
from itertools import pairwise

from tunegate.checks.judging import DIGITS, Certainty, Judged, continues_code, likely_if

# ITU-T E.164, assigned country calling codes.
_CALLING_CODE = re.compile(
    r"""(?x) 1 | 7
    | 2(?:[07] | 1[12368] | [2346][0-9] | 5[0-8] | 9[01789])
    | 3(?:[0-469] | 5[0-9] | 7[0-8] | 8[0-35-79])
    | 4(?:[013-9] | 2[013])
    | 5(?:[1-8] | 0[0-9] | 9[0-9])
    | 6(?:[0-6] | 7[02-9] | 8[0-35-9] | 9[0-2])
    | 8(?:[1246] | 0[08] | 5[02356] | 7[08] | 8[0-368])
    | 9(?:[0-58] | 6[0-8] | 7[0-79] | 9[2-68])"""
)
# Digits after the calling code where the plan fixes them; elsewhere 6 to 12.
_NATIONAL_DIGITS = {
    "1": (10, 10), "7": (10, 10), "27": (9, 9), "30": (10, 10), "31": (8, 9), "32": (8, 9),
    "33": (9, 9), "34": (9, 9), "41": (9, 9), "44": (7, 10), "45": (8, 8), "47": (5, 8),
    "48": (9, 9), "52": (10, 11), "55": (10, 11), "65": (8, 11), "90": (10, 10), "91": (10, 10),
    "351": (9, 9),
}  # fmt: skip
_EXTENSION = re.compile(
    r"[ ,;]{0,2}(?:x|ext(?:ension)?|extn|poste|durchwahl|dw|interno|int|ramal|доб)\.?:? ?"
    r"[0-9]{1,6}(?!\w|-[0-9])",
    re.IGNORECASE,
)
_ABROAD = re.compile(r"\(?\+ ?\(?|00[ -]?|011[ -]")
_ALIKE = str.maketrans("\u00a0\u2009\u202f\u2010\u2011\u2012\u2013", "   ----")
_GAP = re.compile(r"(?<=[0-9])[^0-9]+(?=[0-9])")
_FEWEST_DIGITS, _MOST_DIGITS = 8, 15  # with the country's; E.164 and what is in use
_MOST_WORDS = 5  # "+44 20 7946 0018 ext": no stretch of a run has more, beside the whole
_JOINT = re.compile(r"[ ./-]| [-/] |\)? ?\(|-\(|\)[ ./-]?| ?\) - ?")
_NARROW_JOINT = re.compile(_JOINT.pattern.replace("| [-/] ", ""))  # between two numbers
_WORD = re.compile(r"[^ ]+")
_TIGHT = re.compile(r"[0-9)][./()-]+[0-9]")
_NOT_BEFORE_PHONE = re.compile(
    r"(?:[$€£¥₹₽₩] ?|\b(?:USD|EUR|GBP|CHF|INR|BRL|JPY|Rs\.?) ?|[#№@&_]|\w/|[0-9][.:])\Z"
)
_NOT_AFTER_PHONE = re.compile(
    r"[@%°_]|(?!x ?[0-9]|ext)[A-Za-z\u00c0-\u1fff]|[.:][0-9]|,[0-9]{1,2}(?![0-9]|,\S)| ?[$€£¥₹₽₩]"
    r"| ?(?:USD|EUR|GBP|CHF|INR|BRL|JPY|dollars?|euros?|pounds?|bytes|[kKmMgG]i?B|am|pm)\b"
)
# A comma between digits divides columns, but also a fraction or thousands from what stands before:
# then two digits at most or three follow, and a space or a point.
_DECIMAL_COMMA = re.compile(r"[0-9],\Z")
_THOUSANDS_COMMA = re.compile(r"(?<![0-9])[0-9]{1,3},\Z")
_FRACTION, _THOUSANDS = re.compile(r"[0-9]{1,2}[ .]"), re.compile(r"[0-9]{3}[ .]")
_GLUED_BEFORE, _GLUED_AFTER = re.compile(r"\w-\Z"), re.compile(r"[-/]\w")
_YEAR, _DAY = r"(?:19|20)[0-9]{2}", r"(?:0?[1-9]|[12][0-9]|3[01])"
_NOT_PHONE = re.compile(
    rf"""(?x)
      {_YEAR}([ ./-]){_DAY}\1{_DAY}(?:[ -].*)?                       # dates
    | {_YEAR}[01][0-9][0-3][0-9](?:[0-9]{{4}}|[0-9]{{6}})?
    | {_DAY}([ ./-]){_DAY}\2{_YEAR}(?:[ -].*)?
    | {_DAY}([./-]){_DAY}\3[0-9]{{2}}(?:[ ].*)?
    | [0-3][0-9][01][0-9]{_YEAR}
    | {_YEAR}[ ]?[ /-][ ]?{_YEAR}
    | \({_YEAR}\).*
    | [0-9]{{1,2}}[.][0-9]{{2}}[ ]?-[ ]?[0-9]{{1,2}}[.][0-9]{{2}}      # opening hours
    | (?:[0-9]{{1,3}}[.]){{3}}[0-9]{{1,3}}(?:[ /].*)?                 # IPv4
    | [0-9]{{3}}([ -])[0-9]{{2}}\4[0-9]{{4}}                         # US social security
    | [0-9]{{5}}-[0-9]{{4}}                                          # ZIP+4
    | [0-9]{{1,3}}(?:[.][0-9]{{1,3}}){{1,2}}-[0-9]+                   # a version with its build
    | [0-9]+[.][0-9]+(?:[ ]-?[0-9]+[.][0-9]+)?                       # decimals, coordinates
    | [0-9]{{1,2}}(?:[.][0-9]{{3}})+                                 # 12.345.678
    | [0-9-]+-[0-9]                                                  # ISBN
    | [1-9][0-9]*0[ ]?-[ ]?[1-9][0-9]*0                              # 1500-2000
    """
)
_LIKELY_PHONE = re.compile(
    r"""(?x)
      (?:[18][ .-]?)?(?:\([2-9][0-9]{2}\)[ ]?-?[ ]?|[2-9][0-9]{2}[ .-])[0-9]{3}[ .-]?[0-9]{4}
    | (?:1[.-])?[0-9]{3}([.-])[0-9]{3}\1[0-9]{4}                      # North America
    | (?=(?:[^0-9]*[0-9]){8})                                         # trunk prefix 0
      \(?0[1-9][0-9]{0,4}(?:\)[ -]?|[ ]?[ ./-][ ]?)[0-9]{1,8}(?:[ .-][0-9]{2,8}){0,3}
    | \([0-9]{2,4}\)[ ]?[0-9]{3,5}[ -]?[0-9]{3,4}                     # area code in brackets
    | [1-9][0-9]?[ ]9?[0-9]{4}[ -][0-9]{4}                            # Brazil, Mexico, London …
    | 0[ ]8[0-9]{2}[ ][0-9]{3}[ ][0-9]{3} | [1-9](?:[ ][0-9]{2}){4}   # France
    | [49][0-9]{2}[ ][0-9]{2}[ ][0-9]{3}                              # Norwegian mobiles
    | [6-9][0-9]{2}([ -])[0-9]{2}\2[0-9]{2}\2[0-9]{2}                 # Spain
    | [1-9][0-9][ ][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}                   # Madrid, Zurich, Kyiv …
    | 3[0-9]{2}[ ][0-9]{6,7}                                          # Italian mobiles
    | (?:8[ -]?)?\(?[3489][0-9]{2}(?:\)[ -]?|[ -])[0-9]{3}[ -][0-9]{2}[ -][0-9]{2}  # Russia
    | [6-9][0-9]{4}[ -][0-9]{5}                                       # India
    | 1[3-9][0-9][ -][0-9]{4}[ -][0-9]{4}                             # China
    | 1[38]00[ -][0-9]{3}[ -][0-9]{3}                                 # Australia
    """
)


# Other numbers look the same: these count by themselves only where no noun follows.
_AMBIGUOUS_PHONE = re.compile(
    r"""(?x)
      [2-9][0-9]{3}[ -][0-9]{4}                                       # Singapore, Hong Kong …
    | [0-9]{2}([ .-])[0-9]{2}\1[0-9]{2}\1[0-9]{2}                     # Denmark, West Africa …
    | [2-9][0-9]{2}([ -])[0-9]{3}\2[0-9]{3}                           # Spain, Portugal, Poland
    | [2-9][0-9]{2}-[0-9]{4}                                          # local numbers
    """
)
_NOTHING_FOLLOWS = re.compile(r"[ ]?(?:\Z|[\t\n.,;:!?)\]}\"'<>|=…])")


def phone_number(text: str, start: int, end: int) -> Judged | None:
    """Accept a phone number: with + sure, in a national shape likely, other digits unsure.

    The match is a whole run of digits and separators. Where it is no number, stretches of it that
    have a national shape are tried, so that `room 12 415-555-0100` and `415-555-0100 2 people` are
    found.
    """
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
    joint = _JOINT if sum(map(str.isdigit, written)) <= _MOST_DIGITS else _NARROW_JOINT
    cuts = [gap.span() for gap in _GAP.finditer(written) if not joint.fullmatch(gap[0])]
    begin = 0
    for stop, resume in [*cuts, (len(written), len(written))]:
        yield begin, stop
        words = [word.span() for word in _WORD.finditer(written, begin, stop)]
        for count in range(min(len(words) - 1, _MOST_WORDS), 0, -1):
            for first in range(len(words) - count + 1):
                part = words[first][0], words[first + count - 1][1]
                if _TIGHT.search(written, *part) and _LIKELY_PHONE.fullmatch(written, *part):
                    yield part
        begin = resume - (written[resume - 1 : resume] == "(")


def _judge_phone(text: str, start: int, end: int, written: str) -> Judged | None:
    """Judge one stretch; `written` is it with plain spaces and dashes."""
    if written[0] == "(" and ")" not in written:
        start, written = start + 1, written[1:]
    abroad = _ABROAD.match(written)
    length = _international_length(written, abroad.end()) if abroad else 0
    if abroad and "+" in abroad[0]:
        return _extended(text, start, start + length, Certainty.SURE) if length else None
    before, after = text[max(0, start - 6) : start], text[end : end + 12]
    if (
        _NOT_BEFORE_PHONE.search(before)
        or _NOT_AFTER_PHONE.match(after)
        or _continues_number(before, written)
        or (" " in written and continues_code(text, start))
    ):
        return None
    if length:
        bare = written[:length].isdigit()
        return _extended(text, start, start + length, likely_if(not bare))
    groups = DIGITS.findall(written)
    digits = sum(map(len, groups))
    if not 6 <= digits <= 12 or _NOT_PHONE.fullmatch(written):
        return None
    if digits == 6 and len(groups) < 3:
        return None
    glued = _GLUED_BEFORE.search(before) or _GLUED_AFTER.match(after)
    steps = {high - low for low, high in pairwise(map(int, groups))}
    counting = len(groups) > 2 and len(steps) == 1  # sizes, years: 38 40 42 44
    shaped = _LIKELY_PHONE.fullmatch(written) or (
        _AMBIGUOUS_PHONE.fullmatch(written) and _NOTHING_FOLLOWS.match(text, end)
    )
    certain = bool(shaped) and digits > 6 and not glued and not counting
    return _extended(text, start, end, likely_if(certain))


def _continues_number(before: str, written: str) -> bool:
    """Tell whether a comma before makes the digits the end of a number: 1,234 567 or 0,25 1000."""
    if _FRACTION.match(written):
        return bool(_DECIMAL_COMMA.search(before))
    return bool(_THOUSANDS.match(written) and _THOUSANDS_COMMA.search(before))


def _extended(text: str, start: int, end: int, certainty: Certainty) -> Judged:
    """Take an extension along; a number that has one is likely."""
    extension = _EXTENSION.match(text, end)
    if not extension:
        return Judged(start, end, certainty)
    return Judged(start, extension.end(), max(certainty, Certainty.LIKELY))


def _international_length(written: str, prefix: int) -> int:
    """Return how much of `written` is an international number, 0 when none is.

    Groups that are too many for the country are left out; with any other length it may be mistyped
    and still lead to somebody.
    """
    groups = list(DIGITS.finditer(written.replace("(0)", "   "), prefix))
    digits = "".join(group[0] for group in groups)
    code = _CALLING_CODE.match(digits)
    if not code or code.end() > len(groups[0][0]):
        return 0
    least, most = _NATIONAL_DIGITS.get(code[0], (6, 12))
    national = -code.end()
    fits = 0
    for group in groups:
        national += len(group[0])
        if least <= national <= most:
            fits = group.end()
    if not fits and _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return groups[-1].end()
    return fits
