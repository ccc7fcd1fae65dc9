"""Tell from the first bytes of an input what shape of JSON it has, if any."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from tunegate.readers.elements import scan
from tunegate.readers.sources import HEAD

LISTS = frozenset({"tickets", "users"})  # keys of a document whose arrays hold records

_USERS_PAGE = frozenset({"users", "count", "next_page", "previous_page", "end_time"})
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}:,]|[^\s"\[\]{}:,]++', re.DOTALL)


@dataclass(frozen=True)
class Glimpse:
    """What a head looks like.

    kind: records on lines, an array of them, an object with arrays of them, JSON spread over
    several lines, or nothing of that. objects: the records that are whole. keys: those of each
    record, or of the document, as far as it is there.
    """

    kind: Literal["empty", "lines", "array", "document", "pretty", "other"]
    objects: tuple[dict[str, Any], ...] = ()
    keys: tuple[frozenset[str], ...] = ()

    def any_key(self, *names: str) -> bool:
        """Tell whether a record has one of these keys."""
        return any(not keys.isdisjoint(names) for keys in self.keys)


def glimpse(head: bytes) -> Glimpse:
    """Return what a decoded head of at most 64 KiB looks like."""
    lines = [line for line in head.split(b"\n") if line.strip()]
    if not lines:
        return Glimpse("empty")
    opening = lines[0].lstrip()[:1]
    if opening == b"{" and (document := _document(head)):
        return document
    seen = _seen(lines)
    whole = lines[:-1] if len(head) >= HEAD else lines
    if opening == b"[" and (len(whole) < 2 or not _is_json(lines[0])):
        return _array(head)
    if 2 * len(seen.objects) >= len(whole) or all(line.startswith(b"{") for line in lines):
        return seen
    return Glimpse("pretty" if opening in (b"{", b"[") else "other")


def _document(head: bytes) -> Glimpse | None:
    lists = scan([head], LISTS).spans
    keys = _top_keys(head)
    if "tickets" in lists or (lists and keys <= _USERS_PAGE):
        return Glimpse("document", keys=(keys,))
    return None


def _array(head: bytes) -> Glimpse:
    found = scan([head])
    spans = found.spans.get(None, [])
    rest = head[found.rest :] if found.early else b""
    return _seen([head[at : at + length] for at, length in spans] + [rest], kind="array")


def _seen(texts: Iterable[bytes], kind: Literal["lines", "array"] = "lines") -> Glimpse:
    objects = []
    keys = []
    for text in texts:
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            if text.lstrip().startswith(b"{"):
                keys.append(_top_keys(text))
            continue
        if isinstance(value, dict):
            objects.append(value)
            keys.append(frozenset(value))
    return Glimpse(kind, tuple(objects), tuple(keys))


def _is_json(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _top_keys(text: bytes) -> frozenset[str]:
    """Return the keys of the first object in a text that may stop in the middle."""
    keys = set()
    depth = 0
    last = b""
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in (b"{", b"["):
            depth += 1
        elif token in (b"}", b"]"):
            depth -= 1
            if depth <= 0:
                break
        elif token == b":" and depth == 1 and last.startswith(b'"'):
            keys.add(last[1:-1].decode(errors="replace"))
        last = token
    return frozenset(keys)
