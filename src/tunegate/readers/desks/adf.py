"""Turn the Atlassian Document Format, a tree of nodes, into plain text."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tunegate.readers.fields import identity, text_of
from tunegate.readers.json.record import Unreadable
from tunegate.readers.times import moment

_NOT_A_DOCUMENT = "body is not a document of Atlassian's format"
_LINES = frozenset({"caption", "tableRow"})
_PARAGRAPHS = frozenset(
    {"blockCard", "blockquote", "bodiedExtension", "bulletList", "codeBlock", "embedCard", "expand"}
    | {"extension", "heading", "layoutColumn", "layoutSection", "mediaGroup", "mediaSingle"}
    | {"nestedExpand", "orderedList", "panel", "paragraph", "rule", "table"}
    | {"decisionList", "taskList"}
)
_LISTS = frozenset({"bulletList", "decisionList", "orderedList", "taskList"})
_CELLS = frozenset({"tableCell", "tableHeader"})
_FILES = frozenset({"media", "mediaInline"})
_DAY = "%Y-%m-%d"


class Plain(NamedTuple):
    """What a document says, and the names of the files that stand in it."""

    text: str
    attachments: tuple[str, ...]


class _Leave(NamedTuple):
    """Waits on the stack until what a node holds is written."""

    kind: str


class _Item(NamedTuple):
    """Waits on the stack before an item of a list."""

    mark: str


def is_document(value: object) -> bool:
    """Tell whether a value is the root of a document."""
    return isinstance(value, dict) and value.get("type") == "doc"


def to_plain(document: Mapping[str, Any]) -> Plain:
    """Return a document as text: a blank line between blocks, lists dashed, cells apart by tabs.

    Of nodes that are not known, what they hold and their `text` is written, so that no word is
    lost; the target of a link is not a word.

    Raises:
        Unreadable: a node is not an object, or what it holds is not a list.
    """
    sheet = _Sheet()
    # A stack of our own, since a document may be nested deeper than Python may call itself.
    stack: list[object] = [document]
    while stack:
        node = stack.pop()
        if isinstance(node, _Leave):
            sheet.leave(node.kind)
        elif isinstance(node, _Item):
            sheet.item(node.mark)
        elif isinstance(node, dict):
            kind = text_of(node.get("type"))
            sheet.enter(kind, node)
            inside = node.get("content")
            if not isinstance(inside, list | None):
                raise Unreadable(_NOT_A_DOCUMENT)
            stack.append(_Leave(kind))
            stack += reversed(list(_inside(kind, node, inside or [])))
        else:
            raise Unreadable(_NOT_A_DOCUMENT)
    return Plain("".join(sheet.out).strip(), tuple(sheet.attachments))


def _inside(kind: str, node: Mapping[str, Any], content: list[Any]) -> Iterator[object]:
    if kind not in _LISTS:
        yield from content
        return
    first = _attributes(node).get("order")
    start = first if isinstance(first, int) else 1
    for number, item in enumerate(content, start):
        yield _Item(_mark(kind, item, number))
        yield item


def _mark(kind: str, item: object, number: int) -> str:
    if kind == "orderedList":
        return f"{number}. "
    if kind != "taskList":
        return "- "
    done = isinstance(item, dict) and _attributes(item).get("state") == "DONE"
    return "[x] " if done else "[ ] "


def _attributes(node: Mapping[str, Any]) -> dict[str, Any]:
    found = node.get("attrs")
    return found if isinstance(found, dict) else {}


def _word(kind: str, node: Mapping[str, Any]) -> str:
    """Return what a node itself says, beside what it holds."""
    given = _attributes(node)
    if kind == "hardBreak":
        return "\n"
    if kind == "mention":
        name = text_of(given.get("text")) or (identity(given.get("id")) or "")
        return name if name.startswith("@") or not name else f"@{name}"
    if kind == "date":
        at = moment(given.get("timestamp"))
        written = text_of(given.get("timestamp"))
        return datetime.fromtimestamp(at / 1e6, UTC).strftime(_DAY) if at is not None else written
    if kind in ("inlineCard", "blockCard", "embedCard"):
        return text_of(given.get("url"))
    if kind in ("expand", "nestedExpand"):
        return text_of(given.get("title"))
    if kind == "emoji":
        return text_of(given.get("text")) or text_of(given.get("shortName"))
    return text_of(node.get("text")) or text_of(given.get("text"))


class _Sheet:
    """Text as it is written, with the breaks, gaps and bullets that wait for the next word."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.attachments: list[str] = []
        self._breaks = 0
        self._gap = ""
        self._bullet = ""
        self._lists = 0
        self._cells = 0

    def enter(self, kind: str, node: Mapping[str, Any]) -> None:
        self._apart(kind)
        if kind in _LISTS:
            self._lists += 1
        elif kind in _CELLS:
            self._cells += 1
        elif kind in _FILES:
            given = _attributes(node)
            name = text_of(given.get("alt")) or (identity(given.get("id")) or "")
            self.attachments += [name] if name else []
            return
        self._put(_word(kind, node))
        if kind in ("expand", "nestedExpand"):
            self._break(1)

    def leave(self, kind: str) -> None:
        if kind in _LISTS:
            self._lists -= 1
        elif kind in _CELLS:
            self._cells -= 1
            self._gap = self._gap.strip(" ") + "\t"
        elif kind == "codeBlock" and self.out:
            self.out[-1] = self.out[-1].rstrip("\n")
        self._apart(kind)
        if kind == "tableRow":
            self._gap = ""

    def item(self, mark: str) -> None:
        self._break(1)
        self._bullet = "  " * (self._lists - 1) + mark

    def _apart(self, kind: str) -> None:
        if kind in _LINES or (kind in _PARAGRAPHS and self._lists):
            self._break(1)
        elif kind in _PARAGRAPHS:
            self._break(2)

    def _break(self, lines: int) -> None:
        if self._cells:
            self._gap = self._gap or " "
        else:
            self._breaks = max(self._breaks, lines)

    def _put(self, text: str) -> None:
        if not text:
            return
        if self.out:
            self.out.append("\n" * self._breaks)
        gap = self._gap.strip(" ") if self._breaks or not self.out else self._gap
        self.out.append(gap + self._bullet + text)
        self._breaks, self._gap, self._bullet = 0, "", ""
