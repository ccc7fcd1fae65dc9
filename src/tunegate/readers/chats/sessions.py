"""Cut a chat that never ends into conversations, where nobody spoke for long enough."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tunegate.readers.export import Desk, Talk
from tunegate.readers.merge import REPEATED, THIRD_PERSON, Message
from tunegate.readers.people import ASSISTANT, BOT, USER
from tunegate.readers.shape import Head, row_of

SILENCE = 24 * 60 * 60 * 1_000_000  # microseconds; a day without a word ends a conversation
LATE_ANSWER = 7 * SILENCE  # unless staff answers the customer: weekends, holidays


class Chat(NamedTuple):
    """A chat, or a thread of one.

    id: as the source has it. endless: it goes on after a matter is settled, so that silence cuts
    it; a thread is about one matter and stays whole. group: who must not be on both sides of a
    split; None: whoever asks first.
    """

    id: str | None
    endless: bool = True
    group: str | None = None
    subject: str | None = None
    tags: Sequence[str] = ()


def talks(
    chat: Chat, messages: Iterable[Message], desk: Desk, notes: Sequence[str] = ()
) -> Iterator[Talk]:
    """Yield the conversations of a chat.

    A conversation's row is where its first message stands, and its id that of the chat, with a
    number from the second one on. notes: about all of the chat, so each of them has them.
    """
    ordered = _by_time(messages)
    learns = desk.options.bots != "drop"
    cut = list(_sessions(ordered, learns=learns)) if chat.endless else [ordered]
    for n, said in enumerate(cut):
        if not said:
            continue
        asking = next((m.author for m in said if m.role == USER and m.author), None)
        number = f"#{n + 1}" if n else ""
        head = Head(
            row=min(_row(message) for message in said),
            id=f"{chat.id}{number}" if chat.id is not None else None,
            group=chat.group or asking or chat.id,
            created_at=next((m.at for m in said if m.role and m.at is not None), None),
            subject=chat.subject,
            tags=chat.tags,
        )
        yield Talk(head, [_of_others(message, asking) for message in said], notes)


class Version(NamedTuple):
    """A message as one place of an export has it.

    id: None if it has none. edited: the larger, the newer.
    """

    id: str | None
    edited: int
    message: Message


def once(versions: Iterable[Version]) -> list[Message]:
    """Return the messages, of each id the newest version; the others are left out as repeated.

    Of versions that are equally new, the one that is left out says more than the one that is not.
    """
    found = list(versions)
    newest: dict[str, int] = {}
    for n, version in enumerate(found):
        if version.id is not None:
            held = newest.setdefault(version.id, n)
            if _rank(version) > _rank(found[held]):
                newest[version.id] = n
    return [
        version.message
        if version.id is None or newest[version.id] == n
        else Message(version.message.place, at=version.message.at, excluded=REPEATED)
        for n, version in enumerate(found)
    ]


def _rank(version: Version) -> tuple[int, bool]:
    return version.edited, version.message.excluded is not None


def _of_others(message: Message, asking: str | None) -> Message:
    is_other = message.role == USER and message.author != asking and asking is not None
    return message._replace(note=THIRD_PERSON) if is_other and not message.note else message


def _sessions(messages: Sequence[Message], *, learns: bool) -> Iterator[list[Message]]:
    """Yield the stretches between silences; what is not said by anyone breaks none.

    learns: what machines say counts.
    """
    held: list[Message] = []
    last: Message | None = None  # who spoke
    for message in messages:
        if message.role is not None and (learns or message.role != BOT):
            if last and _is_new(last, message):
                yield held
                held = []
            at = message.at if message.at is not None else last.at if last else None
            last = message._replace(at=at)
        held.append(message)
    yield held


def _is_new(last: Message, message: Message) -> bool:
    if last.at is None or message.at is None:
        return False
    answers = last.role == USER and message.role == ASSISTANT
    return message.at - last.at > (LATE_ANSWER if answers else SILENCE)


def _row(message: Message) -> int:
    """Return the place of a message as a row; in a record of many, its number comes on top.

    A record is longer than the number of its messages, so no two have the same.
    """
    place = message.place
    last = (place.pointer or "").rpartition("/")[2]
    return row_of(place.file, place.offset) + (int(last) if last.isdecimal() else 0)


def _by_time(messages: Iterable[Message]) -> list[Message]:
    """Return the messages sorted by time; one without a time stays behind the one before it."""
    timed = []
    last = -1
    for message in messages:
        last = message.at if message.at is not None else last
        timed.append((last, message))
    return [message for _, message in sorted(timed, key=lambda one: one[0])]
