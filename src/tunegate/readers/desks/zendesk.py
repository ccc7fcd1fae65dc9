"""Read Zendesk tickets with what was said in them: comments, audits, chats.

They may stand in the tickets or in streams of their own, once or in several copies. What a comment
is made of is kept only by permission: it must say that it is public, and who wrote it must be
known. Everything else is left out under its reason, or is unreadable; none is guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tunegate.model import About
from tunegate.readers.desks.repeats import current, newest
from tunegate.readers.desks.zendesk_comments import (
    Entry,
    Ticket,
    later,
    messages,
    of_audit,
    role_of,
    withheld,
)
from tunegate.readers.desks.zendesk_tables import (
    AUDITS,
    BARE,
    CHAT_EVENTS,
    CHATS,
    COMMENTS,
    EVENTS,
    HEADLESS,
    HEADS,
    LIST,
    SINGLE,
    SINGLE_BARE,
    SUSPENDED,
    SYNCED,
    TABLES,
    TAGS,
    TICKETS,
    ticket_of,
)
from tunegate.readers.export import Desk, ExportReader, Found, Left, Made, Talk
from tunegate.readers.fields import identity, objects, text_of, word_at, words
from tunegate.readers.json import record as records
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    CUT_SHORT,
    DELETED,
    REPEATED,
    TICKET_UNKNOWN,
    UNKNOWN_VISIBILITY,
    Message,
    Place,
)
from tunegate.readers.shape import Head
from tunegate.readers.streams import Stream
from tunegate.readers.times import moment

_NO_COMMENTS = "ticket has no `comments`; export tickets with comments included"
_GONE = "deleted"
_MERGED_AWAY = "closed_by_merge"  # a tag that Zendesk sets
_LONG_AGO = -(1 << 63)
_CHANGES = ("requester_id", "subject", "status", "tags")
_LISTS = {AUDITS: "events", EVENTS: "child_events"}

Group = Mapping[str, Sequence[Found]]


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Made]:
    tables: dict[str, list[Found]] = {}
    for one in map(_unwrapped, found):
        tables.setdefault(one.table, []).append(one)
    yield from (Left(DELETED) for _ in tables.get(SUSPENDED, ()))
    if CHAT_EVENTS in tables:
        yield _chat(tables, desk)
    elif tables.keys() - {SUSPENDED, CHATS, *HEADLESS} or BARE in tables:
        yield from _talk(found[0], tables, desk)


def _talk(first: Found, tables: Group, desk: Desk) -> Iterator[Made]:
    """Yield a ticket with all that was said in it, wherever that stands."""
    heads = sorted((one for name in HEADS for one in tables.get(name, ())), key=_age)
    last = heads[-1] if heads else None
    fields = {**_changed(tables), **(last.fields if last else {})}
    ticket = Ticket(fields, last.raw if last else b"{}", desk)
    later([one for name in _LISTS for one in tables.get(name, ())], ticket)
    holder = _holder(heads)
    ticket.hidden.update(_hidden(heads))
    entries = list(_entries(tables, holder, ticket))
    if not entries and last and holder is None:
        if last.table == TICKETS:
            raise Unreadable(_NO_COMMENTS)
        entries = list(_described(last))
    made = list(messages(entries, ticket))
    tags = _tags(fields, tables)
    if _is_gone(fields) or _MERGED_AWAY in tags or any(_is_gone(one) for one in _current(tables)):
        made = [Message(message.place, excluded=DELETED) for message in made]
    for old in heads[:-1]:
        if old is not holder:
            copies = list(_repeated(old))
            made += copies
            if not copies:
                yield Left(REPEATED)
    opening = last or first
    number = word_at(opening.fields, "id", opening.raw) if last else _number(first, desk)
    if number is None:
        raise Unreadable("ticket has no `id`")
    subject = text_of(fields.get("subject"))
    head = Head(
        opening.row,
        id=number,
        group=ticket.group(),
        created_at=moment(fields.get("created_at")),
        subject=subject if subject.strip() else None,
        tags=tags,
    )
    notes = [CUT_SHORT] if _is_short(holder) else []
    if not heads and LIST not in tables and "status" not in fields:
        notes.append(TICKET_UNKNOWN)
    yield Talk(head, made, notes)


def _is_gone(fields: Mapping[str, Any]) -> bool:
    status = text_of(fields.get("status", fields.get("Status"))).casefold()
    return status == _GONE or _MERGED_AWAY in words(fields.get("tags"))


def _current(tables: Group) -> list[Mapping[str, Any]]:
    """Return what stands on a ticket in every copy of which none is known to be newer."""
    heads = [one.fields for name in HEADS for one in tables.get(name, ())]
    listed = [one.fields for one in tables.get(LIST, ())]
    return [*current(heads, [newest(one, "updated_at") for one in heads]), *listed]


def _hidden(heads: Sequence[Found]) -> Iterator[str]:
    """Yield the comments that any copy of a ticket calls internal; none becomes public again."""
    for one in heads:
        for comment in objects(one.fields.get("comments")):
            if comment.get("public") is False and (number := _id_of(comment)):
                yield number


def _unwrapped(one: Found) -> Found:
    """Return a ticket of its own as one of a list; its comments may stand in it or beside it."""
    if one.table not in (SINGLE, SINGLE_BARE):
        return one
    inner = one.fields.get("ticket")
    if not isinstance(inner, dict):
        raise Unreadable("`ticket` is not an object")
    beside_it = ("comments", "users")
    fields: dict[str, Any] = {key: one.fields[key] for key in beside_it if key in one.fields}
    if "comments" in fields:
        fields["comment_count"] = one.fields.get("count")
    fields = {**fields, **inner}
    beside = "comments" not in inner and "comments" in fields
    place = one.place if beside else one.place._replace(pointer="/ticket")
    table = TICKETS if "comments" in fields else BARE
    return Found(one.row, table, place, fields, records.dump(inner).encode())


def _inside(one: Found, name: str) -> Place:
    return one.place._replace(pointer=f"{one.place.pointer or ''}/{name}")


def _chat(tables: Group, desk: Desk) -> Talk:
    """Return a chat of Fivetran's tables; the ticket that it belongs to stands elsewhere."""
    events, chats = tables[CHAT_EVENTS], tables.get(CHATS, ())
    users = {identity(chat.fields.get("user_id")) for chat in chats}
    requester = users.pop() if len(users) == 1 else None
    ticket = Ticket({"requester_id": requester}, b"{}", desk)
    head = Head(events[0].row, id=identity(events[0].fields.get("chat_id")), group=ticket.group())
    entries = [Entry(one.place, one.fields, ticket.chatted) for one in events]
    return Talk(head, list(messages(entries, ticket)))


