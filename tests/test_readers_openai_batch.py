"""OpenAI Batch: requests and answers find each other, and either alone is refused."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from exports import books, notes, read, said
from tunegate.errors import InputError
from tunegate.readers.training.openai_batch import READER


def asked(identifier: str, url: str = "/v1/chat/completions", **body: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": f"Question {identifier}"}]
    whole = {"messages": messages, "model": "m", **body}
    return {"custom_id": identifier, "method": "POST", "url": url, "body": whole}


def told(identifier: str, text: str = "Yo", **more: Any) -> dict[str, Any]:
    message: dict[str, Any] = {
        "role": "assistant",
        "content": text,
        "refusal": None,
        "annotations": [],
    }
    choice = {"index": 0, "message": message, "finish_reason": "stop", **more}
    body = {"choices": [choice]}
    response = {"status_code": 200, "body": body}
    return {"id": "b", "custom_id": identifier, "response": response, "error": None}


def of(tmp_path: Path, requests: Sequence[Any], answers: Sequence[Any]) -> Any:
    files: dict[str, Any] = {
        name: "".join(json.dumps(record) + "\n" for record in records)
        for name, records in (("in.jsonl", requests), ("out.jsonl", answers))
    }
    return read(READER, tmp_path, files)[0]


def test_answers_find_their_requests_in_any_order(tmp_path: Path) -> None:
    reading = of(tmp_path, [asked("a"), asked("b")], [told("b", "B"), told("a", "A")])
    assert said(reading) == [
        [("user", "Question a"), ("assistant", "A")],
        [("user", "Question b"), ("assistant", "B")],
    ]
    assert books(reading) == (4, 0, {}, [])
    assert set(notes(reading)) == {"written by a model"}


def test_a_request_without_an_answer_is_left_out(tmp_path: Path) -> None:
    reading = of(tmp_path, [asked("a"), asked("b")], [told("a")])
    assert books(reading) == (2, 0, {"a request without an answer": 1}, [])


def test_an_answer_without_its_request_is_unreadable(tmp_path: Path) -> None:
    reading = of(tmp_path, [asked("a")], [told("a"), told("z")])
    assert books(reading) == (2, 0, {}, ["its request is in none of the inputs"])


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"custom_id": "b", "response": None, "error": {"code": "x"}}, "a request that failed"),
        ({"custom_id": "b", "response": {"status_code": 500, "body": {}}}, "a request that failed"),
        (told("b", finish_reason="content_filter"), "an answer that the service withheld"),
    ],
)
def test_what_failed_is_left_out(tmp_path: Path, answer: dict[str, Any], why: str) -> None:
    reading = of(tmp_path, [asked("a"), asked("b")], [told("a"), answer])
    assert books(reading) == (2, 0, {why: 2}, [])


def test_an_answer_that_ran_out_of_tokens_is_noted(tmp_path: Path) -> None:
    reading = of(tmp_path, [asked("a")], [told("a", finish_reason="length")])
    assert "cut short by the source" in notes(reading)


def test_embeddings_are_no_conversation(tmp_path: Path) -> None:
    reading = of(tmp_path, [asked("a"), asked("b", url="/v1/embeddings")], [told("a"), told("b")])
    assert books(reading)[2] == {"a request for something else than a conversation": 2}


def test_the_responses_api_is_read(tmp_path: Path) -> None:
    request = asked("a", url="/v1/responses", input="Hi", instructions="Be kind.")
    output = [
        {"type": "reasoning", "summary": []},
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "Yo"}],
        },
    ]
    answer = {"custom_id": "a", "response": {"status_code": 200, "body": {"output": output}}}
    assert said(of(tmp_path, [request], [answer])) == [
        [("system", "Be kind."), ("user", "Hi"), ("assistant", "Yo")]
    ]


def test_an_id_that_stands_twice_joins_nothing(tmp_path: Path) -> None:
    reading = of(tmp_path, [asked("a"), asked("a")], [told("a")])
    assert books(reading)[0] == 0
    assert reading.unreadable.height == 3


@pytest.mark.parametrize(
    ("record", "words"), [(asked("a"), "nobody's answers"), (told("a"), "not what was asked")]
)
def test_either_file_alone_is_refused(tmp_path: Path, record: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(READER, tmp_path, {"one.jsonl": json.dumps(record) + "\n"})
