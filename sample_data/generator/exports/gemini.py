"""Gemini: contents of parts, with thoughts that must not be learned from."""

from typing import Any

from sample_data.generator.exports.shapes import as_lines
from sample_data.generator.exports.talks import NOTE_MARKER, Talk, talks

NAME = "gemini"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the dataset."""
    return {"tuning.jsonl": as_lines(_record(talk) for talk in talks())}


def _record(talk: Talk) -> dict[str, Any]:
    return {"contents": [_content(role, text) for role, text in talk.turns()]}


def _content(role: str, text: str) -> dict[str, Any]:
    if role == "user":
        return {"role": "user", "parts": [{"text": text}]}
    thought = {"text": NOTE_MARKER, "thought": True}
    return {"role": "model", "parts": [thought, {"text": text}]}
