"""Langfuse: the enriched observations as CSV, with JSON in their fields."""

import json
from typing import Any

from sample_data.generator.exports.langfuse import NAME, OPTIONS, observations
from sample_data.generator.exports.shapes import as_csv

__all__ = ["NAME", "OPTIONS", "files"]

_NAMES = {"traceId": "trace_id", "startTime": "start_time"}


def files() -> dict[str, bytes]:
    """Return the export."""
    return {"observations_v2.csv": as_csv([_row(one) for one in observations()])}


def _row(one: dict[str, Any]) -> dict[str, Any]:
    row = {_NAMES.get(name, name): value for name, value in one.items()}
    for name in ("input", "output"):
        row[name] = json.dumps(row[name])
    return {**row, "session_id": one["traceId"].partition("-")[0]}
