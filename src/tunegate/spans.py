"""Spans in one text: which of them win, where JSON can be cut, and where each stands afterwards."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

_SPACES = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[()\-/]+")
_LONG_NUMBER = 9  # digits; shorter ones may be dates, where 1/12 is not 11/2

# JSON in pieces: a quote, an escape, or what stands between them.
_PIECES = re.compile(r'"|\\(?:u[0-9a-fA-F]{4}|.)|[^"\\]+', re.DOTALL)
_BARE = re.compile(r"[^\s{}\[\],:]+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


class Span(NamedTuple):
    """A stretch of a text that a rule found; kind and entity as in `FINDINGS`."""

    start: int
    end: int
    rule: str
    kind: str | None = None
    entity: int | None = None


class Spot(NamedTuple):
    """A stretch of a source text that is replaced.

    who: what equal values have in common, or the fullest name of a person. bare: it stands where
    JSON has a number, not within a string.
    """

    start: int
    end: int
    rule: str
    label: str
    placeholder: str
    who: str
    bare: bool
    round: int


class Place(NamedTuple):
    """Where a replacement stands in a new text, and where with the quotes that it got."""

    start: int
    end: int
    first: int
    beyond: int


@dataclass
class Edited:
    """A text and what is replaced in it, in order and without overlaps."""

    source: str
    is_json: bool = False
    spots: list[Spot] = field(default_factory=list)

    def written(self, replacements: Sequence[str]) -> tuple[str, list[Place]]:
        """Return the text with a replacement for each spot, and where they stand."""
        parts: list[str] = []
        places: list[Place] = []
        last = length = 0
        for spot, new in zip(self.spots, replacements, strict=True):
            # What was a number becomes a text, unless it is a number again.
            quote = '"' if spot.bare and not _NUMBER.fullmatch(new) else ""
            first = length + spot.start - last
            start = first + len(quote)
            end = start + len(new)
            places.append(Place(start, end, first, end + len(quote)))
            parts += [self.source[last : spot.start], quote, new, quote]
            last, length = spot.end, end + len(quote)
        return "".join([*parts, self.source[last:]]), places

    def in_source(self, spans: Sequence[Span]) -> list[Span]:
        """Return where spans of the text with placeholders stand in the source.

        One that meets a placeholder takes it along whole. One that holds nothing else is left out:
        there is nothing more to replace.
        """
        if not self.spots:
            return list(spans)
        text, places = self.written([spot.placeholder for spot in self.spots])
        firsts = [place.first for place in places]
        beyonds = [place.beyond for place in places]
        back: list[Span] = []
        for span in spans:
            at, after = bisect_right(beyonds, span.start), bisect_left(firsts, span.end)
            kept, last = "", span.start
            for place in places[at:after]:
                kept += text[last : place.first]
                last = place.beyond
            if at < after and not any(map(str.isalnum, kept + text[last : span.end])):
                continue
            start = self._source_of(span.start, at, places, inside=at < after)
            if at < after and places[after - 1].beyond > span.end:
                end = self.spots[after - 1].end
            else:
                end = self._source_of(span.end, after, places, inside=False)
            back.append(span._replace(start=start, end=end))
        return back

    def _source_of(self, place: int, number: int, places: list[Place], *, inside: bool) -> int:
        if inside and places[number].first <= place:
            return self.spots[number].start
        if number == 0:
            return place
        return place - places[number - 1].beyond + self.spots[number - 1].end


def same_value(text: str) -> str:
    """Return what two spellings of one value have in common."""
    value = _SPACES.sub("", text).casefold()
    digits = sum(map(str.isdigit, value))
    if digits >= _LONG_NUMBER and not any(map(str.isalpha, value)):
        value = _PUNCTUATION.sub("", value)
    return value or text


def merged(old: Sequence[Spot], new: Sequence[Spot]) -> list[Spot]:
    """Return spots in order, where a new one takes along the old ones that it meets."""
    if not old:
        return list(new)
    whole: list[Spot] = []
    for spot in sorted([*old, *new], key=lambda s: (s.start, s.end)):
        if whole and spot.start < whole[-1].end:
            before = whole[-1]
            later = max(before, spot, key=lambda s: s.round)
            bare = before.bare if before.start <= spot.start else spot.bare
            whole[-1] = later._replace(
                start=min(before.start, spot.start), end=max(before.end, spot.end), bare=bare
            )
        else:
            whole.append(spot)
    return whole


def fitted(text: str, spans: Sequence[Span]) -> tuple[list[Span], frozenset[int]]:
    """Widen spans so that no escape, number or word of a JSON text is cut in two.

    Returns as well where those start that stand outside of a string.
    """
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return list(spans), frozenset()
    starts: list[int] = []
    ends: list[int] = []
    outside: list[bool] = []
    quoted = False
    for piece in _PIECES.finditer(text):
        if piece[0] == '"':
            quoted = not quoted
        elif not quoted or piece[0][0] == "\\":
            for unit in (piece,) if quoted else _BARE.finditer(text, *piece.span()):
                starts.append(unit.start())
                ends.append(unit.end())
                outside.append(not quoted)
    widened: list[Span] = []
    bare: set[int] = set()
    for span in spans:
        start, end = span.start, span.end
        first, beyond = bisect_right(ends, start), bisect_left(starts, end)
        if first < beyond:  # it touches these units
            start, end = min(start, starts[first]), max(end, ends[beyond - 1])
            if outside[first] and not text[start : starts[first]].strip():
                bare.add(start)
        widened.append(span._replace(start=start, end=end))
    return widened, frozenset(bare)


def without_overlaps(spans: Sequence[Span], priority: Mapping[str, int]) -> list[Span]:
    """Return the spans that win against those that they overlap, in order."""
    kept: list[Span] = []
    starts: list[int] = []

    def strength(span: Span) -> tuple[object, ...]:
        length = span.end - span.start
        entity = -1 if span.entity is None else span.entity
        return -priority[span.rule], -length, span.start, span.rule, -entity, span.kind or ""

    # They never overlap each other, so only the neighbours of a new one can stand in its way.
    for span in sorted(set(spans), key=strength):
        place = bisect_left(starts, span.start)
        before_ends = place == 0 or kept[place - 1].end <= span.start
        if before_ends and (place == len(kept) or span.end <= kept[place].start):
            kept.insert(place, span)
            starts.insert(place, span.start)
    return kept
