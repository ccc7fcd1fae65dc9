"""Tell what an export holds more than once, and leave it out but for one copy."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from tunegate.readers.merge import REDACTED, REPEATED, Message
from tunegate.readers.times import moment

T = TypeVar("T")


def left(message: Message, reason: str) -> Message:
    """Return a message as left out on purpose."""
    return message._replace(role=None, excluded=reason)


def aged(messages: Iterable[Message], age: int) -> list[Message]:
    """Return messages as copies that were changed last at a time, as `newest` gives it."""
    return [message._replace(age=age) for message in messages]


def once(messages: Sequence[Message]) -> list[Message]:
    """Return messages, of those with one key all but one as repeated.

    The newest is kept. Of those of which none is known to be newer it is the one that is left out
    if any is, or else was redacted: what was ever withdrawn is not said by an older copy. Of
    copies that say the same it is the first.
    """
    copies: dict[str, list[int]] = {}
    for n, message in enumerate(messages):
        if message.key is not None:
            copies.setdefault(message.key, []).append(n)
    kept = {min(places, key=_order(messages, places)) for places in copies.values()}
    return [
        message if message.key is None or n in kept else left(message, REPEATED)
        for n, message in enumerate(messages)
    ]


def current(records: Sequence[T], ages: Sequence[int]) -> list[T]:
    """Return those of which none is known to be newer; ages are as `newest` gives them."""
    return [one for one, age in zip(records, ages, strict=True) if age in (0, min(ages))]


def newest(fields: Mapping[str, Any], *names: str) -> int:
    """Return what sorts records so that the one changed last comes first; 0: nobody knows.

    names: fields with a time; the first that holds one counts.
    """
    return -next((at for name in names if (at := moment(fields.get(name)))), 0)


def _order(messages: Sequence[Message], places: Sequence[int]) -> Any:  # noqa: ANN401 - a sort key
    candidates = set(current(places, [messages[n].age for n in places]))

    def order(n: int) -> tuple[bool, bool, bool, int]:
        one = messages[n]
        return n not in candidates, one.excluded is None, one.note != REDACTED, n

    return order
