import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.checks.chat_faults import ROLES, FaultName
from tunegate.checks.malformed_chat import AllFaults, MalformedChat
from tunegate.model import FINDINGS, Batch
from tunegate.readers.chat import batch_of_records

NAMES: tuple[FaultName, ...] = get_args(FaultName)
FIXED: tuple[FaultName, ...] = ("developer-role", "unknown-key", "null-key")

HI = {"role": "user", "content": "Hi"}
YO = {"role": "assistant", "content": "Yo."}
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
TEXT = {"type": "text", "text": "Hi"}
IMAGE = {"type": "image_url", "image_url": {"url": "https://x.y/z", "detail": "low"}}
SCHEMA = {"type": "object", "properties": {"a": {"title": "A", "default": None}}, "x-note": 1}
CANARY = "sam@example.com"

GOOD = {
    "plain": {"messages": [HI, YO]},
    "parts": {"messages": [{"role": "user", "name": "sam", "content": [TEXT, IMAGE]}, YO]},
    "calls": {
        "messages": [
            HI,
            {"role": "assistant", "content": None, "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "c1", "content": "42"},
            {**YO, "weight": 0},
        ],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": SCHEMA}}],
        "parallel_tool_calls": False,
    },
    "older calls": {
        "messages": [
            HI,
            {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}},
            {"role": "function", "name": "f", "content": None},
        ],
        "functions": [{"name": "f", "description": "x", "parameters": SCHEMA}],
    },
    "long": {"messages": [HI, YO] * 2000},
}


def chat(*messages: object, **more: object) -> dict[str, object]:
    return {"messages": list(messages), **more}


def found(batch: Batch) -> pl.DataFrame:
    return AllFaults(tuple((name, name) for name in NAMES)).check(batch)


def repaired(batch: Batch, names: Sequence[FaultName] = FIXED) -> Batch:
    # As in a run: what is found before the first fix is all that the later ones are told.
    known = [(MalformedChat(name), MalformedChat(name).check(batch)) for name in names]
    for rule, places in known:
        batch = rule.fix(batch, places)
    return batch


def assert_same(batch: Batch, expected: Batch) -> None:
    assert batch.turns.equals(expected.turns)
    skeletons = [
        [skeleton and json.loads(skeleton) for skeleton in side.conversations["skeleton"]]
        for side in (batch, expected)
    ]
    assert skeletons[0] == skeletons[1]


def littered(value: object, *, nulls: bool) -> object:
    """Put unknown keys, or nulls, into every object but the schemas of parameters."""
    if isinstance(value, list):
        return [littered(inner, nulls=nulls) for inner in value]
    if not isinstance(value, dict):
        return value
    inner = {
        key: inner if key == "parameters" else littered(inner, nulls=nulls)
        for key, inner in value.items()
    }
    return {"a/b": None if nulls else "x", **inner, "metadata": None if nulls else {"y": ["z"]}}


@pytest.mark.parametrize("record", GOOD.values(), ids=list(GOOD))
@pytest.mark.parametrize("nulls", [False, True], ids=["keys", "nulls"])
def test_a_fix_removes_what_was_put_in_and_nothing_else(
    record: dict[str, object], nulls: bool
) -> None:
    batch = batch_of_records([littered(record, nulls=nulls), chat(HI, YO)])
    name: FaultName = "null-key" if nulls else "unknown-key"
    assert_same(repaired(batch, [name]), batch_of_records([record, chat(HI, YO)]))


def test_a_developer_becomes_the_system_in_texts_and_skeleton() -> None:
    def spoken(role: str) -> Batch:
        plain = chat({"role": role, "content": "Be brief."}, HI, YO)
        named = chat(HI, {"role": role, "name": "x", "content": [TEXT]}, {**YO, "weight": 1})
        return batch_of_records([plain, chat(HI, YO), named])

    assert_same(repaired(spoken("developer")), spoken("system"))


def test_a_removed_key_takes_its_texts_along() -> None:
    batch = batch_of_records([chat({**HI, "refusal": CANARY}, YO)])
    assert CANARY in batch.turns["text"]
    assert_same(repaired(batch), batch_of_records([chat(HI, YO)]))


def test_a_fix_touches_only_the_places_it_is_given() -> None:
    batch = batch_of_records([chat(HI, metadata=1), chat({**HI, "id": 1}, model="m")])
    rule = MalformedChat("unknown-key")
    some = rule.check(batch).filter(pl.col("part") == "/id")
    assert faults_left(rule.fix(batch, some)) == [(0, "/metadata"), (1, "/model")]


def faults_left(batch: Batch) -> list[tuple[Any, ...]]:
    left = found(batch).with_columns(place=pl.col("row").rank("dense") - 1)
    return left.select("place", "part").sort("place", "part").rows()


def test_a_fix_keeps_integers_above_64_bits() -> None:
    large = {"type": "integer", "maximum": 2**70}
    batch = batch_of_records([chat(HI, functions=[{"name": "f", "parameters": large}], metadata=1)])
    (skeleton,) = repaired(batch).conversations["skeleton"]
    assert json.loads(skeleton)["functions"][0]["parameters"]["maximum"] == 2**70


def nested(depth: int) -> Batch:
    schema = '{"not":' * depth + "{}" + "}" * depth
    skeleton = (
        '{"messages":[{"role":"user","content":"","refusal":""}],'
        f'"functions":[{{"name":"f","parameters":{schema}}}]}}'
    )
    batch = batch_of_records([chat({**HI, "refusal": CANARY})])
    return replace(batch, conversations=batch.conversations.with_columns(skeleton=pl.lit(skeleton)))


def test_a_deep_record_is_fixed() -> None:
    fixed = repaired(nested(800))
    assert found(fixed).is_empty()
    assert fixed.turns["text"].to_list() == ["Hi"]


def test_a_record_too_deep_to_be_written_again_is_left_whole() -> None:
    fixed = repaired(nested(1015))
    assert not found(fixed).is_empty()
    assert fixed.turns.equals(nested(1015).turns)
    assert fixed.conversations.equals(nested(1015).conversations)


def test_faults_that_need_a_guess_are_left_as_they_are() -> None:
    batch = batch_of_records([chat({**HI, "content": 7}, {**YO, "weight": 2})])
    assert_same(repaired(batch, NAMES), batch)


# Any JSON, with the words of the format strewn in so that examples get past the first fault.
WORDS = st.sampled_from(
    ["role", "content", "type", "text", "function", "name", "arguments", "id", "tool_calls", *ROLES]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
MESSAGE = JSON | st.fixed_dictionaries(
    {"role": st.sampled_from(ROLES)},
    optional=dict.fromkeys(
        ["content", "name", "tool_calls", "tool_call_id", "function_call", "weight"], JSON
    ),
)
RECORD = st.fixed_dictionaries(
    {}, optional={"messages": JSON | st.lists(MESSAGE, max_size=4), "tools": JSON, "x": JSON}
)


@settings(max_examples=150, deadline=None)
@given(st.lists(RECORD, max_size=3))
def test_no_record_breaks_the_check_or_its_fixes(records: list[dict[str, object]]) -> None:
    batch = batch_of_records(records)
    assert found(batch).schema == FINDINGS
    fixed = repaired(batch)
    assert found(fixed).filter(pl.col("rule").is_in(FIXED)).is_empty()
    assert fixed.conversations.drop("skeleton").equals(batch.conversations.drop("skeleton"))
