"""Read tables: rows of CSV or objects of JSON that are messages, pairs, or conversations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import orjson
import polars as pl

from tunegate.errors import InputError
from tunegate.model import About, Plan, Reader, Reading, ReadOptions, Source, Split
from tunegate.readers import streams
from tunegate.readers.export import UNKNOWN_TIME
from tunegate.readers.fields import as_text, identity
from tunegate.readers.inputs.sources import head, single_byte
from tunegate.readers.json import lines
from tunegate.readers.json import record as records
from tunegate.readers.json.glimpse import Glimpse, glimpse
from tunegate.readers.json.record import Unreadable
from tunegate.readers.layout import Layout, layout_of, marks_of, roles_of
from tunegate.readers.leaves import ROLES
from tunegate.readers.merge import (
    EMPTY,
    Message,
    Place,
    Tickets,
)
from tunegate.readers.people import ASSISTANT, USER
from tunegate.readers.shape import Head
from tunegate.readers.streams import Around, Stream, Table
from tunegate.readers.times import cell_moment, may_be_two
from tunegate.readers.visibility import fold, hidden_by, kind_of

WHICH_FIRST = "time is not understood without --day-first or --month-first"


class Fields(NamedTuple):
    """What is used of a row: our names → texts, and why it is left out, None if it is not."""

    texts: dict[str, str]
    left: str | None


Found = tuple[int, Place, Fields]


@dataclass(frozen=True)
class ByColumn:
    """Names the conversation by one column, whatever stands in the column's name."""

    column: str

    def __call__(self, record: Mapping[str, Any], around: Around) -> str | None:
        """Return the id that a record has there."""
        return identity(record.get(self.column))


@dataclass(frozen=True)
class Context:
    """What every split needs: the options, how each input is cut and laid out, words for roles."""

    options: ReadOptions
    streams: Mapping[int, Stream]
    layouts: Mapping[int, Layout]
    roles: Mapping[str, str]


class TableReader:
    """Reads tables; where a row is a message, a conversation is gathered by its id."""

    name = "message-table"
    about = About(
        title="Table",
        export="CSV, TSV, Excel, Parquet, Arrow, JSON or a data frame, with a header; "
        "`tunegate init FILE` proposes which column is what",
        reads="a message a row (conversation, role, body), a pair a row (prompt, completion), or a "
        "conversation a row (messages)",
        leaves="rows that a column of visibility hides or says nothing clear about; deleted rows "
        "and drafts",
    )

    def recognises(self, head: bytes, name: str) -> int:
        """Count the columns of a conversation; any table at all has one mark."""
        seen = glimpse(head)
        if seen.kind == "rows":
            return marks_of(seen.columns)
        if not seen.is_json or not _is_flat(seen):
            return 0
        return marks_of(sorted(seen.records.names))

    def plan(self, sources: Sequence[Source], options: ReadOptions) -> Plan:
        """Read the names of the columns, and cut the inputs between rows."""
        sources = tuple(decoded(source) for source in sources)
        cuts = []
        layouts: dict[int, Layout] = {}
        found: dict[int, Stream] = {}
        for file, source in enumerate(sources):
            seen = glimpse(head(source))
            if seen.kind == "empty":
                cuts.append(lines.cut(source, file))
                continue
            _refuse_prose(seen, source.name)
            names = seen.columns or tuple(sorted(seen.records.names))
            layouts[file] = layout = layout_of(names, options, source.name)
            table = Table("rows", "", key=ByColumn(layout.columns.get("conversation", "")))
            found[file] = Stream(file, table, seen.kind, (), seen.delimiter, seen.columns)
            cuts.append(streams.cut(source, file, [found[file]]).cut)
        cut = lines.Cut.joined(cuts)
        return Plan(
            self.name,
            sources,
            cut.splits,
            Context(options, found, layouts, roles_of(options)),
            cut.faults,
            truncated=cut.truncated,
            scattered=any(layout.kind == "message" for layout in layouts.values()),
        )

    def read(self, split: Split, plan: Plan) -> Iterator[pl.DataFrame]:
        """Yield the rows of a table, each with its conversation, where it has one."""
        context: Context = plan.context
        stream = context.streams.get(split.file)
        if stream is None:
            return
        source = plan.sources[split.file]
        around = Around(source.name, {})
        for frame in streams.fragments(source, split, stream, context.options.batch_rows):
            gathered = context.layouts[split.file].kind == "message"
            yield streams.keyed(frame, stream.table, around) if gathered else frame

    def assemble(self, fragments: pl.DataFrame, plan: Plan) -> Reading:
        """Make conversations of rows; all of a conversation must be among them."""
        context: Context = plan.context
        tickets = Tickets(context.options)
        gathered: dict[str | int, list[Found]] = {}
        for row, _, conversation, *where, raw, fault in streams.located(fragments.sort("row")):
            place = Place(*where)
            try:
                if raw is None:
                    raise Unreadable(fault)
                fields = _mapped(records.parse(raw), raw, context.layouts[place.file])
            except Unreadable as refused:
                tickets.refuse(place, str(refused))
                continue
            key = row if conversation is None else conversation
            gathered.setdefault(key, []).append((row, place, fields))
        for key, parts in gathered.items():
            if isinstance(key, str):
                _add(tickets, key, parts, context)
            else:
                _add_row(tickets, parts[0], context)
        return tickets.reading()


