"""Lines of the chat file whose shape is wrong, and lines that are no records at all."""

import json
from collections.abc import Callable
from typing import Any

from sample_data.generator.chats import Json, Line, conversation, with_tools
from sample_data.generator.tickets import Desk

Break = Callable[[Json], None]


def _last(record: Json, role: str) -> Json:
    said = [message for message in record["messages"] if message["role"] == role]
    return said[-1] if isinstance(said[-1], dict) else {}


def _follow_up(record: Json, content: object) -> None:
    """Add another round, whose question has the given content."""
    record["messages"] += [
        {"role": "user", "content": content},
        {"role": "assistant", "content": "I have noted that and will write again tomorrow."},
    ]


def _insert(record: Json, message: object) -> None:
    record["messages"].insert(-1, message)


def _set(record: Json, role: str, key: str, value: object) -> None:
    _last(record, role)[key] = value


def _call(record: Json) -> Json:
    asking = next(said for said in record["messages"] if said.get("tool_calls"))
    call: Json = asking["tool_calls"][0]
    return call


def _drop_result(record: Json) -> None:
    record["messages"] = [said for said in record["messages"] if said["role"] != "tool"]


def _second_call(record: Json, *, answered: bool) -> None:
    """Let the tool be called once more; with the same id, or without an answer to it."""
    call = json.loads(json.dumps(_call(record)))
    if not answered:
        call["id"] += "0"
    asking: list[Any] = [{"role": "assistant", "content": None, "tool_calls": [call]}]
    if answered:
        asking.append({"role": "tool", "tool_call_id": call["id"], "content": "{}"})
    record["messages"][-1:-1] = [
        {"role": "user", "content": "Could you look once more, please?"},
        *asking,
    ]


CHAT: list[tuple[str, Break]] = [
    ("format/malformed-message", lambda r: _insert(r, "assistant: one moment, please")),
    ("format/malformed-message", lambda r: _insert(r, ["user", "hello?"])),
    ("format/unknown-role", lambda r: _insert(r, {"role": "bot", "content": "Please hold."})),
    ("format/unknown-role", lambda r: _insert(r, {"role": "human", "content": "Are you there?"})),
    ("format/developer-role", lambda r: r["messages"][0].update(role="developer")),
    ("format/malformed-content", lambda r: _follow_up(r, 42)),
    ("format/malformed-content", lambda r: _follow_up(r, {"text": "Is there any news?"})),
    ("format/malformed-content", lambda r: _follow_up(r, [{"type": "text"}])),
    ("format/malformed-weight", lambda r: _set(r, "assistant", "weight", 0.5)),
    ("format/malformed-weight", lambda r: _set(r, "assistant", "weight", "1")),
    ("format/malformed-weight", lambda r: _set(r, "user", "weight", 1)),
    ("format/malformed-tools", lambda r: r.update(tools={"name": "get_order"})),
    ("format/malformed-tools", lambda r: r.update(tools=[{"type": "function", "function": {}}])),
    ("format/unknown-key", lambda r: r.update(id="conv-17")),
    ("format/unknown-key", lambda r: r.update(metadata={"source": "desk"})),
    ("format/unknown-key", lambda r: _set(r, "user", "timestamp", 1_767_225_600)),
    ("format/null-key", lambda r: r.update(tools=None)),
    ("format/null-key", lambda r: _set(r, "user", "name", None)),
    ("format/null-key", lambda r: _set(r, "assistant", "tool_calls", None)),
]
CALLS: list[tuple[str, Break]] = [
    (
        "format/malformed-tool-call",
        lambda r: _call(r)["function"].update(arguments={"order": "LM-20417"}),
    ),
    ("format/malformed-tool-call", lambda r: _call(r)["function"].pop("name")),
    ("format/unanswered-tool-call", _drop_result),
    ("format/unanswered-tool-call", lambda r: _second_call(r, answered=False)),
    ("format/duplicate-call-id", lambda r: _second_call(r, answered=True)),
]
EMPTY: list[Json] = [{"messages": []}, {"parallel_tool_calls": True}]


def write_faults(desk: Desk) -> list[Line]:
    """Return lines with one fault each, and two that cannot be read."""
    made: list[Line] = []
    for at, (rule, spoil) in enumerate(CHAT):
        line = conversation(desk, ("en", "de", "es", "fr")[at % 4])
        spoil(line.record)
        line.found = {rule: []}
        made.append(line)
    for at, (rule, spoil) in enumerate(CALLS):
        line = with_tools(desk, ("en", "de", "es", "fr")[at % 4])
        spoil(line.record)
        line.found = {rule: []}
        made.append(line)
    # Without messages there is nothing to learn from either.
    made += [
        Line(record, {"format/missing-messages": [], "quality/untrainable": []}) for record in EMPTY
    ]
    whole = json.dumps(conversation(desk, "en").record, ensure_ascii=False)
    made.append(Line({}, raw=whole[: len(whole) * 2 // 3]))
    made.append(Line({}, raw=json.dumps("exported by the desk, one conversation a line")))
    return made
