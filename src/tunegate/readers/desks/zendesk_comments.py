"""Make messages of what Zendesk keeps of a ticket: comments, events of audits, lines of chats."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tunegate.readers.bodies import html
from tunegate.readers.desks.zendesk_tables import ROLES
from tunegate.readers.desks.zendesk_transcripts import apart
from tunegate.readers.export import UNKNOWN_AUTHOR, Desk, Found
from tunegate.readers.fields import at, identity, text_of, word_at, words
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    AUTOMATION,
    EVENT,
    INTERNAL,
    ONLY_ATTACHMENT,
    REDACTED,
    REPEATED,
    THIRD_PERSON,
    UNKNOWN_VISIBILITY,
    Message,
    Place,
)
from tunegate.readers.people import ASSISTANT, BOT, USER

BLACKED = "\u2587"  # what Zendesk puts in the place of what was redacted

_SYSTEM = "-1"  # Zendesk's own author id
_AUTOMATIC = ("system", "rule")  # via.channel of what nobody wrote
_SAID = ("Comment", "FacebookComment", "VoiceComment")
_BODIES = ("html_body", "plain_body", "body")
_SUMMARY = "VoiceComment"  # the telephone system wrote it
_PEOPLE = ("requester", "assignee", "submitter", "collaborators", "users")
_FIELD_NAMES = ("id", "name", "title")
_FLAGS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
_ACTORS = {
    "end-user": USER,
    "end_user": USER,
    "visitor": USER,
    "agent": ASSISTANT,
    "answer_bot": BOT,
    "bot": BOT,
}
_MACHINES = ("system", "trigger")
_CHAT_MESSAGE, _CHAT_FILE = "ChatMessage", "ChatFileAttachment"


class Entry(NamedTuple):
    """Something that may be a message; entries with the same key are the same message."""

    place: Place
    value: object
    make: Callable[[Mapping[str, Any], Place], Message]
    key: str | None = None


class Ticket:
    """What is known of a ticket, while its messages are made.

    hidden, redacted: ids of comments that were made private or redacted later on.
    """

    def __init__(self, fields: Mapping[str, Any], raw: bytes, desk: Desk) -> None:
        self.fields = fields
        self.hidden: set[str] = set()
        self.redacted: set[str] = set()
        self._raw = raw
        self._desk = desk
        self._requester = identity(fields.get("requester_id"))
        self._embedded = dict(_embedded(fields))

    def group(self) -> str | None:
        """Return who must not be on both sides of a split."""
        name = self._desk.options.group
        if name is None:
            return self._requester
        custom = self.fields.get("custom_fields")
        for field in custom if isinstance(custom, list) else ():
            if isinstance(field, dict) and name in [identity(field.get(k)) for k in _FIELD_NAMES]:
                return identity(field.get("value"))
        return word_at(self.fields, name, self._raw)

    def comment(self, fields: Mapping[str, Any], place: Place) -> Message:
        """Return what a comment says, if it says that it is public and a person wrote it.

        Raises:
            Unreadable: its author, its time or its text is not understood.
        """
        author, number = identity(fields.get("author_id")), identity(fields.get("id"))
        message = Message(
            place,
            at=self._desk.time(fields.get("created_at")),
            author=author,
            attachments=tuple(words(fields.get("attachments"), "file_name")),
        )
        if fields.get("public") is False or number in self.hidden:
            return message._replace(excluded=INTERNAL)
        if fields.get("public") is not True:
            return message._replace(excluded=UNKNOWN_VISIBILITY)
        via = fields.get("via") or self.fields.get("via")
        channel = at(via, "channel") if isinstance(via, dict) else self.fields.get("via_channel")
        own = at(fields, "via.channel")
        if author == _SYSTEM or own in _AUTOMATIC or fields.get("type") == _SUMMARY:
            return message._replace(excluded=AUTOMATION)
        role = self._role(author)
        key, text = _body(fields)
        note = THIRD_PERSON if role == USER and self._requester not in (None, author) else None
        if BLACKED in text or number in self.redacted:
            note = REDACTED
        is_html = key == "html_body" or (key == "body" and html.is_html(text))
        return message._replace(
            role=role, text=text, html=is_html, mail=channel == "email", note=note
        )

    def role_of_name(self, name: str) -> str | None:
        """Return the role of the one in this ticket who is called so, None if it is not certain."""
        people, requester = self._desk.people, self._requester
        customer = requester and (_called(name, requester) in self._embedded)
        is_customer = customer or people.role(_called(name, requester or "")) == USER
        declared = None if name.isdecimal() else people.role(name)  # a number would be an id
        staff = (declared, people.role(_called(name)), self._embedded.get(_called(name)))
        if ASSISTANT in staff:
            return None if is_customer else ASSISTANT
        return USER if is_customer else None

    def flagged(self, fields: Mapping[str, Any], place: Place) -> Message:
        """Return a comment of a table whose flags may be words, as in CSV."""
        return self.comment({**fields, "public": _flag(fields.get("public"))}, place)

    def synced(self, fields: Mapping[str, Any], place: Place) -> Message:
        """Return a comment as Fivetran's tables have it."""
        voice = _flag(fields.get("voice_comment")) is True
        renamed = {
            "author_id": fields.get("user_id"),
            "created_at": fields.get("created"),
            "via": {"channel": fields.get("via_channel")} if fields.get("via_channel") else None,
            "type": _SUMMARY if voice else None,
        }
        return self.flagged({**fields, **renamed}, place)

    def chatted(self, fields: Mapping[str, Any], place: Place) -> Message:
        """Return a line of a chat; all of its messages are public.

        Raises:
            Unreadable: nobody knows who wrote it, or its time is not understood.
        """
        kind = fields.get("type")
        given, named = fields.get("created_at"), identity(fields.get("actor_id")) or ""
        message = Message(place, at=self._desk.time(fields.get("timestamp") or given))
        if kind == _CHAT_FILE:
            return message._replace(excluded=ONLY_ATTACHMENT)
        if kind != _CHAT_MESSAGE:
            return message._replace(excluded=EVENT)
        prefix, _, number = named.rpartition(":")
        actor = text_of(fields.get("actor_type")) or prefix
        if actor in _MACHINES or named.startswith("__"):
            return message._replace(excluded=AUTOMATION)
        role = BOT if "zd:answerBot" in text_of(fields.get("original_message")) else None
        role = role or _ACTORS.get(actor if number else "") or self._role(number)
        text = text_of(fields.get("message"))
        note = REDACTED if BLACKED in text else None
        return message._replace(role=role, author=number, text=text, note=note)

    def _role(self, author: str | None) -> str:
        if author:
            if author == self._requester:
                return USER
            role = self._desk.people.role(author) or self._embedded.get(author)
            if role:
                return role
            if author == identity(self.fields.get("assignee_id")):
                return ASSISTANT
        raise Unreadable(UNKNOWN_AUTHOR)


