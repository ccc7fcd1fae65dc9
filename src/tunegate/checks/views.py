r"""Show texts to patterns as people read them, and lead what is found back to where it stands.

A view is a text with other characters: full-width and other digits and letters become those of
ASCII, every space ` `, every hyphen `-`; what has no width is gone, a Cyrillic letter within a
Latin word is the Latin one that looks like it, and an escape of JSON (`\n`, `\u00e9`) is what it
stands for. Most texts are their own view.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tunegate.checks.spoken import TRIGGER, spoken

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_HYPHENS = "\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
# Zero-width, directions, soft hyphen, tags, selectors of variants, fillers: nobody sees them.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef"
)
_STYLED = (  # letters, digits and signs in other clothes; and digits of other scripts
    "\u017f\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f\u0ae6-\u0aef"
    "\u0b66-\u0b6f\u0be6-\u0bef\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9"
    "\u0f20-\u0f29\u1040-\u1049\u2024\u212a\u24b6-\u24ea\u2460-\u2468"
    "\u2776-\u277e\uff01-\uff0c\uff0e-\uff5e\U0001d400-\U0001d7ff\U0001f130-\U0001f149"
)
# Cyrillic and Greek letters that look like Latin ones (Unicode's list of confusables).
_LOOKALIKES = str.maketrans(
    "авеіјкмнорсԛѕтухԝһАВЕІЈКМНОРСЅТУХαενικορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "abeijkmhopcqstyxwhABEIJKMHOPCSTYXaevikoptuxABEZHIKMNOPTYX",
)
_ODD = f"[{_SPACES}{_HYPHENS}{_UNSEEN}{_STYLED}]"
_MIXED = r"[A-Za-z0-9@][\u0370-\u04ff]|[\u0370-\u04ff][A-Za-z0-9@]"
_ESCAPED = r'^\s*[\[{"](?s:.)*\\[nrtu"/\\]'
_ESCAPE = re.compile(r'\\(?:u[0-9a-fA-F]{4}|[nrtbf"/\\])')
_NEEDED = f"{_ODD}|{_MIXED}|{_ESCAPED}"
_BETWEEN_WORDS = " \t\n.,;:/-"
_WORD = re.compile(r"[A-Za-z0-9@._%+\u0370-\u04ff-]+")
_MIXED_SIGNS = re.compile(_MIXED)
_JSON = re.compile(r'\s*[\[{"]')
_UNSEEN_SIGN = re.compile(f"[{_UNSEEN}]")
_ESCAPE_OR_UNSEEN = re.compile(f"{_ESCAPE.pattern}|[{_UNSEEN}]")

Places = NDArray[np.int64]


class Shown(NamedTuple):
    """Where each code point of a view stands in the text that it shows: from, and to."""

    starts: Places
    ends: Places


@dataclass(frozen=True)
class Views:
    """What patterns look at.

    texts: the views. source: for each, which of the given texts it shows. shown: of those views
    whose places differ from the text's.
    """

    texts: pl.Series
    source: Places
    shown: Mapping[int, Shown]

    def back(self, view: int, start: int, end: int) -> tuple[int, int]:
        """Return the span of the given text that a span of a view shows."""
        shown = self.shown.get(view)
        if shown is None:
            return start, end
        return int(shown.starts[start]), int(shown.ends[end - 1])


def views(texts: pl.Series) -> Views:
    """Return a view of each text, in order; then one more of those that spell numbers out."""
    shown: dict[int, Shown] = {}
    odd = np.flatnonzero(texts.str.contains(_NEEDED).fill_null(False).to_numpy())
    plain: list[str] = []
    # Text by text: few need it, and what a character becomes depends on its neighbours.
    for place, text in zip(odd.tolist(), texts.gather(odd), strict=True):
        view, where = _view(text)
        plain.append(view)
        if where is not None:
            shown[place] = where
    source = np.arange(len(texts), dtype=np.int64)
    seen = texts.clone().scatter(odd, plain) if odd.size else texts
    spelled: list[str] = []
    of: list[int] = []
    wordy = np.flatnonzero(texts.str.contains(TRIGGER).fill_null(False).to_numpy())
    for place, text in zip(wordy.tolist(), texts.gather(wordy), strict=True):
        digits = spoken(text)
        if digits is not None:
            shown[len(texts) + len(of)] = _spelled(text, digits[1])
            spelled.append(digits[0])
            of.append(place)
    if of:
        seen = pl.concat([seen, pl.Series(seen.name, spelled, dtype=pl.String)])
        source = np.concatenate([source, np.array(of, np.int64)])
    return Views(seen, source, shown)


def _spelled(text: str, places: Sequence[int]) -> Shown:
    """Return where a view of digits leads: to the words, without what stands between them."""
    ends: list[int] = []
    for start, beyond in pairwise(places):
        word = text[start:beyond].rstrip(_BETWEEN_WORDS)
        ends.append(start + max(len(word), 1))
    for at in range(len(ends) - 2, -1, -1):  # several digits of one word end where it does
        if places[at] == places[at + 1]:
            ends[at] = ends[at + 1]
    return Shown(np.array(places[:-1], np.int64), np.array(ends, np.int64))


def _view(text: str) -> tuple[str, Shown | None]:
    pieces = _pieces(text)
    if pieces is None:
        return _alike(text.translate(_plain())), None
    where = Shown(*(np.array(column, np.int64) for column in pieces[1:]))
    return _alike(pieces[0].translate(_plain())), where


def _pieces(text: str) -> tuple[str, list[int], list[int]] | None:
    """Return the text without escapes and unseen signs, with the places of what is left.

    None where it has none of them.
    """
    marks = _ESCAPE_OR_UNSEEN if _JSON.match(text) else _UNSEEN_SIGN
    said: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = 0
    for mark in marks.finditer(text):
        begin, end = mark.span()
        said.append(text[last:begin])
        starts += range(last, begin)
        ends += range(last + 1, begin + 1)
        if mark[0][0] == "\\":
            character = json.loads(f'"{mark[0]}"')
            # Half of a pair stands for no character by itself, and none is looked for.
            said.append("\ufffd" if "\ud800" <= character <= "\udfff" else character)
            starts.append(begin)
            ends.append(end)
        last = end
    if not last:
        return None
    said.append(text[last:])
    starts += range(last, len(text))
    ends += range(last + 1, len(text) + 1)
    return "".join(said), starts, ends


def _alike(text: str) -> str:
    """Return the text with Latin letters where others only look like them, within one word."""
    if not _MIXED_SIGNS.search(text):
        return text
    return _WORD.sub(
        lambda word: word[0].translate(_LOOKALIKES) if _MIXED_SIGNS.search(word[0]) else word[0],
        text,
    )


@cache
def _plain() -> dict[int, str]:
    """Code point → the character of ASCII that people take it for."""
    table = {code: " " for code in _codes(_SPACES)} | {code: "-" for code in _codes(_HYPHENS)}
    for code in _codes(_STYLED):
        sign = chr(code)
        digit = unicodedata.decimal(sign, None)
        folded = unicodedata.normalize("NFKC", sign) if digit is None else str(digit)
        if len(folded) == 1 and folded.isascii():
            table[code] = folded
    return table


def _codes(ranges: str) -> Iterator[int]:
    for span in re.finditer("(.)(?:-(.))?", ranges):
        yield from range(ord(span[1]), ord(span[2] or span[1]) + 1)
