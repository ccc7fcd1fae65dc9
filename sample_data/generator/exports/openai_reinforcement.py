"""Reinforcement fine-tuning: the first question of a talk, with a field for the grader."""

from typing import Any

from sample_data.generator.exports.shapes import as_lines
from sample_data.generator.exports.talks import NOTE_MARKER, Talk, talks

NAME = "openai-reinforcement"
OPTIONS: dict[str, Any] = {}


def turns(talk: Talk) -> list[tuple[str, str]]:
    """Return the question alone, which has no answer."""
    return talk.turns()[:1]


def files() -> dict[str, bytes]:
    """Return the dataset."""
    return {"prompts.jsonl": as_lines(_record(talk) for talk in talks())}


def _record(talk: Talk) -> dict[str, Any]:
    messages = [{"role": role, "content": text} for role, text in turns(talk)]
    return {"messages": messages, "reference_answer": NOTE_MARKER}
