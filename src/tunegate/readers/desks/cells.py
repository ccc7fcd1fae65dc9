"""Understand what the short fields of exported tables mean, whoever wrote the table."""

from collections.abc import Callable, Iterator
from typing import Any

from tunegate.readers.export import listed
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import Message, Place

_SERVERS = ("mailer-daemon@", "postmaster@")


def filled(value: object) -> str | None:
    """Return what a cell holds without the spaces around it, None where it holds no word."""
    return value.strip() or None if isinstance(value, str) else None


def bounces(address: str | None) -> bool:
    """Tell whether an address is that of a mail server, which only reports of mails."""
    return address is not None and address.casefold().startswith(_SERVERS)


class Seen:
    """Remembers the ids of one conversation, since pages of an API overlap."""

    def __init__(self) -> None:
        self._ids: set[str] = set()

    def again(self, identifier: str | None) -> bool:
        """Tell whether this id was asked for before; what has no id is always new."""
        if identifier is None:
            return False
        known = identifier in self._ids
        self._ids.add(identifier)
        return known


def held(
    items: object, place: Place, pointer: str, make: Callable[[dict[str, Any], Place], Message]
) -> Iterator[Message]:
    """Yield a message for each item of a list in a record; a list that is none is one message.

    Where a record has several lists, or is one of several of a conversation, what is wrong with
    one list must not cost the others.
    """
    try:
        yield from listed(items, place, pointer, make)
    except Unreadable as refused:
        yield Message(place._replace(pointer=pointer), unreadable=str(refused))
