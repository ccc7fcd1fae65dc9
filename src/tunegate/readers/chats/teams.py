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
from tunegate.readers.bodies.html import to_text
from tunegate.readers.chats.sessions import Chat, Version, once, talks
from tunegate.readers.export import Desk, ExportReader, Found, Talk, listed
from tunegate.readers.fields import at, identity, text_of, words
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    CUT_SHORT,
    DELETED,
    EVENT,
    FORWARDED,
    HELD_BACK,
    ONLY_QUOTED,
    UNKNOWN_VISIBILITY,
    Message,
    Place,
)
from tunegate.readers.people import ASSISTANT, BOT, USER
from tunegate.readers.streams import Around, Table
from tunegate.readers.times import moment

# No `<` inside of a tag, so that one without an end costs no more than itself.
_MARK = re.compile(r"</?attachment\b[^<>]*>|<systemEventMessage\b[^<>]*>", re.IGNORECASE)
_PICTURE = re.compile(r"<(?:emoji|img)\b[^<>]*>", re.IGNORECASE)
_EMOJI = re.compile(r"^<emoji|schema\.skype\.com/emoji\b", re.IGNORECASE)
_ALT = re.compile(r"""\balt=(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_QUOTED = re.compile(r"\bschema\.skype\.com/(reply|forward)\b", re.IGNORECASE)
_BLOCK = re.compile(r"<(/?)blockquote\b[^<>]*>", re.IGNORECASE)
_AT = re.compile(r"<at\b[^<>]*>", re.IGNORECASE)


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
    message = message._replace(
        role=role,
        author=author,
        text=content or "",
        html=html,
        attachments=tuple(words(fields.get("attachments"), "name")),
    )
    return _shown(message) if html else message


def _shown(message: Message) -> Message:
    """Return a message in HTML with what people see, and without the messages that it quotes."""
    text, quoted = _unquoted(message.text)
    text = _MARK.sub("", _PICTURE.sub(_drawn, _AT.sub("@", text)))
    if quoted and not message.attachments and not to_text(text).strip():
        return message._replace(role=None, excluded=quoted)
    return message._replace(text=text)


def _drawn(picture: re.Match[str]) -> str:
    """Return the emoji that a picture stands for, any other picture as it is."""
    shown = _ALT.search(picture[0]) if _EMOJI.search(picture[0]) else None
    return (shown[1] or shown[2] or "") if shown else picture[0]


def _unquoted(html: str) -> tuple[str, str | None]:
    """Return a text without what it quotes, and why nothing may be left of it.

    A quotation that a person typed has no such mark, and stays.
    """
    kept: list[str] = []
    why = None
    at = depth = 0  # depth: of quotations, within one that Teams marked
    for tag in _BLOCK.finditer(html):
        if depth:
            depth += -1 if tag[1] else 1
            at = tag.end()
        elif marked := _QUOTED.search(tag[0]):
            kept.append(html[at : tag.start()])
            why = FORWARDED if marked[1].lower() == "forward" else why or ONLY_QUOTED
            depth = 1
    at = len(html) if depth else at
    return "".join((*kept, html[at:])), why


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
        leaves="apps and bots, system messages, deleted messages, those held back by a policy, "
        "what a message quotes or forwards",
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
