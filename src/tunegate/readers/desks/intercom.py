"""Read Intercom conversations and tickets, as its API gives them or as Fivetran keeps them.

The opening message stands in `source`, apart from the parts. Of the parts only those are kept whose
type says that the customer saw them; notes, assignments and every type not known are left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tunegate.model import About
from tunegate.readers.bodies.html import is_html, to_text
from tunegate.readers.desks.intercom_parts import Conversation
from tunegate.readers.desks.intercom_tables import (
    CONTACTS,
    CONVERSATIONS,
    HEADS,
    PARTS,
    STATISTICS,
    SYNCED,
    SYNCED_PARTS,
    TABLES,
    TICKETS,
    refuses,
)
from tunegate.readers.export import Desk, ExportReader, Found, Left, Made, Talk, each, listed
from tunegate.readers.fields import at, identity, objects, text_of, truth, words
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import CUT_SHORT, DELETED, EVENT, REPEATED, TICKET_UNKNOWN, Message
from tunegate.readers.shape import Head
from tunegate.readers.streams import Stream
from tunegate.readers.times import moment

_LONG_AGO = -(1 << 63)
_PART_LISTS = ("conversation_parts", "ticket_parts")
_ACTIVE = {"true": 1, "false": -1}

Group = Mapping[str, Sequence[Found]]


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Made]:
    tables: dict[str, list[Found]] = {}
    for one in found:
        tables.setdefault(one.table, []).append(one)
    yield from (Left(EVENT) for _ in tables.get(STATISTICS, ()))
    heads = sorted((one for name in HEADS for one in tables.get(name, ())), key=_age)
    if heads or PARTS in tables or SYNCED_PARTS in tables:
        yield _talk(found[0], heads, tables, desk)


def _talk(first: Found, heads: Sequence[Found], tables: Group, desk: Desk) -> Talk:
    """Return a conversation with its parts, wherever they stand."""
    newest = heads[-1] if heads else None
    fields = _as_answered(newest) if newest else {"id": first.fields.get("conversation_id")}
    number = identity(fields.get("id"))
    if number is None:
        raise Unreadable("conversation has no `id`")
    beside = [identity(one.fields.get("contact_id")) for one in tables.get(CONTACTS, ())]
    talk = Conversation(fields, desk, beside[0] if beside else None)
    messages: list[Message] = []
    told = False
    for one in reversed(heads):
        opened, parts = list(talk.opening(one.place)), _within(one, talk)
        messages += opened if one is newest else _again(opened)
        # A list of conversations holds no parts, and may be newer than what does.
        messages += _again(parts) if told else parts
        told = told or bool(parts)
    for name in (PARTS, SYNCED_PARTS):
        messages += _beside(tables.get(name, ()), talk)
    opening = newest or first
    head = Head(
        opening.row,
        id=number,
        group=talk.group(opening.raw),
        created_at=moment(fields.get("created_at")),
        subject=_subject(fields),
        tags=words(at(fields, "tags.tags"), "name"),
    )
    streamed = PARTS in tables or SYNCED_PARTS in tables
    if newest is None:
        return Talk(head, messages, [TICKET_UNKNOWN])
    short = all(_is_short(one, streamed) for one in heads)
    return Talk(head, messages, [CUT_SHORT] if short else [])


def _again(copies: Sequence[Message]) -> list[Message]:
    return [Message(copy.place, excluded=REPEATED) for copy in copies]


def _within(head: Found, talk: Conversation) -> list[Message]:
    """Return the parts that stand in a conversation or a ticket."""
    if head.table == SYNCED:
        return []
    name = "ticket_parts" if head.table == TICKETS else "conversation_parts"
    parts, pointer = head.fields.get(name), f"/{name}"
    if isinstance(parts, dict):
        parts, pointer = parts.get(name), f"/{name}/{name}"
    return list(listed(parts, head.place, pointer, talk.part))


def _beside(found: Sequence[Found], talk: Conversation) -> Iterator[Message]:
    """Yield the parts that are records of their own; of the versions of a part the last counts."""
    kept: dict[str, Found] = {}
    for one in sorted(found, key=_age):
        kept[identity(one.fields.get("id")) or str(one.row)] = one
    current = {one.row for one in kept.values()}
    for one in found:
        if one.row not in current:
            yield Message(one.place, excluded=REPEATED)
        elif _activity(one) < 0:
            yield Message(one.place, excluded=DELETED)
        else:
            yield from each([one], lambda part: talk.part(_as_part(part), part.place))


def _as_answered(head: Found) -> Mapping[str, Any]:
    """Return a conversation as the API answers, also one of Fivetran's tables."""
    fields = head.fields
    if head.table != SYNCED:
        return fields
    source = {
        name.removeprefix("source_"): value
        for name, value in fields.items()
        if name.startswith("source_")
    }
    author = {"type": source.get("author_type"), "id": source.get("author_id")}
    return {**fields, "source": {**source, "author": author}}


