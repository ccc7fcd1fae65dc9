"""Pairs of answers: TRL's, OpenAI's, and the unpaired ones of KTO."""

import json
from pathlib import Path
from typing import Any

import pytest

from exports import books, notes, read
from tunegate.readers.training import (
    kto,
    openai_preference,
    openai_reinforcement,
    preference,
)

PAIR = [
    (None, 0, "user", "Hi"),
    ("chosen", 1, "assistant", "Yo"),
    ("rejected", 1, "assistant", "No"),
]


def said(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "content": text}


HI, YO, NO = said("user", "Hi"), said("assistant", "Yo"), said("assistant", "No")


def of(tmp_path: Path, record: dict[str, Any], reader: Any = preference.READER) -> Any:
    return read(reader, tmp_path, {"p.json": [record]})[0]


def turns(reading: Any) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = reading.batch.turns.select(
        "branch", "turn", "role", "text"
    ).rows()
    return rows


@pytest.mark.parametrize(
    "record",
    [
        {"prompt": "Hi", "chosen": "Yo", "rejected": "No"},
        {"prompt": [HI], "chosen": [YO], "rejected": [NO]},
        {"chosen": [HI, YO], "rejected": [HI, NO]},
        {"prompt": "Hi", "chosen": [HI, YO], "rejected": [HI, NO]},
        {"prompt": "Hi", "chosen": YO, "rejected": NO},
        {"question": "Hi", "chosen": "Yo", "rejected": "No"},
        {"instruction": "Hi", "input": "", "chosen": "Yo", "rejected": "No"},
        {
            "chosen": "\n\nHuman: Hi\n\nAssistant: Yo",
            "rejected": "\n\nHuman: Hi\n\nAssistant: No",
        },
    ],
)
def test_the_prompt_stands_once_and_both_answers_after_it(
    tmp_path: Path, record: dict[str, Any]
) -> None:
    assert turns(of(tmp_path, record)) == PAIR


def test_rows_of_a_table_are_pairs(tmp_path: Path) -> None:
    reading, _ = read(preference.READER, tmp_path, {"p.csv": "prompt,chosen,rejected\nHi,Yo,No\n"})
    assert turns(reading) == PAIR


def test_equal_answers_keep_one_message_each(tmp_path: Path) -> None:
    found = turns(of(tmp_path, {"chosen": [HI, YO], "rejected": [HI, YO]}))
    assert [branch for branch, *_ in found] == [None, "chosen", "rejected"]


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"chosen": "The sky is blue.", "rejected": "The sky is green."}, "no prompt stands"),
        ({"prompt": "Hi", "chosen": "Yo", "rejected": None}, "`rejected` is missing"),
        ({"prompt": "Hi", "chosen": "Yo", "rejected": []}, "one of the two answers is missing"),
        ({"prompt": "Other", "chosen": [HI, YO], "rejected": [HI, NO]}, "not those of `prompt`"),
    ],
)
def test_a_pair_that_is_none_is_unreadable(
    tmp_path: Path, record: dict[str, Any], why: str
) -> None:
    used, merged, excluded, reasons = books(of(tmp_path, record))
    assert (used, merged, excluded) == (0, 0, {})
    assert why in reasons[0]


def test_openai_pairs_are_read_as_they_are(tmp_path: Path) -> None:
    record = {"input": {"messages": [HI]}, "preferred_output": [YO], "non_preferred_output": [NO]}
    assert turns(of(tmp_path, record, openai_preference.READER)) == PAIR


@pytest.mark.parametrize("label", [True, "True", 1])
def test_a_good_answer_is_kept(tmp_path: Path, label: Any) -> None:
    good = {"prompt": "Hi", "completion": "Yo", "label": True}
    reading, _ = read(kto.READER, tmp_path, {"k.json": [good, {**good, "label": label}]})
    assert books(reading) == (2, 0, {}, [])


def test_a_bad_answer_is_left_out_and_an_unlabelled_one_unreadable(tmp_path: Path) -> None:
    good = {"prompt": "Hi", "completion": "Yo", "label": True}
    records = [good, {**good, "label": False}, {**good, "label": None}]
    reading, _ = read(kto.READER, tmp_path, {"k.json": records})
    why = "`label` is neither true nor false"
    assert books(reading) == (1, 0, {"labelled as a bad answer": 1}, [why])


def test_a_prompt_for_reinforcement_is_noted(tmp_path: Path) -> None:
    record = {"messages": [HI], "item": {"answer": 7}}
    reading = of(tmp_path, record, openai_reinforcement.READER)
    assert notes(reading) == ["a prompt for reinforcement, without an answer"]
    assert turns(reading) == [(None, 0, "user", "Hi")]


def test_a_chat_that_is_answered_is_no_prompt_for_reinforcement() -> None:
    head = json.dumps({"messages": [HI, YO], "item": {}}).encode()
    assert openai_reinforcement.READER.recognises(head, "a.jsonl") == 0
