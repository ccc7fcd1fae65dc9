"""ServiceNow: the journal and its task, who is who, and what is never read."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from exports import Content, books, notes, read, said
from spoilt import accounted, spoilt
from tunegate.errors import InputError
from tunegate.readers.desks.servicenow import READER

TASK, ANA, MIRA = "a" * 32, "b" * 32, "c" * 32


def entry(value: str, after: int = 1, by: str = "mira", **fields: Any) -> dict[str, Any]:
    return {
        "sys_id": f"{value}{after}",
        "name": "incident",
        "element_id": TASK,
        "element": "comments",
        "value": value,
        "sys_created_on": f"2026-03-02 09:00:{after:02}",
        "sys_created_by": by,
        **fields,
    }


def incident(**fields: Any) -> dict[str, Any]:
    return {
        "sys_id": TASK,
        "number": "INC1",
        "caller_id": ANA,
        "opened_by": ANA,
        "assigned_to": MIRA,
        "short_description": "Parcel",
        "description": "Where is it?",
        "opened_at": "2026-03-02 09:00:00",
        **fields,
    }


USERS: list[dict[str, Any]] = [
    {"sys_id": ANA, "user_name": "ana", "name": "Ana Silva", "roles": ""},
    {"sys_id": MIRA, "user_name": "mira", "name": "Mira Lund", "roles": ""},
    {"sys_id": "d" * 32, "user_name": "tom", "name": "Tom Rey", "roles": "itil,other"},
    {"sys_id": "e" * 32, "user_name": "eve", "name": "Eve Ho", "roles": "snc_internal"},
]


def export(*entries: Any, users: Any = USERS, **fields: Any) -> dict[str, Content]:
    return {
        "incident.json": {"result": [incident(**fields)]},
        "sys_journal_field.json": {"result": list(entries)},
        "sys_user.json": {"result": users},
    }


def test_the_description_and_the_comments_are_the_talk(tmp_path: Path) -> None:
    files = export(entry("Thanks", 2, "ana"), entry("Tomorrow."))
    reading, _ = read(READER, tmp_path, files)
    turns = [("user", "Where is it?"), ("assistant", "Tomorrow."), ("user", "Thanks")]
    assert said(reading) == [turns]
    assert reading.batch.conversations.select("id", "group", "subject").row(0) == (
        "INC1",
        ANA,
        "Parcel",
    )


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (entry("x", element="work_notes"), "internal note"),
        (entry("x", element="approval_history"), "visibility unknown"),
        (entry("x", element=None), "visibility unknown"),
        (entry("x", by="system"), "automation"),
        (entry("x", _fivetran_deleted="TRUE"), "deleted or spam"),
        (entry("Sound"), "repeated"),
    ],
)
def test_what_callers_did_not_see_or_nobody_wrote_is_left_out(
    tmp_path: Path, one: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, export(entry("Sound"), one))
    assert books(reading) == (2, 0, {why: 1}, [])


@pytest.mark.parametrize(
    ("author", "role"), [("ana", "user"), ("mira", "assistant"), ("tom", "assistant")]
)
def test_caller_assignee_and_whoever_has_the_role_are_told_apart(
    tmp_path: Path, author: str, role: str
) -> None:
    files = export(entry("x", by=author), description=None)
    reading, _ = read(READER, tmp_path, files)
    assert said(reading) == [[(role, "x")]]


def test_who_writes_work_notes_is_staff(tmp_path: Path) -> None:
    files = export(entry("x", by="eve"), entry("y", by="eve", element="work_notes"))
    reading, _ = read(READER, tmp_path, files)
    assert said(reading) == [[("user", "Where is it?"), ("assistant", "x")]]


def test_somebody_who_is_neither_is_unreadable_until_the_agents_are_named(tmp_path: Path) -> None:
    files = export(entry("x", by="eve"))
    reading, _ = read(READER, tmp_path, files)
    why = "author is neither caller nor staff; add the table `sys_user`, or name the agents"
    assert books(reading) == (1, 0, {}, [why])
    reading, _ = read(READER, tmp_path, files, agents=("mira",))
    assert notes(reading) == ["third person"]
    reading, _ = read(READER, tmp_path, files, agents=("eve",))
    assert said(reading) == [[("user", "Where is it?"), ("assistant", "x")]]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"opened_by": MIRA}, (0, {"visibility unknown": 1}, [])),
        ({"opened_by": None, "sys_created_by": "ana"}, (1, {}, [])),
        ({"_fivetran_deleted": True}, (0, {"deleted or spam": 1}, [])),
        ({"opened_at": "soon"}, (0, {}, ["time is not understood"])),
        (
            {"opened_by": None},
            (0, {}, ["task does not say who opened it for whom (`opened_by`, `caller_id`)"]),
        ),
        ({"description": " "}, (0, {}, [])),
    ],
)
def test_a_description_is_used_only_if_the_caller_wrote_it(
    tmp_path: Path, fields: dict[str, Any], expected: tuple[int, dict[str, int], list[str]]
) -> None:
    files = export(entry("x", element="work_notes"), **fields)
    reading, _ = read(READER, tmp_path, files)
    used, _, excluded, unreadable = books(reading)
    note = "deleted or spam" if "_fivetran_deleted" in fields else "internal note"
    excluded[note] -= 1
    assert (used, {k: n for k, n in excluded.items() if n}, unreadable) == expected


def test_joined_texts_are_never_read(tmp_path: Path) -> None:
    joined = "2026-03-02 - Mira (Work notes)\nLost it again"
    files = export(entry("x"), comments_and_work_notes=joined, comments=joined, work_notes=joined)
    reading, _ = read(READER, tmp_path, files)
    assert "Lost" not in str(reading.batch.turns["text"].to_list())


def test_stored_values_count_rather_than_shown_ones(tmp_path: Path) -> None:
    shown = {
        name: {"value": value, "display_value": f"shown {value}"}
        for name, value in entry("Tomorrow.").items()
    }
    reading, _ = read(READER, tmp_path, export(shown))
    assert said(reading) == [[("user", "Where is it?"), ("assistant", "Tomorrow.")]]


def test_people_may_be_named_as_they_are_shown(tmp_path: Path) -> None:
    names = {"caller_id": "Ana Silva", "opened_by": "Ana Silva", "assigned_to": "Mira Lund"}
    files = export(entry("x"), entry("y", 2, "ana"), **names)
    reading, _ = read(READER, tmp_path, files)
    assert [role for role, _ in said(reading)[0]] == ["user", "assistant", "user"]


def test_a_walked_field_needs_no_users_table(tmp_path: Path) -> None:
    files = export(entry("x", by="ana"), users=[], **{"caller_id.user_name": "ana"})
    del files["sys_user.json"]
    reading, _ = read(READER, tmp_path, files)
    assert books(reading) == (1, 1, {}, [])


def test_rich_text_becomes_plain(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, export(entry("See: [code]<p>a &amp; b</p>[/code]")))
    assert said(reading)[0][1] == ("assistant", "See: a & b")


def test_tables_of_fivetran_give_one_task(tmp_path: Path) -> None:
    task = {k: v for k, v in incident().items() if k != "caller_id"}
    task = {f"{k}_value" if k in ("opened_by", "assigned_to") else k: v for k, v in task.items()}
    files = export(entry("x")) | {
        "incident.json": {"result": [{"sys_id": TASK, "caller_id_value": ANA}]},
        "task.json": {"result": [task]},
    }
    reading, _ = read(READER, tmp_path, files)
    assert said(reading) == [[("user", "Where is it?"), ("assistant", "x")]]


@pytest.mark.parametrize(
    "content",
    [
        {"result": [incident(comments_and_work_notes="x")]},
        "number,short_description,comments_and_work_notes\nINC1,Parcel,x\n",
    ],
    ids=["table", "list as CSV"],
)
def test_tasks_without_their_journal_are_refused(tmp_path: Path, content: Content) -> None:
    name = "incident.csv" if isinstance(content, str) else "incident.json"
    with pytest.raises(InputError, match="without their journal") as refused:
        read(READER, tmp_path, {name: content})
    assert "sys_journal_field" in (refused.value.hint or "")


def test_other_tables_hold_nothing_to_read(tmp_path: Path) -> None:
    groups: Content = {"result": [{"sys_id": "1", "name": "Desk", "description": "Lost it"}]}
    _, plan = read(READER, tmp_path, export(entry("x")) | {"groups.json": groups})
    assert plan.unused == ("groups.json",)


WHOLE = [entry("Sound"), entry("x", 2, "ana"), entry("y", 3), entry("z", 4, element="work_notes")]


@given(spoilt(WHOLE).filter(lambda found: found[0] == WHOLE[0]))
def test_every_entry_is_accounted_for(entries: list[Any]) -> None:
    assert accounted(READER, export(*entries)) == 1 + len(entries)


@given(spoilt([incident()], (0,)))
def test_a_spoilt_task_costs_no_entry(tasks: list[Any]) -> None:
    files = export(*WHOLE) | {"incident.json": {"result": [incident(sys_id="f" * 32), *tasks]}}
    found = accounted(READER, files)
    assert found is None or found >= 1 + len(WHOLE)
