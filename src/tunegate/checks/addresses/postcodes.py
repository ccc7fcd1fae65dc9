"""Postcodes: which digits and letters are one by themselves, and which need a word beside them."""

import re

from tunegate.checks.addresses.lexicon import STATE, STATE_NAME
from tunegate.checks.judging import Certainty, Judged, likely_if

# The 124 postcode areas of the United Kingdom and the Crown dependencies (Royal Mail).
_UK_AREAS = frozenset(
    """
    AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC
    EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS
    LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP
    SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE BF BX GIR
    """.split()  # noqa: SIM905 - a block of codes is easier to check than a list
)
_UK = re.compile(
    r"([A-Z]{1,2})(?:[0-9]{1,2}|[0-9][A-HJKMNPR-Y])(?P<gap>[ ]?)[0-9][ABD-HJLNP-UW-Z]{2}",
    re.IGNORECASE,
)
_CANADA = re.compile(
    r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z](?P<gap>[ -]?)[0-9][A-Z][0-9]", re.I
)
_DUTCH = re.compile(r"[1-9][0-9]{3} ?(?!SA|SD|SS)[A-Z]{2}")
_WITH_COUNTRY = re.compile(
    r"(?:A|B|CH|CZ|D|DK|E|F|FI|FIN|FL|H|HR|I|L|LT|LV|N|NL|NO|PL|S|SE|SI|SK)-"
)
_JAPAN = re.compile(r"〒 ?[0-9]{3}-[0-9]{4}")
_GROUPED = re.compile(r"[0-9]{2}-[0-9]{3}|[0-9]{4}-[0-9]{3}|[0-9]{5}-[0-9]{3}|[0-9]{3} [0-9]{2}")
_ZIP = re.compile(r"[0-9]{5}(?:-[0-9]{4})?")
_AFTER_STATE = re.compile(rf"(?:(?:,[ ]?|[a-z][ ])(?:{STATE})\.?|(?:{STATE_NAME}))[ ,]{{1,2}}\Z")
_AFTER_PIN = re.compile(r"\bpin(?: ?code)?\W{1,3}(?:is )?\Z", re.IGNORECASE)  # India
_OPENS = re.compile(r"(?:\A|[\n,;:(>])\s*\Z")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_TOWN = re.compile(r" [^\W\d_][^\W\d_]{2,}")
_GLUED = re.compile(r"(?<!\\)[\w$€£¥#@/.:+-]\Z|\\(?![nrt])\w\Z|[0-9],\Z")
_NOT_AFTER = re.compile(r"[\w@/%€$£¥-]|[.:][0-9]| ?(?:%|€|\$|£)")
_DECIMALS = re.compile(r",[0-9]{1,3}(?![0-9])")
_WINDOW = 24  # code points before, in which a state's name ends


def postcode(text: str, start: int, end: int) -> Judged | None:
    """Accept a postcode: likely where its form or what stands beside it shows one, else unsure."""
    before = text[max(0, start - _WINDOW) : start]
    digits = text[start:end].isdigit()
    if _NOT_AFTER.match(text, end) or (digits and _DECIMALS.match(text, end)):
        return None
    if _GLUED.search(before) and (digits or not before.endswith(",")):
        return None
    certainty = _certainty(text[start:end], before, _names_town(text, end))
    return Judged(start, end, certainty) if certainty else None


def _certainty(written: str, before: str, town: bool) -> Certainty | None:
    british = _UK.fullmatch(written)
    if british:
        if british[1].upper() not in _UK_AREAS:
            return None
        return likely_if(written.isupper() and bool(british["gap"]))
    canadian = _CANADA.fullmatch(written)
    if canadian:
        return likely_if(written.isupper() and bool(canadian["gap"]))
    if _JAPAN.fullmatch(written):
        return Certainty.SURE
    if written[0].isalpha():
        return likely_if(town) if _WITH_COUNTRY.match(written) else None
    if _DUTCH.fullmatch(written):
        return likely_if(town and not _YEAR.match(written))
    if _ZIP.fullmatch(written) and _AFTER_STATE.search(before):
        return Certainty.LIKELY
    if len(written) > 5 and _AFTER_PIN.search(before):
        return Certainty.LIKELY
    # Where a line or a part of an address begins: "from 28-100 Items" has none.
    opens = _OPENS.search(before) is not None
    return likely_if(town and opens and bool(_GROUPED.fullmatch(written)))


def _names_town(text: str, end: int) -> bool:
    """Tell whether a word with a capital follows, as a town does: `4050-262 Porto`."""
    town = _TOWN.match(text, end)
    return town is not None and town[0][1].isupper() and not town[0][1:].isupper()
