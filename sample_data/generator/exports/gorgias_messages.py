"""Gorgias: the list of tickets, all messages newest first, and the users."""

from typing import Any

from sample_data.generator.exports.gorgias import ticket
from sample_data.generator.exports.shapes import as_json, as_lines
from sample_data.generator.exports.talks import AGENTS, BOT, talks

NAME = "gorgias"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export; only the users tell that a bot is one."""
    tickets, messages = [], []
    for talk in talks():
        told = ticket(talk)
        for message in told.pop("messages"):
            by_bot = message["via"] == "rule"
            wrote = {"via": "api" if by_bot else "email", "ticket_id": talk.number}
            messages.append({**message, **wrote})
        tickets.append({**told, "messages_count": len(talk.said), "trashed_datetime": None})
    users = [{"id": one.id, "firstname": one.name, "role": {"name": "agent"}} for one in AGENTS]
    users.append({"id": BOT.id, "firstname": BOT.name, "role": {"name": "bot"}})
    score = {"id": 1, "ticket_id": 1001, "score": 5, "customer_id": 101, "body_text": "staff only"}
    return {
        "tickets.json": as_json({"data": tickets, "meta": {}}),
        "messages.jsonl": as_lines(reversed(messages)),
        "users.json": as_json({"data": users}),
        "surveys.json": as_json({"data": [score]}),
    }
