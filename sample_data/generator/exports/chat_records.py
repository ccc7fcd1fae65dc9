"""OpenAI chat records, one a line; the agent's notes have no place in them."""

from typing import Any

from sample_data.generator.exports.shapes import as_lines
from sample_data.generator.exports.talks import talks

NAME = "openai-chat"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export."""
    records = (
        {
            "id": str(talk.number),
            "messages": [{"role": role, "content": text} for role, text in talk.turns()],
        }
        for talk in talks()
    )
    return {"chat.jsonl": as_lines(records)}
