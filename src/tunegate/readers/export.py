"""Read an export by its tables: what every help desk, chat and training format has in common.

A format says which tables it has and makes conversations of their records; cutting, gathering,
bookkeeping and who is who are done here, once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

import polars as pl

from tunegate.errors import InputError
from tunegate.model import About, Plan, Reading, ReadOptions, Source, Split
from tunegate.readers.directory import Directory
from tunegate.readers.inputs.sources import NOTHING, head
from tunegate.readers.json import lines
from tunegate.readers.json import record as records
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.glimpse import Listing, glimpse
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import Message, Place, Tickets, authors_of
from tunegate.readers.participants import named_in, of_these
from tunegate.readers.people import People
from tunegate.readers.shape import Head
from tunegate.readers.streams import (
    Around,
    Stream,
    Table,
    cut,
    fragments,
    keyed,
    located,
    recognised,
    streams_of,
)
from tunegate.readers.times import moment
from tunegate.readers.user_tables import Persons, read_people

UNKNOWN_AUTHOR = "author is in no users table"
UNKNOWN_TIME = "time is not understood"


class Found(NamedTuple):
    """A record of an export, parsed; `raw` is how it stands in the source."""

    row: int
    table: str
    place: Place
    fields: dict[str, Any]
    raw: bytes


class Talk(NamedTuple):
    """A conversation of messages, in the order of the source; `notes` are about all of it."""

    head: Head
    messages: Sequence[Message]
    notes: Sequence[str] = ()


class Chat(NamedTuple):
    """A conversation that is a chat record already, and the records that it took."""

    head: Head
    record: dict[str, Any]
    found: Sequence[Found]
    notes: Sequence[str] = ()


class Left(NamedTuple):
    """A record that is left out on purpose and belongs to no conversation."""

    reason: str


class Refused(NamedTuple):
    """A record that is unreadable and belongs to no conversation."""

    place: Place
    reason: str


Made = Talk | Chat | Left | Refused


@dataclass(frozen=True)
class Desk:
    """What is known while conversations are made.

    around: by input, its name and what stands beside its records. names: what people are called,
    by id, where the reader asks for it. directory: what the tables of people say of each.
    """

    options: ReadOptions
    people: People
    around: Mapping[int, Around]
    names: Mapping[str, str] = field(default_factory=dict)
    directory: Directory = field(default_factory=Directory)

    def role(self, *names: str | None) -> str:
        """Return the role of an author by any of their ids, addresses or names.

        Raises:
            Unreadable: nobody knows it.
        """
        role = self.people.role(*names)
        if role is None:
            raise Unreadable(UNKNOWN_AUTHOR)
        return role

    def time(self, value: object) -> int | None:
        """Return microseconds since 1970, None if the source gives no time.

        Raises:
            Unreadable: it gives one that is not understood; its place is then anyone's guess.
        """
        at = moment(value)
        if at is None and value not in (None, ""):
            raise Unreadable(UNKNOWN_TIME)
        return at


Make = Callable[[Sequence[Found], Desk], Iterable[Made]]


def listed(
    items: object, place: Place, pointer: str, make: Callable[[dict[str, Any], Place], Message]
) -> Iterator[Message]:
    """Yield a message for each item of a list in a record; one that cannot be is unreadable.

    items: what stands at `pointer` in the record at `place`; null counts as empty.

    Raises:
        Unreadable: it is no list, and so the record is not what it should be.
    """
    if not isinstance(items, list | None):
        raise Unreadable(f"`{pointer[1:]}` is not a list")
    for n, item in enumerate(items or ()):
        where = place._replace(pointer=f"{pointer}/{n}")
        try:
            if not isinstance(item, dict):
                raise Unreadable("message is not an object")
            yield make(item, where)
        except Unreadable as refused:
            yield Message(where, unreadable=str(refused))


def each(found: Iterable[Found], make: Callable[[Found], Message]) -> Iterator[Message]:
    """Yield a message for each record; one that cannot be is unreadable."""
    for one in found:
        try:
            yield make(one)
        except Unreadable as refused:
            yield Message(one.place, unreadable=str(refused))


def nobody(table: str, fields: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Say nothing about people."""
    return ()


