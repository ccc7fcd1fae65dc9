"""Tell apart the messages of a chat that Salesforce keeps as one text (`LiveChatTranscript.Body`).

The text names its agents in lines of their own, `Agent Mira`, and begins each message with the
time since the start and a name. It is taken apart only if one other name is left, the visitor's.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, NamedTuple

from tunegate.readers.bodies.html import to_text
from tunegate.readers.desks.salesforce_messages import Case
from tunegate.readers.desks.salesforce_tables import id_of
from tunegate.readers.export import Found
from tunegate.readers.fields import text_of, truth
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import DELETED, EMPTY, REPEATED, UNKNOWN_SPEAKER, Message
from tunegate.readers.people import ASSISTANT, USER

# Up to the next mark: to search for the end from each opening would be quadratic.
_HEADING = re.compile(r"<p\b[^<>]*+>((?:[^<]++|<(?!/?p\b))*+)</p>", re.IGNORECASE)
_AGENT = re.compile(r"Agent\s+(.+)", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_OPENING = re.compile(
    r"\s*\(\s*(?:(\d{1,9})h\s*)?(?:(\d{1,9})m\s*)?(?:(\d{1,9})s\s*)\)\s*([^:<>\n]{1,80}):\s?"
)
_MICROSECONDS = 1_000_000


class _Line(NamedTuple):
    """A message of a chat. after: microseconds since its start."""

    after: int
    speaker: str
    text: str


def chat(one: Found, case: Case) -> Iterator[Message]:
    """Yield the messages of a transcript; one message that is left out if they are not certain."""
    fields = one.fields
    whole = Message(one.place._replace(pointer="/Body"))
    body = text_of(fields.get("Body"))
    if case.seen.again(id_of(fields.get("Id"))):
        yield whole._replace(excluded=REPEATED)
        return
    if case.deleted or truth(fields.get("IsDeleted")):
        yield whole._replace(excluded=DELETED)
        return
    if not body.strip():
        yield whole._replace(excluded=EMPTY)
        return
    try:
        start = case.desk.time(fields.get("StartTime") or fields.get("CreatedDate"))
    except Unreadable as refused:
        yield whole._replace(unreadable=str(refused))
        return
    lines = list(_lines(body))
    agents = _agents(body)
    speakers = {line.speaker for line in lines}
    # An agent who is named but never speaks may speak under another name.
    if speakers.isdisjoint(agents) or len(speakers - agents) > 1 or _is_lost(body):
        yield whole._replace(excluded=UNKNOWN_SPEAKER)
        return
    for line in lines:
        at = start + line.after if start is not None else None
        role = ASSISTANT if line.speaker in agents else USER
        author = line.speaker if role == ASSISTANT else _visitor(fields)
        yield whole._replace(at=at, role=role, author=author, text=line.text, called=line.speaker)


def _agents(body: str) -> set[str]:
    headings = (unescape(heading[1]).strip() for heading in _HEADING.finditer(body))
    return {" ".join(named[1].split()) for line in headings if (named := _AGENT.fullmatch(line))}


def _lines(body: str) -> Iterator[_Line]:
    """Yield the messages; what follows a break without a time belongs to the one before it."""
    begun: re.Match[str] | None = None
    said: list[str] = []
    for piece in _pieces(body):
        opening = _OPENING.match(piece)
        if opening:
            if begun:
                yield _line(begun, said)
            begun, said = opening, [piece[opening.end() :]]
        else:
            said.append(piece)
    if begun:
        yield _line(begun, said)


def _line(begun: re.Match[str], said: list[str]) -> _Line:
    hours, minutes, seconds = (int(part or 0) for part in begun.groups()[:3])
    after = ((hours * 60 + minutes) * 60 + seconds) * _MICROSECONDS
    return _Line(after, " ".join(unescape(begun[4]).split()), to_text("<br>".join(said)))


def _pieces(body: str) -> list[str]:
    return _BREAK.split(_HEADING.sub("<br>", body))


def _is_lost(body: str) -> bool:
    """Tell whether words stand before the first message, which then have no speaker."""
    pieces = _pieces(body)
    first = next((n for n, piece in enumerate(pieces) if _OPENING.match(piece)), 0)
    return any(piece.strip() for piece in pieces[:first])


def _visitor(fields: Mapping[str, Any]) -> str | None:
    return id_of(fields.get("ContactId")) or id_of(fields.get("LiveChatVisitorId"))
