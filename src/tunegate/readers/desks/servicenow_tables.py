"""The tables that exports of ServiceNow consist of, and who is who in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tunegate.model import About
from tunegate.readers.desks.cells import filled
from tunegate.readers.fields import identity
from tunegate.readers.json.elements import VALUES
from tunegate.readers.people import ASSISTANT, USER
from tunegate.readers.streams import Around, Stream, Table

_PATHS = (VALUES, ("result",), ("records",))
# Whoever has one of these answers requests; other roles say nothing of that.
_STAFF_ROLES = frozenset(
    {"admin", "itil", "itil_admin", "sn_customerservice_agent", "sn_customerservice_manager"}
    | {"sn_customerservice.consumer_agent", "sn_hr_core.basic", "sn_hr_core.case_writer"}
)

ABOUT = About(
    title="ServiceNow",
    export="Table API (GET /api/now/table/{table}) or list export with field names as CSV or JSON: "
    "`sys_journal_field`, the task's table such as `incident`, and `sys_user`",
    reads="the description of callers, and journal entries of the field `comments`",
    leaves="work notes, joined texts such as `comments_and_work_notes`, entries of other fields, "
    "entries of `system`, descriptions that staff wrote for a caller",
)


def words_of(fields: Mapping[str, Any], *columns: str) -> Iterator[str]:
    """Yield all by which columns name a person: value, display value, and walked fields."""
    for column in columns:
        for name in (column, f"{column}_value", f"{column}.user_name", f"{column}.sys_id"):
            value = fields.get(name)
            given = (
                [value.get("value"), value.get("display_value")]
                if isinstance(value, dict)
                else [value]
            )
            for one in given:
                if word := filled(identity(one)):
                    yield word


def pair(user_name: str, person: str) -> str:
    """Return what stands for "this user name is that person" among the people."""
    return f"{user_name}\n{person}"


def persons(table: str, fields: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield who each user name is, as a pair that counts as a customer, and who is staff."""
    if table == "roles":
        if _is_staff(fields, "role.name", "role"):
            for name in words_of(fields, "user.user_name"):
                yield name, ASSISTANT
        return
    for name in words_of(fields, "user_name"):
        for person in words_of(fields, "sys_id", "name", "email"):
            yield pair(name, person), USER
        if _is_staff(fields, "roles"):
            yield name, ASSISTANT


def _is_staff(fields: Mapping[str, Any], *columns: str) -> bool:
    return any(
        not _STAFF_ROLES.isdisjoint(part.strip() for part in word.split(","))
        for word in words_of(fields, *columns)
    )


def _task(fields: Mapping[str, Any], around: Around) -> str | None:
    return next(words_of(fields, "sys_id"), None)


def _element(fields: Mapping[str, Any], around: Around) -> str | None:
    return next(words_of(fields, "element_id"), None)


def refuses(streams: Sequence[Stream]) -> tuple[str, str] | None:
    """Say why an export of tasks without their journal cannot be used."""
    tables = {stream.table.name for stream in streams}
    if tables & {"tasks", "joined"} and "journal" not in tables:
        return (
            "holds tasks of ServiceNow without their journal; the fields `comments` and "
            "`comments_and_work_notes` join many entries in one text, the latter with internal "
            "ones, and are not read",
            "also export the table `sys_journal_field` (and `sys_user`), and audit the folder",
        )
    return None


TABLES = (
    Table(
        "journal",
        needs="element element_id value",
        any="name sys_id sys_created_by sys_created_on",
        paths=_PATHS,
        key=_element,
    ),
    Table(
        "tasks",
        needs="sys_id",
        any="number short_description caller_id caller_id_value opened_by opened_by_value",
        never="user_name element_id element name",
        paths=_PATHS,
        key=_task,
    ),
    Table(
        "joined",
        needs="number short_description",
        any="comments comments_and_work_notes work_notes",
        never="sys_id id body",
        paths=_PATHS,
        key="number",
    ),
    Table(
        "sys_user",
        needs="sys_id user_name",
        any="name email roles active first_name last_name",
        paths=_PATHS,
        use="people",
    ),
    Table("roles", needs="user.user_name", any="role role.name", paths=_PATHS, use="people"),
    Table("other tables", needs="sys_id", paths=_PATHS, use="nothing"),
)
