"""Read the runs of LangSmith: calls of models, as its API, its SDK and its bulk export give them.

A client sends a run in two halves, `post` when it begins and `patch` when it ends. `session_id`
of a run is its project; the thread stands in its metadata.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tunegate.model import About
from tunegate.readers.chats.call_endings import is_cut_short
from tunegate.readers.chats.call_messages import chat_of
from tunegate.readers.chats.calls import Call, TraceReader, last_of, unpacked
from tunegate.readers.export import Desk, Found, Left, Made, Refused
from tunegate.readers.fields import at, identity, word_at, words
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import EVENT, FAILED, NOT_SENT
from tunegate.readers.shape import Head
from tunegate.readers.streams import Table

_THREADS = ("session_id", "thread_id", "conversation_id")
_PACKED = ("inputs", "outputs", "extra", "tags")


def _named(fields: Mapping[str, Any]) -> tuple[str | None, str | None]:
    trace = identity(fields.get("trace_id"))
    order = fields.get("dotted_order")
    if trace is None and isinstance(order, str):
        trace = _last_run(order.partition(".")[0])
    metadata = at({"extra": unpacked(fields.get("extra"))}, "extra.metadata")
    threads = metadata if isinstance(metadata, dict) else {}
    thread = next((found for name in _THREADS if (found := identity(threads.get(name)))), None)
    return trace or _run(fields), thread or identity(fields.get("thread_id"))


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Made]:
    calls: list[Call] = []
    for parts in _joined(found):
        made = _call(parts, desk)
        if isinstance(made, Call):
            calls.append(made)
        else:
            yield from made
    yield from last_of(calls)


def _joined(found: Sequence[Found]) -> list[tuple[Found, ...]]:
    """Return the records of each run together; one that names no run stands alone."""
    runs: dict[str | int, list[Found]] = {}
    for one in found:
        runs.setdefault(_run(one.fields) or one.row, []).append(one)
    return [tuple(parts) for parts in runs.values()]


def _call(parts: tuple[Found, ...], desk: Desk) -> Call | list[Left | Refused]:
    """Return the call that a run is, or why it is none for each of its records."""
    run: dict[str, Any] = {}
    for part in parts:
        run |= {name: value for name, value in part.fields.items() if value not in (None, "")}
    run |= {name: unpacked(run[name]) for name in _PACKED if name in run}
    if run.get("run_type") is None:
        return [Refused(part.place, "run does not say what it is") for part in parts]
    if run["run_type"] != "llm":
        return [Left(EVENT) for _ in parts]
    if run.get("error") or run.get("status") == "error":
        return [Left(FAILED) for _ in parts]
    if not run.get("outputs"):
        return [Left(NOT_SENT) for _ in parts]
    first = parts[0]
    try:
        tools = at(run, "extra.invocation_params.tools")
        record = chat_of(run.get("inputs"), run["outputs"], tools)
        head = Head(
            first.row,
            id=_run(run),
            group=word_at(run, desk.options.group, first.raw) if desk.options.group else None,
            created_at=desk.time(run.get("start_time")),
            tags=words(run.get("tags")),
        )
    except Unreadable as refused:
        return [Refused(part.place, str(refused)) for part in parts]
    return Call(head, record, parts, is_cut_short(run.get("inputs"), run["outputs"]))


def _run(fields: Mapping[str, Any]) -> str | None:
    """Return the id of a run, which also ends its place in the order of its trace."""
    order = fields.get("dotted_order")
    return identity(fields.get("id")) or (_last_run(order) if isinstance(order, str) else None)


def _last_run(order: str) -> str | None:
    return order.rpartition(".")[2].partition("Z")[2] or None


READER = TraceReader(
    name="langsmith",
    about=About(
        title="LangSmith",
        export="SDK: client.list_runs(project_name=…), one run a line; API: POST /runs/query; or "
        "bulk export to Parquet. `inputs` and `outputs` must be among the fields",
        reads="runs of type `llm`: `inputs.messages` and the answer, with tool calls; of a thread, "
        "or else of a trace, the last call",
        leaves="earlier calls of a thread, other types of runs, failed and unfinished runs, "
        "reasoning, all but the first answer of a call",
    ),
    tables=(
        Table(
            "runs",
            needs="id run_type",
            any="trace_id dotted_order session_id inputs outputs",
            paths=(VALUES, ("runs",), ("data",), ("post",)),
        ),
        Table(
            "patches",
            needs="",
            any="trace_id dotted_order",
            never="run_type",
            paths=(("patch",),),
            kinds=("values", "lines"),
        ),
    ),
    make=_make,
    named=_named,
)
