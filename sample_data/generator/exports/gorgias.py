"""Gorgias: a page of tickets with their messages."""

from typing import Any

from sample_data.generator.exports.shapes import as_json, html, iso
from sample_data.generator.exports.talks import Said, Talk, talks

NAME = "gorgias"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export."""
    return {"tickets.json": as_json({"data": [ticket(talk) for talk in talks()], "meta": {}})}


def ticket(talk: Talk) -> dict[str, Any]:
    """Return a ticket with its messages."""
    return {
        "id": talk.number,
        "subject": talk.subject,
        "channel": "email",
        "via": "email",
        "customer": {"id": talk.customer.id, "email": talk.customer.address},
        "tags": [{"name": tag} for tag in talk.tags],
        "created_datetime": iso(talk.opened),
        "messages": [_message(talk, n, said) for n, said in enumerate(talk.said)],
    }


def _message(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    return {
        "id": talk.number * 100 + n,
        "sender": {"id": talk.author(said).id},
        "from_agent": said.who != "customer",
        "public": said.who != "note",
        "channel": "internal-note" if said.who == "note" else "email",
        "via": "rule" if said.who == "bot" else "email",
        "body_text": said.text,
        "body_html": html(said.text),
        "stripped_text": said.text if n % 2 else None,
        "created_datetime": iso(said.at),
    }
