"""Telegram: chats that were exported one by one."""

from typing import Any

from sample_data.generator.exports.shapes import as_json
from sample_data.generator.exports.talks import AGENTS, talks
from sample_data.generator.exports.telegram import chat

NAME = "telegram"
OPTIONS: dict[str, Any] = {"agents": tuple(agent.name for agent in AGENTS)}


def files() -> dict[str, bytes]:
    """Return the export."""
    return {
        f"ChatExport_{talk.number}/result.json": as_json(
            {**chat(talk), "type": "private_supergroup"}
        )
        for talk in talks()
    }
