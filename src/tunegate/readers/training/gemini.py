"""Read Gemini tuning records, and those of the older Vertex AI models for text and chat."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from tunegate.model import About
from tunegate.readers.export import Chat, Desk, ExportReader, Found
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.json.record import Unreadable, dump
from tunegate.readers.merge import NO_MEDIA, NO_THOUGHTS
from tunegate.readers.streams import Table
from tunegate.readers.training.records import (
    TAKEN,
    Messages,
    alone,
    call,
    chat,
    message,
    numbered,
    objects_of,
    system,
    text_in,
    tool,
)

_ROLES = {"user": "user", "model": "assistant", "function": "user", "tool": "user"}
_AUTHORS = {"user": "user", "bot": "assistant", "assistant": "assistant", "model": "assistant"}


def _contents(found: Found, desk: Desk) -> Chat:
    fields = found.fields
    notes: list[str] = []
    told = _either(fields, "systemInstruction", "system_instruction")
    messages: Messages = []
    if told is not None:
        text = told if isinstance(told, str) else _texts(told)
        messages.append(message("system", text))
    identifiers = numbered("call")
    waiting: dict[str, deque[str]] = defaultdict(deque)  # name of a function → its open calls
    for content in objects_of(fields.get("contents"), "contents"):
        role = content.get("role")
        if not isinstance(role, str) or role not in _ROLES:
            raise Unreadable("a content is neither the user's nor the model's")
        parts = objects_of(content.get("parts"), "parts")
        messages += _spoken(_ROLES[role], parts, identifiers, waiting, notes)
    tools = [
        tool(declared, "parameters")
        for listed in objects_of(fields.get("tools"), "tools")
        for declared in objects_of(
            _either(listed, "functionDeclarations", "function_declarations"), "tools"
        )
    ]
    return chat(found, desk, messages, tuple(dict.fromkeys(notes)), tools=tools)


def _spoken(
    role: str,
    parts: list[dict[str, Any]],
    identifiers: Iterator[str],
    waiting: dict[str, deque[str]],
    notes: list[str],
) -> Iterator[dict[str, Any]]:
    """Yield what a content holds; a function's response is a message of its own.

    Raises:
        Unreadable: a part is of a kind that is not known.
    """
    held: list[dict[str, Any]] = []
    calls: list[dict[str, Any]] = []
    for part in parts:
        called = _either(part, "functionCall", "function_call")
        answered = _either(part, "functionResponse", "function_response")
        inline = _either(part, "inlineData", "inline_data")
        if part.get("thought") is True:
            notes.append(NO_THOUGHTS)
        elif isinstance(part.get("text"), str):
            held.append({"type": "text", "text": part["text"]})
        elif isinstance(called, dict):
            made = call(called.get("name"), called.get("args"), next(identifiers))
            waiting[made["function"]["name"]].append(made["id"])
            calls.append(made)
        elif isinstance(answered, dict):
            open_calls = waiting.get(str(answered.get("name")))
            if not open_calls:
                raise Unreadable("a function's response answers no call")
            text = dump(answered.get("response"))
            yield message("tool", text, tool_call_id=open_calls.popleft())
        elif isinstance(inline, dict) and _is_picture(inline):
            kind = _either(inline, "mimeType", "mime_type")
            url = f"data:{kind};base64,{inline['data']}"
            held.append({"type": "image_url", "image_url": {"url": url}})
        elif inline is not None or _either(part, "fileData", "file_data") is not None:
            notes.append(NO_MEDIA)
        else:
            raise Unreadable("a part is of an unknown kind")
    if not held and not calls:
        return
    said: dict[str, Any] = {"role": role}
    if held:
        said["content"] = held if len(held) > 1 or "text" not in held[0] else held[0]["text"]
    yield {**said, "tool_calls": calls} if calls else said


def _is_picture(inline: Mapping[str, Any]) -> bool:
    kind = _either(inline, "mimeType", "mime_type")
    return isinstance(inline.get("data"), str) and str(kind).startswith("image/")


def _either(fields: Mapping[str, Any], camel: str, snake: str) -> Any:  # noqa: ANN401 - any JSON
    return fields[camel] if camel in fields else fields.get(snake)


def _texts(content: object) -> str:
    parts = content.get("parts") if isinstance(content, dict) else None
    listed = [parts] if isinstance(parts, dict) else objects_of(parts, "parts")
    return "\n\n".join(text_in(part, "text") for part in listed)


def _pairs(found: Found, desk: Desk) -> Chat:
    """Return what `text-bison` and AI Studio took: a text for each side."""
    fields = found.fields
    asked, answered = (
        text_in(fields, "input_text", "text_input"),
        text_in(fields, "output_text", "output"),
    )
    return chat(found, desk, [message("user", asked), message("assistant", answered)])


def _authored(found: Found, desk: Desk) -> Chat:
    """Return what `chat-bison` took: a context and messages with authors."""
    messages = system(found.fields, "context")
    for item in objects_of(found.fields.get("messages"), "messages"):
        author = item.get("author")
        if not isinstance(author, str) or author not in _AUTHORS:
            raise Unreadable("author is neither `user` nor `bot`")
        messages.append(message(_AUTHORS[author], text_in(item, "content")))
    return chat(found, desk, messages)


def _convert(found: Found, desk: Desk) -> Chat:
    return {"contents": _contents, "pairs": _pairs, "authored": _authored}[found.table](found, desk)


def _with_parts(seen: Listing) -> bool:
    lists = [record["contents"] for record in seen.objects if "contents" in record]
    items = [item for listed in lists if isinstance(listed, list) for item in listed]
    return any(isinstance(item, dict) and "parts" in item for item in items) or not lists


def _with_authors(seen: Listing) -> bool:
    lists = [record.get("messages") for record in seen.objects]
    items = [item for listed in lists if isinstance(listed, list) for item in listed]
    known = [item for item in items if isinstance(item, dict)]
    return any("author" in item and "content" in item and "role" not in item for item in known)


READER = ExportReader(
    name="gemini",
    about=About(
        title="Gemini and Vertex AI tuning",
        export="the JSON Lines file of a tuning dataset: `contents` of `parts`; or the older "
        "`input_text` and `output_text`, or `context` and `messages` with authors",
        reads="the system instruction, texts, pictures in the record, function calls and their "
        "responses",
        leaves="files in storage, sound, film and thoughts, each with a note; settings",
    ),
    tables=(
        Table(
            "contents",
            needs="contents",
            any="contents systemInstruction system_instruction tools",
            paths=TAKEN,
            kinds=("lines", "values"),
            mark=_with_parts,
        ),
        Table("pairs", needs="input_text output_text", paths=TAKEN),
        Table("pairs", needs="text_input output", paths=TAKEN),
        Table(
            "authored",
            needs="messages",
            any="messages context examples",
            paths=TAKEN,
            kinds=("lines", "values"),
            mark=_with_authors,
            weight=2,
        ),
    ),
    make=partial(alone, convert=_convert),
)
