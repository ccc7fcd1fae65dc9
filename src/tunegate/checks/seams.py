"""Put together what people cut in two: a number that begins in one message and ends in the next.

Where a message ends with digits and the next of the same speaker begins with some, the two ends
make one more text to scan. What is found across the seam is a span in each of the two.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from tunegate.model import CONTENT

_REACH = 64  # code points on either side of a seam: a value, and the words that say what it is
_FARTHEST = 2  # turns: one of the other speaker may stand between, "go on"
_ENDS = r"[0-9][0-9 -]{2,}[ .…]*$"
_BEGINS = r"^[ .…]*[0-9][0-9 -]{2,}"
_WITHIN = r"[0-9][0-9 -]{2,}[ .…]*\n\n[ .…]*[0-9][0-9 -]{2,}"  # messages that became one turn
_WITHIN_SEAM = re.compile(_WITHIN)
_BREAK = re.compile(r"[ .…]*\n\n[ .…]*")
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

    @property
    def text(self) -> str:
        """What they say together."""
        return f"{self.before.text} {self.after.text}"

    def cut(self, start: int, end: int) -> list[tuple[Place, int, int]]:
        """Return the parts of a span of `text`, if it lies on both sides."""
        seam = len(self.before.text)
        if not start < seam < end - 1:
            return []
        first, second = self.before, self.after
        return [
            (first.place, first.start + start, first.start + seam),
            (second.place, second.start, second.start + end - seam - 1),
        ]


def seams(turns: pl.DataFrame) -> list[Seam]:
    """Return where numbers may be cut in two, by message or within a turn."""
    said = turns.filter(pl.col("turn").is_not_null(), pl.col("part").str.starts_with(CONTENT))
    spoken = said.select(*_PLACE, "role", "text")
    follows = pl.struct("turn", "part", "text").shift(-1).over("row", "branch", "role")
    between = (
        spoken.filter(pl.col("text").str.contains(f"{_ENDS}|{_BEGINS}"))
        .with_columns(next=follows)
        .filter(
            pl.col("text").str.contains(_ENDS),
            pl.col("next").struct.field("text").str.contains(_BEGINS),
            pl.col("next").struct.field("turn") - pl.col("turn") <= _FARTHEST,
        )
    )
    within = spoken.filter(pl.col("text").str.contains(_WITHIN))
    return [*map(_between, between.iter_rows()), *_all_within(within)]


def _between(row: tuple[object, ...]) -> Seam:
    *place, text, following = row
    assert isinstance(following, dict)
    other = (*place[:2], following["turn"], following["part"], place[4])
    return Seam(_side(tuple(place), str(text)), _side(other, following["text"], first=True))


def _all_within(within: pl.DataFrame) -> Iterator[Seam]:
    for *place, text in within.iter_rows():
        position = 0
        while found := _WITHIN_SEAM.search(text, position):
            gap = _BREAK.search(text, found.start())
            assert gap
            position = gap.end()
            before = _side(tuple(place), text[: gap.start()])
            after = text[gap.end() : gap.end() + _REACH].partition("\n")[0]
            yield Seam(before, Side(tuple(place), gap.end(), after))


def _side(place: Place, text: str, *, first: bool = False) -> Side:
    if first:
        bare = text.lstrip(" .…")
        return Side(place, len(text) - len(bare), bare[:_REACH].partition("\n")[0])
    bare = text.rstrip(" .…")
    start = max(0, len(bare) - _REACH)
    return Side(place, start, bare[start:])
