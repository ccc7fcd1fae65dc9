"""Where a chat record breaks the format that fine-tuning services accept.

The facts are those of OpenAI's fine-tuning reference and its OpenAPI description, which other
services follow. A record is walked once and all its faults are named, each with its place.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal

from tunegate.branches import INPUT, OUTPUTS, is_preference, lists
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

# What the skeleton leaves out: (branch, turn, part) → the text that stands there.
Leaves = Mapping[tuple[str | None, int, str], str]

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
    preferred_output non_preferred_output
    """.split()  # noqa: SIM905 - a list would be a page long
)

_RECORD = Shape(
    required={},
    optional={"tools": list, "functions": list, "parallel_tool_calls": bool},
    elsewhere=frozenset({"messages"}),
)
# OpenAI's OpenAPI description, `FineTunePreferenceRequestInput`; without the older `functions`.
_PREFERENCE = Shape({}, elsewhere=frozenset({INPUT, *OUTPUTS}))
_PROMPT = Shape({}, {"tools": list, "parallel_tool_calls": bool}, frozenset({"messages"}))
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
    branch: of the message, None but in an answer of a preference record.
    """

    name: str
    kind: str
    turn: int | None
    path: Path
    role: str | None = None
    branch: str | None = None

    @property
    def part(self) -> str | None:
        """The place as a JSON Pointer of our own words; None for the whole message or record."""
        shown = takewhile(lambda step: isinstance(step, int) or step in SHOWN_KEYS, self.path)
        return pointer(tuple(shown)) or None


def record_faults(record: object, leaves: Leaves) -> Iterator[Fault]:
    """Yield every fault of a chat or preference record whose texts stand in `leaves`.

    A record without a list of messages is another format or none, so nothing else is said of it.
    """
    if is_preference(record):
        missing = list(_missing_in_pair(record))
    else:
        why = _why_missing(record)
        missing = [Fault("missing-messages", why, None, ("messages",))] if why else []
    if missing or not isinstance(record, dict):
        yield from missing
        return
    for name, kind, path in _pair_faults(record) if is_preference(record) else _line_faults(record):
        yield Fault(name, kind, None, path)
    groups = list(lists(record))
    for branch, first, messages in groups:
        for turn, message in enumerate(messages, first):
            texts = _Texts(leaves, branch, turn)
            for name, kind, path in _message_faults(message, texts):
                yield Fault(name, kind, turn, path, _role(message), branch)
        if branch is not None:
            yield from _answer_faults(messages, first, branch)
    prompt = groups[0][2]
    for branch, _, answer in groups[1:] or [(None, 0, [])]:
        yield from _call_faults(prompt, answer, branch)


def _call_faults(prompt: list[Any], answer: list[Any], branch: str | None) -> Iterator[Fault]:
    whole = [*prompt, *answer]
    for turn, (name, kind, path) in answer_faults(whole):
        side = branch if turn >= len(prompt) else None
        yield Fault(name, kind, turn, path, whole[turn]["role"], side)


def _answer_faults(messages: list[Any], first: int, branch: str) -> Iterator[Fault]:
    """Yield what makes an answer of a preference record something else than one message."""
    for turn, message in enumerate(messages, first):
        if _role(message) not in (None, "assistant"):
            yield Fault(
                "malformed-message", "not-assistant", turn, ("role",), _role(message), branch
            )
    if len(messages) > 1:
        yield Fault(
            "malformed-message", "several-answers", first + 1, (), _role(messages[1]), branch
        )


def _role(message: object) -> str | None:
    role = message.get("role") if isinstance(message, dict) else None
    return role if isinstance(role, str) and role in ROLES else None


def _missing_in_pair(record: Any) -> Iterator[Fault]:  # noqa: ANN401 - JSON of any shape
    why = _why_missing(record.get(INPUT))
    if why:
        yield Fault("missing-messages", why, None, (INPUT, "messages"))
    for key in OUTPUTS:
        why = _why_missing(record, key)
        if why:
            yield Fault("missing-messages", why, None, (key,))


def _pair_faults(record: dict[str, Any]) -> Iterator[Spot]:
    yield from _stray(shape_faults(record, _PREFERENCE, "malformed-message"))
    inner = shape_faults(record[INPUT], _PROMPT, "malformed-tools", (INPUT,))
    yield from _stray(inner)
    for name, kind, path in tools_faults(record[INPUT].get("tools")):
        yield name, kind, (INPUT, *path)


def _stray(spots: Iterator[Spot]) -> Iterator[Spot]:
    for name, kind, path in spots:
        stray = name == "unknown-key" and path[-1] in REQUEST_PARAMETERS
        yield name, "request-parameter" if stray else kind, path


def _why_missing(record: object, key: str = "messages") -> str | None:
    if not isinstance(record, dict):
        return "not-an-object"
    if key not in record:
        return "missing"
    value = record[key]
    if value is None:
        return "null"
    if not isinstance(value, list):
        return "not-a-list"
    return None if value else "empty"


def _line_faults(record: dict[str, Any]) -> Iterator[Spot]:
    yield from _stray(shape_faults(record, _RECORD, "malformed-tools"))
    yield from tools_faults(record.get("tools"))
    yield from function_faults(record.get("functions"))


@dataclass(frozen=True)
class _Texts:
    """The texts that the skeleton left out of one message."""

    leaves: Leaves
    branch: str | None
    turn: int

    def at(self, part: str) -> str | None:
        return self.leaves.get((self.branch, self.turn, part))


def _message_faults(message: object, texts: _Texts) -> Iterator[Spot]:
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
    yield from _content_faults(message, role, texts)
    if message.get("audio") is not None and role == "assistant":
        yield "malformed-content", "audio", ("audio",)
    if message.get("weight") is not None:
        yield from _weight_faults(message["weight"], role)
    yield from call_faults(message, role, texts.at)


def _weight_faults(weight: object, role: str) -> Iterator[Spot]:
    if role != "assistant":
        yield "malformed-weight", "not-assistant", ("weight",)
    elif isinstance(weight, bool) or not isinstance(weight, int | float):
        yield "malformed-weight", "wrong-type", ("weight",)
    elif weight not in (0, 1):
        yield "malformed-weight", "not-0-or-1", ("weight",)
    elif isinstance(weight, float):
        yield "malformed-weight", "not-an-integer", ("weight",)


def _content_faults(message: dict[str, Any], role: str, texts: _Texts) -> Iterator[Spot]:
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
        yield from _part_faults(content, role, texts)
    elif not isinstance(content, str):
        kind = "not-a-string" if isinstance(content, list) else "wrong-type"
    if kind:
        yield "malformed-content", kind, ("content",)


def _part_faults(parts: list[Any], role: str, texts: _Texts) -> Iterator[Spot]:
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
                yield from _image_faults(part["image_url"], (*path, "image_url"), texts)
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


def _image_faults(image: dict[str, Any], path: Path, texts: _Texts) -> Iterator[Spot]:
    yield from shape_faults(image, _IMAGE, "malformed-content", path)
    url = image.get("url")
    written = texts.at(pointer((*path, "url")))
    if isinstance(url, str) and not _URL.match(url if written is None else written):
        yield "malformed-content", "bad-url", (*path, "url")
    detail = image.get("detail")
    if isinstance(detail, str) and detail not in _DETAILS:
        yield "malformed-content", "bad-detail", (*path, "detail")
