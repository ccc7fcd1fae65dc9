"""Where tools, calls and their answers break the chat format."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from tunegate.checks.shapes import ANYTHING, Path, Shape, Spot, pointer, shape_faults

MOST_TOOLS = 128  # OpenAI's OpenAPI description, `functions`: maxItems 128

_FUNCTION_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")  # the same description, `FunctionObject.name`

_TOOL = Shape({"type": str, "function": dict})
_FUNCTION = Shape({"name": str}, {"description": str, "parameters": dict, "strict": bool})
_CALL = Shape({"id": str, "type": str, "function": dict})
_CALLED = Shape({"name": str, "arguments": ANYTHING})


def tools_faults(tools: object) -> Iterator[Spot]:
    """Yield what is wrong with a record's `tools`."""
    if not isinstance(tools, list):
        return
    if len(tools) > MOST_TOOLS:
        yield "malformed-tools", "too-many", ("tools",)
    for place, tool in enumerate(tools):
        path = ("tools", place)
        yield from shape_faults(tool, _TOOL, "malformed-tools", path)
        yield from _callee_faults(tool, _FUNCTION, "malformed-tools", path)


def function_faults(functions: object) -> Iterator[Spot]:
    """Yield what is wrong with a record's `functions`, the older form of `tools`."""
    if not isinstance(functions, list):
        return
    if not functions:
        yield "malformed-tools", "empty", ("functions",)
    if len(functions) > MOST_TOOLS:
        yield "malformed-tools", "too-many", ("functions",)
    for place, function in enumerate(functions):
        path = ("functions", place)
        yield from shape_faults(function, _FUNCTION, "malformed-tools", path)
        yield from _name_faults(function, "malformed-tools", path)


def _callee_faults(holder: object, shape: Shape, fault: str, path: Path) -> Iterator[Spot]:
    """Yield what is wrong with the type and the function of a tool or a call."""
    if not isinstance(holder, dict):
        return
    if isinstance(holder.get("type"), str) and holder["type"] != "function":
        yield fault, "not-function", (*path, "type")
    function = holder.get("function")
    if isinstance(function, dict):
        yield from shape_faults(function, shape, fault, (*path, "function"))
        yield from _name_faults(function, fault, (*path, "function"))


def _name_faults(function: object, fault: str, path: Path) -> Iterator[Spot]:
    name = function.get("name") if isinstance(function, dict) else None
    if isinstance(name, str) and not _FUNCTION_NAME.fullmatch(name):
        yield fault, "bad-name", (*path, "name")


def call_faults(
    message: dict[str, Any], role: str, text_at: Callable[[str], str | None]
) -> Iterator[Spot]:
    """Yield what is wrong with the calls of a message.

    text_at: the text that the skeleton left out at a JSON Pointer from the message.
    """
    for key in ("tool_calls", "function_call"):
        if message.get(key) is not None and role != "assistant":
            yield "malformed-tool-call", "not-assistant", (key,)
    if role != "assistant":
        return
    older = message.get("function_call")
    if older is not None:
        path: Path = ("function_call",)
        yield from shape_faults(older, _CALLED, "malformed-tool-call", path)
        yield from _name_faults(older, "malformed-tool-call", path)
        yield from _argument_faults(older, path, text_at)
    calls = message.get("tool_calls")
    if calls is None:
        return
    if not isinstance(calls, list) or not calls:
        kind = "empty" if isinstance(calls, list) else "not-a-list"
        yield "malformed-tool-call", kind, ("tool_calls",)
        return
    for place, call in enumerate(calls):
        path = ("tool_calls", place)
        yield from shape_faults(call, _CALL, "malformed-tool-call", path)
        yield from _callee_faults(call, _CALLED, "malformed-tool-call", path)
        if isinstance(call, dict):
            yield from _argument_faults(call.get("function"), (*path, "function"), text_at)


def _argument_faults(
    called: object, path: Path, text_at: Callable[[str], str | None]
) -> Iterator[Spot]:
    arguments = called.get("arguments") if isinstance(called, dict) else None
    if arguments is None:
        return  # missing or null, which its shape has said
    place = (*path, "arguments")
    if not isinstance(arguments, str):
        yield "malformed-tool-call", "arguments-not-a-string", place
        return
    text = text_at(pointer(place))
    try:
        orjson.loads(arguments if text is None else text)
    except orjson.JSONDecodeError:
        yield "malformed-tool-call", "arguments-not-json", place


def answer_faults(messages: list[Any]) -> Iterator[tuple[int, Spot]]:
    """Yield calls without an answer, answers without a call, and ids that stand twice.

    Calls of the last message need no answer: the model is taught to make them.
    """
    seen: set[str] = set()
    asked: dict[str, tuple[int, Path]] = {}  # of the closest message with calls
    waiting: dict[str, tuple[int, Path]] = {}
    for turn, message in enumerate(messages):
        role = message.get("role") if isinstance(message, dict) else None
        if role == "tool":
            call_id = message.get("tool_call_id")
            if isinstance(call_id, str) and call_id not in asked:
                yield turn, ("unanswered-tool-call", "no-such-call", ("tool_call_id",))
            elif isinstance(call_id, str):
                waiting.pop(call_id, None)
        elif role in ("user", "assistant"):
            yield from _unanswered(waiting)
            waiting = {}
        calls = list(_call_ids(message)) if role == "assistant" else []
        if calls:
            asked = {call_id: (turn, path) for call_id, path in calls}
            waiting = dict(asked)
        for call_id, path in calls:
            if call_id in seen:
                yield turn, ("duplicate-call-id", "repeated", (*path, "id"))
            seen.add(call_id)
    yield from _unanswered(
        {i: place for i, place in waiting.items() if place[0] + 1 < len(messages)}
    )


def _unanswered(waiting: Mapping[str, tuple[int, Path]]) -> Iterator[tuple[int, Spot]]:
    for turn, path in waiting.values():
        yield turn, ("unanswered-tool-call", "unanswered", path)


def _call_ids(message: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    calls = message.get("tool_calls")
    for place, call in enumerate(calls if isinstance(calls, list) else ()):
        if isinstance(call, dict) and isinstance(call.get("id"), str):
            yield call["id"], ("tool_calls", place)
