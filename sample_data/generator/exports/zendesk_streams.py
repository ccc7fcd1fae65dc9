"""Zendesk: tickets and their comments in streams of their own, as connectors write them."""

from typing import Any

from sample_data.generator.exports.shapes import as_json, as_lines
from sample_data.generator.exports.talks import talks
from sample_data.generator.exports.zendesk import comments, ticket, users

NAME = "zendesk"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export: a ticket that changed meanwhile stands in it twice, its comments too."""
    tickets = [ticket(talk) for talk in talks()]
    older = {**tickets[0], "subject": "Parcel", "updated_at": tickets[0]["created_at"]}
    said = [
        {**comment, "ticket_id": talk.number}
        for talk in reversed(list(talks()))
        for comment in reversed(comments(talk))
    ]
    return {
        "tickets-1.jsonl": as_lines([older]),
        "tickets-2.jsonl": as_lines(tickets),
        "ticket_comments.jsonl": as_lines([*said, said[0]]),
        "users.json": as_json({"users": users(), "next_page": None}),
    }
