"""Microsoft Teams: pages of a channel's messages, newest first, with their replies inside."""

from typing import Any

from sample_data.generator.exports.shapes import as_json, html, iso
from sample_data.generator.exports.talks import AGENTS, Said, Talk, talks

NAME = "teams"
OPTIONS: dict[str, Any] = {"agents": tuple(agent.name for agent in AGENTS)}


def files() -> dict[str, bytes]:
    """Return the export."""
    found = list(talks())[::-1]
    return {
        "channel-1.json": _page([_opening(talk) for talk in found[:3]]),
        "channel-2.json": _page([_opening(talk) for talk in found[3:]]),
    }


def message(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    """Return a message as Graph gives it, in no channel and no chat."""
    author = talk.author(said)
    person = {"id": f"id-{author.id}", "displayName": author.name}
    is_bot = said.who == "bot"
    return {
        "id": str(talk.number * 100 + n),
        "replyToId": None,
        "etag": "1",
        "messageType": "message",
        "createdDateTime": iso(said.at),
        "lastModifiedDateTime": iso(said.at),
        "deletedDateTime": iso(said.at) if said.who == "note" else None,
        "subject": None,
        "locale": "en-us",
        "chatId": None,
        "channelIdentity": None,
        "policyViolation": None,
        "from": {
            "application": person if is_bot else None,
            "device": None,
            "user": None if is_bot else person,
        },
        "body": {"contentType": "html", "content": html(said.text)},
        "attachments": [],
        "mentions": [],
    }


def _page(messages: list[dict[str, Any]]) -> bytes:
    return as_json({"@odata.context": "https://graph.example/messages", "value": messages})


def _opening(talk: Talk) -> dict[str, Any]:
    where = {"channelIdentity": {"teamId": "t1", "channelId": "19:help@thread.example"}}
    found = [{**message(talk, n, said), **where} for n, said in enumerate(talk.said)]
    replies = [{**reply, "replyToId": found[0]["id"]} for reply in found[:0:-1]]
    return {**found[0], "subject": talk.subject, "replies": replies}
