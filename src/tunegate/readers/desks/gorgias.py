"""Read Gorgias tickets with their messages, as its REST API gives them.

A message says who wrote it (`from_agent`) and whether customers saw it (`public`); one that says
neither is not kept. `stripped_text` is the body without quotes, made by Gorgias.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from tunegate.model import About
from tunegate.readers.desks.repeats import aged, current, left, newest, once
from tunegate.readers.export import Desk, ExportReader, Found, Left, Made, Talk, each, listed
from tunegate.readers.fields import at, identity, objects, text_of, truth, words
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.glimpse import Kind, Listing
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    AUTOMATION,
    CUT_SHORT,
    DELETED,
    EMPTY,
    INTERNAL,
    NOT_SENT,
    REPEATED,
    THIRD_PERSON,
    TICKET_UNKNOWN,
    UNKNOWN_VISIBILITY,
    Message,
    Place,
)
from tunegate.readers.people import ASSISTANT, BOT, STAFF, USER
from tunegate.readers.shape import Head
from tunegate.readers.streams import Stream, Table
from tunegate.readers.times import moment

_TICKETS, _BARE, _MESSAGES, _USERS = "tickets", "ticket list", "messages", "users"
_NOTE = "internal-note"
_AUTOMATIC = ("rule", "system")


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Made]:
    tickets = sorted((one for one in found if one.table != _MESSAGES), key=_age)
    ticket = tickets[0].fields if tickets else {}
    customer = identity(at(ticket, "customer.id"))
    message = partial(_message, desk=desk, customer=customer)
    messages: list[Message] = []
    for one in tickets:
        made = listed(one.fields.get("messages"), one.place, "/messages", message)
        messages += aged(made, _age(one))
    apart = [one for one in found if one.table == _MESSAGES]
    messages += each(apart, lambda one: message(one.fields, one.place))
    messages = read = once(messages)
    if any(_is_gone(one) for one in current(tickets, [_age(one) for one in tickets])):
        messages = [left(one, DELETED) for one in messages]
    if not messages:
        yield from (Left(EMPTY) for _ in found)
        return
    counted = ticket.get("messages_count")
    here = sum(message.excluded != REPEATED for message in read)
    notes = [CUT_SHORT] if isinstance(counted, int) and counted > here else []
    if not tickets:
        notes.append(TICKET_UNKNOWN)
    yield Talk(_head(found[0], ticket, customer), messages, notes)


def _is_gone(ticket: Found) -> bool:
    return truth(ticket.fields.get("spam")) is True or bool(ticket.fields.get("trashed_datetime"))


def _age(ticket: Found) -> int:
    return newest(ticket.fields, "updated_datetime")


def _head(first: Found, ticket: Mapping[str, Any], customer: str | None) -> Head:
    subject = text_of(ticket.get("subject")) or text_of(first.fields.get("subject"))
    return Head(
        first.row,
        id=identity(ticket.get("id")) or identity(first.fields.get("ticket_id")),
        group=customer,
        created_at=moment(ticket.get("created_datetime")),
        subject=subject.strip() or None,
        tags=words(ticket.get("tags"), "name"),
    )


def _message(fields: dict[str, Any], place: Place, *, desk: Desk, customer: str | None) -> Message:
    author = identity(at(fields, "sender.id"))
    message = Message(
        place,
        at=desk.time(fields.get("created_datetime")),
        author=author,
        attachments=tuple(words(fields.get("attachments"), "name")),
        key=identity(fields.get("id")),
    )
    if (reason := _unkept(fields)) is not None:
        return left(message, reason)
    from_agent = fields.get("from_agent")
    if not isinstance(from_agent, bool):
        raise Unreadable("message does not say who wrote it (`from_agent`)")
    role = (desk.people.role(f"{STAFF}{author}") or ASSISTANT) if from_agent else USER
    is_other = not from_agent and None not in (author, customer) and author != customer
    stripped = text_of(fields.get("stripped_text"))
    plain = stripped if stripped.strip() else text_of(fields.get("body_text"))
    return message._replace(
        role=role,
        text=plain if plain.strip() else text_of(fields.get("body_html")),
        html=not plain.strip(),
        # What Gorgias stripped needs no search for quotes.
        mail=fields.get("channel") == "email" and not stripped.strip(),
        note=THIRD_PERSON if is_other else None,
    )


def _unkept(fields: Mapping[str, Any]) -> str | None:
    """Return why a message is left out, None if it is not."""
    if fields.get("deleted_datetime"):
        return DELETED
    if fields.get("public") is False or fields.get("channel") == _NOTE:
        return INTERNAL
    if fields.get("public") is not True:
        return UNKNOWN_VISIBILITY
    # Gorgias enters the time once a message has gone out.
    waits = fields.get("from_agent") is True and fields.get("sent_datetime", True) is None
    if fields.get("failed_datetime") or waits:
        return NOT_SENT
    by_rule = fields.get("via") in _AUTOMATIC or fields.get("rule_id") is not None
    return AUTOMATION if by_rule else None


def _persons(table: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    identifier = identity(fields.get("id"))
    roles = [fields.get("role"), *objects(fields.get("roles"))]
    is_bot = any(isinstance(role, dict) and role.get("name") == BOT for role in roles)
    if identifier:
        yield f"{STAFF}{identifier}", BOT if is_bot else ASSISTANT


def _say_who(seen: Listing) -> bool:
    messages = [message for ticket in seen.shown for message in objects(ticket.get("messages"))]
    return any("from_agent" in message for message in messages)


def _say_nothing(seen: Listing) -> bool:
    return not _say_who(seen)


def _have_roles(seen: Listing) -> bool:
    roles = [
        role for user in seen.shown for role in (user.get("role"), *objects(user.get("roles")))
    ]
    return any(isinstance(role, dict) and "name" in role for role in roles)


def _refuses(streams: Sequence[Stream]) -> tuple[str, str] | None:
    names = {stream.table.name for stream in streams if stream.table.use == "messages"}
    if names == {_BARE}:
        return "lists tickets of Gorgias without their messages", _ABOUT.export
    return None


_ABOUT = About(
    title="Gorgias",
    export="REST API: GET /api/tickets, then GET /api/tickets/{id} for the messages of each; or "
    "GET /api/messages for all messages; GET /api/users tells bots from agents",
    reads="messages with `public: true`, by `from_agent`; `stripped_text` before `body_text`",
    leaves="internal notes, messages that failed or wait, messages of rules, and tickets that are "
    "spam or in the trash",
)

_PATHS = (VALUES, ("data",))
_JSON: tuple[Kind, ...] = ("lines", "values")

READER = ExportReader(
    name="gorgias",
    about=_ABOUT,
    tables=(
        Table(
            _TICKETS,
            needs="id messages",
            any="via customer assignee_user spam created_datetime",
            paths=_PATHS,
            key="id",
            kinds=_JSON,
            mark=_say_who,
        ),
        Table(
            _BARE,
            needs="id messages_count",
            any="assignee_user assignee_team trashed_datetime snooze_datetime customer spam",
            # A ticket says `from_agent` too: of its first message.
            never="ticket_id sender body_text body_html",
            paths=_PATHS,
            key="id",
            kinds=_JSON,
            mark=_say_nothing,
        ),
        Table(
            _MESSAGES,
            needs="ticket_id from_agent",
            any="public channel via stripped_text body_text",
            paths=_PATHS,
            key="ticket_id",
            kinds=_JSON,
        ),
        Table(
            _USERS,
            needs="id",
            any="firstname lastname active role roles",
            never="messages from_agent",
            paths=_PATHS,
            use="people",
            kinds=_JSON,
            mark=_have_roles,
        ),
        Table(
            "customers",
            needs="id firstname lastname channels",
            paths=_PATHS,
            use="nothing",
            kinds=_JSON,
        ),
        Table(
            "satisfaction surveys",
            needs="id ticket_id score",
            any="customer_id should_send_datetime scored_datetime",
            paths=_PATHS,
            use="nothing",
            kinds=_JSON,
        ),
    ),
    make=_make,
    persons=_persons,
    refuses=_refuses,
)
