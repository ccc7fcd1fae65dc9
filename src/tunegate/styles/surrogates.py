"""Values that look real and are nobody's, as far as that can be known."""

import re
from collections.abc import Callable

from tunegate.checks.judging import Judged
from tunegate.checks.validators import VALIDATORS
from tunegate.styles.draw import Draw
from tunegate.styles.kinds import Kind
from tunegate.styles.numbers import (
    account,
    checked,
    hardware,
    internet_address,
    phone,
    social_security,
    varied,
)
from tunegate.styles.people import made_up_word, person, renamed

_HOSTS = ("example.com", "example.org", "example.net")  # RFC 2606
_KEPT = {Kind.CARD: 4, Kind.ACCOUNT: 2}  # the scheme; the country
_CHECKED = (Kind.CARD, Kind.ACCOUNT, Kind.CODE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_OF_STREETS = (  # words that tell what a thing is, not which
    "street road avenue lane drive court place square boulevard way close terrace crescent apt "
    "unit suite floor flat box str straße strasse weg platz allee gasse rue route chemin calle "
    "avenida plaza paseo via viale piazza corso rua praça laan straat plein the and und der die "
    "des del las los north south east west ltd inc llc gmbh"
)
_STREET = frozenset(_OF_STREETS.split())


def surrogate(value: str, kind: Kind, validator: str | None, who: str, draw: Draw) -> str | None:
    """Return a value of the same shape, or None where none can be made up.

    validator: of the rule, which must accept it as surely as the value. who: the fullest name of
    the person, without spaces and in lower case.
    """
    if kind in (Kind.SECRET, Kind.DATE):
        return None
    if kind is Kind.EMAIL:
        return _email(value, draw)
    if kind is Kind.NAME:
        return renamed(value, who, person(draw))
    if kind is Kind.SSN:
        return social_security(value, draw)
    if kind is Kind.IP:
        return internet_address(value, draw)
    if kind is Kind.URL:
        scheme, between, _ = value.rpartition("://")
        return f"{scheme}{between}{draw.among(_HOSTS)}/{made_up_word(draw, 'x')}"
    if kind is Kind.PHONE:
        return phone(value, draw)
    if kind is Kind.WORDS:
        return _words(value, draw)
    if validator == "mac-address":
        return hardware(value, draw)
    valid = _accepts(validator, value) if kind in _CHECKED else None
    if valid is not None and validator == "iban":
        return account(value, draw, valid)
    if valid is not None:
        return checked(value, draw, valid, keep=_KEPT.get(kind, 0))
    return varied(value, draw, keep=_KEPT.get(kind, 0))


def _accepts(validator: str | None, value: str) -> Callable[[str], bool] | None:
    """Return what tells whether a value is as valid as this one; None where nothing does."""
    judge = VALIDATORS.get(validator or "")
    judged = judge(value, 0, len(value)) if judge and value else None
    if judge is None or judged is None or not _whole(judged, value):
        return None
    least = judged.certainty

    def accepts(candidate: str) -> bool:
        other = judge(candidate, 0, len(candidate))
        return other is not None and _whole(other, candidate) and other.certainty >= least

    return accepts


def _whole(judged: Judged, value: str) -> bool:
    return (judged.start, judged.end) == (0, len(value))


def _email(value: str, draw: Draw) -> str:
    name, _, _ = value.rpartition("@")
    other = person(draw)
    parts = [part.lower() for part in (other.first, other.last)]
    divider = next((sign for sign in "._-" if sign in name), "")
    digits = "".join(str(draw.below(10)) for sign in name if sign.isdigit())[:4]
    return f"{divider.join(parts)}{digits}@{draw.among(_HOSTS)}"


def _words(value: str, draw: Draw) -> str:
    new: list[str] = []
    last = 0
    for match in _WORD.finditer(value):
        word = match[0]
        kept = word.casefold() in _STREET
        new += [
            varied(value[last : match.start()], draw),
            word if kept else made_up_word(draw, word),
        ]
        last = match.end()
    return "".join([*new, varied(value[last:], draw)])
