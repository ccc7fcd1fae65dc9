"""Prompt and completion, each a list of messages, as TRL takes them."""

from typing import Any

from sample_data.generator.exports.shapes import as_lines
from sample_data.generator.exports.talks import talks
from sample_data.generator.exports.training import asked_and_answered

NAME = "prompt-completion"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the dataset."""
    records = []
    for talk in talks():
        prompt, answer = asked_and_answered(talk)
        records.append({"prompt": prompt, "completion": [answer], "source": "demo"})
    return {"train.jsonl": as_lines(records)}