def _entries(tables: Group, holder: Found | None, ticket: Ticket) -> Iterator[Entry]:
    if holder:
        for n, comment in enumerate(holder.fields["comments"]):
            place = _inside(holder, f"comments/{n}")
            yield Entry(place, comment, ticket.comment, _id_of(comment))
    for one in tables.get(COMMENTS, ()):
        yield Entry(one.place, one.fields, ticket.flagged, _id_of(one.fields))
    for one in tables.get(SYNCED, ()):
        yield Entry(one.place, one.fields, ticket.synced, _id_of(one.fields))
    for table, name in _LISTS.items():
        for audit in tables.get(table, ()):
            try:
                yield from of_audit(audit, ticket, name)
            except Unreadable as refused:
                yield Entry(audit.place, None, _refusing(str(refused)))


def _refusing(reason: str) -> Any:  # noqa: ANN401 - what makes a message of an entry
    def refuse(_: Mapping[str, Any], __: Place) -> Message:
        raise Unreadable(reason)

    return refuse


def _described(ticket: Found) -> Iterator[Entry]:
    """Yield the description of a ticket without comments; it is the first of them."""

    def hidden(_: Mapping[str, Any], place: Place) -> Message:
        return Message(place, excluded=UNKNOWN_VISIBILITY)

    if text_of(ticket.fields.get("description")).strip():
        yield Entry(_inside(ticket, "description"), {}, hidden)


