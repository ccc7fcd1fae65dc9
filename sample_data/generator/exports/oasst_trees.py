"""Open Assistant trees, nested, a tree a line."""

from typing import Any

from sample_data.generator.exports.oasst import tree
from sample_data.generator.exports.shapes import as_lines
from sample_data.generator.exports.talks import Talk, talks

NAME = "oasst"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the dataset."""
    return {"trees.jsonl": as_lines(_nested(talk) for talk in talks())}


def _nested(talk: Talk) -> dict[str, Any]:
    messages = {message["message_id"]: {**message, "replies": []} for message in tree(talk)}
    prompt = {}
    for message in messages.values():
        parent = message.pop("parent_id")
        if parent is None:
            prompt = message
        else:
            messages[parent]["replies"].append(message)
    return {
        "message_tree_id": str(talk.number),
        "tree_state": "ready_for_export",
        "prompt": prompt,
    }
