"""Numbers of documents that only the words near them make known, in any country."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import Certainty, Judged, Validator
from tunegate.checks.validators.checksums import is_one_sign
from tunegate.checks.validators.written import signs_of

_MONTH = r"(?:0?[1-9]|1[0-2]|[A-Za-z]{3})"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR = r"(?:19|20)[0-9]{2}"
_NO_DOCUMENT = re.compile(  # a date, an amount, a size, a version, a stretch of years
    rf"""(?xi){_DAY}[ ./-]{_MONTH}[ ./-](?:{_YEAR}|[0-9]{{2}}) | {_MONTH}[ ./-]{_DAY}[ ./-]{_YEAR}
    | {_YEAR}[ ./-]{_MONTH}[ ./-]{_DAY} | {_YEAR}[ /-]{_YEAR}
    | {_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[0-9]{{4}}|[0-9]{{6}})?
    | [0-9]{{1,3}}(?:[., ][0-9]{{3}})+[.,][0-9]{{1,2}} | [0-9]+[.,][0-9]{{1,2}}
    | [0-9]+[x*][0-9]+ | v?[0-9]{{1,2}}(?:\.[0-9]{{1,3}}){{2,3}}"""
)
# Words, not codes: `covid19`, `iphone15`, `windows-11`.
_WORD = re.compile(r"[A-Za-z]{5}|[a-z]{4}|[A-Z][a-z]{2}")


def document_number(text: str, start: int, end: int) -> Judged | None:
    """Accept 6 to 16 letters and digits, three of them digits, that are no date, amount or word."""
    written = text[start:end]
    signs = signs_of(written)
    if not 6 <= len(signs) <= 16 or is_one_sign(signs) or sum(map(str.isdigit, signs)) < 3:
        return None
    if _NO_DOCUMENT.fullmatch(written) or _WORD.search(written):
        return None
    return Judged(start, end, Certainty.UNSURE)


DOCUMENTS: Mapping[str, Validator] = {"document-number": document_number}
