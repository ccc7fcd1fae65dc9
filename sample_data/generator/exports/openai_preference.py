"""Preference pairs as OpenAI takes them."""

from typing import Any

from sample_data.generator.exports.preference import WORSE, turns
from sample_data.generator.exports.shapes import as_lines
from sample_data.generator.exports.talks import Talk, talks
from sample_data.generator.exports.training import asked_and_answered

NAME = "openai-preference"
OPTIONS: dict[str, Any] = {}

__all__ = ["NAME", "OPTIONS", "files", "turns"]


def files() -> dict[str, bytes]:
    """Return the dataset."""
    return {"preference.jsonl": as_lines(_record(talk) for talk in talks())}


def _record(talk: Talk) -> dict[str, Any]:
    prompt, answer = asked_and_answered(talk)
    return {
        "input": {"messages": prompt, "tools": [], "parallel_tool_calls": True},
        "preferred_output": [answer],
        "non_preferred_output": [{"role": "assistant", "content": WORSE}],
    }