@dataclass(frozen=True)
class Context:
    """What every split needs."""

    desk: Desk
    streams: Mapping[tuple[int, str], Stream]


@dataclass(frozen=True)
class ExportReader:
    """Reads the exports of one system.

    tables: the kinds of records it may hold. make: makes conversations of all records of one
    conversation, or of one record where they are not scattered; what it raises as `Unreadable` is
    said of each of them. persons: yields (id, role) from a record of a table of people. names:
    yields (id, name or address) from such a record, for whoever may be declared by these; a
    person is called by the first.
    staff: whether the export says who is staff, or the user must. gathers: whether records must be
    gathered; None: if a table of messages has a key. refuses: says why a known export cannot be
    used, None if it can.
    """

    name: str
    about: About
    tables: tuple[Table, ...]
    make: Make
    persons: Persons = nobody
    names: Persons = nobody
    staff: Literal["known", "declared"] = "known"
    gathers: Callable[[Sequence[Stream]], bool] | None = None
    refuses: Callable[[Sequence[Stream]], tuple[str, str] | None] = field(default=lambda _: None)

    def recognises(self, head: bytes, name: str) -> int:
        """Count the keys that tell the records of a head as those of this system."""
        found = recognised(glimpse(head), self.tables)
        told = [marks for marks, table, _ in found if table.use == "messages"]
        # People and the like look alike everywhere, and make no export alone.
        return max(told, default=1) if found else 0

    def plan(self, sources: Sequence[Source], options: ReadOptions) -> Plan:
        """Cut the inputs between records and read who is who.

        Raises:
            InputError: there is nothing in them that this system's conversations are made of.
        """
        cuts: list[lines.Cut] = []
        streams: list[Stream] = []
        around: dict[int, Around] = {}
        unused: list[str] = []
        for file, source in enumerate(sources):
            own = streams_of(source, file, self.tables)
            used = [stream for stream in own if stream.table.use != "nothing"]
            if own and not used:
                unused.append(source.name)
                continue
            if not own and head(source).strip() not in NOTHING:
                raise InputError(
                    f"shows no records of {self.about.title}",
                    where=source.name,
                    hint=self.about.export,
                )
            pieces = cut(source, file, used, self.tables)
            around[file] = Around(source.name, pieces.beside)
            cuts.append(pieces.cut)
            streams += pieces.streams
        told = [stream for stream in streams if stream.table.use == "messages"]
        self._refuse(sources, streams, told, unused, options)
        whole = lines.Cut.joined(cuts)
        by_place = {(stream.file, stream.table.name): stream for stream in streams}
        people = {place for place, one in by_place.items() if one.table.use == "people"}
        listed = [one for one in whole.splits if (one.file, one.table or "") in people]
        known = read_people(
            sources, listed, by_place, options, persons=self.persons, names=self.names
        )
        desk = Desk(options, known.people, around, known.called, known.directory)
        return Plan(
            self.name,
            tuple(sources),
            tuple(one for one in whole.splits if (one.file, one.table or "") not in people),
            Context(desk, {place: _bare(stream) for place, stream in by_place.items()}),
            pl.concat([whole.faults, known.faults]),
            truncated=whole.truncated,
            scattered=self._scattered(told),
            unused=tuple(unused),
        )

    def read(self, split: Split, plan: Plan) -> Iterator[pl.DataFrame]:
        """Yield the records of a split, with their conversation where they are scattered."""
        context: Context = plan.context
        stream = context.streams[split.file, split.table or ""]
        source, rows = plan.sources[split.file], context.desk.options.batch_rows
        for found in fragments(source, split, stream, rows):
            table = next((one for one in self.tables if one.name == stream.table.name), None)
            if plan.scattered and table and table.key:
                yield keyed(found, table, context.desk.around[split.file])
            else:
                yield found

    def assemble(self, fragments: pl.DataFrame, plan: Plan) -> Reading:
        """Make conversations of records; all of a conversation are among them."""
        desk: Desk = plan.context.desk
        tickets = Tickets(desk.options, desk.people, desk.directory)
        gathered: dict[str | int, list[Found]] = {}
        for key, found in _found(fragments.sort("row"), tickets):
            gathered.setdefault(key, []).append(self._told_apart(found))
        for group in gathered.values():
            _make(self.make, group, desk, tickets)
        return tickets.reading()

    def _told_apart(self, found: Found) -> Found:
        """Return a record under the table that it is of; a file may mix several forms."""
        forms = [one for one in self.tables if one.use == "messages" and not one.key]
        own = next((one for one in forms if one.name == found.table), None)
        if own is None or len(forms) < 2 or found.fields.keys() >= set(own.needs.split()):
            return found
        seen = Listing(VALUES, (found.fields,), (frozenset(found.fields),))
        marked = [(form.marks(form.kinds[0], seen), form.name) for form in forms]
        marks, name = max(marked, key=lambda one: one[0])
        return found._replace(table=name) if marks else found

    def _refuse(
        self,
        sources: Sequence[Source],
        streams: Sequence[Stream],
        told: Sequence[Stream],
        unused: Sequence[str],
        options: ReadOptions,
    ) -> None:
        named = sources[0].name if len(sources) == 1 else None
        if refused := self.refuses(streams):
            raise InputError(refused[0], where=named, hint=refused[1])
        if unused and not streams:
            raise InputError(
                f"belongs to {self.about.title}, and holds no conversation",
                where=named or unused[0],
                hint=self.about.export,
            )
        if streams and not told:
            tables = ", ".join(sorted({stream.table.name for stream in streams}))
            raise InputError(
                f"holds {tables} of {self.about.title}, and no conversation",
                where=named,
                hint=self.about.export,
            )
        if told and self.staff == "declared" and not options.agents:
            raise InputError(
                f"{self.about.title} does not say who is staff",
                where=named,
                hint="name them with `--agent` (an id, a name, an address or a domain); "
                "`tunegate init` shows who writes",
            )

    def _scattered(self, told: Sequence[Stream]) -> bool:
        if self.gathers is not None:
            return self.gathers(told)
        return any(stream.table.key for stream in told)


