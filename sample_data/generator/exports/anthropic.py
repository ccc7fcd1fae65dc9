"""Anthropic messages of content blocks, with thinking that must not be learned from."""

from typing import Any

from sample_data.generator.exports.shapes import as_lines
from sample_data.generator.exports.talks import NOTE_MARKER, Talk, talks

NAME = "anthropic"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the dataset."""
    return {"messages.jsonl": as_lines(_record(talk) for talk in talks())}


def _record(talk: Talk) -> dict[str, Any]:
    return {
        "model": "claude",
        "max_tokens": 1024,
        "messages": [{"role": role, "content": _blocks(role, text)} for role, text in talk.turns()],
    }


def _blocks(role: str, text: str) -> list[dict[str, Any]]:
    thinking = {"type": "thinking", "thinking": NOTE_MARKER, "signature": "x"}
    return [*([thinking] if role == "assistant" else []), {"type": "text", "text": text}]
