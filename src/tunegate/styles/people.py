"""Names of people who do not exist, made of syllables: no list of real names can be used up.

In a large dataset every common name belongs to somebody, and a surrogate must not.
"""

import re
from typing import NamedTuple

from tunegate.styles.draw import Draw


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_FIRST = _listed(
    "Ada Bel Cor Dan Eli Fen Gal Hal Ina Jor Kel Lio Mar Nel Ori Pax Qui Ron Sel Tam Una Ver Wil "
    "Yar Zan Bri Cle Dri Fay Lor"
)
_FIRST_ENDS = _listed(
    "ani aris bet den dis eka enn ero ian ilo ima ina iran ko lan len lis mar mi na nel nor ory "
    "ra ren ri sha tan vi wen"
)
_LAST = _listed(
    "Ald Bar Bram Cald Cran Dor Ell Fair Farn Gar Gold Hart Hazel Holm Ing Kel Lang Lin Mal Mar "
    "Nor Oak Pem Quar Rad Sel Stan Thorn Ulver Var Wal Wex Whit Wold Yar Zell"
)
_LAST_ENDS = _listed(
    "beck berg brook bury combe croft dale den dorf field ford garth gate ham hart holm hurst lake "
    "ley lund mere mond more ness ridge ric shaw sted stone thorpe ton vale wald well wick win"
)
_TITLES = frozenset(
    _listed(
        "mr mrs ms miss mx dr prof sir madam herr frau mme mlle m monsieur madame señor señora sr "
        "sra dhr mevr von van de der den di da del la le el bin al jr ii iii phd"
    )
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_REACHES = 4  # attempts after which names get a syllable more


class Person(NamedTuple):
    """A person who does not exist."""

    first: str
    middle: str
    last: str


def person(draw: Draw) -> Person:
    """Return a name; from some attempts on a longer one."""
    longer = draw.attempt >= _REACHES
    first, middle = (draw.among(_FIRST) + draw.among(_FIRST_ENDS) for _ in range(2))
    last = draw.among(_LAST) + draw.among(_LAST_ENDS)
    if longer:
        first, last = first + draw.among(_FIRST_ENDS), last + draw.among(_LAST_ENDS)
    return Person(first, middle, last)


def renamed(value: str, who: str, other: Person) -> str | None:
    """Return a written name for another person, in the same form.

    who: the fullest name, without spaces and in lower case, which says whether a name that stands
    alone is the first or the last one. Titles and particles stay.
    """
    words = [m for m in _WORD.finditer(value) if m[0].casefold() not in _TITLES]
    if not words:
        return None
    titled = _WORD.search(value) is not None and words[0].start() != _first_word(value)
    alone = words[0][0].casefold()
    ends = who.endswith(alone) and not who.startswith(alone)
    if len(words) == 1:
        names = [other.last if ends or titled else other.first]
    else:
        names = [other.first, *[other.middle] * (len(words) - 2), other.last]
    new: list[str] = []
    last = 0
    for match, name in zip(words, names, strict=True):
        new += [value[last : match.start()], _formed(name, match[0])]
        last = match.end()
    return "".join([*new, value[last:]])


def _first_word(value: str) -> int:
    match = _WORD.search(value)
    return match.start() if match else 0


def _formed(name: str, like: str) -> str:
    if len(like) == 1:
        name = name[0]
    if like.isupper() and len(like) > 1:
        return name.upper()
    return name.lower() if like.islower() else name


def made_up_word(draw: Draw, like: str) -> str:
    """Return a word for a street, a place or a company, in the case of another."""
    return _formed(draw.among(_LAST) + draw.among(_LAST_ENDS), like)
