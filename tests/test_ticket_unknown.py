"""Messages without their ticket are kept and noted: what makes a ticket bad stands on it."""

from pathlib import Path
from typing import Any

import pytest

from exports import Content, notes, read, said
from tunegate.readers.desks import (
    freshdesk,
    front,
    gorgias,
    helpscout,
    hubspot,
    intercom,
    jira,
    salesforce,
    servicenow,
    zendesk,
)

NOTE = "its ticket is not in the export"
AT = "2026-03-02T09:00:00Z"

_GORGIAS = {"id": 1, "ticket_id": 7, "from_agent": False, "public": True, "body_text": "Hi"}
_HUBSPOT = {
    **{"id": "1", "conversationsThreadId": "7", "type": "MESSAGE", "direction": "INCOMING"},
    **{"senders": [{"actorId": "V-5"}], "text": "Hi", "createdAt": AT},
}
_FRONT = {
    **{
        "id": "msg_1",
        "type": "email",
        "is_inbound": True,
        "text": "Hi",
        "created_at": 1772442000.0,
    },
    **{"author": None, "recipients": [{"role": "from", "handle": "m@a.example"}]},
    "_links": {"related": {"conversation": "https://api.example/conversations/cnv_7"}},
}
_SALESFORCE = (
    "Id,ParentId,Incoming,Status,FromAddress,ToAddress,TextBody,MessageDate,CreatedDate\n"
    f"02s000000000001,500000000000007,true,0,m@a.example,us@b.example,Hi,{AT},{AT}\n"
)
_ZENDESK = {"id": 1, "ticket_id": 7, "author_id": 5, "public": True, "body": "Hi"}
_FRESHDESK = {
    **{"id": 1, "ticket_id": 7, "private": False, "incoming": True, "source": 0, "user_id": 5},
    "body_text": "Hi",
}
_HELPSCOUT = {
    "_embedded": {
        "threads": [
            {
                **{"id": 1, "type": "customer", "state": "published", "body": "Hi"},
                **{"createdBy": {"id": 5, "type": "customer"}, "createdAt": AT},
            }
        ]
    },
    "_links": {"self": {"href": "https://api.example/v2/conversations/7/threads"}},
}

ALONE: dict[str, tuple[Any, dict[str, Content]]] = {
    "gorgias": (gorgias.READER, {"m.json": {"data": [_GORGIAS]}}),
    "hubspot": (hubspot.READER, {"m.json": {"results": [_HUBSPOT]}}),
    "front": (front.READER, {"m.json": {"_results": [_FRONT]}}),
    "salesforce": (salesforce.READER, {"EmailMessage.csv": _SALESFORCE}),
    "zendesk": (
        zendesk.READER,
        {"c.json": [_ZENDESK], "u.json": {"users": [{"id": 5, "role": "end-user"}]}},
    ),
    "freshdesk": (freshdesk.READER, {"c.json": [_FRESHDESK]}),
    "helpscout": (helpscout.READER, {"t.json": _HELPSCOUT}),
}
TICKETS: dict[str, Content] = {
    "gorgias": {"data": [{"id": 7, "messages_count": 1, "customer": {"id": 5}, "spam": False}]},
    "hubspot": {"results": [{"id": "7", "inboxId": "1", "associatedContactId": "5"}]},
    "front": {"_results": [{"id": "cnv_7", "status": "archived", "subject": "S"}]},
    "salesforce": "Id,CaseNumber,Status,Origin,IsDeleted\n500000000000007,7,Closed,Email,false\n",
    "zendesk": [{"id": 7, "requester_id": 5, "brand_id": 1, "status": "closed"}],
}


@pytest.mark.parametrize("name", ALONE)
def test_messages_without_their_ticket_are_noted(tmp_path: Path, name: str) -> None:
    reader, files = ALONE[name]
    reading, _ = read(reader, tmp_path, files)
    assert said(reading) == [[("user", "Hi")]]
    assert NOTE in notes(reading)


@pytest.mark.parametrize("name", TICKETS)
def test_messages_with_their_ticket_are_not_noted(tmp_path: Path, name: str) -> None:
    reader, files = ALONE[name]
    table = "Case.csv" if name == "salesforce" else "tickets.json"
    reading, _ = read(reader, tmp_path, {**files, table: TICKETS[name]})
    assert said(reading) == [[("user", "Hi")]]
    assert NOTE not in notes(reading)


def test_a_ticket_that_cannot_be_read_is_not_in_the_export(tmp_path: Path) -> None:
    good = '{"id": 8, "messages_count": 1, "spam": false}'
    bad = '{"id": 7, "messages_count": 1, "spam": tru}'
    files: dict[str, Content] = {"t.jsonl": f"{good}\n{bad}\n", "m.json": {"data": [_GORGIAS]}}
    reading, _ = read(gorgias.READER, tmp_path, files)
    assert notes(reading) == [NOTE]


def test_parts_of_intercom_without_their_conversation_are_noted(tmp_path: Path) -> None:
    part = {
        **{"id": "1", "conversation_id": "7", "part_type": "comment", "body": "<p>Hi</p>"},
        **{"author_id": "5", "author_type": "user", "created_at": AT, "updated_at": AT},
    }
    reading, _ = read(intercom.READER, tmp_path, {"conversation_part_history.json": [part]})
    assert NOTE in notes(reading)


def test_comments_of_jira_without_their_issue_are_noted(tmp_path: Path) -> None:
    comment = {
        **{"id": "1", "issue_id": "7", "is_public": True, "body": "Hi", "author_id": "5"},
        **{"created": AT, "updated": AT, "_fivetran_synced": AT},
    }
    reading, _ = read(jira.READER, tmp_path, {"comment.json": [comment]}, agents=("6",))
    assert NOTE in notes(reading)


def test_a_journal_of_servicenow_without_its_task_is_noted(tmp_path: Path) -> None:
    entry = {
        **{"sys_id": "1", "element_id": "7", "element": "comments", "value": "Hi"},
        **{"name": "incident", "sys_created_by": "mira", "sys_created_on": "2026-03-02 09:00:00"},
    }
    reading, _ = read(servicenow.READER, tmp_path, {"sys_journal_field.json": [entry]})
    assert NOTE in notes(reading)
