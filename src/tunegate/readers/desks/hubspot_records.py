"""Make conversations of HubSpot's tickets: their content, and the e-mails that belong to them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from tunegate.readers.bodies.html import to_text
from tunegate.readers.desks.hubspot_tables import (
    ACTIVITIES,
    ACTIVITY_OBJECTS,
    ALL_TICKETS,
    OLD_ENGAGEMENTS,
    contact_of,
    is_gone,
    ticket_of,
    value,
)
from tunegate.readers.desks.repeats import left
from tunegate.readers.export import Desk, Found, Left, Made, Talk, each
from tunegate.readers.fields import at, text_of
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    CUT_SHORT,
    DELETED,
    EMPTY,
    EVENT,
    INTERNAL,
    LOGGED,
    NOT_SENT,
    REPEATED,
    SENT_ON,
    TICKET_UNKNOWN,
    UNKNOWN_VISIBILITY,
    Message,
)
from tunegate.readers.people import ASSISTANT, USER
from tunegate.readers.shape import Head
from tunegate.readers.times import moment

UNTICKETED = "belongs to no ticket"

_INCOMING, _OUTGOING, _FORWARDED = "INCOMING_EMAIL", "EMAIL", "FORWARDED_EMAIL"
_SENT = "SENT"
_BY_CUSTOMERS = ("EMAIL", "CHAT", "FORM")  # `source_type` of tickets that customers opened
_CALL = "PHONE"
_NOTE, _COMMUNICATION = "NOTE", "COMMUNICATION"


class _Mail(NamedTuple):
    direction: object
    status: object
    sender: str
    html: str
    plain: str


def make_of_ticket(found: Sequence[Found], desk: Desk) -> Iterator[Made]:
    """Yield the conversation of a ticket, or why what belongs to none is left out."""
    tickets = [one for one in found if one.table in ALL_TICKETS]
    others = [one for one in found if one.table not in ALL_TICKETS]
    names = [ticket_of(one.table, one.fields, desk.around[one.place.file]) for one in found]
    if names[0] is None:
        yield from (Left(UNTICKETED) for _ in found)
        return
    messages = list(each(others, partial(_engagement, desk=desk)))
    ticket = tickets[0] if tickets else None
    mails = [_squeezed(message) for message in messages if message.role]
    openings = [opening for one in tickets[:1] for opening in _opening(one, desk, mails)]
    openings += [left(again, REPEATED) for one in tickets[1:] for again in _opening(one, desk, [])]
    messages = [*openings, *messages]
    if not messages:
        yield from (Left(EMPTY) for _ in found)
        return
    fields = ticket.fields if ticket else {}
    if is_gone(fields):
        messages = [left(message, DELETED) for message in messages]
    head = Head(
        found[0].row,
        id=names[0],
        group=contact_of(names[0], fields, desk.around[found[0].place.file]),
        created_at=moment(value(fields, "createdate") or fields.get("createdAt")),
        subject=text_of(value(fields, "subject")).strip() or None,
    )
    yield Talk(head, messages, () if ticket else (CUT_SHORT, TICKET_UNKNOWN))


def _squeezed(message: Message) -> str:
    return " ".join((to_text(message.text) if message.html else message.text).split())


def _opening(ticket: Found, desk: Desk, mails: Sequence[str]) -> Iterator[Message]:
    """Yield what the ticket was opened with, if anything.

    mails: what its e-mails say; the first of them is often the content of the ticket as well.
    """
    content = value(ticket.fields, "content")
    if content in (None, ""):
        return
    inside = isinstance(ticket.fields.get("properties"), dict)
    place = ticket.place._replace(pointer="/properties/content" if inside else "/property_content")
    source = text_of(value(ticket.fields, "source_type")).upper()
    try:
        at_ = desk.time(value(ticket.fields, "createdate"))
        message = Message(place, at=at_, text=text_of(content), role=USER, mail=source == "EMAIL")
        if any(mail.startswith(_squeezed(message)) for mail in mails):
            yield left(message, REPEATED)
        elif source == _CALL:
            yield left(message, LOGGED)
        elif source in _BY_CUSTOMERS:
            yield message
        else:
            raise Unreadable("ticket does not say how it came (`source_type`), nor so who wrote it")
    except Unreadable as refused:
        yield Message(place, unreadable=str(refused))


def _engagement(found: Found, *, desk: Desk) -> Message:
    fields = found.fields
    if found.table == OLD_ENGAGEMENTS:
        return _old(found, desk)
    message = Message(found.place, at=desk.time(value(fields, "hs_timestamp")))
    if is_gone(fields):
        return left(message, DELETED)
    if found.table in (ACTIVITIES, ACTIVITY_OBJECTS):
        return left(message, _of_activity(fields))
    sender = value(fields, "hs_email_from_email") or value(fields, "hs_email_sender_email")
    mail = _Mail(
        value(fields, "hs_email_direction"),
        value(fields, "hs_email_status"),
        text_of(sender),
        text_of(value(fields, "hs_email_html")),
        text_of(value(fields, "hs_email_text")),
    )
    return _email(message, mail, desk)


def _of_activity(fields: Mapping[str, Any]) -> str:
    """Return why what is no e-mail is left out; messages of other networks name no author."""
    kind = text_of(fields.get("type"))
    if kind == _NOTE or value(fields, "hs_note_body") is not None:
        return INTERNAL
    logged = kind == _COMMUNICATION or value(fields, "hs_communication_body") is not None
    return LOGGED if logged else EVENT


def _old(found: Found, desk: Desk) -> Message:
    """Return what an engagement of the first API says; its type is the direction."""
    engagement, told = found.fields.get("engagement"), found.fields.get("metadata")
    if not isinstance(engagement, dict) or not isinstance(told, dict):
        raise Unreadable("engagement or its metadata is not an object")
    message = Message(found.place, at=desk.time(engagement.get("timestamp")))
    kind = engagement.get("type")
    if kind not in (_INCOMING, _OUTGOING, _FORWARDED):
        return left(message, INTERNAL if kind == _NOTE else EVENT)
    sender, html, plain = at(told, "from.email"), told.get("html"), told.get("text")
    mail = _Mail(kind, told.get("status"), text_of(sender), text_of(html), text_of(plain))
    return _email(message, mail, desk)


def _email(message: Message, mail: _Mail, desk: Desk) -> Message:
    """Return an e-mail with its role and text, or why it is left out.

    Raises:
        Unreadable: it does not say its direction.
    """
    if mail.direction == _FORWARDED:
        return left(message, SENT_ON)
    if mail.direction not in (_INCOMING, _OUTGOING):
        raise Unreadable("e-mail does not say its direction (`hs_email_direction`)")
    if mail.status not in (None, "", _SENT):
        return left(message, NOT_SENT)
    if mail.direction == _OUTGOING and mail.status != _SENT:
        return left(message, UNKNOWN_VISIBILITY)
    by_field = USER if mail.direction == _INCOMING else ASSISTANT
    is_html = bool(mail.html.strip())
    return message._replace(
        role=desk.people.role(mail.sender) or by_field,
        author=mail.sender or None,
        text=mail.html if is_html else mail.plain,
        html=is_html,
        mail=True,
    )
