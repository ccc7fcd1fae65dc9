"""Read OpenAI chat records: JSON Lines, or one JSON array, of objects with `messages`.

An object is always a conversation, whatever is wrong in it: its faults are for rules to find.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from tunegate.errors import InputError
from tunegate.model import (
    CONTENT,
    FRAGMENTS,
    Batch,
    Plan,
    Reader,
    Reading,
    ReadOptions,
    Source,
    Split,
    frame,
)
from tunegate.readers import elements, lines
from tunegate.readers import record as records
from tunegate.readers.fields import first_word, word_at
from tunegate.readers.glimpse import glimpse
from tunegate.readers.leaves import plain, said, take
from tunegate.readers.record import Unreadable
from tunegate.readers.shape import Collected, Head, segments_of, unreadable_of
from tunegate.readers.sources import blocks, head
from tunegate.readers.times import moment

_IDS = ("id", "conversation_id", "ticket_id")
_TIMES = ("created_at", "created", "timestamp")


def batch_of_records(chats: Sequence[object], *, first: int = 0) -> Batch:
    """Return a batch of chat records, read as if each stood on a line.

    first: the row of the first one.

    Raises:
        InputError: a record is not an object that JSON can hold.
    """
    raw = [records.dump(chat).encode() for chat in chats]
    rows = [(first + n, None, n + 1, len(text), text, None) for n, text in enumerate(raw)]
    reading = assemble_chats(frame(rows, FRAGMENTS), ReadOptions())
    for line, reason in reading.unreadable.select("line", "reason").iter_rows():
        raise InputError(reason, where=f"record {line}")
    return reading.batch


def assemble_chats(fragments: pl.DataFrame, options: ReadOptions) -> Reading:
    """Make a conversation of each record."""
    chats = Collected()
    reasons: list[str | None] = []
    for row, raw, fault in fragments.select("row", "record", "fault").iter_rows():
        try:
            if raw is None:
                raise Unreadable(fault)
            chat = records.load(raw)
            if messages := plain(chat):
                roles, texts = messages
                records.verify_plain(raw, texts)
                count = len(texts)
                texts = [said(role, CONTENT, text) for role, text in zip(roles, texts, strict=True)]
                chats.add(Head(row), list(range(count)), [CONTENT] * count, roles, texts)
            else:
                _dissect(row, raw, records.accept(raw, chat), options, chats)
        except Unreadable as refused:
            reasons.append(str(refused))
        else:
            reasons.append(None)
    read = fragments.with_columns(reason=pl.Series(reasons, dtype=pl.String))
    return Reading(
        batch=chats.batch(segments_of(read.filter(pl.col("reason").is_null()))),
        unreadable=unreadable_of(read.filter(pl.col("reason").is_not_null())),
        used=len(chats),
    )


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
    turns, parts, roles, texts = zip(*leaves, strict=True) if leaves else ((), (), (), ())
    chats.add(head._replace(skeleton=records.dump(chat)), turns, parts, roles, texts)


class ChatReader:
    """Reads chat records; one is a conversation."""

    name = "openai-chat"
    scattered = False

    def recognises(self, head: bytes, name: str) -> bool:
        """Tell whether the head holds objects with `messages`, on lines or in an array."""
        seen = glimpse(head)
        return seen.kind in ("lines", "array") and seen.any_key("messages", "tools", "functions")

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


def _cut(source: Source, file: int) -> lines.Cut:
    if glimpse(head(source)).kind == "array":
        return elements.cut(source, file, elements.scan(blocks(source)), None)
    return lines.cut(source, file)


READER: Reader = ChatReader()
