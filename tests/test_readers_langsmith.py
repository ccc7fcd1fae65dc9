"""LangSmith: which call of a thread is read, and the shapes that messages come in."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports import Content, books, notes, read, said
from scraps import SCRAPS, broken
from tunegate.readers.chats.call_endings import is_cut_short
from tunegate.readers.chats.call_messages import chat_of
from tunegate.readers.chats.langsmith import READER
from tunegate.readers.json.record import Unreadable

HI = {"role": "user", "content": "Hi"}
HELLO = {"role": "assistant", "content": "Hello"}


def run(name: str, *said: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a call that was given all but the last message, which it answered."""
    return {
        "id": name,
        "trace_id": f"trace-{name}",
        "run_type": "llm",
        "session_id": "project",
        "start_time": "2026-03-02T09:00:00.000000",
        "error": None,
        "inputs": {"messages": list(said[:-1] or [HI])},
        "outputs": {"choices": [{"message": said[-1] if said else HELLO}]},
        "extra": {"metadata": {"thread_id": "t"}},
        **fields,
    }


def test_the_last_call_of_a_thread_is_read_and_the_others_repeat_it(tmp_path: Path) -> None:
    bye = {"role": "user", "content": "Bye"}
    later = run("b", HI, HELLO, bye, HELLO, start_time="2026-03-02T09:01:00")
    reading, _ = read(READER, tmp_path, {"r.json": [later, run("a")]})
    assert said(reading) == [
        [("user", "Hi"), ("assistant", "Hello"), ("user", "Bye"), ("assistant", "Hello")]
    ]
    assert books(reading) == (1, 0, {"repeated": 1}, [])
    assert notes(reading) == ["written by a model"]


def test_a_call_that_says_something_else_is_counted_as_another(tmp_path: Path) -> None:
    title = run("b", {"role": "user", "content": "Name it"}, HELLO, start_time=1772442060000)
    reading, _ = read(READER, tmp_path, {"r.json": [run("a"), title]})
    assert books(reading) == (1, 0, {"another call of the conversation": 1}, [])


def test_a_project_is_no_thread(tmp_path: Path) -> None:
    runs = [run("a", extra={}), run("b", extra=None)]
    assert read(READER, tmp_path, {"r.json": runs})[0].batch.conversations.height == 2


@pytest.mark.parametrize("name", ["session_id", "thread_id", "conversation_id"])
def test_the_metadata_of_any_run_of_a_trace_names_the_thread(tmp_path: Path, name: str) -> None:
    root = run("root", run_type="chain", trace_id="x", extra={"metadata": {name: "t"}})
    child = run("child", trace_id="x", extra={}, dotted_order="1Zroot.2Zchild")
    other = run("other", extra=json.dumps({"metadata": {name: "t"}}))
    files: dict[str, Content] = {"a.jsonl": json.dumps(child) + "\n", "b.json": [root, other]}
    reading, _ = read(READER, tmp_path, files)
    assert books(reading) == (1, 0, {"event": 1, "repeated": 1}, [])


@pytest.mark.parametrize("named", [{"id": "a"}, {"dotted_order": "20260302T090000000001Za"}])
def test_both_halves_of_a_run_are_joined(tmp_path: Path, named: dict[str, str]) -> None:
    post = run("a", outputs=None, dotted_order="20260302T090000000001Za")
    patch = {"trace_id": "trace-a", "outputs": run("a")["outputs"], **named}
    reading, _ = read(READER, tmp_path, {"batch.json": {"post": [post], "patch": [patch]}})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert books(reading) == (2, 0, {}, [])


