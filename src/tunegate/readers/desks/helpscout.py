"""Read Help Scout conversations with their threads, as its API and its webhooks give them.

A thread says what it is (`type`), whether it went out (`state`) and who made it (`createdBy`);
one that does not say is not kept. Threads come newest first.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from tunegate.model import About
from tunegate.readers.desks.repeats import aged, current, left, newest, once
from tunegate.readers.export import Desk, ExportReader, Found, Left, Made, Talk, listed
from tunegate.readers.fields import at, identity, objects, text_of, words
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    AUTOMATION,
    CUT_SHORT,
    DELETED,
    EMPTY,
    EVENT,
    INTERNAL,
    LOGGED,
    NOT_SENT,
    REPEATED,
    SENT_ON,
    THIRD_PERSON,
    TICKET_UNKNOWN,
    UNKNOWN_VISIBILITY,
    Message,
    Place,
)
from tunegate.readers.people import ASSISTANT, BOT, USER
from tunegate.readers.shape import Head
from tunegate.readers.streams import Around, Stream, Table
from tunegate.readers.times import moment

_WHOLE, _LISTED, _PAGES = "conversations", "conversation list", "thread pages"

_TO_CUSTOMERS = frozenset(("customer", "message", "reply", "chat", "beaconchat"))
_CHATS = ("chat", "beaconchat")
_UNSAID = {
    "note": INTERNAL,
    "lineitem": EVENT,
    "forwardparent": SENT_ON,
    "forwardchild": SENT_ON,
    "phone": LOGGED,  # what staff took down of a call
}
_STATES = {"draft": NOT_SENT, "underreview": NOT_SENT, "hidden": INTERNAL}
_ROLES = {"customer": USER, "user": ASSISTANT, "system_user": BOT}
_AUTOMATIC = ("automatic-workflow", "workflows")
_CHANGED = ("userUpdatedAt", "userModifiedAt", "modifiedAt", "closedAt", "createdAt")
_GONE = {"status": ("spam",), "state": ("deleted",)}

_THREADS_OF = re.compile(r"/conversations/(\d+)/threads", re.ASCII)


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Made]:
    pages = [one for one in found if one.table == _PAGES]
    told = sorted((one for one in found if one.table != _PAGES), key=_age)
    # A webhook tells all of a conversation again each time; what the newest says counts.
    known = told[0].fields if told else {}
    head = _head(found[0], known)
    messages: list[Message] = []
    latest = _latest(found)
    for one in (*told, *pages):
        items, pointer = _threads(one.fields)
        make = partial(_thread, desk=desk, conversation=known, latest=latest)
        messages += aged(listed(items, one.place, pointer, make), _age(one))
    messages = once(messages)
    is_short = _lacks(known, messages, _waiting(found, latest))
    last = current(told, [_age(one) for one in told])
    if any(_is_gone(one) for one in last):
        messages = [left(message, DELETED) for message in messages]
    elif any(one.fields.get("state") == "draft" for one in last):
        messages = [left(message, NOT_SENT) for message in messages]
    if not messages:
        yield from (Left(EMPTY) for _ in found)
        return
    notes = [CUT_SHORT] if is_short else []
    if not told:
        notes.append(TICKET_UNKNOWN)
    yield Talk(head, messages, notes)


def _is_gone(conversation: Found) -> bool:
    fields = conversation.fields
    return any(text_of(fields.get(name)) in gone for name, gone in _GONE.items())


def _age(conversation: Found) -> int:
    return newest(conversation.fields, *_CHANGED)


def _latest(found: Sequence[Found]) -> int:
    """Return the last moment of which the records of a conversation tell, scheduled ones aside."""
    times = [one.fields.get(name) for one in found for name in _CHANGED]
    threads = [thread for one in found for thread in objects(_threads(one.fields)[0])]
    times += [thread.get(name) for thread in threads for name in ("createdAt", "openedAt")]
    return max((moment(time) or 0 for time in times), default=0)


def _head(first: Found, known: Mapping[str, Any]) -> Head:
    tags = known.get("tags")
    return Head(
        first.row,
        id=identity(known.get("id")) or _of_page(first.fields),
        group=_customer_of(known),
        created_at=moment(known.get("createdAt")),
        subject=text_of(known.get("subject")).strip() or None,
        tags=[name for tag in objects(tags) if (name := _name_of(tag))] or words(tags),
    )


def _name_of(tag: Mapping[str, Any]) -> str:
    return text_of(tag.get("tag")) or text_of(tag.get("name"))


def _threads(fields: Mapping[str, Any]) -> tuple[Any, str]:
    """Return the list of threads and where it stands; of webhooks of old it has another place."""
    embedded = at(fields, "_embedded.threads")
    if embedded is None and isinstance(fields.get("threads"), list):
        return fields["threads"], "/threads"
    return embedded, "/_embedded/threads"


def _lacks(known: Mapping[str, Any], messages: Sequence[Message], waiting: int) -> bool:
    """Tell whether the source counts more published threads than there are.

    waiting: threads that count as published and are not sent yet.
    """
    counted = known.get("threads", known.get("threadCount"))
    counted = known.get("threadCount") if isinstance(counted, list) else counted
    unpublished = (EVENT, NOT_SENT, REPEATED)
    published = sum(message.excluded not in unpublished for message in messages)
    return isinstance(counted, int) and counted > published + waiting


def _thread(
    fields: dict[str, Any],
    place: Place,
    *,
    desk: Desk,
    conversation: Mapping[str, Any],
    latest: int,
) -> Message:
    author = identity(at(fields, "createdBy.id"))
    attached = at(fields, "_embedded.attachments") or fields.get("attachments")
    kind = text_of(fields.get("type"))
    message = Message(
        place,
        at=desk.time(fields.get("createdAt")),
        author=author,
        attachments=tuple(words(attached, "filename") or words(attached, "fileName")),
        mail=kind not in _CHATS and conversation.get("type") != "chat",
        key=identity(fields.get("id")),
    )
    if (reason := _unkept(fields, kind, latest)) is not None:
        return left(message, reason)
    role = _ROLES.get(text_of(at(fields, "createdBy.type")))
    if role is None:
        raise Unreadable("thread does not say who made it (`createdBy.type`)")
    if kind == "customer" and role != USER:
        # What a customer said, in the words of whoever entered it.
        return left(message, LOGGED)
    if kind in ("message", "reply") and role == USER:
        raise Unreadable("a reply of staff is made by a customer")
    customer = _customer_of(conversation)
    is_other = role == USER and None not in (author, customer) and author != customer
    return message._replace(
        role=role,
        text=text_of(fields.get("body")),
        html=True,
        note=THIRD_PERSON if is_other else None,
    )


def _customer_of(conversation: Mapping[str, Any]) -> str | None:
    customer = conversation.get("primaryCustomer") or conversation.get("customer")
    return identity(customer.get("id")) if isinstance(customer, dict) else None


def _unkept(fields: Mapping[str, Any], kind: str, latest: int) -> str | None:
    """Return why a thread is left out, None if it is not."""
    if (unsaid := _UNSAID.get(kind)) is not None:
        return unsaid
    state = text_of(fields.get("state"))
    if kind not in _TO_CUSTOMERS or (state != "published" and state not in _STATES):
        return UNKNOWN_VISIBILITY
    if state in _STATES:
        return _STATES[state]
    if _is_waiting(fields.get("scheduled"), latest):
        return NOT_SENT
    made_by = (at(fields, "action.type"), at(fields, "source.type"))
    return AUTOMATION if any(way in _AUTOMATIC for way in made_by) else None


def _is_waiting(scheduled: object, latest: int) -> bool:
    """Tell whether a thread is to be sent later than anything that is known to have happened."""
    if not isinstance(scheduled, dict) or not scheduled:
        return False
    due = moment(scheduled.get("scheduledFor"))
    return due is None or due > latest


def _waiting(found: Sequence[Found], latest: int) -> int:
    """Return how many published threads are to be sent later."""
    threads = [thread for one in found for thread in objects(_threads(one.fields)[0])]
    published = [thread for thread in threads if thread.get("state") == "published"]
    scheduled = [one for one in published if _is_waiting(one.get("scheduled"), latest)]
    return len({identity(one.get("id")) for one in scheduled})


def _of_page(fields: Mapping[str, Any]) -> str | None:
    """Return the conversation that a page of threads belongs to; only its own address says it."""
    match = _THREADS_OF.search(text_of(at(fields, "_links.self.href")))
    return match[1] if match else None


def _key_of_page(fields: Mapping[str, Any], around: Around) -> str | None:
    return _of_page(fields)


def _has_threads(seen: Listing) -> bool:
    threads = [one for told in seen.shown for one in objects(_threads(told)[0])]
    return any("createdBy" in one or "type" in one for one in threads)


def _is_page(seen: Listing) -> bool:
    return any(isinstance(at(page, "_embedded.threads"), list) for page in seen.shown)


def _refuses(streams: Sequence[Stream]) -> tuple[str, str] | None:
    names = {stream.table.name for stream in streams if stream.table.use == "messages"}
    if names != {_LISTED}:
        return None
    return (
        "lists conversations of Help Scout without their threads",
        f"Add `embed=threads` to the request, or get each one. {_ABOUT.export}",
    )


_ABOUT = About(
    title="Help Scout",
    export="API: GET /v2/conversations?embed=threads&status=all, and for chats and long "
    "conversations GET /v2/conversations/{id}/threads",
    reads="published threads of the types customer, message, reply and chat, by `createdBy.type`",
    leaves="notes, line items, drafts, replies scheduled for later, forwards, calls, workflows, "
    "conversations that are drafts, spam or deleted",
)

_CONVERSATION = (
    "number mailboxId mailbox primaryCustomer customer subject folderId userUpdatedAt threadCount"
)
_LISTS = (VALUES, ("_embedded", "conversations"), ("items",))

READER = ExportReader(
    name="helpscout",
    about=_ABOUT,
    tables=(
        Table(
            _WHOLE,
            needs="id",
            any=f"_embedded threads {_CONVERSATION}",
            paths=_LISTS,
            key="id",
            kinds=("lines", "values"),
            mark=_has_threads,
        ),
        Table(
            _LISTED,
            needs="id number",
            any="mailboxId primaryCustomer folderId threadCount userUpdatedAt",
            paths=_LISTS,
            key="id",
            kinds=("lines", "values"),
        ),
        Table(
            _PAGES,
            needs="_embedded",
            any="_embedded _links page",
            never="id",
            key=_key_of_page,
            kinds=("lines", "values"),
            mark=_is_page,
        ),
        Table(
            "customers",
            needs="id firstName lastName",
            any="conversationCount photoType draft",
            paths=(VALUES, ("_embedded", "customers")),
            use="nothing",
        ),
        Table(
            "users",
            needs="id firstName lastName role",
            any="timezone companyId initials",
            paths=(VALUES, ("_embedded", "users")),
            use="nothing",
        ),
    ),
    make=_make,
    refuses=_refuses,
)
