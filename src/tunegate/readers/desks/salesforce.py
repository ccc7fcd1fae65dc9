"""Read Salesforce cases with their mails, comments, feed and chats: the data export, or the API.

A mail says its direction (`Incoming`) and state (`Status`), a comment whether customers see it
(`IsPublished`), a post who sees it (`Visibility`). What says neither is not kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from tunegate.readers.desks.cells import Seen, bounces, filled, held
from tunegate.readers.desks.repeats import once
from tunegate.readers.desks.salesforce_chats import chat
from tunegate.readers.desks.salesforce_messages import (
    Case,
    addresses_of,
    comment,
    is_draft,
    mail,
    post,
    reply,
)
from tunegate.readers.desks.salesforce_tables import ABOUT, TABLES, id_of, is_case, persons, refuses
from tunegate.readers.export import Desk, ExportReader, Found, Left, Made, Talk, each
from tunegate.readers.fields import text_of, truth
from tunegate.readers.merge import (
    CUT_SHORT,
    DELETED,
    NO_TICKET,
    REPEATED,
    TICKET_UNKNOWN,
    UNKNOWN_VISIBILITY,
    Message,
    Place,
)
from tunegate.readers.people import ASSISTANT, USER
from tunegate.readers.shape import Head
from tunegate.readers.times import moment

_Make = Callable[[dict[str, Any], Place, Case], Message]
_MESSAGES: dict[str, _Make] = {
    "EmailMessage": mail,
    "CaseComment": comment,
    "FeedItem": post,
    "FeedComment": reply,
}
# How the API names what a query for cases selects of each.
_INSIDE: dict[str, _Make] = {
    "EmailMessages": mail,
    "CaseComments": comment,
    "Feeds": post,
}
_FORMS = frozenset({"web", "email"})  # `Origin` of cases that customers open themselves


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Made]:
    cases = [one for one in found if one.table == "Case"]
    if not cases and not any(_belongs(one) for one in found):
        yield from (Left(NO_TICKET) for _ in found)
        return
    case = _case(cases, found, desk)
    messages: list[Message] = []
    for n, one in enumerate(cases):
        messages += each(
            [one] if filled(one.fields.get("Description")) else [],
            partial(_opening, case=case, again=n > 0),
        )
    notes: list[str] = []
    for one in found:
        if one.table in _MESSAGES:
            messages += each([one], partial(_message, case=case))
        elif one.table == "LiveChatTranscript":
            messages += chat(one, case)
        elif one.table == "Case":
            for name, make in _INSIDE.items():
                items, pointer, whole = _listing(one, name)
                messages += held(items, one.place, pointer, _with(make, case))
                notes += () if whole else (CUT_SHORT,)
    if not cases and any(_names_case(one) for one in found):
        notes.append(TICKET_UNKNOWN)
    yield Talk(_head(cases, found), once(messages), notes)


def _belongs(one: Found) -> bool:
    """Tell whether a record names a case, or is a talk of its own."""
    return one.table == "LiveChatTranscript" or _names_case(one)


def _names_case(one: Found) -> bool:
    return any(is_case(one.fields.get(name)) for name in ("ParentId", "RelatedToId", "CaseId"))


def _case(cases: Sequence[Found], found: Sequence[Found], desk: Desk) -> Case:
    fields = cases[0].fields if cases else {}
    inside = (item for one in cases for item in _items(one, "EmailMessages"))
    mails = [*(one.fields for one in found if one.table == "EmailMessage"), *inside]
    mails.sort(key=lambda m: moment(m.get("MessageDate")) or moment(m.get("CreatedDate")) or 0)
    incoming = [m for m in mails if truth(m.get("Incoming")) is True]
    customers = _customers(fields, mails, desk)
    return Case(
        desk,
        Seen(),
        requester=customers[0] if customers else None,
        customers=frozenset(customers),
        owner=id_of(fields.get("OwnerId")),
        first=next((text_of(mail.get("TextBody")) for mail in incoming), None),
        posts={
            identifier: one.fields
            for one in found
            if one.table == "FeedItem" and (identifier := id_of(one.fields.get("Id")))
        },
        deleted=any(
            truth(one.fields.get("IsDeleted")) or id_of(one.fields.get("MasterRecordId"))
            for one in cases
        ),
    )


def _customers(fields: Mapping[str, Any], mails: Sequence[Any], desk: Desk) -> list[str]:
    """Return the addresses of the customer: of the case, or who wrote or was written to first."""
    given = [fields.get(name) for name in ("SuppliedEmail", "ContactEmail")]
    addresses = [word.casefold() for one in given if (word := filled(one))]
    if addresses := [one for one in addresses if not _is_staff(one, desk)]:
        return addresses
    for one in mails:
        if truth(one.get("Incoming")) is not True:
            found = [] if is_draft(one) else sorted(addresses_of(one, "To"))
        else:
            sender = (filled(one.get("FromAddress")) or "").casefold()
            found = [] if not sender or bounces(sender) or _is_staff(sender, desk) else [sender]
        if found:
            return found
    return []


def _is_staff(address: str, desk: Desk) -> bool:
    return bool(desk.options.agents) and desk.people.role(address) == ASSISTANT


def _items(one: Found, name: str) -> list[dict[str, Any]]:
    items = _listing(one, name)[0]
    return [i for i in items if isinstance(i, dict)] if isinstance(items, list) else []


def _listing(one: Found, name: str) -> tuple[object, str, bool]:
    """Return a list inside of a case, its place, and whether it is whole."""
    page = one.fields.get(name)
    if isinstance(page, dict):
        return page.get("records"), f"/{name}/records", page.get("done") is not False
    return page, f"/{name}", True


def _with(make: _Make, case: Case) -> Callable[[dict[str, Any], Place], Message]:
    return lambda fields, place: make(fields, place, case)


def _message(one: Found, case: Case) -> Message:
    return _MESSAGES[one.table](one.fields, one.place, case)


def _opening(one: Found, case: Case, *, again: bool) -> Message:
    """Return the description as the first message, unless it repeats the first mail."""
    fields = one.fields
    text = text_of(fields.get("Description"))
    message = Message(
        one.place._replace(pointer="/Description"),
        at=case.desk.time(fields.get("CreatedDate")),
        note=CUT_SHORT if len(text) == Case.LIMIT else None,
    )
    if again:
        return message._replace(excluded=REPEATED)
    if case.deleted:
        return message._replace(excluded=DELETED)
    origin = text_of(fields.get("Origin")).strip().casefold()
    if case.first is not None and (origin == "email" or _same(text, case.first)):
        return message._replace(excluded=REPEATED)
    supplied = filled(fields.get("SuppliedEmail")) or filled(fields.get("SuppliedName"))
    by_customer = case.desk.people.role(id_of(fields.get("CreatedById"))) == USER
    if not (supplied or by_customer or origin in _FORMS):
        # Whoever took the call may have written it for colleagues.
        return message._replace(excluded=UNKNOWN_VISIBILITY)
    return message._replace(role=USER, author=case.requester, text=text, mail=origin == "email")


def _same(one: str, other: str) -> bool:
    """Tell whether one text is the other or its beginning; a description may be cut."""
    short, long = sorted((" ".join(one.split()), " ".join(other.split())), key=len)
    return bool(short) and long.startswith(short)


def _head(cases: Sequence[Found], found: Sequence[Found]) -> Head:
    fields: Mapping[str, Any] = cases[0].fields if cases else {}
    named = ("ParentId", "RelatedToId", "CaseId", "Id")
    orphan = next(filter(None, (id_of(found[0].fields.get(name)) for name in named)), None)
    return Head(
        (cases or found)[0].row,
        id=filled(fields.get("CaseNumber")) or orphan,
        group=id_of(fields.get("ContactId"))
        or filled(fields.get("SuppliedEmail"))
        or id_of(fields.get("AccountId")),
        created_at=moment(fields.get("CreatedDate")),
        subject=filled(fields.get("Subject")),
    )


READER = ExportReader(
    name="salesforce",
    about=ABOUT,
    tables=TABLES,
    make=_make,
    persons=persons,
    refuses=refuses,
)
