"""Cut HTML that is nested too deep for a parser into tags and text."""

import re
from collections.abc import Iterator
from enum import Enum, auto
from html import unescape

# Lexbor takes time that grows with the square of the depth; at this one it is a twentieth of a
# second. Mail that was answered a thousand times is not nested as deep.
_DEEPEST = 5_000
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*+)[^<>]*+>")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_UNSEEN = frozenset({"iframe", "noframes", "script", "style", "svg", "template", "title"})


class Token(Enum):
    """What a stretch of HTML is."""

    OPENED = auto()
    CLOSED = auto()
    TEXT = auto()


def is_too_deep(html: str) -> bool:
    """Tell whether elements are nested so deep that parsing them would take very long.

    Elements that are never closed count as nested, which errs on the side of the plain way.
    """
    if html.count("<") <= _DEEPEST:
        return False
    depth = 0
    for tag in _TAG.finditer(html):
        if tag[1]:
            depth = max(0, depth - 1)
        elif tag[2].lower() not in _VOID:
            depth += 1
            if depth > _DEEPEST:
                return True
    return False


def tokens(html: str) -> Iterator[tuple[Token, str]]:
    """Yield the tags' names and the decoded texts between them; what nobody sees is left out."""
    place = 0
    while place < len(html):
        opened = html.find("<", place)
        opened = len(html) if opened < 0 else opened
        if place < opened:
            yield Token.TEXT, unescape(html[place:opened])
        if html.startswith("<!--", opened):
            end_of_comment = html.find("-->", opened)
            place = len(html) if end_of_comment < 0 else end_of_comment + 3
            continue
        tag = _TAG.match(html, opened)
        if tag is None:
            if opened < len(html):
                yield Token.TEXT, "<"
            place = opened + 1
            continue
        name, place = tag[2].lower(), tag.end()
        if name in _UNSEEN and not tag[1]:
            end = re.compile(f"</{re.escape(name)}[^<>]*>", re.IGNORECASE).search(html, place)
            place = end.end() if end else len(html)
        elif tag[1]:
            yield Token.CLOSED, name
        else:
            yield Token.OPENED, name
            if name in _VOID:
                yield Token.CLOSED, name
