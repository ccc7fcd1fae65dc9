"""Salesforce: pages of the REST API; each case is a chat, whose messages stand in one text."""

from html import escape
from typing import Any

from sample_data.generator.exports.salesforce import case_id, cases, comments, users
from sample_data.generator.exports.shapes import as_json, iso
from sample_data.generator.exports.talks import Talk, talks

NAME = "salesforce"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export."""
    opened = [{**case, "Origin": "Chat", "Description": None} for case in cases()]
    return {
        "cases.json": _page("Case", opened),
        "chats.json": _page("LiveChatTranscript", [_chat(talk) for talk in talks()]),
        "feed.json": _page("FeedItem", [_post(talk) for talk in talks()]),
        "comments.json": _page("CaseComment", [{**c, "IsPublished": False} for c in comments()]),
        "users.json": _page("User", users()),
    }


def _page(kind: str, records: list[dict[str, Any]]) -> bytes:
    typed = [{"attributes": {"type": kind}, **record} for record in records]
    return as_json({"totalSize": len(typed), "done": True, "records": typed})


def _post(talk: Talk) -> dict[str, Any]:
    return {
        "Id": f"0D5{talk.number:012}AAA",
        "ParentId": case_id(talk),
        "Type": "TextPost",
        "Body": "<p>Please look at this one, staff only.</p>",
        "IsRichText": True,
        "Visibility": "InternalUsers",
        "CreatedById": f"005{talk.agent.id:012}AAA",
        "CreatedDate": iso(talk.opened),
    }


def _chat(talk: Talk) -> dict[str, Any]:
    said = [one for one in talk.said if one.who in ("customer", "agent")]
    lines = []
    for one in said:
        seconds = int((one.at - talk.opened).total_seconds())
        after = f"{seconds // 60}m {seconds % 60}s" if seconds >= 60 else f"{seconds}s"
        text = escape(one.text).replace("\n", "<br>")
        lines.append(f"( {after} ) {escape(talk.author(one).name)}: {text}<br>")
    headings = ("Chat Started: Monday", "Chat Origin: Site", f"Agent {talk.agent.name}")
    above = "".join(f'<p align="center">{heading}</p>' for heading in headings)
    return {
        "Id": f"570{talk.number:012}AAA",
        "CaseId": case_id(talk),
        "LiveChatVisitorId": f"571{talk.customer.id:012}AAA",
        "Body": above + "".join(lines),
        "StartTime": iso(talk.opened).replace("Z", ".000+0000"),
        "Status": "Completed",
        "IsDeleted": False,
    }
