"""Where a chat record breaks the format that fine-tuning services accept.

The facts are those of OpenAI's fine-tuning reference and its OpenAPI description, which other
services follow. A record is walked once and all its faults are named, each with its place.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal

from tunegate.checks.shapes import ANYTHING, Path, Shape, Spot, pointer, shape_faults
from tunegate.checks.tool_faults import answer_faults, call_faults, function_faults, tools_faults

FaultName = Literal[
    "missing-messages",
    "malformed-message",
    "unknown-role",
    "developer-role",
    "malformed-content",
    "malformed-weight",
    "malformed-tools",
    "malformed-tool-call",
    "unanswered-tool-call",
    "duplicate-call-id",
    "unknown-key",
    "null-key",
]

# What the skeleton leaves out: (turn, part) → the text that stands there.
Leaves = Mapping[tuple[int, str], str]

ROLES = ("system", "developer", "user", "assistant", "tool", "function")

# Fields of a request, which people leave in a line; OpenAI API reference, "create chat completion".
REQUEST_PARAMETERS = frozenset(
    """
    model temperature top_p max_tokens max_completion_tokens response_format tool_choice n stop
    function_call stream stream_options seed user store logprobs top_logprobs logit_bias
    presence_penalty frequency_penalty reasoning_effort service_tier modalities
    """.split()  # noqa: SIM905 - a list would be a page long
)

# Our words. Any other key of a record may itself be somebody's data, so a finding stops before it.
SHOWN_KEYS = REQUEST_PARAMETERS | frozenset(
    """
    messages tools functions parallel_tool_calls role content name refusal audio weight
    tool_calls tool_call_id type text image_url url detail id function arguments description
    parameters strict index metadata source split label labels tags timestamp date created
    created_at custom_id conversation_id thread_id ticket_id session_id user_id message_id lang
    language score rating category topic title annotations reasoning reasoning_content thinking
    reference_answer prompt completion input output cache_control
    """.split()  # noqa: SIM905 - a list would be a page long
)

_RECORD = Shape(
    required={},
    optional={"tools": list, "functions": list, "parallel_tool_calls": bool},
    elsewhere=frozenset({"messages"}),
)
# `content` needs its role, and the others are faults of their own where they do not belong.
_ELSEWHERE = frozenset({"content"})
_MISPLACED: dict[str, type] = {
    "weight": ANYTHING,
    "tool_calls": ANYTHING,
    "function_call": ANYTHING,
}
_ASKER = Shape({"role": str}, {"name": str, **_MISPLACED}, _ELSEWHERE)
_MESSAGES = {
    "system": _ASKER,
    "developer": _ASKER,
    "user": _ASKER,
    "assistant": Shape(
        {"role": str}, {"name": str, "refusal": str, "audio": ANYTHING, **_MISPLACED}, _ELSEWHERE
    ),
    # A `name` is no key of a tool's message, but common in older examples: unknown, and removed.
    "tool": Shape({"role": str, "tool_call_id": str}, _MISPLACED, _ELSEWHERE),
    "function": Shape({"role": str, "name": str}, _MISPLACED, _ELSEWHERE),
}
_PARTS = {
    "text": Shape({"type": str, "text": str}),
    "refusal": Shape({"type": str, "refusal": str}),
    "image_url": Shape({"type": str, "image_url": dict}),
}
_IMAGE = Shape({"url": str}, {"detail": str})
_ASKER_PARTS = frozenset({"text"})
_ROLE_PARTS = {
    "system": _ASKER_PARTS,
    "developer": _ASKER_PARTS,
    "user": frozenset({"text", "image_url"}),
    "assistant": frozenset({"text", "refusal"}),
}
_UNSUPPORTED = {"input_audio": "audio", "audio": "audio", "file": "file", "input_file": "file"}
_MISPLACED_PART = {"refusal": "refusal-not-assistant", "image_url": "image-not-user"}
# OpenAI guide "Vision fine-tuning": the forms of an image that it reads.
_URL = re.compile(r"https?://|data:image/(?:jpeg|png|webp);base64,", re.IGNORECASE)
_DETAILS = ("auto", "low", "high")


@dataclass(frozen=True)
class Fault:
    """One broken place.

    turn: index of the message; None for the record. path: the keys and indexes that lead there
    from the message or the record, as they stand. role: of the message, when it is one we know.
    """

    name: str
    kind: str
    turn: int | None
    path: Path
    role: str | None = None

    @property
    def part(self) -> str | None:
        """The place as a JSON Pointer of our own words; None for the whole message or record."""
        shown = takewhile(lambda step: isinstance(step, int) or step in SHOWN_KEYS, self.path)
        return pointer(tuple(shown)) or None


def record_faults(record: object, leaves: Leaves) -> Iterator[Fault]:
    """Yield every fault of a chat record whose texts stand in `leaves`.

    A record without a list of messages is another format or none, so nothing else is said of it.
    """
    messages = record.get("messages") if isinstance(record, dict) else None
    if not isinstance(record, dict) or not isinstance(messages, list) or not messages:
        yield Fault("missing-messages", _why_missing(record), None, ("messages",))
        return
    for name, kind, path in _line_faults(record):
        yield Fault(name, kind, None, path)
    for turn, message in enumerate(messages):
        role = message.get("role") if isinstance(message, dict) else None
        known = role if isinstance(role, str) and role in ROLES else None
        for name, kind, path in _message_faults(message, turn, leaves):
            yield Fault(name, kind, turn, path, known)
    for turn, (name, kind, path) in answer_faults(messages):
        yield Fault(name, kind, turn, path, messages[turn]["role"])


def _why_missing(record: object) -> str:
    if not isinstance(record, dict):
        return "not-an-object"
    if "messages" not in record:
        return "missing"
    value = record["messages"]
    if value is None:
        return "null"
    return "empty" if isinstance(value, list) else "not-a-list"


def _line_faults(record: dict[str, Any]) -> Iterator[Spot]:
    for name, kind, path in shape_faults(record, _RECORD, "malformed-tools"):
        stray = name == "unknown-key" and path[0] in REQUEST_PARAMETERS
        yield name, "request-parameter" if stray else kind, path
    yield from tools_faults(record.get("tools"))
    yield from function_faults(record.get("functions"))


def _message_faults(message: object, turn: int, leaves: Leaves) -> Iterator[Spot]:
    if not isinstance(message, dict):
        yield "malformed-message", "not-an-object", ()
        return
    role = message.get("role")
    if not isinstance(role, str):
        kind = "missing" if "role" not in message else "null" if role is None else "wrong-type"
        yield "malformed-message", kind, ("role",)
        return
    # What else a message may hold depends on its role, so an unknown one ends the matter.
    if role not in ROLES:
        yield "unknown-role", "unknown", ("role",)
        return
    if role == "developer":
        yield "developer-role", "developer", ("role",)
    yield from shape_faults(message, _MESSAGES[role], "malformed-content")
    yield from _content_faults(message, role, turn, leaves)
    if message.get("audio") is not None and role == "assistant":
        yield "malformed-content", "audio", ("audio",)
    if message.get("weight") is not None:
        yield from _weight_faults(message["weight"], role)
    yield from call_faults(message, role, lambda part: leaves.get((turn, part)))


def _weight_faults(weight: object, role: str) -> Iterator[Spot]:
    if role != "assistant":
        yield "malformed-weight", "not-assistant", ("weight",)
    elif isinstance(weight, bool) or not isinstance(weight, int | float):
        yield "malformed-weight", "wrong-type", ("weight",)
    elif weight not in (0, 1):
        yield "malformed-weight", "not-0-or-1", ("weight",)
    elif isinstance(weight, float):
        yield "malformed-weight", "not-an-integer", ("weight",)


def _content_faults(
    message: dict[str, Any], role: str, turn: int, leaves: Leaves
) -> Iterator[Spot]:
    content = message.get("content")
    calls = role == "assistant" and any(
        message.get(key) is not None for key in ("tool_calls", "function_call")
    )
    kind = None
    if "content" not in message:
        kind = None if calls else "missing"
    elif content is None:
        kind = None if calls or role == "function" else "null"
    elif isinstance(content, list) and role in _ROLE_PARTS:
        kind = None if content else "empty"
        yield from _part_faults(content, role, turn, leaves)
    elif not isinstance(content, str):
        kind = "not-a-string" if isinstance(content, list) else "wrong-type"
    if kind:
        yield "malformed-content", kind, ("content",)


def _part_faults(parts: list[Any], role: str, turn: int, leaves: Leaves) -> Iterator[Spot]:
    types = [part.get("type") if isinstance(part, dict) else None for part in parts]
    for place, (part, kind) in enumerate(zip(parts, types, strict=True)):
        path = ("content", place)
        if not isinstance(kind, str):
            # Without a type nobody can say which other keys are right.
            yield from _untyped(part, path)
        elif kind not in _PARTS:
            yield "malformed-content", _UNSUPPORTED.get(kind, "unknown-part"), (*path, "type")
        elif kind not in _ROLE_PARTS[role]:
            yield "malformed-content", _MISPLACED_PART[kind], (*path, "type")
        else:
            yield from shape_faults(part, _PARTS[kind], "malformed-content", path)
            if kind == "image_url" and isinstance(part.get("image_url"), dict):
                yield from _image_faults(part["image_url"], (*path, "image_url"), turn, leaves)
    refusals = types.count("refusal")
    if role == "assistant" and refusals and len(types) > 1:
        yield (
            "malformed-content",
            "several-refusals" if refusals > 1 else "mixed-refusal",
            ("content",),
        )


def _untyped(part: object, path: Path) -> Iterator[Spot]:
    if not isinstance(part, dict):
        yield "malformed-content", "not-an-object", path
    elif "type" not in part:
        yield "malformed-content", "missing", (*path, "type")
    else:
        yield "malformed-content", "null" if part["type"] is None else "wrong-type", (*path, "type")


def _image_faults(image: dict[str, Any], path: Path, turn: int, leaves: Leaves) -> Iterator[Spot]:
    yield from shape_faults(image, _IMAGE, "malformed-content", path)
    url = image.get("url")
    if isinstance(url, str) and not _URL.match(leaves.get((turn, pointer((*path, "url"))), url)):
        yield "malformed-content", "bad-url", (*path, "url")
    detail = image.get("detail")
    if isinstance(detail, str) and detail not in _DETAILS:
        yield "malformed-content", "bad-detail", (*path, "detail")
