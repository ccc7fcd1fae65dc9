"""The lines of a message, and which of their words were said before in the conversation."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

_PREFIX = re.compile(r"(?:[ \t]{0,3}>[ \t]?)+")
# Scripts that are written without spaces have a word a character.
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_WORD = re.compile(rf"[^\W{_UNSPACED}]+|[{_UNSPACED}]")
_SEVERAL = object()  # authors
_GRAM = 4  # so many words in a row are said twice by chance only in set phrases

Gram = tuple[str, ...]
Known = Callable[[Gram], bool]


class Line(NamedTuple):
    """A line of a message.

    number: from 0 in the message. start, end: code points, without the spaces around it. text:
    without the signs that quote it. depth: how many these are. quoted, block, signed: a mail
    program marked it in HTML as quoted, as a quotation of any kind, or as a signature.
    """

    number: int
    start: int
    end: int
    text: str
    depth: int = 0
    quoted: bool = False
    block: bool = False
    signed: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing; a line of nothing but `>` does not."""
        return not self.text


def lines_of(text: str) -> Iterator[Line]:
    """Yield the lines of a text."""
    place = 0
    for number, line in enumerate(text.split("\n")):
        prefix = _PREFIX.match(line)
        depth = prefix[0].count(">") if prefix else 0
        said = line[prefix.end() :].strip() if prefix else line.strip()
        start = place + len(line) - len(line.lstrip())
        yield Line(number, start, max(start, place + len(line.rstrip())), said, depth)
        place += len(line) + 1


def grams_of(lines: Sequence[Line]) -> set[Gram]:
    """Return each run of four words that the lines hold, across their ends."""
    said = [word for line in lines for word in _words(line)]
    return set(_grams(said))


class Said:
    """The runs of words that were said so far and by whom, in one table for all authors."""

    def __init__(self) -> None:
        self._by: dict[Gram, object] = {}

    def add(self, lines: Sequence[Line], author: str | None) -> None:
        """Note what someone said; None: nobody knows who."""
        for gram in grams_of(lines):
            by = self._by.setdefault(gram, author)
            if by is None:
                self._by[gram] = author
            elif author not in (None, by):
                self._by[gram] = _SEVERAL

    def by_anyone(self) -> Known | None:
        """Return what tells whether a run was said; None where nothing was."""
        return self._by.__contains__ if self._by else None

    def by_others(self, author: str | None) -> Known | None:
        """Return what tells whether somebody known, other than the author, said a run."""
        if author is None or not self._by:
            return None
        by = self._by.get
        return lambda gram: by(gram) not in (None, author)


def known_words(lines: Sequence[Line], was_said: Known) -> list[tuple[int, int]]:
    """Return for each line how many words it has, and how many of them stand in a known run."""
    counts = [_words(line) for line in lines]
    stream = [word for words in counts for word in words]
    is_known = bytearray(len(stream))
    for place, gram in enumerate(_grams(stream)):
        if was_said(gram):
            is_known[place : place + _GRAM] = b"\1" * _GRAM
    found = []
    place = 0
    for words in counts:
        found.append((len(words), is_known.count(1, place, place + len(words))))
        place += len(words)
    return found


def _words(line: Line) -> list[str]:
    return _WORD.findall(line.text.casefold())


def _grams(words: list[str]) -> Iterator[Gram]:
    return zip(*(words[start:] for start in range(_GRAM)), strict=False)
