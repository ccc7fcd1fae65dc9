"""OpenAI Batch: the input file, and the output file in another order."""

from typing import Any

from sample_data.generator.exports.shapes import as_lines
from sample_data.generator.exports.talks import NOTE_MARKER, Talk, talks
from sample_data.generator.exports.training import asked_and_answered

NAME = "openai-batch"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the files of one batch."""
    told = list(talks())
    failed = {"custom_id": "request-0", "response": None, "error": {"message": NOTE_MARKER}}
    return {
        "batch_input.jsonl": as_lines([*map(_request, told), _asked("request-0", [])]),
        "batch_output.jsonl": as_lines([failed, *map(_answer, reversed(told))]),
    }


def _request(talk: Talk) -> dict[str, Any]:
    prompt, _ = asked_and_answered(talk)
    return _asked(f"request-{talk.number}", prompt)


def _asked(identifier: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "custom_id": identifier,
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {"model": "gpt-4.1-mini", "messages": messages, "max_tokens": 500},
    }


def _answer(talk: Talk) -> dict[str, Any]:
    _, answer = asked_and_answered(talk)
    choice = {"index": 0, "message": {**answer, "refusal": None}, "finish_reason": "stop"}
    return {
        "id": f"batch_req_{talk.number}",
        "custom_id": f"request-{talk.number}",
        "response": {"status_code": 200, "body": {"id": "x", "choices": [choice]}},
        "error": None,
    }
