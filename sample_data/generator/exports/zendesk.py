"""Zendesk: a page of tickets with their comments, as the JSON export has them."""

from typing import Any

from sample_data.generator.exports.shapes import as_json, html, iso
from sample_data.generator.exports.talks import AGENTS, Said, Talk, talks

NAME = "zendesk"
OPTIONS: dict[str, Any] = {}

SYSTEM = -1


def files() -> dict[str, bytes]:
    """Return the export."""
    tickets = [{**ticket(talk), "comments": comments(talk)} for talk in talks()]
    return {"tickets.json": as_json({"tickets": tickets, "users": users(), "count": len(tickets)})}


def ticket(talk: Talk) -> dict[str, Any]:
    """Return a ticket without its comments."""
    return {
        "id": talk.number,
        "subject": talk.subject,
        "description": talk.said[0].text,
        "requester_id": talk.customer.id,
        "submitter_id": talk.customer.id,
        "assignee_id": talk.agent.id,
        "status": "closed",
        "is_public": True,
        "tags": list(talk.tags),
        "via": {"channel": "web"},
        "created_at": iso(talk.opened),
        "updated_at": iso(talk.said[-1].at),
    }


def comments(talk: Talk) -> list[dict[str, Any]]:
    """Return what was said in a ticket."""
    return [_comment(talk, n, said) for n, said in enumerate(talk.said)]


def users() -> list[dict[str, Any]]:
    """Return everybody."""
    customers = [{"id": talk.customer.id, "role": "end-user"} for talk in talks()]
    return customers + [{"id": agent.id, "role": "agent"} for agent in AGENTS]


def _comment(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    return {
        "id": talk.number * 100 + n,
        "type": "Comment",
        "author_id": SYSTEM if said.who == "bot" else talk.author(said).id,
        "public": said.who != "note",
        "body": said.text,
        "html_body": f'<div class="zd-comment">{html(said.text)}</div>',
        "plain_body": said.text,
        "attachments": [],
        "via": {"channel": "rule" if said.who == "bot" else "web"},
        "created_at": iso(said.at),
    }
