"""Prompt and completion: who says what, in texts, transcripts and lists of messages."""

from pathlib import Path
from typing import Any

import pytest

from exports import books, read, said
from tunegate.readers.training.prompt_completion import READER

PAIR = [("user", "Where is it?"), ("assistant", "On its way.")]


def of(tmp_path: Path, *records: dict[str, Any]) -> Any:
    return read(READER, tmp_path, {"pairs.json": list(records)})[0]


@pytest.mark.parametrize("answer", ["completion", "response"])
def test_a_prompt_is_the_users_and_its_answer_the_assistants(tmp_path: Path, answer: str) -> None:
    reading = of(tmp_path, {"prompt": "Where is it?", answer: "On its way.", "id": 7})
    assert said(reading) == [PAIR]
    assert reading.batch.conversations["id"].to_list() == ["7"]


def test_rows_of_a_table_are_read(tmp_path: Path) -> None:
    table = 'prompt,completion\n"Where is it?",On its way.\n'
    assert said(read(READER, tmp_path, {"pairs.csv": table})[0]) == [PAIR]


def test_lists_of_messages_are_joined(tmp_path: Path) -> None:
    prompt = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}]
    reading = of(
        tmp_path, {"prompt": prompt, "completion": [{"role": "assistant", "content": "Yo"}]}
    )
    assert said(reading) == [[("system", "Be kind."), ("user", "Hi"), ("assistant", "Yo")]]


def test_the_lines_of_an_old_prompt_say_who_speaks(tmp_path: Path) -> None:
    prompt = "Be kind.\n\nHuman: Hi\n\nAssistant: Yo\n\nHuman: Where?\n\nAssistant:"
    assert said(of(tmp_path, {"prompt": prompt, "completion": " Here."})) == [
        [
            ("system", "Be kind."),
            ("user", "Hi"),
            ("assistant", "Yo"),
            ("user", "Where?"),
            ("assistant", " Here."),
        ]
    ]


def test_a_text_that_only_mentions_a_human_is_no_transcript(tmp_path: Path) -> None:
    reading = of(tmp_path, {"prompt": "Is it\n\nHuman: yes or no?", "completion": "Yes"})
    assert [role for role, _ in said(reading)[0]] == ["user", "assistant"]


def test_the_system_prompt_comes_first(tmp_path: Path) -> None:
    reading = of(tmp_path, {"prompt": "Hi", "completion": "Yo", "system": "Be kind."})
    assert said(reading)[0][0] == ("system", "Be kind.")


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"prompt": None, "completion": "a"}, "`prompt` is missing"),
        ({"prompt": "a"}, "`completion` is missing"),
        ({"prompt": "a", "completion": 7}, "`completion` is no text and no messages"),
        ({"prompt": ["a"], "completion": "b"}, "`prompt` is no text and no messages"),
        ({"prompt": "a", "completion": "b", "system": 7}, "`system` is not a text"),
        ({"prompt": "a", "completion": "b", "tools": "x"}, "`tools` is not a list of objects"),
    ],
)
def test_a_record_without_both_sides_is_unreadable(
    tmp_path: Path, record: dict[str, Any], why: str
) -> None:
    whole = {"prompt": "Hi", "completion": "Yo"}
    assert books(of(tmp_path, whole, record)) == (1, 0, {}, [why])


def test_an_answer_that_quotes_a_transcript_stays_whole(tmp_path: Path) -> None:
    answer = "Like this:\n\nHuman: Hi\n\nAssistant: Yo"
    reading = of(tmp_path, {"prompt": "How are old prompts written?", "completion": answer})
    assert said(reading)[0][1] == ("assistant", answer)
