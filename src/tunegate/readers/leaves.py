"""Take the texts out of a chat record and leave its skeleton.

Leaves are the decoded texts that people read and models learn; the skeleton is the record with
`""` in their place, from which a writer rebuilds it. A string at a place that the chat contract
does not know becomes `""` too, so that no text passes by unseen.
"""

from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from tunegate.branches import INPUT, OUTPUTS, is_preference, lists
from tunegate.model import CONTENT
from tunegate.readers.json.escapes import unescaped, unescaped_json
from tunegate.readers.json.schema import Put, take_texts

ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
_TEXTS = {"content": "/content", "name": "/name", "refusal": "/refusal"}
_WORDS = ("role", "tool_call_id")  # which stay as they are
KNOWN_KEYS = frozenset((*_TEXTS, *_WORDS, "tool_calls", "function_call", "weight"))
_ROLE, _CONTENT = itemgetter("role"), itemgetter("content")
_ANSWERING = ("tool", "function")


class Leaf(NamedTuple):
    """A text and its place; `turn` is None where it belongs to the record.

    branch: chosen or rejected, None where it is of no answer in a preference record.
    """

    turn: int | None
    part: str
    role: str | None
    text: str
    branch: str | None = None


def by_column(leaves: Sequence[Leaf]) -> dict[str, Any]:
    """Return leaves as what `Collected.add` takes; the branches only where there are any."""
    turns, parts, roles, texts, branches = zip(*leaves, strict=True) if leaves else ((),) * 5
    columns = {"turns": turns, "parts": parts, "roles": roles, "texts": texts}
    return columns | ({"branches": branches} if any(branches) else {})


def plain(record: dict[str, Any]) -> tuple[list[str], list[str]] | None:
    """Return roles and texts of a record that has nothing else, None for any other record."""
    found = all_plain([record])
    return found[1:] if found else None


def all_plain(values: list[Any]) -> tuple[list[int], list[str], list[str]] | None:
    """Return messages a record, and all roles and texts, if nothing else is in any record."""
    # Whole lists at a time, not a message at a time: this is most of what reading costs.
    if {*map(type, values)} != {dict} or {*map(len, values)} != {1}:
        return None
    lists = [record.get("messages") for record in values]
    if {*map(type, lists)} != {list} or not all(lists):
        return None
    messages = [*chain.from_iterable(lists)]
    if {*map(type, messages)} != {dict} or {*map(len, messages)} != {2}:
        return None
    try:
        roles, texts = [*map(_ROLE, messages)], [*map(_CONTENT, messages)]
    except KeyError:
        return None
    if {*map(type, roles)} != {str} or {*map(type, texts)} != {str} or not ROLES.issuperset(roles):
        return None
    return [*map(len, lists)], roles, texts


def said(role: str | None, part: str, text: str) -> str:
    """Return a text of a message as rules read it: without escapes, where it is JSON."""
    if "\\u" not in text:
        return text
    if part.endswith("/arguments"):
        return unescaped(text)
    if role in _ANSWERING and part.startswith(CONTENT):
        return unescaped_json(text)
    return text


def take(record: dict[str, Any]) -> list[Leaf]:
    """Move the texts out of `record`, which becomes its skeleton.

    Those of the record come after its messages; in a preference record before both answers.
    """
    leaves: list[Leaf] = []
    of_record: list[Leaf] = []
    if not is_preference(record):
        _chat(record, "", leaves, of_record)
        return leaves + of_record
    answers: list[Leaf] = []
    for key, value in record.items():
        if key == INPUT and isinstance(value, dict):
            _chat(value, f"/{INPUT}", leaves, of_record)
        elif key == INPUT or key in OUTPUTS:
            record[key] = value if isinstance(value, list) and key in OUTPUTS else _blank(value)
        else:
            record[key] = _unknown(value)
    for branch, first, messages in list(lists(record)):
        for n, message in enumerate(messages) if branch else ():
            messages[n] = _message(message, first + n, answers, branch)
    return leaves + of_record + answers


def _chat(record: dict[str, Any], place: str, leaves: list[Leaf], of_record: list[Leaf]) -> None:
    for key, value in record.items():
        if key == "messages" and isinstance(value, list):
            for turn, message in enumerate(value):
                value[turn] = _message(message, turn, leaves)
        elif key in ("tools", "functions") and isinstance(value, list):
            for n, tool in enumerate(value):
                value[n] = _tool(tool, key, f"{place}/{key}/{n}", of_record)
        elif key in ("messages", "tools", "functions", "parallel_tool_calls"):
            record[key] = _blank(value)
        else:
            record[key] = _unknown(value)


