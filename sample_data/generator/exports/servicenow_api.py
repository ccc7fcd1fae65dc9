"""ServiceNow: pages of the Table API with stored and shown values, rich text in `[code]`."""

from typing import Any

from sample_data.generator.exports.servicenow import incidents, journal, users
from sample_data.generator.exports.shapes import as_json, html

NAME = "servicenow"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export."""
    entries = [
        {**entry, "value": f"[code]{html(entry['value'])}[/code]"} for entry in journal()[::-1]
    ]
    return {
        "incident.json": _page(incidents()),
        "sys_journal_field.json": _page(entries),
        "sys_user.json": _page(users()),
    }


def _page(rows: list[dict[str, Any]]) -> bytes:
    return as_json({"result": [_shown(row) for row in rows]})


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: {"display_value": value, "value": value} for name, value in row.items()}
