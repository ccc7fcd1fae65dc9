"""Read Jira Service Management: issues with comments, requests of the portal, or Fivetran tables.

A comment is kept only if it says that customers see it (`jsdPublic`, `public`, `is_public`, or the
property `sd.public.comment` where none of these is), and nothing hides it. The description is the
customer's first message if the customer opened the issue.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from tunegate.readers.desks.cells import held
from tunegate.readers.desks.jira_issues import Issue, known_of, moment_of, names_of
from tunegate.readers.desks.jira_tables import ABOUT, TABLES, key_of, persons, refuses
from tunegate.readers.desks.jira_texts import said_in
from tunegate.readers.desks.repeats import once
from tunegate.readers.export import Desk, ExportReader, Found, Talk, each
from tunegate.readers.fields import at, identity, objects, truth
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    CUT_SHORT,
    DELETED,
    INTERNAL,
    REPEATED,
    THIRD_PERSON,
    TICKET_UNKNOWN,
    UNKNOWN_VISIBILITY,
    Message,
    Place,
)
from tunegate.readers.people import ASSISTANT, BOT, USER
from tunegate.readers.shape import Head
from tunegate.readers.times import moment

_UNKNOWN = "author is neither reporter nor known to be staff; name the agents"
_HIDING = "sd.public.comment"
_PORTAL_ONLY = "qm:"  # how the ids of customers without a licence begin


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Talk]:
    mains = [one for one in found if one.table in ("issues", "requests", "issue")]
    main = mains[0] if mains else None
    issue, head, description = known_of(main, desk) if main else (Issue(desk), None, None)
    head = head or Head(found[0].row, id=key_of(found[0].fields))
    messages: list[Message] = []
    notes: list[str] = []
    if main and description:
        messages += _opening(main, issue, *description)
    messages += (message for one in mains[1:] for message in _repeated(one, desk))
    for one in found:
        if one.table in ("comments", "request comments", "comment"):
            messages += each([one], partial(_apart, issue=issue))
        elif one.table in ("issues", "requests"):
            items, total, pointer = _listing(one)
            make = partial(_comment, issue=issue)
            messages += held(items, one.place, pointer, make)
            here = len(items) if isinstance(items, list) else 0
            if items is None or (isinstance(total, int) and total > here):
                notes = [CUT_SHORT]
    # Pages of their own bring the comments that the issue's first page leaves out.
    apart = any(one.table.endswith(("comments", "comment")) for one in found)
    if apart:
        notes = []
    if not main:
        notes.append(TICKET_UNKNOWN)
    yield Talk(head, once(messages), notes)


def _repeated(one: Found, desk: Desk) -> Iterator[Message]:
    """Yield the description of an issue that another page had before, if it has one."""
    try:
        pointer, *text = known_of(one, desk)[2]
    except Unreadable as refused:
        yield Message(one.place, unreadable=str(refused))
        return
    if any(part not in (None, "") for part in text):
        yield Message(one.place._replace(pointer=pointer), excluded=REPEATED)


def _opening(main: Found, issue: Issue, pointer: str, text: object, html: object) -> list[Message]:
    """Return the description as the first message, nothing where there is none."""
    if text in (None, "") and html in (None, ""):
        return []
    place = main.place._replace(pointer=pointer)
    try:
        message = said_in(Message(place, at=issue.desk.time(issue.created)), text, html)
        if issue.deleted:
            return [message._replace(excluded=DELETED)]
        reporter = names_of(issue.reporter)
        if not reporter:
            raise Unreadable("issue does not say who reported it")
        creator = names_of(issue.creator)
        if creator and not set(creator) & set(reporter) and not _is_customer(issue.creator):
            # Written by staff or a form for the customer, and perhaps not for their eyes.
            return [message._replace(excluded=UNKNOWN_VISIBILITY)]
        role = issue.desk.people.role(*reporter) if _declared(issue, reporter) else USER
        return [message._replace(role=role, author=reporter[0])]
    except Unreadable as refused:
        return [Message(place, moment(issue.created), unreadable=str(refused))]


def _apart(one: Found, issue: Issue) -> Message:
    return _comment(one.fields, one.place, issue)


def _comment(fields: dict[str, Any], place: Place, issue: Issue) -> Message:
    author = fields.get("author", fields.get("author_id"))
    names = names_of(author)
    message = Message(
        place,
        at=issue.desk.time(moment_of(fields.get("created"))),
        author=names[0] if names else None,
        key=identity(fields.get("id")),
    )
    if issue.deleted or truth(fields.get("_fivetran_deleted")):
        return message._replace(excluded=DELETED)
    if _is_hidden(fields):
        return message._replace(excluded=INTERNAL)
    if not _is_public(fields):
        return message._replace(excluded=UNKNOWN_VISIBILITY)
    role, note = _role(author, names, issue)
    body, html = fields.get("body"), fields.get("renderedBody")
    html = html.get("html") if isinstance(html, dict) else html
    return said_in(message._replace(role=role, note=note), body, html)


def _is_hidden(fields: Mapping[str, Any]) -> bool:
    """Tell whether anything says that customers do not see a comment."""
    if fields.get("visibility") not in (None, "", {}):
        return True
    if any(truth(fields.get(name)) is False for name in ("jsdPublic", "public", "is_public")):
        return True
    return any(
        given.get("key") == _HIDING and truth(at(given, "value.internal")) is not False
        for given in _properties(fields)
    )


def _properties(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    properties = fields.get("properties")
    if isinstance(properties, dict):
        properties = [{"key": key, "value": value} for key, value in properties.items()]
    return objects(properties)


def _is_public(fields: Mapping[str, Any]) -> bool:
    named = [name for name in ("jsdPublic", "public", "is_public") if fields.get(name) is not None]
    if named:
        return any(truth(fields[name]) is True for name in named)
    # Data Center has no such field; a comment that nothing hides says it in its properties.
    return any(given.get("key") == _HIDING for given in _properties(fields))


def _role(author: object, names: Sequence[str], issue: Issue) -> tuple[str, str | None]:
    """Return the role of the author of a comment, and what a reviewer must know of them."""
    known = issue.desk.people.role(*names)
    if _declared(issue, names):
        return ASSISTANT, None
    kind = author.get("accountType") if isinstance(author, dict) else None
    if kind == "app":
        return BOT, None
    if set(names) & set(names_of(issue.reporter)):
        return USER, None
    if kind == "customer" or known == USER or any(n.startswith(_PORTAL_ONLY) for n in names):
        return USER, THIRD_PERSON if names_of(issue.reporter) else None
    if set(names) & set(names_of(issue.assignee)):
        return ASSISTANT, None
    # A colleague with an account may be staff or take part in the request as a customer.
    if kind == "atlassian" and issue.others.isdisjoint(names):
        return ASSISTANT, None
    if issue.desk.options.agents and names:
        return USER, THIRD_PERSON  # the user said who is staff
    raise Unreadable(_UNKNOWN)


def _declared(issue: Issue, names: Sequence[str]) -> bool:
    return bool(issue.desk.options.agents) and issue.desk.people.role(*names) == ASSISTANT


def _is_customer(person: object) -> bool:
    return isinstance(person, dict) and person.get("accountType") == "customer"


def _listing(one: Found) -> tuple[object, object, str]:
    """Return the comments that stand in an issue, how many there are, and their place."""
    pointer = "/fields/comment" if one.table == "issues" else "/comments"
    page = at(one.fields, "fields.comment" if one.table == "issues" else "comments")
    if not isinstance(page, dict):
        return page, None, pointer
    name = "comments" if "comments" in page else "values"
    total = page.get("total")
    if page.get("isLastPage") is False:
        total = 1 << 31  # nobody says how many there are beyond this page
    return page.get(name), total, f"{pointer}/{name}"


READER = ExportReader(
    name="jira",
    about=ABOUT,
    tables=TABLES,
    make=_make,
    persons=persons,
    refuses=refuses,
)
