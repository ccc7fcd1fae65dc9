"""The tables that an Intercom export may hold, and how to tell them from those of others."""

from collections.abc import Mapping, Sequence
from typing import Any

from tunegate.readers.fields import identity
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.streams import Around, Stream, Table

CONVERSATIONS, BARE, TICKETS = "conversations", "conversations without parts", "tickets"
PARTS, STATISTICS = "conversation parts", "delivery statistics"
SYNCED, SYNCED_PARTS = "conversations of Fivetran", "conversation parts of Fivetran"
CONTACTS = "contacts of conversations"

HEADS = (CONVERSATIONS, BARE, TICKETS, SYNCED)

_AROUND = "contacts statistics waiting_since admin_assignee_id teammates user assignee state open"


def _ticket_key(fields: Mapping[str, Any], _: Around) -> str | None:
    # A ticket and a conversation may have the same number.
    number = identity(fields.get("id"))
    return f"ticket {number}" if number else None


def _receipt_key(fields: Mapping[str, Any], _: Around) -> str | None:
    number = identity(fields.get("receipt_id"))
    return f"receipt {number}" if number else None


def _has_parts(seen: Listing) -> bool:
    nested = [one.get("conversation_parts") for one in seen.objects]
    return not nested or any(isinstance(parts, dict | list) for parts in nested)


def _has_opening_alone(seen: Listing) -> bool:
    if seen.has("conversation_parts") and _has_parts(seen):
        return False
    sources = [one.get("source") for one in seen.objects]
    return not sources or any(isinstance(s, dict) and "author" in s for s in sources)


def _are_people(seen: Listing) -> bool:
    return seen.has("unsubscribed_from_emails", "has_hard_bounced", "marked_email_as_spam")


TABLES = (
    Table(
        CONVERSATIONS,
        needs="id conversation_parts",
        any=f"source conversation_message {_AROUND}",
        paths=(VALUES, ("conversations",), ("data",)),
        key="id",
        kinds=("lines", "values"),
        mark=_has_parts,
    ),
    Table(
        BARE,
        needs="id source",
        any="conversation_parts statistics waiting_since admin_assignee_id teammates contacts",
        paths=(VALUES, ("conversations",), ("data",)),
        key="id",
        kinds=("lines", "values"),
        mark=_has_opening_alone,
    ),
    Table(
        TICKETS,
        needs="id ticket_parts",
        any="ticket_attributes ticket_type ticket_state category",
        paths=(VALUES, ("tickets",), ("data",)),
        key=_ticket_key,
        kinds=("lines", "values"),
    ),
    Table(
        PARTS,
        needs="conversation_id part_type author",
        any="body assigned_to notified_at created_at",
        paths=(VALUES, ("conversation_parts",)),
        key="conversation_id",
        kinds=("lines", "values"),
    ),
    Table(SYNCED, needs="id source_author_type source_delivered_as", any="source_body", key="id"),
    Table(
        SYNCED_PARTS,
        needs="conversation_id part_type author_type author_id",
        any="body _fivetran_active",
        key="conversation_id",
    ),
    Table(
        CONTACTS,
        needs="contact_id conversation_id",
        any="conversation_updated_at",
        key="conversation_id",
    ),
    Table(
        STATISTICS,
        needs="receipt_id content_id",
        any="ruleset_id content_title ruleset_version_id user_external_id",
        key=_receipt_key,
    ),
    Table("admins", needs="id job_title email", any="_fivetran_deleted", use="people"),
    Table(
        "admins",
        needs="id away_mode_enabled has_inbox_seat",
        paths=(VALUES, ("admins",)),
        use="people",
    ),
    Table("contacts", needs="id role", paths=(VALUES, ("data",)), use="people", mark=_are_people),
    Table("conversation tags", needs="tag_id conversation_id", use="nothing"),
)


def refuses(streams: Sequence[Stream]) -> tuple[str, str] | None:
    """Say why an export without what was said in its conversations cannot be used."""
    names = {stream.table.name for stream in streams if stream.table.use == "messages"}
    hint = "export each conversation with GET /conversations/{id}; its answer has all parts"
    if names == {STATISTICS}:
        return "holds Intercom's statistics of deliveries, and no conversation", hint
    if names and names <= {BARE, CONTACTS, STATISTICS}:
        return "holds Intercom conversations without their parts, so only how they open", hint
    return None
