"""Preference pairs as TRL takes them: a prompt, the answer that was given, and a worse one."""

from typing import Any

from sample_data.generator.exports.shapes import as_lines
from sample_data.generator.exports.talks import Talk, talks
from sample_data.generator.exports.training import asked_and_answered

NAME = "preference"
OPTIONS: dict[str, Any] = {}

WORSE = "I do not know."


def turns(talk: Talk) -> list[tuple[str, str]]:
    """Return the turns of a talk and the worse answer after them."""
    return [*talk.turns(), ("assistant", WORSE)]


def files() -> dict[str, bytes]:
    """Return the dataset."""
    records = []
    for talk in talks():
        prompt, answer = asked_and_answered(talk)
        worse = {"role": "assistant", "content": WORSE}
        records.append({"prompt": prompt, "chosen": [answer], "rejected": [worse]})
    return {"pairs.jsonl": as_lines(records)}