def _repeated(ticket: Found) -> Iterator[Message]:
    comments = ticket.fields.get("comments")
    for n in range(len(comments) if isinstance(comments, list) else 0):
        yield Message(_inside(ticket, f"comments/{n}"), excluded=REPEATED)


def _changed(tables: Group) -> dict[str, Any]:
    """Return the fields of a ticket as the audits say they were set, the last time counting."""
    found: dict[str, Any] = {}
    audits = [one for name in _LISTS for one in tables.get(name, ())]
    for audit in sorted(audits, key=lambda one: moment(one.fields.get("created_at")) or _LONG_AGO):
        events = audit.fields.get("events")
        for event in events if isinstance(events, list) else ():
            name = event.get("field_name") if isinstance(event, dict) else None
            if name in _CHANGES:
                found[name] = event.get("value")
    return found


def _holder(heads: Sequence[Found]) -> Found | None:
    """Return the newest copy of a ticket that has its comments."""
    told = [one for one in heads if isinstance(one.fields.get("comments"), list)]
    return told[-1] if told else None


def _is_short(holder: Found | None) -> bool:
    if holder is None:
        return False
    told = holder.fields.get("comment_count")
    return isinstance(told, int) and told > len(holder.fields["comments"])


def _age(ticket: Found) -> tuple[int, int, int]:
    """Return what sorts copies of a ticket; of two of one time, that comes last which says less."""
    at = moment(ticket.fields.get("updated_at"))
    held_back = sum(withheld(comment) for comment in objects(ticket.fields.get("comments")))
    return _LONG_AGO if at is None else at, held_back, ticket.row


def _tags(fields: Mapping[str, Any], tables: Group) -> list[str]:
    tags = fields.get("tags")
    own = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    beside = [text_of(one.fields.get("tag")) for one in tables.get(TAGS, ())]
    return [*own, *(tag for tag in beside if tag and tag not in own)]


def _id_of(comment: object) -> str | None:
    return identity(comment.get("id")) if isinstance(comment, dict) else None


def _number(record: Found, desk: Desk) -> str | None:
    return ticket_of(record.fields, desk.around[record.place.file])


def _gathers(told: Sequence[Stream]) -> bool:
    # One document of tickets with their comments is whole already, and the usual case.
    return not (len(told) == 1 and told[0].is_whole and told[0].table.name == TICKETS)


def _refuses(streams: Sequence[Stream]) -> tuple[str, str] | None:
    names = {stream.table.name for stream in streams if stream.table.use == "messages"}
    if names and names <= {*HEADLESS, SUSPENDED, CHATS}:
        return (
            "holds Zendesk tickets without what was said in them",
            "export the comments too: the JSON export of the Admin Center has them, as has "
            "GET /api/v2/tickets/{id}/comments; a CSV export has none",
        )
    return None


def _persons(_: str, person: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return role_of(person)


READER = ExportReader(
    name="zendesk",
    about=About(
        title="Zendesk",
        export="Admin Center > Account > Tools > Reports > Export > JSON, tickets and users; "
        "or the API: incremental tickets, comments or audits of each, and users",
        reads="comments with `public: true`, by the role of their author; messages of chats, "
        "also of one that stands in a comment if all its speakers are known by name",
        leaves="internal notes, triggers and the system user, deleted and merged tickets, "
        "older copies of a ticket",
    ),
    tables=TABLES,
    make=_make,
    persons=_persons,
    gathers=_gathers,
    refuses=_refuses,
)
