"""Read Zendesk tickets with what was said in them: comments, audits, chats.

They may stand in the tickets or in streams of their own, once or in several copies. What a comment
is made of is kept only by permission: it must say that it is public, and who wrote it must be
known. Everything else is left out under its reason, or is unreadable; none is guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tunegate.model import About
from tunegate.readers.desks.zendesk_comments import (
    Entry,
    Ticket,
    later,
    messages,
    of_audit,
    role_of,
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
    SUSPENDED,
    SYNCED,
    TABLES,
    TAGS,
    TICKETS,
    ticket_of,
)
from tunegate.readers.export import Desk, ExportReader, Found, Left, Made, Talk
from tunegate.readers.fields import identity, text_of, word_at
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    CUT_SHORT,
    DELETED,
    REPEATED,
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
    for one in found:
        tables.setdefault(one.table, []).append(one)
    yield from (Left(DELETED) for _ in tables.get(SUSPENDED, ()))
    if CHAT_EVENTS in tables:
        yield _chat(tables, desk)
    elif tables.keys() - {SUSPENDED, CHATS, *HEADLESS} or BARE in tables:
        yield from _talk(found[0], tables, desk)


def _talk(first: Found, tables: Group, desk: Desk) -> Iterator[Made]:
    """Yield a ticket with all that was said in it, wherever that stands."""
    heads = sorted((one for name in HEADS for one in tables.get(name, ())), key=_age)
    newest = heads[-1] if heads else None
    fields = {**_changed(tables), **(newest.fields if newest else {})}
    ticket = Ticket(fields, newest.raw if newest else b"{}", desk)
    later([one for name in _LISTS for one in tables.get(name, ())], ticket)
    holder = _holder(heads)
    entries = list(_entries(tables, holder, ticket))
    if not entries and newest and holder is None:
        if newest.table == TICKETS:
            raise Unreadable(_NO_COMMENTS)
        entries = list(_described(newest))
    made = list(messages(entries))
    tags = _tags(fields, tables)
    if fields.get("status") == _GONE or _MERGED_AWAY in tags:
        made = [Message(message.place, excluded=DELETED) for message in made]
    for old in heads[:-1]:
        if old is not holder:
            copies = list(_repeated(old))
            made += copies
            if not copies:
                yield Left(REPEATED)
    opening = newest or first
    number = word_at(opening.fields, "id", opening.raw) if newest else _number(first, desk)
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
    yield Talk(head, made, [CUT_SHORT] if _is_short(holder) else [])


def _chat(tables: Group, desk: Desk) -> Talk:
    """Return a chat of Fivetran's tables; the ticket that it belongs to stands elsewhere."""
    events, chats = tables[CHAT_EVENTS], tables.get(CHATS, ())
    users = {identity(chat.fields.get("user_id")) for chat in chats}
    requester = users.pop() if len(users) == 1 else None
    ticket = Ticket({"requester_id": requester}, b"{}", desk)
    head = Head(events[0].row, id=identity(events[0].fields.get("chat_id")), group=ticket.group())
    return Talk(
        head, list(messages([Entry(one.place, one.fields, ticket.chatted) for one in events]))
    )


def _entries(tables: Group, holder: Found | None, ticket: Ticket) -> Iterator[Entry]:
    if holder:
        for n, comment in enumerate(holder.fields["comments"]):
            place = holder.place._replace(pointer=f"/comments/{n}")
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
        yield Entry(ticket.place._replace(pointer="/description"), {}, hidden)


def _repeated(ticket: Found) -> Iterator[Message]:
    comments = ticket.fields.get("comments")
    for n in range(len(comments) if isinstance(comments, list) else 0):
        yield Message(ticket.place._replace(pointer=f"/comments/{n}"), excluded=REPEATED)


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


def _age(ticket: Found) -> tuple[int, int]:
    at = moment(ticket.fields.get("updated_at"))
    return _LONG_AGO if at is None else at, ticket.row


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
        reads="comments with `public: true`, by the role of their author; messages of chats",
        leaves="internal notes, triggers and the system user, deleted and merged tickets, "
        "older copies of a ticket",
    ),
    tables=TABLES,
    make=_make,
    persons=_persons,
    gathers=_gathers,
    refuses=_refuses,
)
