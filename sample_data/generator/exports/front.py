"""Front: a page of conversations, a page of messages each, newest first, and their comments."""

from typing import Any

from sample_data.generator.exports.shapes import as_json, epoch, html
from sample_data.generator.exports.talks import Said, Talk, talks

NAME = "front"
OPTIONS: dict[str, Any] = {}

_HOST = "https://acme.api.frontapp.com"


def files() -> dict[str, bytes]:
    """Return the export."""
    made = {
        "conversations.json": _page("/conversations", [_conversation(talk) for talk in talks()]),
        "teammates.json": _page("/teammates", _teammates()),
    }
    for talk in talks():
        path = f"/conversations/{_id(talk)}"
        said = list(enumerate(talk.said))[::-1]
        notes = [_comment(talk, n, one) for n, one in said if one.who == "note"]
        sent = [_message(talk, n, one) for n, one in said if one.who != "note"]
        made[f"messages/{_id(talk)}.json"] = _page(f"{path}/messages", [*sent, _draft(talk)])
        if notes:
            made[f"comments/{_id(talk)}.json"] = _page(f"{path}/comments", notes)
    return made


def _page(path: str, results: list[dict[str, Any]]) -> bytes:
    links = {"self": f"{_HOST}{path}"}
    return as_json({"_pagination": {"next": None}, "_links": links, "_results": results})


def _id(talk: Talk) -> str:
    return f"cnv_{talk.number}"


def _links(talk: Talk) -> dict[str, Any]:
    return {"related": {"conversation": f"{_HOST}/conversations/{_id(talk)}"}}


def _conversation(talk: Talk) -> dict[str, Any]:
    return {
        "_links": {"self": f"{_HOST}/conversations/{_id(talk)}"},
        "id": _id(talk),
        "subject": talk.subject,
        "status": "archived",
        "recipient": {"handle": talk.customer.address, "role": "from"},
        "tags": [{"id": f"tag_{tag}", "name": tag} for tag in talk.tags],
        "created_at": float(epoch(talk.opened)),
        "is_private": False,
        "last_message": {"id": "msg_draft", "is_inbound": False, "blurb": "Draft, staff only."},
        "custom_fields": {"Remark": "Angry, staff only."},
    }


def _message(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    inbound = said.who == "customer"
    people = [(talk.customer, "from"), (talk.agent, "to")]
    if not inbound:
        people = [(talk.agent, "from"), (talk.customer, "to")]
    return {
        "_links": _links(talk),
        "id": f"msg_{talk.number}{n}",
        "type": "email",
        "is_inbound": inbound,
        "draft_mode": None,
        "error_type": None,
        "created_at": epoch(said.at) + 0.25,
        "subject": talk.subject,
        "author": None if inbound else _author(talk, said),
        "recipients": [{"handle": person.address, "role": role} for person, role in people],
        "body": html(said.text),
        "text": said.text,
        "attachments": [],
    }


def _author(talk: Talk, said: Said) -> dict[str, Any]:
    person = talk.author(said)
    kind = "rule" if said.who == "bot" else "user"
    return {"id": f"tea_{person.id}", "email": person.address, "type": kind}


def _draft(talk: Talk) -> dict[str, Any]:
    text = "Not finished, staff only."
    unsent = _message(talk, 9, Said("agent", talk.said[-1].at, text))
    return unsent | {"draft_mode": "shared"}


def _comment(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    return {
        "_links": _links(talk),
        "id": f"com_{talk.number}{n}",
        "author": _author(talk, said),
        "body": said.text,
        "posted_at": float(epoch(said.at)),
    }


def _teammates() -> list[dict[str, Any]]:
    return [
        {
            "_links": {"self": f"{_HOST}/teammates/tea_{person.id}"},
            "id": f"tea_{person.id}",
            "email": person.address,
            "is_available": True,
        }
        for person in sorted({talk.agent for talk in talks()})
    ]
