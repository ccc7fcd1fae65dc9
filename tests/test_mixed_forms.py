"""A written file is of chats or of preference pairs, never of both."""

from pathlib import Path
from typing import Any

import pytest

from support import jsonl
from tunegate import audit
from tunegate.checks.mixed_forms import MixedForms
from tunegate.readers.chat import batch_of_records

CHAT = {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}
PAIR = {
    "input": {"messages": [{"role": "user", "content": "q"}]},
    "preferred_output": [{"role": "assistant", "content": "good"}],
    "non_preferred_output": [{"role": "assistant", "content": "bad"}],
}


@pytest.mark.parametrize(
    ("records", "found"),
    [([CHAT, CHAT], []), ([PAIR], []), ([CHAT, PAIR, CHAT], [("train", 1.0)]), ([], [])],
)
def test_both_forms_in_one_file_are_found(records: list[Any], found: list[Any]) -> None:
    check = MixedForms()
    sketched = [
        check.sketch(batch_of_records([record], first=n)) for n, record in enumerate(records)
    ]
    assert check.resolve(sketched).select("kind", "value").rows() == found


def test_a_run_that_writes_both_does_not_pass(tmp_path: Path) -> None:
    def sharegpt(n: int) -> dict[str, Any]:
        turns = [{"from": "human", "value": f"question {n}"}]
        if n % 3:
            return {"conversations": [*turns, {"from": "gpt", "value": f"answer {n}"}]}
        chosen, rejected = ({"from": "gpt", "value": f"{word} {n}"} for word in ("good", "bad"))
        return {"conversations": turns, "chosen": chosen, "rejected": rejected}

    run = audit(jsonl(tmp_path / "s.jsonl", *map(sharegpt, range(60))))
    assert run.verdict == "closed"
    assert "format/mixed-forms" in [reason["rule"] for reason in run.judgement["reasons"]]