def test_a_run_without_its_beginning_is_unreadable(tmp_path: Path) -> None:
    patch = {"id": "z", "trace_id": "trace-z", "outputs": {}}
    reading, _ = read(READER, tmp_path, {"b.json": {"post": [run("a")], "patch": [patch]}})
    assert books(reading) == (1, 0, {}, ["run does not say what it is"])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"run_type": "chain"}, "event"),
        ({"error": "Timeout"}, "failed"),
        ({"status": "error"}, "failed"),
        ({"outputs": None}, "not sent"),
    ],
)
def test_what_is_no_finished_call_is_left_out(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"r.json": [run("a"), run("b", **fields)]})
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"inputs": {"messages": [{"content": "x"}]}}, "message does not say who wrote it"),
        ({"inputs": {"messages": []}}, "call has no messages that are understood"),
        ({"inputs": {"prompts": ["Once upon"]}}, "call has no messages that are understood"),
        ({"outputs": {"score": 1}}, "call has no answer that is understood"),
        ({"start_time": "soon"}, "time is not understood"),
    ],
)
def test_a_call_that_is_not_understood_is_unreadable(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, {"r.json": [run("a"), run("b", **fields)]})
    assert books(reading) == (1, 0, {}, [why])


@pytest.mark.parametrize("wrap", ["runs", "data"])
def test_pages_of_the_api_are_read(tmp_path: Path, wrap: str) -> None:
    reading, _ = read(READER, tmp_path, {"p.json": {wrap: [run("a")], "cursors": {}}})
    assert reading.used == 1


def test_the_group_is_the_field_that_was_named(tmp_path: Path) -> None:
    one = run("a", extra={"metadata": {"user": "u7"}})
    reading, _ = read(READER, tmp_path, {"r.json": [one]}, group="extra.metadata.user")
    assert reading.batch.conversations["group"].to_list() == ["u7"]


def lc(kind: str, **kwargs: Any) -> dict[str, Any]:
    return {"lc": 1, "type": "constructor", "id": ["langchain", "schema", kind], "kwargs": kwargs}


CALL = {"id": "1", "type": "function", "function": {"name": "find", "arguments": '{"a":1}'}}


@pytest.mark.parametrize(
    "asked",
    [
        {"messages": [HI]},
        {"messages": [[HI]]},
        [HI],
        {"input": "Hi"},
        {"input": [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}]},
        {"messages": [lc("HumanMessage", content="Hi")]},
        {"messages": [lc("HumanMessageChunk", content="Hi")]},
        {"messages": [lc("ChatMessage", role="user", content="Hi")]},
        {"messages": [{"type": "human", "data": {"content": "Hi"}}]},
        {"messages": [{"type": "human", "content": "Hi"}]},
        {"messages": [["human", "Hi"]]},
        {"messages": [{"role": "user", "content": ["Hi"]}]},
        HI,
    ],
)
def test_the_question_is_found_in_every_shape(asked: object) -> None:
    assert chat_of(asked, "Hello") == {"messages": [HI, HELLO]}


@pytest.mark.parametrize(
    "answered",
    [
        "Hello",
        HELLO,
        {"message": HELLO},
        {"messages": [HI, HELLO]},
        {"choices": [{"message": HELLO}, {"message": HI}]},
        {"generations": [[{"text": "Hello", "message": lc("AIMessage", content="Hello")}]]},
        {"generations": [{"text": "Hello"}]},
        lc("AIMessage", content=[{"type": "thinking", "thinking": "Hm"}, "Hello"]),
        {"role": "assistant", "content": [{"type": "text", "text": "Hello"}]},
        {"content": [{"type": "text", "text": "Hello"}], "stop_reason": "end_turn"},
        {"output": [{"type": "reasoning"}, {"type": "message", **HELLO}]},
        {"output": "Hello"},
    ],
)
def test_the_answer_is_found_in_every_shape(answered: object) -> None:
    assert chat_of([HI], answered) == {"messages": [HI, HELLO]}


@pytest.mark.parametrize(
    "answered",
    [
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        lc("AIMessage", content=None, tool_calls=[{"name": "find", "args": {"a": 1}, "id": "1"}]),
        lc("AIMessage", content=None, additional_kwargs={"tool_calls": [CALL]}),
        {"content": [{"type": "tool_use", "id": "1", "name": "find", "input": {"a": 1}}]},
        {
            "output": [
                {"type": "function_call", "name": "find", "arguments": '{"a":1}', "call_id": "1"}
            ]
        },
    ],
)
def test_calls_of_tools_are_kept_in_every_shape(answered: dict[str, Any]) -> None:
    message = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    assert chat_of([HI], answered) == {"messages": [HI, message]}


