"""Cut records out of inputs by the tables of an export: lines, JSON values, or rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import orjson
import polars as pl

from tunegate.model import FRAGMENTS, Source, Split
from tunegate.readers import rows
from tunegate.readers.fields import at, identity
from tunegate.readers.inputs.sources import blocks, head
from tunegate.readers.json import elements, lines
from tunegate.readers.json import record as records
from tunegate.readers.json.elements import VALUES, Path
from tunegate.readers.json.glimpse import Glimpse, Kind, Listing, glimpse, listing_of
from tunegate.readers.json.record import Unreadable
from tunegate.readers.shape import filled, place, row_of

_SAMPLE = 5  # records that tell what a table is

Key = str | Callable[[Mapping[str, Any], "Around"], str | None]


class Around(NamedTuple):
    """What stands around a record: the name of its input, and the rest of its document."""

    name: str
    beside: Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """One kind of record of an export, and how to tell it from others.

    needs: keys that all records have; any: of these at least one stands in some record; never: of
    these none does; words separated by spaces. paths: where in a document they may lie. key: the
    field with the conversation's id, a dotted path or a function; "" when a record is a whole
    conversation. use: messages, people (read while planning), or nothing to read. kinds: what the
    input may be. mark: a further test on what is seen; weight: how many keys it is worth.
    """

    name: str
    needs: str
    any: str = ""
    never: str = ""
    paths: tuple[Path, ...] = (VALUES,)
    key: Key = ""
    use: Literal["messages", "people", "nothing"] = "messages"
    kinds: tuple[Kind, ...] = ("lines", "values", "rows")
    mark: Callable[[Listing], bool] | None = None
    weight: int = 0

    def marks(self, kind: Kind, listing: Listing) -> int:
        """Count the keys that tell records as this table's; 0: they are another's."""
        if kind not in self.kinds or listing.path not in self.paths:
            return 0
        if not listing.keys:  # an empty list says no more than its name
            return int(listing.path != VALUES and self.use == "messages")
        names = listing.names
        needs, some = self.needs.split(), self.any.split()
        if not names.issuperset(needs) or (some and names.isdisjoint(some)):
            return 0
        if not names.isdisjoint(self.never.split()) or (self.mark and not self.mark(listing)):
            return 0
        return len(needs) + len(names.intersection(some)) + self.weight


class Stream(NamedTuple):
    """A table that lies in an input; `file` is the input's index.

    is_whole: it is one document, as a system writes it at once, and holds no record twice.
    """

    file: int
    table: Table
    kind: Kind
    path: Path
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    is_whole: bool = False


def recognised(seen: Glimpse, tables: Sequence[Table]) -> list[tuple[int, Table, Path]]:
    """Return marks, table and path of what a glimpse shows, the strongest first.

    Where records and a list inside of them are both known, the one with more marks counts.
    """
    found: dict[Path, tuple[int, Table, Path]] = {}
    for listing in seen.listings:
        for table in tables:
            marks = table.marks(seen.kind, listing)
            if marks and (listing.path not in found or found[listing.path][0] < marks):
                found[listing.path] = marks, table, listing.path
    ranked = sorted(found.values(), key=lambda one: (-one[0], one[2]))
    if ranked and any(path == VALUES for *_, path in ranked):
        # What is read whole holds the lists inside of it, and the other way round.
        top = ranked[0]
        return [top] if top[2] == VALUES else [one for one in ranked if one[2] != VALUES]
    return ranked


def streams_of(source: Source, file: int, tables: Sequence[Table]) -> list[Stream]:
    """Return the tables that lie in an input."""
    seen = glimpse(head(source))
    return [
        Stream(file, table, seen.kind, path, seen.delimiter, seen.columns)
        for _, table, path in recognised(seen, tables)
    ]


class Pieces(NamedTuple):
    """How an input was cut: where, what stands beside its records, and the tables it holds."""

    cut: lines.Cut
    beside: dict[str, Any]
    streams: tuple[Stream, ...]


def cut(
    source: Source, file: int, streams: Sequence[Stream], tables: Sequence[Table] = ()
) -> Pieces:
    """Cut an input between the records of its tables.

    tables: more that may lie in a document behind what its head shows, such as the users.
    """
    if not streams:
        return Pieces(lines.cut(source, file)._replace(splits=()), {}, ())
    first = streams[0]
    if first.kind == "values" or first.path != VALUES:
        return _cut_values(source, file, streams, () if first.path == VALUES else tables)
    whole = lines.cut(source, file)
    if first.kind == "lines":
        whole = whole.of_json(file)
    splits = whole.splits
    if first.kind == "rows" and splits:
        splits = (Split(file, 0, splits[-1].end),)  # a quoted field may hold line ends
    named = tuple(_named(split, first.table.name) for split in splits)
    return Pieces(whole._replace(splits=named), {}, tuple(streams))


def _cut_values(
    source: Source, file: int, streams: Sequence[Stream], tables: Sequence[Table]
) -> Pieces:
    more = {path for table in tables for path in table.paths if path != VALUES}
    found = elements.scan(blocks(source), frozenset(stream.path for stream in streams) | more)
    known = {stream.path for stream in streams}
    later = [_later(source, file, found, path, tables) for path in found.spans if path not in known]
    every = tuple(
        stream._replace(is_whole=found.documents == 1)
        for stream in (*streams, *(one for one in later if one))
    )
    cuts = [elements.cut(source, file, found, s.path, s.table.name) for s in every]
    joined = lines.Cut.joined([*cuts, elements.faults_of(file, found)])
    return Pieces(joined, found.beside, every)


def _later(
    source: Source, file: int, found: elements.Scan, path: Path, tables: Sequence[Table]
) -> Stream | None:
    """Return the table that the records at a path are, None for none that is read."""
    spans = tuple(found.spans[path][:_SAMPLE])
    if not spans:
        return None
    split = Split(file, spans[0][0], sum(spans[-1]), spans=spans)
    raws = [raw for *_, raw in elements.cut_out(source, split) if raw is not None]
    listing = listing_of(path, raws)
    marked = [(table.marks("values", listing), n) for n, table in enumerate(tables)]
    most, place = max(marked, key=lambda one: (one[0], -one[1]))
    table = tables[place]
    return Stream(file, table, "values", path) if most and table.use != "nothing" else None


def fragments(
    source: Source, split: Split, stream: Stream, rows_at_once: int
) -> Iterator[pl.DataFrame]:
    """Yield the records of a split as `FRAGMENTS` frames; a row becomes an object of its fields."""
    if stream.kind == "rows":
        yield from _rows(source, split, stream, rows_at_once)
        return
    read = elements.fragments if split.spans else lines.fragments
    table = pl.lit(stream.table.name).alias("table")
    for frame in read(source, split, rows_at_once):
        yield frame.with_columns(table)


def keyed(frame: pl.DataFrame, table: Table, around: Around) -> pl.DataFrame:
    """Return fragments with the conversation that each belongs to.

    A record that cannot be understood, or names none, stands alone with its fault.
    """
    keys: list[str | None] = []
    faults: list[str | None] = []
    for raw, fault in frame.select("record", "fault").iter_rows():
        key = None
        if raw is not None:
            try:
                key = _key(records.parse(raw), table, around)
            except Unreadable as refused:
                fault = str(refused)
        keys.append(key)
        faults.append(fault)
    return frame.with_columns(
        conversation=pl.Series(keys, dtype=pl.String),
        fault=pl.Series(faults, dtype=pl.String),
        record=pl.when(pl.Series([f is None for f in faults], dtype=pl.Boolean)).then("record"),
    )


def _key(fields: Mapping[str, Any], table: Table, around: Around) -> str:
    named = table.key
    key = named(fields, around) if callable(named) else identity(at(fields, named))
    if not key or not key.strip():
        raise Unreadable("record names no conversation")
    return key


def located(frame: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Yield (row, table, conversation, file, line, offset, length, record, fault) of fragments."""
    columns = ("row", "table", "conversation", "line", "length", "record", "fault")
    for row, table, conversation, line, length, raw, fault in frame.select(columns).iter_rows():
        file, offset = place(row)
        yield row, table, conversation, file, line, offset, length, raw, fault


def _named(split: Split, table: str) -> Split:
    return Split(split.file, split.start, split.end, split.line, split.spans, table)


def _rows(
    source: Source, split: Split, stream: Stream, rows_at_once: int
) -> Iterator[pl.DataFrame]:
    held: list[tuple[Any, ...]] = []
    size = 0
    name = stream.table.name
    width = len(stream.columns)
    for row in rows.rows(source, split, delimiter=stream.delimiter, width=width):
        record = None
        if row.fault is None:
            record = orjson.dumps(dict(zip(stream.columns, row.fields, strict=True)))
        at = row_of(split.file, row.offset)
        held.append((at, name, None, row.line, row.length, record, row.fault))
        size += row.length
        if len(held) >= rows_at_once or size >= lines.FRAME_BYTES:
            yield _frame(held)
            held, size = [], 0
    if held:
        yield _frame(held)


def _frame(held: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    columns = zip(*held, strict=True)
    return filled(dict(zip(FRAGMENTS, columns, strict=True)), FRAGMENTS)
