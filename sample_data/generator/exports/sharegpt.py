"""ShareGPT: conversations of from and value, in one JSON array."""

from typing import Any

from sample_data.generator.exports.shapes import as_json
from sample_data.generator.exports.talks import talks

NAME = "sharegpt"
OPTIONS: dict[str, Any] = {}

_FROM = {"user": "human", "assistant": "gpt"}


def files() -> dict[str, bytes]:
    """Return the dataset."""
    records = [
        {
            "id": f"demo_{talk.number}",
            "conversations": [{"from": _FROM[role], "value": text} for role, text in talk.turns()],
        }
        for talk in talks()
    ]
    return {"sharegpt.json": as_json(records)}