@pytest.mark.parametrize(
    "result",
    [
        {"role": "tool", "content": "found", "tool_call_id": "1"},
        lc("ToolMessage", content="found", tool_call_id="1"),
        {"type": "function_call_output", "call_id": "1", "output": "found"},
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "1", "content": "found"}],
        },
    ],
)
def test_results_of_tools_are_kept_in_every_shape(result: dict[str, Any]) -> None:
    message = {"role": "tool", "content": "found", "tool_call_id": "1"}
    assert chat_of([HI, result], "Hello") == {"messages": [HI, message, HELLO]}


def test_a_system_prompt_beside_the_messages_opens_the_conversation() -> None:
    chat = chat_of({"system": "Be kind", "messages": [HI]}, "Hello")
    assert chat["messages"][0] == {"role": "system", "content": "Be kind"}


def test_tools_are_kept() -> None:
    tools = [{"type": "function", "function": {"name": "find"}}]
    assert chat_of([HI], "Hello", tools)["tools"] == tools
    assert chat_of({"messages": [HI], "tools": tools}, "Hello")["tools"] == tools


@pytest.mark.parametrize(
    "answered",
    [
        {"choices": [{"message": HELLO, "finish_reason": "length"}]},
        {"choices": [{"message": HELLO, "finish_reason": "content_filter"}]},
        {"content": "Hello", "stop_reason": "max_tokens"},
        {"message": {**HELLO, "response_metadata": {"finish_reason": "MAX_TOKENS"}}},
        {"generations": [[{"text": "Hello", "generation_info": {"finish_reason": "length"}}]]},
        {
            "generations": [
                [
                    {
                        "message": lc(
                            "AIMessage",
                            content="x",
                            response_metadata={"stop_reason": "max_tokens"},
                        )
                    }
                ]
            ]
        },
        {"output": [{"type": "message", **HELLO}], "status": "incomplete"},
        {"output": "Hello", "incomplete_details": {"reason": "max_output_tokens"}},
    ],
)
def test_an_answer_that_stopped_early_is_noted(tmp_path: Path, answered: dict[str, Any]) -> None:
    reading, _ = read(READER, tmp_path, {"r.json": [run("a", outputs=answered)]})
    assert "cut short by the source" in notes(reading)


def test_an_earlier_answer_that_stopped_early_is_noted(tmp_path: Path) -> None:
    short = {**HELLO, "response_metadata": {"finish_reason": "length"}}
    reading, _ = read(READER, tmp_path, {"r.json": [run("a", HI, short, HI, HELLO)]})
    assert "cut short by the source" in notes(reading)


@pytest.mark.parametrize("reason", ["stop", "end_turn", "tool_calls", "STOP", None, 5])
def test_an_answer_that_ended_is_not_noted(reason: object) -> None:
    answer = {"choices": [{"finish_reason": reason}, {"finish_reason": "length"}]}
    assert not is_cut_short([HI], answer)


@pytest.mark.parametrize("deep", [[], {"input": 0}])
def test_what_is_nested_without_end_is_refused(deep: Any) -> None:
    value: Any = [HI]
    for _ in range(5_000):
        value = {"input": value} if deep else [value]
    with pytest.raises(Unreadable):
        chat_of(value, "Hello")


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 99), scrap=SCRAPS)
def test_every_run_is_accounted_for_whatever_is_wrong(
    tmp_path: Path, place: int, scrap: object
) -> None:
    shapes = {"messages": [lc("HumanMessage", content=[{"type": "text", "text": "Hi"}])]}
    other = broken(run("b", inputs=shapes), place, scrap)
    reading, _ = read(READER, tmp_path, {"r.json": [run("a"), other]})
    used, merged, excluded, reasons = books(reading)
    assert used + merged + sum(excluded.values()) + len(reasons) == 2
