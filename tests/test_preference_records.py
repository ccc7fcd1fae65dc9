"""A preference record goes through the whole audit: both answers are judged and redacted."""

import copy
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import jsonl, written
from tunegate import audit
from tunegate.branches import message_at, placed
from tunegate.checks.malformed_chat import MalformedChat
from tunegate.checks.messages import messages
from tunegate.checks.trailing_turns import TrailingTurns
from tunegate.checks.untrainable import Untrainable
from tunegate.model import Batch, findings
from tunegate.readers.chat import batch_of_records
from tunegate.redact import trim
from tunegate.tokens import conversation_tokens
from tunegate.writers.chat import lines

Record = dict[str, Any]

FAULTS: tuple[Any, ...] = (
    "missing-messages",
    "malformed-message",
    "malformed-tools",
    "unanswered-tool-call",
    "malformed-tool-call",
    "unknown-key",
    "null-key",
)


def said(role: str, content: Any, **more: object) -> Record:
    return {"role": role, "content": content, **more}


HI, YO, NO = said("user", "hi"), said("assistant", "yo"), said("assistant", "no")
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": "b"}'}}
CALLED: Record = {"role": "assistant", "tool_calls": [CALL]}
TOOL = {"type": "function", "function": {"name": "f", "description": "does"}}
SCHEME = said("user", [{"type": "text", "text": "look"}])


def pair(
    chosen: Any = YO, rejected: Any = NO, *prompt: Record, more: Record | None = None, **inner: Any
) -> Record:
    return {
        "input": {"messages": list(prompt or [HI]), **inner},
        "preferred_output": chosen if isinstance(chosen, list) else [chosen],
        "non_preferred_output": rejected if isinstance(rejected, list) else [rejected],
        **(more or {}),
    }


def batch(*records: Record) -> Batch:
    return batch_of_records(copy.deepcopy(list(records)))


def back(of: Batch, **options: Any) -> list[Any]:
    return [None if line is None else json.loads(line) for _, line in lines(of, **options)]


def places(found: pl.DataFrame) -> list[tuple[Any, ...]]:
    return sorted(found.select("branch", "turn", "kind").rows(), key=str)


FULL = {
    "plain": pair(),
    "calls": pair(CALLED, NO, said("system", "be kind"), SCHEME, tools=[TOOL]),
    "parts": pair(said("assistant", [{"type": "text", "text": "yo"}])),
    "parallel": pair(parallel_tool_calls=False),
}


@pytest.mark.parametrize("record", FULL.values(), ids=list(FULL))
def test_what_is_read_is_written(record: Record) -> None:
    assert back(batch(record)) == [record]


def test_the_prompt_is_of_no_branch_and_both_answers_begin_alike() -> None:
    turns = batch(FULL["calls"]).turns
    assert turns.select("branch", "turn", "part").rows() == [
        (None, 0, "/content"),
        (None, 1, "/content/0/text"),
        (None, None, "/input/tools/0/function/description"),
        ("chosen", 2, "/tool_calls/0/function/arguments"),
        ("rejected", 2, "/content"),
    ]


def test_pairs_and_chats_stand_in_one_batch() -> None:
    mixed = batch({"messages": [HI, YO]}, pair(), {"messages": [HI, NO], "id": "x"})
    assert [record and set(record) for record in back(mixed)] == [
        {"messages"},
        {"input", "preferred_output", "non_preferred_output"},
        {"messages"},
    ]


def test_swapped_answers_have_another_key() -> None:
    assert batch(pair(YO, NO), pair(NO, YO)).conversations["key"].n_unique() == 2


def test_no_text_stays_in_the_skeleton() -> None:
    secret = pair(more={"note": "SECRET"}, model="SECRET")
    assert "SECRET" not in str(batch(secret).conversations["skeleton"][0])


def test_a_system_prompt_goes_into_the_input() -> None:
    (record,) = back(batch(pair()), system="be kind")
    assert record["input"]["messages"][0] == said("system", "be kind")


