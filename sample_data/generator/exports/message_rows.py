"""A table with a message a row, as somebody's query wrote it: newest first, with semicolons."""

from typing import Any

from sample_data.generator.exports.shapes import as_lines, iso
from sample_data.generator.exports.talks import Said, Talk, talks

NAME = "message-table"
OPTIONS: dict[str, Any] = {}

_ROLES = {"customer": "customer", "agent": "agent", "bot": "bot", "note": "agent"}


def files() -> dict[str, bytes]:
    """Return the export."""
    rows = [_row(talk, said) for talk in talks() for said in talk.said]
    lines = [";".join(map(_quoted, row)) for row in ([*rows[0]], *(r.values() for r in rows[::-1]))]
    return {"messages.csv": "".join(f"{line}\r\n" for line in lines).encode()}


def _row(talk: Talk, said: Said) -> dict[str, str]:
    return {
        "ticket_id": str(talk.number),
        "role": _ROLES[said.who],
        "author_id": str(talk.author(said).id),
        "body": said.text,
        "created_at": iso(said.at),
        "is_internal": "yes" if said.who == "note" else "no",
    }


def _quoted(field: str) -> str:
    return f'"{field}"' if any(mark in field for mark in ';"\n') else field


def as_objects() -> bytes:
    """Return the same rows as JSON Lines."""
    return as_lines(_row(talk, said) for talk in talks() for said in talk.said)
