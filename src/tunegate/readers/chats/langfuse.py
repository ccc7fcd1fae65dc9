"""Read traces and observations of Langfuse, as its tables, its API and its blob storage give them.

Names are `traceId` in the one and `trace_id` in the other; a table of CSV holds JSON as text.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tunegate.model import About
from tunegate.readers.chats.call_endings import is_cut_short
from tunegate.readers.chats.call_messages import chat_of
from tunegate.readers.chats.calls import Call, TraceReader, last_of, unpacked
from tunegate.readers.export import Desk, Found, Left, Made, Refused
from tunegate.readers.fields import at, identity, objects, word_at, words
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import EVENT, FAILED, NOT_SENT
from tunegate.readers.shape import Head
from tunegate.readers.streams import Table

_CALL = "GENERATION"
_TYPES = (
    *(_CALL, "SPAN", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EMBEDDING", "EVALUATOR"),
    "GUARDRAIL",
)


class _Item(NamedTuple):
    """A trace or an observation; `trace`: what it says of all of its conversation."""

    found: Found
    fields: Mapping[str, Any]
    is_trace: bool
    trace: Mapping[str, Any]


def _get(fields: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - any JSON
    """Return a field by its name in camel case, also where it is written in snake case."""
    if name in fields:
        return fields[name]
    return fields.get("".join(f"_{c.lower()}" if c.isupper() else c for c in name))


def _named(fields: Mapping[str, Any]) -> tuple[str | None, str | None]:
    inner = fields.get("trace")
    if isinstance(inner, dict):
        fields = inner
    trace = identity(_get(fields, "traceId")) or identity(fields.get("id"))
    return trace, identity(_get(fields, "sessionId"))


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Made]:
    items = [item for one in found for item in _items(one)]
    about = _about(items)
    calls: list[Call] = []
    told: set[str | None] = set()  # traces whose calls are known
    for item in sorted(items, key=lambda item: item.is_trace):
        fields = item.fields
        own = fields.get("id") if item.is_trace else _get(fields, "traceId")
        trace = identity(own) or identity(item.trace.get("id"))
        if item.is_trace and trace in told:
            yield Left(EVENT)  # it sums up calls that are read themselves
        elif not item.is_trace and fields.get("type") != _CALL:
            yield Left(EVENT)
        else:
            told.add(trace)
            made = _call(item, about, desk)
            if isinstance(made, Call):
                calls.append(made)
            else:
                yield made
    yield from last_of(calls)


def _items(found: Found) -> Iterator[_Item]:
    """Yield what a record holds: a trace may have its observations inside or beside it."""
    if found.table == "observations":
        yield _Item(found, found.fields, is_trace=False, trace={})
        return
    inner = found.fields.get("trace")
    trace = inner if found.table == "downloads" and isinstance(inner, dict) else found.fields
    yield _Item(found, trace, is_trace=True, trace=trace)
    observations = found.fields.get("observations")
    for n, one in enumerate(observations if isinstance(observations, list) else ()):
        if isinstance(one, dict):
            place = found.place._replace(pointer=f"/observations/{n}")
            yield _Item(found._replace(place=place), one, is_trace=False, trace=trace)


def _about(items: Sequence[_Item]) -> tuple[str | None, list[str]]:
    """Return the user and the tags of a conversation, which one of its records may tell."""
    users = [identity(_get(item.fields, "userId")) for item in items]
    tags = [tag for item in items for tag in words(unpacked(item.fields.get("tags")))]
    return next((user for user in users if user), None), list(dict.fromkeys(tags))


def _call(item: _Item, about: tuple[str | None, list[str]], desk: Desk) -> Call | Left | Refused:
    fields, found = item.fields, item.found
    if fields.get("level") == "ERROR":
        return Left(FAILED)
    answer = unpacked(fields.get("output"))
    if answer in (None, "", [], {}):
        return Left(NOT_SENT)
    group = word_at(fields, desk.options.group, found.raw) if desk.options.group else about[0]
    try:
        head = Head(
            found.row,
            id=identity(fields.get("id")),
            group=group,
            created_at=desk.time(_get(fields, "timestamp" if item.is_trace else "startTime")),
            tags=about[1],
        )
        given = unpacked(fields.get("input"))
        tools = at({"given": unpacked(_get(fields, "modelParameters"))}, "given.tools")
        record = chat_of(given, answer, unpacked(tools))
        about_it = unpacked(fields.get("metadata"))
        return Call(head, record, (found,), is_cut_short(given, answer, about_it))
    except Unreadable as refused:
        return Refused(found.place, str(refused))


def _is_typed(seen: Listing) -> bool:
    """Tell observations by their types; a table shows its names only."""
    return not seen.shown or any(one.get("type") in _TYPES for one in seen.shown)


def _is_downloaded(seen: Listing) -> bool:
    return any(
        isinstance(one.get("trace"), dict) and objects(one.get("observations"))
        for one in seen.shown
    )


_NESTED = (VALUES, ("data",), ("traces",))

READER = TraceReader(
    name="langfuse",
    about=About(
        title="Langfuse",
        export="in the table of observations (or traces), Export, as JSON, JSONL or CSV; API: GET "
        "/api/public/v2/observations with `fields=core,basic,io`; or the export to blob storage",
        reads="observations of type GENERATION: `input` and `output`, with tool calls; of a "
        "session, or else of a trace, the last call. A trace without observations is a call",
        leaves="earlier calls of a session, other observations, those of level ERROR, calls "
        "without output, scores",
    ),
    tables=(
        Table(
            "observations",
            needs="id type",
            any="traceId trace_id parentObservationId parent_observation_id",
            paths=(VALUES, ("data",)),
            never="run_type",
            mark=_is_typed,
        ),
        Table(
            "traces",
            needs="id timestamp",
            any="sessionId session_id userId user_id htmlPath observations bookmarked input",
            never="type traceId trace_id run_type messages content value",
            paths=_NESTED,
        ),
        Table(
            "downloads",
            needs="trace observations",
            kinds=("values", "lines"),
            mark=_is_downloaded,
        ),
        Table(
            "scores",
            needs="id name value",
            any="dataType data_type",
            paths=(VALUES, ("data",)),
            use="nothing",
        ),
    ),
    make=_make,
    named=_named,
)
