"""ShareGPT: from and value, calls and observations, weights and pairs."""

import json
from pathlib import Path
from typing import Any

import pytest

from exports import books, read, said
from tunegate.readers.training.sharegpt import READER

ASK, ANSWER = {"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Yo"}
CALL = {"from": "function_call", "value": '{"name": "find", "arguments": {"id": 7}}'}
SEEN = {"from": "observation", "value": '{"found": true}'}


def of(tmp_path: Path, *items: Any, options: dict[str, Any] | None = None, **fields: Any) -> Any:
    records = [{"conversations": [ASK, ANSWER]}, {"conversations": list(items), **fields}]
    return read(READER, tmp_path, {"s.json": records}, **(options or {}))[0]


def skeleton(reading: Any) -> Any:
    return json.loads(reading.batch.conversations["skeleton"][1])


def test_humans_ask_and_models_answer(tmp_path: Path) -> None:
    assert said(of(tmp_path, {"from": "system", "value": "Be kind."}, ASK, ANSWER))[1] == [
        ("system", "Be kind."),
        ("user", "Hi"),
        ("assistant", "Yo"),
    ]


def test_the_system_field_comes_first_unless_a_message_is_it(tmp_path: Path) -> None:
    own = {"from": "system", "value": "Mine."}
    assert said(of(tmp_path, ASK, ANSWER, system="Be kind."))[1][0] == ("system", "Be kind.")
    assert [t for _, t in said(of(tmp_path, own, ASK, system="No."))[1]] == ["Mine.", "Hi"]


def test_a_call_and_what_it_saw_share_an_id(tmp_path: Path) -> None:
    messages = skeleton(of(tmp_path, ASK, CALL, SEEN, ANSWER))["messages"]
    assert messages[1]["tool_calls"][0]["id"] == messages[2]["tool_call_id"] == "call_1"
    assert messages[1]["tool_calls"][0]["function"]["name"] == "find"


def test_tools_are_parsed_from_their_text(tmp_path: Path) -> None:
    tools = json.dumps([{"name": "find", "parameters": {"type": "object"}}])
    found = skeleton(of(tmp_path, ASK, CALL, SEEN, ANSWER, tools=tools))["tools"]
    assert found[0]["type"] == "function"
    assert found[0]["function"]["name"] == "find"


@pytest.mark.parametrize(
    ("key", "value", "weight"), [("weight", 0, 0), ("loss", True, 1), ("train", False, 0)]
)
def test_what_is_not_trained_has_weight_0(
    tmp_path: Path, key: str, value: Any, weight: int
) -> None:
    messages = skeleton(of(tmp_path, ASK, {**ANSWER, key: value}))["messages"]
    assert messages[1]["weight"] == weight


def test_chosen_and_rejected_are_a_pair(tmp_path: Path) -> None:
    no = {"from": "gpt", "value": "No"}
    turns = of(tmp_path, ASK, chosen=ANSWER, rejected=no).batch.turns
    assert turns.filter(turns["row"] == turns["row"].max()).select(
        "branch", "turn", "text"
    ).rows() == [(None, 0, "Hi"), ("chosen", 1, "Yo"), ("rejected", 1, "No")]


def test_a_bad_example_is_left_out(tmp_path: Path) -> None:
    reading = of(tmp_path, ASK, ANSWER, kto_tag=False)
    assert books(reading) == (1, 0, {"labelled as a bad answer": 1}, [])


def test_the_user_may_map_another_word(tmp_path: Path) -> None:
    item = {"from": "kunde", "value": "Hallo"}
    reading = of(tmp_path, item, ANSWER, options={"roles": {"kunde": "user"}})
    assert said(reading)[1][0] == ("user", "Hallo")


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({"from": "kunde", "value": "Hallo"}, "role is not mapped"),
        ({"value": "Hallo"}, "role is not mapped"),
        ({"from": "human"}, "message has no `value`"),
        ({"from": "human", "value": 7}, "`value` is not a text"),
        ({"from": "function_call", "value": "find it"}, "a call is not JSON"),
        ({**ANSWER, "weight": 0.5}, "`weight` is neither 0 nor 1"),
        ("Hallo", "`conversations` is not a list of objects"),
    ],
)
def test_a_message_that_is_not_understood_loses_its_record(
    tmp_path: Path, item: Any, why: str
) -> None:
    assert books(of(tmp_path, ASK, item)) == (1, 0, {}, [why])
