"""Jira Service Management: roles, what customers saw, the description, and each way to store it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from exports import Content, books, notes, read, said
from spoilt import accounted, spoilt
from tunegate.errors import InputError
from tunegate.readers.desks.jira import READER

API = "https://x.atlassian.net/rest/api/3/issue/10010"
ANA = {"accountId": "qm:ana", "accountType": "customer"}
BEN = {"accountId": "qm:ben", "accountType": "customer"}
MIRA = {"accountId": "5c1", "accountType": "atlassian", "emailAddress": "mira@help.example"}
APP = {"accountId": "5c9", "accountType": "app"}
INTERNAL = {"key": "sd.public.comment", "value": {"internal": True}}


def document(*texts: str) -> dict[str, Any]:
    inside = [{"type": "paragraph", "content": [{"type": "text", "text": t}]} for t in texts]
    return {"type": "doc", "version": 1, "content": inside}


def comment(text: str, after: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "self": f"{API}/comment/{text}",
        "id": text,
        "author": MIRA,
        "body": text,
        "created": f"2026-03-02T09:00:{after:02}.000+0000",
        "jsdPublic": True,
        **fields,
    }


def issue(*comments: Any, **fields: Any) -> dict[str, Any]:
    return {
        "id": "10010",
        "self": API,
        "key": "HELP-1",
        "fields": {
            "summary": "Parcel",
            "description": "Where is it?",
            "reporter": ANA,
            "creator": ANA,
            "created": "2026-03-02T09:00:00.000+0000",
            "comment": {"comments": list(comments), "total": len(comments)},
            **fields,
        },
    }


def page(*issues: Any) -> Content:
    return {"startAt": 0, "total": len(issues), "issues": list(issues)}


def test_the_description_is_the_first_message(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"s.json": page(issue(comment("Tomorrow.")))})
    assert said(reading) == [[("user", "Where is it?"), ("assistant", "Tomorrow.")]]
    assert reading.batch.conversations.select("id", "group", "subject").row(0) == (
        "HELP-1",
        "qm:ana",
        "Parcel",
    )


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"jsdPublic": False}, "internal note"),
        ({"visibility": {"type": "role", "value": "Staff"}}, "internal note"),
        ({"properties": [INTERNAL]}, "internal note"),
        ({"properties": [{"key": "sd.public.comment"}]}, "internal note"),
        ({"properties": {"sd.public.comment": {"internal": True}}}, "internal note"),
        ({"jsdPublic": None}, "visibility unknown"),
        ({"jsdPublic": "perhaps"}, "visibility unknown"),
        ({"author": APP}, "automation"),
    ],
)
def test_any_one_sign_hides_a_comment_and_none_shows_it(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"s.json": page(issue(comment("x", **fields)))})
    assert books(reading) == (1, 0, {why: 1}, [])


def test_a_property_that_says_public_is_enough_where_no_field_speaks(tmp_path: Path) -> None:
    shown = {"key": "sd.public.comment", "value": {"internal": False}}
    silent = {k: v for k, v in comment("x", properties=[shown]).items() if k != "jsdPublic"}
    kept = [silent, {**silent, "id": "y", "visibility": None}]
    hidden = {**silent, "id": "z", "visibility": {"type": "role", "value": "Staff"}}
    unclear = {**silent, "id": "w", "jsdPublic": "perhaps"}
    reading, _ = read(READER, tmp_path, {"s.json": page(issue(*kept, hidden, unclear))})
    assert said(reading) == [[("user", "Where is it?"), ("assistant", "x\n\nx")]]
    assert dict(reading.excluded) == {"internal note": 1, "visibility unknown": 1}


@pytest.mark.parametrize(
    "below",
    [
        "On Sat, Mar 1, 2025 at 2:00 PM Mira <mira@help.example> wrote:\n> Is it?",
        "##- Please type your reply above this line -##\n\nIs it?",
        "-- \nAna Silva\nHead of Purchasing",
    ],
    ids=["quoted", "below the line", "signed"],
)
def test_what_a_comment_brought_along_by_mail_is_cut(tmp_path: Path, below: str) -> None:
    answer = comment("1", 2, author=ANA, body=f"Thanks, it came.\n\n{below}")
    reading, _ = read(READER, tmp_path, {"s.json": page(issue(comment("x"), answer))})
    assert said(reading)[0][-1] == ("user", "Thanks, it came.")


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        (ANA, [("user", "Where is it?\n\nx")]),
        (BEN, [("user", "Where is it?\n\nx")]),
        (MIRA, [("user", "Where is it?"), ("assistant", "x")]),
    ],
    ids=["reporter", "another customer", "licensed account"],
)
def test_the_account_tells_the_role(
    tmp_path: Path, author: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    reading, _ = read(READER, tmp_path, {"s.json": page(issue(comment("x", author=author)))})
    assert said(reading) == [expected]
    assert notes(reading) == (["third person"] if author is BEN else [])


def test_on_a_server_the_assignee_is_staff_and_others_must_be_named(tmp_path: Path) -> None:
    people: dict[str, Any] = {
        "reporter": {"name": "ana"},
        "creator": {"name": "ana"},
        "assignee": {"name": "mira"},
    }
    both = comment("x", author={"name": "mira"}), comment("y", 2, author={"name": "tom"})
    files: dict[str, Content] = {"s.json": page(issue(*both, **people))}
    why = "author is neither reporter nor known to be staff; name the agents"
    reading, _ = read(READER, tmp_path, files)
    assert books(reading) == (2, 0, {}, [why])
    reading, _ = read(READER, tmp_path, files, agents=("mira", "tom"))
    assert said(reading) == [[("user", "Where is it?"), ("assistant", "x\n\ny")]]


def test_a_colleague_who_may_be_a_participant_must_be_named(tmp_path: Path) -> None:
    files: dict[str, Content] = {"s.json": page(issue(comment("x"), customfield_1=[MIRA]))}
    reading, _ = read(READER, tmp_path, files)
    assert len(books(reading)[3]) == 1
    reading, _ = read(READER, tmp_path, files, agents=("@help.example",))
    assert said(reading) == [[("user", "Where is it?"), ("assistant", "x")]]


def test_issues_that_come_without_their_comments_are_noted(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"s.json": page(issue(comment=None))})
    assert notes(reading) == ["cut short by the source"]


def test_a_description_that_staff_wrote_is_left_out(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"s.json": page(issue(comment("x"), creator=MIRA))})
    assert books(reading) == (1, 0, {"visibility unknown": 1}, [])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"author": None}, "author is neither reporter nor known to be staff; name the agents"),
        ({"created": "soon"}, "time is not understood"),
        ({"body": {"type": "table"}}, "body is neither text nor a document"),
        ({"body": document() | {"content": "x"}}, "body is not a document of Atlassian's format"),
    ],
)
def test_a_comment_that_is_not_understood_is_unreadable(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"s.json": page(issue(comment("x", **fields)))})
    assert books(reading) == (1, 0, {}, [why])
    assert reading.unreadable["pointer"].to_list() == ["/fields/comment/comments/0"]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"body": document("One.", "Two.")}, "One.\n\nTwo."),
        ({"body": "h1. One.\n[Two|https://x.example]"}, "One.\nTwo"),
        ({"body": "*One*", "renderedBody": "<p><b>One</b></p>"}, "One"),
        ({"body": '{"type":"doc","version":1,"content":[{"type":"text","text":"One"}]}'}, "One"),
    ],
    ids=["document", "wiki markup", "rendered", "document in a text"],
)
def test_a_body_reads_alike_however_it_is_written(
    tmp_path: Path, fields: dict[str, Any], text: str
) -> None:
    reading, _ = read(READER, tmp_path, {"s.json": page(issue(comment("x", **fields)))})
    assert said(reading)[0][1] == ("assistant", text)


def test_comments_beyond_the_first_page_are_missed_and_that_is_noted(tmp_path: Path) -> None:
    cut = issue(comment("x"))
    cut["fields"]["comment"]["total"] = 9
    reading, _ = read(READER, tmp_path, {"s.json": page(cut)})
    assert notes(reading) == ["cut short by the source"]


def test_a_page_of_comments_joins_its_issue_and_repeats_nothing(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "s.json": page(issue(comment("x"))),
        "c.json": {"total": 2, "comments": [comment("y", 3, author=ANA), comment("x")]},
    }
    reading, _ = read(READER, tmp_path, files)
    assert said(reading) == [[("user", "Where is it?"), ("assistant", "x"), ("user", "y")]]
    assert books(reading) == (3, 0, {"repeated": 1}, [])


def test_an_issue_on_two_pages_is_told_once(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"s.json": page(issue(comment("x")), issue(comment("x")))})
    assert books(reading) == (2, 0, {"repeated": 2}, [])


def portal(*comments: dict[str, Any]) -> dict[str, Content]:
    request = {
        "issueId": "10010",
        "issueKey": "HELP-1",
        "reporter": {"accountId": "qm:ana"},
        "createdDate": {"epochMillis": 1_772_442_000_000},
        "requestFieldValues": [
            {"fieldId": "summary", "value": "Parcel"},
            {"fieldId": "description", "value": "Where is it?"},
        ],
    }
    links = "https://x.atlassian.net/rest/servicedeskapi/request/10010/comment/1"
    values = [{"_links": {"self": links}, **one} for one in comments]
    return {"r.json": {"values": [request]}, "c.json": {"isLastPage": True, "values": values}}


def test_requests_of_the_portal_say_what_is_public(tmp_path: Path) -> None:
    when = {"iso8601": "2026-03-02T10:00:00+0100", "epochMillis": 1_772_442_001_000}
    both = [
        {"id": "1", "body": "Tomorrow.", "public": True, "author": MIRA, "created": when},
        {"id": "2", "body": "Lost again", "public": False, "author": MIRA, "created": when},
    ]
    reading, _ = read(READER, tmp_path, portal(*both))
    assert said(reading) == [[("user", "Where is it?"), ("assistant", "Tomorrow.")]]
    assert books(reading) == (2, 0, {"internal note": 1}, [])


ROWS = (
    "id,_fivetran_deleted,key,summary,reporter,creator,assignee,description,created\n"
    "1,{deleted},HELP-1,Parcel,u1,u1,u2,Where?,2026-03-02 09:00:00\n"
)
SAID = (
    "id,_fivetran_synced,author_id,body,created,is_public,issue_id\n"
    "5,x,u2,Tomorrow.,2026-03-02 09:00:01,TRUE,1\n"
    "6,x,u2,Lost,2026-03-02 09:00:02,FALSE,1\n"
    "7,x,u2,Odd,2026-03-02 09:00:03,,1\n"
)


def test_tables_of_fivetran_are_joined(tmp_path: Path) -> None:
    rows = ROWS.format(deleted="FALSE")
    reading, _ = read(READER, tmp_path, {"issue.csv": rows, "comment.csv": SAID})
    assert said(reading) == [[("user", "Where?"), ("assistant", "Tomorrow.")]]
    assert books(reading) == (2, 0, {"internal note": 1, "visibility unknown": 1}, [])


def test_a_deleted_issue_is_left_out_whole(tmp_path: Path) -> None:
    rows = ROWS.format(deleted="TRUE")
    reading, _ = read(READER, tmp_path, {"issue.csv": rows, "comment.csv": SAID})
    assert books(reading) == (0, 0, {"deleted or spam": 4}, [])


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"issue.csv": ROWS}, "without their comments"),
        ({"jira.csv": "Summary,Issue key,Issue id,Comment\na,b,1,c\n"}, "which comments"),
    ],
)
def test_exports_without_usable_comments_are_refused(
    tmp_path: Path, files: dict[str, Content], why: str
) -> None:
    with pytest.raises(InputError, match=why):
        read(READER, tmp_path, files)


SOUND = issue(comment("Sound"))
WHOLE = issue(comment("x"), comment("y", 2, author=ANA), comment("z", 3, jsdPublic=False))


@given(spoilt([SOUND, {**WHOLE, "id": "10011"}], (1,)))
def test_every_comment_is_accounted_for(issues: list[Any]) -> None:
    fields = issues[1].get("fields")
    inner = fields.get("comment") if isinstance(fields, dict) else None
    items = inner.get("comments") if isinstance(inner, dict) else None
    found = accounted(READER, {"s.json": {"issues": issues}})
    assert found is not None
    assert found >= 2 + (len(items) if isinstance(items, list) else 0)
