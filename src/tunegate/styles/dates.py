"""Move a written day by some days, in the form in which it is written."""

import re
from datetime import date, timedelta

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
    " dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro"
    " dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
_NAMES = {language: words.split() for language, words in _MONTHS.items()}
_SHORT = 3  # letters of a month's short form; "Sept" is read and written "Sep"
_ORDER = (
    {  # the first language that writes a month like this
        form.casefold(): (language, number, short)
        for short in (True, False)
        for language, names in reversed(_NAMES.items())
        for number, name in enumerate(names, start=1)
        for form in ([name[:_SHORT]] if short else [name])
    }
    | {"sept": ("en", 9, True)}
)

_NUMBERS = re.compile(
    r"(?P<a>[0-9]{4}|[0-9]{1,2})(?P<s>[-./ ]|\. )(?P<b>[0-9]{1,2})(?P=s)(?P<c>[0-9]{4}|[0-9]{2})"
)
_SOLID = re.compile(r"(?P<y>(?:19|20)[0-9]{2})(?P<m>[01][0-9])(?P<d>[0-3][0-9])")
_DAY = r"(?P<day>[0-9]{1,2})(?P<ordinal>(?:st|nd|rd|th|\.|º|er)?)"
_MONTH = r"(?P<month>[^\W\d_]{3,12})(?P<dot>\.?)"
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})?"
_WORDED = (
    re.compile(rf"{_DAY}(?P<gap1>(?: of| de)? |[-/ ]?){_MONTH}(?P<gap2>(?:,? |-|/| de )?){_YEAR}"),
    re.compile(rf"{_MONTH}(?P<gap1>[ -]?){_DAY}(?P<gap2>(?:,? |-)?){_YEAR}"),
)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_CENTURY = 30  # two digits up to it are of this century
_LEAP = 2000  # stands for a year that is not written, and has every day


def shifted(value: str, days: int) -> str | None:
    """Return a written day moved by so many days, or None where it is no day that is understood.

    Of 03/04/1990 the first number is taken for the month, of 03.04.1990 for the day, unless one of
    them is above 12; the form stays the same.
    """
    text = value.strip()
    lead, trail = value[: len(value) - len(value.lstrip())], value[len(value.rstrip()) :]
    moved = _numbers(text, days) or _solid(text, days) or _worded(text, days)
    return None if moved is None else f"{lead}{moved}{trail}"


def _moved(year: int, month: int, day: int, days: int) -> date | None:
    try:
        return date(year, month, day) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def _full(year: str) -> int:
    if len(year) == 4:
        return int(year)
    return int(year) + (2000 if int(year) <= _CENTURY else 1900)


def _as(number: int, like: str) -> str:
    """Return a number with a leading zero where the one that it replaces had one or needs none."""
    if len(like) == 4:
        return f"{number:04d}"
    return f"{number % 100:02d}" if len(like) == 2 else str(number)


def _numbers(text: str, days: int) -> str | None:
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return None
    a, b, c, between = match["a"], match["b"], match["c"], match["s"]
    if len(a) == 4:
        if len(c) > 2:
            return None
        new = _moved(int(a), int(b), int(c), days)
        parts = new and [_as(new.year, a), _as(new.month, b), _as(new.day, c)]
        return between.join(parts) if parts else None
    month_first = int(b) > 12 or (between == "/" and int(a) <= 12)
    month, day = (a, b) if month_first else (b, a)
    new = _moved(_full(c), int(month), int(day), days)
    if new is None:
        return None
    first, second = (new.month, new.day) if month_first else (new.day, new.month)
    return between.join([_as(first, a), _as(second, b), _as(new.year, c)])


def _solid(text: str, days: int) -> str | None:
    match = _SOLID.fullmatch(text)
    if match is None:
        return None
    new = _moved(int(match["y"]), int(match["m"]), int(match["d"]), days)
    return f"{new.year:04d}{new.month:02d}{new.day:02d}" if new else None


def _worded(text: str, days: int) -> str | None:
    match = next(filter(None, (form.fullmatch(text) for form in _WORDED)), None)
    known = _ORDER.get(match["month"].casefold()) if match else None
    if match is None or known is None:
        return None
    language, month, short = known
    new = _moved(_full(match["year"]) if match["year"] else _LEAP, month, int(match["day"]), days)
    if new is None:
        return None
    name = _NAMES[language][new.month - 1]
    named = _cased(name[:_SHORT] if short else name, match["month"]) + match["dot"]
    day = _as(new.day, match["day"]) + _ordinal(new.day, match["ordinal"])
    first, second = (day, named) if match.start("day") == 0 else (named, day)
    year = _as(new.year, match["year"]) if match["year"] else ""
    return f"{first}{match['gap1']}{second}{match['gap2']}{year}"


def _ordinal(day: int, like: str) -> str:
    if like not in ("st", "nd", "rd", "th"):
        return like
    return "th" if day in (11, 12, 13) else _ENDINGS.get(day % 10, "th")


def _cased(name: str, like: str) -> str:
    if like.isupper():
        return name.upper()
    return name.lower() if like.islower() else name[:1].upper() + name[1:]
