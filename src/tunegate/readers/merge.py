"""Make turns of the messages of a ticket: sort them, leave some out, join those of one speaker."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from tunegate.model import CONTENT, SEGMENTS, SUBJECT, UNREADABLE, Reading, ReadOptions, frame
from tunegate.readers.bodies.body import Body, Cleaned, clean
from tunegate.readers.directory import Directory
from tunegate.readers.json import record as records
from tunegate.readers.leaves import by_column, plain, take
from tunegate.readers.mentions import NAME, Mention
from tunegate.readers.participants import Participants
from tunegate.readers.people import ASSISTANT, BOT, USER, People
from tunegate.readers.shape import Collected, Head

BETWEEN = "\n\n"  # a blank line between messages that become one turn
FIRST_LINE = "first-line"

# Why a message is left out on purpose.
INTERNAL = "internal note"
UNKNOWN_VISIBILITY = "visibility unknown"
AUTOMATION = "automation"
NOT_SENT = "not sent"
DELETED = "deleted or spam"
EVENT = "event"
EMPTY = "empty"
ONLY_QUOTED = "only quoted text"
ONLY_ATTACHMENT = "only an attachment"
REPEATED = "repeated"
NO_TICKET = "belongs to no ticket"
UNKNOWN_SPEAKER = "speaker unknown"
ELSEWHERE = "sent to somebody else"
BRANCH = "on another branch"
HIDDEN = "hidden by the source"
FAILED = "failed"
NOT_LAST = "another call of the conversation"
SENT_ON = "forwarded to others"
LOGGED = "logged by staff"
FORWARDED = "forwarded from elsewhere"
BROADCAST = "broadcast"
HELD_BACK = "held back by a policy"
DISLIKED = "rated as bad"

# What a reviewer must know of a message or a conversation that is kept.
THIRD_PERSON = "third person"
CUT_SHORT = "cut short by the source"
MODEL_WRITTEN = "written by a model"
REDACTED = "redacted by the source"
REPAIRED = "repaired"
GARBLED = "characters lost in the source"
NO_MEDIA = "a file or picture is left out"
NO_THOUGHTS = "thinking is left out"
OTHER_ANSWERS = "further answers are left out"
PROMPT_ONLY = "a prompt for reinforcement, without an answer"
TICKET_UNKNOWN = "its ticket is not in the export"
HIDDEN_MESSAGE = "marked as hidden"
NOTES = frozenset(
    (
        *(THIRD_PERSON, CUT_SHORT, MODEL_WRITTEN, REDACTED, REPAIRED, GARBLED),
        *(NO_MEDIA, NO_THOUGHTS, OTHER_ANSWERS, PROMPT_ONLY, TICKET_UNKNOWN, HIDDEN_MESSAGE),
    )
)

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

    at: microseconds since 1970, None if unknown. role: user, assistant, system, bot, or None if
    it becomes no part of a turn; then `excluded` says why it is left out on purpose, or
    `unreadable` what is wrong with it. text: as the source has it; html: that it is HTML; mail:
    that it may hold quotes and a signature. attachments: their names. note: what a reviewer must
    know of it. key: copies of one message have the same; age: of copies, the smaller is newer,
    and 0 is not known. called: the author's name, where no field of a record has it.
    """

    place: Place
    at: int | None = None
    role: str | None = None
    text: str = ""
    author: str | None = None
    excluded: str | None = None
    unreadable: str | None = None
    html: bool = False
    mail: bool = False
    attachments: tuple[str, ...] = ()
    note: str | None = None
    key: str | None = None
    age: int = 0
    called: str | None = None