def _bare(stream: Stream) -> Stream:
    """Return a stream without functions, which no other process could be sent."""
    return stream._replace(table=replace(stream.table, key="", mark=None))


def _placed(place: Sequence[int | None]) -> tuple[int, int | None, int, int]:
    file, line, offset, length = place
    assert file is not None and offset is not None and length is not None
    return file, line, offset, length


def _found(fragments: pl.DataFrame, tickets: Tickets) -> Iterator[tuple[str | int, Found]]:
    """Yield what can be parsed with what it is gathered by; a record without a key by its row."""
    for row, table, conversation, *where, raw, fault in located(fragments):
        place = Place(*_placed(where))
        try:
            if raw is None:
                raise Unreadable(fault)
            found = Found(row, table or "", place, records.parse(raw), raw)
        except Unreadable as refused:
            tickets.refuse(place, str(refused))
            continue
        yield row if conversation is None else conversation, found


def _make(make: Make, found: Sequence[Found], desk: Desk, tickets: Tickets) -> None:
    try:
        # A list, so that a refusal in the middle leaves no half of a conversation behind.
        made = list(make(found, desk))
    except Unreadable as refused:
        for part in found:
            tickets.refuse(part.place, str(refused))
        return
    talks = sum(isinstance(one, Talk) for one in made)
    named = named_in(part.fields for part in found) if talks else []
    for one in made:
        if isinstance(one, Talk):
            # Of a chat that is cut into several, each has its own people.
            own = named if talks == 1 else of_these(named, authors_of(one.messages))
            tickets.add(one.head, one.messages, one.notes, own)
        elif isinstance(one, Chat):
            _add(one, tickets)
        elif isinstance(one, Left):
            tickets.leave(one.reason)
        else:
            tickets.refuse(one.place, one.reason)


def _add(chat: Chat, tickets: Tickets) -> None:
    places = [part.place for part in chat.found]
    try:
        tickets.add_chat(chat.head, chat.record, places, chat.notes)
    except Unreadable as refused:  # what it was made of, and no more: the rest is booked
        for place in places:
            tickets.refuse(place, str(refused))