def _as_part(part: Found) -> dict[str, Any]:
    fields = part.fields
    if part.table != SYNCED_PARTS:
        return fields
    return {**fields, "author": {"type": fields.get("author_type"), "id": fields.get("author_id")}}


def _activity(record: Found) -> int:
    return _ACTIVE.get(str(record.fields.get("_fivetran_active")).lower(), 0)


def _age(record: Found) -> tuple[int, int, int, int]:
    """Return what sorts copies of a record; of two of one time, that comes last which says less."""
    at = moment(record.fields.get("updated_at"))
    parts = [record.fields, *(part for name in _PART_LISTS for part in _listed(record, name))]
    redacted = sum(truth(part.get("redacted")) is True for part in parts)
    return _activity(record), _LONG_AGO if at is None else at, redacted, record.row


def _listed(head: Found, name: str) -> list[dict[str, Any]]:
    parts = head.fields.get(name)
    return objects(parts.get(name) if isinstance(parts, dict) else parts)


def _is_short(head: Found, streamed: bool) -> bool:
    """Tell whether a conversation has more parts than stand in it."""
    if head.table == SYNCED or (streamed and head.table != CONVERSATIONS):
        return False
    name = "ticket_parts" if head.table == TICKETS else "conversation_parts"
    held = head.fields.get(name)
    parts = held.get(name) if isinstance(held, dict) else held
    total = held.get("total_count") if isinstance(held, dict) else None
    if total is None and parts is None:
        total = at(head.fields, "statistics.count_conversation_parts")
    count = len(parts) if isinstance(parts, list) else 0
    return isinstance(total, int) and total > count


def _subject(fields: Mapping[str, Any]) -> str | None:
    names = (
        "source.subject",
        "conversation_message.subject",
        "title",
        "ticket_attributes._default_title_",
    )
    for name in names:
        text = text_of(at(fields, name))
        plain = (to_text(text) if is_html(text) else text).strip()
        if plain:
            return plain
    return None


def _persons(table: str, person: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    number = identity(person.get("id"))
    if number:
        yield number, "assistant" if table == "admins" else "user"


def _gathers(told: Sequence[Stream]) -> bool:
    # One document of conversations with their parts is whole already.
    return not (
        len(told) == 1 and told[0].is_whole and told[0].table.name in (CONVERSATIONS, TICKETS)
    )


READER = ExportReader(
    name="intercom",
    about=About(
        title="Intercom",
        export="REST API: GET /conversations or POST /conversations/search for the ids, then "
        "GET /conversations/{id} for each; or Fivetran's conversation and part tables",
        reads="the opening `source` and parts of type comment, and of open and close with a text, "
        "by `author.type`",
        leaves="notes, assignments, campaigns, bots and AI agents, tickets that customers "
        "cannot see; redacted parts, whose conversation counts as cut short",
    ),
    tables=TABLES,
    make=_make,
    persons=_persons,
    gathers=_gathers,
    refuses=refuses,
)
