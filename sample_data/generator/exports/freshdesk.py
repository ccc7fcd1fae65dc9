"""Freshdesk: tickets with their conversations inside, as the API gives each ticket."""

from typing import Any

from sample_data.generator.exports.shapes import as_json, html, iso
from sample_data.generator.exports.talks import AGENTS, Said, Talk, talks

NAME = "freshdesk"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export."""
    agents = [
        {
            "id": agent.id,
            "available": True,
            "occasional": False,
            "ticket_scope": 1,
            "contact": {"name": agent.name, "email": agent.address},
        }
        for agent in AGENTS
    ]
    return {
        "tickets.json": as_json([ticket(talk, embedded=True) for talk in talks()]),
        "agents.json": as_json(agents),
    }


def ticket(talk: Talk, *, embedded: bool) -> dict[str, Any]:
    """Return a ticket; its first message is the description."""
    opening = talk.said[0]
    inside = {"conversations": entries(talk)} if embedded else {}
    return {
        "fr_escalated": False,
        "is_escalated": False,
        "priority": 1,
        "requester_id": talk.customer.id,
        "responder_id": talk.agent.id,
        "source": 1,
        "spam": False,
        "status": 5,
        "subject": talk.subject,
        "id": talk.number,
        "created_at": iso(talk.opened),
        "updated_at": iso(talk.said[-1].at),
        "description": html(opening.text),
        "description_text": opening.text,
        "custom_fields": {"cf_remark": _remarks(talk)},
        "tags": list(talk.tags),
        **inside,
    }


def entries(talk: Talk) -> list[dict[str, Any]]:
    """Return all that was said after the description."""
    return [_entry(talk, n, said) for n, said in enumerate(talk.said) if n]


def _remarks(talk: Talk) -> str | None:
    return next((said.text for said in talk.said if said.who == "note"), None)


def _entry(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    return {
        "id": talk.number * 100 + n,
        "ticket_id": talk.number,
        "user_id": talk.author(said).id,
        "incoming": said.who == "customer",
        "private": said.who == "note",
        "source": 2 if said.who == "note" else 0,
        "auto_response": said.who == "bot",
        "body": html(said.text),
        "body_text": " ".join(said.text.split()),
        "to_emails": [talk.customer.address],
        "attachments": [],
        "created_at": iso(said.at),
        "updated_at": iso(said.at),
    }
