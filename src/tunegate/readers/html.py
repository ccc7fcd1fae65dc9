"""Turn HTML mail into plain text."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

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


def to_text(html: str) -> str:
    """Return what a reader of the HTML sees: a line a block, cells apart by tabs, lists dashed.

    Runs of spaces become one and more than one blank line becomes one, but `pre` stays as it is.
    Nothing that is visible is lost, however deep it is nested.
    """
    page = _Page()
    root = LexborHTMLParser(html).root
    # A stack of our own, since mail is nested deeper than Python may call itself. The name of an
    # element waits on it until what the element holds is written.
    stack: list[LexborNode | str] = [root] if root is not None else []
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            page.leave(node)
            continue
        following = node.next
        if following is not None:
            stack.append(following)
        name = node.tag or ""
        if name == _TEXT:
            page.write(node.text_content or "")
        elif name not in _SKIPPED:
            page.enter(name)
            child = node.child
            if child is not None:
                stack += (name, child)
            else:
                page.leave(name)
    return "".join(page.out)


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