def of_audit(audit: Found, ticket: Ticket, name: str) -> Iterator[Entry]:
    """Yield what the events of an audit may say; most say nothing.

    name: where the events stand in the audit.

    Raises:
        Unreadable: they are no list.
    """
    events, fields = audit.fields.get(name), audit.fields
    if not isinstance(events, list):
        raise Unreadable(f"`{name}` is not a list")
    around = {
        "author_id": fields.get("author_id") or fields.get("updater_id"),
        "created_at": fields.get("created_at") or fields.get("timestamp"),
        "via": fields.get("via"),
    }
    for n, event in enumerate(events):
        place = audit.place._replace(pointer=f"/{name}/{n}")
        if not isinstance(event, dict):
            yield Entry(place, event, ticket.comment)
            continue
        given = {key: value for key, value in event.items() if value is not None}
        kind = event.get("type") or event.get("event_type")
        number = identity(event.get("id"))
        lines = at(event, "value.history") if kind == "ChatStartedEvent" else None
        if kind in _SAID:
            yield Entry(place, {**around, **given, "type": kind}, ticket.comment, number)
        elif isinstance(lines, list):
            for m, line in enumerate(lines):
                where = place._replace(pointer=f"{place.pointer}/value/history/{m}")
                whole = {**around, **line} if isinstance(line, dict) else line
                key = f"{number} {m}" if number else None
                yield Entry(where, whole, ticket.chatted, key)
        else:
            yield Entry(place, event, _unsaid, f"{number} {kind}" if number else None)


