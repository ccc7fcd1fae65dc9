"""The tables that a Zendesk export may hold, and how to tell them from those of others."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from tunegate.readers.fields import at, identity, objects
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.streams import Around, Table

ROLES = {"end-user": "user", "agent": "assistant", "admin": "assistant"}

SINGLE, SINGLE_BARE = "single tickets", "single tickets without comments"
TICKETS, BARE, LIST, TAGS = "tickets", "tickets without comments", "ticket list", "ticket tags"
COMMENTS, AUDITS, EVENTS = "ticket comments", "ticket audits", "ticket events"
SYNCED = "ticket comments of Fivetran"
CHATS, CHAT_EVENTS = "chats", "chat events"
SUSPENDED = "suspended tickets"

HEADS = (TICKETS, BARE)
HEADLESS = (BARE, SINGLE_BARE, LIST, TAGS)  # tables that say nothing of what was said

_OWN = "submitter_id brand_id ticket_form_id is_public followup_ids sharing_agreement_ids"
_OTHERS = "messages responder_id conversations"
_STAFF = {"restricted_agent", "ticket_restriction", "only_private_comments", "shared_agent"}
_BODIES = {"body", "html_body", "plain_body"}
# The address of a ticket's comments has its number, and the comments have not.
_NUMBER = re.compile(
    r"tickets?[-_/ ]?(\d+)(?!\d)|(?<!\d)(\d+)[-_/ ]comments"
    # As scripts name files: by the number in a folder of comments, or by nothing else that is
    # neither a year, a day nor the number of a page.
    r"|comments/(\d+)\.\w+$|(?:^|comments[-_ ])(?!(?:19|20)\d\d(?:\d{4})?\.)(\d{3,})\.\w+$",
    re.IGNORECASE,
)


def ticket_of(fields: Mapping[str, Any], around: Around) -> str | None:
    """Return the ticket of a comment: what it says, or what the name of its file says."""
    if "ticket_id" in fields:
        return identity(fields["ticket_id"])
    found = {next(filter(None, numbers)) for numbers in _NUMBER.findall(around.name)}
    return found.pop() if len(found) == 1 else None


def _apart(fields: Mapping[str, Any], _: Around, *, kind: str, name: str) -> str | None:
    # A chat and a ticket may have the same number, and are not the same conversation.
    number = identity(fields.get(name))
    return f"{kind} {number}" if number else None


_CHAT = partial(_apart, kind="chat", name="chat_id")


def _are_tickets(seen: Listing) -> bool:
    said = (comment for ticket in seen.objects for comment in objects(ticket.get("comments")))
    told = any("author_id" in comment for comment in said)
    return told or seen.has("requester_id") or seen.path == ("tickets",)


def _are_single(seen: Listing, *, told: bool) -> bool:
    wrapped = [one for one in seen.shown if isinstance(one.get("ticket"), dict)]
    inner = [one["ticket"] for one in wrapped]
    said = [comment for one in (*inner, *wrapped) for comment in objects(one.get("comments"))]
    if any(not ticket.keys().isdisjoint(_OTHERS.split()) for ticket in inner):
        return False
    own = any(not ticket.keys().isdisjoint(_OWN.split()) for ticket in inner)
    has_comments = any("comments" in one for one in (*inner, *wrapped))
    return has_comments is told and (own or any("author_id" in comment for comment in said))


def _single_key(fields: Mapping[str, Any], _: Around) -> str | None:
    return identity(at(fields, "ticket.id"))


def _are_users(seen: Listing) -> bool:
    roles = {user.get("role") for user in seen.objects if isinstance(user.get("role"), str | None)}
    if not seen.objects:
        return seen.has(*_STAFF)
    return bool(roles & set(ROLES)) and roles <= {*ROLES, None}


def _are_listed(seen: Listing) -> bool:
    return seen.has("Requester id", "Submitter", "Ticket type", "Requester email")


def _is_empty(seen: Listing) -> bool:
    return bool(seen.objects) and all(page.get("tickets") == [] for page in seen.objects)


def _have_bodies(seen: Listing) -> bool:
    return seen.has(*_BODIES)


def _typed(seen: Listing, *, name: str) -> bool:
    events = [event for one in seen.objects for event in objects(one.get(name))]
    return not events or any("type" in event or "event_type" in event for event in events)


TABLES = (
    Table(
        TICKETS,
        needs="id comments",
        any=f"comments requester_id assignee_id {_OWN}",
        never=_OTHERS,
        paths=(VALUES, ("tickets",)),
        key="id",
        kinds=("lines", "values"),
        mark=_are_tickets,
    ),
    Table(
        BARE,
        needs="id requester_id",
        any=_OWN,
        never=f"comments {_OTHERS}",
        paths=(VALUES, ("tickets",)),
        key="id",
    ),
    # The answer of GET /tickets/{id}, perhaps with that of GET /tickets/{id}/comments beside it.
    Table(
        SINGLE,
        needs="ticket",
        kinds=("lines", "values"),
        key=_single_key,
        mark=partial(_are_single, told=True),
        weight=9,
    ),
    Table(
        SINGLE_BARE,
        needs="ticket",
        kinds=("lines", "values"),
        key=_single_key,
        mark=partial(_are_single, told=False),
        weight=9,
    ),
    Table(LIST, needs="Id Status Requester", kinds=("rows",), key="Id", mark=_are_listed),
    Table(
        COMMENTS,
        needs="ticket_id author_id",
        any="body html_body plain_body",
        paths=(VALUES, ("comments",), ("ticket_comments",)),
        key=ticket_of,
    ),
    Table(
        COMMENTS,
        # Few, so that a ticket's own marks outweigh those of the comments in it.
        needs="author_id public",
        never="ticket_id",
        paths=(("comments",),),
        kinds=("lines", "values"),
        key=ticket_of,
        mark=_have_bodies,
    ),
    Table(SYNCED, needs="ticket_id user_id body public created", key="ticket_id"),
    Table(
        AUDITS,
        needs="ticket_id events",
        any="events author_id metadata via",
        paths=(VALUES, ("audits",), ("ticket_audits",)),
        kinds=("lines", "values"),
        key="ticket_id",
        mark=partial(_typed, name="events"),
    ),
    Table(
        EVENTS,
        needs="ticket_id child_events",
        any="child_events timestamp updater_id event_type",
        paths=(VALUES, ("ticket_events",)),
        kinds=("lines", "values"),
        key="ticket_id",
        mark=partial(_typed, name="child_events"),
    ),
    Table(
        SUSPENDED,
        needs="id cause recipient content",
        paths=(VALUES, ("suspended_tickets",)),
        key=partial(_apart, kind="suspended", name="id"),
    ),
    Table(CHATS, needs="chat_id ticket_id visitor_id", key=_CHAT),
    Table(
        CHAT_EVENTS,
        needs="chat_id actor_id chat_index message type",
        key=_CHAT,
    ),
    Table(TAGS, needs="ticket_id tag", any="_fivetran_synced", key="ticket_id"),
    Table(
        "users",
        needs="id role",
        any=f"role {' '.join(sorted(_STAFF))}",
        paths=(VALUES, ("users",)),
        use="people",
        mark=_are_users,
    ),
    # The last page of an incremental export.
    Table(
        "empty page",
        needs="tickets",
        any="tickets users count end_of_stream",
        use="nothing",
        mark=_is_empty,
    ),
    Table("ticket fields", needs="ticket_id field_name updated value", use="nothing"),
    Table("ticket forms", needs="display_name end_user_visible active", use="nothing"),
    Table("ticket schedules", needs="ticket_id schedule_id", use="nothing"),
    Table("ticket policies", needs="ticket_id sla_policy_id policy_applied_at", use="nothing"),
    Table("metric events", needs="ticket_id metric instance_id", use="nothing"),
    Table("ticket metrics", needs="ticket_id reopens replies", use="nothing"),
    Table(
        "organizations",
        needs="id shared_tickets shared_comments",
        paths=(VALUES, ("organizations",)),
        use="nothing",
    ),
)
