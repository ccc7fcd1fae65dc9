"""Read Telegram chats, as Telegram Desktop exports them in JSON: one, or all of an account.

A chat is cut where nobody spoke for a day. Whoever was not declared to be staff is a customer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from tunegate.errors import InputError
from tunegate.model import About, Plan, ReadOptions, Source
from tunegate.readers.chats.sessions import Chat, Version, once, talks
from tunegate.readers.export import Desk, ExportReader, Found, Left, Talk, listed
from tunegate.readers.fields import identity, text_of
from tunegate.readers.inputs.sources import head
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    AUTOMATION,
    BROADCAST,
    EMPTY,
    EVENT,
    FORWARDED,
    INTERNAL,
    Message,
    Place,
)
from tunegate.readers.people import ASSISTANT, BOT, USER
from tunegate.readers.streams import Stream, Table

_TALKS = (
    "bot_chat",
    "personal_chat",
    "private_group",
    "private_supergroup",
    "public_group",
    "public_supergroup",
    "replies",
)
# Chats in which nobody talks with a customer, and why their messages are left out.
_APART = {
    "saved_messages": INTERNAL,
    "private_channel": BROADCAST,
    "public_channel": BROADCAST,
    "verification_codes": AUTOMATION,
}
_FORWARDS = ("forwarded_from", "forwarded_from_id", "saved_from")
_NO_PERSON = "a channel or group wrote it, and is not declared staff"
_HTML_MARKS = (b'class="page_wrap', b'class="history"', b'class="message ')


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Talk | Left]:
    for chat in found:
        fields = chat.fields
        read = partial(_message, chat=fields, desk=desk)
        items = fields.get("messages")
        if items is None:
            raise Unreadable("chat has no `messages`")
        messages = list(listed(items, chat.place, "/messages", read))
        identifier = identity(fields.get("id"))
        if identifier is None:
            raise Unreadable("chat has no `id`")
        if not messages:
            yield Left(EMPTY)
        yield from talks(Chat(identifier), once(map(_version, messages, items)), desk)


def _version(message: Message, item: object) -> Version:
    known = item.get("id") if isinstance(item, dict) and not message.unreadable else None
    return Version(identity(known), 0, message)


def _message(fields: dict[str, Any], place: Place, chat: Mapping[str, Any], desk: Desk) -> Message:
    message = Message(place, at=desk.time(fields.get("date_unixtime") or fields.get("date")))
    kind, sort = fields.get("type"), text_of(chat.get("type"))
    if not isinstance(kind, str):
        raise Unreadable("message has no `type`")
    if kind != "message":
        return message._replace(excluded=EVENT)
    if sort in _APART:
        return message._replace(excluded=_APART[sort])
    if sort not in _TALKS:
        raise Unreadable("the `type` of the chat is not known")
    if any(fields.get(name) for name in _FORWARDS):
        return message._replace(excluded=FORWARDED)
    author = identity(fields.get("from_id")) or identity(fields.get("from"))
    return message._replace(
        role=_role(fields, chat, desk),
        author=author,
        text=_text(fields.get("text")),
        attachments=_attachments(fields),
    )


def _role(fields: Mapping[str, Any], chat: Mapping[str, Any], desk: Desk) -> str:
    identifier, name = identity(fields.get("from_id")), identity(fields.get("from"))
    if not identifier and not name:
        raise Unreadable("message does not say who wrote it")
    bare = identifier.removeprefix("user").removeprefix("channel") if identifier else None
    if fields.get("via_bot"):
        # A person sent it, and a machine wrote it; that one may be declared to be staff.
        machine = identity(fields["via_bot"])
        known = desk.people.role(machine, machine and machine.removeprefix("@"))
        return ASSISTANT if known == ASSISTANT else BOT
    role = desk.people.role(identifier, bare, name, identifier and f"user{identifier}")
    if role == ASSISTANT:
        return role
    if chat["type"] == "bot_chat" and bare == identity(chat.get("id")):
        return BOT
    if identifier and identifier.startswith("channel"):
        # Who speaks in the name of a group or a channel may be anyone of its staff.
        raise Unreadable(_NO_PERSON)
    return USER


def _text(value: object) -> str:
    """Return a text that is a string, or a list of strings and marked pieces."""
    pieces = value if isinstance(value, list) else [value if value is not None else ""]
    texts: list[str] = []
    for piece in pieces:
        text = piece.get("text") if isinstance(piece, dict) else piece
        if not isinstance(text, str):
            raise Unreadable("`text` is not text")
        texts.append(text)
    return "".join(texts)


def _attachments(fields: Mapping[str, Any]) -> tuple[str, ...]:
    if name := identity(fields.get("file_name")):
        return (name,)
    if emoji := identity(fields.get("sticker_emoji")):
        return (f"sticker {emoji}",)
    if kind := identity(fields.get("media_type")):
        return (kind.replace("_", " "),)
    kinds = ("photo", "file", "location_information", "contact_information", "poll")
    return tuple(kind.partition("_")[0] for kind in kinds if fields.get(kind))[:1]


def _is_chat(seen: Listing) -> bool:
    """Tell whether it is so by the type of a chat, or by the keys of one that goes on and on."""
    if seen.objects:
        return any(one.get("type") in (*_TALKS, *_APART) for one in seen.objects)
    return seen.names <= {"name", "type", "id", "messages"}


@dataclass(frozen=True)
class _Telegram(ExportReader):
    """Knows the pages of an HTML export too, to say what to do instead."""

    def recognises(self, head: bytes, name: str) -> int:
        """Count the marks of an export of Telegram Desktop."""
        marks = sum(mark in head for mark in _HTML_MARKS)
        return marks if marks == len(_HTML_MARKS) else super().recognises(head, name)

    def plan(self, sources: Sequence[Source], options: ReadOptions) -> Plan:
        """Cut the inputs between chats.

        Raises:
            InputError: an input is a page of an HTML export, or holds no chats.
        """
        for source in sources:
            if all(mark in head(source) for mark in _HTML_MARKS):
                raise InputError(
                    "is a Telegram export in HTML, which does not say by id who wrote what",
                    where=source.name,
                    hint="export again in Telegram Desktop with the format "
                    "`Machine-readable JSON`, and pass `result.json`",
                )
        return super().plan(sources, options)


def _refuses(streams: Sequence[Stream]) -> tuple[str, str] | None:
    if any(stream.table.name == "account" for stream in streams):
        return (
            "is a Telegram account without chats, or with so many contacts that its chats "
            "cannot be found behind them",
            "export again with chats, and without contacts and sessions",
        )
    return None


READER = _Telegram(
    name="telegram",
    about=About(
        title="Telegram",
        export="Telegram Desktop: the menu of a chat, Export chat history, or Settings, Advanced, "
        "Export Telegram data; format Machine-readable JSON; pass `result.json`",
        reads="messages of personal chats, groups and chats with bots, cut where nobody spoke for "
        "a day; staff are those you declare, by `from_id` or name",
        leaves="service messages, forwarded messages, bots and what was sent through them, "
        "channels, saved messages",
    ),
    tables=(
        Table(
            "chats",
            needs="id type messages",
            any="name",
            paths=(VALUES, ("chats", "list"), ("left_chats", "list")),
            kinds=("lines", "values"),
            mark=_is_chat,
        ),
        # Weaker than the chats, so that it counts only where none are seen.
        Table("account", needs="personal_information", any="contacts", kinds=("lines", "values")),
    ),
    make=_make,
    staff="declared",
    refuses=_refuses,
)
