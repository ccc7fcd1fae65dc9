"""Read Microsoft Teams messages, as the Graph API lists them.

In a channel, a message with its replies is a conversation; a chat is cut where nobody spoke for a
day. Whoever was not declared to be staff is a customer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

from tunegate.model import About
from tunegate.readers.chats.sessions import Chat, Version, once, talks
from tunegate.readers.export import Desk, ExportReader, Found, Talk, listed
from tunegate.readers.fields import at, identity, text_of, words
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    CUT_SHORT,
    DELETED,
    EVENT,
    HELD_BACK,
    UNKNOWN_VISIBILITY,
    Message,
    Place,
)
from tunegate.readers.people import ASSISTANT, BOT, USER
from tunegate.readers.streams import Around, Table
from tunegate.readers.times import moment

_MARK = re.compile(r"<attachment\b[^>]*>|</attachment>|<systemEventMessage\s*/?>", re.IGNORECASE)
_AT = re.compile(r"<at\b[^>]*>(.*?)</at>", re.IGNORECASE | re.DOTALL)


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Talk]:
    first = found[0].fields
    subjects = (text_of(one.fields.get("subject")).strip() for one in found)
    chat = Chat(
        id=_name(first),
        endless=identity(first.get("chatId")) is not None,
        subject=next(filter(None, subjects), None),
    )
    messages = once(chain.from_iterable(_versions(one, desk) for one in found))
    # The replies that did not fit may lie in a page of their own.
    short = len(found) == 1 and first.get("replies@odata.nextLink") is not None
    yield from talks(chat, messages, desk, (CUT_SHORT,) if short else ())


def _conversation(fields: Mapping[str, Any], _: Around) -> str | None:
    return _name(fields)


def _name(fields: Mapping[str, Any]) -> str | None:
    """Return the id of a chat, or of a channel with that of the message that opened the thread."""
    if chat := identity(fields.get("chatId")):
        return chat
    channel = identity(at(fields, "channelIdentity.channelId"))
    opening = identity(fields.get("replyToId")) or identity(fields.get("id"))
    return f"{channel}/{opening}" if channel and opening else None


def _versions(found: Found, desk: Desk) -> Iterator[Version]:
    """Yield a message, and the replies that were asked for with it."""
    read = partial(_message, desk=desk)
    try:
        opening = read(found.fields, found.place)
    except Unreadable as refused:
        opening = Message(found.place, unreadable=str(refused))
    yield _version(opening, found.fields)
    replies = found.fields.get("replies")
    try:
        messages = list(listed(replies, found.place, "/replies", read))
        yield from map(_version, messages, replies or ())
    except Unreadable as refused:
        place = found.place._replace(pointer="/replies")
        yield Version(None, 0, Message(place, unreadable=str(refused)))


def _version(message: Message, item: object) -> Version:
    if message.unreadable or not isinstance(item, dict):
        return Version(None, 0, message)
    return Version(identity(item.get("id")), moment(item.get("lastModifiedDateTime")) or 0, message)


def _message(fields: dict[str, Any], place: Place, desk: Desk) -> Message:
    message = Message(place, at=desk.time(fields.get("createdDateTime")))
    kind = fields.get("messageType")
    if fields.get("deletedDateTime"):
        return message._replace(excluded=DELETED)
    if kind is None:
        return message._replace(excluded=UNKNOWN_VISIBILITY)
    if kind != "message":
        return message._replace(excluded=EVENT)
    if fields.get("policyViolation"):
        return message._replace(excluded=HELD_BACK)
    content, form = at(fields, "body.content"), at(fields, "body.contentType")
    if not isinstance(content, str | None) or form not in ("html", "text", None):
        raise Unreadable("`body` is not text")
    html = form == "html"
    role, author = _author(fields.get("from"), desk)
    return message._replace(
        role=role,
        author=author,
        text=_MARK.sub("", _AT.sub(r"@\1", content or "")) if html else content or "",
        html=html,
        attachments=tuple(words(fields.get("attachments"), "name")),
    )


def _author(sender: object, desk: Desk) -> tuple[str, str | None]:
    person = at(sender, "user") if isinstance(sender, dict) else None
    machine = at(sender, "application") if isinstance(sender, dict) else None
    for found, otherwise in ((person, USER), (machine, BOT)):
        if isinstance(found, dict):
            paths = ("id", "userPrincipalName", "email", "displayName")
            names = [identity(found.get(path)) for path in paths]
            known = next(filter(None, names), None)
            if known:
                declared = desk.people.role(*names) == ASSISTANT
                return ASSISTANT if declared else otherwise, known
    raise Unreadable("message does not say who wrote it")


READER = ExportReader(
    name="teams",
    about=About(
        title="Microsoft Teams",
        export="Microsoft Graph: GET /teams/{id}/channels/{id}/messages with `$expand=replies`, "
        "or GET /chats/{id}/messages; keep each page as a file",
        reads="messages of people; in a channel a message with its replies is a conversation, a "
        "chat is cut where nobody spoke for a day; staff are those you declare",
        leaves="apps and bots, system messages, deleted messages, those held back by a policy",
    ),
    tables=(
        Table(
            "messages",
            needs="id createdDateTime messageType",
            any="chatId channelIdentity replyToId body from etag",
            paths=(VALUES, ("value",)),
            key=_conversation,
            kinds=("lines", "values"),
        ),
    ),
    make=_make,
    staff="declared",
)
