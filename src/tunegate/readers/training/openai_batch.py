"""Read OpenAI Batch files: requests and their answers lie in two files, joined by `custom_id`.

Every answer is a model's own, and is noted as such.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tunegate.model import About
from tunegate.readers.export import Chat, Desk, ExportReader, Found, Left, Made, Refused
from tunegate.readers.fields import at, identity, objects
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import CUT_SHORT, MODEL_WRITTEN, OTHER_ANSWERS
from tunegate.readers.streams import Stream, Table
from tunegate.readers.training.records import Messages, call, head_of, message, objects_of, said

NO_ANSWER = "a request without an answer"
FAILED = "a request that failed"
NOT_CHAT = "a request for something else than a conversation"
NOT_FINISHED = "an answer that the service withheld"

_REQUESTS, _ANSWERS = "requests", "answers"
_CHATS, _RESPONSES = "/chat/completions", "/responses"
_DONE = 200


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Made]:
    requests = [one for one in found if one.table == _REQUESTS]
    answers = [one for one in found if one.table == _ANSWERS]
    if len(requests) > 1 or len(answers) > 1:
        raise Unreadable("`custom_id` stands twice, so that nobody can say which belong together")
    if not requests:
        yield Refused(answers[0].place, "its request is in none of the inputs")
        return
    url = requests[0].fields.get("url")
    if not isinstance(url, str) or not url.endswith((_CHATS, _RESPONSES)):
        yield from (Left(NOT_CHAT) for _ in found)
    elif not answers:
        yield Left(NO_ANSWER)
    elif _failed(answers[0].fields):
        yield from (Left(FAILED) for _ in found)
    else:
        yield from _joined(requests[0], answers[0], desk, responses=url.endswith(_RESPONSES))


def _failed(answer: dict[str, Any]) -> bool:
    return bool(answer.get("error")) or at(answer, "response.status_code") != _DONE


def _joined(request: Found, answer: Found, desk: Desk, *, responses: bool) -> Iterator[Made]:
    asked, told = request.fields.get("body"), at(answer.fields, "response.body")
    if not isinstance(asked, dict) or not isinstance(told, dict):
        raise Unreadable("`body` is not an object")
    notes = [MODEL_WRITTEN]
    if responses:
        prompt, reply, end = _response(asked, told)
    else:
        prompt = objects_of(asked.get("messages"), "body.messages")
        reply, end = _completion(told, notes)
    if end == "content_filter":
        yield from (Left(NOT_FINISHED) for _ in range(2))
        return
    if end in ("length", "max_output_tokens"):
        notes.append(CUT_SHORT)
    head = head_of(request, desk)._replace(id=identity(request.fields.get("custom_id")))
    tools = asked.get("tools")
    record = {"messages": [*prompt, *reply], **({"tools": tools} if tools else {})}
    yield Chat(head, record, (request, answer), notes)


def _completion(body: dict[str, Any], notes: list[str]) -> tuple[Messages, object]:
    choices = objects(body.get("choices"))
    if not choices or not isinstance(choices[0].get("message"), dict):
        raise Unreadable("the answer has no message")
    if len(choices) > 1:
        notes.append(OTHER_ANSWERS)
    reply = choices[0]["message"]
    # The service gives null for what there is not, and lists that say where a text is from.
    kept = {key: reply[key] for key in _KEPT if reply.get(key) is not None}
    return [kept], choices[0].get("finish_reason")


_KEPT = ("role", "content", "refusal", "tool_calls", "function_call")


def _response(asked: dict[str, Any], told: dict[str, Any]) -> tuple[Messages, Messages, object]:
    """Return prompt, answer and why it ended, of a request to the Responses API."""
    opening = asked.get("instructions")
    prompt = [message("system", opening)] if isinstance(opening, str) and opening else []
    given = asked.get("input")
    listed = said(given, "user", "body.input")
    prompt += [_item(item) for item in listed]
    reply = [
        _item(item)
        for item in objects_of(told.get("output"), "response.body.output")
        if item.get("type") != "reasoning"
    ]
    return prompt, reply, at(told, "incomplete_details.reason")


def _item(item: dict[str, Any]) -> dict[str, Any]:
    kind = item.get("type", "message")
    if kind == "function_call":
        identifier = item.get("call_id")
        if not isinstance(identifier, str):
            raise Unreadable("a call has no `call_id`")
        called = call(item.get("name"), item.get("arguments"), identifier)
        return {"role": "assistant", "tool_calls": [called]}
    if kind == "function_call_output":
        return message("tool", item.get("output"), tool_call_id=item.get("call_id"))
    if kind != "message":
        raise Unreadable("an item is of an unknown kind")
    content = item.get("content")
    if isinstance(content, list):
        parts = objects_of(content, "content")
        texts = [text for part in parts if isinstance(text := part.get("text"), str)]
        if len(texts) < len(parts):
            raise Unreadable("a part of a message is no text")
        content = "\n\n".join(texts)
    return message(item.get("role", ""), content)


def _refuses(streams: Sequence[Stream]) -> tuple[str, str] | None:
    kinds = {stream.table.name for stream in streams}
    if kinds == {_REQUESTS}:
        return (
            "holds requests of OpenAI Batch, and nobody's answers",
            "give the output file of the batch as well: it is the file `output_file_id`",
        )
    if kinds == {_ANSWERS}:
        return (
            "holds answers of OpenAI Batch, and not what was asked",
            "give the input file of the batch as well: it is the file `input_file_id`",
        )
    return None


READER = ExportReader(
    name="openai-batch",
    about=About(
        title="OpenAI Batch",
        export="the input file of a batch together with its output file, as JSON Lines",
        reads="the messages of each request with the first answer to it, joined by `custom_id`; "
        "noted as written by a model",
        leaves="requests that failed or have no answer, requests for anything but a "
        "conversation, and reasoning",
    ),
    tables=(
        Table(
            _REQUESTS,
            needs="custom_id body",
            any="method url",
            key="custom_id",
            kinds=("lines", "values"),
        ),
        Table(
            _ANSWERS,
            needs="custom_id",
            any="response error",
            never="body",
            key="custom_id",
            kinds=("lines", "values"),
        ),
    ),
    make=_make,
    refuses=_refuses,
)
