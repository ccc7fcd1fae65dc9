"""HubSpot: tickets and engagements in the tables of a connector."""

from typing import Any

from sample_data.generator.exports.shapes import as_csv, html, iso
from sample_data.generator.exports.talks import Said, Talk, talks

NAME = "hubspot"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export; what a bot wrote stands in no e-mail."""
    told = [(talk, n, said) for talk in talks() for n, said in enumerate(talk.said)]
    mails = [_email(talk, n, said) for talk, n, said in told if said.who in ("customer", "agent")]
    notes = [_note(talk, n, said) for talk, n, said in told if said.who == "note"]
    links = [{"ticket_id": talk.number, "engagement_id": _id(talk, n)} for talk, n, _ in told]
    return {
        "ticket.csv": as_csv([_ticket(talk) for talk in talks()]),
        "ticket_engagement.csv": as_csv(links),
        "engagement_email.csv": as_csv(mails[::-1]),
        "engagement_note.csv": as_csv(notes),
    }


def _id(talk: Talk, n: int) -> int:
    return talk.number * 100 + n


def _ticket(talk: Talk) -> dict[str, Any]:
    return {
        "id": talk.number,
        "is_deleted": "FALSE",
        "property_createdate": iso(talk.opened),
        "property_hs_pipeline_stage": "4",
        "property_source_type": "EMAIL",
        "property_subject": talk.subject,
        "property_content": " ".join(talk.said[0].text.split()),
    }


def _email(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    return {
        "engagement_id": _id(talk, n),
        "_fivetran_deleted": "false",
        "property_hs_email_direction": "EMAIL" if said.who == "agent" else "INCOMING_EMAIL",
        "property_hs_email_from_email": talk.author(said).address,
        "property_hs_email_html": html(said.text),
        "property_hs_email_status": "SENT" if said.who == "agent" else "",
        "property_hs_email_subject": talk.subject,
        "property_hs_email_text": said.text,
        "property_hs_timestamp": iso(said.at),
        "type": "EMAIL",
    }


def _note(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    return {
        "engagement_id": _id(talk, n),
        "_fivetran_deleted": "false",
        "property_hs_body_preview": said.text,
        "property_hs_note_body": html(said.text),
        "property_hs_timestamp": iso(said.at),
        "type": "NOTE",
    }
