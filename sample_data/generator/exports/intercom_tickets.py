"""Intercom: a page of tickets, which have no opening outside of their parts."""

from typing import Any

from sample_data.generator.exports.intercom import part
from sample_data.generator.exports.shapes import as_json, epoch
from sample_data.generator.exports.talks import Talk, talks

NAME = "intercom"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export."""
    tickets = [_ticket(talk) for talk in talks()]
    return {"tickets.json": as_json({"type": "ticket.list", "tickets": tickets, "pages": {}})}


def _ticket(talk: Talk) -> dict[str, Any]:
    parts = [part(talk, n, said) for n, said in enumerate(talk.said)]
    for one in parts:
        one["type"] = "ticket_part"
    moved = {"part_type": "ticket_state_updated_by_admin", "body": None, "author": None}
    return {
        "type": "ticket",
        "id": str(talk.number),
        "ticket_id": str(talk.number - 1000),
        "category": "Customer",
        "created_at": epoch(talk.opened),
        "ticket_attributes": {"_default_title_": talk.subject, "_default_description_": None},
        "contacts": {"contacts": [{"type": "contact", "id": str(talk.customer.id)}]},
        "ticket_parts": {"ticket_parts": [*parts, moved], "total_count": len(parts) + 1},
    }
