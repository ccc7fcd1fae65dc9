"""Chat records: leaves, skeletons, keys, and the frames that come in as records."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.errors import InputError
from tunegate.model import FRAGMENTS, Batch, ReadOptions, frame
from tunegate.readers import choose, find
from tunegate.readers.chat import READER, assemble_chats, batch_of_records

ASK = {"role": "user", "content": "Where is it?"}
TELL = {"role": "assistant", "content": "On its way."}


def leaves(*chats: object) -> list[tuple[Any, ...]]:
    return batch_of_records(chats).turns.select("turn", "part", "role", "text").rows()


def skeleton(chat: object) -> Any:
    (held,) = batch_of_records([chat]).conversations["skeleton"]
    return None if held is None else json.loads(held)


def one(line: bytes, **options: Any) -> dict[str, Any]:
    fragments = frame([(0, None, None, 1, len(line), line, None)], FRAGMENTS)
    reading = assemble_chats(fragments, ReadOptions(**options))
    return reading.batch.conversations.row(0, named=True)


def test_a_plain_chat_has_no_skeleton_and_a_leaf_a_message() -> None:
    chat = {"messages": [{"role": "system", "content": ""}, ASK, TELL]}
    assert skeleton(chat) is None
    assert leaves(chat) == [
        (0, "/content", "system", ""),
        (1, "/content", "user", "Where is it?"),
        (2, "/content", "assistant", "On its way."),
    ]


def test_rows_count_from_the_first() -> None:
    batch = batch_of_records([{"messages": [ASK]}, {}, {"messages": [TELL]}], first=7)
    assert batch.conversations["row"].to_list() == [7, 8, 9]
    assert batch.turns["row"].to_list() == [7, 9]
    assert batch.segments["row"].to_list() == [7, 8, 9]


def test_every_text_leaf_of_the_contract_is_found_in_its_place() -> None:
    call = {"name": "track", "arguments": '{"n": 1}'}
    schema = {
        "type": "object",
        "title": "T",
        "properties": {"a/b": {"type": "string", "description": "D", "enum": ["x"]}},
        "required": ["a/b"],
    }
    chat = {
        "messages": [
            {
                "role": "user",
                "name": "Kim",
                "content": [
                    {"type": "text", "text": "See"},
                    {
                        "type": "image_url",
                        "image_url": {"url": "HTTPS://x.test/a", "detail": "low"},
                    },
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
                ],
            },
            {
                "role": "assistant",
                "content": None,
                "refusal": "No",
                "tool_calls": [{"id": "c1", "type": "function", "function": call}],
                "function_call": call,
                "weight": 0,
            },
            {"role": "assistant", "content": [{"type": "refusal", "refusal": "Never"}]},
            {"role": "tool", "tool_call_id": "c1", "content": "ok"},
        ],
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "track",
                    "description": "Finds",
                    "strict": True,
                    "parameters": schema,
                },
            }
        ],
        "functions": [{"name": "old", "description": "Was", "parameters": {"title": "P"}}],
        "parallel_tool_calls": False,
    }
    taken = leaves(deepcopy(chat))
    assert taken == [
        (0, "/name", "user", "Kim"),
        (0, "/content/0/text", "user", "See"),
        (0, "/content/1/image_url/url", "user", "HTTPS://x.test/a"),
        (1, "/refusal", "assistant", "No"),
        (1, "/tool_calls/0/function/arguments", "assistant", '{"n": 1}'),
        (1, "/function_call/arguments", "assistant", '{"n": 1}'),
        (2, "/content/0/refusal", "assistant", "Never"),
        (3, "/content", "tool", "ok"),
        (None, "/tools/0/function/description", None, "Finds"),
        (None, "/tools/0/function/parameters/title", None, "T"),
        (None, "/tools/0/function/parameters/properties/a~1b/description", None, "D"),
        (None, "/tools/0/function/parameters/properties/a~1b/enum/0", None, "x"),
        (None, "/functions/0/description", None, "Was"),
        (None, "/functions/0/parameters/title", None, "P"),
    ]
    # With the leaves back in their places the record is what it was.
    held = skeleton(chat)
    assert put_back(held, taken) == chat


def put_back(held: Any, taken: list[tuple[Any, ...]]) -> Any:
    for turn, part, _, text in taken:
        node = held if turn is None else held["messages"][turn]
        *path, last = (step.replace("~1", "/").replace("~0", "~") for step in part[1:].split("/"))
        for step in path:
            node = node[int(step) if isinstance(node, list) else step]
        place = int(last) if isinstance(node, list) else last
        assert node[place] == ""
        node[place] = text
    return held


SKELETONS: dict[str, tuple[object, object]] = {
    "empty": ({}, {}),
    "no messages": ({"messages": None}, {"messages": None}),
    "empty messages": ({"messages": []}, {"messages": []}),
    "messages are text": ({"messages": "hi"}, {"messages": ""}),
    "messages are an object": (
        {"messages": {"a": "b", "c": None}},
        {"messages": {"a": "", "c": None}},
    ),
    "odd messages": (
        {"messages": ["text", 5, None, ["a", 1, {"b": 1}]]},
        {"messages": ["", 5, None, ["", 1, {}]]},
    ),
    "unknown keys": (
        {"messages": [{**ASK, "ts": 17, "meta": {"a": 1}, "none": None}], "score": 4, "x": None},
        {
            "messages": [{"role": "user", "content": "", "ts": "", "meta": "", "none": None}],
            "score": "",
            "x": None,
        },
    ),
    "an unknown role": (
        {"messages": [{"role": "Customer", "content": "a"}]},
        {"messages": [{"role": "Customer", "content": ""}]},
    ),
    "wrong types": (
        {"messages": [{"role": 3, "content": 4.5, "name": None, "weight": "1", "tool_calls": "x"}]},
        {"messages": [{"role": 3, "content": 4.5, "name": None, "weight": "", "tool_calls": ""}]},
    ),
    "arguments as an object": (
        {
            "messages": [
                {"role": "assistant", "tool_calls": [{"function": {"arguments": {"a": "b"}}}]}
            ]
        },
        {
            "messages": [
                {"role": "assistant", "tool_calls": [{"function": {"arguments": {"a": ""}}}]}
            ]
        },
    ),
    "odd parts": (
        {
            "messages": [
                {"role": "user", "content": ["a", {"type": "audio", "input_audio": {"d": "x"}}]}
            ]
        },
        {"messages": [{"role": "user", "content": ["", {"type": "audio", "input_audio": ""}]}]},
    ),
    "an address that is none": (
        {"messages": [{"role": "user", "content": [{"image_url": {"url": "secret"}}]}]},
        {"messages": [{"role": "user", "content": [{"image_url": {"url": ""}}]}]},
    ),
    "odd tools": (
        {"messages": [ASK], "tools": ["a", {"type": 1, "function": "f", "more": 2}]},
        {
            "messages": [{"role": "user", "content": ""}],
            "tools": ["", {"type": 1, "function": "", "more": ""}],
        },
    ),
}


@pytest.mark.parametrize(("chat", "expected"), SKELETONS.values(), ids=SKELETONS.keys())
def test_a_skeleton_keeps_types_and_loses_texts(chat: object, expected: object) -> None:
    assert skeleton(deepcopy(chat)) == expected


KEYS = ["messages", "role", "content", "text", "url", "name", "refusal", "tool_calls", "x"]
KEYS += ["image_url", "function_call", "arguments", "tools", "function", "description"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.just("CANARY"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
KEPT = {"role", "tool_call_id", "id", "type", "name", "detail"}


@settings(max_examples=120, deadline=None)
@given(JSON.filter(lambda value: isinstance(value, dict)), st.lists(JSON, max_size=3))
def test_no_text_hides_in_a_skeleton(chat: dict[str, Any], messages: list[object]) -> None:
    batch = batch_of_records([{**chat, "messages": messages}])
    (held,) = batch.conversations["skeleton"]
    assert held is None or "CANARY" not in texts_outside_names(json.loads(held))


def texts_outside_names(node: object, key: str = "") -> list[str]:
    """All strings but words of a role and names of functions, which a skeleton keeps."""
    if isinstance(node, dict):
        return [text for name, inner in node.items() for text in texts_outside_names(inner, name)]
    if isinstance(node, list):
        return [text for inner in node for text in texts_outside_names(inner)]
    return [node] if isinstance(node, str) and key not in KEPT else []


IDS = [
    (b'{"id":12,"messages":[]}', "12"),
    (b'{"id":"012","messages":[]}', "012"),
    (b'{"id":1e3,"messages":[]}', "1e3"),
    (b'{"id":123456789012345678901234567890}', "123456789012345678901234567890"),
    (b'{"id":null,"conversation_id":"c","ticket_id":9}', "c"),
    (b'{"id":{"a":1},"ticket_id":9}', "9"),
    (b'{"id":"","messages":[]}', None),
    (b'{"id":true,"messages":[]}', None),
    (b'{"messages":[]}', None),
]


@pytest.mark.parametrize(("line", "expected"), IDS, ids=repr)
def test_an_id_is_exactly_as_written(line: bytes, expected: str | None) -> None:
    assert one(line)["id"] == expected


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (None, None),
        ("metadata.customer", "acme"),
        ("metadata.number", "7"),
        ("dotted.key", "whole"),
        ("metadata.customer.name", None),
        ("metadata", None),
        ("nothing", None),
    ],
    ids=str,
)
def test_a_group_is_a_key_or_a_dotted_path(group: str | None, expected: str | None) -> None:
    line = b'{"metadata":{"customer":"acme","number":7},"dotted.key":"whole","messages":[]}'
    assert one(line, group=group)["group"] == expected


def test_a_time_is_read_from_the_first_field_that_has_one() -> None:
    found = one(b'{"created_at":null,"created":1709294400,"timestamp":"2020-01-01"}')
    assert found["created_at"] == datetime(2024, 3, 1, 12, tzinfo=UTC)
    assert one(b'{"created_at":"soon","messages":[]}')["created_at"] is None


def test_integers_above_64_bits_stay_exact_in_the_skeleton() -> None:
    line = b'{"messages":[{"role":"user","content":18446744073709551617}]}'
    assert one(line)["skeleton"] == line.decode()


def test_a_key_says_id_and_content_and_nothing_else() -> None:
    def key(chat: object, first: int = 0) -> str:
        return str(batch_of_records([chat], first=first).conversations["key"][0])

    plain = {"messages": [ASK, TELL]}
    assert key(plain) == key(plain, first=9)
    assert len(key(plain)) == 32
    others: list[object] = [
        {"messages": [ASK]},
        {"messages": [TELL, ASK]},
        {"messages": [{**ASK, "role": "system"}, TELL]},
        {"messages": [ASK, TELL], "id": 1},
        {"messages": [ASK, TELL], "id": "2"},
        {"messages": [ASK, {**TELL, "weight": 0}]},
    ]
    assert len({key(plain), *map(key, others)}) == 1 + len(others)


def test_a_batch_of_what_is_no_object_is_refused() -> None:
    with pytest.raises(InputError, match="record 2: not a JSON object"):
        batch_of_records([{}, []])


def test_where_a_conversation_came_from_is_in_its_segment(tmp_path: Path) -> None:
    path = tmp_path / "chats.jsonl"
    path.write_text('\n{"messages":[]}\n{"id":1}\n')
    batch = read(path)
    assert batch.segments.select("file", "line", "offset", "length").rows() == [
        (0, 2, 1, 16),
        (0, 3, 17, 9),
    ]
    assert batch.segments["row"].to_list() == batch.conversations["row"].to_list() == [1, 17]


def read(*paths: Path) -> Batch:
    sources, _ = find(paths, paths[0].parent / "spool")
    reader = choose(sources, ReadOptions()).reader
    assert reader is READER
    plan = reader.plan(sources, ReadOptions())
    fragments = pl.concat([frame for split in plan.splits for frame in reader.read(split, plan)])
    reading = reader.assemble(fragments, plan)
    assert reading.unreadable.is_empty()
    return reading.batch


def test_rows_of_the_second_input_come_after_the_first(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl"):
        (tmp_path / name).write_text(json.dumps({"id": name, "messages": []}) + "\n")
    conversations = read(tmp_path / "b.jsonl", tmp_path / "a.jsonl").conversations
    assert conversations.select("id", "row").rows() == [("a.jsonl", 0), ("b.jsonl", 1 << 40)]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"messages": st.lists(st.sampled_from([ASK, TELL, {"role": "bot"}]), max_size=3)},
            optional={"id": st.integers(0, 5)},
        ),
        max_size=6,
    ),
    st.integers(0, 6),
)
def test_how_records_are_batched_changes_no_row(chats: list[Any], cut: int) -> None:
    whole = batch_of_records(chats)
    parts = [
        batch_of_records(chats[:cut]),
        batch_of_records(chats[cut:], first=min(cut, len(chats))),
    ]
    for name in ("conversations", "turns"):
        joined = pl.concat([getattr(part, name) for part in parts])
        assert getattr(whole, name).equals(joined)
