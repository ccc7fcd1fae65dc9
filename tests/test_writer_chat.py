"""What is written is what was read, in the contract's keys, one line a conversation."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.model import TURNS, Batch, frame, to_batch
from tunegate.readers.chat import batch_of_records
from tunegate.writers.chat import MESSAGE_KEYS, NESTED_KEYS, RECORD_KEYS, lines

LAW = settings(max_examples=60, deadline=None)

ODD = 'a\u2028b\u2029c\x85d\re\nf\tg"h\\i/j 👩‍👩‍👧 \x7f é ⟦'
PROMPT = "You help customers."


def written(batch: Batch, *, system: str | None = None) -> list[dict[str, Any] | None]:
    """Return what a reader of the lines gets back."""
    rows, records = [], []
    for row, line in lines(batch, system=system):
        rows.append(row)
        assert line is None or (line.endswith(b"\n") and line.count(b"\n") == 1)
        records.append(None if line is None else json.loads(line))
    assert rows == batch.conversations["row"].to_list()
    return records


def chat(*messages: object, **more: object) -> dict[str, Any]:
    return {"messages": list(messages), **more}


def said(role: str, content: Any, **more: object) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


HI, YO = said("user", "hi"), said("assistant", "yo")
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": "b"}'}}
SCHEMA = {
    "type": "object",
    "title": "T",
    "properties": {
        "a/b~c": {"type": "string", "description": "with a slash and a tilde"},
        "~1": {"type": "string", "title": "looks escaped"},
        "": {"anyOf": [{"description": "in a list"}, {"enum": [1, 2.5, None, True, "x"]}]},
    },
    "required": [],
}
TOOL = {
    "type": "function",
    "function": {"name": "f", "description": "does", "parameters": SCHEMA, "strict": True},
}

FULL: Mapping[str, dict[str, Any]] = {
    "plain": chat(HI, YO),
    "odd characters": chat(said("user", ODD), said("assistant", ODD, weight=1)),
    "names": chat(said("user", "hi", name="jo"), YO),
    "weights": chat(HI, said("assistant", "yo", weight=0), HI, said("assistant", "so", weight=1)),
    "parts": chat(
        said(
            "user",
            [
                {"type": "text", "text": ODD},
                {"type": "image_url", "image_url": {"url": "https://x.de/a", "detail": "low"}},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
                {"type": "text", "text": ""},
            ],
        ),
        said("assistant", [{"type": "refusal", "refusal": "no"}]),
    ),
    "refusal": chat(HI, said("assistant", "", refusal="I cannot")),
    "calls": chat(
        HI,
        {"role": "assistant", "tool_calls": [CALL, {**CALL, "id": "c2"}]},
        said("tool", "42", tool_call_id="c1"),
        said("tool", [{"type": "text", "text": "43"}], tool_call_id="c2"),
        YO,
        tools=[TOOL],
        parallel_tool_calls=False,
    ),
    "functions": chat(
        HI,
        {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}},
        said("function", "42", name="f"),
        functions=[TOOL["function"]],
    ),
    "no parameters": chat(HI, YO, tools=[{"type": "function", "function": {"name": "f"}}]),
}


@pytest.mark.parametrize("record", FULL.values(), ids=FULL)
def test_a_good_record_is_written_as_it_was_read(record: dict[str, Any]) -> None:
    assert written(batch_of_records([record])) == [record]


def test_records_do_not_mix() -> None:
    records = list(FULL.values())
    assert written(batch_of_records(records)) == records


characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.text(characters, max_size=12) | st.sampled_from([ODD, ""])
names = st.text("ab~/01", min_size=1, max_size=4)
parts = st.builds(lambda text: {"type": "text", "text": text}, texts)
contents = texts | st.lists(parts, min_size=1, max_size=3)
schemas = st.recursive(
    st.fixed_dictionaries({}, optional={"description": texts, "title": texts, "type": names}),
    lambda inner: st.fixed_dictionaries(
        {"properties": st.dictionaries(names, inner, max_size=3)},
        optional={"description": texts, "anyOf": st.lists(inner, max_size=2)},
    ),
    max_leaves=5,
)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    for role in draw(st.lists(st.sampled_from(["system", "user", "assistant"]), min_size=1)):
        message = said(role, draw(contents))
        if draw(st.booleans()):
            message["name"] = draw(texts)
        if role == "assistant" and draw(st.booleans()):
            call = {"name": "f", "arguments": draw(texts)}
            message["tool_calls"] = [{"id": "c", "type": "function", "function": call}]
        messages.append(message)
    record = chat(*messages)
    if draw(st.booleans()):
        function = {"name": "f", "description": draw(texts), "parameters": draw(schemas)}
        record["tools"] = [{"type": "function", "function": function}]
    return record


@LAW
@given(st.lists(records(), max_size=3))
def test_reading_what_was_written_gives_the_same_texts(drawn: list[dict[str, Any]]) -> None:
    batch = batch_of_records(drawn)
    back = written(batch)
    assert back == drawn
    again = batch_of_records(back)
    assert again.turns.equals(batch.turns)
    assert written(again) == drawn


@LAW
@given(st.lists(st.tuples(st.sampled_from(["system", "user", "assistant"]), texts), min_size=1))
def test_a_plain_conversation_is_its_messages(turns: Sequence[tuple[str, str]]) -> None:
    record = chat(*(said(role, text) for role, text in turns))
    assert written(to_batch([turns])) == [record]


def every_key(value: object) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(every_key, value))
    if isinstance(value, dict):
        return set(value).union(*map(every_key, value.values()))
    return set()


def test_nothing_but_the_keys_of_the_contract_is_written_and_no_null() -> None:
    mess = {"x-secret": 1, "also": None}
    record = {
        **mess,
        "messages": [
            said("user", [{"type": "text", "text": "hi", **mess}], name=None, weight=None, **mess),
            said(
                "assistant",
                None,
                refusal=None,
                tool_calls=[{**CALL, **mess, "function": {**CALL["function"], **mess}}],  # type: ignore[dict-item]
                function_call=None,
                **mess,
            ),
            said("tool", "42", tool_call_id="c1", name="jo", **mess),
        ],
        "tools": [{**TOOL, **mess, "function": {**TOOL["function"], **mess}}],  # type: ignore[dict-item]
        "functions": None,
        "model": "m",
    }
    [back] = written(batch_of_records([record]))
    assert back == chat(
        said("user", [{"type": "text", "text": "hi"}]),
        {"role": "assistant", "tool_calls": [CALL]},
        said("tool", "42", tool_call_id="c1"),
        tools=[TOOL],
    )
    known = {*RECORD_KEYS, *every_key(NESTED_KEYS), *every_key(SCHEMA)}
    assert every_key(back) <= known.union(*MESSAGE_KEYS.values())


def test_a_prompt_is_put_before_the_conversations_that_have_none() -> None:
    own = said("system", "Mine.")
    later = chat(HI, own, YO)
    batch = batch_of_records([chat(HI, YO), chat(own, HI), later, chat(HI, tools=[TOOL])])
    given_one = said("system", PROMPT)
    assert written(batch, system=PROMPT) == [
        chat(given_one, HI, YO),
        chat(own, HI),
        later,
        chat(given_one, HI, tools=[TOOL]),
    ]


NOT_A_CHAT: Mapping[str, dict[str, Any]] = {
    "no messages": {"prompt": "hi"},
    "messages null": {"messages": None},
    "messages empty": {"messages": []},
    "messages a text": {"messages": "hi"},
    "a message that is a text": chat(HI, "yo"),
    "a message without a role": chat({"content": "hi"}),
    "a role that is a list": chat(said(["user"], "hi")),  # type: ignore[arg-type]
    "a role that nobody knows": chat(HI, said("bot", "yo")),
    "a role of other formats": chat(said("developer", "short"), said("user", "hi", name="jo")),
    "a role of other formats, plain": chat(said("developer", "short"), HI),
}


@pytest.mark.parametrize("record", NOT_A_CHAT.values(), ids=NOT_A_CHAT)
def test_what_is_no_chat_is_not_written(record: dict[str, Any]) -> None:
    batch = batch_of_records([record, chat(HI, YO)])
    assert written(batch, system=PROMPT) == [None, chat(said("system", PROMPT), HI, YO)]


def test_a_conversation_without_a_turn_is_not_written() -> None:
    assert written(to_batch([[], [("user", "hi")]])) == [None, chat(HI)]


def test_a_record_too_deep_to_write_is_not_written() -> None:
    batch = batch_of_records([chat(HI, YO)])
    skeleton = "{" + '"items":{' * 5000 + "}" * 5001
    heads = batch.conversations.with_columns(skeleton=pl.lit(skeleton))
    assert written(Batch(heads, batch.turns, batch.segments)) == [None]


def test_a_subject_is_no_part_of_the_record() -> None:
    batch = to_batch([[("user", "hi"), ("assistant", "yo")]])
    subject = frame([(0, None, None, "/subject", None, None, "help")], TURNS)
    batch = batch.with_turns(pl.concat([batch.turns, subject]))
    assert written(batch) == [chat(HI, YO)]
    assert written(
        Batch(
            batch.conversations.with_columns(
                skeleton=pl.lit(json.dumps(chat(said("user", ""), said("assistant", ""))))
            ),
            batch.turns,
            batch.segments,
        )
    ) == [chat(HI, YO)]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_in_json_is_never_written(number: str) -> None:
    batch = to_batch([[("user", "hi")]])
    skeleton = f'{{"messages": [{{"role": "assistant", "content": "", "weight": {number}}}]}}'
    heads = batch.conversations.with_columns(skeleton=pl.lit(skeleton))
    with pytest.raises(ValueError, match="not JSON compliant"):
        list(lines(Batch(heads, batch.turns, batch.segments)))


def test_numbers_stay_exact() -> None:
    record = chat(HI, said("assistant", "yo", weight=0.1), tools=[TOOL])
    record["tools"] = [
        {"type": "function", "function": {"name": "f", "parameters": {"maximum": 2**70, "x": 1e-7}}}
    ]
    assert written(batch_of_records([record])) == [record]


def test_a_line_is_one_line_to_every_reader() -> None:
    batch = to_batch([[("user", ODD), ("assistant", ODD)]])
    ((_, line),) = lines(batch)
    assert line is not None
    assert len(line.decode().splitlines()) == 1
    assert json.loads(line)["messages"][0]["content"] == ODD
