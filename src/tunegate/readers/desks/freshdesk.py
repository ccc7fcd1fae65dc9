"""Read Freshdesk tickets and what was said in them, as its API, connectors and exports give them.

An entry says who wrote it (`incoming`), whether customers saw it (`private`) and what it is
(`source`); one that does not say is not kept. The opening message is the ticket's description.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from tunegate.readers.desks.freshdesk_tables import (
    ABOUT,
    ENTRIES,
    OLD,
    TABLES,
    WITH_ENTRIES,
    WRAPPED,
    persons,
    refuses,
)
from tunegate.readers.desks.repeats import aged, current, left, newest, once
from tunegate.readers.export import Desk, ExportReader, Found, Left, Made, Talk, each, listed
from tunegate.readers.fields import identity, objects, text_of, truth, whole, words
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    AUTOMATION,
    CUT_SHORT,
    DELETED,
    EMPTY,
    EVENT,
    INTERNAL,
    LOGGED,
    NOT_SENT,
    REPEATED,
    SENT_ON,
    THIRD_PERSON,
    TICKET_UNKNOWN,
    UNKNOWN_VISIBILITY,
    Message,
    Place,
)
from tunegate.readers.people import ASSISTANT, USER
from tunegate.readers.shape import Head
from tunegate.readers.times import moment

_EMBEDDED_AT_MOST = 10  # `include=conversations` gives no more of a ticket

# Who wrote the description, by the `source` of the ticket: mail, portal, forum, two networks,
# mobile, widget, shop, messenger. An agent wrote what went out, and took down what was a call; of
# a chat it is all that both said.
_CUSTOMERS_OPENED = frozenset(("1", "2", "4", "5", "6", "8", "9", "11", "13"))
_OUTBOUND, _OPENED_BY_BOT = "10", "12"
_TAKEN_DOWN = ("3", "7")
_MAIL_TICKETS = ("1", "10")

_WRAPPERS = {OLD: "helpdesk_ticket", WRAPPED: "ticket"}
_DESCRIPTIONS = ("description", "description_text")  # as HTML, and plain
_OLD_DESCRIPTIONS = ("description_html", "description")

# What an entry is, by its `source`.
_REPLY = "0"
_SAID = frozenset((_REPLY, "2", "5", "7", "10", "11"))  # note, two networks, app, shop
_UNSAID = {
    "3": EVENT,
    "4": EVENT,
    "6": AUTOMATION,  # the answer to a survey
    "8": SENT_ON,
    "9": LOGGED,
    "14": AUTOMATION,
    "15": SENT_ON,
}


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Made]:
    tickets = sorted((one for one in found if one.table != ENTRIES), key=_age)
    ticket = tickets[0] if tickets else None
    head = _head(found[0], ticket)
    entry = partial(_entry, desk=desk, requester=head.group)
    messages: list[Message] = []
    for n, one in enumerate(tickets):
        opening = _opening(one, desk)
        if opening:
            messages.append(opening if n == 0 else left(opening, REPEATED))
    for one in tickets:
        for items, pointer in _lists(one):
            messages += aged(listed(items, one.place, pointer, entry), _age(one))
    apart = [one for one in found if one.table == ENTRIES]
    messages += each(apart, lambda one: entry(one.fields, one.place))
    messages = once(messages)
    known = current(tickets, [_age(one) for one in tickets])
    if any(_is_on(one, name) for one in known for name in ("spam", "deleted")):
        messages = [left(message, DELETED) for message in messages]
    if not messages:
        yield from (Left(EMPTY) for _ in found)
        return
    yield Talk(head, messages, _notes(ticket, apart=bool(apart)))


def _age(ticket: Found) -> int:
    return newest(_of(ticket), "updated_at")


def _of(ticket: Found) -> dict[str, Any]:
    """Return the fields of a ticket; the old API wraps them, and scripts do."""
    wrapper = _WRAPPERS.get(ticket.table)
    inner = ticket.fields.get(wrapper) if wrapper else ticket.fields
    if not isinstance(inner, dict):
        raise Unreadable(f"`{wrapper}` is not an object")
    return inner


def _is_on(ticket: Found, name: str) -> bool:
    return truth(_of(ticket).get(name)) is True


def _head(first: Found, ticket: Found | None) -> Head:
    if ticket is None:
        return Head(first.row, id=identity(first.fields.get("ticket_id")))
    fields = _of(ticket)
    tags = fields.get("tags")
    return Head(
        first.row,
        id=identity(fields.get("display_id")) or identity(fields.get("id")),
        group=identity(fields.get("requester_id")),
        created_at=moment(fields.get("created_at")),
        subject=text_of(fields.get("subject")).strip() or None,
        tags=[text_of(tag.get("name")) for tag in objects(tags)] or words(tags),
    )


def _notes(ticket: Found | None, *, apart: bool) -> tuple[str, ...]:
    if ticket is None:
        return CUT_SHORT, TICKET_UNKNOWN  # the description is the first thing that was said
    fields = _of(ticket)
    listed_in = ticket.fields.get("conversations", fields.get("conversations"))
    full = isinstance(listed_in, list) and len(listed_in) >= _EMBEDDED_AT_MOST and not apart
    no_opening = "description" not in fields and "description_text" not in fields
    return (CUT_SHORT,) if full or no_opening else ()


def _opening(ticket: Found, desk: Desk) -> Message | None:
    fields = _of(ticket)
    markup, plain = _OLD_DESCRIPTIONS if ticket.table == OLD else _DESCRIPTIONS
    if fields.get(markup) is None and fields.get(plain) is None:
        return None
    source = identity(fields.get("source"))
    place = ticket.place._replace(pointer=_pointer(ticket, markup, fields))
    try:
        message = Message(
            place,
            at=desk.time(fields.get("created_at")),
            author=identity(fields.get("requester_id")) if source in _CUSTOMERS_OPENED else None,
            attachments=tuple(words(fields.get("attachments"), "name")),
            mail=source in _MAIL_TICKETS,
        )
        if source in _TAKEN_DOWN:
            return left(message, LOGGED)
        if source == _OPENED_BY_BOT:
            return left(message, AUTOMATION)
        if source not in _CUSTOMERS_OPENED and source != _OUTBOUND:
            raise Unreadable("ticket does not say how it came (`source`), nor so who opened it")
    except Unreadable as refused:
        return Message(place, unreadable=str(refused))
    role = ASSISTANT if source == _OUTBOUND else USER
    return _worded(message._replace(role=role), fields, markup, plain)


def _pointer(ticket: Found, markup: str, fields: dict[str, Any]) -> str:
    inner = f"/{_WRAPPERS[ticket.table]}" if ticket.table in _WRAPPERS else ""
    name = markup if markup in fields else markup.removesuffix("_html")
    return f"{inner}/{name}"


def _worded(message: Message, fields: dict[str, Any], markup: str, plain: str) -> Message:
    """Return a message with its text: as HTML, since the plain form has lost its paragraphs."""
    written = text_of(fields.get(markup))
    if written.strip():
        return message._replace(text=written, html=True)
    return message._replace(text=text_of(fields.get(plain)))


def _lists(ticket: Found) -> Iterator[tuple[object, str]]:
    """Yield the lists of entries that stand in a ticket, and where."""
    if ticket.table in (WITH_ENTRIES, WRAPPED):
        yield ticket.fields.get("conversations"), "/conversations"
    if ticket.table in (OLD, WRAPPED):
        wrapped = _WRAPPERS[ticket.table]
        for name in ("notes", "helpdesk_notes", "conversations"):
            items = _of(ticket).get(name)
            if items is not None:
                yield items, f"/{wrapped}/{name}"


def _bare(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an entry; the old API wraps them."""
    for name in ("note", "helpdesk_note"):
        inner = fields.get(name)
        if isinstance(inner, dict):
            return inner
    return fields


