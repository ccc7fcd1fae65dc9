"""Read OpenAI chat records: JSON Lines, or one JSON array, of objects with `messages`.

An object is always a conversation, whatever is wrong in it: its faults are for rules to find.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import polars as pl

from tunegate.branches import lists
from tunegate.errors import InputError
from tunegate.model import (
    CONTENT,
    FRAGMENTS,
    UNREADABLE,
    About,
    Batch,
    Plan,
    Reader,
    Reading,
    ReadOptions,
    Source,
    Split,
    empty,
    frame,
)
from tunegate.readers.fields import first_word, word_at
from tunegate.readers.inputs.sources import blocks, head
from tunegate.readers.json import elements, lines
from tunegate.readers.json import record as records
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.glimpse import Listing, glimpse
from tunegate.readers.json.record import Unreadable
from tunegate.readers.leaves import KNOWN_KEYS, all_plain, by_column, plain, said, take
from tunegate.readers.merge import HIDDEN_MESSAGE, UNKNOWN_VISIBILITY
from tunegate.readers.shape import Collected, Head, segments_of, unreadable_of
from tunegate.readers.times import moment
from tunegate.readers.visibility import Kind, kind_of, left_out

_IDS = ("id", "conversation_id", "ticket_id")
_MARKS = 2  # a system of its own that also has `messages` shows more
_TIMES = ("created_at", "created", "timestamp")


def batch_of_records(chats: Sequence[object], *, first: int = 0) -> Batch:
    """Return a batch of chat records, read as if each stood on a line.

    first: the row of the first one.

    Raises:
        InputError: a record is not an object that JSON can hold.
    """
    raw = [records.dump(chat).encode() for chat in chats]
    rows = [(first + n, None, None, n + 1, len(text), text, None) for n, text in enumerate(raw)]
    reading = assemble_chats(frame(rows, FRAGMENTS), ReadOptions())
    for line, reason in reading.unreadable.select("line", "reason").iter_rows():
        raise InputError(reason, where=f"record {line}")
    return reading.batch


def assemble_chats(fragments: pl.DataFrame, options: ReadOptions) -> Reading:
    """Make a conversation of each record."""
    chats = _all_at_once(fragments)
    if chats is not None:
        return Reading(chats.batch(segments_of(fragments)), empty(UNREADABLE), used=len(chats))
    chats = Collected()
    reasons: list[str | None] = []
    notes: list[str | None] = []
    for row, raw, fault in fragments.select("row", "record", "fault").iter_rows():
        reason = note = None
        try:
            if raw is None:
                raise Unreadable(fault)
            chat = records.load(raw)
            if messages := plain(chat):
                roles, texts = messages
                records.verify_plain(raw, texts)
                pairs = zip(roles, texts, strict=True)
                texts = [said(role, CONTENT, text) for role, text in pairs]
                chats.add_plain([row], [len(texts)], roles, texts)
            else:
                chat = records.accept(raw, chat)
                note = HIDDEN_MESSAGE if _hides(chat) else None
                _dissect(row, raw, chat, options, chats)
        except Unreadable as refused:
            reason = str(refused)
        reasons.append(reason)
        notes.append(note)
    read = fragments.with_columns(
        reason=pl.Series(reasons, dtype=pl.String), note=pl.Series(notes, dtype=pl.String)
    )
    return Reading(
        batch=chats.batch(segments_of(read.filter(pl.col("reason").is_null()))),
        unreadable=unreadable_of(read.filter(pl.col("reason").is_not_null())),
        used=len(chats),
    )


def _all_at_once(fragments: pl.DataFrame) -> Collected | None:
    """Return the conversations of records that are all plain chats, None if one is not."""
    raws = fragments["record"].to_list()
    values = None if None in raws else records.load_all(raws)
    found = all_plain(values) if values else None
    if found is None:
        return None
    counts, roles, texts = found
    if any(rb"\u" in raw for raw in raws if b"\\" in raw):
        return None  # a text may hold escapes of its own
    end = 0
    try:
        for raw, count in zip(raws, counts, strict=True):
            begin, end = end, end + count
            records.verify_plain(raw, texts[begin:end])
    except Unreadable:
        return None
    chats = Collected()
    chats.add_plain(fragments["row"].to_list(), counts, roles, texts)
    return chats


def _hides(chat: dict[str, Any]) -> bool:
    """Tell whether a message bears a mark of some system that customers did not see it."""
    said = [m for _, _, messages in lists(chat) for m in messages if type(m) is dict]
    telling = _telling(frozenset[str]().union(*said))
    return any(
        _is_hidden(message[name], kind)
        for name, kind in telling
        for message in said
        if name in message
    )


@lru_cache(maxsize=256)
def _telling(names: frozenset[str]) -> tuple[tuple[str, Kind], ...]:
    """Return which keys of messages say whether somebody saw them; files have few sets of keys."""
    told = ((name, kind_of(name)) for name in sorted(names - KNOWN_KEYS))
    return tuple((name, kind) for name, kind in told if kind)


def _is_hidden(value: object, kind: Kind) -> bool:
    if not isinstance(value, str | int | float):
        return False
    word = str(value).lower() if isinstance(value, bool) else str(value)
    return left_out(word, kind) not in (None, UNKNOWN_VISIBILITY)


def _dissect(
    row: int, raw: bytes, chat: dict[str, Any], options: ReadOptions, chats: Collected
) -> None:
    """Add a record that has more than roles and texts."""
    created = (moment(chat[name]) for name in _TIMES if chat.get(name) is not None)
    head = Head(
        row,
        id=first_word(chat, _IDS, raw),
        group=word_at(chat, options.group, raw) if options.group else None,
        created_at=next(created, None),
    )
    leaves = take(chat)
    chats.add(head._replace(skeleton=records.dump(chat)), **by_column(leaves))


class ChatReader:
    """Reads chat records; one is a conversation."""

    name = "openai-chat"
    about = About(
        title="OpenAI chat",
        export="what OpenAI, Azure and most fine-tuning services take: an object with `messages` "
        "a line, or an array of them",
        reads="every message with its role, tool calls, names and tools",
        leaves="nothing; what is wrong with a record is for rules to find",
    )

    def recognises(self, head: bytes, name: str) -> int:
        """Count the marks of chat records, on lines or as values."""
        seen = glimpse(head)
        return _MARKS * (seen.is_json and _is_chat(seen.records))

    def plan(self, sources: Sequence[Source], options: ReadOptions) -> Plan:
        """Cut lines by byte ranges, and arrays between their elements."""
        cut = lines.Cut.joined(_cut(source, file) for file, source in enumerate(sources))
        return Plan(
            self.name, tuple(sources), cut.splits, options, cut.faults, truncated=cut.truncated
        )

    def read(self, split: Split, plan: Plan) -> Iterator[pl.DataFrame]:
        """Yield the records of a split; lines that are blank are none."""
        read = elements.fragments if split.spans else lines.fragments
        return read(plan.sources[split.file], split, plan.context.batch_rows)

    def assemble(self, fragments: pl.DataFrame, plan: Plan) -> Reading:
        """Make a conversation of each record."""
        return assemble_chats(fragments, plan.context)


def _is_chat(seen: Listing) -> bool:
    """Tell chat records; a list of messages that some other system writes is none."""
    lists = [record.get("messages") for record in seen.objects]
    messages = [m for items in lists if isinstance(items, list) for m in items]
    keys = [frozenset(message) for message in messages if isinstance(message, dict)]
    if lists and all(isinstance(items, str) and items.lstrip()[:1] == "[" for items in lists):
        return False  # JSON in a cell, which a table has
    foreign = bool(keys) and frozenset[str]().union(*keys).isdisjoint(("role", "content"))
    return seen.has("messages", "tools", "functions") and not foreign


def _cut(source: Source, file: int) -> lines.Cut:
    if glimpse(head(source)).kind != "values":
        return lines.cut(source, file).of_json(file)
    found = elements.scan(blocks(source))
    cuts = [elements.cut(source, file, found, VALUES), elements.faults_of(file, found)]
    return lines.Cut.joined(cuts)


READER: Reader = ChatReader()
