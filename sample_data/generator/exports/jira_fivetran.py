"""Jira by Fivetran: tables of issues, comments and users."""

from typing import Any

from sample_data.generator.exports.shapes import as_csv
from sample_data.generator.exports.talks import Said, Talk, talks

NAME = "jira"
OPTIONS: dict[str, Any] = {}

_SYNCED = "2026-03-09 00:00:00"


def files() -> dict[str, bytes]:
    """Return the export."""
    comments = [
        _comment(talk, n, said)
        for talk in talks()
        for n, said in enumerate(talk.said)
        if n and said.who != "bot"
    ]
    people = sorted({person for talk in talks() for person in (talk.customer, talk.agent)})
    users = [
        {
            "id": f"5c{person.id}",
            "_fivetran_synced": _SYNCED,
            "email": person.address,
            "locale": "en_US",
            "name": person.name,
            "time_zone": "Europe/Oslo",
            "username": "",
        }
        for person in people
    ]
    statuses = [{"id": "3", "_fivetran_synced": _SYNCED, "name": "Done", "status_category_id": "3"}]
    return {
        "issue.csv": as_csv([_issue(talk) for talk in talks()]),
        "comment.csv": as_csv(comments[::-1]),
        "user.csv": as_csv(users),
        "status.csv": as_csv(statuses),
    }


def _issue(talk: Talk) -> dict[str, Any]:
    return {
        "id": talk.number,
        "_fivetran_deleted": "FALSE",
        "_fivetran_synced": _SYNCED,
        "assignee": f"5c{talk.agent.id}",
        "created": _time(talk.said[0]),
        "creator": f"5c{talk.customer.id}",
        "description": talk.said[0].text,
        "issue_type": 10103,
        "key": f"HELP-{talk.number}",
        "reporter": f"5c{talk.customer.id}",
        "summary": talk.subject,
    }


def _comment(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    return {
        "id": f"{talk.number}{n}",
        "_fivetran_synced": _SYNCED,
        "author_id": f"5c{talk.author(said).id}",
        "body": said.text,
        "created": _time(said),
        "is_public": "false" if said.who == "note" else "true",
        "issue_id": talk.number,
        "update_author_id": "",
        "updated": _time(said),
    }


def _time(said: Said) -> str:
    return said.at.strftime("%Y-%m-%d %H:%M:%S.000")
