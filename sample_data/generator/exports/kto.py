"""KTO: each talk with its answer labelled good, and once more with a bad one."""

from typing import Any

from sample_data.generator.exports.shapes import as_lines
from sample_data.generator.exports.talks import NOTE_MARKER, talks
from sample_data.generator.exports.training import asked_and_answered

NAME = "kto"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the dataset."""
    records: list[dict[str, Any]] = []
    for talk in talks():
        prompt, answer = asked_and_answered(talk)
        bad = {"role": "assistant", "content": NOTE_MARKER}
        records.append({"prompt": prompt, "completion": [bad], "label": False})
        records.append({"prompt": prompt, "completion": [answer], "label": True})
    return {"kto.jsonl": as_lines(records)}
