"""The lists that Front's API gives, and which conversation a record belongs to."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tunegate.model import About
from tunegate.readers.fields import at, text_of
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.streams import Around, Stream, Table

_CONVERSATION = re.compile(r"cnv_[0-9a-z]+", re.IGNORECASE)
_RECORDS = (VALUES, ("_results",))
_OTHERS = ("tea_", "crd_", "ctc_", "tag_", "inb_", "cha_", "evt_", "tim_", "acc_", "rul_")

ABOUT = About(
    title="Front",
    export="core API: GET /conversations, then GET /conversations/{id}/messages of each",
    reads="messages that were sent or received, by `is_inbound`",
    leaves="comments, discussions, drafts, failed messages, calls, what rules and macros "
    "sent, mails that the customer neither wrote nor received (who wrote or was written to first), "
    "conversations private to a teammate (`is_private`), deleted and spam conversations",
)


def key_of(fields: Mapping[str, Any], around: Around) -> str | None:
    """Return the conversation that a record belongs to by its links, or by its file's name."""
    for value in (at(fields, "_links.related.conversation"), fields.get("conversation_id")):
        if named := _CONVERSATION.search(text_of(value)):
            return named[0]
    in_name = set(_CONVERSATION.findall(around.name))
    return in_name.pop() if len(in_name) == 1 else None


def _begins(*prefixes: str) -> Callable[[Listing], bool]:
    """Return a test whether ids begin as those of Front do, which name their kind."""
    return lambda seen: any(text_of(one.get("id")).startswith(prefixes) for one in seen.shown)


def refuses(streams: Sequence[Stream]) -> tuple[str, str] | None:
    """Say why conversations alone cannot be used."""
    tables = {stream.table.name for stream in streams}
    if "conversations" in tables and not tables & {"messages", "threads"}:
        return (
            "holds conversations of Front without their messages",
            "also export GET /conversations/{id}/messages of each, and audit the folder",
        )
    return None


TABLES = (
    Table(
        "messages",
        needs="id is_inbound",
        any="_links type blurb author recipients draft_mode error_type",
        paths=_RECORDS,
        key=key_of,
        kinds=("lines", "values"),
        mark=_begins("msg_"),
    ),
    Table(
        "comments",
        needs="id body",
        any="posted_at author is_pinned",
        paths=_RECORDS,
        key=key_of,
        kinds=("lines", "values"),
        mark=_begins("com_"),
    ),
    Table(
        "threads",
        needs="id messages",
        any="subject status recipient comments _links",
        paths=_RECORDS,
        key="id",
        kinds=("lines", "values"),
        mark=_begins("cnv_"),
    ),
    Table(
        "conversations",
        needs="id",
        any="subject status recipient last_message assignee",
        never="messages",
        paths=_RECORDS,
        key="id",
        kinds=("lines", "values"),
        mark=_begins("cnv_"),
    ),
    Table(
        "other lists",
        needs="id _links",
        paths=_RECORDS,
        use="nothing",
        kinds=("lines", "values"),
        mark=_begins(*_OTHERS),
    ),
    Table(
        "an empty page",
        needs="_results _pagination",
        use="nothing",
        kinds=("lines", "values"),
        mark=lambda seen: not any(page.get("_results") for page in seen.shown),
    ),
)
