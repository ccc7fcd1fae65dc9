"""Open Assistant messages, a line each, the trees mixed up and with replies that rank lower."""

from collections.abc import Iterator
from typing import Any

from sample_data.generator.exports.shapes import as_lines, iso
from sample_data.generator.exports.talks import NOTE_MARKER, Talk, talks

NAME = "oasst"
OPTIONS: dict[str, Any] = {}

_ROLES = {"user": "prompter", "assistant": "assistant"}


def files() -> dict[str, bytes]:
    """Return the dataset."""
    messages = [message for talk in talks() for message in tree(talk)]
    # A tree's messages lie apart in the published files.
    return {"messages.jsonl": as_lines(messages[::2] + messages[1::2])}


def tree(talk: Talk) -> Iterator[dict[str, Any]]:
    """Yield the messages of a tree, each after the one it replies to."""
    parent = None
    for n, (role, text) in enumerate(talk.turns()):
        identifier = f"{talk.number}-{n}"
        if role == "assistant":
            # The worse reply comes first, so that the order does not tell.
            yield _message(talk, f"{identifier}-b", parent, "assistant", NOTE_MARKER, rank=1)
            made = _message(talk, f"{identifier}-c", parent, "assistant", NOTE_MARKER, rank=0)
            yield {**made, "deleted": True}
        yield _message(talk, identifier, parent, _ROLES[role], text, rank=0)
        parent = identifier


def _message(
    talk: Talk, identifier: str, parent: str | None, role: str, text: str, *, rank: int
) -> dict[str, Any]:
    return {
        "message_id": identifier,
        "parent_id": parent,
        "user_id": f"user-{talk.customer.id}",
        "created_date": iso(talk.opened),
        "text": text,
        "role": role,
        "lang": "en",
        "review_count": 3,
        "review_result": True,
        "deleted": False,
        "rank": rank if parent else None,
        "synthetic": False,
        "model_name": None,
        "message_tree_id": str(talk.number),
        "tree_state": "ready_for_export",
    }
