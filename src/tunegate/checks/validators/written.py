"""Make a validator of what is known about one identifier: its checksum and how it is written."""

import re
from collections.abc import Callable

from tunegate.checks.judging import Certainty, Judged, Validator, likely_if
from tunegate.checks.validators.checksums import is_one_sign

Valid = Callable[[str], bool]

UNSURE, LIKELY, SURE = Certainty.UNSURE, Certainty.LIKELY, Certainty.SURE


def signs_of(written: str) -> str:
    """Return letters and digits in upper case, without what stands between them."""
    return "".join(filter(str.isalnum, written)).upper()


def identifier(
    valid: Valid,
    *,
    form: str | None = None,
    formed: Certainty | Valid = LIKELY,
    alone: Certainty | Valid = UNSURE,
) -> Validator:
    """Return a validator that accepts what is `valid`, and never one sign repeated.

    valid: told the letters and digits alone. form: a regular expression for a way of writing it
    that few other things share. formed, alone: how certain a match is that is written so, and any
    other; or which of the values are likely, because hardly a random number has their structure.
    """
    customary = re.compile(form or "(?!)", re.IGNORECASE)

    def judge(text: str, start: int, end: int) -> Judged | None:
        written = text[start:end]
        signs = signs_of(written)
        if is_one_sign(signs) or not valid(signs):
            return None
        rule = formed if customary.fullmatch(written) else alone
        if isinstance(rule, Certainty):
            return Judged(start, end, rule)
        return Judged(start, end, likely_if(rule(signs)))

    return judge