@pytest.mark.parametrize(
    "record",
    [
        {"input": {"messages": [HI]}, "preferred_output": [YO]},
        {"input": {"messages": []}, "preferred_output": [YO], "non_preferred_output": [NO]},
        {"preferred_output": [YO], "non_preferred_output": [NO]},
        pair([], NO),
        pair(said("judge", "yo")),
    ],
)
def test_a_pair_that_is_none_is_not_written(record: Record) -> None:
    assert back(batch(record)) == [None]


@pytest.mark.parametrize(
    ("record", "fault", "found"),
    [
        (pair(), "missing-messages", []),
        ({"preferred_output": [YO]}, "missing-messages", ["not-an-object", "missing"]),
        (pair([], NO), "missing-messages", ["empty"]),
        (pair([YO, YO]), "malformed-message", ["several-answers"]),
        (pair(said("user", "yo")), "malformed-message", ["not-assistant"]),
        (pair(NO, YO, temperature=1), "unknown-key", ["request-parameter"]),
        (pair(more={"score": 1}), "unknown-key", ["unknown"]),
        (pair(tools=7), "malformed-tools", ["not-a-list"]),
        (pair(CALLED), "unanswered-tool-call", []),
        (pair(YO, NO, HI, CALLED), "unanswered-tool-call", ["unanswered"]),
    ],
)
def test_faults_of_pairs_are_found(record: Record, fault: Any, found: list[str]) -> None:
    assert sorted(MalformedChat(fault).check(batch(record))["kind"]) == sorted(found)


def test_a_fault_names_its_branch() -> None:
    broken = MalformedChat("unknown-key").check(batch(pair(YO, said("assistant", "no", mood="x"))))
    assert broken.select("branch", "turn", "role").rows() == [("rejected", 1, "assistant")]


def test_fixes_reach_into_every_branch() -> None:
    record = pair(
        YO,
        said("assistant", "no", mood="x", name=None),
        said("developer", "a"),
        HI,
        more={"s": "y"},
    )
    fixed = batch(record)
    for fault in ("unknown-key", "null-key", "developer-role"):
        check = MalformedChat(fault)
        fixed = check.fix(fixed, check.check(fixed))
        assert check.check(fixed).is_empty()
    assert back(fixed) == [pair(YO, NO, said("system", "a"), HI)]


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (pair(), []),
        (pair(CALLED, NO), []),
        (
            pair(YO, said("assistant", " ")),
            [("rejected", 1, "empty-answer"), ("rejected", None, "no-assistant")],
        ),
        (pair(said("assistant", "<EMAIL_1>")), [("chosen", None, "nothing-left")]),
        (pair(YO, YO), [(None, None, "equal-answers")]),
        (pair(YO, NO, YO), [("chosen", None, "no-user"), ("rejected", None, "no-user")]),
    ],
)
def test_either_answer_must_teach(record: Record, found: list[tuple[Any, ...]]) -> None:
    assert places(Untrainable().check(batch(record))) == sorted(found, key=str)


def test_an_earlier_answer_does_not_stand_in_for_an_empty_one() -> None:
    record = pair(said("assistant", "<EMAIL_1>"), NO, HI, YO, HI)
    assert places(Untrainable().check(batch(record))) == [("chosen", None, "nothing-left")]


def test_a_prompt_is_no_trailing_turn_but_a_question_after_an_answer_is() -> None:
    found = TrailingTurns().check(batch(pair([YO, HI], NO, HI, YO, HI)))
    assert found.select("branch", "turn").rows() == [("chosen", 4)]


def test_a_turn_cut_from_the_prompt_moves_both_answers() -> None:
    of = batch(pair(YO, NO, said("assistant", "welcome"), HI))
    gone = findings(pl.DataFrame({"row": [0], "turn": [0]}))
    trimmed = trim(of, gone)
    assert back(trimmed) == [pair()]
    assert trimmed.turns.select("branch", "turn").rows() == [
        (None, 0),
        ("chosen", 1),
        ("rejected", 1),
    ]


