"""Schemas of tools: every text in them is a leaf, and what they are built of stays."""

import json
from copy import deepcopy
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.checks.chat_faults import FaultName
from tunegate.checks.malformed_chat import MalformedChat
from tunegate.readers.chat import batch_of_records
from tunegate.writers.chat import lines

ASK = {"role": "user", "content": "Where is it?"}
TELL = {"role": "assistant", "content": "On its way."}


def chat(schema: object, **more: object) -> dict[str, Any]:
    function = {"name": "track", "parameters": schema, **more}
    tools = [{"type": "function", "function": function}]
    return {"messages": [ASK, TELL], "tools": tools}


def taken(record: object) -> dict[str, str]:
    """Return place → text of the record's leaves, from the function on."""
    turns = batch_of_records([deepcopy(record)]).turns
    places = turns.filter(turns["turn"].is_null()).select("part", "text").iter_rows()
    return {part.removeprefix("/tools/0/function"): text for part, text in places}


def rewritten(record: object) -> Any:
    ((_, line),) = lines(batch_of_records([deepcopy(record)]))
    assert line is not None
    return json.loads(line)


TEXTS = {
    "a default": ({"default": "CANARY"}, "/default"),
    "an allowed value": ({"enum": ["CANARY"]}, "/enum/0"),
    "a constant": ({"const": "CANARY"}, "/const"),
    "an example": ({"examples": ["CANARY"]}, "/examples/0"),
    "an example as an object": ({"examples": [{"to": "CANARY"}]}, "/examples/0/to"),
    "a keyword within a default": ({"default": {"type": "CANARY"}}, "/default/type"),
    "keywords within an example": ({"examples": [{"required": ["CANARY"]}]}, None),
    "a note": ({"$comment": "CANARY"}, "/$comment"),
    "a key nobody knows": ({"x-owner": "CANARY"}, "/x-owner"),
    "a name to be escaped": ({"properties": {"a/b~c": {"const": "CANARY"}}}, None),
    "a property called default": ({"properties": {"default": {"title": "CANARY"}}}, None),
    "a property that is a text": ({"properties": {"type": "CANARY"}}, "/properties/type"),
    "within a choice": ({"anyOf": [{"items": {"default": "CANARY"}}]}, "/anyOf/0/items/default"),
    "a list in lists": ({"enum": [["x", ["CANARY"]]]}, "/enum/0/1/0"),
}


@pytest.mark.parametrize(("schema", "place"), TEXTS.values(), ids=TEXTS.keys())
def test_a_text_in_a_schema_is_a_leaf_and_comes_back(schema: Any, place: str | None) -> None:
    record = chat(schema)
    found = {part: text for part, text in taken(record).items() if text == "CANARY"}
    assert len(found) == 1
    if place is not None:
        assert list(found) == [f"/parameters{place}"]
    (skeleton,) = batch_of_records([deepcopy(record)]).conversations["skeleton"]
    assert "CANARY" not in skeleton
    assert rewritten(record) == record


BUILT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "https://x.test/s",
    "type": "object",
    "required": ["default", "when"],
    "properties": {
        "default": {"type": ["string", "null"], "pattern": "^a+$"},
        "when": {"type": "string", "format": "date"},
        "who": {"$ref": "#/$defs/who"},
    },
    "$defs": {"who": {"type": "object", "required": ["x"], "additionalProperties": False}},
}


def test_what_a_schema_is_built_of_is_no_text() -> None:
    assert taken(chat(BUILT)) == {}
    assert (
        json.loads(batch_of_records([chat(BUILT)]).conversations["skeleton"][0])["tools"]
        == (chat(BUILT)["tools"])
    )


def test_texts_of_a_function_but_its_name_are_leaves() -> None:
    record = chat("{}", description="Finds", strict="yes")
    assert taken(record) == {"/parameters": "{}", "/description": "Finds", "/strict": "yes"}
    assert rewritten(record) == record
    assert rewritten(chat({}, **{"x/y": "CANARY"})) == chat({})  # a key nobody knows is not written
    older = {"messages": [ASK, TELL], "functions": [{"name": "f", "parameters": {"const": "C"}}]}
    assert taken(older) == {"/functions/0/parameters/const": "C"}
    assert rewritten(older) == older


def test_a_schema_with_texts_is_not_malformed() -> None:
    schema = {**BUILT, "examples": [{"to": "a"}, "b"], "default": "c", "$comment": "d"}
    batch = batch_of_records([chat(schema, description="e")])
    for fault in get_args(FaultName):
        assert MalformedChat(fault).check(batch).is_empty()


KEYS = ["type", "required", "default", "properties", "enum", "a/b", "~1", "0", "items", "subject"]
SCHEMAS = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["", "text", "object"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=15,
)


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), SCHEMAS, max_size=4))
def test_any_schema_is_written_as_it_was(schema: dict[str, Any]) -> None:
    assert rewritten(chat(schema)) == chat(schema)
