"""Read Front conversations with their messages and comments, as its core API gives them.

A message says its direction (`is_inbound`) and how it travelled (`type`); a comment is always
internal. Messages name their conversation in `_links`, so that pages may come in any order.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from tunegate.readers.desks.cells import bounces, filled, held
from tunegate.readers.desks.front_tables import ABOUT, TABLES, key_of, refuses
from tunegate.readers.desks.repeats import once
from tunegate.readers.export import Desk, ExportReader, Found, Talk, each
from tunegate.readers.fields import at, identity, objects, text_of, words
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    AUTOMATION,
    DELETED,
    ELSEWHERE,
    EMPTY,
    EVENT,
    INTERNAL,
    NOT_SENT,
    REDACTED,
    THIRD_PERSON,
    TICKET_UNKNOWN,
    UNKNOWN_VISIBILITY,
    Message,
    Place,
)
from tunegate.readers.people import ASSISTANT, BOT, USER
from tunegate.readers.shape import Head
from tunegate.readers.times import moment

# `type` of messages that customers wrote or saw; `internal` and what is not known are neither.
_PUBLIC = frozenset(
    {"custom", "email", "facebook", "form", "front_chat", "googleplay", "intercom", "sms"}
    | {"smooch", "tweet", "tweet_dm", "whatsapp", "yalo_wha"}
)
_CALLS = frozenset({"call", "phone-call", "truly-call"})
_INTERNAL = frozenset({"discussion", "internal", "task"})
_GONE = frozenset({"deleted", "spam", "trashed"})
_WITHHELD = "[REDACTED]"  # Front's API withholds the text of tweets


@dataclass(frozen=True)
class _Talked:
    """What the messages of one conversation share.

    customers: addresses of whom it is with. senders: those and of all others who wrote in.
    """

    desk: Desk
    customers: frozenset[str]
    senders: frozenset[str]
    whole: str | None


_Make = Callable[[dict[str, Any], Place, _Talked], Message]


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Talk]:
    abouts = [one for one in found if one.table in ("conversations", "threads")]
    about = abouts[0] if abouts else None
    fields = about.fields if about else {}
    said = [message for one in found for message in _records(one)]
    said.sort(key=lambda message: moment(message.get("created_at")) or 0)
    senders = [_handle(message, "from") for message in said if message.get("is_inbound") is True]
    recipient = _folded(at(fields, "recipient.handle"))
    customers = _customers(said, desk) or [recipient]
    shared = _Talked(
        desk,
        frozenset(filter(None, customers)),
        frozenset(filter(None, [*customers, *senders])),
        # A conversation says no time of its last change, so that what any copy says counts.
        next((reason for one in abouts if (reason := _whole(one.fields))), None),
    )
    messages = [message for one in found for message in _messages(one, shared)]
    first = next(iter(said), {})
    yield Talk(
        Head(
            (about or found[0]).row,
            id=identity(fields.get("id"))
            or key_of(found[0].fields, desk.around[found[0].place.file]),
            group=recipient if recipient in customers else customers[0],
            created_at=moment(fields.get("created_at")),
            subject=filled(fields.get("subject")) or filled(first.get("subject")),
            tags=words(fields.get("tags"), "name"),
        ),
        once(messages),
        () if about else (TICKET_UNKNOWN,),
    )


def _customers(said: Sequence[Mapping[str, Any]], desk: Desk) -> list[str | None]:
    """Return the addresses of who wrote first, or was first written to; none if nobody was.

    The `recipient` of a conversation does not tell it: whoever wrote in last stands there.
    """
    for message in said:
        writer = _handle(message, "from")
        if message.get("is_inbound") is True:
            if bounces(writer) or desk.people.role(writer) == ASSISTANT:
                continue
            own = [writer, _handle(message, "reply-to")]
        else:
            own = [] if _is_unsent(message) else [*_handles(message, "to")]
        if any(own):
            return [address for address in own if address]
    return []


def _records(one: Found) -> list[dict[str, Any]]:
    if one.table == "messages":
        return [one.fields]
    return objects(_listing(one, "messages")[0]) if one.table == "threads" else []


def _messages(one: Found, shared: _Talked) -> Iterator[Message]:
    if one.table == "messages":
        yield from each([one], partial(_apart, make=_message, shared=shared))
    elif one.table == "comments":
        yield from each([one], partial(_apart, make=_comment, shared=shared))
    elif one.table == "threads":
        for name, make in (("messages", _message), ("comments", _comment)):
            items, pointer = _listing(one, name)
            yield from held(items, one.place, pointer, partial(make, shared=shared))


def _apart(one: Found, make: _Make, shared: _Talked) -> Message:
    return make(one.fields, one.place, shared)


def _listing(one: Found, name: str) -> tuple[object, str]:
    """Return a list inside of a conversation and its place; it may be a page of the API."""
    items = one.fields.get(name)
    if isinstance(items, dict) and "_results" in items:
        return items["_results"], f"/{name}/_results"
    return items, f"/{name}"


def _message(fields: dict[str, Any], place: Place, shared: _Talked) -> Message:
    kind = text_of(fields.get("type"))
    author = identity(at(fields, "author.id")) or _handle(fields, "from")
    message = Message(
        place,
        at=shared.desk.time(fields.get("created_at")),
        author=author,
        attachments=tuple(words(fields.get("attachments"), "filename")),
        key=identity(fields.get("id")),
    )
    if reason := _left_out(fields, kind, shared):
        return message._replace(excluded=reason)
    role, reason = _role(fields, shared)
    if reason:
        return message._replace(excluded=reason)
    html, plain = text_of(fields.get("body")), text_of(fields.get("text"))
    text = html if html.strip() else plain
    if text.strip() == _WITHHELD:
        return message._replace(excluded=EMPTY, note=REDACTED)
    third = role == USER and _handle(fields, "from") not in (None, *shared.customers)
    return message._replace(
        role=role,
        text=text,
        html=bool(html.strip()),
        mail=kind == "email",
        note=THIRD_PERSON if third else None,
    )


def _left_out(fields: Mapping[str, Any], kind: str, shared: _Talked) -> str | None:
    if shared.whole:
        return shared.whole
    if _is_unsent(fields):
        return NOT_SENT
    if kind == "internal":
        return INTERNAL
    if kind in _CALLS:
        return EVENT
    return None if kind in _PUBLIC else UNKNOWN_VISIBILITY


def _role(fields: Mapping[str, Any], shared: _Talked) -> tuple[str | None, str | None]:
    """Return the role of who wrote a message, or why it is left out."""
    inbound, kind = fields.get("is_inbound"), at(fields, "author.type")
    if inbound is True and bounces(_handle(fields, "from")):
        return None, AUTOMATION
    to = set(_handles(fields, "to", "cc", "bcc"))
    if inbound is True:
        role = shared.desk.people.role(_handle(fields, "from")) or USER
        return (role, None) if _is_theirs(fields, role, to, shared) else (None, ELSEWHERE)
    if inbound is not False:
        raise Unreadable("message does not say its direction (`is_inbound`)")
    if not _reaches(fields, to, shared):
        return None, ELSEWHERE
    if kind is not None:
        kind = text_of(kind).casefold()
        if kind == "user":
            return ASSISTANT, None
        return (BOT, None) if kind == "ai" or kind.startswith("ai_") else (None, AUTOMATION)
    # Before authors had a type, only teammates stood there.
    if text_of(at(fields, "author.id")).startswith("tea_"):
        return ASSISTANT, None
    raise Unreadable("message does not say who wrote it")


def _is_theirs(fields: Mapping[str, Any], role: str, to: set[str], shared: _Talked) -> bool:
    """Tell whether the customer wrote a message that came in, or saw it."""
    if role != USER:
        return _reaches(fields, to, shared)
    if fields.get("type") != "email":
        return True  # nobody else writes into a chat
    writer = _handle(fields, "from")
    return writer is None or not ({writer} | to).isdisjoint(shared.customers)


def _reaches(fields: Mapping[str, Any], to: set[str], shared: _Talked) -> bool:
    """Tell whether a message went to the customer, as far as the addresses say."""
    # Of a mail, a supplier may have answered before; in a chat a customer may have several names.
    known = shared.customers if fields.get("type") == "email" else shared.senders
    return not to or not known or not to.isdisjoint(known)


def _is_unsent(fields: Mapping[str, Any]) -> bool:
    drafted = fields.get("draft_mode") is not None or fields.get("is_draft") is True
    return drafted or fields.get("error_type") is not None


def _comment(fields: dict[str, Any], place: Place, shared: _Talked) -> Message:
    return Message(
        place,
        at=moment(fields.get("posted_at")),
        author=identity(at(fields, "author.id")),
        excluded=INTERNAL,
        key=identity(fields.get("id")),
    )


def _whole(fields: Mapping[str, Any]) -> str | None:
    """Return why nothing of a conversation is kept, None if some may be."""
    if text_of(fields.get("type")) in _INTERNAL or fields.get("is_private") is True:
        return INTERNAL
    return DELETED if text_of(fields.get("status")) in _GONE else None


def _handles(fields: Mapping[str, Any], *roles: str) -> Iterator[str]:
    for person in objects(fields.get("recipients")):
        if person.get("role") in roles and (handle := _folded(person.get("handle"))):
            yield handle


def _handle(fields: Mapping[str, Any], role: str) -> str | None:
    return next(_handles(fields, role), None)


def _folded(value: object) -> str | None:
    word = filled(value)
    return word.casefold() if word else None


READER = ExportReader(name="front", about=ABOUT, tables=TABLES, make=_make, refuses=refuses)