READER: Reader = TableReader()


def _is_flat(seen: Glimpse) -> bool:
    """Tell whether the records are rows: objects whose fields are no lists of objects."""
    return bool(seen.records.objects) and len(seen.listings) == 1


def decoded(source: Source) -> Source:
    """Return a source that says how it is encoded; a table may be older than UTF-8."""
    if source.encoding or glimpse(head(source)).kind != "rows":
        return source
    encoding = single_byte(source)
    return replace(source, encoding=encoding) if encoding else source


def _refuse_prose(seen: Glimpse, where: str) -> None:
    if seen.kind == "text":
        raise InputError(
            "has no header that names its columns",
            where=where,
            hint="its first line must name the columns, in less than 64 KB",
        )


def _mapped(record: dict[str, Any], raw: bytes, layout: Layout) -> Fields:
    """Return what is used of a record."""
    fields = {ours: as_text(record, name, raw) for ours, name in layout.columns.items()}
    seen = {name: kind_of(name) for name in record if name not in layout.columns.values()}
    # The head of an input of JSON need not show every key, and a mapped column has another name.
    return Fields(fields, hidden_by(record, raw, {**seen, **dict(layout.visibility)}))


def _add_row(tickets: Tickets, part: Found, context: Context) -> None:
    """Add a conversation that is one row."""
    row, place, (fields, left) = part
    if left:
        tickets.leave(left)
        return
    head = Head(
        row,
        id=fields.get("id") or fields.get("conversation") or None,
        group=fields.get("group") or None,
        created_at=_moment(fields, context),
        subject=fields.get("subject", "").strip() or None,
    )
    try:
        record = _chat_of(fields, context.layouts[place.file])
        tickets.add_chat(head, record, [place])
    except Unreadable as refused:
        tickets.refuse(place, str(refused))


def _moment(fields: Mapping[str, str], context: Context) -> int | None:
    return cell_moment(fields.get("created_at", ""), day_first=context.options.day_first)


def _chat_of(fields: Mapping[str, str], layout: Layout) -> dict[str, Any]:
    """Return the chat record that a row is.

    Raises:
        Unreadable: its messages are no list of messages.
    """
    if layout.kind == "pair":
        given = (("system", "system"), (USER, "prompt"), (ASSISTANT, "completion"))
        said = [(role, fields.get(name, "").strip()) for role, name in given]
        return {"messages": [{"role": role, "content": text} for role, text in said if text]}
    try:
        messages = orjson.loads(fields["messages"])
    except orjson.JSONDecodeError:
        messages = None
    if not isinstance(messages, list):
        raise Unreadable("`messages` is not a JSON list")
    return {"messages": messages}


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
    held = (fields.texts.get(name, "") for *_, fields in parts)
    return next((text for text in held if text.strip()), None)


def _message(part: Found, context: Context) -> Message:
    _, place, (fields, left) = part
    message = Message(place, at=_moment(fields, context), author=fields.get("author") or None)
    if left:
        return message._replace(excluded=left)
    role = context.roles.get(fold(fields["role"]))
    if role is None:
        return message._replace(unreadable="role is not mapped")
    if role not in ROLES:
        return message._replace(excluded=role)
    text = fields["body"].replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return message._replace(excluded=EMPTY)
    at = fields.get("created_at", "").strip()
    if message.at is None and at:  # its place is anyone's guess
        return message._replace(unreadable=WHICH_FIRST if may_be_two(at) else UNKNOWN_TIME)
    return message._replace(role=role, text=text)
