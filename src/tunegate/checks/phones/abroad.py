"""Numbers with a country's calling code: how much of a run of digits is one."""

import re

from tunegate.checks.judging import DIGITS
from tunegate.checks.phones.plans import LENGTHS

ABROAD = re.compile(r"\(?\+ ?\(?|00[ -]?|011[ -]")

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
# Digits after the calling code, where people's numbers are all of a length that service numbers
# of the same plan are not.
_PEOPLE = {
    "1": (10, 10), "7": (10, 10), "27": (9, 9), "30": (10, 10), "31": (8, 9), "32": (8, 9),
    "41": (9, 9), "48": (9, 9), "52": (10, 11), "55": (10, 11), "90": (10, 10), "91": (10, 10),
    "351": (9, 9),
}  # fmt: skip
_SMALL = 7  # digits: where a country's numbers have no more, they may also be shorter than six
_LENGTHS = {
    code: (least if most <= _SMALL else max(least, 6), most)
    for (least, most), codes in LENGTHS.items()
    for code in codes.split()
} | _PEOPLE
_FEWEST_DIGITS, MOST_DIGITS = 8, 15  # with the country's; E.164 and what is in use


def international_length(written: str, prefix: int) -> int:
    """Return how much of `written` is an international number, 0 when none is.

    Groups that are too many for the country are left out; with any other length it may be mistyped
    and still lead to somebody.
    """
    groups = list(DIGITS.finditer(written.replace("(0)", "   "), prefix))
    digits = "".join(group[0] for group in groups)
    code = _CALLING_CODE.match(digits)
    if not code or code.end() > len(groups[0][0]):
        return 0
    least, most = _LENGTHS.get(code[0], (6, 12))
    national = -code.end()
    fits = 0
    for group in groups:
        national += len(group[0])
        if least <= national <= most:
            fits = group.end()
    if not fits and _FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return groups[-1].end()
    return fits