def _message(message: object, turn: int, leaves: list[Leaf], branch: str | None = None) -> object:
    if not isinstance(message, dict):
        return _blank(message)
    word = message.get("role")
    role = word if isinstance(word, str) and word in ROLES else None

    def put(part: str, text: str) -> str:
        leaves.append(Leaf(turn, part, role, said(role, part, text), branch))
        return ""

    for key, value in message.items():
        if type(value) is str:  # most are; what follows is the rest
            if part := _TEXTS.get(key):
                plain_text = value if "\\u" not in value else said(role, part, value)
                leaves.append(Leaf(turn, part, role, plain_text, branch))
                message[key] = ""
            elif key not in _WORDS:
                message[key] = ""
        elif key == "content" and isinstance(value, list):
            message[key] = [_part(part, f"/content/{n}", put) for n, part in enumerate(value)]
        elif key == "tool_calls" and isinstance(value, list):
            message[key] = [_call(call, f"/tool_calls/{n}", put) for n, call in enumerate(value)]
        elif key == "function_call" and isinstance(value, dict):
            message[key] = _called(value, "/function_call", put)
        elif key in KNOWN_KEYS:
            message[key] = _blank(value)
        else:
            message[key] = _unknown(value)
    return message


def _part(part: object, place: str, put: Put) -> object:
    if not isinstance(part, dict):
        return _blank(part)
    for key, value in part.items():
        if key in ("text", "refusal"):
            part[key] = put(f"{place}/{key}", value) if isinstance(value, str) else _blank(value)
        elif key == "image_url" and isinstance(value, dict):
            part[key] = _image(value, f"{place}/image_url", put)
        elif key in ("type", "image_url"):
            kept = key == "type" and isinstance(value, str)
            part[key] = value if kept else _blank(value)
        else:
            part[key] = _unknown(value)
    return part


def _image(image: dict[str, Any], place: str, put: Put) -> dict[str, Any]:
    for key, value in image.items():
        if key == "url" and isinstance(value, str):
            scheme = value[:8].lower()
            if scheme.startswith(("http://", "https://")):
                image[key] = put(f"{place}/url", value)
            elif not scheme.startswith("data:"):
                image[key] = ""
        elif key in ("url", "detail"):
            kept = key == "detail" and isinstance(value, str)
            image[key] = value if kept else _blank(value)
        else:
            image[key] = _unknown(value)
    return image


def _call(call: object, place: str, put: Put) -> object:
    if not isinstance(call, dict):
        return _blank(call)
    for key, value in call.items():
        if key == "function" and isinstance(value, dict):
            call[key] = _called(value, f"{place}/function", put)
        elif key in ("id", "type") and isinstance(value, str):
            continue
        else:
            call[key] = _blank(value) if key in ("id", "type", "function") else _unknown(value)
    return call


def _called(function: dict[str, Any], place: str, put: Put) -> dict[str, Any]:
    for key, value in function.items():
        if key == "arguments" and isinstance(value, str):
            function[key] = put(f"{place}/arguments", value)
        elif key == "name" and isinstance(value, str):
            continue
        else:
            function[key] = _blank(value) if key in ("arguments", "name") else _unknown(value)
    return function


def _tool(tool: object, list_name: str, place: str, leaves: list[Leaf]) -> object:
    def put(part: str, text: str) -> str:
        leaves.append(Leaf(None, part, None, text))
        return ""

    if not isinstance(tool, dict):
        return _blank(tool)
    if list_name == "functions":
        return _declared(tool, place, put)
    for key, value in tool.items():
        if key == "function" and isinstance(value, dict):
            tool[key] = _declared(value, f"{place}/function", put)
        elif key == "type" and isinstance(value, str):
            continue
        else:
            tool[key] = _blank(value) if key in ("type", "function") else _unknown(value)
    return tool


def _declared(function: dict[str, Any], place: str, put: Put) -> dict[str, Any]:
    for key, value in function.items():
        if key == "parameters" and isinstance(value, dict):
            take_texts(value, f"{place}/parameters", put)
        elif key in ("description", "parameters", "strict") and isinstance(value, str):
            function[key] = put(f"{place}/{key}", value)
        elif key == "name" and isinstance(value, str):
            continue
        else:
            known = key in ("description", "parameters", "name", "strict")
            function[key] = _blank(value) if known else _unknown(value)
    return function


def _unknown(value: object) -> str | None:
    """What stands at a key nobody knows: only whether it is null is kept."""
    return None if value is None else ""


def _blank(value: object) -> object:
    """What stands where another type belongs: its type is kept, its strings are not."""
    if isinstance(value, str):
        return ""
    if isinstance(value, dict):
        return {key: _unknown(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [type(item)() if isinstance(item, str | dict | list) else item for item in value]
    return value
