"""What readers note is told by rules, all of it, and each note by one."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support import jsonl
from tunegate import audit
from tunegate.readers.merge import NOTES
from tunegate.rules import load_rules


@pytest.mark.parametrize(
    ("mark", "held"),
    [
        ({"internal": True}, True),
        ({"private": True}, True),
        ({"public": False}, True),
        ({"type": "note"}, True),
        ({"is_draft": 1}, True),
        ({"internal": False}, False),
        ({"public": True}, False),
        ({"type": "reply"}, False),
        ({"weight": 1}, False),
        ({}, False),
    ],
)
def test_a_chat_message_that_is_marked_as_hidden_holds_its_conversation(
    mark: dict[str, Any], held: bool, tmp_path: Path
) -> None:
    said = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "x", **mark}]
    run = audit(jsonl(tmp_path / "c.jsonl", {"messages": said}))
    told = ["source/hidden-message"] if held else []
    rules = [rule for rule in run.decisions["because"][0] if rule.startswith("source/")]
    assert rules == told


def test_every_note_has_one_rule() -> None:
    params = [rule.file.params for rule in load_rules() if rule.file.check == "source-note"]
    told = Counter(note for held in params for note in held.get("notes", ()))
    assert set(told) == NOTES
    assert set(told.values()) == {1}
