"""Jira Service Management: requests of the portal's API, and a page of comments each."""

from typing import Any

from sample_data.generator.exports.shapes import as_json, epoch, html, iso
from sample_data.generator.exports.talks import Person, Said, Talk, talks

NAME = "jira"
OPTIONS: dict[str, Any] = {"agents": ("mira@help.example", "tomas@help.example")}

_HOST = "https://acme.atlassian.net/rest/servicedeskapi/request"


def files() -> dict[str, bytes]:
    """Return the export."""
    made = {"requests.json": _page([_request(talk) for talk in talks()])}
    for talk in talks():
        # The page may be asked for newest first.
        said = [(n, one) for n, one in enumerate(talk.said) if n and one.who != "bot"][::-1]
        comments = [_comment(talk, n, one) for n, one in said]
        made[f"comments-{talk.number}.json"] = _page(comments)
    return made


def _page(values: list[dict[str, Any]]) -> bytes:
    return as_json({"size": len(values), "start": 0, "isLastPage": True, "values": values})


def _request(talk: Talk) -> dict[str, Any]:
    return {
        "issueId": str(talk.number),
        "issueKey": f"HELP-{talk.number}",
        "serviceDeskId": "10",
        "reporter": _person(talk.customer),
        "requestFieldValues": [
            {"fieldId": "summary", "label": "What is it about?", "value": talk.subject},
            {"fieldId": "description", "label": "Tell us", "value": talk.said[0].text},
        ],
        "createdDate": _time(talk.said[0]),
        "currentStatus": {"status": "Done"},
    }


def _comment(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    return {
        "id": f"{talk.number}{n}",
        "body": said.text,
        "renderedBody": {"html": html(said.text)},
        "public": said.who != "note",
        "author": _person(talk.author(said)),
        "created": _time(said),
        "_links": {"self": f"{_HOST}/{talk.number}/comment/{talk.number}{n}"},
    }


def _person(person: Person) -> dict[str, Any]:
    return {"accountId": f"5c{person.id}", "emailAddress": person.address, "active": True}


def _time(said: Said) -> dict[str, Any]:
    return {
        "iso8601": iso(said.at),
        "friendly": "Monday 09:00",
        "epochMillis": epoch(said.at) * 1000,
    }
