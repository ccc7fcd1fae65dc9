"""Keep the last of the model calls of a conversation, since each repeats what was said before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import orjson
import polars as pl

from tunegate.model import Plan, ReadOptions, Source, Split
from tunegate.readers.export import Chat, Context, ExportReader, Found, Left
from tunegate.readers.json import record as records
from tunegate.readers.json.record import Unreadable
from tunegate.readers.mail.threads import Links, Threads
from tunegate.readers.merge import CUT_SHORT, MODEL_WRITTEN, NOT_LAST, REPEATED
from tunegate.readers.shape import Head
from tunegate.readers.streams import fragments, keyed


class Call(NamedTuple):
    """A call of a model that was answered.

    found: the records that tell of it. cut_short: something in it was cut by a limit or a filter.
    """

    head: Head
    record: dict[str, Any]
    found: tuple[Found, ...]
    cut_short: bool = False


@dataclass(frozen=True)
class TraceContext(Context):
    """What every split needs; threads: which traces belong together."""

    threads: Threads


@dataclass(frozen=True)
class TraceReader(ExportReader):
    """Reads exports of traces, where only some records say which session they belong to.

    named: returns the trace of a record, and its session if it tells.
    """

    named: Callable[[Mapping[str, Any]], tuple[str | None, str | None]] = lambda _: (None, None)

    def plan(self, sources: Sequence[Source], options: ReadOptions) -> Plan:
        """Cut the inputs between records and find which traces belong together."""
        plan = super().plan(sources, options)
        context: Context = plan.context
        links = Links()
        for split in plan.splits:
            stream = context.streams[split.file, split.table or ""]
            for frame in fragments(sources[split.file], split, stream, options.batch_rows):
                for raw in frame["record"].drop_nulls():
                    try:
                        trace, session = self.named(records.parse(raw))
                    except Unreadable:
                        continue  # assembling says so
                    links.add(trace, session and f"session {session}")
        threads = links.threads()
        return replace(
            plan, context=TraceContext(context.desk, context.streams, threads), scattered=True
        )

    def read(self, split: Split, plan: Plan) -> Iterator[pl.DataFrame]:
        """Yield the records of a split with their conversation."""
        context: TraceContext = plan.context
        stream = context.streams[split.file, split.table or ""]
        source, rows = plan.sources[split.file], context.desk.options.batch_rows
        table = replace(stream.table, key=lambda fields, _: self._key(fields, context.threads))
        for found in fragments(source, split, stream, rows):
            yield keyed(found, table, context.desk.around[split.file])

    def _key(self, fields: Mapping[str, Any], threads: Threads) -> str | None:
        trace, session = self.named(fields)
        name = trace or (session and f"session {session}")
        return threads.key(name) if name else None


def last_of(calls: Sequence[Call]) -> Iterator[Chat | Left]:
    """Yield the last call as a conversation, and why the others are none."""
    if not calls:
        return
    ordered = sorted(calls, key=lambda call: (call.head.created_at or 0, call.head.row))
    last = ordered[-1]
    told = last.record["messages"]
    others = [(call, _is_told(call.record["messages"], told)) for call in ordered[:-1]]
    for call, repeated in others:
        for _ in call.found:
            yield Left(REPEATED if repeated else NOT_LAST)
    notes = (MODEL_WRITTEN, CUT_SHORT) if last.cut_short else (MODEL_WRITTEN,)
    yield Chat(last.head, last.record, last.found, notes)


def unpacked(value: object) -> object:
    """Return what a text that holds JSON says, as tables and some exports write it."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "[", '"'):
        return value
    try:
        found: object = orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
    return found


def _is_told(messages: Sequence[Any], told: Sequence[Any]) -> bool:
    return list(told[: len(messages)]) == list(messages)
