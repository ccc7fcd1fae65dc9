"""The tables of HubSpot's exports, what their records are gathered by, and what cannot be used."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tunegate.model import About
from tunegate.readers.desks.links import Links
from tunegate.readers.fields import at, identity, objects, text_of, truth
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.glimpse import Kind, Listing
from tunegate.readers.people import ASSISTANT, BOT, USER
from tunegate.readers.streams import Around, Stream, Table

MESSAGES, THREADS = "thread messages", "threads"
LINKS, CONTACTS = "ticket_engagement", "ticket_contact"
TICKETS, EMAILS, ACTIVITIES = "ticket", "engagement_email", "engagements"
TICKET_OBJECTS, EMAIL_OBJECTS, ACTIVITY_OBJECTS = "ticket objects", "e-mails", "activities"
OLD_ENGAGEMENTS = "old engagements"
_SHEET, _ACTORS, _OWNERS = "ticket sheet", "actors", "owners"

LINKED = (EMAILS,)  # what says which ticket it belongs to in a table of its own
ALL_TICKETS = (TICKETS, TICKET_OBJECTS)
TICKETS_BESIDE, CONTACTS_BESIDE = "ticket of engagement", "contact of ticket"

ABOUT = About(
    title="HubSpot",
    export="API: GET /conversations/v3/conversations/threads, and the messages of each thread with "
    "GET .../threads/{id}/messages; or from a connector the tables ticket, ticket_engagement and "
    "engagement_email with `hs_email_direction` and `hs_email_status`",
    reads="messages of threads by sender and `direction`; of tickets the content and the e-mails",
    leaves="comments, notes, calls, tasks, welcome messages, events, what failed, and e-mails on "
    "no ticket; one on several tickets stands in the first",
)

_PATHS = (VALUES, ("results",))
_JSON: tuple[Kind, ...] = ("lines", "values")
_KINDS = {"A": ASSISTANT, "V": USER, "B": BOT, "L": BOT}
_ACTOR = re.compile(r"([A-Z])-.+", re.ASCII | re.DOTALL)


def value(fields: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - any JSON
    """Return a property of a record of the CRM, from the API or from a connector."""
    inner = fields.get("properties")
    if isinstance(inner, dict):
        return inner.get(name)
    return fields.get(f"property_{name}")


def is_gone(fields: Mapping[str, Any]) -> bool:
    """Tell whether a record of the CRM was deleted."""
    marks = ("archived", "is_deleted", "_fivetran_deleted")
    return any(truth(fields.get(mark)) for mark in marks)


def ticket_of(table: str, fields: Mapping[str, Any], around: Around) -> str | None:
    """Return the id of the ticket that a record of the CRM belongs to, the first of several."""
    if table in ALL_TICKETS:
        return identity(fields.get("id"))
    if table == OLD_ENGAGEMENTS:
        tickets = at(fields, "associations.ticketIds")
        return identity(next(iter(tickets), None)) if isinstance(tickets, list) else None
    if table in (EMAIL_OBJECTS, ACTIVITY_OBJECTS):
        tickets = objects(at(fields, "associations.tickets.results"))
        return identity(tickets[0].get("id")) if tickets else None
    linked = around.beside.get(TICKETS_BESIDE)
    engagement = identity(fields.get("engagement_id"))
    return linked.get(engagement) if isinstance(linked, Links) and engagement else None


def contact_of(ticket: str, fields: Mapping[str, Any], around: Around) -> str | None:
    """Return the id of the contact whom a ticket is with, the first of several."""
    contacts = objects(at(fields, "associations.contacts.results"))
    linked = around.beside.get(CONTACTS_BESIDE)
    known = linked.get(ticket) if isinstance(linked, Links) else None
    return identity(contacts[0].get("id")) if contacts else known


def _key(table: str, fields: Mapping[str, Any], around: Around) -> str | None:
    ticket = ticket_of(table, fields, around)
    if ticket is not None:
        return f"ticket {ticket}"
    own = fields.get("id") or fields.get("engagement_id") or at(fields, "engagement.id")
    return f"loose {identity(own)}" if table not in ALL_TICKETS and identity(own) else None


def _ticket_key(fields: Mapping[str, Any], around: Around) -> str | None:
    return _key(TICKETS, fields, around)


def _linked_key(fields: Mapping[str, Any], around: Around) -> str | None:
    return _key(EMAILS, fields, around)


def _object_key(fields: Mapping[str, Any], around: Around) -> str | None:
    return _key(EMAIL_OBJECTS, fields, around)


def _old_key(fields: Mapping[str, Any], around: Around) -> str | None:
    return _key(OLD_ENGAGEMENTS, fields, around)


def _message_key(fields: Mapping[str, Any], around: Around) -> str | None:
    thread = identity(fields.get("conversationsThreadId"))
    return f"thread {thread}" if thread else None


def _thread_key(fields: Mapping[str, Any], around: Around) -> str | None:
    thread = identity(fields.get("id"))
    return f"thread {thread}" if thread else None


def _have(seen: Listing, *names: str) -> bool:
    inner = [one["properties"] for one in seen.shown if isinstance(one.get("properties"), dict)]
    return any(name in one for one in inner for name in names)


def _are_tickets(seen: Listing) -> bool:
    return _have(seen, "hs_ticket_priority", "hs_ticket_category", "hs_ticket_id") or (
        _have(seen, "hs_pipeline_stage") and _have(seen, "content", "subject")
    )


def _are_emails(seen: Listing) -> bool:
    return _have(seen, "hs_email_direction", "hs_email_text", "hs_email_html", "hs_email_subject")


def _are_activities(seen: Listing) -> bool:
    bodies = ("hs_note_body", "hs_call_body", "hs_task_body", "hs_meeting_body")
    return _have(seen, *bodies, "hs_communication_body", "hs_communication_channel_type")


def _have_mails(seen: Listing) -> bool:
    return any(name.startswith("property_hs_email_") for name in seen.names)


def _have_no_mails(seen: Listing) -> bool:
    return not _have_mails(seen)


def _are_old(seen: Listing) -> bool:
    return any(isinstance(one.get("engagement"), dict) for one in seen.shown)


def _are_actors(seen: Listing) -> bool:
    return any(_ACTOR.fullmatch(text_of(one.get("id"))) for one in seen.shown)


def _is_sheet(seen: Listing) -> bool:
    return seen.has("Ticket name", "Ticket status", "Ticket owner")


TABLES = (
    Table(
        MESSAGES,
        needs="conversationsThreadId",
        any="senders direction truncationStatus type createdAt",
        paths=_PATHS,
        key=_message_key,
        kinds=_JSON,
    ),
    Table(
        THREADS,
        needs="id inboxId",
        any="associatedContactId latestMessageTimestamp originalChannelId threadAssociations",
        never="conversationsThreadId",
        paths=_PATHS,
        key=_thread_key,
        kinds=_JSON,
    ),
    Table(
        TICKETS,
        needs="id property_subject",
        any="property_content property_hs_pipeline property_hs_pipeline_stage property_createdate",
        key=_ticket_key,
    ),
    Table(
        EMAILS,
        needs="engagement_id",
        any="property_hs_email_text property_hs_email_html property_hs_email_subject "
        "property_hs_email_direction property_hs_timestamp",
        never="property_hs_note_body",
        key=_linked_key,
        mark=_have_mails,
    ),
    Table(
        ACTIVITIES,
        needs="engagement_id type",
        any="property_hs_timestamp property_hs_createdate property_hs_note_body",
        key=_linked_key,
        mark=_have_no_mails,
    ),
    Table(
        TICKET_OBJECTS,
        needs="id properties",
        any="createdAt archived associations",
        paths=_PATHS,
        key=_ticket_key,
        kinds=_JSON,
        mark=_are_tickets,
    ),
    Table(
        EMAIL_OBJECTS,
        needs="id properties",
        any="createdAt archived associations",
        paths=_PATHS,
        key=_object_key,
        kinds=_JSON,
        mark=_are_emails,
    ),
    Table(
        ACTIVITY_OBJECTS,
        needs="id properties",
        any="createdAt archived associations",
        paths=_PATHS,
        key=_object_key,
        kinds=_JSON,
        mark=_are_activities,
    ),
    Table(
        OLD_ENGAGEMENTS,
        needs="engagement metadata",
        any="associations engagement_id",
        paths=_PATHS,
        key=_old_key,
        kinds=_JSON,
        mark=_are_old,
    ),
    Table(_ACTORS, needs="id type", paths=_PATHS, use="people", kinds=_JSON, mark=_are_actors),
    Table(_OWNERS, needs="owner_id email", any="is_active type portal_id", use="people"),
    Table(_SHEET, needs="Pipeline", kinds=("rows",), mark=_is_sheet, weight=2),
    Table(LINKS, needs="ticket_id engagement_id", use="nothing"),
    Table("ticket_company", needs="ticket_id company_id category", use="nothing"),
    Table(CONTACTS, needs="ticket_id contact_id category", use="nothing"),
    Table("ticket_deal", needs="ticket_id deal_id category", use="nothing"),
    Table("ticket_pipeline", needs="pipeline_id display_order label", use="nothing"),
    Table("ticket_pipeline_stage", needs="stage_id pipeline_id ticket_state", use="nothing"),
    Table("ticket_property_history", needs="ticket_id name value source_id", use="nothing"),
    Table("engagement", needs="id type owner_id", any="portal_id activity_type", use="nothing"),
)


def persons(table: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (id or address, role) of an actor of threads, or of an owner in the CRM."""
    identifier, address = identity(fields.get("id")), text_of(fields.get("email"))
    if table == _OWNERS:
        role: str | None = ASSISTANT
    else:
        match = _ACTOR.fullmatch(identifier or "")
        role = _KINDS.get(match[1]) if match else None
        if role and identifier:
            yield identifier, role
    # A customer's address says nothing: an agent may have written from it too.
    if role == ASSISTANT and address:
        yield address, role


def refuses(streams: Sequence[Stream]) -> tuple[str, str] | None:
    """Say why an export holds no conversation that can be read."""
    told = [stream for stream in streams if stream.table.use == "messages"]
    names = {stream.table.name for stream in told}
    if _SHEET in names:
        return "is a list of tickets of HubSpot, which has no messages", ABOUT.export
    if names == {THREADS}:
        return "lists threads of HubSpot without their messages", ABOUT.export
    if told and names.isdisjoint((MESSAGES, EMAILS, EMAIL_OBJECTS, OLD_ENGAGEMENTS)):
        return "holds records of HubSpot's CRM, and neither messages nor e-mails", ABOUT.export
    rows = [stream for stream in told if stream.table.name == EMAILS and stream.kind == "rows"]
    if rows and not any("property_hs_email_direction" in stream.columns for stream in rows):
        return (
            "has e-mails of HubSpot that do not say who wrote them",
            "let the connector sync `hs_email_direction` and `hs_email_status` of e-mails",
        )
    return None
