"""Salesforce: the data export, a CSV an object with every field quoted; mails and comments."""

from typing import Any

from sample_data.generator.exports.shapes import as_csv, html
from sample_data.generator.exports.talks import Person, Said, Talk, talks

NAME = "salesforce"
OPTIONS: dict[str, Any] = {}

NOBODY = "000000000000000AAA"  # how the data export writes an empty id


def files() -> dict[str, bytes]:
    """Return the export."""
    return {
        "Case.csv": as_csv(cases(), quoted=True),
        "EmailMessage.csv": as_csv(mails()[::-1], quoted=True),
        "CaseComment.csv": as_csv(comments(), quoted=True),
        "User.csv": as_csv(users(), quoted=True),
        "Attachment.csv": b'"Id","IsDeleted","ParentId","Name","CreatedById","SystemModstamp"\n\n',
    }


def cases() -> list[dict[str, Any]]:
    """Return a row a talk; who opened it wrote a mail, whose text the case repeats."""
    return [
        {
            "Id": case_id(talk),
            "IsDeleted": "0",
            "MasterRecordId": NOBODY,
            "CaseNumber": f"0000{talk.number}",
            "ContactId": f"003{talk.customer.id:012}AAA",
            "SuppliedEmail": talk.customer.address,
            "Origin": "Email",
            "Subject": talk.subject,
            "Description": talk.said[0].text,
            "Comments": "Refund if she insists, staff only.",
            "CreatedDate": time(talk.said[0]),
        }
        for talk in talks()
    ]


def mails() -> list[dict[str, Any]]:
    """Return what was mailed, and a draft a talk."""
    return [
        row
        for talk in talks()
        for row in (
            *(_mail(talk, n, said) for n, said in enumerate(talk.said) if said.who != "note"),
            {
                **_mail(talk, 9, Said("agent", talk.said[-1].at, "Not finished, staff only.")),
                "Status": "5",
            },
        )
    ]


def _mail(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    incoming = said.who == "customer"
    sender, to = talk.author(said), talk.agent if incoming else talk.customer
    return {
        "Id": f"02s{talk.number:010}{n:02}AAA",
        "ParentId": case_id(talk),
        "CreatedById": f"005{sender.id:012}AAA",
        "TextBody": said.text,
        "HtmlBody": html(said.text) if n % 2 else "",
        "FromAddress": sender.address,
        "ToAddress": to.address,
        "Incoming": "1" if incoming else "0",
        "Status": "0" if incoming else "3",
        "MessageDate": time(said),
        "IsDeleted": "0",
        "AutomationType": "AiAutomated" if said.who == "bot" else "",
    }


def comments() -> list[dict[str, Any]]:
    """Return the notes, as comments that customers do not see."""
    return [
        {
            "Id": f"00a{talk.number:010}{n:02}AAA",
            "ParentId": case_id(talk),
            "IsPublished": "0",
            "CommentBody": said.text,
            "CreatedById": f"005{talk.agent.id:012}AAA",
            "CreatedDate": time(said),
            "IsDeleted": "0",
        }
        for talk in talks()
        for n, said in enumerate(talk.said)
        if said.who == "note"
    ]


def users() -> list[dict[str, Any]]:
    """Return the agents."""
    return [_user(person) for person in sorted({talk.agent for talk in talks()})]


def _user(person: Person) -> dict[str, Any]:
    return {
        "Id": f"005{person.id:012}AAA",
        "Username": person.address,
        "Email": person.address,
        "UserType": "Standard",
        "IsActive": "1",
    }


def case_id(talk: Talk) -> str:
    """Return the id of a case in its long form."""
    return f"500{talk.number:012}AAA"


def time(said: Said) -> str:
    """Return a moment as the data export writes it, in UTC and without saying so."""
    return said.at.strftime("%Y-%m-%d %H:%M:%S")
