"""Gemini: contents of parts, calls and responses, and what the older models took."""

import json
from pathlib import Path
from typing import Any

import pytest

from exports import books, notes, read, said
from tunegate.readers.training.gemini import READER


def content(role: str, *parts: Any) -> dict[str, Any]:
    return {"role": role, "parts": [{"text": p} if isinstance(p, str) else p for p in parts]}


ASK, ANSWER = content("user", "Hi"), content("model", "Yo")


def of(tmp_path: Path, *contents: Any, **fields: Any) -> Any:
    return read(READER, tmp_path, {"g.json": [{"contents": list(contents), **fields}]})[0]


@pytest.mark.parametrize("key", ["systemInstruction", "system_instruction"])
def test_the_system_instruction_comes_first(tmp_path: Path, key: str) -> None:
    told = {"parts": [{"text": "Be kind."}]}
    assert said(of(tmp_path, ASK, ANSWER, **{key: told})) == [
        [("system", "Be kind."), ("user", "Hi"), ("assistant", "Yo")]
    ]


def test_responses_answer_calls_of_the_same_name_in_order(tmp_path: Path) -> None:
    calls = [{"functionCall": {"name": "f", "args": {"n": n}}} for n in (1, 2)]
    back = [{"function_response": {"name": "f", "response": {"n": n}}} for n in (1, 2)]
    reading = of(tmp_path, ASK, content("model", *calls), content("function", *back), ANSWER)
    messages = json.loads(reading.batch.conversations["skeleton"][0])["messages"]
    ids = [call["id"] for call in messages[1]["tool_calls"]]
    assert ids == [message["tool_call_id"] for message in messages[2:4]] == ["call_1", "call_2"]


def test_functions_are_declared(tmp_path: Path) -> None:
    tools = [{"functionDeclarations": [{"name": "f", "parameters": {"type": "object"}}]}]
    record = json.loads(of(tmp_path, ASK, ANSWER, tools=tools).batch.conversations["skeleton"][0])
    assert record["tools"][0]["function"]["name"] == "f"


@pytest.mark.parametrize(
    ("part", "note"),
    [
        ({"text": "hm", "thought": True}, "thinking is left out"),
        ({"fileData": {"fileUri": "x"}}, "a file or picture is left out"),
        (
            {"inlineData": {"mimeType": "audio/wav", "data": "AA=="}},
            "a file or picture is left out",
        ),
    ],
)
def test_what_no_chat_can_hold_is_noted(tmp_path: Path, part: Any, note: str) -> None:
    reading = of(tmp_path, ASK, content("model", part, "Yo"))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Yo")]]
    assert notes(reading) == [note]


@pytest.mark.parametrize(
    "record",
    [
        {"input_text": "Hi", "output_text": "Yo"},
        {"text_input": "Hi", "output": "Yo"},
        {"messages": [{"author": "user", "content": "Hi"}, {"author": "bot", "content": "Yo"}]},
    ],
)
def test_the_older_forms_are_read(tmp_path: Path, record: dict[str, Any]) -> None:
    reading, _ = read(READER, tmp_path, {"g.json": [record]})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Yo")]]


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({"parts": [{"text": "x"}]}, "a content is neither the user's nor the model's"),
        (content("model", {"hologram": 1}), "a part is of an unknown kind"),
        (
            content("user", {"functionResponse": {"name": "f"}}),
            "a function's response answers no call",
        ),
        ({"role": "user", "parts": "x"}, "`parts` is not a list of objects"),
    ],
)
def test_a_content_that_is_not_understood_loses_its_record(
    tmp_path: Path, item: Any, why: str
) -> None:
    assert books(of(tmp_path, ASK, item)) == (0, 0, {}, [why])
