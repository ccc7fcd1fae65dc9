"""Turn HTML mail into plain text, and say where a mail program marked a quote or a signature."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tunegate.readers.bodies.hidden import Sight, is_hidden, may_hide
from tunegate.readers.bodies.markup import Token, is_too_deep, tokens
from tunegate.readers.bodies.wrappers import Kind, kind_of, may_be_marked

_LINES = """
address article aside body center dd details dir div dt fieldset figcaption footer form header html
li main nav section summary tbody tfoot thead tr
"""
_PARAGRAPHS = "blockquote dl figure h1 h2 h3 h4 h5 h6 hr ol p pre table ul"
# How many line ends an element asks for before and after itself: two leave a blank line.
_BREAKS = dict.fromkeys(_LINES.split(), 1) | dict.fromkeys(_PARAGRAPHS.split(), 2)
_SKIPPED = frozenset(
    {"head", "iframe", "noframes", "script", "style", "svg", "template", "title", "-comment"}
)
_TEXT = "-text"
# What only markup leaves in a text that is not declared to be either.
_MARKUP = re.compile(
    r"</(?:a|b|blockquote|body|div|em|font|h[1-6]|html|i|li|ol|p|pre|span|strong|table|td|tr|u|ul)"
    r"\s*>|<br\s*/?>",
    re.IGNORECASE,
)


def is_html(text: str) -> bool:
    """Tell whether a text that may be either holds the closing tags of HTML."""
    return "<" in text and _MARKUP.search(text) is not None


class Marked(NamedTuple):
    """The text of a page, and half-open spans of it in code points that were marked in the HTML.

    quotes: what a mail program put there of an earlier mail. blocks: quotations that may be the
    author's own. signatures: what a mail program put below.
    """

    text: str
    quotes: tuple[tuple[int, int], ...] = ()
    blocks: tuple[tuple[int, int], ...] = ()
    signatures: tuple[tuple[int, int], ...] = ()


def to_text(html: str) -> str:
    """Return what a reader of the HTML sees: a line a block, cells apart by tabs, lists dashed.

    Runs of spaces become one and more than one blank line becomes one, but `pre` stays as it is.
    Nothing that is visible is lost, however deep it is nested.
    """
    return "".join(_walk(html, None).out)


def to_marked(html: str) -> Marked:
    """Return the text as `to_text` does, with the spans that the mail programs marked."""
    if not may_be_marked(html):
        return Marked(to_text(html))
    marks = _Marks()
    pieces = _walk(html, marks).out
    spans = marks.spans(pieces)
    quotes, blocks, signatures = spans[Kind.QUOTE], spans[Kind.BLOCK], spans[Kind.SIGNATURE]
    return Marked("".join(pieces), quotes, blocks, signatures)


def _walk(html: str, marks: "_Marks | None") -> "_Page":
    page = _Page()
    if is_too_deep(html):
        for token, name in tokens(html):
            if token is Token.TEXT:
                page.write(name)
            elif token is Token.OPENED:
                page.enter(name)
            else:
                page.leave(name)
        return page
    seen = Sight() if may_hide(html) else None
    root = LexborHTMLParser(html).root
    # A stack of our own, since mail is nested deeper than Python may call itself. The name of an
    # element waits on it until what the element holds is written, and so do the ends of a mark
    # (None) and of a size of letters (Sight).
    stack: list[LexborNode | str | type[Sight] | None] = [root] if root is not None else []
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            page.leave(node)
            continue
        if node is None:
            assert marks is not None
            marks.leave(len(page.out))
            continue
        if node is Sight:
            assert seen is not None
            seen.leave()
            continue
        assert isinstance(node, LexborNode)
        following = node.next
        if following is not None:
            stack.append(following)
        name = node.tag or ""
        if name == _TEXT:
            if seen is None or seen.shows:
                page.write(node.text_content or "")
        elif name not in _SKIPPED:
            if seen is not None:
                if is_hidden(node):
                    # Where an earlier mail begins is marked by elements that nobody sees, too.
                    if marks is not None and marks.enter(node, name, len(page.out)):
                        marks.leave(len(page.out))
                    continue
                if seen.enter(node):
                    stack.append(Sight)
            page.enter(name)
            if marks is not None and marks.enter(node, name, len(page.out)):
                stack.append(None)
            child = node.child
            if child is not None:
                stack += (name, child)
            else:
                page.leave(name)
    return page


@dataclass
class _Opened:
    """A marked element whose end is not reached; `start` is the place of a piece of the page."""

    kind: Kind
    start: int
    is_container: bool  # it may hold quotations of its own
    is_split: bool = False  # and does


class _Marks:
    """The marked elements that are open, and what was marked so far, by pieces of the page."""

    def __init__(self) -> None:
        self._open: list[_Opened] = []
        self._found: list[tuple[Kind, int, int]] = []
        self._rest: int | None = None

    def enter(self, node: LexborNode, name: str, place: int) -> bool:
        """Note an element; true if its end must be noted too."""
        kind = kind_of(node, name) if self._rest is None else None
        if kind is None:
            return False
        if kind is Kind.REST:
            self._rest = place
            return False
        if name == "blockquote":
            if any(opened.kind is Kind.QUOTE for opened in self._open):
                kind = Kind.QUOTE
            # A container of several quotations also holds the answers between them: only its
            # quotations are quoted, and what introduces the first.
            for opened in self._open:
                if opened.is_container and not opened.is_split:
                    opened.is_split = True
                    self._found.append((Kind.QUOTE, opened.start, place))
        self._open.append(_Opened(kind, place, kind is Kind.QUOTE and name != "blockquote"))
        return True

    def leave(self, place: int) -> None:
        """Note that the element that was entered last ends."""
        opened = self._open.pop()
        if not opened.is_split:
            self._found.append((opened.kind, opened.start, place))

    def spans(self, pieces: Sequence[str]) -> dict[Kind, tuple[tuple[int, int], ...]]:
        """Return the spans of each kind in the text that the pieces make, sorted."""
        ends = [0, *accumulate(map(len, pieces))]
        rest = [] if self._rest is None else [(Kind.QUOTE, self._rest, len(pieces))]
        found: dict[Kind, list[tuple[int, int]]] = {kind: [] for kind in Kind}
        for kind, start, end in self._found + rest:
            if start < end:
                found[kind].append((ends[start], ends[end]))
        return {kind: tuple(sorted(spans)) for kind, spans in found.items()}


class _Page:
    """Text as it is written, with the breaks, gaps and bullets that wait for the next word."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._breaks = 0
        self._gap = ""
        self._bullet = ""
        self._verbatim = 0  # how many `pre` we are in

    def enter(self, name: str) -> None:
        if name in _BREAKS:
            self._breaks = max(self._breaks, _BREAKS[name])
            if name == "li":
                self._bullet = "- "
            elif name == "pre":
                self._verbatim += 1
        elif name == "br":
            self._breaks += 1

    def leave(self, name: str) -> None:
        if name in _BREAKS:
            self._breaks = max(self._breaks, _BREAKS[name])
            if name == "li":
                self._bullet = ""
            elif name == "pre":
                self._verbatim -= 1
        elif name in ("td", "th"):
            self._gap = "\t"

    def write(self, text: str) -> None:
        if self._verbatim:
            self._write_verbatim(text)
            return
        words = text.split()
        if not words:
            self._gap = self._gap or " "
            return
        if text[0].isspace():
            self._gap = self._gap or " "
        self._put(" ".join(words))
        if text[-1].isspace():
            self._gap = " "

    def _write_verbatim(self, text: str) -> None:
        for n, line in enumerate(text.splitlines()):
            if n:
                self._breaks += 1
            if line.strip():
                self._put(line.rstrip())
        if text.endswith("\n"):
            self._breaks += 1

    def _put(self, text: str) -> None:
        if self.out:
            if self._breaks:
                self.out.append("\n" if self._breaks == 1 else "\n\n")
            else:
                self.out.append(self._gap)
        self.out.append(self._bullet + text)
        self._breaks, self._gap, self._bullet = 0, "", ""
