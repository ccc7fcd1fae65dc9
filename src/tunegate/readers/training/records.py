"""What the formats that models are trained on share: messages, prompts and pairs of answers.

They become OpenAI chat records. Roles come from the format's own words or keys, and texts stay as
they are; in old prompts the lines `Human:` and `Assistant:` say who speaks.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from tunegate.readers.export import Chat, Desk, Found, Left, Made
from tunegate.readers.fields import first_word, word_at
from tunegate.readers.json.record import Unreadable, dump
from tunegate.readers.shape import Head
from tunegate.readers.times import moment
from tunegate.readers.visibility import hidden_by, kind_of

Messages = list[dict[str, Any]]

TAKEN = (), ("data",), ("train",)  # where the records of a document may lie

_IDS = ("id", "conversation_id", "prompt_id", "uuid")
_TIMES = ("created_at", "created", "timestamp")
_SPEAKER = re.compile(r"(?:\A|\n\n)(Human|Assistant):[ ]?")
_SPEAKS = {"Human": "user", "Assistant": "assistant"}
_TRUE = frozenset({"true", "t", "1", "yes"})
_FALSE = frozenset({"false", "f", "0", "no"})


def alone(found: Sequence[Found], desk: Desk, convert: Callable[[Found, Desk], Made]) -> list[Made]:
    """Make something of each record by itself, but for those that a field of theirs hides."""
    made: list[Made] = []
    for one in found:
        kinds = {name: kind_of(name) for name in one.fields}
        reason = hidden_by(one.fields, one.raw, kinds)
        made.append(Left(reason) if reason else convert(one, desk))
    return made


def head_of(found: Found, desk: Desk) -> Head:
    """Return what a record says of itself: an id, a group, a time."""
    fields, group = found.fields, desk.options.group
    times = (moment(fields[name]) for name in _TIMES if fields.get(name) not in (None, ""))
    return Head(
        found.row,
        id=first_word(fields, _IDS, found.raw),
        group=word_at(fields, group, found.raw) if group else None,
        created_at=next(times, None),
    )


def chat(
    found: Found,
    desk: Desk,
    messages: Messages,
    notes: Sequence[str] = (),
    **more: object,
) -> Chat:
    """Return a conversation of a record's messages; `more` are keys of the chat record."""
    record = {"messages": messages, **{key: value for key, value in more.items() if value}}
    return Chat(head_of(found, desk), record, (found,), notes)


def pair(
    found: Found, desk: Desk, prompt: Messages, chosen: Messages, rejected: Messages, **more: object
) -> Chat:
    """Return a preference record of a prompt and two answers.

    Raises:
        Unreadable: there is no prompt, or one of the answers is missing.
    """
    if not prompt:
        raise Unreadable("no prompt stands before the two answers")
    if not chosen or not rejected:
        raise Unreadable("one of the two answers is missing")
    record = {
        "input": {"messages": prompt, **{key: value for key, value in more.items() if value}},
        "preferred_output": chosen,
        "non_preferred_output": rejected,
    }
    return Chat(head_of(found, desk), record, (found,))


def message(role: str, content: object, **more: object) -> dict[str, Any]:
    """Return a message of a chat record."""
    return {"role": role, "content": content, **more}


def system(fields: Mapping[str, Any], *names: str) -> Messages:
    """Return the system message that stands in one of these fields, if one holds a text.

    Raises:
        Unreadable: it holds something else.
    """
    text = text_in(fields, *names)
    return [message("system", text)] if text.strip() else []


def text_in(fields: Mapping[str, Any], *names: str) -> str:
    """Return the text of the first of the fields that is not null; the empty one for none.

    Raises:
        Unreadable: it is no text.
    """
    for name in names:
        value = fields.get(name)
        if value is not None:
            if not isinstance(value, str):
                raise Unreadable(f"`{name}` is not a text")
            return value
    return ""


def said(value: object, role: str, name: str) -> Messages:
    """Return the messages of a field: a text of `role`, a transcript, or a list of messages.

    Raises:
        Unreadable: it is neither, or there is nothing.
    """
    if isinstance(value, str):
        # An answer may quote a transcript; it is one only where it begins as one.
        begins = role == "user" or value.lstrip().startswith("Human:")
        return (transcript(value) if begins else []) or [message(role, value)]
    if isinstance(value, dict) and "role" in value:
        return [value]
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    raise Unreadable(f"`{name}` is {'missing' if value is None else 'no text and no messages'}")


def transcript(text: str) -> Messages:
    """Return the messages of a text with lines of `Human:` and `Assistant:`; none for any other.

    What stands before the first line is the system prompt, and a last `Assistant:` with nothing
    after it asks for an answer.
    """
    places = list(_SPEAKER.finditer(text))
    if not places or places[0][1] != "Human" or (places[0].start() and "Assistant" not in text):
        return []
    ends = [*(place.start() for place in places[1:]), len(text)]
    found = [
        message(_SPEAKS[place[1]], text[place.end() : end].strip())
        for place, end in zip(places, ends, strict=True)
    ]
    if found[-1] == message("assistant", ""):
        found.pop()
    before = text[: places[0].start()].strip()
    return [message("system", before), *found] if before else found


def truth(value: object) -> bool | None:
    """Return a boolean, also one that a table wrote as a word; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | str) and not isinstance(value, bool):
        told = str(value).strip().lower()
        return True if told in _TRUE else False if told in _FALSE else None
    return None


def objects_of(value: object, name: str) -> list[dict[str, Any]]:
    """Return a list of objects; null is an empty one.

    Raises:
        Unreadable: it is something else.
    """
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Unreadable(f"`{name}` is not a list of objects")
    return value


def call(name: object, arguments: object, identifier: str) -> dict[str, Any]:
    """Return the call of a tool as it stands in `tool_calls`.

    Raises:
        Unreadable: it does not say which tool.
    """
    if not isinstance(name, str):
        raise Unreadable("a call names no tool")
    text = arguments if isinstance(arguments, str) else dump({} if arguments is None else arguments)
    function = {"name": name, "arguments": text}
    return {"id": identifier, "type": "function", "function": function}


def tool(declared: Mapping[str, Any], schema: str) -> dict[str, Any]:
    """Return a tool as OpenAI declares it; `schema` is the key of its parameters."""
    names = (("name", "name"), ("description", "description"), (schema, "parameters"))
    function = {new: declared[old] for old, new in names if declared.get(old) is not None}
    return {"type": "function", "function": function}


def tools_of(value: object) -> Messages:
    """Return tools as OpenAI declares them; they may stand as a text of JSON.

    Raises:
        Unreadable: they are something else.
    """
    listed = parsed(value) if isinstance(value, str) and value.strip() else value or []
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Unreadable("`tools` is not a list of objects")
    return [one if "function" in one else tool(one, "parameters") for one in listed]


def parsed(text: str) -> object:
    """Return the JSON value that a text holds, None if it holds none."""
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return value


def shared(chosen: Messages, rejected: Messages) -> int:
    """Return how many messages two conversations begin with alike, short of the whole of either."""
    most = min(len(chosen), len(rejected)) - 1
    return next((n for n in range(most) if chosen[n] != rejected[n]), max(most, 0))


def numbered(prefix: str) -> Iterator[str]:
    """Yield an endless row of ids."""
    number = 0
    while True:
        number += 1
        yield f"{prefix}_{number}"
