"""OpenAI chat JSONL: nothing but the contract's keys, rebuilt from texts and skeletons.

A preference record becomes a line of OpenAI's preference format.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from tunegate.branches import INPUT, OUTPUTS, is_preference, lists, placed
from tunegate.model import Batch

# The supervised fine-tuning schema, openai-openapi: FineTuneChatRequestInput and its messages.
RECORD_KEYS = ("messages", "tools", "parallel_tool_calls", "functions")
PROMPT_KEYS = ("messages", "tools", "parallel_tool_calls")  # of a preference record's input
MESSAGE_KEYS = {
    "system": ("role", "content", "name"),
    "user": ("role", "content", "name"),
    "assistant": (
        "role",
        "content",
        "refusal",
        "name",
        "weight",
        "tool_calls",
        "function_call",
    ),
    "tool": ("role", "content", "tool_call_id"),
    "function": ("role", "content", "name"),
}

# The keys of what is nested there; None holds whatever it held.
Keys = dict[str, "Keys | None"]
_CALLED: Keys = {"name": None, "arguments": None}
_DECLARED: Keys = {"name": None, "description": None, "parameters": None, "strict": None}
NESTED_KEYS: Keys = {
    "content": {
        "type": None,
        "text": None,
        "refusal": None,
        "image_url": {"url": None, "detail": None},
    },
    "tool_calls": {"id": None, "type": None, "function": _CALLED},
    "function_call": _CALLED,
    "tools": {"type": None, "function": _DECLARED},
    "functions": _DECLARED,
}

# Some readers of JSONL break lines at these as well; within JSON they may stand as escapes.
_LINE_BREAKS = (("\x85", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


def lines(batch: Batch, *, system: str | None = None) -> Iterator[tuple[int, bytes | None]]:
    """Yield `(row, line)` for every conversation, each line ended by one LF.

    A conversation that is no chat, because no rule on its shape was asked for, has None, and so
    has a record that is nested too deep to be written again. system: prompt put before the
    conversations that have none.
    """
    skeletons = dict(
        batch.conversations.filter(pl.col("skeleton").is_not_null())
        .select("row", "skeleton")
        .iter_rows()
    )
    grouped = batch.turns.group_by("row", maintain_order=True).agg(
        "turn", "part", "role", "text", "branch"
    )
    texts = {row: leaves for row, *leaves in grouped.iter_rows()}
    # A loop over conversations: each becomes one nested JSON object, which columns cannot hold.
    for row in batch.conversations["row"]:
        turns, parts, roles, contents, branches = texts.get(row, ([], [], [], [], []))
        try:
            if row in skeletons:
                record = _rebuilt(json.loads(skeletons[row]), turns, parts, contents, branches)
            else:
                record = _plain(turns, roles, contents)
            line = None if record is None else _line(record, system)
        except RecursionError:
            line = None
        yield row, line


def _line(record: dict[str, Any], system: str | None) -> bytes:
    messages = next(lists(record))[2]
    if system is not None and not any(message["role"] == "system" for message in messages):
        messages.insert(0, {"role": "system", "content": system})
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    # Not `translate`, which walks every text that is not ASCII and took longer than the dump.
    for character, escape in _LINE_BREAKS:
        text = text.replace(character, escape)
    return text.encode() + b"\n"


def _plain(turns: list[int | None], roles: list[str], texts: list[str]) -> dict[str, Any] | None:
    messages = [
        {"role": role, "content": text}
        for turn, role, text in zip(turns, roles, texts, strict=True)
        if turn is not None
    ]
    return {"messages": messages} if messages and all(map(_is_message, messages)) else None


def _rebuilt(
    skeleton: dict[str, Any],
    turns: list[int | None],
    parts: list[str],
    texts: list[str],
    branches: list[str | None],
) -> dict[str, Any] | None:
    messages = {(branch, turn): message for branch, turn, message in placed(skeleton)}
    if not all(map(_is_message, messages.values())):
        return None
    # Answers to nothing, or fewer than two, are no example.
    if {branch for branch, _ in messages} != set(_branches(skeleton)):
        return None
    for turn, part, text, branch in zip(turns, parts, texts, branches, strict=True):
        _put(skeleton if turn is None else messages[branch, turn], part, text)
    if not is_preference(skeleton):
        return _prompt(skeleton, RECORD_KEYS)
    answers = {key: [_message(m) for m in skeleton[key]] for key in OUTPUTS}
    return {INPUT: _prompt(skeleton[INPUT], PROMPT_KEYS), **answers}


def _branches(skeleton: dict[str, Any]) -> Iterable[str | None]:
    return (None, *OUTPUTS.values()) if is_preference(skeleton) else (None,)


def _prompt(holder: dict[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    record = _known(holder, keys)
    record["messages"] = [_message(message) for message in holder["messages"]]
    return record


def _message(message: dict[str, Any]) -> dict[str, Any]:
    return _known(message, MESSAGE_KEYS[message["role"]])


def _known(thing: dict[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    present = (key for key in keys if thing.get(key) is not None)
    return {key: _nested(thing[key], NESTED_KEYS.get(key)) for key in present}


def _nested(value: Any, keys: Keys | None) -> Any:  # noqa: ANN401 - any JSON
    if keys and isinstance(value, list):
        return [_nested(item, keys) for item in value]
    if keys and isinstance(value, dict):
        present = (key for key in value if key in keys and value[key] is not None)
        return {key: _nested(value[key], keys[key]) for key in present}
    return value


def _is_message(message: object) -> bool:
    role = message.get("role") if isinstance(message, dict) else None
    return isinstance(role, str) and role in MESSAGE_KEYS


def _put(record: Any, pointer: str, text: str) -> None:  # noqa: ANN401 - any JSON
    *path, last = pointer.split("/")[1:]
    for step in path:
        record = record[int(step)] if isinstance(record, list) else record[_unescaped(step)]
    if isinstance(record, list):
        record[int(last)] = text
    elif last == "subject" and last not in record:
        return  # a ticket's subject is not part of the record
    else:
        record[_unescaped(last)] = text


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")
