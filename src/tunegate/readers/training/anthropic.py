"""Read Anthropic records: `system`, messages of content blocks, and old Human/Assistant prompts."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from tunegate.model import About
from tunegate.readers.export import Chat, Desk, ExportReader, Found
from tunegate.readers.fields import objects
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import NO_MEDIA, NO_THOUGHTS
from tunegate.readers.streams import Table
from tunegate.readers.training.records import (
    TAKEN,
    Messages,
    alone,
    call,
    chat,
    message,
    objects_of,
    text_in,
    tool,
    transcript,
)

_THOUGHTS = ("thinking", "redacted_thinking")
_FILES = ("document", "container_upload", "search_result")
_BLOCKS = ("tool_use", "tool_result", *_THOUGHTS, *_FILES)


def _convert(found: Found, desk: Desk) -> Chat:
    fields = found.fields
    if "messages" not in fields:
        text = text_in(fields, "text", "prompt")
        answer = fields.get("completion")
        spoken = transcript(text + answer if isinstance(answer, str) else text)
        if not spoken:
            raise Unreadable("no `Human:` and `Assistant:` say who speaks")
        return chat(found, desk, spoken)
    notes: list[str] = []
    messages: Messages = []
    prompt = _text(fields.get("system"), notes)
    if prompt:
        messages.append(message("system", prompt))
    for item in objects_of(fields["messages"], "messages"):
        role = item.get("role")
        if role not in ("user", "assistant", "system"):
            raise Unreadable("a message is neither the user's nor the assistant's")
        messages += _spoken(role, item.get("content"), notes)
    tools = [tool(one, "input_schema") for one in objects_of(fields.get("tools"), "tools")]
    return chat(found, desk, messages, tuple(dict.fromkeys(notes)), tools=tools)


def _spoken(role: str, content: object, notes: list[str]) -> Iterator[dict[str, Any]]:
    """Yield what a message holds: answers of tools are messages of their own.

    Raises:
        Unreadable: a block is of a kind that is not known.
    """
    if isinstance(content, str):
        yield message(role, content)
        return
    parts: list[dict[str, Any]] = []
    calls: list[dict[str, Any]] = []
    for block in objects_of(content, "content"):
        kind = block.get("type")
        if kind == "text" and isinstance(block.get("text"), str):
            parts.append({"type": "text", "text": block["text"]})
        elif kind == "image":
            parts += _image(block.get("source"), notes)
        elif kind == "tool_use":
            calls.append(call(block.get("name"), block.get("input"), _id(block.get("id"))))
        elif kind == "tool_result":
            yield from _held(role, parts, [])
            parts = []
            text = _text(block.get("content"), notes)
            yield message("tool", text, tool_call_id=_id(block.get("tool_use_id")))
        elif kind in _THOUGHTS or kind in _FILES:
            notes.append(NO_THOUGHTS if kind in _THOUGHTS else NO_MEDIA)
        else:
            raise Unreadable("a content block is of an unknown kind")
    yield from _held(role, parts, calls)


def _held(
    role: str, parts: list[dict[str, Any]], calls: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    if not parts and not calls:
        return
    said: dict[str, Any] = {"role": role}
    if len(parts) == 1 and parts[0]["type"] == "text":
        said["content"] = parts[0]["text"]
    elif parts:
        said["content"] = parts
    yield {**said, "tool_calls": calls} if calls else said


def _image(source: object, notes: list[str]) -> list[dict[str, Any]]:
    found = source if isinstance(source, dict) else {}
    url = found.get("url")
    if found.get("type") == "base64" and isinstance(found.get("data"), str):
        url = f"data:{found.get('media_type')};base64,{found['data']}"
    if not isinstance(url, str):
        notes.append(NO_MEDIA)  # it is a file that only the service has
        return []
    return [{"type": "image_url", "image_url": {"url": url}}]


def _text(content: object, notes: list[str]) -> str:
    """Return the text of a string or of blocks; blocks of other kinds are noted."""
    if content is None or isinstance(content, str):
        return content or ""
    texts = []
    for block in objects_of(content, "content"):
        if block.get("type") == "text" and isinstance(block.get("text"), str):
            texts.append(block["text"])
        else:
            notes.append(NO_MEDIA)
    return "\n\n".join(texts)


def _id(value: object) -> str:
    if not isinstance(value, str):
        raise Unreadable("a call or its answer has no id")
    return value


def _blocks(seen: Listing) -> bool:
    """Tell whether a system prompt or a block stands there that other chat formats do not have."""
    if seen.has("system"):
        return True
    said = (item for record in seen.objects for item in objects(record.get("messages")))
    blocks = [block for item in said for block in objects(item.get("content"))]
    return any(block.get("type") in _BLOCKS or "source" in block for block in blocks)


def _transcribed(seen: Listing) -> bool:
    texts = [record.get(name) for record in seen.objects for name in ("text", "prompt")]
    return any(isinstance(text, str) and transcript(text) for text in texts)


READER = ExportReader(
    name="anthropic",
    about=About(
        title="Anthropic messages",
        export="JSON Lines of requests to the Messages API with the answer as the last message, "
        "or older texts with `Human:` and `Assistant:`",
        reads="`system`, texts, pictures, `tool_use` as calls and `tool_result` as their answers",
        leaves="thinking, documents and pictures that only the service holds, each with a note; "
        "parameters of the request",
    ),
    tables=(
        Table(
            "messages",
            needs="messages",
            any="messages system",
            never="input preferred_output custom_id contents",
            paths=TAKEN,
            kinds=("lines", "values"),
            mark=_blocks,
            weight=2,
        ),
        Table(
            "transcripts",
            needs="",
            any="text prompt",
            never="messages completion response chosen rejected label",
            paths=TAKEN,
            kinds=("lines", "values"),
            mark=_transcribed,
        ),
    ),
    make=partial(alone, convert=_convert),
)
