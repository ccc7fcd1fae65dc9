"""Bring the messages of traced model calls into the shape of chat records.

Each library writes them in its own way: OpenAI's chat and responses, Anthropic's blocks, and
LangChain's classes as it serialises them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tunegate.readers.fields import text_of
from tunegate.readers.json.record import Unreadable, dump

NO_MESSAGES = "call has no messages that are understood"
NO_ANSWER = "call has no answer that is understood"
NO_ROLE = "message does not say who wrote it"

_ROLES = {
    "human": "user",
    "user": "user",
    "ai": "assistant",
    "assistant": "assistant",
    "model": "assistant",
    "system": "system",
    "developer": "developer",
    "tool": "tool",
    "function": "function",
}
_TEXTS = ("text", "input_text", "output_text")
_THOUGHTS = ("thinking", "redacted_thinking", "reasoning", "reasoning_content")
_MAX_INNER = 2  # lists around the messages: a batch of one

Record = dict[str, Any]


def chat_of(inputs: object, outputs: object, tools: object = None) -> Record:
    """Return a chat record of what a call was given and what it answered.

    tools: those it could use, where they do not stand among the inputs.

    Raises:
        Unreadable: either of them is not understood.
    """
    try:
        asked, said = list(_asked(inputs)), list(_answered(outputs))
    except RecursionError:
        raise Unreadable(NO_MESSAGES) from None
    if not asked:
        raise Unreadable(NO_MESSAGES)
    # Graphs answer with all that was said so far.
    answer = said[len(asked) :] if said[: len(asked)] == asked else said
    if not answer or answer[-1]["role"] != "assistant":
        raise Unreadable(NO_ANSWER)
    record: Record = {"messages": asked + answer}
    tools = (inputs.get("tools") if isinstance(inputs, dict) else None) or tools
    if isinstance(tools, list) and tools and all(_is_tool(tool) for tool in tools):
        record["tools"] = tools
    return record


def _asked(inputs: object) -> Iterator[Record]:
    if isinstance(inputs, str) and inputs.strip():
        yield {"role": "user", "content": inputs}
    elif isinstance(inputs, list):
        yield from _all(_unwrapped(inputs))
    elif isinstance(inputs, dict):
        if "role" in inputs:
            yield from _messages(inputs)
            return
        for name in ("system", "instructions"):
            if inputs.get(name):
                yield _plain("system", inputs[name])
        for name in ("messages", "input", "chat_history", "prompt"):
            # A bare prompt is a text that a model goes on with, and nobody's message.
            if inputs.get(name) and not (name == "prompt" and isinstance(inputs[name], str)):
                yield from _asked(inputs[name])
                return


def _answered(outputs: object) -> Iterator[Record]:
    if isinstance(outputs, str):
        if outputs.strip():
            yield {"role": "assistant", "content": outputs}
    elif isinstance(outputs, list):
        yield from _all(_unwrapped(outputs))
    elif isinstance(outputs, dict):
        choices = outputs.get("choices") or outputs.get("generations")
        if isinstance(choices, list) and choices:
            # The first of several answers is the one that a program shows.
            first = choices[0][0] if isinstance(choices[0], list) and choices[0] else choices[0]
            yield from _answered(_generated(first))
        elif "role" in outputs or "lc" in outputs or text_of(outputs.get("type")) in _ROLES:
            yield from _messages(outputs)
        elif inner := next((outputs[n] for n in _ANSWERS if outputs.get(n)), None):
            yield from _answered(inner)
        elif "content" in outputs or "tool_calls" in outputs:
            yield from _messages({**outputs, "role": "assistant"})


_ANSWERS = ("message", "messages", "output", "text")


def _generated(choice: object) -> object:
    if not isinstance(choice, dict):
        return choice
    return choice.get("message") or text_of(choice.get("text"))


def _unwrapped(items: list[Any]) -> list[Any]:
    for _ in range(_MAX_INNER):
        inner = items[0] if len(items) == 1 else None
        if isinstance(inner, list) and not any(isinstance(one, str) for one in inner):
            items = inner
    return items


def _all(items: list[Any]) -> Iterator[Record]:
    for item in items:
        yield from _messages(item)


def _messages(value: object) -> Iterator[Record]:
    """Yield the messages that one of a library holds: the results of tools are their own.

    Raises:
        Unreadable: it has no known role, or is nothing that is said.
    """
    if isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value):
        value = {"role": value[0], "content": value[1]}
    if not isinstance(value, dict):
        raise Unreadable("message is not an object")
    kind = value.get("type")
    if kind == "function_call":
        yield {"role": "assistant", "content": None, "tool_calls": [_tool_call(value)]}
        return
    if kind == "function_call_output":
        result = value.get("output")
        yield _answer_of_tool(value.get("call_id"), result if result is not None else "")
        return
    if kind in _THOUGHTS:
        return
    fields = _fields(value)
    role = _role(value, fields)
    blocks = fields.get("content")
    if isinstance(blocks, list):
        for block in blocks:
            if isinstance(block, dict) and block.get("type") == "tool_result":
                yield _answer_of_tool(block.get("tool_use_id"), block.get("content"))
        if blocks and all(isinstance(b, dict) and b.get("type") == "tool_result" for b in blocks):
            return
    message = _plain(role, blocks)
    calls = list(_calls(fields, blocks))
    if calls:
        message["tool_calls"] = calls
    if role == "tool" and isinstance(fields.get("tool_call_id"), str):
        message["tool_call_id"] = fields["tool_call_id"]
    if role == "function" and isinstance(fields.get("name"), str):
        message["name"] = fields["name"]
    yield message


def _fields(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fields of a message, which LangChain puts into one of two wrappings."""
    inner = value.get("kwargs") if "lc" in value else value.get("data")
    return inner if isinstance(inner, dict) and "content" in inner else value


