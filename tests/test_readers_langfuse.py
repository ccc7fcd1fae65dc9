"""Langfuse: which call of a session is read, from traces, observations, or both."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports import Content, books, notes, read, said
from scraps import SCRAPS, broken
from tunegate.readers.chats.langfuse import READER

HI = {"role": "user", "content": "Hi"}
HELLO = {"role": "assistant", "content": "Hello"}
TALK = [[("user", "Hi"), ("assistant", "Hello")]]


def call(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": name,
        "traceId": "t1",
        "type": "GENERATION",
        "level": "DEFAULT",
        "startTime": "2026-03-02T09:00:00.000Z",
        "input": [HI],
        "output": HELLO,
        **fields,
    }


def trace(name: str = "t1", **fields: Any) -> dict[str, Any]:
    return {
        "id": name,
        "timestamp": "2026-03-02T09:00:00.000Z",
        "sessionId": "s",
        "userId": "u7",
        "tags": ["web"],
        "input": "Hi",
        "output": "Hello",
        **fields,
    }


def test_a_generation_is_a_conversation(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"o.json": [call("a")]})
    assert (said(reading), notes(reading)) == (TALK, ["written by a model"])


@pytest.mark.parametrize(
    "fields",
    [
        {"output": {"choices": [{"message": HELLO, "finish_reason": "length"}]}},
        {"output": {**HELLO, "response_metadata": {"stop_reason": "max_tokens"}}},
        {"metadata": {"finish_reason": "content_filter"}},
        {"metadata": '{"finish_reason": "length"}'},
    ],
)
def test_an_answer_that_stopped_early_is_noted(tmp_path: Path, fields: dict[str, Any]) -> None:
    reading, _ = read(READER, tmp_path, {"o.json": [call("a", **fields)]})
    assert notes(reading) == ["written by a model", "cut short by the source"]


def test_calls_of_one_session_are_one_conversation(tmp_path: Path) -> None:
    later = call("b", traceId="t2", input=[HI, HELLO, HI], startTime="2026-03-02T09:05:00.000Z")
    files: dict[str, Content] = {
        "o.json": [later, call("a")],
        "t.json": {"data": [trace(), trace("t2")]},
    }
    reading, _ = read(READER, tmp_path, files)
    assert books(reading) == (1, 0, {"repeated": 1, "event": 2}, [])
    heads = reading.batch.conversations
    assert heads.select("id", "group", "tags").rows() == [("b", "u7", ["web"])]


def test_calls_of_other_traces_are_other_conversations_without_a_session(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"o.json": [call("a"), call("b", traceId="t2")]})
    assert reading.batch.conversations.height == 2


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"type": "SPAN"}, "event"),
        ({"type": "EVENT"}, "event"),
        ({"level": "ERROR"}, "failed"),
        ({"output": None}, "not sent"),
    ],
)
def test_what_is_no_finished_call_is_left_out(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"o.json": [call("a"), call("b", **fields)]})
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"input": None}, "call has no messages that are understood"),
        ({"input": [{"role": "critic", "content": "x"}]}, "message does not say who wrote it"),
        ({"output": {"score": 1}}, "call has no answer that is understood"),
        ({"startTime": "soon"}, "time is not understood"),
    ],
)
def test_a_call_that_is_not_understood_is_unreadable(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"o.json": [call("a"), call("b", **fields)]})
    assert books(reading) == (1, 0, {}, [why])


def test_a_trace_without_observations_is_a_call(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": {"data": [trace()], "meta": {}}})
    assert (said(reading), books(reading)) == (TALK, (1, 0, {}, []))


@pytest.mark.parametrize(
    "export",
    [
        trace(input="other", observations=[call("a"), call("b", type="SPAN")]),
        [trace(input="other", observations=[call("a"), call("b", type="SPAN")])],
        {"trace": trace(input="other"), "observations": [call("a"), call("b", type="SPAN")]},
        {
            "id": "s",
            "traces": [trace(input="other", observations=[call("a"), call("b", type="SPAN")])],
        },
    ],
    ids=["trace", "traces", "download", "session"],
)
def test_observations_inside_a_trace_are_read(tmp_path: Path, export: Any) -> None:
    reading, _ = read(READER, tmp_path, {"t.json": export})
    assert (said(reading), books(reading)) == (TALK, (1, 0, {"event": 2}, []))
    assert reading.batch.segments["pointer"].drop_nulls().to_list() == ["/observations/0"]


def test_names_in_snake_case_and_fields_of_json_text_are_read(tmp_path: Path) -> None:
    row = {
        "id": "a",
        "trace_id": "t1",
        "session_id": "s",
        "user_id": "u7",
        "type": "GENERATION",
        "start_time": "2026-03-02 09:00:00.000000",
        "input": json.dumps({"messages": [HI]}),
        "output": json.dumps(HELLO),
        "tags": json.dumps(["web"]),
    }
    out = StringIO()
    table = csv.DictWriter(out, list(row))
    table.writeheader()
    table.writerow(row)
    reading, _ = read(READER, tmp_path, {"o.csv": out.getvalue()})
    assert said(reading) == TALK
    assert reading.batch.conversations.select("group", "tags").rows() == [("u7", ["web"])]


def test_a_text_that_only_looks_like_json_is_a_text(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"o.json": [call("a", input="[sic] Hi")]})
    assert said(reading)[0][0] == ("user", "[sic] Hi")


def test_scores_hold_nothing_to_read(tmp_path: Path) -> None:
    scores = [{"id": "x", "name": "tone", "value": 1, "dataType": "NUMERIC", "traceId": "t1"}]
    _, plan = read(READER, tmp_path, {"o.json": [call("a")], "s.json": scores})
    assert plan.unused == ("s.json",)


@pytest.mark.parametrize(
    "head",
    [
        b'[{"id": 1, "type": "message", "traceId": "x"}]',
        b'[{"id": 1, "timestamp": "2026-03-02", "content": "x", "input": "y"}]',
        b"id,timestamp,text\n1,2,3\n",
    ],
)
def test_records_of_something_else_are_not_recognised(head: bytes) -> None:
    assert READER.recognises(head, "x") == 0


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 99), scrap=SCRAPS)
def test_every_call_is_accounted_for_whatever_is_wrong(
    tmp_path: Path, place: int, scrap: object
) -> None:
    other = broken(trace("t2", observations=[call("b")], level="DEFAULT"), place, scrap)
    reading, _ = read(READER, tmp_path, {"t.json": [trace(observations=[call("a")]), other]})
    used, merged, excluded, reasons = books(reading)
    assert used + merged + sum(excluded.values()) + len(reasons) >= 3
