"""Numbers by which a company knows a person: accounts, orders, tickets, bookings."""

import re
from collections.abc import Mapping
from functools import partial

from tunegate.checks.judging import Certainty, Judged, Validator
from tunegate.checks.validators.cards import stands_alone
from tunegate.checks.validators.labels import (
    OTHER_NUMBERS,
    Label,
    label_after,
    label_before,
    label_words,
)
from tunegate.checks.validators.purchases import PURCHASE_WORDS, is_of_purchase

# What a pattern that begins at a digit leaves out on the left: "ORD-" of ORD-4711.
_HEAD = re.compile(r"(?:[A-Za-z][A-Za-z0-9]{0,11}[-_/]?){1,3}\Z")
_HEAD_WINDOW = 24
_JOINING = "/@.&?%_~+-"
_UNSPACED_SCRIPTS = "\u2e80"  # Chinese, Japanese and Korean letters stand right beside a number
_SPACED_HEAD = re.compile(r"(?<![A-Za-z0-9'’])[A-Z]{1,4} \Z")
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}[-/ ][0-9]{1,2}(?:[-/ ][0-9]{1,2})?(?:T.*)?"
    r"|[0-9]{1,2}[-/ ][0-9]{1,2}[-/ ](?:19|20)?[0-9]{2}|[0-9]{1,2}/[0-9]{1,4}"
    r"|[0-9]{1,2}(?:st|nd|rd|th)[-/].*"
    r"|[0-9]+(?:st|nd|rd|th|am|pm|h|min|mins|x|kg|g|km|cm|mm|ml|gb|mb|tb|k|m|d|s|w|v|mah|hz|p)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_FEWEST_SIGNS = 3  # of a number that is named in so many words
_FEWEST_BARE = 5  # of one after a noun alone: "order 20 of them", "case 12", "account 2019"
_FEWEST_SURE = 4
_MOST_SIGNS = 34
# An answer begins with few words, none of which names another number.
_LEAD = re.compile(r"\W*(?:[^\W\d_]+(?:[\W]{1,4}[^\W\d_]+){0,9}\W{0,4})?\Z")
_LAST_WORD = re.compile(  # "sure, ", "I think it's ", "the number is "
    r"(?i)(?:\A|[^\w\s]\s*|\n"
    r"|\b(?:is|it'?s|its|yes|yeah|sure|ok|okay|course|number|no|here|think|be|and|or|ist|lautet|ja|sind"
    r"|est|oui|es|sí|si|è|é|sim|sono|are|was|for|id|account|order) )\Z"
)
_LEAD_WINDOW = 64
_WORD = re.compile(r"[^\W\d_]+")
_STREET = re.compile(
    r"(?: [A-Z][a-zà-ÿ.]+){1,3}"
    r" (?:Street|St|Road|Rd|Ave(?:nue)?|Lane|Ln|Drive|Dr|Court|Ct|Blvd|Boulevard|Way|Place|Pl)\b"
)


