"""Jira Service Management: a page of a search with documents (ADF), comments inside."""

from typing import Any

from sample_data.generator.exports.shapes import as_json
from sample_data.generator.exports.talks import BOT, Person, Said, Talk, talks

NAME = "jira"
OPTIONS: dict[str, Any] = {}

_ASIDE = "Twenty minutes, staff only."
_INTERNAL = {"key": "sd.public.comment", "value": {"internal": True}}
_HOST = "https://acme.atlassian.net/rest/api/3/issue"


def files() -> dict[str, bytes]:
    """Return the export."""
    issues = [_issue(talk) for talk in talks()]
    page = {"startAt": 0, "maxResults": 50, "total": len(issues), "issues": issues}
    return {"search.json": as_json(page)}


def _issue(talk: Talk) -> dict[str, Any]:
    comments = [_comment(talk, n, said) for n, said in enumerate(talk.said) if n]
    return {
        "expand": "renderedFields,names,schema",
        "id": str(talk.number),
        "self": f"{_HOST}/{talk.number}",
        "key": f"HELP-{talk.number}",
        "fields": {
            "summary": talk.subject,
            "description": _document(talk.said[0].text),
            "reporter": _person(talk.customer, "customer"),
            "creator": _person(talk.customer, "customer"),
            "assignee": _person(talk.agent, "atlassian"),
            "created": _time(talk.said[0]),
            "labels": list(talk.tags),
            "worklog": {"worklogs": [{"id": "1", "comment": _document(_ASIDE)}], "total": 1},
            "customfield_10050": _document(_ASIDE),
            "comment": {"comments": comments, "total": len(comments), "startAt": 0},
        },
    }


def _comment(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    author = talk.author(said)
    kind = "app" if author == BOT else "atlassian"
    return {
        "self": f"{_HOST}/{talk.number}/comment/{talk.number}{n}",
        "id": f"{talk.number}{n}",
        "author": _person(author, "customer" if said.who == "customer" else kind),
        "body": _document(said.text),
        "created": _time(said),
        "jsdPublic": said.who != "note" or n % 2 == 0,
        "properties": [_INTERNAL] if said.who == "note" else [],
    }


def _person(person: Person, kind: str) -> dict[str, Any]:
    return {"accountId": f"5c{person.id}", "displayName": person.name, "accountType": kind}


def _document(text: str) -> dict[str, Any]:
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": part}]}
        for part in text.split("\n\n")
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def _time(said: Said) -> str:
    return said.at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