def _entry(fields: dict[str, Any], place: Place, *, desk: Desk, requester: str | None) -> Message:
    fields = _bare(fields)
    source, author = identity(fields.get("source")), identity(fields.get("user_id"))
    message = Message(
        place,
        at=desk.time(fields.get("created_at")),
        author=author,
        attachments=tuple(words(fields.get("attachments"), "name")),
        mail=source == _REPLY,
        key=identity(fields.get("id")),
    )
    if (reason := _unkept(fields, source)) is not None:
        return left(message, reason)
    incoming = truth(fields.get("incoming"))
    by_field = USER if incoming else ASSISTANT
    role = by_field if incoming is not None else desk.role(author)
    is_other = role == USER and None not in (author, requester) and author != requester
    markup, plain = ("body_html", "body") if "body_html" in fields else ("body", "body_text")
    kept = message._replace(role=role, note=THIRD_PERSON if is_other else None)
    return _worded(kept, fields, markup, plain)


def _unkept(fields: dict[str, Any], source: str | None) -> str | None:
    """Return why an entry is left out, None if it is not."""
    if truth(fields.get("deleted")):
        return DELETED
    private = truth(fields.get("private"))
    if private:
        return INTERNAL
    if private is None or (source not in _SAID and source not in _UNSAID):
        return UNKNOWN_VISIBILITY
    if (unsaid := _UNSAID.get(source or "")) is not None:
        return unsaid
    by_rule = (fields.get("automation_id"), fields.get("automation_type_id"))
    if truth(fields.get("auto_response")) or any(value not in (None, "") for value in by_rule):
        return AUTOMATION
    return NOT_SENT if _reached_nobody(fields) else None


def _reached_nobody(fields: dict[str, Any]) -> bool:
    given = fields.get("email_failure_count")
    failures = whole(given)
    if failures is None:
        return given not in (None, "")
    receivers = [*words(fields.get("to_emails")), *words(fields.get("cc_emails"))]
    receivers += words(fields.get("bcc_emails"))
    return failures >= max(1, len(receivers))


READER = ExportReader(
    name="freshdesk",
    about=ABOUT,
    tables=TABLES,
    make=_make,
    persons=persons,
    refuses=refuses,
)
