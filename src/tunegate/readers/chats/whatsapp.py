"""Read WhatsApp chats, as a phone exports them to text.

A file is a chat, and is cut where nobody spoke for a day. A line that begins with a time begins a
message, the lines below belong to it. Whoever was not declared to be staff is a customer.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import polars as pl

from tunegate.errors import InputError
from tunegate.model import (
    FRAGMENTS,
    About,
    Plan,
    Reading,
    ReadOptions,
    Source,
    Split,
)
from tunegate.readers.chats.sessions import Chat, talks
from tunegate.readers.chats.whatsapp_bodies import content
from tunegate.readers.chats.whatsapp_lines import (
    Header,
    author,
    begins,
    day_first,
    header,
    moment,
    named,
    number,
)
from tunegate.readers.export import UNKNOWN_TIME, Desk
from tunegate.readers.inputs.sources import BOM
from tunegate.readers.json import lines
from tunegate.readers.json.record import MAX_RECORD, NOT_UTF8, TOO_LONG, Unreadable
from tunegate.readers.merge import DELETED, EVENT, Message, Place, Tickets
from tunegate.readers.people import ASSISTANT, USER, People
from tunegate.readers.shape import filled, place, row_of

_NO_HEADER = "stands before the first message"
_CUT = ("row", "line", "length", "record", "fault")
_MARKS = 12  # a chat begins with a time, and no other text does; more than a table would have


class _Context(NamedTuple):
    """By file, whether its dates begin with the day; names that hold a colon, longest first."""

    desk: Desk
    by_day: dict[int, bool]
    known: tuple[str, ...]


class WhatsApp:
    """Reads chats of WhatsApp."""

    name = "whatsapp"
    about = About(
        title="WhatsApp",
        names_people=True,
        export="On the phone, in the chat: More, Export chat, Without media; pass the text file, "
        "or the zip file that holds it",
        reads="messages of people, cut where nobody spoke for a day; staff are those you declare, "
        "by name or number",
        leaves="lines of the app such as joining and calls, deleted messages, media",
    )

    def recognises(self, head: bytes, name: str) -> int:
        """Tell whether a head begins with a time as phones write it."""
        texts = [text for text in head.decode(errors="replace").split("\n") if text.strip()]
        if not texts or header(texts[0]) is None:
            return 0
        found = [one for text in texts if (one := header(text)) is not None]
        return _MARKS if any(author(one.rest) for one in found) else 0

    def plan(self, sources: Sequence[Source], options: ReadOptions) -> Plan:
        """Take each file as a whole, and find out how its dates are meant.

        Raises:
            InputError: nobody is declared to be staff, or a date may be one of two.
        """
        if not options.agents:
            raise InputError(
                f"{self.about.title} does not say who is staff",
                where=sources[0].name if len(sources) == 1 else None,
                hint="name them with `--agent` (a name or a number as the chat shows it); "
                "`tunegate init` shows who writes",
            )
        cut = lines.Cut.joined(lines.cut(source, n) for n, source in enumerate(sources))
        ends = {split.file: split.end for split in cut.splits}
        splits = tuple(Split(file, 0, end) for file, end in ends.items())
        by_day = {s.file: _by_day(sources[s.file], s, options) for s in splits}
        known = sorted((a for a in options.agents if ":" in a), key=len, reverse=True)
        numbers = [plain for agent in options.agents if (plain := number(agent))]
        people = People.of([*options.agents, *numbers])
        return Plan(
            self.name,
            tuple(sources),
            splits,
            _Context(Desk(options, people, {}), by_day, tuple(known)),
            cut.faults,
            truncated=cut.truncated,
        )

    def read(self, split: Split, plan: Plan) -> Iterator[pl.DataFrame]:
        """Yield the messages of a file in one frame, since a silence may end at any of them.

        A `record` is the message as it stands in the file, header and all.
        """
        found = list(_messages(plan.sources[split.file], split))
        if found:
            columns = zip(*found, strict=True)
            yield filled(dict(zip(_CUT, columns, strict=True)), FRAGMENTS)

    def assemble(self, fragments: pl.DataFrame, plan: Plan) -> Reading:
        """Make conversations of the messages of files."""
        context: _Context = plan.context
        tickets = Tickets(context.desk.options)
        chats: dict[int, list[Message]] = {}
        for row, line, length, raw, fault in fragments.sort("row").select(_CUT).iter_rows():
            file, offset = place(row)
            where = Place(file, line, offset, length)
            try:
                message = _message(raw, fault, where, context)
            except Unreadable as refused:
                message = Message(where, unreadable=str(refused))
            chats.setdefault(file, []).append(message)
        for messages in chats.values():
            for talk in talks(Chat(None), messages, context.desk):
                tickets.add(talk.head, talk.messages, talk.notes)
        return tickets.reading()


def _by_day(source: Source, split: Split, options: ReadOptions) -> bool:
    days, months, unclear = day_first(_headers(source, split))
    if days != months:
        return days
    if unclear and options.day_first is None:
        why = "contradict each other" if days else "may begin with the day or with the month"
        raise InputError(
            f"its dates {why}",
            where=source.name,
            hint="pass `--day-first` if 03/04/2026 is in April, `--month-first` if it is in March",
        )
    return bool(options.day_first)


def _headers(source: Source, split: Split) -> Iterator[Header]:
    for line in lines.lines(source, split):
        if line.raw and (found := header(line.raw.decode(errors="replace"))) is not None:
            yield found


def _messages(source: Source, split: Split) -> Iterator[tuple[Any, ...]]:
    """Yield row, line, length, text and fault of each message, continuation lines and all."""
    held: list[lines.Line] = []
    size = 0
    begun = False
    for line in lines.lines(source, split):
        opens = line.raw is not None and begins(line.raw.decode(errors="replace"))
        if opens and held:
            yield from _joined(split.file, held, begun=begun)
            held, size = [], 0
        begun = begun or opens
        size += line.length
        if size > MAX_RECORD and held:
            # What is too long is refused; its length and its first line are enough for that.
            held = [held[0]._replace(raw=None, length=size)]
        else:
            held.append(line)
    yield from _joined(split.file, held, begun=begun)


def _joined(file: int, held: Sequence[lines.Line], *, begun: bool) -> Iterator[tuple[Any, ...]]:
    if not held:
        return
    first = held[0]
    raws = [line.raw for line in held if line.raw is not None]
    fault = TOO_LONG if len(raws) < len(held) else None
    raw = b"\n".join(raws).removeprefix(BOM)
    if not begun:
        if fault is None and not raw.strip():
            return
        fault = fault or _NO_HEADER
    length = sum(line.length for line in held)
    yield row_of(file, first.offset), first.number, length, None if fault else raw, fault


def _message(raw: bytes | None, fault: str | None, where: Place, context: _Context) -> Message:
    if raw is None:
        raise Unreadable(fault or NOT_UTF8)
    try:
        text = raw.decode().replace("\r\n", "\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise Unreadable(NOT_UTF8) from None
    first, _, below = text.partition("\n")
    begin = header(first)
    if begin is None:
        raise Unreadable(_NO_HEADER)
    at = moment(begin, by_day=context.by_day[where.file])
    if at is None:
        raise Unreadable(UNKNOWN_TIME)
    message = Message(where, at=at)
    written = author(begin.rest, context.known)
    if written is None:
        return message._replace(excluded=EVENT)
    name, said = written
    found = content(f"{said}\n{below}" if below else said)
    if found.deleted or found.generated:
        return message._replace(excluded=DELETED if found.deleted else EVENT)
    role = context.desk.people.role(name, named(name), number(name))
    return message._replace(
        role=ASSISTANT if role == ASSISTANT else USER,
        author=name,
        text=found.text,
        attachments=found.files,
    )


READER = WhatsApp()