def later(audits: Sequence[Found], ticket: Ticket) -> None:
    """Note which comments were made private or redacted after they were written."""
    for audit in audits:
        events = audit.fields.get("events") or audit.fields.get("child_events")
        for event in events if isinstance(events, list) else ():
            number = identity(event.get("comment_id")) if isinstance(event, dict) else None
            kind = event.get("type") if number else None
            if number and kind == "CommentPrivacyChange" and event.get("public") is not True:
                ticket.hidden.add(number)
            elif number and kind == "CommentRedactEvent":
                ticket.redacted.add(number)


def messages(entries: Sequence[Entry], ticket: Ticket) -> Iterator[Message]:
    """Yield the messages of each entry; of those with one key all but one are repeated."""
    kept: dict[str, int] = {}
    for n, entry in enumerate(entries):
        # The last copy knows most; but what was ever private or redacted stays so.
        if entry.key and (
            entry.key not in kept or _withheld(entries[kept[entry.key]]) <= _withheld(entry)
        ):
            kept[entry.key] = n
    for n, entry in enumerate(entries):
        if entry.key and kept[entry.key] != n:
            yield Message(entry.place, excluded=REPEATED)
            continue
        try:
            if not isinstance(entry.value, dict):
                raise Unreadable("message is not an object")
            yield from apart(entry.make(entry.value, entry.place), ticket.role_of_name)
        except Unreadable as refused:
            yield Message(entry.place, unreadable=str(refused))


def role_of(person: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the id and the role of a user, and what tells that they are called by their name."""
    user, role = identity(person.get("id")), ROLES.get(str(person.get("role")))
    if not user or not role:
        return
    yield user, role
    for name in {text_of(person.get(key)).strip() for key in ("name", "alias")} - {""}:
        yield _called(name, user if role == USER else ""), role


def _called(name: str, user: str = "") -> str:
    """Return what stands among ids for a name: of a customer, or without a user of any staff."""
    return f"{user}\n{name}"


def withheld(comment: object) -> int:
    """Return how much of a comment its copy withholds: all, a part, or nothing."""
    if not isinstance(comment, dict) or _flag(comment.get("public", True)) is not True:
        return 2
    return int(any(BLACKED in text_of(comment.get(name)) for name in _BODIES))


def _withheld(entry: Entry) -> int:
    return withheld(entry.value)


def _unsaid(event: Mapping[str, Any], place: Place) -> Message:
    told = "Notification" in text_of(event.get("type")) and bool(event.get("body"))
    return Message(place, excluded=AUTOMATION if told else EVENT)


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else _FLAGS.get(str(value).strip().lower())


def _embedded(ticket: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield id and role of the people whose records stand inside a ticket."""
    for key in _PEOPLE:
        value = ticket.get(key)
        for person in value if isinstance(value, list) else [value]:
            if isinstance(person, dict):
                yield from role_of(person)


def _body(comment: Mapping[str, Any]) -> tuple[str, str]:
    """Return the best body of a comment and its name; it may be blank."""
    bodies = [(key, comment.get(key)) for key in _BODIES]
    texts = [(key, body) for key, body in bodies if isinstance(body, str)]
    if not texts:
        raise Unreadable("comment has no body")
    key, body = next(((key, body) for key, body in texts if body.strip()), texts[0])
    return key, body if key == "html_body" else body.replace("\r\n", "\n").replace("\r", "\n")
