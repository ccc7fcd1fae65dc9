"""Take apart the comments of Zendesk that hold a whole chat under the name of one author."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tunegate.readers.bodies.html import to_text
from tunegate.readers.merge import CUT_SHORT, EVENT, UNKNOWN_SPEAKER, Message

_STAMP = r"\(\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?\)"
_STAMPED = re.compile(
    rf"{_STAMP}[ \t]*(?:(?P<speaker>[^:\n]{{1,80}}):(?!\S*//)[ \t]*)?(?P<said>.*)"
)
_TIME = re.compile(_STAMP)
_OPENING = re.compile(
    r"(?:chat started|chat transcript|conversation with|messaging conversation)\b", re.IGNORECASE
)
# HTML may have lost the ends of lines; with seconds no text has such times by chance.
_BEFORE = re.compile(r"[ \t]+(?=\(\d{1,2}:\d{2}:\d{2}(?: ?[AaPp][Mm])?\) )")
_ASIDE = re.compile(r"\*\*\*|(?:chat (?:ended|rating)|served by)\b", re.IGNORECASE)


class Line(NamedTuple):
    """What one said in a chat; `speaker` is None for what happened in it."""

    speaker: str | None
    text: str


def apart(message: Message, role_of: Callable[[str], str | None]) -> Iterator[Message]:
    """Yield what was said in a message: the message itself, or the lines of a whole chat.

    role_of: returns the role of whoever is called so, None where nobody knows. A chat with a
    speaker of no known role is left out, and the conversation said to lack it.
    """
    if message.role is None or not _TIME.search(message.text):
        yield message
        return
    text = to_text(message.text) if message.html else message.text
    found = transcript(text)
    if found is None:
        yield message
        return
    preface, lines = found
    roles = {line.speaker: role_of(line.speaker) for line in lines if line.speaker}
    if preface or None in roles.values():
        yield message._replace(role=None, excluded=UNKNOWN_SPEAKER, note=CUT_SHORT)
        return
    for line in lines:
        if line.speaker is None:
            yield message._replace(role=None, excluded=EVENT, attachments=())
        else:
            author = message.author if roles[line.speaker] == message.role else None
            yield message._replace(
                role=roles[line.speaker],
                text=line.text,
                html=False,
                mail=False,
                author=author,
                attachments=(),
            )


def transcript(text: str) -> tuple[bool, list[Line]] | None:
    """Return the lines of a chat, and whether other words stand before them; None if it is none.

    It is one if it begins as Zendesk begins them, or if several speak in it, each with a time.
    """
    lines: list[Line] = []
    before: list[str] = []
    for row in _BEFORE.sub("\n", text).splitlines():
        begun = _STAMPED.match(row)
        if begun:
            named, said = begun["speaker"], begun["said"]
            speaker = named.strip() if named and not _ASIDE.match(named) else None
            lines.append(Line(speaker or None, said))
        elif not lines:
            before += [row] if row.strip() else []
        elif _ASIDE.match(row):
            lines.append(Line(None, row))
        else:
            last = lines[-1]
            lines[-1] = last._replace(text=f"{last.text}\n{row}")
    speakers = {line.speaker for line in lines} - {None}
    opens = bool(before) and bool(_OPENING.match(before[0].strip()))
    if not speakers or not (opens or len(speakers) > 1):
        return None
    return bool(before) and not opens, [line._replace(text=line.text.strip()) for line in lines]
