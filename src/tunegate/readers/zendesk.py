"""Read Zendesk tickets with their comments: an export document, JSON Lines, or an array.

What a comment is made of is kept only by permission: it must say that it is public, and who wrote
it must be known. Everything else is left out under its reason, or is unreadable; none is guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from tunegate.model import UNREADABLE, Plan, Reader, Reading, ReadOptions, Source, Split, frame
from tunegate.readers import elements, html, lines
from tunegate.readers import record as records
from tunegate.readers.fields import word, word_at
from tunegate.readers.glimpse import LISTS, Glimpse, glimpse
from tunegate.readers.merge import (
    AUTOMATION,
    EMPTY,
    INTERNAL,
    UNKNOWN_VISIBILITY,
    Message,
    Place,
    Tickets,
)
from tunegate.readers.record import Unreadable
from tunegate.readers.shape import Head, place
from tunegate.readers.sources import blocks, head
from tunegate.readers.times import moment

_ROLES = {"end-user": "user", "agent": "assistant", "admin": "assistant"}
_SYSTEM = "-1"  # Zendesk's own author id
_AUTOMATIC = ("system", "rule")  # via.channel of what nobody wrote
_PEOPLE = ("requester", "assignee", "submitter", "collaborators", "users")
_FIELD_NAMES = ("id", "name", "title")
_WHOLE = 1 << 53  # floats from here on skip numbers
_NOT_ZENDESK = ("messages", "responder_id", "conversations")


@dataclass(frozen=True)
class Context:
    """What every split needs: the options, and who is customer or staff (id → role)."""

    options: ReadOptions
    users: Mapping[str, str]


class ZendeskReader:
    """Reads tickets; a comment is a record."""

    name = "zendesk"
    scattered = False

    def recognises(self, head: bytes, name: str) -> bool:
        """Tell whether the head holds tickets with comments, or the users that go with them."""
        seen = glimpse(head)
        if seen.kind in ("lines", "array"):
            return _are_tickets(seen) or _are_users(seen)
        return seen.kind == "document"

    def plan(self, sources: Sequence[Source], options: ReadOptions) -> Plan:
        """Cut the inputs between tickets and read the users."""
        users: dict[str, str] = {}
        cuts = [_cut(source, file, users) for file, source in enumerate(sources)]
        cut = lines.Cut.joined(cuts)
        context = Context(options, users)
        return Plan(
            self.name, tuple(sources), cut.splits, context, cut.faults, truncated=cut.truncated
        )

    def read(self, split: Split, plan: Plan) -> Iterator[pl.DataFrame]:
        """Yield the tickets of a split."""
        read = elements.fragments if split.spans else lines.fragments
        return read(plan.sources[split.file], split, plan.context.options.batch_rows)

    def assemble(self, fragments: pl.DataFrame, plan: Plan) -> Reading:
        """Make a conversation of each ticket."""
        tickets = Tickets(plan.context.options.subject)
        columns = ("row", "line", "length", "record", "fault")
        for row, line, length, raw, fault in fragments.select(columns).iter_rows():
            file, offset = place(row)
            where = Place(file, line, offset, length)
            try:
                if raw is None:
                    raise Unreadable(fault)
                ticket = _Ticket(raw, plan.context)
            except Unreadable as refused:
                tickets.refuse(where, str(refused))
                continue
            tickets.add(ticket.head(row), list(ticket.messages(where)))
        return tickets.reading()


READER: Reader = ZendeskReader()


class _Ticket:
    """One ticket, parsed."""

    def __init__(self, raw: bytes, context: Context) -> None:
        self._raw = raw
        self._fields = records.parse(raw)
        self._context = context
        comments = self._fields.get("comments")
        if word_at(self._fields, "id", raw) is None:
            raise Unreadable("ticket has no `id`")
        if not isinstance(comments, list):
            raise Unreadable("ticket has no `comments`; export tickets with comments included")
        self._comments: list[object] = comments
        self._embedded = dict(_embedded(self._fields))

    def head(self, row: int) -> Head:
        """Return what is known of the ticket beside its comments."""
        fields = self._fields
        subject = fields.get("subject")
        tags = fields.get("tags")
        return Head(
            row,
            id=word_at(fields, "id", self._raw),
            group=self._group(),
            created_at=moment(fields.get("created_at")),
            subject=subject if isinstance(subject, str) and subject.strip() else None,
            tags=[tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
        )

    def messages(self, where: Place) -> Iterator[Message]:
        """Yield the comments in the order of the source."""
        for n, comment in enumerate(self._comments):
            at = where._replace(pointer=f"/comments/{n}")
            try:
                yield self._message(comment, at)
            except Unreadable as refused:
                when = comment.get("created_at") if isinstance(comment, dict) else None
                yield Message(at, moment(when), unreadable=str(refused))

    def _message(self, comment: object, where: Place) -> Message:
        if not isinstance(comment, dict):
            raise Unreadable("comment is not an object")
        message = Message(
            where, at=moment(comment.get("created_at")), author=_id(comment.get("author_id"))
        )
        if comment.get("public") is not True:
            private = comment.get("public") is False
            return message._replace(excluded=INTERNAL if private else UNKNOWN_VISIBILITY)
        if _is_automatic(comment, message.author):
            return message._replace(excluded=AUTOMATION)
        role = self._role(message.author)
        text = _text(comment)
        if not text:
            return message._replace(excluded=EMPTY)
        return message._replace(role=role, text=text)

    def _role(self, author: str | None) -> str:
        if author is not None:
            if author == _id(self._fields.get("requester_id")):
                return "user"
            role = self._context.users.get(author) or self._embedded.get(author)
            if role:
                return role
            if author == _id(self._fields.get("assignee_id")):
                return "assistant"
            if author in self._context.options.agents:
                return "assistant"
        raise Unreadable("author is in no users table")

    def _group(self) -> str | None:
        name = self._context.options.group
        if name is None:
            return _id(self._fields.get("requester_id"))
        custom = self._fields.get("custom_fields")
        for field in custom if isinstance(custom, list) else ():
            if isinstance(field, dict) and name in [_id(field.get(key)) for key in _FIELD_NAMES]:
                return _id(field.get("value"))
        return word_at(self._fields, name, self._raw)


def _id(value: object) -> str | None:
    # Data frames write whole numbers as floats once one of them is missing.
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _WHOLE
        return str(int(value)) if whole else repr(value)
    return word(value)


def _embedded(ticket: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield id and role of the people whose records stand inside a ticket."""
    for key in _PEOPLE:
        value = ticket.get(key)
        for person in value if isinstance(value, list) else [value]:
            if isinstance(person, dict):
                yield from _role_of(person)


