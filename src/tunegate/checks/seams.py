"""Put together what people cut in two: a value that begins in one message and ends in the next.

Where a message ends with digits and the next of the same speaker begins with some, or one of them
stops at the @ of an address, the two ends make one more text to scan. What is found across the
seam is a span in each of the two.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from tunegate.model import CONTENT

_REACH = 64  # code points on either side of a seam: a value, and the words that say what it is
_FARTHEST = 2  # turns: one of the other speaker may stand between, "go on"
_PAUSE = "[ .…]*"
_DIGITS = r"[0-9][0-9 -]{2,}"


class _Cut(NamedTuple):
    """How values are cut: what one message ends with, what the next begins with, and the join."""

    ends: str
    begins: str
    glue: str

    @property
    def within(self) -> str:
        """The same where the two messages became one turn."""
        return f"{self.ends}{_PAUSE}\n\n{_PAUSE}{self.begins}"


_NUMBERS = _Cut(_DIGITS, _DIGITS, " ")
_BEFORE_AT = _Cut(r"[\w-]", r"@[\w-]{1,63}\.[\w.-]{2}", "")
_AFTER_AT = _Cut(r"[\w-]@", r"[\w-]{1,63}\.[\w.-]{2}", "")
_CUTS = (_NUMBERS, _BEFORE_AT, _AFTER_AT)
_AT = f"{_AFTER_AT.ends}{_PAUSE}$|^{_PAUSE}{_BEFORE_AT.begins}"
_WITHIN = "|".join(f"(?:{cut.within})" for cut in _CUTS)
_BREAK = re.compile(rf"{_PAUSE}\n\n{_PAUSE}")
_PLACE = ["row", "branch", "turn", "part"]

Place = tuple[object, ...]


class Side(NamedTuple):
    """A stretch of a text on one side of a seam."""

    place: Place  # row, branch, turn, part, role
    start: int
    text: str


class Seam(NamedTuple):
    """Two stretches that are one when they are read one after the other."""

    before: Side
    after: Side
    glue: str = " "

    @property
    def text(self) -> str:
        """What they say together."""
        return f"{self.before.text}{self.glue}{self.after.text}"

    def cut(self, start: int, end: int) -> list[tuple[Place, int, int]]:
        """Return the parts of a span of `text`, if it lies on both sides."""
        seam = len(self.before.text)
        beyond = seam + len(self.glue)
        if not start < seam <= beyond < end:
            return []
        first, second = self.before, self.after
        return [
            (first.place, first.start + start, first.start + seam),
            (second.place, second.start, second.start + end - beyond),
        ]


def seams(turns: pl.DataFrame) -> list[Seam]:
    """Return where values may be cut in two, by message or within a turn."""
    said = turns.filter(pl.col("turn").is_not_null(), pl.col("part").str.starts_with(CONTENT))
    spoken = said.select(*_PLACE, "role", "text")
    text = pl.col("text")
    digits = f"{_DIGITS}{_PAUSE}$|^{_PAUSE}{_DIGITS}"
    numbers = spoken.filter(text.str.contains(digits))
    at = spoken.filter(text.str.contains(_AT)).select("row").unique()
    addresses = spoken.join(at, on="row", how="semi", maintain_order="left")
    within = spoken.filter(text.str.contains(_WITHIN))
    return [
        *_between(numbers, _NUMBERS),
        *_between(addresses, _BEFORE_AT),
        *_between(addresses, _AFTER_AT),
        *_all_within(within),
    ]


def _between(spoken: pl.DataFrame, cut: _Cut) -> Iterator[Seam]:
    follows = pl.struct("turn", "part", "text").shift(-1).over("row", "branch", "role")
    following = pl.col("next").struct.field
    some = spoken.with_columns(next=follows).filter(
        pl.col("text").str.contains(f"{cut.ends}{_PAUSE}$"),
        following("text").str.contains(f"^{_PAUSE}{cut.begins}"),
        following("turn") - pl.col("turn") <= _FARTHEST,
    )
    for *place, text, other in some.iter_rows():
        second = (*place[:2], other["turn"], other["part"], place[4])
        yield Seam(_side(tuple(place), text), _side(second, other["text"], first=True), cut.glue)


def _all_within(within: pl.DataFrame) -> Iterator[Seam]:
    for *place, text in within.iter_rows():
        for cut in _CUTS:
            position = 0
            while found := re.compile(cut.within).search(text, position):
                gap = _BREAK.search(text, found.start())
                assert gap
                position = gap.end()
                before = _side(tuple(place), text[: gap.start()])
                after = text[gap.end() : gap.end() + _REACH].partition("\n")[0]
                yield Seam(before, Side(tuple(place), gap.end(), after), cut.glue)


def _side(place: Place, text: str, *, first: bool = False) -> Side:
    if first:
        bare = text.lstrip(" .…")
        return Side(place, len(text) - len(bare), bare[:_REACH].partition("\n")[0])
    bare = text.rstrip(" .…")
    start = max(0, len(bare) - _REACH)
    return Side(place, start, bare[start:])
