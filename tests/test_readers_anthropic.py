"""Anthropic: blocks become texts, pictures, calls and answers; the rest is noted."""

import json
from pathlib import Path
from typing import Any

import pytest

from exports import books, notes, read, said
from tunegate.readers.training.anthropic import READER

USE = {"type": "tool_use", "id": "t1", "name": "find", "input": {"id": 7}}
RESULT = {"type": "tool_result", "tool_use_id": "t1", "content": "found"}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def of(tmp_path: Path, *messages: Any, **fields: Any) -> Any:
    record = {"system": "Be kind.", "messages": list(messages), **fields}
    return read(READER, tmp_path, {"a.json": [record]})[0]


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def reply(content: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content}


def messages_of(reading: Any) -> Any:
    return json.loads(reading.batch.conversations["skeleton"][0])["messages"]


@pytest.mark.parametrize("system", ["Be kind.", [text("Be kind.")]])
def test_the_system_prompt_is_the_first_message(tmp_path: Path, system: Any) -> None:
    reading = of(tmp_path, user("Hi"), reply([text("Yo")]), system=system)
    assert said(reading) == [[("system", "Be kind."), ("user", "Hi"), ("assistant", "Yo")]]


def test_an_answer_of_a_tool_is_a_message_before_what_the_user_says(tmp_path: Path) -> None:
    reading = of(
        tmp_path,
        user("Where?"),
        reply([text("I look."), USE]),
        user([RESULT, text("And?")]),
        reply("Here."),
    )
    found = messages_of(reading)
    assert [message["role"] for message in found[1:]] == [
        "user",
        "assistant",
        "tool",
        "user",
        "assistant",
    ]
    assert found[2]["tool_calls"][0]["id"] == found[3]["tool_call_id"] == "t1"


def test_tools_are_declared_as_functions(tmp_path: Path) -> None:
    tools = [{"name": "find", "description": "Finds", "input_schema": {"type": "object"}}]
    reading = of(tmp_path, user("Hi"), reply("Yo"), tools=tools)
    record = json.loads(reading.batch.conversations["skeleton"][0])
    assert record["tools"][0]["function"]["parameters"] == {"type": "object"}


def test_a_picture_becomes_a_data_address(tmp_path: Path) -> None:
    source = {"type": "base64", "media_type": "image/png", "data": "AA=="}
    reading = of(tmp_path, user([{"type": "image", "source": source}, text("?")]), reply("A dot"))
    assert messages_of(reading)[1]["content"][0]["image_url"]["url"] == "data:image/png;base64,AA=="


@pytest.mark.parametrize(
    ("block", "note"),
    [
        ({"type": "thinking", "thinking": "hm"}, "thinking is left out"),
        ({"type": "document", "source": {}}, "a file or picture is left out"),
        ({"type": "image", "source": {"type": "file"}}, "a file or picture is left out"),
    ],
)
def test_what_no_chat_can_hold_is_noted(tmp_path: Path, block: Any, note: str) -> None:
    reading = of(tmp_path, user("Hi"), reply([block, text("Yo")]))
    assert said(reading)[0][-1] == ("assistant", "Yo")
    assert notes(reading) == [note]


def test_lines_of_human_and_assistant_are_read(tmp_path: Path) -> None:
    record = {"text": "\n\nHuman: Hi\n\nAssistant: Yo"}
    reading, _ = read(READER, tmp_path, {"a.json": [record]})
    assert said(reading) == [[("user", "Hi"), ("assistant", "Yo")]]


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (
            {"role": "narrator", "content": "x"},
            "a message is neither the user's nor the assistant's",
        ),
        (user([{"type": "hologram"}]), "a content block is of an unknown kind"),
        (user(7), "`content` is not a list of objects"),
        (user([{**RESULT, "tool_use_id": None}]), "a call or its answer has no id"),
        (reply([{**USE, "name": None}]), "a call names no tool"),
    ],
)
def test_a_message_that_is_not_understood_loses_its_record(
    tmp_path: Path, message: Any, why: str
) -> None:
    assert books(of(tmp_path, user("Hi"), message)) == (0, 0, {}, [why])
