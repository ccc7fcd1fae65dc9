"""Salesforce: mails, comments, posts and chats of a case, in CSV and JSON."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from exports import Content, books, notes, read, said
from spoilt import accounted, spoilt
from tunegate.errors import InputError
from tunegate.readers.desks.salesforce import READER

CASE, MIRA, ANA, FLOW = "500000000000001AAA", "005000000000001AAA", "005000000000002AAA", "005f"
NOBODY = "000000000000000AAA"


def mail(text: str, after: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "Id": f"02s{text}{after}",
        "ParentId": CASE,
        "TextBody": text,
        "HtmlBody": None,
        "FromAddress": "ana@c.example",
        "ToAddress": "help@shop.example",
        "Incoming": True,
        "Status": "0",
        "MessageDate": f"2026-03-02T09:00:{after:02}.000+0000",
        "IsDeleted": False,
        **fields,
    }


def reply(text: str, after: int = 2, **fields: Any) -> dict[str, Any]:
    sent = {"Incoming": False, "Status": "3", "FromAddress": "help@shop.example"}
    return mail(text, after, **{**sent, "ToAddress": "Ana <ana@c.example>", **fields})


def comment(text: str, after: int = 3, **fields: Any) -> dict[str, Any]:
    return {
        "Id": f"00a{text}{after}",
        "ParentId": CASE,
        "CommentBody": text,
        "IsPublished": True,
        "CreatedById": MIRA,
        "CreatedDate": f"2026-03-02T09:00:{after:02}.000+0000",
        **fields,
    }


def post(text: str, **fields: Any) -> dict[str, Any]:
    return {
        "Id": "0D5000000000001AAA",
        "ParentId": CASE,
        "Type": "TextPost",
        "Body": text,
        "Visibility": "AllUsers",
        "CreatedById": MIRA,
        "CreatedDate": "2026-03-02T09:00:05.000+0000",
        **fields,
    }


def case(**fields: Any) -> dict[str, Any]:
    return {
        "Id": CASE,
        "CaseNumber": "0001",
        "Subject": "Parcel",
        "ContactId": NOBODY,
        "SuppliedEmail": "ana@c.example",
        "Origin": "Phone",
        "CreatedDate": "2026-03-02T09:00:00.000+0000",
        **fields,
    }


USERS = [
    {"Id": MIRA, "Username": "mira", "UserType": "Standard"},
    {"Id": ANA, "Username": "ana", "UserType": "CspLitePortal"},
    {"Id": FLOW, "Username": "flow", "UserType": "AutomatedProcess"},
]


def export(*cases: Any, **objects: list[Any]) -> dict[str, Content]:
    found = {"Case": list(cases) or [case()], "User": USERS, **objects}
    return {f"{name}.json": {"done": True, "records": rows} for name, rows in found.items()}


def test_mails_are_told_by_their_direction(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, export(EmailMessage=[reply("Hello"), mail("Hi")]))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert reading.batch.conversations.select("id", "group", "subject").row(0) == (
        "0001",
        "ana@c.example",
        "Parcel",
    )


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (reply("x", Status="5"), "not sent"),
        (reply("x", Status="Draft"), "not sent"),
        (reply("x", IsPrivateDraft=True), "not sent"),
        (reply("x", Status=None), "visibility unknown"),
        (reply("x", IsDeleted="1"), "deleted or spam"),
        (reply("x", ToAddress="supplier@z.example"), "sent to somebody else"),
        (reply("x", AutomationType="AiAutomated"), "automation"),
        (reply("x", CreatedById=FLOW), "automation"),
        (mail("x", Headers="Received: y\nAuto-Submitted: auto-replied"), "automation"),
        (mail("x", FromAddress="MAILER-DAEMON@c.example"), "automation"),
        (mail("Hi"), "repeated"),
    ],
)
def test_mails_that_customers_did_not_see_or_nobody_wrote_are_left_out(
    tmp_path: Path, one: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, export(EmailMessage=[mail("Hi"), one]))
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize(
    ("one", "note"),
    [
        (mail("x" * 32_000), "cut short by the source"),
        (mail("x", FromAddress="bob@c.example", CcAddress="Ana@c.example"), "third person"),
        (reply("x", AutomationType="AiAssisted"), "written by a model"),
        (mail("x", Headers="Auto-Submitted: no"), None),
    ],
)
def test_what_a_reviewer_must_know_is_noted(
    tmp_path: Path, one: dict[str, Any], note: str | None
) -> None:
    reading, _ = read(READER, tmp_path, export(EmailMessage=[mail("Hi"), one]))
    assert notes(reading) == ([note] if note else [])


SUPPLIER = "parts@supplier.example"


@pytest.mark.parametrize("supplied", ["ana@c.example", None])
@pytest.mark.parametrize(
    ("first", "turns"),
    [
        (mail("Hi"), [("user", "Hi"), ("assistant", "It comes")]),
        (reply("Hello", 1), [("assistant", "Hello\n\nIt comes")]),
    ],
    ids=["the customer began", "staff began"],
)
def test_what_staff_and_a_supplier_write_to_each_other_is_left_out(
    tmp_path: Path, first: dict[str, Any], turns: list[Any], supplied: str | None
) -> None:
    asked = reply("Have you any?", 2, ToAddress=SUPPLIER)
    offered = mail("At cost", 3, FromAddress=SUPPLIER)
    mails = [reply("It comes", 4), offered, asked, first]
    files = export(case(SuppliedEmail=supplied), EmailMessage=mails)
    reading, _ = read(READER, tmp_path, files)
    assert said(reading) == [turns]
    assert dict(reading.excluded) == {"sent to somebody else": 2}


def test_a_colleague_who_forwards_a_mail_is_not_the_customer(tmp_path: Path) -> None:
    forwarded = mail("Fwd", FromAddress="mira@shop.example")
    files = export(
        case(SuppliedEmail="mira@shop.example"),
        EmailMessage=[forwarded, mail("Hi", 2), reply("Hello", 3)],
    )
    reading, _ = read(READER, tmp_path, files, agents=("@shop.example",))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert dict(reading.excluded) == {"sent to somebody else": 1}


def test_a_plain_body_stands_in_for_html_that_was_cut(tmp_path: Path) -> None:
    cut = mail("whole", HtmlBody=f"<p>{'x' * 31_997}")
    reading, _ = read(READER, tmp_path, export(EmailMessage=[cut]))
    assert said(reading) == [[("user", "whole")]]
    assert notes(reading) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (1, {}, [])),
        ({"IsPublished": "1"}, (1, {}, [])),
        ({"IsPublished": "0"}, (0, {"internal note": 1}, [])),
        ({"IsPublished": None}, (0, {"visibility unknown": 1}, [])),
        ({"CreatedById": FLOW}, (0, {"automation": 1}, [])),
        (
            {"CreatedById": "005x"},
            (0, {}, ["author is in no users table; add `User` to the export"]),
        ),
    ],
)
def test_comments_are_kept_if_they_are_published(
    tmp_path: Path, fields: dict[str, Any], expected: tuple[int, dict[str, int], list[str]]
) -> None:
    reading, _ = read(READER, tmp_path, export(CaseComment=[comment("x", **fields)]))
    used, _, excluded, unreadable = books(reading)
    assert (used, excluded, unreadable) == expected


def test_a_portal_user_is_a_customer(tmp_path: Path) -> None:
    both = [comment("Hi", CreatedById=ANA), comment("Hello", 4)]
    reading, _ = read(READER, tmp_path, export(CaseComment=both))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"Visibility": "InternalUsers"}, {"internal note": 2}),
        ({"Visibility": None}, {"visibility unknown": 2}),
        ({"Type": "TrackedChange"}, {"event": 2}),
        ({}, {}),
    ],
)
def test_posts_and_replies_to_them_need_to_be_for_all(
    tmp_path: Path, fields: dict[str, Any], why: dict[str, int]
) -> None:
    below = {**comment("y"), "FeedItemId": "0D5000000000001AAA"}
    files = export(FeedItem=[post("x", **fields)], FeedComment=[below])
    reading, _ = read(READER, tmp_path, files)
    assert books(reading)[2:] == (why, [])
    assert sum(books(reading)[:2]) == (0 if why else 2)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Origin": "Web", "Description": "Where?"}, [("user", "Where?\n\nHi")]),
        ({"Origin": "Email", "Description": "Hi"}, [("user", "Hi")]),
        ({"Origin": "Web", "Description": "Hi"}, [("user", "Hi")]),
        ({"SuppliedEmail": None, "Description": "She calls"}, [("user", "Hi")]),
        ({"SuppliedEmail": "", "CreatedById": ANA, "Description": "W"}, [("user", "W\n\nHi")]),
        ({"Description": None}, [("user", "Hi")]),
    ],
    ids=["web form", "mail", "repeated", "call", "portal", "none"],
)
def test_a_description_opens_the_talk_once_if_the_customer_wrote_it(
    tmp_path: Path, fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    reading, _ = read(READER, tmp_path, export(case(**fields), EmailMessage=[mail("Hi")]))
    assert said(reading) == [expected]


@pytest.mark.parametrize("fields", [{"IsDeleted": "1"}, {"MasterRecordId": "500000000000009AAA"}])
def test_deleted_and_merged_cases_are_left_out_whole(
    tmp_path: Path, fields: dict[str, Any]
) -> None:
    files = export(
        case(Description="x", **fields), EmailMessage=[mail("Hi")], CaseComment=[comment("y")]
    )
    reading, _ = read(READER, tmp_path, files)
    assert books(reading) == (0, 0, {"deleted or spam": 3}, [])


def test_mails_of_no_case_are_left_out(tmp_path: Path) -> None:
    other = mail("x", ParentId=NOBODY, RelatedToId="006000000000001AAA")
    reading, _ = read(READER, tmp_path, export(EmailMessage=[mail("Hi"), other]))
    assert books(reading) == (1, 0, {"belongs to no ticket": 1}, [])


def test_short_and_long_ids_mean_the_same(tmp_path: Path) -> None:
    files = export(
        case(Id=CASE[:15]), EmailMessage=[mail("Hi"), reply("Hello", ParentId=CASE[:15])]
    )
    reading, _ = read(READER, tmp_path, files)
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]


def test_what_a_query_nests_in_a_case_is_read(tmp_path: Path) -> None:
    inside = {"done": False, "records": [mail("Hi"), reply("Hello"), None]}
    nested = case(EmailMessages=inside, CaseComments=None)
    reading, _ = read(READER, tmp_path, {"c.json": {"records": [nested]}})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert books(reading) == (2, 0, {}, ["message is not an object"])
    assert notes(reading) == ["cut short by the source"]


HEADINGS = '<p align="center">Chat Started: Monday</p><p align="center">Agent Mira L</p>'


def transcript(body: str, **fields: Any) -> dict[str, list[Any]]:
    start = "2026-03-02T09:00:00.000+0000"
    found = {"Id": "570000000000001AAA", "CaseId": CASE, "Body": body, "StartTime": start}
    return {"LiveChatTranscript": [{**found, **fields}]}


def test_a_chat_is_taken_apart_by_its_speakers(tmp_path: Path) -> None:
    lines = (
        "( 10s ) Mira L: Hi: how?<br>( 1m 2s ) Ana: a &amp; b<br>c<br>( 1h 0m 1s ) Mira L: Ok<br>"
    )
    files = export(**transcript(HEADINGS + lines), CaseComment=[comment("Late", 59)])
    reading, _ = read(READER, tmp_path, files)
    assert said(reading) == [
        [("assistant", "Hi: how?\n\nLate"), ("user", "a & b\nc"), ("assistant", "Ok")]
    ]


@pytest.mark.parametrize(
    "body",
    [
        f"{HEADINGS}( 1s ) Bot: Hi<br>( 2s ) Ana: Hi<br>( 3s ) Mira L: Hi<br>",
        "( 1s ) Mira L: Hi<br>( 2s ) Ana: Hi<br>",
        f"{HEADINGS}Hello there<br>( 2s ) Ana: Hi<br>",
        "Mira: Hi\nAna: Hi",
        f"{HEADINGS}( 1s ) Mira Lund: Hi<br>",
    ],
    ids=["three speakers", "no agent", "words of nobody", "another form", "another name"],
)
def test_a_chat_whose_speakers_are_not_certain_is_left_out(tmp_path: Path, body: str) -> None:
    reading, _ = read(READER, tmp_path, export(**transcript(body)))
    assert books(reading) == (0, 0, {"speaker unknown": 1}, [])


@pytest.mark.parametrize(
    ("fields", "why"), [({"IsDeleted": True}, "deleted or spam"), ({"Body": ""}, "empty")]
)
def test_a_chat_that_is_gone_or_empty_is_left_out(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, export(**transcript(HEADINGS, **fields)))
    assert books(reading) == (0, 0, {why: 1}, [])


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (mail("x", Incoming=None), "mail does not say its direction (`Incoming`)"),
        (
            mail("x", FromAddress=None, Incoming="maybe"),
            "mail does not say its direction (`Incoming`)",
        ),
        (mail("x", MessageDate="soon"), "time is not understood"),
        (mail("x", Id=None, ParentId=None), "record names no conversation"),
    ],
)
def test_a_mail_that_is_not_understood_is_unreadable(
    tmp_path: Path, one: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, export(EmailMessage=[mail("Hi"), one]))
    assert books(reading) == (1, 0, {}, [why])


def test_mails_of_an_export_without_the_direction_are_unreadable(tmp_path: Path) -> None:
    rows = f"Id,ParentId,FromAddress,TextBody\n02s1,{CASE},a@b.c,Hi\n"
    reading, _ = read(READER, tmp_path, {"EmailMessage.csv": rows})
    assert books(reading) == (0, 0, {}, ["mail does not say its direction (`Incoming`)"])


def test_cases_alone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without what was said"):
        read(READER, tmp_path, {"Case.csv": "Id,CaseNumber,Description\n500x,1,Hi\n"})


WHOLE = [mail("Sound", 0), mail("Hi"), reply("Hello"), reply("Draft", 3, Status="5")]


@given(spoilt(WHOLE).filter(lambda found: found[0] == WHOLE[0]))
def test_every_mail_is_accounted_for(mails: list[Any]) -> None:
    assert accounted(READER, export(EmailMessage=mails)) == len(mails)


@given(spoilt([post("x"), post("y", Id="0D5000000000002AAA")], (1,)))
def test_every_post_is_accounted_for(posts: list[Any]) -> None:
    assert accounted(READER, export(FeedItem=posts)) == len(posts)


@given(spoilt([case(Description="Hi"), case(Id="500000000000002AAA", Description="x")], (1,)))
def test_a_spoilt_case_costs_no_mail(cases: list[Any]) -> None:
    found = accounted(READER, export(*cases, EmailMessage=WHOLE))
    assert found is not None
    assert found >= 1 + len(WHOLE)
