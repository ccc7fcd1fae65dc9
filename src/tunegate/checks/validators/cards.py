"""What belongs to a payment card beside its number: security code, expiry, PIN, last digits."""

import re
from collections.abc import Mapping

from tunegate.checks.judging import DIGITS, Certainty, Judged, Validator

_LOOK_BACK = 64  # code points: a card number in groups, a date, and the words between
# 13 to 19 digits, then the date of expiry, as people type a whole card in one line.
_CARD = r"(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}"
_EXPIRES = r"(?:(?:exp\w*|valid\w*|until|thru|bis)[:. ]{1,3})?"
_DATE = r"(?:0?[1-9]|1[0-2]) ?[/-] ?(?:20)?[0-9]{2}"
_AFTER_CARD = re.compile(rf"(?i){_CARD}[ ,;|]{{1,3}}{_EXPIRES}\Z")
_AFTER_DATE = re.compile(rf"(?i){_CARD}[ ,;|]{{1,3}}{_EXPIRES}{_DATE}[ ,;|]{{1,3}}\Z")
_MONTH_AND_YEAR = re.compile(r"(0?[1-9]|1[0-2])[^0-9]{1,3}((?:20)?[0-9]{2})")
_UNIT = re.compile(
    r" ?(?:[%€$£¥°]|(?:times|days?|hours?|minutes?|mins?|seconds?|secs?|weeks?|months?|years?"
    r"|people|guests?|items?|digits?|stellig\w*|Uhr|am|pm|euros?|dollars?|usd|eur|gbp|chf|kg|km|x)\b)",
    re.IGNORECASE,
)
_MONEY = re.compile(r"(?:[$€£¥₹]|\b(?:USD|EUR|GBP|CHF|Rs)) ?\Z")
_AMOUNT_BEFORE = re.compile(
    r"\b(?:balance|total|amount|price|budget|room|year|model|since)\b", re.I
)
_AMOUNT_WINDOW = 24
_LAST_FOUR = 4
# What else expires in a month, where its name stands before the verb.
_OTHER_EXPIRY = re.compile(
    r"passport|licen[cs]e|\bvisas?\b|coupon|voucher|warrant|subscription|membership|contract|policy"
    r"|milk|food|best before|offer|promo|certificate|domain|gutschein|garant|vertrag|ausweis"
    r"|reisepass|passeport|permis|pasaporte|carnet|patente|abono|abonnement",
    re.IGNORECASE,
)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a number is no amount, no count and no part of a longer one."""
    if _MONEY.search(text, max(0, start - 5), start) or _UNIT.match(text, end):
        return False
    return not (text[end : end + 1] in tuple(".,:/-") and text[end + 1 : end + 2].isdigit())


def card_security_code(text: str, start: int, end: int) -> Judged | None:
    """Accept three or four digits; certain only where card and expiry stand before."""
    if not stands_alone(text, start, end):
        return None
    follows = _AFTER_DATE.search(text, max(0, start - _LOOK_BACK), start)
    return Judged(start, end, Certainty.SURE if follows else Certainty.UNSURE)


def card_expiry(text: str, start: int, end: int) -> Judged | None:
    """Accept a month and year that a card in use can have; likely after a card number."""
    written = _MONTH_AND_YEAR.fullmatch(text, start, end)
    if written is None or not 15 <= int(written[2]) % 100 <= 60:
        return None
    first = max(0, start - _LOOK_BACK)
    if _AFTER_CARD.search(text, first, start):
        return Judged(start, end, Certainty.SURE)
    other = _OTHER_EXPIRY.search(text, first, start)
    return None if other else Judged(start, end, Certainty.UNSURE)


def card_pin(text: str, start: int, end: int) -> Judged | None:
    """Accept four to six digits that are no amount and no count."""
    if _AMOUNT_BEFORE.search(text, max(0, start - _AMOUNT_WINDOW), start):
        return None
    return Judged(start, end, Certainty.UNSURE) if stands_alone(text, start, end) else None


def card_last_digits(text: str, start: int, end: int) -> Judged | None:
    """Accept the last four digits of what matched; likely where stars stand for the others."""
    groups = list(DIGITS.finditer(text, start, end))
    begin, stop = groups[-1].span()
    if stop - begin != _LAST_FOUR or not stands_alone(text, begin, stop):
        return None
    hidden = start < begin
    return Judged(begin, stop, Certainty.LIKELY if hidden else Certainty.UNSURE)


CARDS: Mapping[str, Validator] = {
    "card-expiry": card_expiry,
    "card-last-digits": card_last_digits,
    "card-pin": card_pin,
    "card-security-code": card_security_code,
}
