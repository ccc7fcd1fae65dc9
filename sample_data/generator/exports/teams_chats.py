"""Microsoft Teams: messages of chats on lines, as a script would gather them."""

from typing import Any

from sample_data.generator.exports.shapes import as_lines
from sample_data.generator.exports.talks import AGENTS, talks
from sample_data.generator.exports.teams import message

NAME = "teams"
OPTIONS: dict[str, Any] = {"agents": tuple(f"id-{agent.id}" for agent in AGENTS)}


def files() -> dict[str, bytes]:
    """Return the export."""
    found: list[dict[str, Any]] = []
    for talk in talks():
        for n, said in enumerate(talk.said):
            chat = {"chatId": f"19:{talk.number}@unq.example"}
            body = {"contentType": "text", "content": said.text}
            found.append({**message(talk, n, said), **chat, "body": body})
    return {"chats.jsonl": as_lines(reversed(found))}
