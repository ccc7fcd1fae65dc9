"""Discord: a file a thread, as DiscordChatExporter writes it."""

from typing import Any

from sample_data.generator.exports.shapes import as_json, iso
from sample_data.generator.exports.talks import AGENTS, Said, Talk, talks

NAME = "discord"
OPTIONS: dict[str, Any] = {"agents": ("Support",)}  # a role on the server


def files() -> dict[str, bytes]:
    """Return the export."""
    return {f"discord/help - {talk.number}.json": as_json(_thread(talk)) for talk in talks()}


def _thread(talk: Talk) -> dict[str, Any]:
    messages = [_message(talk, n, said) for n, said in enumerate(talk.said)]
    return {
        "guild": {"id": "1", "name": "Shop", "iconUrl": ""},
        "channel": {
            "id": str(talk.number),
            "type": "GuildPublicThread",
            "category": "help",
            "name": talk.subject,
            "topic": "staff only: be kind",
        },
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2026-03-09T00:00:00+00:00",
        "messages": messages,
        "messageCount": len(messages),
    }


def _message(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    author = talk.author(said)
    is_note = said.who == "note"
    return {
        "id": str(talk.number * 100 + n),
        "type": "ChannelPinnedMessage" if is_note else "Reply" if n else "Default",
        "timestamp": iso(said.at).replace("Z", "+00:00"),
        "timestampEdited": None,
        "isPinned": False,
        "content": said.text,
        "author": {
            "id": str(author.id),
            "name": author.name.lower(),
            "discriminator": "0000",
            "nickname": author.name,
            "isBot": said.who == "bot",
            "roles": [{"id": "9", "name": "Support"}] if author in AGENTS else [],
        },
        "attachments": [],
        "embeds": [{"title": "", "description": "staff only: what a link shows"}],
        "reactions": [],
        "mentions": [],
    }
