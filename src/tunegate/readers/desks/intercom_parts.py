"""Make messages of the opening and the parts of an Intercom conversation."""

from collections.abc import Iterator, Mapping
from typing import Any

from tunegate.readers.bodies.html import is_html
from tunegate.readers.export import Desk
from tunegate.readers.fields import at, identity, objects, text_of, truth, word_at, words
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    AUTOMATION,
    CUT_SHORT,
    DELETED,
    EVENT,
    INTERNAL,
    REDACTED,
    REPEATED,
    THIRD_PERSON,
    UNKNOWN_VISIBILITY,
    Message,
    Place,
)
from tunegate.readers.people import ASSISTANT, BOT, USER

_ROLES = {
    "user": USER,
    "lead": USER,
    "contact": USER,
    "visitor": USER,
    "admin": ASSISTANT,
    "team": ASSISTANT,
    "bot": BOT,
}
# A conversation may be closed or opened with a reply; the customer sees what it says.
_SAID = ("comment", "quick_reply", "open", "close")
_CHANGES = ("open", "close")
_CAMPAIGNS = ("automated", "campaigns_initiated")
_BY_A_BOT = "operator_initiated"
_OBSCURED = "twitter"  # a sentence of Intercom's stands in the place of each text
_HIDDEN = ("Back-office", "Tracker")  # categories of tickets for staff alone
_OPENINGS = ("source", "conversation_message")


class Conversation:
    """What is known of a conversation or a ticket, while its messages are made."""

    def __init__(self, fields: Mapping[str, Any], desk: Desk, contact: str | None) -> None:
        self._fields = fields
        self._desk = desk
        self._customer = _customer(fields) or contact
        self._source: Mapping[str, Any] = next(
            (fields[name] for name in _OPENINGS if isinstance(fields.get(name), dict)), {}
        )
        self._is_ticket = "ticket_parts" in fields

    def group(self, raw: bytes) -> str | None:
        """Return who must not be on both sides of a split."""
        name = self._desk.options.group
        return self._customer if name is None else word_at(self._fields, name, raw)

    def opening(self, place: Place) -> Iterator[Message]:
        """Yield the message that stands outside of the parts."""
        seen = False
        for name in _OPENINGS:
            source = self._fields.get(name)
            if not isinstance(source, dict):
                continue
            where = place._replace(pointer=f"/{name}")
            if seen:
                yield Message(where, excluded=REPEATED)
                continue
            seen = True
            try:
                yield self._opening(source, where)
            except Unreadable as refused:
                yield Message(where, unreadable=str(refused))
        if text_of(at(self._fields, "ticket_attributes._default_description_")).strip():
            where = place._replace(pointer="/ticket_attributes/_default_description_")
            hidden = self._hidden()
            reason = None if hidden else "ticket does not say who wrote its description"
            yield Message(where, excluded=hidden, unreadable=reason)

    def part(self, fields: Mapping[str, Any], place: Place) -> Message:
        """Return what a part says, if its type says that the customer saw it.

        Raises:
            Unreadable: its author or its time is not understood.
        """
        message = self._message(fields, place)
        kind, has_text = text_of(fields.get("part_type")), bool(text_of(fields.get("body")).strip())
        if kind.startswith("note"):
            return message._replace(excluded=INTERNAL)
        if kind not in _SAID:
            # An assignment may carry a reply or a note, and does not say which.
            return message._replace(excluded=UNKNOWN_VISIBILITY if has_text else EVENT)
        if kind in _CHANGES and not has_text:
            return message._replace(excluded=EVENT)
        if hidden := self._hidden():
            return message._replace(excluded=hidden)
        return self._said(message, fields, self._role(fields))

    def _opening(self, fields: Mapping[str, Any], place: Place) -> Message:
        created = {"created_at": fields.get("created_at") or self._fields.get("created_at")}
        message = self._message({**fields, **created}, place)
        role = self._role(fields)
        delivered = fields.get("delivered_as")
        if role != USER and delivered in _CAMPAIGNS:
            return message._replace(excluded=AUTOMATION)
        if role != USER and delivered == _BY_A_BOT:
            role = BOT
        return self._said(message, fields, role)

    def _message(self, fields: Mapping[str, Any], place: Place) -> Message:
        return Message(
            place,
            at=self._desk.time(fields.get("created_at")),
            author=identity(at(fields, "author.id")),
            attachments=tuple(words(fields.get("attachments"), "name")),
        )

    def _said(self, message: Message, fields: Mapping[str, Any], role: str) -> Message:
        text = text_of(fields.get("body"))
        if self._source.get("type") == _OBSCURED:
            return message._replace(excluded=REDACTED)
        if truth(fields.get("redacted")):
            # Intercom puts a sentence of its own in the place of what was said.
            return message._replace(excluded=DELETED, note=CUT_SHORT)
        note = THIRD_PERSON if role == USER and self._is_third(message.author) else None
        return message._replace(
            role=role,
            text=text,
            html=is_html(text) or text.lstrip().startswith("<"),
            mail=bool(fields.get("email_message_metadata")) or self._source.get("type") == "email",
            note=note,
        )

    def _hidden(self) -> str | None:
        """Return why customers see nothing of a ticket, None where they do see it."""
        if not self._is_ticket:
            return None
        category = self._fields.get("category") or at(self._fields, "ticket_type.category")
        shared = self._fields.get("is_shared")
        if category in _HIDDEN or shared is False:
            return INTERNAL
        return None if category == "Customer" or shared is True else UNKNOWN_VISIBILITY

    def _role(self, fields: Mapping[str, Any]) -> str:
        author = fields.get("author")
        known = author if isinstance(author, dict) else {}
        number, address = identity(known.get("id")), text_of(known.get("email"))
        if _is_ai(fields) or _is_ai(known) or _is_operator(address):
            return BOT
        role = _ROLES.get(text_of(known.get("type")))
        if role is None:
            return self._desk.role(number, address)
        declared = role == USER and self._desk.people.role(number, address) == ASSISTANT
        return ASSISTANT if declared else role

    def _is_third(self, author: str | None) -> bool:
        return None not in (author, self._customer) and author != self._customer


def _customer(fields: Mapping[str, Any]) -> str | None:
    """Return the id of the customer whose conversation it is."""
    for name in _OPENINGS:
        author = at(fields, f"{name}.author")
        if isinstance(author, dict) and _ROLES.get(text_of(author.get("type"))) == USER:
            return identity(author.get("id"))
    contacts = objects(at(fields, "contacts.contacts")) or objects(fields.get("contacts"))
    first = contacts[0] if contacts else fields.get("user") or fields.get("customer")
    return identity(first.get("id")) if isinstance(first, dict) else None


def _is_ai(fields: Mapping[str, Any]) -> bool:
    return fields.get("from_ai_agent") is True or fields.get("is_ai_answer") is True


def _is_operator(address: str) -> bool:
    # Intercom's bot writes as an admin with an address of its own.
    return address.startswith("operator+") and address.endswith("@intercom.io")
