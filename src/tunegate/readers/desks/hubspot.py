"""Read HubSpot: threads of its conversations inbox, and tickets of its CRM with their e-mails.

A message of a thread says what it is (`type`) and which way it went (`direction`); an e-mail of
the CRM says its direction. What is one of neither is not kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl

from tunegate.errors import InputError
from tunegate.model import UNREADABLE, Plan, ReadOptions, Source, frame
from tunegate.readers.desks.hubspot_records import make_of_ticket
from tunegate.readers.desks.hubspot_tables import (
    ABOUT,
    CONTACTS,
    CONTACTS_BESIDE,
    LINKED,
    LINKS,
    MESSAGES,
    TABLES,
    THREADS,
    TICKETS_BESIDE,
    persons,
    refuses,
)
from tunegate.readers.desks.links import Links
from tunegate.readers.desks.repeats import left, once
from tunegate.readers.export import Desk, ExportReader, Found, Left, Made, Talk, each
from tunegate.readers.fields import at, identity, objects, text_of, truth
from tunegate.readers.json import record as records
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    AUTOMATION,
    CUT_SHORT,
    DELETED,
    EMPTY,
    EVENT,
    INTERNAL,
    NOT_SENT,
    THIRD_PERSON,
    TICKET_UNKNOWN,
    UNKNOWN_VISIBILITY,
    Message,
)
from tunegate.readers.people import ASSISTANT, BOT, USER
from tunegate.readers.shape import Head
from tunegate.readers.streams import Around, cut, fragments, located, streams_of
from tunegate.readers.times import moment

_UNSAID = {"COMMENT": INTERNAL, "WELCOME_MESSAGE": AUTOMATION}
_EVENTS = ("ASSIGNMENT", "THREAD_STATUS_CHANGE", "THREAD_INBOX_CHANGE")
_WENT = (None, "SENT", "RECEIVED", "READ", "DELIVERED")
_AGENT, _VISITOR, _SYSTEM, _MACHINES = "A", "V", "S", ("B", "L")
_BY_DIRECTION = {"INCOMING": USER, "OUTGOING": ASSISTANT}
_ROWS_AT_ONCE = 4096
_MAIL_CHANNEL, _MAIL_ADDRESS = "1002", "HS_EMAIL_ADDRESS"


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Made]:
    if any(one.table in (MESSAGES, THREADS) for one in found):
        yield from _thread(found, desk)
    else:
        yield from make_of_ticket(found, desk)


def _thread(found: Sequence[Found], desk: Desk) -> Iterator[Made]:
    threads = [one.fields for one in found if one.table == THREADS]
    thread = threads[0] if threads else {}
    told = [one for one in found if one.table == MESSAGES]
    if not told:
        yield from (Left(EMPTY) for _ in found)
        return
    contact = identity(thread.get("associatedContactId")) or _only_visitor(told)
    head = Head(
        found[0].row,
        id=identity(thread.get("id")) or identity(found[0].fields.get("conversationsThreadId")),
        group=contact,
        created_at=moment(thread.get("createdAt")),
        subject=next(
            (s for one in told if (s := text_of(one.fields.get("subject")).strip())), None
        ),
    )
    messages = once(list(each(told, partial(_message, desk=desk, contact=contact))))
    # A thread says no time of its last change, so that what any copy says counts.
    if any(truth(one.get("spam")) or truth(one.get("archived")) for one in threads):
        messages = [left(message, DELETED) for message in messages]
    yield Talk(head, messages, () if threads else (TICKET_UNKNOWN,))


def _sender(fields: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the kind of who sent a message, their id in it, and their address."""
    sender = next(iter(objects(fields.get("senders"))), {})
    kind, _, identifier = text_of(sender.get("actorId")).partition("-")
    identifiers = [sender.get("deliveryIdentifier"), *objects(sender.get("deliveryIdentifiers"))]
    address = next((text_of(one.get("value")) for one in identifiers if isinstance(one, dict)), "")
    return kind, identifier, address


def _only_visitor(told: Sequence[Found]) -> str | None:
    visitors = {one[1] for found in told if (one := _sender(found.fields))[0] == _VISITOR}
    return next(iter(visitors)) if len(visitors) == 1 else None


