"""Freshdesk: tickets and conversations in tables of their own, as a connector writes them."""

from typing import Any

from sample_data.generator.exports.freshdesk import entries, ticket
from sample_data.generator.exports.shapes import as_csv, as_lines
from sample_data.generator.exports.talks import talks

NAME = "freshdesk"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export; the conversations are newest first."""
    tickets = [ticket(talk, embedded=False) for talk in talks()]
    said = [entry for talk in talks() for entry in entries(talk)]
    rows = [{**entry, "to_emails": "[]", "attachments": "[]"} for entry in reversed(said)]
    return {"ticket.jsonl": as_lines(tickets), "conversation.csv": as_csv(rows)}
