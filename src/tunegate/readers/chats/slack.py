"""Read a Slack export: a folder a channel, and in it a file of messages a day.

A thread is a conversation. What stands in a channel or a direct message outside of threads is cut
where nobody spoke for a day. Whoever was not declared to be staff is a customer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tunegate.model import About
from tunegate.readers.chats.sessions import Chat, Version, once, talks
from tunegate.readers.chats.slack_text import shown
from tunegate.readers.export import Desk, ExportReader, Found, Talk
from tunegate.readers.fields import at, identity, objects
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import DELETED, EVENT, HIDDEN, Message
from tunegate.readers.people import ASSISTANT, BOT, USER
from tunegate.readers.streams import Around, Table
from tunegate.readers.times import moment

_SAID = (None, "bot_message", "file_share", "me_message", "reply_broadcast", "thread_broadcast")
_DELETED = ("message_deleted", "tombstone")
_BEFORE_DAY = re.compile(r"^(.*[/\\:])?[^/\\:]*$", re.DOTALL)
_NEVER_OUTDONE = 1 << 62
_TS = re.compile(r"\d{9,11}\.\d{6}")


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Talk]:
    first = found[0]
    channel = _channel(first.fields, desk.around[first.place.file])
    thread = _thread(first.fields)
    chat = Chat(
        id=f"{channel}/{thread}" if channel and thread else thread or channel or None,
        endless=thread is None,
        tags=(channel,) if channel else (),
    )
    yield from talks(chat, once(_version(one, desk) for one in found), desk)


def _conversation(fields: Mapping[str, Any], around: Around) -> str:
    channel, thread = _channel(fields, around), _thread(fields)
    # A file that was passed alone may be of any channel, so that it is joined with no other.
    return f"{channel}/{thread or ('' if channel else around.name)}"


def _channel(fields: Mapping[str, Any], around: Around) -> str:
    """Return the folder that a file lies in; "" where it was passed alone."""
    folder = _BEFORE_DAY.sub(r"\1", around.name).rstrip("/\\:")
    named = re.split(r"[/\\:]", folder)[-1]
    return named or identity(fields.get("channel")) or ""


def _thread(fields: Mapping[str, Any]) -> str | None:
    return _stamp(fields.get("thread_ts"))


def _stamp(value: object) -> str | None:
    """Return a moment as Slack writes it, also where a program made a number of it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.6f}"
    return identity(value)


def _version(found: Found, desk: Desk) -> Version:
    fields = found.fields
    try:
        message = _message(found, desk)
    except Unreadable as refused:
        return Version(None, 0, Message(found.place, unreadable=str(refused)))
    edited = moment(at(fields, "edited.ts")) or 0
    if message.excluded == DELETED:
        edited = _NEVER_OUTDONE  # an older export may still hold its text
    return Version(_stamp(fields.get("ts")), edited, message)


def _message(found: Found, desk: Desk) -> Message:
    fields = found.fields
    if not identity(fields.get("ts")):
        raise Unreadable("message has no `ts`")
    message = Message(found.place, at=desk.time(fields["ts"]))
    subtype = fields.get("subtype")
    if subtype in _DELETED:
        return message._replace(excluded=DELETED)
    if fields.get("type") != "message" or subtype not in _SAID or fields.get("hidden"):
        return message._replace(excluded=EVENT)
    if fields.get("is_ephemeral"):
        return message._replace(excluded=HIDDEN)  # shown to one person, as answers of apps are
    author = identity(fields.get("user")) or identity(fields.get("bot_id"))
    text = fields.get("text")
    if not isinstance(text, str | None):
        raise Unreadable("`text` is not text")
    return message._replace(
        role=_role(fields, desk),
        author=author,
        text=shown(text or "", desk.names),
        attachments=tuple(_file(one) for one in objects(fields.get("files"))),
    )


def _role(fields: Mapping[str, Any], desk: Desk) -> str:
    user, machine = identity(fields.get("user")), identity(fields.get("bot_id"))
    if machine or fields.get("subtype") == "bot_message":
        # A machine may be declared to be staff, such as the one of a help desk.
        known = desk.people.role(machine, identity(fields.get("username")))
        return ASSISTANT if known == ASSISTANT else BOT
    if not user:
        raise Unreadable("message does not say who wrote it")
    profile = fields.get("user_profile")
    names = ("display_name", "real_name", "name", "email")
    called = [identity(profile.get(n)) for n in names] if isinstance(profile, dict) else []
    # The export knows no customers; who is not declared is one.
    return desk.people.role(user, *called) or USER


def _file(fields: Mapping[str, Any]) -> str:
    return identity(fields.get("name")) or identity(fields.get("title")) or "file"


def _persons(_: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    identifier = identity(fields.get("id"))
    if identifier and (fields.get("is_bot") is True or identifier == "USLACKBOT"):
        yield identifier, BOT


def _names(_: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    identifier = identity(fields.get("id"))
    if not identifier:
        raise Unreadable("has no `id`")
    paths = ("profile.display_name", "profile.real_name", "real_name", "name", "profile.email")
    for path in paths:
        if (name := identity(at(fields, path))) is not None:
            yield identifier, name


def _are_messages(seen: Listing) -> bool:
    return any(
        one.get("type") == "message" and _TS.fullmatch(_stamp(one.get("ts")) or "")
        for one in seen.objects
    )


READER = ExportReader(
    name="slack",
    about=About(
        title="Slack",
        export="Workspace settings, Import/Export data, Export; pass the zip file or its unpacked "
        "folder as a whole, since the folders name the channels and `users.json` the people",
        reads="messages of people, by thread; outside of threads by channel, cut where nobody "
        "spoke for a day; staff are those you declare",
        leaves="machines, deleted messages, events such as joining, repeated messages, those "
        "that one person alone was shown",
    ),
    tables=(
        Table(
            "messages",
            needs="type ts",
            any="user text bot_id subtype user_profile client_msg_id",
            paths=(VALUES, ("messages",)),
            key=_conversation,
            kinds=("values", "lines"),
            mark=_are_messages,
        ),
        Table(
            "users",
            needs="id name profile",
            any="is_bot is_admin deleted team_id real_name",
            never="messages",
            kinds=("values", "lines"),
            use="people",
        ),
        Table("channels", needs="id created members", use="nothing", kinds=("values",)),
        Table("files", needs="id created filetype", use="nothing", kinds=("values",)),
        Table(
            "integration_logs",
            needs="user_id date",
            any="app_type service_type change_type",
            use="nothing",
            kinds=("values",),
        ),
    ),
    make=_make,
    persons=_persons,
    names=_names,
    staff="declared",
)
