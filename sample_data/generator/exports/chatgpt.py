"""ChatGPT: conversations as trees, with answers that were made again and hidden messages."""

from typing import Any

from sample_data.generator.exports.shapes import as_json
from sample_data.generator.exports.talks import NOTE_MARKER, Said, Talk, talks

NAME = "chatgpt"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export."""
    return {
        "conversations.json": as_json([_conversation(talk) for talk in talks()]),
        "message_feedback.json": as_json(
            [{"id": "f", "conversation_id": "1001", "user_id": "u", "rating": "thumbs_up"}]
        ),
    }


def _conversation(talk: Talk) -> dict[str, Any]:
    nodes: dict[str, Any] = {"root": {"id": "root", "message": None, "parent": None}}
    last = "root"
    for n, said in enumerate(talk.said):
        if said.who == "agent":
            again = _message(said, f"Another answer, {NOTE_MARKER}.")
            nodes[f"again-{n}"] = {"id": f"again-{n}", "message": again, "parent": last}
        name = f"node-{n}"
        nodes[name] = {"id": name, "message": _message(said, said.text), "parent": last}
        last = name
    for name, node in nodes.items():
        node["children"] = [child for child, other in nodes.items() if other["parent"] == name]
    return {
        "title": talk.subject,
        "create_time": talk.opened.timestamp(),
        "mapping": dict(reversed(nodes.items())),
        "current_node": last,
        "conversation_id": str(talk.number),
    }


def _message(said: Said, text: str) -> dict[str, Any]:
    role = {"customer": "user", "agent": "assistant", "note": "system", "bot": "tool"}[said.who]
    hidden = {"is_visually_hidden_from_conversation": True} if said.who == "note" else {}
    return {
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": said.at.timestamp(),
        "content": {"content_type": "text", "parts": [text]},
        "status": "finished_successfully",
        "weight": 1.0,
        "metadata": hidden,
        "recipient": "all",
    }
