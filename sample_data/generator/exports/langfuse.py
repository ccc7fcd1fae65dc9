"""Langfuse: tables of traces and of their observations."""

from typing import Any

from sample_data.generator.exports.langsmith import calls
from sample_data.generator.exports.shapes import as_json, as_lines, iso
from sample_data.generator.exports.talks import NOTE_MARKER, Said, Talk, talks

NAME = "langfuse"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export."""
    traces = [_trace(talk, n, said) for talk in talks() for n, (said, _) in enumerate(calls(talk))]
    return {
        "traces.json": as_json({"data": traces, "meta": {"page": 1}}),
        "observations.jsonl": as_lines(observations()),
        "scores.json": as_json([{"id": "s", "name": "tone", "value": 1, "dataType": "NUMERIC"}]),
    }


def observations() -> list[dict[str, Any]]:
    """Return the observations: of each trace what was looked up, and the call of the model."""
    found: list[dict[str, Any]] = []
    for talk in talks():
        for n, (said, turns) in enumerate(calls(talk)):
            messages = [{"role": role, "content": text} for role, text in turns]
            about = {"traceId": f"{talk.number}-{n}", "startTime": iso(said.at)}
            lookup = {"id": f"{talk.number}-{n}-a", "type": "SPAN", "level": "DEFAULT"}
            found.append({**lookup, **about, "input": NOTE_MARKER, "output": NOTE_MARKER})
            call = {"id": f"{talk.number}-{n}-b", "type": "GENERATION", "level": "DEFAULT"}
            given = {"messages": messages[:-1]}
            found.append({**call, **about, "input": given, "output": messages[-1]})
            failed = {"id": f"{talk.number}-{n}-c", "type": "GENERATION", "level": "ERROR"}
            found.append({**failed, **about, "input": given, "output": NOTE_MARKER})
    return found


def _trace(talk: Talk, n: int, said: Said) -> dict[str, Any]:
    return {
        "id": f"{talk.number}-{n}",
        "timestamp": iso(said.at),
        "name": "chat",
        "userId": str(talk.customer.id),
        "sessionId": str(talk.number),
        "tags": list(talk.tags),
        "input": NOTE_MARKER,
        "output": NOTE_MARKER,
        "metadata": {},
    }