def _message(found: Found, *, desk: Desk, contact: str | None) -> Message:
    fields = found.fields
    kind, identifier, address = _sender(fields)
    files = [one for one in objects(fields.get("attachments")) if one.get("type") == "FILE"]
    actor = f"{kind}-{identifier}" if identifier else None
    message = Message(
        found.place,
        at=desk.time(fields.get("createdAt")),
        author=actor or address or None,
        attachments=tuple(name for one in files if (name := text_of(one.get("name")))),
        mail=fields.get("channelId") == _MAIL_CHANNEL or _is_by_mail(fields),
        key=identity(fields.get("id")),
    )
    if (reason := _unkept(fields, kind)) is not None:
        return message._replace(excluded=reason)
    role = desk.people.role(actor, address) or _role(kind, text_of(fields.get("direction")))
    is_other = role == USER and kind == _VISITOR and identifier != contact
    is_cut = fields.get("truncationStatus") not in (None, "NOT_TRUNCATED")
    rich = text_of(fields.get("richText"))
    return message._replace(
        role=role,
        text=rich if rich.strip() else text_of(fields.get("text")),
        html=bool(rich.strip()),
        note=CUT_SHORT if is_cut else THIRD_PERSON if is_other else None,
    )


def _is_by_mail(fields: Mapping[str, Any]) -> bool:
    senders = objects(fields.get("senders"))
    return any(at(one, "deliveryIdentifier.type") == _MAIL_ADDRESS for one in senders)


def _unkept(fields: Mapping[str, Any], kind: str) -> str | None:
    """Return why a message is left out, None if it is not."""
    named = text_of(fields.get("type"))
    if truth(fields.get("archived")):
        return DELETED
    if named in _EVENTS:
        return EVENT
    if named != "MESSAGE":
        return _UNSAID.get(named, UNKNOWN_VISIBILITY)
    if at(fields, "status.statusType") not in _WENT:
        return NOT_SENT
    return AUTOMATION if kind == _SYSTEM else None


def _role(kind: str, direction: str) -> str:
    """Return the role of a sender; an agent who answers from a mailbox of their own comes in.

    Raises:
        Unreadable: the sender is of no kind that tells it, and nor does the direction.
    """
    if kind == _AGENT:
        return ASSISTANT
    if kind in _MACHINES:
        return BOT
    role = _BY_DIRECTION.get(direction)
    if role is None or (kind == _VISITOR and role != USER):
        raise Unreadable("message does not say who sent it (`senders`, `direction`)")
    return role


@dataclass(frozen=True)
class HubSpotReader(ExportReader):
    """Reads HubSpot, where a table of its own says which ticket an e-mail belongs to."""

    def plan(self, sources: Sequence[Source], options: ReadOptions) -> Plan:
        """Cut the inputs between records, and read who is who and what belongs to which ticket.

        Raises:
            InputError: nothing in them is a conversation, or e-mails have no tickets.
        """
        plan = super().plan(sources, options)
        named = [stream for stream in plan.context.streams.values() if stream.table.name in LINKED]
        faults: list[tuple[Any, ...]] = []
        tied, tickets = _links(sources, LINKS, ("engagement_id", "ticket_id"), faults)
        held, contacts = _links(sources, CONTACTS, ("ticket_id", "contact_id"), faults)
        if named and not tied:
            raise InputError(
                "has e-mails of HubSpot, and nothing says which ticket they belong to",
                where=sources[named[0].file].name,
                hint="add the table ticket_engagement (and ticket) of the same export",
            )
        desk = plan.context.desk
        links = {TICKETS_BESIDE: tickets, CONTACTS_BESIDE: contacts}
        around = {
            file: Around(beside.name, {**beside.beside, **links})
            for file, beside in desk.around.items()
        }
        return replace(
            plan,
            context=replace(plan.context, desk=replace(desk, around=around)),
            faults=pl.concat([plan.faults, frame(faults, UNREADABLE)]),
            unused=tuple(name for name in plan.unused if name not in (*tied, *held)),
        )


def _links(
    sources: Sequence[Source], table: str, names: tuple[str, str], faults: list[tuple[Any, ...]]
) -> tuple[list[str], Links]:
    """Return the inputs that link two kinds of records, and what they link, the first one named.

    names: the fields with the id that is linked, and with the id that it is linked to.
    """
    tied = []
    links = Links()
    for file, source in enumerate(sources):
        streams = [s for s in streams_of(source, file, TABLES) if s.table.name == table]
        if not streams:
            continue
        tied.append(source.name)
        for split in cut(source, file, streams).cut.splits:
            for found in fragments(source, split, streams[0], _ROWS_AT_ONCE):
                for _, _, _, *place, raw, fault in located(found):
                    try:
                        if raw is None:
                            raise Unreadable(fault)
                        link = records.parse(raw)
                        one, other = (identity(link.get(name)) for name in names)
                        if not one or not other:
                            raise Unreadable(f"it lacks {' or '.join(names)}")
                        links.add(one, other)
                    except Unreadable as refused:
                        faults.append((*place, None, f"link: {refused}", None))
    return tied, links.frozen()


READER = HubSpotReader(
    name="hubspot",
    about=ABOUT,
    tables=TABLES,
    make=_make,
    persons=persons,
    refuses=refuses,
)
