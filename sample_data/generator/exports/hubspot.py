"""HubSpot: threads of the conversations inbox, their messages newest first, and the actors."""

from typing import Any

from sample_data.generator.exports.shapes import as_json, html, iso
from sample_data.generator.exports.talks import AGENTS, BOT, Said, Talk, talks

NAME = "hubspot"
OPTIONS: dict[str, Any] = {}

_PREFIXES = {"customer": "V", "agent": "A", "note": "A", "bot": "B"}

_FAILED = {"type": "MESSAGE", "status": {"statusType": "FAILED"}}


def files() -> dict[str, bytes]:
    """Return the export: the pages of all messages stand after each other in one file."""
    actors = [{"id": f"A-{one.id}", "type": "AGENT", "email": one.address} for one in AGENTS]
    actors.append({"id": f"B-{BOT.id}", "type": "BOT", "name": BOT.name})
    pages = [as_json({"results": _messages(talk)}) for talk in talks()]
    return {
        "threads.json": as_json({"results": [_thread(talk) for talk in talks()]}),
        "messages.json": b"".join(pages),
        "actors.json": as_json({"status": "COMPLETE", "results": actors}),
    }


def _thread(talk: Talk) -> dict[str, Any]:
    return {
        "id": str(talk.number),
        "createdAt": iso(talk.opened),
        "status": "CLOSED",
        "inboxId": "11",
        "originalChannelId": "1002",
        "associatedContactId": str(talk.customer.id),
        "spam": False,
        "archived": False,
    }


def _messages(talk: Talk) -> list[dict[str, Any]]:
    assigned = {
        "id": f"{talk.number}-assigned",
        "conversationsThreadId": str(talk.number),
        "type": "ASSIGNMENT",
        "createdAt": iso(talk.opened),
        "senders": [{"actorId": "S-hubspot"}],
        "archived": False,
    }
    made = [_message(talk, n, said) for n, said in enumerate(talk.said)]
    failed = [
        {**message, "id": f"{message['id']}-failed", **_FAILED}
        for message in made
        if message["type"] == "COMMENT"
    ]
    return [*reversed(made), *failed, assigned]


def _message(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    author = talk.author(said)
    address = {"type": "HS_EMAIL_ADDRESS", "value": author.address}
    return {
        "id": f"{talk.number}-{n}",
        "conversationsThreadId": str(talk.number),
        "type": "COMMENT" if said.who == "note" else "MESSAGE",
        "createdAt": iso(said.at),
        "senders": [
            {"actorId": f"{_PREFIXES[said.who]}-{author.id}", "deliveryIdentifier": address}
        ],
        "subject": talk.subject,
        "text": said.text,
        "richText": html(said.text),
        "attachments": [],
        "truncationStatus": "NOT_TRUNCATED",
        "status": {"statusType": "SENT"},
        "direction": "INCOMING" if said.who == "customer" else "OUTGOING",
        "channelId": "1002",
        "archived": False,
    }
