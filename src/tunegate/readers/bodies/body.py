"""Reduce the messages of a conversation to what each of them says itself."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from tunegate.readers.bodies import mojibake
from tunegate.readers.bodies.html import Marked, to_marked, to_text
from tunegate.readers.bodies.quotes import Earlier, is_mostly_known, quoted
from tunegate.readers.bodies.said import Line, Said, lines_of
from tunegate.readers.bodies.signatures import repeated, tail

QUOTED_TEXT = "quoted text"
SIGNATURE = "signature"
REPAIRED = "repaired"
BETWEEN = "\n\n"  # a blank line where something was cut out of the middle

_LINE_END = re.compile(r"\r\n?")
_MOST_ROUNDS = 4  # below a signature there may be a quote, and below that a signature


class Body(NamedTuple):
    """What one message says, as the source gives it.

    html: it is HTML, and else plain text. mail: it is a mail; in a chat `>` and `--` mean nothing.
    author: whoever wrote it, by any name that is the same for their other messages.
    """

    text: str
    html: bool = False
    mail: bool = True
    author: str | None = None


class Cut(NamedTuple):
    """What was taken out: its kind, and code points in the text before the cuts."""

    kind: str
    start: int
    end: int


class Cleaned(NamedTuple):
    """What one message says itself.

    text: what remains. uncut: the plain text before the cuts. cuts: in the order of the text, none
    overlaps another. note: `repaired` where mojibake was.
    """

    text: str
    uncut: str
    cuts: tuple[Cut, ...] = ()
    note: str | None = None


def clean(
    bodies: Sequence[Body], *, quotes: bool = True, signatures: bool = True, repair: bool = False
) -> list[Cleaned]:
    """Return what each message of one conversation says, given all of them in order of time.

    quotes, signatures: whether those of mails are cut. repair: whether mojibake is repaired. A
    message of nothing but a quote stays as it is, unless what it quotes was said before.
    """
    drafts = [_Draft(body, repair=repair) for body in bodies]
    if quotes or signatures:
        said = Said()
        for draft in drafts:
            if draft.is_mail:
                earlier = Earlier(said.by_anyone(), said.by_others(draft.author))
                draft.cut(earlier, quotes=quotes, signatures=signatures)
            if quotes and len(drafts) > 1:
                said.add(draft.lines, draft.author)
        if signatures:
            _cut_repeated(drafts)
    return [draft.cleaned() for draft in drafts]


def _cut_repeated(drafts: Sequence["_Draft"]) -> None:
    """Cut what several messages of one author end with."""
    by_author: dict[str, list[_Draft]] = {}
    for draft in drafts:
        if draft.is_mail and draft.author is not None:
            by_author.setdefault(draft.author, []).append(draft)
    for alike in by_author.values():
        if len(alike) > 1:
            left = [draft.left() for draft in alike]
            for draft, lines, start in zip(alike, left, repeated(left), strict=True):
                draft.take(lines[start:], SIGNATURE)


class _Draft:
    """A message of which lines are taken, by number."""

    def __init__(self, body: Body, *, repair: bool) -> None:
        self.author = body.author
        self.is_mail = body.mail
        self._note: str | None = None
        if body.html:
            marked = to_marked(body.text) if body.mail else Marked(to_text(body.text))
        else:
            marked = Marked(_LINE_END.sub("\n", body.text).strip())
        text = marked.text
        self.lines = _marked_lines(marked)
        if repair:
            repaired = mojibake.repaired(text)
            # What was marked is known by line.
            if repaired != text and repaired.count("\n") == text.count("\n"):
                plain = lines_of(repaired)
                self.lines = [
                    line._replace(quoted=old.quoted, block=old.block, signed=old.signed)
                    for line, old in zip(plain, self.lines, strict=True)
                ]
                text, self._note = repaired, REPAIRED
        self._text = text
        self._taken: dict[int, str] = {}

    def cut(self, earlier: Earlier, *, quotes: bool, signatures: bool) -> None:
        """Take what is quoted and what is a signature."""
        self._cut(earlier, quotes=quotes, signatures=signatures)
        if self.left() or not any(line.text for line in self.lines):
            return
        gone = [line for line in self.lines if self._taken.get(line.number) == QUOTED_TEXT]
        if is_mostly_known(gone, earlier):
            return
        # All of it is a forward or the like. Without the marks of the HTML there may be some text.
        self._taken.clear()
        self.lines = [line._replace(quoted=False, block=False, signed=False) for line in self.lines]
        self._cut(earlier, quotes=quotes, signatures=signatures)
        if not self.left():
            self._taken.clear()

    def _cut(self, earlier: Earlier, *, quotes: bool, signatures: bool) -> None:
        for _ in range(_MOST_ROUNDS):
            before = len(self._taken)
            lines = self.left()
            start = tail(lines)
            if signatures and any(line.text for line in lines[:start]):
                self.take(lines[start:], SIGNATURE)
            if quotes:
                lines = lines[:start]
                for first, last in quoted(lines, earlier):
                    self.take(lines[first:last], QUOTED_TEXT)
            if len(self._taken) == before:
                break

    def take(self, lines: Sequence[Line], kind: str) -> None:
        """Take lines that say something."""
        self._taken.update((line.number, kind) for line in lines)

    def left(self) -> list[Line]:
        """Return the lines that were not taken, or none where they say nothing."""
        lines = [line for line in self.lines if line.number not in self._taken]
        return lines if any(line.text for line in lines) else []

    def cleaned(self) -> Cleaned:
        """Return what is left, and what was taken where."""
        cuts: list[Cut] = []
        pieces: list[str] = []
        for kind, group in groupby(self.lines, key=lambda line: self._taken.get(line.number)):
            run = list(group)
            if kind is None:
                pieces.append(self._text[run[0].start : run[-1].end])
            elif says := [line for line in run if line.start < line.end]:
                cuts.append(Cut(kind, says[0].start, says[-1].end))
        text = BETWEEN.join(filter(None, (piece.strip() for piece in pieces)))
        return Cleaned(text, self._text, tuple(cuts), self._note)


def _marked_lines(marked: Marked) -> list[Line]:
    lines = list(lines_of(marked.text))
    for place in _within(lines, marked.quotes):
        lines[place] = lines[place]._replace(quoted=True)
    for place in _within(lines, marked.blocks):
        lines[place] = lines[place]._replace(block=True)
    for place in _within(lines, marked.signatures):
        lines[place] = lines[place]._replace(signed=True)
    return lines


def _within(lines: Sequence[Line], spans: Iterable[tuple[int, int]]) -> set[int]:
    """Return the places of the lines that lie in spans, which are sorted by their starts."""
    places: set[int] = set()
    reached = 0
    for start, end in spans:
        place = max(reached, bisect_left(lines, start, key=lambda line: line.start))
        while place < len(lines) and lines[place].end <= end and lines[place].start < end:
            places.add(place)
            place += 1
        reached = max(reached, place)
    return places
