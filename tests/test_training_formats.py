"""What holds for every format that models are trained on: books, recognition, broken records."""

import copy
import json
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_data.generator.exports.talks import NOTE_MARKER, talks

from exports import Content, books, read, said, write
from tunegate.errors import InputError
from tunegate.model import Reader
from tunegate.readers import chat
from tunegate.readers.training import (
    alpaca,
    anthropic,
    gemini,
    kto,
    oasst,
    openai_batch,
    openai_preference,
    openai_reinforcement,
    preference,
    prompt_completion,
    sharegpt,
)

MODULES: list[Any] = [
    alpaca,
    anthropic,
    gemini,
    kto,
    oasst,
    openai_batch,
    openai_preference,
    openai_reinforcement,
    preference,
    prompt_completion,
    sharegpt,
]
READERS: dict[str, Reader] = {module.READER.name: module.READER for module in [*MODULES, chat]}
SAMPLES = [
    "prompt_completion",
    "sharegpt",
    "alpaca",
    "oasst",
    "oasst_trees",
    "anthropic",
    "gemini",
    "kto",
    "openai_batch",
]

HI, YO = {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yo"}
RECORDS: dict[str, list[dict[str, Any]]] = {
    "alpaca": [{"instruction": "Hi", "input": "x", "output": "Yo", "history": [["a", "b"]]}],
    "anthropic": [
        {
            "system": [{"type": "text", "text": "Be kind."}],
            "messages": [
                HI,
                {
                    "role": "assistant",
                    "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {}}],
                },
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t"}]},
            ],
            "tools": [{"name": "f", "input_schema": {}}],
        }
    ],
    "gemini": [
        {
            "systemInstruction": {"parts": [{"text": "Be kind."}]},
            "contents": [
                {"role": "user", "parts": [{"text": "Hi"}]},
                {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {}}}]},
                {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]},
            ],
        }
    ],
    "kto": [{"prompt": "Hi", "completion": [YO], "label": True}],
    "oasst": [
        {
            "message_id": name,
            "parent_id": parent,
            "message_tree_id": "t",
            "text": "x",
            "role": role,
            "rank": 0,
            "labels": {"spam": {"value": 0}},
        }
        for name, parent, role in (("a", None, "prompter"), ("b", "a", "assistant"))
    ],
    "openai-batch": [
        {
            "custom_id": "a",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"messages": [HI]},
        }
    ],
    "openai-preference": [
        {
            "input": {"messages": [HI], "tools": [], "parallel_tool_calls": True},
            "preferred_output": [YO],
            "non_preferred_output": [YO],
        }
    ],
    "openai-reinforcement": [{"messages": [HI], "item": {"answer": 7}}],
    "preference": [{"prompt": "Hi", "chosen": [HI, YO], "rejected": [HI, YO], "system": "x"}],
    "prompt-completion": [{"prompt": [HI], "completion": "Yo", "system": "x"}],
    "sharegpt": [
        {
            "conversations": [
                {"from": "human", "value": "Hi"},
                {"from": "function_call", "value": '{"name": "f"}'},
                {"from": "observation", "value": "{}"},
                {"from": "gpt", "value": "Yo", "weight": 1},
            ],
            "tools": "[]",
            "kto_tag": True,
        }
    ],
}


def best(head: bytes, name: str) -> list[str]:
    marks = {reader.name: reader.recognises(head, name) for reader in READERS.values()}
    return [reader for reader, count in marks.items() if count and count == max(marks.values())]


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_talks_come_back_and_nothing_that_was_marked(tmp_path: Path, sample: str) -> None:
    module = import_module(f"sample_data.generator.exports.{sample}")
    files: dict[str, Content] = dict(module.files())
    reading, _ = read(READERS[module.NAME], tmp_path, files, **module.OPTIONS)
    assert sorted(said(reading)) == sorted(talk.turns() for talk in talks())
    assert not reading.batch.turns["text"].str.contains(NOTE_MARKER).any()
    assert books(reading)[3] == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_no_other_format_claims_a_sample(sample: str) -> None:
    module = import_module(f"sample_data.generator.exports.{sample}")
    for name, content in module.files().items():
        assert best(content[: 64 << 10], name) == [module.NAME]


@pytest.mark.parametrize("name", RECORDS)
def test_no_other_format_claims_a_record(name: str) -> None:
    assert best("".join(json.dumps(r) + "\n" for r in RECORDS[name]).encode(), "a.jsonl") == [name]


@pytest.mark.parametrize("name", RECORDS)
def test_a_reader_tells_people_about_itself(name: str) -> None:
    about = READERS[name].about
    assert all((about.title, about.export, about.reads, about.leaves))


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the places in a record, outermost first."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict | list):
        inner = list(value.items() if isinstance(value, dict) else enumerate(value))
    return [here] * bool(here) + [path for key, sub in inner for path in paths(sub, (*here, key))]


@pytest.mark.parametrize("name", RECORDS)
@given(draw=st.data())
@settings(max_examples=60, deadline=None)
def test_a_broken_record_breaks_nothing_and_is_accounted_for(
    name: str, draw: st.DataObject
) -> None:
    whole = RECORDS[name]
    broken = copy.deepcopy(whole)
    for _ in range(draw.draw(st.integers(1, 3))):
        places = [path for path in paths(broken) if len(path) > 1]
        if not places:
            break
        *path, last = draw.draw(st.sampled_from(places))
        thing: Any = broken
        for step in path:
            thing = thing[step]
        odd: Any = draw.draw(
            st.sampled_from([None, 7, 0.5, True, "", "x", [], {}, [None], [[]], "drop"])
        )
        if odd == "drop" and isinstance(thing, dict):
            del thing[last]
        else:
            thing[last] = odd
    reader = READERS[name]
    with tempfile.TemporaryDirectory() as folder:
        files: dict[str, Content] = {"a.jsonl": lines(whole + broken)}
        if name == "openai-batch":
            files["b.jsonl"] = lines([{"custom_id": "a", "response": {"status_code": 200}}])
        write(Path(folder), files)
        try:
            reading, plan = read(reader, Path(folder), files)
        except InputError:
            return
    used, merged, excluded, reasons = books(reading)
    messages = len(whole + broken) + (name == "openai-batch")
    assert used + merged + sum(excluded.values()) + len(reasons) >= messages
    assert plan.faults.is_empty()


def lines(records: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def test_a_file_may_mix_the_forms_of_one_system(tmp_path: Path) -> None:
    records = [
        {
            "contents": [
                {"role": "user", "parts": [{"text": "q"}]},
                {"role": "model", "parts": [{"text": "a"}]},
            ]
        },
        {"input_text": "q", "output_text": "a"},
        {"messages": [{"author": "user", "content": "q"}, {"author": "bot", "content": "a"}]},
    ]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    reading, _ = read(gemini.READER, tmp_path, {"g.jsonl": lines})
    assert said(reading) == [[("user", "q"), ("assistant", "a")]] * 3
