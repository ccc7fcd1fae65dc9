"""Tell what an export holds more than once, and leave it out but for the first time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tunegate.readers.fields import identity
from tunegate.readers.merge import REPEATED, Message
from tunegate.readers.times import moment


def left(message: Message, reason: str) -> Message:
    """Return a message as left out on purpose."""
    return message._replace(role=None, excluded=reason)


def once(messages: Sequence[Message], items: object, seen: set[str]) -> Iterator[Message]:
    """Yield messages, those as repeated whose item has an `id` that was seen before.

    items: what each message was made of, in the same order; null where there are none. seen: the
    ids so far; those of these items are added.
    """
    made_of = items if isinstance(items, list) else []
    for message, item in zip(messages, made_of, strict=True):
        identifier = identity(item.get("id")) if isinstance(item, dict) else None
        if identifier and identifier in seen:
            yield left(message, REPEATED)
            continue
        if identifier:
            seen.add(identifier)
        yield message


def newest(fields: Mapping[str, Any], *names: str) -> int:
    """Return what sorts records so that the one changed last comes first.

    names: fields with a time; the first that holds one counts.
    """
    return -next((at for name in names if (at := moment(fields.get(name)))), 0)
