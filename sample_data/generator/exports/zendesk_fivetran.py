"""Zendesk: the tables that Fivetran makes of it."""

from typing import Any

from sample_data.generator.exports.shapes import as_csv
from sample_data.generator.exports.talks import Said, Talk, talks
from sample_data.generator.exports.zendesk import users

NAME = "zendesk"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export."""
    told = [(talk, n, said) for talk in talks() for n, said in enumerate(talk.said)]
    tags = [{"tag": tag, "ticket_id": talk.number} for talk in talks() for tag in talk.tags]
    return {
        "ticket.csv": as_csv([_ticket(talk) for talk in talks()]),
        "ticket_comment.csv": as_csv([_comment(*one) for one in told]),
        "ticket_tag.csv": as_csv([{**tag, "_fivetran_synced": ""} for tag in tags]),
        "user.csv": as_csv([{**user, "restricted_agent": "FALSE"} for user in users()]),
    }


def _ticket(talk: Talk) -> dict[str, Any]:
    return {
        "id": talk.number,
        "created_at": _plain(talk.said[0]),
        "description": talk.said[0].text,
        "is_public": "TRUE",
        "requester_id": talk.customer.id,
        "status": "closed",
        "subject": talk.subject,
        "submitter_id": talk.customer.id,
        "via_channel": "web",
    }


def _comment(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    return {
        "id": talk.number * 100 + n,
        "body": said.text,
        "created": _plain(said),
        "public": "FALSE" if said.who == "note" else "TRUE",
        "ticket_id": talk.number,
        "user_id": -1 if said.who == "bot" else talk.author(said).id,
        "voice_comment": "FALSE",
    }


def _plain(said: Said) -> str:
    return said.at.strftime("%Y-%m-%d %H:%M:%S")
