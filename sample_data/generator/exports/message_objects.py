"""The same table as objects of JSON, a row a line."""

from typing import Any

from sample_data.generator.exports.message_rows import as_objects

NAME = "message-table"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export."""
    return {"messages.jsonl": as_objects()}
