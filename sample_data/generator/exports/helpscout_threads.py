"""Help Scout: the list of conversations, and a page of threads for each of them."""

from typing import Any

from sample_data.generator.exports.helpscout import conversation
from sample_data.generator.exports.shapes import as_json, as_lines
from sample_data.generator.exports.talks import talks

NAME = "helpscout"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export."""
    listed, pages = [], []
    for talk in talks():
        told = conversation(talk)
        inside = told.pop("_embedded")
        listed.append({**told, "_embedded": {"threads": []}})
        link = f"https://api.helpscout.example/v2/conversations/{talk.number}/threads?page=1"
        pages.append({"_embedded": inside, "_links": {"self": {"href": link}}})
    return {
        "conversations.json": as_json({"_embedded": {"conversations": listed}}),
        "threads.jsonl": as_lines(pages),
    }