def _role_of(person: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    user, role = _id(person.get("id")), _ROLES.get(str(person.get("role")))
    if user and role:
        yield user, role


def _is_automatic(comment: Mapping[str, Any], author: str | None) -> bool:
    if author is not None:
        return author == _SYSTEM
    via = comment.get("via")
    return isinstance(via, dict) and via.get("channel") in _AUTOMATIC


def _text(comment: Mapping[str, Any]) -> str:
    """Return what a comment says as plain text, `""` if that is nothing."""
    bodies = [(key, comment.get(key)) for key in ("html_body", "plain_body", "body")]
    texts = [(key, body) for key, body in bodies if isinstance(body, str)]
    if not texts:
        raise Unreadable("comment has no body")
    key, body = next(((key, body) for key, body in texts if body.strip()), texts[0])
    if key == "html_body" or (key == "body" and html.is_html(body)):
        return html.to_text(body)
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()


def _are_tickets(seen: Glimpse) -> bool:
    return not seen.any_key("messages") and (
        seen.any_key("comments")
        or (seen.any_key("requester_id") and not seen.any_key(*_NOT_ZENDESK))
    )


def _are_users(seen: Glimpse) -> bool:
    return bool(seen.objects) and all(
        "id" in user and str(user.get("role")) in _ROLES for user in seen.objects
    )


def _cut(source: Source, file: int, users: dict[str, str]) -> lines.Cut:
    """Cut one input between its tickets; put the people it knows into `users`."""
    seen = glimpse(head(source))
    if seen.kind in ("document", "array"):
        found = elements.scan(blocks(source), LISTS)
        key = "tickets" if seen.kind == "document" else None
        cut = elements.cut(source, file, found, key)
        listed = elements.cut(source, file, found, "users").splits if key else ()
    else:
        cut = lines.cut(source, file)
        if not _are_users(seen) or _are_tickets(seen):
            return cut
        listed = cut.splits
        cut = cut._replace(splits=())
    faults = [fault for split in listed for fault in _read_users(source, split, users)]
    return cut._replace(faults=pl.concat([cut.faults, frame(faults, UNREADABLE)]))


def _read_users(
    source: Source, split: Split, users: dict[str, str]
) -> Iterator[tuple[int, int | None, int, int, None, str, None]]:
    read = elements.fragments if split.spans else lines.fragments
    for fragments in read(source, split, ReadOptions().batch_rows):
        columns = ("row", "line", "length", "record", "fault")
        for row, line, length, raw, fault in fragments.select(columns).iter_rows():
            try:
                if raw is None:
                    raise Unreadable(fault)
                users.update(_role_of(records.parse(raw)))
            except Unreadable as refused:
                file, offset = place(row)
                yield file, line, offset, length, None, f"user: {refused}", None
