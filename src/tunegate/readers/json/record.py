"""Parse one record strictly: anything JSON readers disagree about is refused, with a reason.

A reason is in our words and never quotes the record; a position in brackets may follow it.
"""

import json
import re
from typing import Any

import orjson

MAX_RECORD = 64 << 20  # bytes; one longer is passed over in pieces and never held whole
MAX_DEPTH = 1000  # nested containers; the parsers at hand stop between 990 and 1,024

TOO_LONG = "longer than 64 MB"
TOO_DEEP = "nested deeper than 1,000"
NOT_OBJECT = "not a JSON object"
NOT_JSON = "not JSON"
NOT_UTF8 = "not UTF-8"
NUL = "NUL character"
TWICE = "key stands twice in an object"

# A whole string, or a bracket; possessive, so that a long string costs no memory.
_BRACKETS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_AS_ZERO = bytes(ord("0") if chr(byte).isdigit() and byte < 128 else byte for byte in range(256))
_LONG_NUMBER = b"0" * 19  # the shortest that can be outside 64 bits


class Unreadable(Exception):  # noqa: N818 - a verdict on a record, not an error of the program
    """A record that cannot be understood; its text is the reason."""


def load(raw: bytes) -> dict[str, Any]:
    """Return the object that a record holds, before `verify` or `accept` looked at it.

    Raises:
        Unreadable: it is not JSON, or not an object.
    """
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Unreadable(_explain(raw)) from None
    if type(value) is not dict:
        raise Unreadable(NOT_OBJECT)
    return value


def load_all(raws: list[bytes]) -> list[Any] | None:
    """Return what each record holds, None if one is no JSON. `verify` must follow.

    Records are parsed at once. Two broken ones can look like two good ones for that, but hold
    other numbers of strings then.
    """
    try:
        values = orjson.loads(b"[%b]" % b",".join(raws))
    except orjson.JSONDecodeError:
        return None
    return values if len(values) == len(raws) else None


def verify(raw: bytes, strings: int) -> None:
    """Refuse what the parser accepts but changes in silence.

    strings: how many strings the parsed record holds, keys included. The raw record has more
    only if a key stood twice and one was dropped.

    Raises:
        Unreadable: a key stands twice, or a NUL is escaped.
    """
    bare = raw
    escaped = 0
    if b"\\" in raw:
        # Pairs of backslashes go first; each one that is left escapes what follows it.
        bare = raw.replace(rb"\\", b"") if rb"\\" in raw else raw
        escaped = bare.count(rb"\"")
        if rb"\u0000" in bare:
            raise Unreadable(NUL)
    if bare.count(b'"') - escaped != 2 * strings:
        raise Unreadable(TWICE)


def verify_plain(raw: bytes, texts: list[str]) -> None:
    """Do what `verify` does for a plain chat record, whose strings are known, in less time.

    Raises:
        Unreadable: a key stands twice, or a NUL is escaped.
    """
    strings = 1 + 4 * len(texts)  # `messages`; two keys and two strings a message
    if b"\\" not in raw:
        if raw.count(b'"') != 2 * strings:
            raise Unreadable(TWICE)
        return
    # Without \u00… no quote is written as a number, so that quotes in texts can be subtracted.
    if rb"\u00" in raw or raw.count(b'"') - "".join(texts).count('"') != 2 * strings:
        verify(raw, strings)


def parse(raw: bytes) -> dict[str, Any]:
    """Return the object that a record holds, with every number exact.

    Raises:
        Unreadable: it is not JSON, not an object, or parsers would disagree about it.
    """
    return accept(raw, load(raw))


def accept(raw: bytes, value: dict[str, Any]) -> dict[str, Any]:
    """Return what `load` made of `raw`, once nothing in it was changed in silence.

    Raises:
        Unreadable: parsers would disagree about it.
    """
    verify(raw, _strings(value))
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and _depth(raw) > MAX_DEPTH:
        raise Unreadable(TOO_DEEP)
    # The fast parser turns an integer above 64 bits into a float without a word.
    if _LONG_NUMBER not in raw.translate(_AS_ZERO):
        return value
    try:
        again: dict[str, Any] = json.loads(raw)
    except RecursionError:
        raise Unreadable(TOO_DEEP) from None
    return again


def as_written(raw: bytes) -> dict[str, Any]:
    """Return the object with every number as the characters that stand in the record."""
    value: dict[str, Any] = json.loads(raw, parse_int=str, parse_float=str)
    return value


def dump(value: object) -> str:
    """Return `value` as JSON, with integers of any size.

    Raises:
        Unreadable: it is nested too deep to be written again.
    """
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        try:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        except RecursionError:
            raise Unreadable(TOO_DEEP) from None


def _strings(value: dict[str, Any]) -> int:
    """Return how many strings a parsed record holds, keys included."""
    try:
        clean = orjson.dumps(value)
        if b"\\" not in clean:
            return clean.count(b'"') // 2
        clean = clean.replace(rb"\\", b"")
    except orjson.JSONEncodeError:  # it writes no deeper than 254, though it reads to 1,024
        return _count_strings(value)
    return (clean.count(b'"') - clean.count(rb"\"")) // 2


def _count_strings(value: object) -> int:
    count = 0
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            count += len(node)
            stack += node.values()
        elif isinstance(node, list):
            stack += node
        else:
            count += isinstance(node, str)
    return count


def _depth(raw: bytes) -> int:
    depth = deepest = 0
    for match in _BRACKETS.finditer(raw):
        opened = match[0]
        if opened in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth)
        elif opened in (b"]", b"}"):
            depth -= 1
    return deepest


def _explain(raw: bytes) -> str:
    """Return why the fast parser refused a record."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        return f"{NOT_UTF8} (byte {error.start + 1})"
    if "\0" in text:
        return f"{NUL} (byte {raw.index(0) + 1})"
    if _depth(raw) > MAX_DEPTH:
        return TOO_DEEP
    try:
        json.loads(text, parse_constant=_refuse_constant, parse_int=str)
    except json.JSONDecodeError as error:
        return f"{NOT_JSON} (column {error.pos + 1})"
    except Unreadable as refused:
        return str(refused)
    except RecursionError:
        return NOT_JSON
    return "lone surrogate" if _SURROGATE.search(raw) else "number does not fit 64 bits"


def _refuse_constant(_: str) -> object:
    raise Unreadable("NaN or Infinity")