def test_a_turn_cut_from_one_answer_leaves_the_other() -> None:
    gone = findings(pl.DataFrame({"row": [0], "branch": ["chosen"], "turn": [2]}))
    assert back(trim(batch(pair([YO, HI], [NO, HI])), gone)) == [pair(YO, [NO, HI])]


def test_a_pair_is_as_long_as_its_longer_answer_and_its_tools() -> None:
    counted = [
        conversation_tokens(of.turns, "o200k_base", conversations=of.conversations)["tokens"][0]
        for of in map(batch, (pair(), pair(said("assistant", "yo " * 50)), pair(tools=[TOOL])))
    ]
    assert counted[0] < counted[1]
    assert counted[0] < counted[2]


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.text("ab ", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["role", "content", "messages", "tools", "x"]), inner)
    ),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional={key: ODD for key in pair()}))
@settings(max_examples=150, deadline=None)
def test_no_record_breaks_a_check_or_the_writer(record: Record) -> None:
    of = batch(record)
    messages(of)
    for fault in FAULTS:
        check = MalformedChat(fault)
        check.fix(of, check.check(of))
    Untrainable().check(of)
    found = TrailingTurns().check(of)
    (line,) = back(trim(of, found))
    assert line is None or list(placed(line))
    for branch, turn, message in placed(record):
        assert message_at(record, branch, turn) is message


def order(number: int) -> Record:
    words = [" ".join(f"word{number}{side}{n}" for n in range(9)) for side in "pcr"]
    mail = f"jo{number}@shop.example"
    return {
        "prompt": f"Where is order {number}? {words[0]} {mail}",
        "chosen": f"It left today. {words[1]} {mail}",
        "rejected": f"No idea. {words[2]} kim{number}@shop.example",
    }


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("pairs")
    equal = {"prompt": "Anything else to say?", "chosen": "Nothing.", "rejected": "Nothing."}
    lost = {"prompt": None, "chosen": "a", "rejected": "b"}
    path = jsonl(folder / "pairs.jsonl", *map(order, range(12)), equal, lost)
    return audit([path], out=folder / "run")


def test_pairs_are_written_as_openai_takes_them(run: Any) -> None:
    records = written(run.folder)
    assert len(records) == 12
    assert {tuple(record) for record in records} == {
        ("input", "preferred_output", "non_preferred_output")
    }


def test_a_value_has_one_placeholder_in_prompt_and_answers(run: Any) -> None:
    text = json.dumps(written(run.folder))
    assert "@shop.example" not in text
    first = written(run.folder)[0]
    assert "<EMAIL_1>" in first["input"]["messages"][0]["content"]
    assert "<EMAIL_1>" in first["preferred_output"][0]["content"]
    assert "<EMAIL_2>" in first["non_preferred_output"][0]["content"]


def test_what_teaches_nothing_is_dropped_and_what_is_no_pair_is_counted(run: Any) -> None:
    counts = json.loads((Path(run.folder) / "run.json").read_text())["counts"]
    assert counts["records"] == {
        "total": 14,
        "used": 13,
        "merged": 0,
        "excluded": 0,
        "unreadable": 1,
    }
    assert counts["conversations"]["dropped"] == 1


def test_the_written_file_is_read_and_judged_again(run: Any, tmp_path: Path) -> None:
    found = pl.read_parquet(Path(run.folder) / "findings.parquet")
    assert found.filter(pl.col("on") == "written").is_empty()
    assert found.filter(pl.col("on") == "source")["branch"].unique().sort().to_list() == [
        None,
        "chosen",
        "rejected",
    ]
    again = audit([Path(run.folder) / "train.jsonl"], out=tmp_path / "again")
    lines_of = [
        len((Path(r.folder) / "train.jsonl").read_bytes().splitlines()) for r in (run, again)
    ]
    assert lines_of[0] >= lines_of[1] > 0
