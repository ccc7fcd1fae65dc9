"""HubSpot's CRM: tickets with their e-mails, from the API and from connectors."""

from pathlib import Path
from typing import Any

import pytest

from exports import books, notes, read, said
from tunegate.errors import InputError
from tunegate.readers.desks.hubspot import READER
from tunegate.readers.desks.hubspot_records import UNTICKETED

TICKET = {
    "id": "7",
    "property_subject": "Late",
    "property_content": "Hi",
    "property_source_type": "EMAIL",
    "property_createdate": "2026-03-02 09:00:00",
    "is_deleted": "FALSE",
}
LINKS = "ticket_id,engagement_id\n7,1\n7,2\n"


def email(number: int, text: str, **properties: Any) -> dict[str, Any]:
    given = {
        "hs_email_direction": "EMAIL",
        "hs_email_status": "SENT",
        "hs_email_text": text,
        "hs_timestamp": "2026-03-02T10:00:00Z",
        **properties,
    }
    return {"engagement_id": number, **{f"property_{name}": v for name, v in given.items()}}


def export(*emails: dict[str, Any], **ticket: Any) -> dict[str, Any]:
    return {"ticket.json": [{**TICKET, **ticket}], "links.csv": LINKS, "mails.json": list(emails)}


def test_emails_are_gathered_by_the_links_to_their_ticket(tmp_path: Path) -> None:
    reading, plan = read(READER, tmp_path, export(email(1, "Hello")))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert reading.batch.conversations.select("id", "subject").row(0) == ("7", "Late")
    assert plan.unused == ()


def test_the_contact_of_a_ticket_is_its_group(tmp_path: Path) -> None:
    contacts = "ticket_id,contact_id,category\n7,5,HUBSPOT_DEFINED\n"
    reading, plan = read(READER, tmp_path, {**export(email(1, "Hello")), "c.csv": contacts})
    assert reading.batch.conversations["group"].to_list() == ["5"]
    assert plan.unused == ()


def test_the_content_that_is_also_an_email_stands_once(tmp_path: Path) -> None:
    first = email(1, "Hi", hs_email_direction="INCOMING_EMAIL", hs_email_status=None)
    reading, _ = read(READER, tmp_path, export(first, email(2, "Hello")))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert books(reading) == (2, 0, {"repeated": 1}, [])


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ({"hs_email_direction": "FORWARDED_EMAIL"}, "forwarded to others"),
        ({"hs_email_status": "BOUNCED"}, "not sent"),
        ({"hs_email_status": "SCHEDULED"}, "not sent"),
        ({"hs_email_status": None}, "visibility unknown"),
        ({"hs_email_text": ""}, "empty"),
    ],
)
def test_an_email_that_did_not_go_out_is_left_out(
    tmp_path: Path, properties: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, export(email(1, "x", **properties)))
    assert books(reading) == (1, 0, {why: 1}, [])


def test_an_email_without_a_direction_is_unreadable(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, export(email(1, "x", hs_email_direction=None)))
    assert books(reading)[3] == ["e-mail does not say its direction (`hs_email_direction`)"]


def test_an_email_on_no_ticket_is_left_out(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, export(email(1, "Hello"), email(99, "x")))
    assert books(reading) == (2, 0, {UNTICKETED: 1}, [])


def test_notes_and_calls_are_left_out(tmp_path: Path) -> None:
    activities = [
        {"engagement_id": 2, "type": "NOTE", "property_hs_timestamp": "2026-03-02"},
        {"engagement_id": 2, "type": "CALL", "property_hs_timestamp": "2026-03-02"},
        {"engagement_id": 2, "type": "COMMUNICATION", "property_hs_timestamp": "2026-03-02"},
    ]
    reading, _ = read(READER, tmp_path, {**export(email(1, "Hello")), "n.json": activities})
    left = {"internal note": 1, "event": 1, "logged by staff": 1}
    assert books(reading) == (2, 0, left, [])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"is_deleted": "TRUE"}, (0, 0, {"deleted or spam": 2}, [])),
        ({"property_source_type": "PHONE"}, (1, 0, {"logged by staff": 1}, [])),
    ],
)
def test_a_ticket_that_is_deleted_or_was_a_call_is_left_out(
    tmp_path: Path, fields: dict[str, Any], expected: object
) -> None:
    reading, _ = read(READER, tmp_path, export(email(1, "Hello"), **fields))
    assert books(reading) == expected


def test_a_ticket_that_does_not_say_how_it_came_loses_its_content(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, export(email(1, "Hello"), property_source_type=""))
    assert said(reading) == [[("assistant", "Hello")]]
    assert reading.unreadable["pointer"].to_list() == ["/property_content"]


def test_emails_whose_ticket_is_missing_lack_the_opening(tmp_path: Path) -> None:
    files = export(email(1, "Hello"))
    del files["ticket.json"]
    reading, _ = read(READER, tmp_path, files)
    assert notes(reading) == ["cut short by the source", "its ticket is not in the export"]
    assert reading.batch.conversations["id"].to_list() == ["7"]


def test_objects_of_the_api_name_their_ticket_themselves(tmp_path: Path) -> None:
    opened = {name.removeprefix("property_"): given for name, given in TICKET.items()}
    ticket = {"id": "7", "archived": False, "properties": {**opened, "hs_pipeline_stage": "1"}}
    told = {name.removeprefix("property_"): given for name, given in email(1, "Hello").items()}
    tied = {"tickets": {"results": [{"id": "7", "type": "email_to_ticket"}]}}
    mail = {"id": "1", "properties": told, "associations": tied, "archived": False}
    loose = {"id": "2", "properties": told, "archived": False}
    files = {"t.json": {"results": [ticket]}, "m.json": {"results": [mail, loose]}}
    reading, _ = read(READER, tmp_path, {**files})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert books(reading) == (2, 0, {UNTICKETED: 1}, [])


def test_engagements_of_the_first_api_are_read_by_their_type(tmp_path: Path) -> None:
    def old(kind: str, text: str, at: int) -> dict[str, Any]:
        return {
            "engagement": {"id": at, "type": kind, "timestamp": at},
            "associations": {"ticketIds": [7]},
            "metadata": {"text": text, "status": "SENT", "from": {"email": "a@b.example"}},
        }

    told = [
        old("INCOMING_EMAIL", "Hi", 1_772_442_000_000),
        old("EMAIL", "Hello", 1_772_442_100_000),
        old("NOTE", "x", 1_772_442_200_000),
        old("TASK", "x", 1_772_442_300_000),
    ]
    reading, _ = read(READER, tmp_path, {"engagements.json": {"results": told}})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert books(reading) == (2, 0, {"internal note": 1, "event": 1}, [])


def test_a_link_that_is_not_understood_is_noted(tmp_path: Path) -> None:
    files = export(email(1, "Hello")) | {"links.csv": f"{LINKS},5\n"}
    _, plan = read(READER, tmp_path, files)
    assert plan.faults["reason"].to_list() == ["link: it lacks engagement_id or ticket_id"]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"ticket.json": [TICKET]}, "neither messages nor e-mails"),
        ({"mails.json": [email(1, "x")]}, "nothing says which ticket they belong to"),
        ({"m.csv": "engagement_id,property_hs_email_text\n1,x\n", "l.csv": LINKS}, "who wrote"),
    ],
)
def test_exports_that_lack_something_are_refused(
    tmp_path: Path, files: dict[str, Any], why: str
) -> None:
    with pytest.raises(InputError, match=why):
        read(READER, tmp_path, files)
