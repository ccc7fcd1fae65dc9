"""Alpaca with a history: the last question and its answer, and the pairs before them."""

from typing import Any

from sample_data.generator.exports.shapes import as_json
from sample_data.generator.exports.talks import Talk, talks

NAME = "alpaca"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the dataset."""
    return {"alpaca.json": as_json([_record(talk) for talk in talks()])}


def _record(talk: Talk) -> dict[str, Any]:
    texts = [text for _, text in talk.turns()]
    pairs = [texts[n : n + 2] for n in range(0, len(texts), 2)]
    question, answer = pairs[-1]
    return {"instruction": question, "input": "", "output": answer, "history": pairs[:-1]}
