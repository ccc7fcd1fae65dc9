"""The word lists as parts of regular expressions, and what a word looks like."""

import re
from collections.abc import Iterable

from tunegate.checks.addresses import words


def any_of(listed: Iterable[str]) -> str:
    """Return an alternation, longest first, so that `avenue` is not read as `av`."""
    return "|".join(re.escape(word) for word in sorted(set(listed), key=lambda w: (-len(w), w)))


def names(block: str) -> str:
    """Return an alternation of names of several words, divided by semicolons in a block."""
    listed = [" ".join(name.split()) for name in block.replace("\n", "").split(";")]
    return "|".join(
        re.escape(name).replace(r"\ ", r"\x20")
        for name in sorted(filter(None, listed), key=lambda n: (-len(n), n))
    )


# All of them may stand in a verbose pattern.
SPACE = r"[\x20\t]{1,2}"
# A name, bounded so that what a hostile text repeats costs no more than a long text.
WORD = r"[^\W\d_][\w'’-]{0,24}\.?"
ORDINAL = r"[0-9]{1,3}(?:st|nd|rd|th)"
HOUSE = (
    r"[0-9]{1,5}(?:[A-Za-z](?:/[0-9]{1,3})?(?![\w'’])|\x20[a-h](?=[,.\n]|\Z)"
    r"|\x20?-\x20?[0-9]{1,4}[A-Za-z]?(?!\w)|(?:\x20?/\x20?[0-9]{1,4}){1,3}[A-Za-z]?(?!\w)|/[A-Z](?!\w)"
    r"|\x20½|\b)"
)
DIRECTION = rf"(?:{any_of(words.DIRECTIONS)})(?![\w])"
STREET_TYPE = any_of([*words.STREET_TYPES, *words.DOUBTFUL_TYPES, *words.RARE_TYPES])
UNIT = (
    rf"(?:(?:{any_of(words.UNITS)})(?:\x20(?:no\.?|nr\.?|number))?"
    r"(?:\x20?\#?\x20?[0-9]{1,5}(?:\x20?-?[A-Za-z](?!\w)|-[0-9]{1,4})?"
    r"|(?:\x20\#?\x20?|\#)[A-Z](?:-?[0-9]{1,4})?)(?!\w)"
    r"|(?<!&)\#\x20?(?:[0-9]{1,5}[A-Za-z]?|[A-Z][0-9]{0,4})(?!\w)"
    r"|(?:[0-9]{1,2}(?:st|nd|rd|th)|first|second|third|fourth|ground|top)\x20(?:floor|fl\.?)\b"
    r"|[0-9]{1,2}[ºª°](?:\x20[A-Z]\b|\x20(?:izq|der|dcha|esq|dto)\w{0,6}\.?)?"
    r"|[0-9]{1,2}\.\x20(?:OG|UG|Stock|Etage|sal|tv|th|mf)\b\.?)"
)
STATE = any_of(words.STATES)
STATE_NAME = names(words.STATE_NAMES)
COUNTRY = names(words.COUNTRIES)


def is_capital(word: str) -> bool:
    """Tell whether a word begins with a capital letter or a digit."""
    return word[:1].isupper() or word[:1].isdigit() or word[:1] in "'’"


def is_particle(word: str) -> bool:
    """Tell whether a word is one that names of streets and towns write in small letters."""
    return word.lower() in words.PARTICLES or word[:2].lower() in ("d'", "l'", "d’", "l’")
