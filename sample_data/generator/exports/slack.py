"""Slack: an unpacked export with a channel in which each talk is a thread."""

from collections.abc import Iterator
from typing import Any

from sample_data.generator.exports.shapes import as_json, epoch
from sample_data.generator.exports.talks import AGENTS, BOT, Person, Said, Talk, talks

NAME = "slack"
OPTIONS: dict[str, Any] = {"agents": tuple(agent.address for agent in AGENTS)}


def files() -> dict[str, bytes]:
    """Return the export."""
    days: dict[str, list[dict[str, Any]]] = {}
    for talk in talks():
        for said, message in zip(talk.said, messages(talk, thread=True), strict=True):
            days.setdefault(said.at.strftime("%Y-%m-%d"), []).append(message)
    first = min(days)
    joined = {
        "type": "message",
        "subtype": "channel_join",
        "user": "U101",
        "text": "<@U101> joined",
    }
    days[first].insert(0, {**joined, "ts": days[first][0]["ts"][:-1] + "1"})
    named = {f"slack/support/{day}.json": as_json(said) for day, said in days.items()}
    return {**tables("slack", "support"), **named}


def tables(folder: str, channel: str) -> dict[str, bytes]:
    """Return what an export holds beside the messages."""
    people = [*(talk.customer for talk in talks()), *AGENTS, BOT]
    topic = {"value": "staff only: be kind", "creator": "U901"}
    channels = {"id": "C1", "name": channel, "created": 1, "members": ["U901"], "topic": topic}
    log = {"user_id": "U901", "date": "1", "change_type": "added", "app_type": "Helper"}
    return {
        f"{folder}/users.json": as_json([_user(person) for person in people]),
        f"{folder}/channels.json": as_json([channels]),
        f"{folder}/integration_logs.json": as_json([log]),
    }


def messages(talk: Talk, *, thread: bool) -> Iterator[dict[str, Any]]:
    """Yield a talk's messages, as replies to the first of them or one after the other."""
    for n, said in enumerate(talk.said):
        message = _message(talk, said)
        if thread:
            message["thread_ts"] = _ts(talk.said[0], talk)
        if n == 0 and thread:
            message["reply_count"] = len(talk.said) - 1
        yield message


def _message(talk: Talk, said: Said) -> dict[str, Any]:
    author = talk.author(said)
    text = said.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    message = {"type": "message", "ts": _ts(said, talk), "text": text, "user": f"U{author.id}"}
    if said.who == "bot":
        return {**message, "subtype": "bot_message", "bot_id": "B1", "username": author.name}
    if said.who == "note":
        return {**message, "subtype": "tombstone", "hidden": True}
    # What a link shows is no part of what was said.
    return {**message, "attachments": [{"text": "staff only: a shared note"}]}


def _ts(said: Said, talk: Talk) -> str:
    return f"{epoch(said.at)}.{talk.number:06d}"


def _user(person: Person) -> dict[str, Any]:
    profile = {"real_name": person.name, "display_name": "", "email": person.address}
    return {
        "id": f"U{person.id}",
        "name": person.address.partition("@")[0],
        "deleted": False,
        "profile": profile,
        "is_bot": person is BOT,
    }
