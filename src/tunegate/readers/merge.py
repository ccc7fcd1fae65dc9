"""Make turns of the messages of a ticket: sort them, leave some out, join those of one speaker."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from tunegate.model import CONTENT, SEGMENTS, UNREADABLE, Reading, frame
from tunegate.readers.shape import Collected, Head

BETWEEN = "\n\n"  # a blank line between messages that become one turn
SUBJECT = "/subject"
FIRST_LINE = "first-line"

# Why a message is left out on purpose.
INTERNAL = "internal note"
UNKNOWN_VISIBILITY = "visibility unknown"
AUTOMATION = "automation"
EMPTY = "empty"

_UNREADABLE = "unreadable"
_LONG_AGO = -(1 << 63)


class Place(NamedTuple):
    """Where a message stands in the inputs, as in `SEGMENTS`."""

    file: int
    line: int | None
    offset: int
    length: int
    pointer: str | None = None


class Message(NamedTuple):
    """A message of a ticket.

    at: microseconds since 1970, None if unknown. role: None if it becomes no part of a turn;
    then `excluded` says why it is left out on purpose, or `unreadable` what is wrong with it.
    """

    place: Place
    at: int | None = None
    role: str | None = None
    text: str = ""
    author: str | None = None
    excluded: str | None = None
    unreadable: str | None = None


class Tickets:
    """Collects tickets, and keeps the book of what became of their messages."""

    def __init__(self, subject: str) -> None:
        self._subject = subject  # what `ReadOptions.subject` asks for
        self._collected = Collected()
        self._segments: list[tuple[Any, ...]] = []
        self._unreadable: list[tuple[Any, ...]] = []
        self._excluded: Counter[str] = Counter()
        self._used = 0
        self._merged = 0

    def refuse(self, place: Place, reason: str, row: int | None = None) -> None:
        """Note what could not be understood; `row` is the ticket that lost it."""
        self._unreadable.append((*place, reason, row))

    def add(self, head: Head, messages: Sequence[Message]) -> None:
        """Add a ticket, of messages in the order of the source."""
        ordered = _by_time(messages)
        for message in ordered:
            if message.role is None:
                self._leave_out(head.row, message)
        turns: list[int | None] = []
        roles: list[str | None] = []
        authors: list[str | None] = []
        texts: list[str] = []
        subject = head.subject if self._subject == FIRST_LINE else None
        kept = (message for message in ordered if message.role is not None)
        for role, said in groupby(kept, key=lambda message: message.role):
            group = list(said)
            opening = subject if role == "user" else None
            if opening:
                subject = None  # only the first of the user's turns has it
            texts.append(self._join(head.row, len(turns), group, opening))
            turns.append(len(turns))
            roles.append(role)
            authors.append(group[0].author)
            self._used += 1
            self._merged += len(group) - 1
        parts = [CONTENT] * len(turns)
        if head.subject:
            turns.append(None)
            parts.append(SUBJECT)
            roles.append(None)
            authors.append(None)
            texts.append(head.subject)
        self._collected.add(head, turns, parts, roles, texts, authors)

    def reading(self) -> Reading:
        """Return all that was collected."""
        return Reading(
            batch=self._collected.batch(frame(self._segments, SEGMENTS)),
            unreadable=frame(self._unreadable, UNREADABLE),
            used=self._used,
            merged=self._merged,
            excluded=dict(self._excluded),
        )

    def _leave_out(self, row: int, message: Message) -> None:
        if message.unreadable is not None:
            self.refuse(message.place, message.unreadable, row)
        elif message.excluded is not None:
            self._excluded[message.excluded] += 1
        removed = message.excluded or _UNREADABLE
        self._segments.append((row, None, None, None, None, None, *message.place, removed))

    def _join(self, row: int, turn: int, said: Sequence[Message], opening: str | None) -> str:
        """Return the text of a turn, and note where in it each message stands."""
        texts = [(message.place, message.text, BETWEEN) for message in said]
        if opening:
            texts.insert(0, (said[0].place._replace(pointer=SUBJECT), opening, "\n"))
        joined = ""
        gap = ""
        for source, text, after in texts:
            joined += gap + text
            span = (len(joined) - len(text), len(joined))
            self._segments.append((row, None, turn, CONTENT, *span, *source, None))
            gap = after
        return joined


def _by_time(messages: Sequence[Message]) -> list[Message]:
    """Return the messages sorted by time; one without a time stays behind the one before it."""
    times = []
    last = _LONG_AGO
    for message in messages:
        last = message.at if message.at is not None else last
        times.append(last)
    order = sorted(range(len(messages)), key=times.__getitem__)
    return [messages[n] for n in order]
