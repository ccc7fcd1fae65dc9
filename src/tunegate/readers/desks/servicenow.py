"""Read the journal of ServiceNow (`sys_journal_field`) with its tasks and users.

Each entry says which field it was written to: `comments` are seen by customers, `work_notes` are
not. The joined texts of a task, such as `comments_and_work_notes`, are never read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tunegate.readers.bodies.html import to_text
from tunegate.readers.desks.cells import Seen, filled
from tunegate.readers.desks.repeats import once
from tunegate.readers.desks.servicenow_tables import ABOUT, TABLES, pair, persons, refuses, words_of
from tunegate.readers.export import Desk, ExportReader, Found, Talk, each
from tunegate.readers.fields import identity, text_of, truth
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    AUTOMATION,
    DELETED,
    INTERNAL,
    REPEATED,
    THIRD_PERSON,
    TICKET_UNKNOWN,
    UNKNOWN_VISIBILITY,
    Message,
)
from tunegate.readers.people import ASSISTANT, USER
from tunegate.readers.shape import Head
from tunegate.readers.times import moment

_UNKNOWN = "author is neither caller nor staff; add the table `sys_user`, or name the agents"
_COMMENTS, _NOTES = "comments", "work_notes"
_SYSTEM = "system"
_CUSTOMERS = ("caller_id", "requested_for", "opened_for", "contact", "consumer", "subject_person")
_STAFF = ("assigned_to", "resolved_by", "closed_by")
# Up to the next mark: to search for the end from each opening would be quadratic.
_CODE = re.compile(r"\[code\]((?:[^\[]++|\[(?!/?code\]))*+)\[/code\]", re.IGNORECASE)
# How inbound mails begin once they became a comment.
_MAILED = ("reply from:", "received from:")


@dataclass(frozen=True)
class _Task:
    """What is known of a task beside its journal.

    callers, staff: all by which they are named. noted: who wrote work notes, as only staff can.
    """

    desk: Desk
    callers: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    noted: frozenset[str] = frozenset()
    deleted: bool = False
    seen: Seen = field(default_factory=Seen)


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Talk]:
    rows = [one for one in found if one.table == "tasks"]
    journal = [one for one in found if one.table == "journal"]
    # A task is one row of its own table, and with some exports another one of `task`.
    fields: dict[str, Any] = {}
    for one in rows:
        fields = {**one.fields, **{k: v for k, v in fields.items() if v not in (None, "")}}
    task = _Task(
        desk,
        callers=_names(fields, _CUSTOMERS),
        staff=_names(fields, _STAFF),
        noted=frozenset(
            author
            for one in journal
            if _value(one.fields, "element") == _NOTES
            and (author := _value(one.fields, "sys_created_by"))
        ),
        deleted=any(truth(one.fields.get("_fivetran_deleted")) for one in rows),
    )
    first = (rows or journal)[0]
    own = _value(fields, "sys_id") or _value(first.fields, "element_id")
    messages = list(each(rows, lambda one: _opening(one, fields, task)))
    messages = [
        message for message in messages if message.excluded or message.unreadable or message.role
    ]
    messages += each(journal, lambda one: _entry(one, task))
    yield Talk(
        Head(
            first.row,
            id=_value(fields, "number") or own,
            group=next(iter(words_of(fields, *_CUSTOMERS)), None),
            created_at=moment(_value(fields, "opened_at") or _value(fields, "sys_created_on")),
            subject=filled(_value(fields, "short_description")),
        ),
        once(messages),
        () if rows else (TICKET_UNKNOWN,),
    )


def _opening(one: Found, fields: Mapping[str, Any], task: _Task) -> Message:
    """Return the description as the first message; without one, a message that is nothing."""
    text = _value(one.fields, "description")
    message = Message(one.place._replace(pointer="/description"))
    if not filled(text):
        return message
    opened = _value(fields, "opened_at") or _value(fields, "sys_created_on")
    message = message._replace(at=task.desk.time(opened))
    if task.seen.again("/description"):
        return message._replace(excluded=REPEATED)
    if task.deleted:
        return message._replace(excluded=DELETED)
    writers = _names(fields, ("opened_by",)) or _names(fields, ("sys_created_by",))
    if not writers or not task.callers:
        raise Unreadable("task does not say who opened it for whom (`opened_by`, `caller_id`)")
    if not any(_is_one_of(writer, task.callers, task) for writer in writers):
        # Staff wrote it for the caller, and perhaps not for their eyes.
        return message._replace(excluded=UNKNOWN_VISIBILITY)
    return _worded(message._replace(role=USER, author=sorted(writers)[0]), text or "")


def _entry(one: Found, task: _Task) -> Message:
    fields = one.fields
    author, element = _value(fields, "sys_created_by"), _value(fields, "element")
    at, key = task.desk.time(_value(fields, "sys_created_on")), _value(fields, "sys_id")
    message = Message(one.place, at=at, author=author, key=key)
    if task.deleted or truth(fields.get("_fivetran_deleted")):
        return message._replace(excluded=DELETED)
    if element == _NOTES:
        return message._replace(excluded=INTERNAL)
    if element != _COMMENTS:
        return message._replace(excluded=UNKNOWN_VISIBILITY)
    if author == _SYSTEM:
        return message._replace(excluded=AUTOMATION)
    role, note = _role(author, task)
    return _worded(message._replace(role=role, note=note), _value(fields, "value") or "")


def _role(author: str | None, task: _Task) -> tuple[str, str | None]:
    """Return the role of an author, and what a reviewer must know of them."""
    if not author:
        raise Unreadable("entry does not say who wrote it")
    agents = bool(task.desk.options.agents)
    known = task.desk.people.role(author)
    if agents and known == ASSISTANT:
        return ASSISTANT, None
    if _is_one_of(author, task.callers, task):
        return USER, None
    if known == ASSISTANT or author in task.noted or _is_one_of(author, task.staff, task):
        return ASSISTANT, None
    if agents:
        return USER, THIRD_PERSON  # the user said who is staff
    raise Unreadable(_UNKNOWN)


def _is_one_of(author: str, people: Iterable[str], task: _Task) -> bool:
    """Tell whether a user name is that of a person who is named in any way."""
    known = task.desk.people
    return any(author == person or known.role(pair(author, person)) == USER for person in people)


def _worded(message: Message, text: str) -> Message:
    mailed = text.lstrip().casefold().startswith(_MAILED)
    plain = _CODE.sub(lambda code: to_text(code[1]), text)
    return message._replace(text=plain, mail=mailed)


def _names(fields: Mapping[str, Any], columns: Sequence[str]) -> frozenset[str]:
    return frozenset(words_of(fields, *columns))


def _value(fields: Mapping[str, Any], name: str) -> str | None:
    """Return a field as it is stored rather than as it is shown; text is left as it is."""
    value = fields.get(name)
    if isinstance(value, dict):
        value = (
            value.get("value")
            if value.get("value") not in (None, "")
            else value.get("display_value")
        )
    return text_of(value) or identity(value)


READER = ExportReader(
    name="servicenow",
    about=ABOUT,
    tables=TABLES,
    make=_make,
    persons=persons,
    refuses=refuses,
)