def _whole(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span with the letters before it; None where it is a part of something else."""
    head = _HEAD.search(text, max(0, start - _HEAD_WINDOW), start)
    begin = head.start() if head else start
    if begin < start and text[begin - 1 : begin] == "\\":  # the n of a line feed in JSON
        begin += 1
    before = text[begin - 1 : begin]
    if before and before < _UNSPACED_SCRIPTS and (before.isalnum() or before in _JOINING):
        return None
    if text[end : end + 1] in ("@", "%", "_", "=", "°") or text[end : end + 3] == "://":
        return None
    return begin, end


def _groups_end(text: str, start: int, end: int) -> int:
    """Return where a number in groups ends: "8573 1890 12" goes on, "4711 20 pieces" does not."""
    groups = text[start:end].split(" ")
    stop = start + len(groups[0])
    for place, group in enumerate(groups[1:], 1):
        if len(group) < 3 and len(group) != len(groups[0]) and place < 3:
            break
        stop += 1 + len(group)
    return stop


def _fits(value: str, label: Label) -> bool:
    """Tell whether a value is long enough for how plainly it is named."""
    signs = [sign for sign in value if sign.isalnum()]
    digits = sum(sign.isdigit() for sign in signs)
    if len(signs) > _MOST_SIGNS or _DATE.fullmatch(value):
        return False
    if label.explicit:
        return len(signs) >= (_FEWEST_SIGNS if digits > 1 else _FEWEST_BARE)
    if digits < len(signs) or digits >= _FEWEST_BARE:
        return digits >= _FEWEST_SIGNS and len(signs) >= _FEWEST_SURE
    return digits == _FEWEST_SURE and not (_YEAR.fullmatch(value) or value.endswith("00"))


def _is_answer(text: str, begin: int, end: int) -> bool:
    """Tell whether a value may be what the message before asked for."""
    value = text[begin:end]
    if begin > _LEAD_WINDOW or _DATE.fullmatch(value) or not _LEAD.match(text, 0, begin):
        return False
    if not _LAST_WORD.search(text, 0, begin):
        return False
    if _STREET.match(text, end):
        return False
    words = [word.lower() for word in _WORD.findall(text[:begin])]
    signs = sum(sign.isalnum() for sign in value)
    fewest = _FEWEST_BARE if words or len(text) > end + 2 else _FEWEST_SURE
    digits = sum(sign.isdigit() for sign in value)
    return signs >= fewest and digits >= 2 and not OTHER_NUMBERS.intersection(words)


def named_number(text: str, start: int, end: int, *, kind: str) -> Judged | None:
    """Accept a number that the words beside it call by this kind; an answer is unsure."""
    whole = _whole(text, start, end)
    if whole is None:
        return None
    begin, stop = whole[0], _groups_end(text, start, end)
    if not stands_alone(text, begin, stop):
        return None
    label = label_before(text, begin)
    if label is None:
        spaced = _SPACED_HEAD.search(text, max(0, begin - 5), begin)
        named = label_before(text, spaced.start()) if spaced else None
        if spaced and named and named.explicit and spaced[0][:-1].lower() not in OTHER_NUMBERS:
            begin, label = spaced.start(), named
    label = label or label_after(text, stop)
    if label is not None:
        fits = label.kind == kind and _fits(text[begin:stop], label)
        return Judged(begin, stop, Certainty.LIKELY) if fits else None
    if kind == "order-number" and is_of_purchase(text, begin, stop):
        return Judged(begin, stop, Certainty.LIKELY)
    return Judged(begin, stop, Certainty.UNSURE) if _is_answer(text, begin, stop) else None


def booking_reference(text: str, start: int, end: int) -> Judged | None:
    """Accept a booking's number, or the six capital letters of an airline's record locator."""
    if any(sign.isdigit() for sign in text[start:end]):
        return named_number(text, start, end, kind="booking-reference")
    before = text[max(0, start - _LEAD_WINDOW) : start]
    if before.isupper():  # "BOOKING NUMBER PLEASE"
        return None
    label = label_before(text, start)
    if label is not None:
        named = label.kind == "booking-reference" and label.explicit
        return Judged(start, end, Certainty.LIKELY) if named else None
    answers = start <= _LEAD_WINDOW and _LEAD.match(text, 0, start)
    return Judged(start, end, Certainty.UNSURE) if answers else None


_KINDS = (
    "account-number",
    "booking-reference",
    "order-number",
    "policy-number",
    "serial-number",
    "ticket-number",
    "tracking-number",
)
ACCOUNT_WORDS = {kind: label_words(kind) for kind in _KINDS}
ACCOUNT_WORDS["order-number"] |= PURCHASE_WORDS

ACCOUNTS: Mapping[str, Validator] = {
    **{kind: partial(named_number, kind=kind) for kind in _KINDS},
    "booking-reference": booking_reference,
}
