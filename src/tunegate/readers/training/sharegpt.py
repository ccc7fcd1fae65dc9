"""Read ShareGPT records: `conversations` of `from` and `value`, as many trainers take them."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from tunegate.model import About
from tunegate.readers.export import Chat, Desk, ExportReader, Found, Left
from tunegate.readers.fields import objects
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.json.record import Unreadable
from tunegate.readers.leaves import ROLES
from tunegate.readers.streams import Table
from tunegate.readers.training.kto import UNWANTED
from tunegate.readers.training.records import (
    TAKEN,
    alone,
    call,
    chat,
    message,
    numbered,
    objects_of,
    pair,
    parsed,
    system,
    text_in,
    tools_of,
    truth,
)

_LISTS = ("conversations", "conversation")
_WORDS = {
    "human": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bing": "assistant",
    "bard": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "function_call": "call",
    "function-call": "call",
    "tool_call": "call",
    "observation": "tool",
    "function_response": "tool",
    "function-response": "tool",
    "tool_response": "tool",
    "ipython": "tool",
}


def _convert(found: Found, desk: Desk) -> Chat | Left:
    fields = found.fields
    tag = fields.get("kto_tag")
    if tag is not None and truth(tag) is None:
        raise Unreadable("`kto_tag` is neither true nor false")
    if tag is not None and not truth(tag):
        return Left(UNWANTED)
    name = next((name for name in _LISTS if fields.get(name) is not None), _LISTS[0])
    words = {**_WORDS, **desk.options.roles}
    messages = list(_spoken(objects_of(fields.get(name), name), words))
    if not any(said["role"] == "system" for said in messages[:1]):
        messages = [*system(fields, "system"), *messages]
    tools = tools_of(fields.get("tools"))
    if fields.get("chosen") is None and fields.get("rejected") is None:
        return chat(found, desk, messages, tools=tools)
    answers = [
        list(_spoken([fields[side]] if isinstance(fields.get(side), dict) else [], words))
        for side in ("chosen", "rejected")
    ]
    return pair(found, desk, messages, answers[0], answers[1], tools=tools)


def _spoken(items: list[dict[str, Any]], words: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the messages, with ids that tie answers to the calls before them.

    Raises:
        Unreadable: a message says not who speaks, or what.
    """
    identifiers = numbered("call")
    open_calls: list[str] = []
    for item in items:
        word = item.get("from", item.get("role"))
        role = words.get(word, word) if isinstance(word, str) else None
        if role is None or role not in ROLES | {"call"}:
            raise Unreadable("role is not mapped")
        text = text_in(item, "value", "content")
        if "value" not in item and "content" not in item:
            raise Unreadable("message has no `value`")
        if role == "call":
            calls = [call(*_called(one), next(identifiers)) for one in _several(text)]
            open_calls = [one["id"] for one in calls]
            yield {"role": "assistant", "tool_calls": calls}
        elif role == "tool":
            answered = {"tool_call_id": open_calls.pop(0)} if open_calls else {}
            yield message("tool", text, **answered)
        else:
            yield message(role, text, **(_weight(item) if role == "assistant" else {}))


def _several(text: str) -> list[Any]:
    value = parsed(text)
    return value if isinstance(value, list) else [value]


def _called(value: object) -> tuple[object, object]:
    if not isinstance(value, dict):
        raise Unreadable("a call is not JSON")
    return value.get("name"), value.get("arguments", value.get("parameters"))


def _weight(item: Mapping[str, Any]) -> dict[str, int]:
    """Return whether a message is trained, where the record says so."""
    for name in ("weight", "loss", "train"):
        value = item.get(name)
        if isinstance(value, bool | int | float):
            if value not in (0, 1):
                raise Unreadable(f"`{name}` is neither 0 nor 1")
            return {"weight": int(value)}
    return {}


def _speaks(seen: Listing) -> bool:
    said = [
        item for record in seen.objects for name in _LISTS for item in objects(record.get(name))
    ]
    # A head may end before the first record does.
    return any("from" in item and "value" in item for item in said) or not seen.objects


def _table(name: str) -> Table:
    return Table(
        name,
        needs=name,
        any=f"{name} id system tools chosen rejected kto_tag",
        never="messages mapping total_count",
        paths=TAKEN,
        kinds=("lines", "values"),
        mark=_speaks,
    )


READER = ExportReader(
    name="sharegpt",
    about=About(
        title="ShareGPT",
        export="JSON or JSON Lines with `conversations`, a list of `from` and `value`, as "
        "LLaMA-Factory, Axolotl and FastChat read them",
        reads="system, human and gpt, calls of tools and what they answer; `weight`, `loss` or "
        "`train` of a message; `chosen` and `rejected` as a preference pair",
        leaves="records with `kto_tag: false`; other fields. Other words for a role are read "
        "once `roles` maps them",
    ),
    tables=tuple(_table(name) for name in _LISTS),
    make=partial(alone, convert=_convert),
)
