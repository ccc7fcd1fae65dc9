"""Help Scout: a page of conversations with their threads, newest first."""

from typing import Any

from sample_data.generator.exports.shapes import as_json, html, iso
from sample_data.generator.exports.talks import Person, Said, Talk, talks

NAME = "helpscout"
OPTIONS: dict[str, Any] = {}

_TYPES = {"customer": "customer", "agent": "message", "note": "note", "bot": "message"}


def files() -> dict[str, bytes]:
    """Return the export."""
    found = [conversation(talk) for talk in talks()]
    page = {"size": 25, "totalElements": len(found), "totalPages": 1, "number": 1}
    return {"page.json": as_json({"_embedded": {"conversations": found}, "page": page})}


def conversation(talk: Talk) -> dict[str, Any]:
    """Return a conversation with all of its threads."""
    made = [_thread(talk, n, said) for n, said in enumerate(talk.said)]
    drafts = [
        {**_thread(talk, 50 + n, said), "type": "message", "state": "draft"}
        for n, said in enumerate(talk.said)
        if said.who == "note"
    ]
    moved = {"id": talk.number * 100 + 99, "type": "lineitem", "state": "published"}
    moved |= {"createdAt": iso(talk.said[-1].at), "createdBy": _made_by(talk.agent, "user")}
    return {
        "id": talk.number,
        "threads": len(made),
        "number": talk.number - 1000,
        "type": "email",
        "status": "closed",
        "state": "published",
        "subject": talk.subject,
        "preview": talk.said[-1].text,
        "mailboxId": 7,
        "createdAt": iso(talk.opened),
        "userUpdatedAt": iso(talk.said[-1].at),
        "tags": [{"id": n, "color": "#929499", "tag": tag} for n, tag in enumerate(talk.tags)],
        "primaryCustomer": {"id": talk.customer.id, "email": talk.customer.address},
        "_embedded": {"threads": [moved, *drafts, *reversed(made)]},
    }


def _made_by(person: Person, kind: str) -> dict[str, Any]:
    return {"id": person.id, "type": kind, "email": person.address}


def _thread(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    kind = "customer" if said.who == "customer" else "user"
    return {
        "id": talk.number * 100 + n,
        "type": _TYPES[said.who],
        "status": "active",
        "state": "published",
        "action": {"type": "automatic-workflow" if said.who == "bot" else "default"},
        "body": html(said.text),
        "source": {"type": "email", "via": kind},
        "createdBy": _made_by(talk.author(said), kind),
        "createdAt": iso(said.at),
        "_embedded": {"attachments": []},
    }
