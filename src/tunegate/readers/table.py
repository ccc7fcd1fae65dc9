"""Read tables of messages: CSV or TSV, a row a message, those of a conversation scattered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl

from tunegate.errors import InputError
from tunegate.model import FRAGMENTS, Plan, Reader, Reading, ReadOptions, Source, Split
from tunegate.readers import lines, rows
from tunegate.readers.glimpse import glimpse
from tunegate.readers.layout import Layout, header_of, layout_of, roles_of
from tunegate.readers.leaves import ROLES
from tunegate.readers.merge import EMPTY, INTERNAL, UNKNOWN_VISIBILITY, Message, Place, Tickets
from tunegate.readers.shape import Head, filled, place, row_of
from tunegate.readers.sources import HEAD, head
from tunegate.readers.times import moment
from tunegate.readers.visibility import fold, is_visible

_MAX_NAME = 80  # characters; a longer first line is prose rather than a header
_NO_NAME = (b"<", b"%")  # markup, PDF
Found = tuple[int, int, int, dict[str, str]]  # row, line, length, our names → fields


@dataclass(frozen=True)
class Context:
    """What every split needs: the options, the layout of each input, the words for roles."""

    options: ReadOptions
    layouts: Mapping[int, Layout]
    roles: Mapping[str, str]


class TableReader:
    """Reads tables; a row is a record, and a conversation is gathered by its id."""

    name = "csv-messages"
    scattered = True

    def recognises(self, head: bytes, name: str) -> bool:
        """Tell whether the head begins with a line of at least two names."""
        if head.lstrip()[:1] in _NO_NAME or glimpse(head).kind != "other":
            return False
        names = [name for name in header_of(_first_line(head))[1] if name]
        return len(names) > 1 and all(n.isprintable() and len(n) <= _MAX_NAME for n in names)

    def plan(self, sources: Sequence[Source], options: ReadOptions) -> Plan:
        """Read the headers; each input is one split, as a quoted field may hold line ends."""
        cuts = []
        layouts: dict[int, Layout] = {}
        for file, source in enumerate(sources):
            start = head(source)
            cut = lines.cut(source, file)
            if start.strip():
                layouts[file] = _layout(start, source, options)
                whole = Split(file, 0, cut.splits[-1].end) if cut.splits else None
                cut = cut._replace(splits=(whole,) if whole else ())
            cuts.append(cut)
        cut = lines.Cut.joined(cuts)
        context = Context(options, layouts, roles_of(options))
        return Plan(
            self.name, tuple(sources), cut.splits, context, cut.faults, truncated=cut.truncated
        )

    def read(self, split: Split, plan: Plan) -> Iterator[pl.DataFrame]:
        """Yield the rows of a table, each with its conversation, where it has one."""
        context: Context = plan.context
        layout = context.layouts.get(split.file)
        if layout is None:
            return
        held: list[tuple[Any, ...]] = []
        size = 0
        source = plan.sources[split.file]
        for row in rows.rows(source, split, delimiter=layout.delimiter, width=layout.width):
            held.append(_fragment(row, split.file, layout))
            size += row.length
            if len(held) >= context.options.batch_rows or size >= lines.FRAME_BYTES:
                yield _frame(held)
                held, size = [], 0
        if held:
            yield _frame(held)

    def assemble(self, fragments: pl.DataFrame, plan: Plan) -> Reading:
        """Make conversations of rows; all of a conversation must be among them."""
        context: Context = plan.context
        tickets = Tickets(context.options.subject)
        gathered: dict[str, list[Found]] = {}
        columns = ("row", "conversation", "line", "length", "record", "fault")
        for row, conversation, line, length, raw, fault in (
            fragments.select(columns).sort("row").iter_rows()
        ):
            if raw is None:
                file, offset = place(row)
                tickets.refuse(Place(file, line, offset, length), fault)
            else:
                found = (row, line, length, orjson.loads(raw))
                gathered.setdefault(conversation, []).append(found)
        for conversation, parts in gathered.items():
            _add(tickets, conversation, parts, context)
        return tickets.reading()


READER: Reader = TableReader()


def _first_line(start: bytes) -> str:
    # A name may be missing, as over the index of a data frame, and then a tab comes first.
    first = next((line for line in start.split(b"\n") if line.strip()), b"")
    return first.decode(errors="replace").rstrip("\r")


def _layout(start: bytes, source: Source, options: ReadOptions) -> Layout:
    header = _first_line(start)
    if len(header) >= HEAD:
        raise InputError(
            "the header is longer than 64 KB",
            where=source.name,
            hint="its first line must name the columns",
        )
    return layout_of(header, options, source.name)


def _fragment(row: rows.Row, file: int, layout: Layout) -> tuple[Any, ...]:
    """Return the row as it goes into `FRAGMENTS`."""
    fault = row.fault
    conversation = record = None
    if fault is None:
        fields = {ours: row.fields[n] for ours, n in layout.columns.items()}
        conversation = fields.pop("conversation")
        record = orjson.dumps(fields)
        if not conversation.strip():
            conversation = record = None
            fault = "row has no conversation id"
    return row_of(file, row.offset), conversation, row.line, row.length, record, fault


def _frame(held: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    columns = zip(*held, strict=True)
    return filled(dict(zip(FRAGMENTS, columns, strict=True)), FRAGMENTS)


def _add(tickets: Tickets, conversation: str, parts: Sequence[Found], context: Context) -> None:
    """Add a conversation; its rows are in the order of the inputs."""
    messages = [_message(part, context) for part in parts]
    times = [message.at for message in messages if message.at is not None]
    head = Head(
        parts[0][0],
        id=conversation,
        group=_first(parts, "group"),
        created_at=min(times, default=None),
        subject=_first(parts, "subject"),
    )
    tickets.add(head, messages)


def _first(parts: Sequence[Found], name: str) -> str | None:
    return next((fields[name] for *_, fields in parts if fields.get(name, "").strip()), None)


def _message(part: Found, context: Context) -> Message:
    row, line, length, fields = part
    file, offset = place(row)
    message = Message(
        Place(file, line, offset, length),
        at=moment(fields.get("created_at")),
        author=fields.get("author") or None,
    )
    if "visibility" in fields:
        visible = is_visible(fields["visibility"], inverted=context.layouts[file].inverted)
        if not visible:
            return message._replace(excluded=UNKNOWN_VISIBILITY if visible is None else INTERNAL)
    role = context.roles.get(fold(fields["role"]))
    if role is None:
        return message._replace(unreadable="role is not mapped")
    if role not in ROLES:
        return message._replace(excluded=role)
    text = fields["body"].replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return message._replace(excluded=EMPTY)
    if message.at is None and fields.get("created_at", "").strip():
        return message._replace(unreadable="time is not understood")  # its place is anyone's guess
    return message._replace(role=role, text=text)
