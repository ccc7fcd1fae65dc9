"""Intercom: conversations as its API answers, one after the other in a file."""

from typing import Any

from sample_data.generator.exports.shapes import as_lines, epoch, html
from sample_data.generator.exports.talks import Said, Talk, talks

NAME = "intercom"
OPTIONS: dict[str, Any] = {}

TYPES = {"customer": "user", "agent": "admin", "note": "admin", "bot": "bot"}


def files() -> dict[str, bytes]:
    """Return the export."""
    return {"conversations.jsonl": as_lines([_conversation(talk) for talk in talks()])}


def part(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    """Return a message after the first."""
    return {
        "type": "conversation_part",
        "id": str(talk.number * 100 + n),
        "part_type": "note" if said.who == "note" else "comment",
        "body": html(said.text),
        "created_at": epoch(said.at),
        "author": author(talk, said),
        "attachments": [],
        "redacted": False,
    }


def author(talk: Talk, said: Said) -> dict[str, Any]:
    """Return who wrote a message."""
    return {"type": TYPES[said.who], "id": str(talk.author(said).id)}


def _conversation(talk: Talk) -> dict[str, Any]:
    first, *rest = talk.said
    parts = [part(talk, n, said) for n, said in enumerate(rest, 1)]
    closed = {"part_type": "close", "body": None, "author": {"type": "admin", "id": "901"}}
    assigned = {"part_type": "assignment", "body": "<p>Yours, staff only.</p>"}
    told = [*reversed(parts), {**assigned, "author": closed["author"]}, closed]
    return {
        "type": "conversation",
        "id": str(talk.number),
        "created_at": epoch(talk.opened),
        "updated_at": epoch(talk.said[-1].at),
        "source": {
            "type": "conversation",
            "id": str(talk.number * 100),
            "delivered_as": "customer_initiated",
            "subject": html(talk.subject),
            "body": html(first.text),
            "author": author(talk, first),
        },
        "contacts": {"contacts": [{"type": "contact", "id": str(talk.customer.id)}]},
        "tags": {"tags": [{"name": tag} for tag in talk.tags]},
        "statistics": {"count_conversation_parts": len(told)},
        "conversation_parts": {"conversation_parts": told, "total_count": len(told)},
    }
