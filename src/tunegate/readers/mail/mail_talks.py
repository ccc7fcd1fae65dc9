"""Make conversations of mails, and leave out what no customer wrote or saw."""

import re
from collections.abc import Iterator, Sequence
from email.message import Message as Mail
from typing import Any

from tunegate.readers.export import UNKNOWN_TIME, Desk, Found, Talk, each
from tunegate.readers.json.record import Unreadable
from tunegate.readers.mail.mail_folders import of_labels
from tunegate.readers.mail.mail_headers import Header, first
from tunegate.readers.merge import (
    AUTOMATION,
    CUT_SHORT,
    DELETED,
    ELSEWHERE,
    GARBLED,
    INTERNAL,
    NOT_SENT,
    REPEATED,
    THIRD_PERSON,
    UNKNOWN_VISIBILITY,
    Message,
)
from tunegate.readers.people import ASSISTANT
from tunegate.readers.shape import Head

_BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
_MACHINES = frozenset({"mailer-daemon", "postmaster"})
_UNSENT = ("x-unsent", "x-evolution-draft", "x-kmail-drafts", "x-kmail-templates")
_NO = ("", "0", "no", "false")
# Exchange sends it as a mail of the person who wishes that it were undone.
_RECALL = re.compile(
    r"[^\n]{1,200}?(?: would like to recall the message\b"
    r"| möchte die Nachricht [^\n]{1,300} zurückrufen\b"
    r"| (?:souhaite|souhaiterait) rappeler le message\b"
    r"| (?:desea recuperar|quiere recuperar) el mensaje\b"
    r"| wil het bericht [^\n]{1,300} intrekken\b"
    r"| (?:desidera|vorrebbe) richiamare il messaggio\b)"
)
_EXPUNGED = 0x0008  # flag of Mozilla; the mail waits in the file until it is compacted
_AT_THE_END = float("inf")


def left_out(mail: Mail, header: Header) -> str | None:
    """Return why a mail is left out whoever wrote it, None if nothing speaks against it."""
    labelled = of_labels(header.get("x-gmail-labels", ()))
    status = first(header, "x-status")
    if labelled == DELETED or "D" in status or _flags(header) & _EXPUNGED or _is_spam(header):
        return DELETED
    if labelled or "T" in status or _is_draft(header):
        return NOT_SENT
    submitted = first(header, "auto-submitted").partition(";")[0].strip().lower()
    if submitted not in ("", "no") or first(header, "precedence").lower() in _BULK:
        return AUTOMATION
    if "x-autoreply" in header or "x-autorespond" in header:
        return AUTOMATION
    if first(header, "return-path") == "<>" or mail.get_content_type() == "multipart/report":
        return AUTOMATION
    name = first(header, "from").rpartition("<")[2].partition("@")[0].strip().lower()
    if name in _MACHINES or any(p.get_content_type() == "text/calendar" for p in mail.walk()):
        return AUTOMATION
    return None


def is_recall(text: str) -> bool:
    """Tell a mail that only asks for an earlier one to be taken back."""
    return _RECALL.match(text.lstrip()) is not None


def talks(found: Sequence[Found], desk: Desk) -> Iterator[Talk]:
    """Yield the conversation of the mails that name each other."""
    ordered = sorted(found, key=_when)
    customer, addresses = _customer(ordered, desk)
    seen: set[tuple[Any, ...]] = set()

    def message(one: Found) -> Message:
        # A mailbox with labels holds a mail once for each; an id alone may be a bad program's.
        same = one.fields["id"], _author(one.fields), one.fields["at"]
        copy = same[0] is not None and same in seen
        seen.add(same)
        return _message(one, desk, addresses, copy=copy)

    messages = list(each(ordered, message))
    kept = [one for one, said in zip(ordered, messages, strict=True) if said.role]
    # The subject of a mail that nobody saw is not theirs to see either.
    opening = kept[0].fields if kept else {**ordered[0].fields, "subject": None}
    head = Head(
        min(one.row for one in found),
        id=opening["id"],
        group=customer,
        created_at=opening["at"],
        subject=opening["subject"] or None,
    )
    yield Talk(head, messages)


def _message(one: Found, desk: Desk, customer: frozenset[str], *, copy: bool) -> Message:
    fields = one.fields
    author = _author(fields)
    said = Message(one.place, at=fields["at"], author=author)
    if fields["misread"]:
        raise Unreadable(UNKNOWN_TIME)
    if author is None:
        raise Unreadable("mail does not say who wrote it")
    if copy:
        return said._replace(excluded=REPEATED)
    if fields["excluded"]:
        return said._replace(excluded=fields["excluded"])
    if fields.get("fault"):
        raise Unreadable(fields["fault"])
    staff = _is_staff(fields, desk)
    if (staff or author not in customer) and (why := _unseen(fields["to"], customer, desk, staff)):
        return said._replace(excluded=why)
    notes = (
        (not staff and author not in customer, THIRD_PERSON),
        (fields["cut"], CUT_SHORT),
        (fields["garbled"], GARBLED),
    )
    return said._replace(
        role=ASSISTANT if staff else "user",
        text=fields["text"],
        html=fields["html"],
        mail=True,
        attachments=tuple(fields["files"]),
        note=next((note for holds, note in notes if holds), None),
    )


def _unseen(to: Sequence[str], customer: frozenset[str], desk: Desk, staff: bool) -> str | None:
    """Return why the customer did not see a mail of others, None if it is addressed to them."""
    if not to:
        return UNKNOWN_VISIBILITY
    if staff and all(desk.people.role(address) == ASSISTANT for address in to):
        return INTERNAL
    return None if customer.intersection(to) else ELSEWHERE


def _customer(ordered: Sequence[Found], desk: Desk) -> tuple[str | None, frozenset[str]]:
    """Return the address of whom a conversation is with, and all that person reads.

    That is who wrote first, or if nobody but staff did, whom they wrote to first. A mail that was
    deleted has opened the conversation all the same.
    """
    for one in ordered:
        author = _author(one.fields)
        if author and one.fields["excluded"] in (None, DELETED) and not _is_staff(one.fields, desk):
            return author, frozenset([author, *one.fields["reply_to"]])
    for one in ordered:
        for address in one.fields["to"]:
            if desk.people.role(address) != ASSISTANT:
                return address, frozenset([address])
    return None, frozenset()


def _is_staff(fields: dict[str, Any], desk: Desk) -> bool:
    name, address = fields["author"]
    # Whoever writes may put an address of ours in front of their own.
    return desk.people.role(address, None if "@" in name else name) == ASSISTANT


def _author(fields: dict[str, Any]) -> str | None:
    return fields["author"][1] if fields["author"] else None


def _when(one: Found) -> tuple[float, int]:
    at = one.fields["at"]
    return (_AT_THE_END if at is None else at), one.row


def _is_draft(header: Header) -> bool:
    if any(first(header, name).strip().lower() not in _NO for name in _UNSENT):
        return True
    kind = first(header, "x-uniform-type-identifier").strip().lower()
    return kind == "com.apple.mail-draft" or "x-mozilla-draft-info" in header


def _is_spam(header: Header) -> bool:
    flags = first(header, "x-spam-flag"), first(header, "x-spam-status")
    return any(flag.strip().lower().startswith("yes") for flag in flags)


def _flags(header: Header) -> int:
    try:
        return int(first(header, "x-mozilla-status") or "0", 16)
    except ValueError:
        return 0
