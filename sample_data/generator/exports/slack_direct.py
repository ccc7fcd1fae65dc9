"""Slack: a zip file of direct messages, which know no threads."""

from typing import Any

from sample_data.generator.exports.shapes import as_json, as_zip
from sample_data.generator.exports.slack import messages, tables
from sample_data.generator.exports.talks import AGENTS, talks

NAME = "slack"
OPTIONS: dict[str, Any] = {"agents": tuple(f"U{agent.id}" for agent in AGENTS)}


def files() -> dict[str, bytes]:
    """Return the export."""
    entries = tables("slack export", "general")
    for talk in talks():
        day = talk.opened.strftime("%Y-%m-%d")
        said = as_json(list(messages(talk, thread=False)))
        entries[f"slack export/D{talk.customer.id}/{day}.json"] = said
    return {"slack.zip": as_zip(entries)}
