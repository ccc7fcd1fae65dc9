"""Find in the header of a mail what it is called and which mails it follows."""

import re
from typing import NamedTuple

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_MAX_HEADER = 256 << 10  # bytes
_FIELD = re.compile(
    rb"^(message-id|in-reply-to|references|x-gm-thrid)[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)",
    re.IGNORECASE | re.MULTILINE,
)
_ID = re.compile(r"<([^<>]*)>")


class Ids(NamedTuple):
    """What a mail is called, and the mails that it says it follows."""

    own: str | None
    follows: tuple[str, ...] = ()

    @property
    def any(self) -> str | None:
        """Some id of its conversation, None if it names none."""
        return self.own or next(iter(self.follows), None)


def ids_of(raw: bytes) -> Ids:
    """Return the ids in the header of a mail."""
    end = _HEADER_END.search(raw, 0, _MAX_HEADER)
    found: dict[bytes, str] = {}
    for field in _FIELD.finditer(raw, 0, end.end() if end else _MAX_HEADER):
        found.setdefault(field[1].lower(), field[2].decode("latin-1"))
    references = _named(found.get(b"references", ""))
    follows = [*references[:1], *references[-1:]]
    # Old programs write whose message of what day it was, and the id last.
    follows += _named(found.get(b"in-reply-to", ""))[-1:]
    if thread := found.get(b"x-gm-thrid", "").strip():
        follows.append(f"x-gm-thrid {thread}")
    return Ids(own_id(found.get(b"message-id", "")), tuple(dict.fromkeys(follows)))


def own_id(written: str) -> str | None:
    """Return the id in a field `Message-ID`, None where it is empty."""
    return next(iter(_named(written)), None) or written.strip(" \t\r\n<>") or None


def _named(written: str) -> list[str]:
    return [name for found in _ID.findall(written) if (name := found.strip())]