def _role(value: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    named = fields.get("role") or value.get("role")
    if not named:
        path = value.get("id")
        of_class = path[-1] if "lc" in value and isinstance(path, list) and path else None
        named = of_class or value.get("type") or fields.get("type")
    word = text_of(named).removesuffix("Chunk").removesuffix("Message").lower()
    if word not in _ROLES:
        raise Unreadable(NO_ROLE)
    return _ROLES[word]


def _plain(role: str, content: object) -> Record:
    if content is None or isinstance(content, str):
        return {"role": role, "content": content}
    if not isinstance(content, list):
        raise Unreadable("message has no text")
    parts = [part for block in content if (part := _part(block))]
    if not parts:
        return {"role": role, "content": None}
    if len(parts) == 1 and parts[0]["type"] == "text":
        return {"role": role, "content": parts[0]["text"]}
    return {"role": role, "content": parts}


def _part(block: object) -> Record | None:
    """Return a part of a message, None for what is no part of what it says."""
    if isinstance(block, str):
        return {"type": "text", "text": block}
    if not isinstance(block, dict):
        raise Unreadable("message has no text")
    kind = block.get("type")
    if kind in _TEXTS:
        return {"type": "text", "text": text_of(block.get("text"))}
    if kind == "image_url":
        image = block.get("image_url")
        return {"type": kind, "image_url": image if isinstance(image, dict) else {"url": image}}
    if kind in (*_THOUGHTS, "tool_use", "tool_call", "tool_result", "function_call"):
        return None
    return {"type": text_of(kind) or "unknown"}


def _calls(fields: Mapping[str, Any], blocks: object) -> Iterator[Record]:
    """Yield the calls of tools; LangChain has the same ones in up to three places."""
    more = fields.get("additional_kwargs")
    given = fields.get("tool_calls") or (isinstance(more, dict) and more.get("tool_calls"))
    if not given and isinstance(blocks, list):
        given = [b for b in blocks if isinstance(b, dict) and b.get("type") == "tool_use"]
    for call in given if isinstance(given, list) else ():
        yield _tool_call(call)


def _tool_call(call: object) -> Record:
    if not isinstance(call, dict):
        raise Unreadable("tool call is not an object")
    inner = call.get("function")
    fields = inner if isinstance(inner, dict) else call
    given = next((fields[n] for n in ("arguments", "args", "input") if n in fields), "{}")
    if not isinstance(fields.get("name"), str):
        raise Unreadable("tool call does not say what it calls")
    named = call.get("call_id") or call.get("id")
    return {
        "id": named if isinstance(named, str) else "",
        "type": "function",
        "function": {
            "name": fields["name"],
            "arguments": given if isinstance(given, str) else dump(given),
        },
    }


def _answer_of_tool(call: object, content: object) -> Record:
    parts = _plain("tool", content if isinstance(content, str | list) else dump(content))
    return {**parts, "tool_call_id": text_of(call)}


def _is_tool(tool: object) -> bool:
    return isinstance(tool, dict) and isinstance(tool.get("function"), dict)
