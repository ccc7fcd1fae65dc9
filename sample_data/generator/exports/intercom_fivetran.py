"""Intercom: the tables that Fivetran makes of it, with older versions of their rows."""

from typing import Any

from sample_data.generator.exports.intercom import TYPES
from sample_data.generator.exports.shapes import as_csv, html
from sample_data.generator.exports.talks import AGENTS, Said, Talk, talks

NAME = "intercom"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export."""
    told = [(talk, n, said) for talk in talks() for n, said in enumerate(talk.said) if n]
    parts = [_part(*one) for one in told]
    older = {**parts[0], "body": "<p>staff only</p>", "_fivetran_active": "false"}
    admins = [{"id": agent.id, "job_title": "", "email": agent.address} for agent in AGENTS]
    return {
        "admin.csv": as_csv([{**admin, "_fivetran_deleted": "false"} for admin in admins]),
        "conversation_history.csv": as_csv([_conversation(talk) for talk in talks()]),
        "conversation_part_history.csv": as_csv([older, *parts]),
    }


def _conversation(talk: Talk) -> dict[str, Any]:
    first = talk.said[0]
    return {
        "id": talk.number,
        "updated_at": _plain(talk.said[-1]),
        "created_at": _plain(first),
        "source_author_id": talk.author(first).id,
        "source_author_type": TYPES[first.who],
        "source_delivered_as": "customer_initiated",
        "source_type": "conversation",
        "source_body": html(first.text),
        "source_subject": talk.subject,
        "_fivetran_active": "true",
    }


def _part(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    return {
        "id": talk.number * 100 + n,
        "updated_at": _plain(said),
        "author_id": talk.author(said).id,
        "author_type": TYPES[said.who],
        "conversation_id": talk.number,
        "created_at": _plain(said),
        "part_type": "note" if said.who == "note" else "comment",
        "body": html(said.text),
        "_fivetran_active": "true",
    }


def _plain(said: Said) -> str:
    return said.at.strftime("%Y-%m-%d %H:%M:%S")
