"""The tables of Freshdesk's exports, and those that cannot be used."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tunegate.model import About
from tunegate.readers.fields import at, identity, objects, text_of
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.people import ASSISTANT, USER
from tunegate.readers.streams import Around, Stream, Table

WITH_ENTRIES, BARE, OLD, ENTRIES = "tickets", "ticket list", "old tickets", "conversations"
WRAPPED = "single tickets"
_AGENTS, _CONTACTS, _SHEET = "agents", "contacts", "ticket sheet"

ABOUT = About(
    title="Freshdesk",
    export="API: GET /api/v2/tickets/{id}?include=conversations for each ticket, or the tickets "
    "with `include=description` and GET /api/v2/tickets/{id}/conversations",
    reads="the description of a ticket, and its public replies and notes by `incoming`",
    leaves="private notes, surveys, forwarded mails, calls, automatic replies, spam and deleted "
    "tickets",
)

_PATHS = (VALUES, ("results",), ("tickets",), ("conversations",))
_SHEET_COLUMNS = ("Agent interactions", "Customer interactions", "Initial response time")
_PAGE = "Export the tickets through the API, with their conversations"


def _is_of_freshdesk(seen: Listing) -> bool:
    if _is_only_a_beginning(seen):
        return seen.has("fr_escalated", "responder_id", "email_config_id")
    if not seen.has("conversations"):
        return False
    entries = [entry for ticket in seen.shown for entry in objects(ticket.get("conversations"))]
    if entries:
        return any("incoming" in entry or "body_text" in entry for entry in entries)
    return seen.has("requester_id")


def _is_only_a_beginning(seen: Listing) -> bool:
    """Tell whether the first ticket is so long that its end, with the entries, was not seen."""
    return bool(seen.cut) and not seen.objects and not seen.has("conversations")


def _has_no_entries(seen: Listing) -> bool:
    return not _is_only_a_beginning(seen)


def _is_old(seen: Listing) -> bool:
    inner = [ticket.get("helpdesk_ticket") for ticket in seen.shown]
    return any(isinstance(one, dict) and ("notes" in one or "display_id" in one) for one in inner)


def _is_wrapped(seen: Listing) -> bool:
    inner = [one["ticket"] for one in seen.shown if isinstance(one.get("ticket"), dict)]
    return any("requester_id" in one and "submitter_id" not in one for one in inner)


def _is_sheet(seen: Listing) -> bool:
    return seen.has(*_SHEET_COLUMNS)


def _old_key(fields: Mapping[str, Any], around: Around) -> str | None:
    names = ("helpdesk_ticket.display_id", "helpdesk_ticket.id")
    return next((key for name in names if (key := identity(at(fields, name)))), None)


def _wrapped_key(fields: Mapping[str, Any], around: Around) -> str | None:
    return identity(at(fields, "ticket.id"))


TABLES = (
    Table(
        WITH_ENTRIES,
        needs="id",
        any="conversations requester_id responder_id description_text fr_escalated source status",
        never="submitter_id",
        paths=_PATHS[:3],
        key="id",
        kinds=("lines", "values"),
        mark=_is_of_freshdesk,
    ),
    Table(
        BARE,
        needs="id requester_id",
        any="responder_id fr_escalated fr_due_by is_escalated email_config_id description_text",
        never="submitter_id conversations messages brand_id",
        paths=_PATHS[:3],
        key="id",
        mark=_has_no_entries,
    ),
    Table(
        OLD,
        needs="helpdesk_ticket",
        key=_old_key,
        kinds=("lines", "values"),
        mark=_is_old,
    ),
    Table(
        # What scripts write of one ticket: two answers of the API side by side.
        WRAPPED,
        needs="ticket conversations",
        key=_wrapped_key,
        kinds=("lines", "values"),
        mark=_is_wrapped,
        weight=6,
    ),
    Table(
        ENTRIES,
        needs="ticket_id private",
        any="incoming body_text user_id support_email",
        never="public from_agent",
        paths=(VALUES, ("conversations",), ("results",)),
        key="ticket_id",
    ),
    Table(
        _AGENTS,
        needs="id occasional",
        any="available ticket_scope contact signature",
        paths=(VALUES, ("results",)),
        use="people",
    ),
    Table(
        _CONTACTS,
        needs="id email twitter_id",
        any="mobile job_title unique_external_id view_all_tickets time_zone",
        never="occasional role",
        paths=(VALUES, ("results",)),
        use="people",
    ),
    Table("ratings", needs="ticket_id survey_id ratings", use="nothing"),
    Table("time entries", needs="ticket_id billable time_spent", use="nothing"),
    Table("companies", needs="id domains health_score", use="nothing"),
    Table(_SHEET, needs="Subject Status", kinds=("rows",), mark=_is_sheet, weight=2),
)


def persons(table: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (id or address, role) of an agent or a contact."""
    role = ASSISTANT if table == _AGENTS else USER
    address = at(fields, "contact.email") if table == _AGENTS else fields.get("email")
    for name in (identity(fields.get("id")), text_of(address)):
        if name:
            yield name, role


def refuses(streams: Sequence[Stream]) -> tuple[str, str] | None:
    """Say why there is no conversation in an export of tickets alone."""
    names = {stream.table.name for stream in streams if stream.table.use == "messages"}
    if _SHEET in names:
        return (
            "is the ticket list of Freshdesk, which has no messages",
            f"{_PAGE}: {ABOUT.export}",
        )
    if names == {BARE}:
        return "holds tickets of Freshdesk without their conversations", f"{_PAGE}: {ABOUT.export}"
    return None
