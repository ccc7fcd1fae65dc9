"""Zendesk: the audits of tickets; every other ticket is a chat, which no comment holds."""

from collections.abc import Iterator
from typing import Any

from sample_data.generator.exports.shapes import as_json, epoch, iso
from sample_data.generator.exports.talks import Said, Talk, talks
from sample_data.generator.exports.zendesk import comments, users

NAME = "zendesk"
OPTIONS: dict[str, Any] = {}

_ACTORS = {"customer": "end-user", "agent": "agent", "bot": "trigger"}


def files() -> dict[str, bytes]:
    """Return the export, a page of audits for each ticket."""
    pages = {
        f"audits/{talk.number}.json": as_json(
            {"audits": list(_audits(talk)), "users": users(), "next_page": None}
        )
        for talk in talks()
    }
    return pages


def _audits(talk: Talk) -> Iterator[dict[str, Any]]:
    """Yield the audits, the newest first."""
    said = list(zip(talk.said, comments(talk), strict=True))
    is_chat = talk.number % 2 == 1
    for n, (one, comment) in reversed(list(enumerate(said))):
        if is_chat and one.who != "note":
            continue
        notice = {"id": n * 10 + 2, "type": "Notification", "body": "You have a reply, staff only"}
        yield _audit(talk, n + 1, one, [{**comment, "created_at": None}, notice])
    first = {"id": 1, "type": "Create", "field_name": "subject", "value": talk.subject}
    asked = {"id": 2, "type": "Create", "field_name": "requester_id", "value": talk.customer.id}
    events = [first, asked]
    if is_chat:
        lines = [_line(talk, n, one) for n, one in enumerate(talk.said) if one.who != "note"]
        history = [{"type": "ChatJoin", "actor_type": "agent", "chat_index": 0}, *lines]
        events.append({"id": 3, "type": "ChatStartedEvent", "value": {"history": history}})
    yield _audit(talk, 0, talk.said[0], events)


def _audit(talk: Talk, n: int, said: Said, events: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": talk.number * 1000 + n,
        "ticket_id": talk.number,
        "author_id": talk.author(said).id,
        "created_at": iso(said.at),
        "via": {"channel": "chat"},
        "events": events,
    }


def _line(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    return {
        "type": "ChatMessage",
        "actor_type": _ACTORS[said.who],
        "actor_id": talk.author(said).id,
        "message": said.text,
        "timestamp": epoch(said.at) * 1000,
        "chat_index": n,
    }
