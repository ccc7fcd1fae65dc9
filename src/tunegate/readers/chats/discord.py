"""Read Discord channels and threads, as DiscordChatExporter writes them in JSON.

A thread is a conversation; a channel is cut where nobody spoke for a day. The parts of a channel
that was exported in several files are joined. Whoever was not declared to be staff is a customer.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from tunegate.model import About
from tunegate.readers.chats.sessions import Chat, Version, once, talks
from tunegate.readers.export import Desk, ExportReader, Found, Left, Refused, Talk, listed
from tunegate.readers.fields import at, identity, words
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import CUT_SHORT, EMPTY, EVENT, FORWARDED, Message, Place
from tunegate.readers.people import ASSISTANT, BOT, USER
from tunegate.readers.streams import Stream, Table
from tunegate.readers.times import moment

_SAID = ("Default", "Reply")
_COMMANDS = ("20", "23", "ChatInputCommand", "ContextMenuCommand")  # what machines answer


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Talk | Left | Refused]:
    versions: list[Version] = []
    short = False
    for part in found:
        items = part.fields.get("messages")
        try:
            if items is None:
                raise Unreadable("channel has no `messages`")
            messages = list(listed(items, part.place, "/messages", partial(_message, desk=desk)))
        except Unreadable as refused:
            yield Refused(part.place, str(refused))
            continue
        if not messages:
            yield Left(EMPTY)
        versions += map(_version, messages, items)
        short = short or _is_short(part.fields)
    channel = found[0].fields["channel"]
    name = identity(channel.get("name"))
    is_thread = "thread" in str(channel.get("type")).lower()
    chat = Chat(
        id=identity(channel.get("id")),
        endless=not is_thread,
        subject=name if is_thread else None,
        tags=(name,) if name and not is_thread else (),
    )
    yield from talks(chat, once(versions), desk, (CUT_SHORT,) if short else ())


def _is_short(fields: Mapping[str, Any]) -> bool:
    """Tell whether the file says that it holds another number of messages; it says so last."""
    return fields.get("messageCount") != len(fields.get("messages") or ())


def _version(message: Message, item: object) -> Version:
    if message.unreadable or not isinstance(item, dict):
        return Version(None, 0, message)
    return Version(identity(item.get("id")), moment(item.get("timestampEdited")) or 0, message)


def _message(fields: dict[str, Any], place: Place, desk: Desk) -> Message:
    message = Message(place, at=desk.time(fields.get("timestamp")))
    author = fields.get("author")
    kind = identity(fields.get("type"))
    if kind not in (*_SAID, *_COMMANDS):
        if kind is None:
            raise Unreadable("message has no `type`")
        return message._replace(excluded=EVENT)
    if not isinstance(author, dict) or not isinstance(author.get("isBot"), bool):
        raise Unreadable("message does not say who wrote it")
    if fields.get("forwardedMessage"):
        return message._replace(excluded=FORWARDED)
    content = fields.get("content")
    if not isinstance(content, str | None):
        raise Unreadable("`content` is not text")
    return message._replace(
        role=_role(author, desk),
        author=identity(author.get("id")) or identity(author.get("name")),
        text=content or "",
        attachments=(
            *words(fields.get("attachments"), "fileName"),
            *words(fields.get("stickers"), "name"),
        ),
    )


def _role(author: Mapping[str, Any], desk: Desk) -> str:
    name = identity(author.get("name"))
    number = identity(author.get("discriminator"))
    names = [identity(author.get("id")), name, identity(author.get("nickname"))]
    if name and number and number.strip("0"):
        names.append(f"{name}#{number}")
    # What a server calls its people, such as `Support`, may be declared as well.
    names += words(author.get("roles"), "name") + words(author.get("roles"), "id")
    if not any(names):
        raise Unreadable("message does not say who wrote it")
    if desk.people.role(*names) == ASSISTANT:
        return ASSISTANT
    return BOT if author["isBot"] else USER


def _refuses(streams: Sequence[Stream]) -> tuple[str, str] | None:
    if any(stream.table.name == "csv" for stream in streams):
        return (
            "is a Discord channel as CSV, which does not tell people, machines and events apart",
            "export it again with `--format Json`",
        )
    return None


def _is_channel(seen: Listing) -> bool:
    """Tell whether a channel has an id; of one that goes on and on only its keys are seen."""
    return any(at(one, "channel.id") for one in seen.objects) or seen.has("exportedAt", "dateRange")


READER = ExportReader(
    name="discord",
    about=About(
        title="Discord",
        names_people=True,
        export="DiscordChatExporter: `export --channel ID --format Json`, with "
        "`--include-threads all` for threads; split what is over 64 MB with `--partition`",
        reads="messages and replies; a thread is a conversation, a channel is cut where nobody "
        "spoke for a day; staff are those you declare, by id, name or server role",
        leaves="machines, events such as joining and pinning, forwarded and repeated messages",
    ),
    tables=(
        Table(
            "channels",
            needs="channel messages",
            any="guild dateRange exportedAt messageCount",
            key="channel.id",
            kinds=("lines", "values"),
            mark=_is_channel,
        ),
        Table(
            "csv",
            needs="AuthorID Author Date Content",
            kinds=("rows",),
            use="messages",
        ),
    ),
    make=_make,
    staff="declared",
    refuses=_refuses,
)
