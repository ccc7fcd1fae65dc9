"""Make messages of the mails, comments and posts of a Salesforce case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tunegate.readers.desks.cells import Seen, bounces, filled
from tunegate.readers.desks.salesforce_tables import id_of
from tunegate.readers.export import Desk
from tunegate.readers.fields import identity, text_of, truth
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    AUTOMATION,
    CUT_SHORT,
    DELETED,
    ELSEWHERE,
    EVENT,
    INTERNAL,
    MODEL_WRITTEN,
    NOT_SENT,
    THIRD_PERSON,
    UNKNOWN_VISIBILITY,
    Message,
    Place,
)
from tunegate.readers.people import ASSISTANT, BOT, USER

_UNKNOWN = "author is in no users table; add `User` to the export"
_DRAFT = frozenset({"5", "draft"})
_SENT = frozenset({"2", "3", "replied", "sent"})  # `Status` of mails that went out
_POSTS = frozenset(
    {"AdvancedTextPost", "ContentPost", "LinkPost", "QuestionPost", "TextPost"}
)  # `Type` of posts that people wrote
_HTML_LIMIT = 131_072  # characters of `HtmlBody` in the newer API
_AUTOMATIC = re.compile(
    r"^(?:Auto-Submitted:[ \t]*(?!no\b)\w|X-Autoreply:|X-Autorespond:"
    r"|Precedence:[ \t]*(?:auto_reply|bulk|junk))",
    re.IGNORECASE | re.MULTILINE,
)
# Only from where a word begins: from each place within one it would be quadratic.
_ADDRESS = re.compile(r"(?<![^\s<>;,\"'])[^\s<>;,\"'@]++@[^\s<>;,\"']+")


@dataclass(frozen=True)
class Case:
    """What the messages of a case share.

    requester, customers: addresses of whom the case is with. owner: id of a user or a queue. first:
    text of the first mail that came in, None without one. posts: of the feed by id. deleted: so is
    all of it.
    """

    LIMIT: ClassVar[int] = 32_000  # characters; longer texts are cut by Salesforce

    desk: Desk
    seen: Seen
    requester: str | None = None
    customers: frozenset[str] = frozenset()
    owner: str | None = None
    first: str | None = None
    posts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    deleted: bool = False


def mail(fields: dict[str, Any], place: Place, case: Case) -> Message:
    """Return a message for an `EmailMessage`.

    Raises:
        Unreadable: it does not say its direction, or its time is not understood.
    """
    sender = filled(fields.get("FromAddress"))
    sent = fields.get("MessageDate") or fields.get("CreatedDate")
    message = Message(place, at=case.desk.time(sent), author=sender, key=id_of(fields.get("Id")))
    if reason := _gone(fields, case):
        return message._replace(excluded=reason)
    if is_draft(fields):
        return message._replace(excluded=NOT_SENT)
    incoming = truth(fields.get("Incoming"))
    if incoming is None:
        raise Unreadable("mail does not say its direction (`Incoming`)")
    text, html, cut = _body(fields)
    message = message._replace(text=text, html=html, mail=True, note=CUT_SHORT if cut else None)
    if incoming:
        return _incoming(message, fields, case)
    if _status(fields) not in _SENT:
        return message._replace(excluded=UNKNOWN_VISIBILITY)
    if not _reaches(fields, case):
        return message._replace(excluded=ELSEWHERE)
    by = fields.get("AutomationType")
    if by == "AiAutomated" or case.desk.people.role(id_of(fields.get("CreatedById"))) == BOT:
        return message._replace(role=BOT)
    return message._replace(
        role=ASSISTANT, note=MODEL_WRITTEN if by == "AiAssisted" else message.note
    )


def comment(fields: dict[str, Any], place: Place, case: Case) -> Message:
    """Return a message for a `CaseComment`.

    Raises:
        Unreadable: nobody knows its author, or its time is not understood.
    """
    author = id_of(fields.get("CreatedById"))
    at, key = case.desk.time(fields.get("CreatedDate")), id_of(fields.get("Id"))
    message = Message(place, at=at, author=author, key=key)
    published = truth(fields.get("IsPublished"))
    reason = _gone(fields, case)
    if reason is None and published is not True:
        reason = INTERNAL if published is False else UNKNOWN_VISIBILITY
    if reason:
        return message._replace(excluded=reason)
    return message._replace(role=_role(author, case), text=text_of(fields.get("CommentBody")))


def post(fields: dict[str, Any], place: Place, case: Case) -> Message:
    """Return a message for a `FeedItem`.

    Raises:
        Unreadable: nobody knows its author, or its time is not understood.
    """
    author = id_of(fields.get("InsertedById")) or id_of(fields.get("CreatedById"))
    at, key = case.desk.time(fields.get("CreatedDate")), id_of(fields.get("Id"))
    message = Message(place, at=at, author=author, key=key)
    reason = _gone(fields, case) or _hidden(fields)
    if reason:
        return message._replace(excluded=reason)
    html = truth(fields.get("IsRichText")) is True
    return message._replace(role=_role(author, case), text=text_of(fields.get("Body")), html=html)


def reply(fields: dict[str, Any], place: Place, case: Case) -> Message:
    """Return a message for a `FeedComment`, which whoever sees its post sees.

    Raises:
        Unreadable: nobody knows its author, or its time is not understood.
    """
    author = id_of(fields.get("InsertedById")) or id_of(fields.get("CreatedById"))
    at, key = case.desk.time(fields.get("CreatedDate")), id_of(fields.get("Id"))
    message = Message(place, at=at, author=author, key=key)
    above = case.posts.get(id_of(fields.get("FeedItemId")) or "", {})
    reason = _gone(fields, case) or _hidden(above)
    if reason:
        return message._replace(excluded=reason)
    html = truth(fields.get("IsRichText")) is True
    text = text_of(fields.get("CommentBody"))
    return message._replace(role=_role(author, case), text=text, html=html)


def _gone(fields: Mapping[str, Any], case: Case) -> str | None:
    return DELETED if case.deleted or truth(fields.get("IsDeleted")) else None


def _hidden(fields: Mapping[str, Any]) -> str | None:
    """Return why a post is left out, None if people wrote it where customers see it."""
    if fields and text_of(fields.get("Type")) not in _POSTS:
        return EVENT
    seen_by = fields.get("Visibility")
    if seen_by == "InternalUsers":
        return INTERNAL
    return None if seen_by == "AllUsers" else UNKNOWN_VISIBILITY


def _incoming(message: Message, fields: Mapping[str, Any], case: Case) -> Message:
    sender = (message.author or "").casefold()
    if bounces(message.author) or _AUTOMATIC.search(text_of(fields.get("Headers"))):
        return message._replace(excluded=AUTOMATION)
    if case.desk.options.agents and case.desk.people.role(message.author) == ASSISTANT:
        if not _reaches(fields, case):
            return message._replace(excluded=ELSEWHERE)
        return message._replace(role=ASSISTANT)
    third = sender and case.customers and sender not in case.customers
    if third and _everybody(fields).isdisjoint(case.customers):
        return message._replace(excluded=ELSEWHERE)  # a supplier who answers what staff asked
    return message._replace(role=USER, note=message.note or (THIRD_PERSON if third else None))


def _reaches(fields: Mapping[str, Any], case: Case) -> bool:
    """Tell whether a mail went to the customer, as far as the addresses say."""
    to = _everybody(fields)
    return not to or not case.customers or not to.isdisjoint(case.customers)


def addresses_of(fields: Mapping[str, Any], *kinds: str) -> set[str]:
    """Return the addresses that a mail went to; kinds: of `To`, `Cc` and `Bcc`."""
    named = " ".join(text_of(fields.get(f"{kind}Address")) for kind in kinds)
    return {address.casefold() for address in _ADDRESS.findall(named)}


def _everybody(fields: Mapping[str, Any]) -> set[str]:
    return addresses_of(fields, "To", "Cc", "Bcc")


def is_draft(fields: Mapping[str, Any]) -> bool:
    """Tell whether a mail was never sent."""
    return _status(fields) in _DRAFT or truth(fields.get("IsPrivateDraft")) is True


def _status(fields: Mapping[str, Any]) -> str:
    return (identity(fields.get("Status")) or "").strip().casefold()


def _body(fields: Mapping[str, Any]) -> tuple[str, bool, bool]:
    """Return the text of a mail, whether it is HTML, and whether Salesforce cut it."""
    html, plain = text_of(fields.get("HtmlBody")), text_of(fields.get("TextBody"))
    html_is_cut = len(html) in (Case.LIMIT, _HTML_LIMIT)
    plain_is_cut = len(plain) == Case.LIMIT
    if html.strip() and not (html_is_cut and plain.strip() and not plain_is_cut):
        return html, True, html_is_cut
    return plain, False, plain_is_cut


def _role(author: str | None, case: Case) -> str:
    role = case.desk.people.role(author)
    if role is None and author and author == case.owner:
        return ASSISTANT
    if role is None:
        raise Unreadable(_UNKNOWN)
    return role