class Tickets:
    """Collects conversations, and keeps the book of what became of their messages."""

    def __init__(
        self,
        options: ReadOptions,
        people: People | None = None,
        directory: Directory | None = None,
    ) -> None:
        """Begin with nothing.

        people: who is on which side. directory: what people are called, by id.
        """
        self._options = options
        self._collected = Collected()
        self._participants = Participants(people or People(), directory or Directory())
        self._segments: list[tuple[Any, ...]] = []
        self._unreadable: list[tuple[Any, ...]] = []
        self._excluded: Counter[str] = Counter()
        self._used = 0
        self._merged = 0
        self._attached = 0

    def refuse(self, place: Place, reason: str, row: int | None = None) -> None:
        """Note what could not be understood; `row` is the ticket that lost it."""
        self._unreadable.append((*place, reason, row))

    def leave(self, reason: str) -> None:
        """Note a record that is left out on purpose and belongs to no conversation."""
        self._excluded[reason] += 1

    def add_chat(
        self,
        head: Head,
        record: dict[str, Any],
        places: Sequence[Place],
        notes: Sequence[str] = (),
    ) -> None:
        """Add a conversation that is a chat record; it takes the records at `places`.

        Raises:
            Unreadable: it is nested too deep to be written again.
        """
        bare = plain(record) is not None
        leaves = take(record)
        skeleton = None if bare else records.dump(record)
        authors = [None] * len(leaves)
        whole = head._replace(skeleton=skeleton)
        self._collected.add(whole, **by_column(leaves), authors=authors)
        for place in places:
            self._segments.append((head.row, *[None] * 5, *place, None, None))
        self._used += len(places)
        self._note(head.row, places, notes)

    def add(
        self,
        head: Head,
        messages: Sequence[Message],
        notes: Sequence[str] = (),
        named: Sequence[Mention] = (),
    ) -> None:
        """Add a ticket, of messages in the order of the source.

        named: whom its records name.
        """
        called = [
            Mention((said.author,) if said.author else (), ((NAME, said.called),), said.role)
            for said in messages
            if said.called
        ]
        self._participants.add(head.row, authors_of(messages), [*named, *called])
        ordered = [self._of_machines(message) for message in _by_time(messages)]
        kept: list[Message] = []
        for message in ordered:
            if message.role is None:
                self._leave_out(head.row, message)
            else:
                kept.append(message)
        kept = list(self._cleaned(head.row, kept))
        turns: list[int | None] = []
        roles: list[str | None] = []
        authors: list[str | None] = []
        texts: list[str] = []
        subject = head.subject if self._options.subject == FIRST_LINE else None
        speakers = [(m.role, n if self._options.apart else 0) for n, m in enumerate(kept)]
        grouped = groupby(zip(speakers, kept, strict=True), key=lambda said: said[0])
        for (role, _), said in grouped:
            group = [message for _, message in said]
            opening = subject if role == USER else None
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
        self._note(head.row, [message.place for message in messages], notes)

    def reading(self) -> Reading:
        """Return all that was collected."""
        return Reading(
            batch=self._collected.batch(
                frame(self._segments, SEGMENTS), self._participants.frame()
            ),
            unreadable=frame(self._unreadable, UNREADABLE),
            used=self._used,
            merged=self._merged,
            excluded=dict(self._excluded),
            attached=self._attached,
        )

    def _of_machines(self, message: Message) -> Message:
        if message.role != BOT:
            return message
        if self._options.bots == "drop":
            return message._replace(role=None, excluded=AUTOMATION)
        return message._replace(role=ASSISTANT, note=MODEL_WRITTEN)

    def _cleaned(self, row: int, kept: Sequence[Message]) -> Iterator[Message]:
        """Yield the messages as plain text, without quotes and signatures."""
        options = self._options
        bodies = [Body(said.text, said.html, said.mail, said.author) for said in kept]
        cleaned = clean(
            bodies,
            quotes=options.quotes and not options.apart,
            signatures=options.signatures and not options.apart,
            repair=options.repair,
        )
        for message, body in zip(kept, cleaned, strict=True):
            for kind, start, end in body.cuts:
                place = (row, None, None, None, start, end, *message.place)
                self._segments.append((*place, kind, None))
            text = body.text
            if options.attachments:
                named = [f"[attachment: {name}]" for name in message.attachments]
                text = "\n".join([text, *named] if text else named)
            if text:
                self._attached += len(message.attachments)
                note = REPAIRED if body.note and not message.note else message.note
                yield message._replace(text=text, note=note)
            else:
                self._leave_out(row, message._replace(excluded=_emptiness(message, body)))

    def _note(self, row: int, places: Sequence[Place], notes: Sequence[str]) -> None:
        for note in notes:
            whole = places[0]._replace(pointer=None) if places else Place(0, None, 0, 0)
            self._segments.append((row, *[None] * 5, *whole, None, note))

    def _leave_out(self, row: int, message: Message) -> None:
        if message.unreadable is not None:
            self.refuse(message.place, message.unreadable, row)
        elif message.excluded is not None:
            self._excluded[message.excluded] += 1
        removed = message.excluded or _UNREADABLE
        self._segments.append((row, *[None] * 5, *message.place, removed, message.note))

    def _join(self, row: int, turn: int, said: Sequence[Message], opening: str | None) -> str:
        """Return the text of a turn, and note where in it each message stands."""
        texts = [(message.place, message.text, BETWEEN, message.note) for message in said]
        if opening:
            texts.insert(0, (said[0].place._replace(pointer=SUBJECT), opening, "\n", None))
        joined = ""
        gap = ""
        for source, text, after, note in texts:
            joined += gap + text
            span = (len(joined) - len(text), len(joined))
            self._segments.append((row, None, turn, CONTENT, *span, *source, None, note))
            gap = after
        return joined


def authors_of(messages: Sequence[Message]) -> dict[str, str | None]:
    """Return the role of each author; one who wrote only what is left out has none."""
    found: dict[str, str | None] = {}
    for message in messages:
        if message.author:
            found[message.author] = found.get(message.author) or message.role
    return found


def _emptiness(message: Message, body: Cleaned) -> str:
    if message.attachments:
        return ONLY_ATTACHMENT
    return ONLY_QUOTED if body.cuts else EMPTY


def _by_time(messages: Sequence[Message]) -> list[Message]:
    """Return the messages sorted by time; one without a time stays behind the one before it."""
    times = []
    last = _LONG_AGO
    for message in messages:
        last = message.at if message.at is not None else last
        times.append(last)
    order = sorted(range(len(messages)), key=times.__getitem__)
    return [messages[n] for n in order]
