"""What is known of an issue of Jira beside its comments, whichever way it was exported."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tunegate.readers.desks.cells import filled
from tunegate.readers.desks.jira_tables import key_of
from tunegate.readers.export import Desk, Found
from tunegate.readers.fields import at, identity, objects, text_of, truth, words
from tunegate.readers.json.record import Unreadable
from tunegate.readers.shape import Head
from tunegate.readers.times import moment


@dataclass(frozen=True)
class Issue:
    """What is known of an issue beside its comments; of one that is not there, nothing.

    reporter, assignee, creator: a person as the source gives them, or their id. others: names of
    people in fields of the desk's own, who may be participants of the request.
    """

    desk: Desk
    reporter: object = None
    assignee: object = None
    creator: object = None
    created: object = None
    others: frozenset[str] = frozenset()
    deleted: bool = False


Known = tuple[Issue, Head, tuple[str, object, object]]


def known_of(main: Found, desk: Desk) -> Known:
    """Return the issue, its head, and of the description: its pointer, text and HTML.

    Raises:
        Unreadable: what should hold the fields of the issue is no object.
    """
    if main.table == "issues":
        return _of_issue(main, desk)
    return _of_request(main, desk) if main.table == "requests" else _of_row(main, desk)


def _of_issue(one: Found, desk: Desk) -> Known:
    fields = one.fields.get("fields")
    if not isinstance(fields, dict):
        raise Unreadable("`fields` of the issue is not an object")
    issue = Issue(
        desk,
        reporter=fields.get("reporter"),
        assignee=fields.get("assignee"),
        creator=fields.get("creator"),
        created=fields.get("created"),
        others=frozenset(_listed_in(fields)),
    )
    head = _head(one, issue, fields.get("summary"), words(fields.get("labels")))
    rendered = at(one.fields, "renderedFields.description")
    return issue, head, ("/fields/description", fields.get("description"), rendered)


def _listed_in(fields: Mapping[str, Any]) -> Iterator[str]:
    for name, value in fields.items():
        for person in objects(value) if name.startswith("customfield_") else ():
            yield from names_of(person)


def _of_request(one: Found, desk: Desk) -> Known:
    fields = one.fields
    answers = {text_of(a.get("fieldId")): (n, a) for n, a in _numbered(fields)}
    _, summary = answers.get("summary", (0, {}))
    n, described = answers.get("description", (0, {}))
    issue = Issue(
        desk,
        reporter=fields.get("reporter"),
        creator=fields.get("reporter"),
        created=moment_of(fields.get("createdDate")),
    )
    pointer = f"/requestFieldValues/{n}/value"
    html = at(described, "renderedValue.html")
    head = _head(one, issue, fields.get("summary") or summary.get("value"), ())
    return issue, head, (pointer, described.get("value"), html)


def _numbered(fields: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    given = fields.get("requestFieldValues")
    for n, answer in enumerate(given if isinstance(given, list) else ()):
        if isinstance(answer, dict):
            yield n, answer


def _of_row(one: Found, desk: Desk) -> Known:
    fields = one.fields
    issue = Issue(
        desk,
        reporter=fields.get("reporter"),
        assignee=fields.get("assignee"),
        creator=fields.get("creator"),
        created=fields.get("created"),
        deleted=truth(fields.get("_fivetran_deleted")) is True,
    )
    head = _head(one, issue, fields.get("summary"), ())
    return issue, head, ("/description", fields.get("description"), None)


def _head(one: Found, issue: Issue, summary: object, tags: Sequence[str]) -> Head:
    name = identity(one.fields.get("key")) or identity(one.fields.get("issueKey"))
    return Head(
        one.row,
        id=name or key_of(one.fields),
        group=next(iter(names_of(issue.reporter)), None),
        created_at=moment(issue.created),
        subject=filled(summary),
        tags=tags,
    )


def names_of(person: object) -> list[str]:
    """Return all by which a person may be named elsewhere, ids first."""
    if not isinstance(person, dict):
        name = identity(person)
        return [name] if name and name.strip() else []
    fields = ("accountId", "key", "name", "emailAddress", "displayName")
    return [name for field in fields if (name := identity(person.get(field)))]


def moment_of(value: object) -> object:
    """Return a time of the portal's API, which writes it in several ways at once."""
    return value.get("epochMillis") or value.get("iso8601") if isinstance(value, dict) else value
