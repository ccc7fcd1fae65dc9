from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunegate.checks.example_count import ExampleCount
from tunegate.checks.source_note import SourceNote
from tunegate.checks.trailing_turns import TrailingTurns
from tunegate.checks.untrainable import Untrainable
from tunegate.model import FINDINGS, SEGMENTS, Batch, frame, to_batch
from tunegate.readers.chat import batch_of_records

HI = {"role": "user", "content": "Hi"}
YO = {"role": "assistant", "content": "Yo."}
CALLED = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
CALL = {"role": "assistant", "content": None, "tool_calls": [CALLED]}
REPLY = {"role": "tool", "tool_call_id": "c1", "content": "42"}
PICTURE = {
    "role": "user",
    "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}],
}


def chat(*messages: object) -> Batch:
    return batch_of_records([{"messages": list(messages)}])


def talk(*turns: tuple[str, str]) -> Batch:
    return to_batch([turns])


def kinds(batch: Batch) -> list[tuple[str, int | None]]:
    return sorted(Untrainable().check(batch).select("kind", "turn").iter_rows(), key=str)


NOT_TRAINABLE: dict[str, tuple[Batch, list[tuple[str, int | None]]]] = {
    "no turns": (talk(), [("no-turns", None)]),
    "no messages": (batch_of_records([{"prompt": "a"}]), [("no-turns", None)]),
    "only a question": (
        talk(("user", "Hi")),
        [("no-assistant", None), ("not-ending-in-answer", None)],
    ),
    "only an answer": (talk(("assistant", "Yo.")), [("no-user", None)]),
    "empty answer": (
        talk(("user", "Hi"), ("assistant", "")),
        [("empty-answer", 1), ("no-assistant", None)],
    ),
    "one empty answer of two": (
        talk(("user", "Hi"), ("assistant", "Yo."), ("user", "?"), ("assistant", " \n\u200b")),
        [("empty-answer", 3)],
    ),
    "empty parts": (
        chat(HI, {"role": "assistant", "content": [{"type": "text", "text": " "}]}),
        [("empty-answer", 1), ("no-assistant", None)],
    ),
    "no calls": (
        chat(HI, {**CALL, "tool_calls": []}),
        [("empty-answer", 1), ("no-assistant", None)],
    ),
    "only placeholders": (
        talk(("user", "Hi"), ("assistant", "<EMAIL_1>, <PHONE_NUMBER_12>!")),
        [("nothing-left", None)],
    ),
    "placeholders in every answer": (
        talk(("user", "Hi"), ("assistant", "<IBAN_1>"), ("user", "?"), ("assistant", "...")),
        [("nothing-left", None)],
    ),
    "question at the end": (
        talk(("user", "Hi"), ("assistant", "Yo."), ("user", "?")),
        [("not-ending-in-answer", None)],
    ),
    "tool at the end": (chat(HI, CALL, REPLY), [("not-ending-in-answer", None)]),
    "picture at the end": (chat(HI, YO, PICTURE), [("not-ending-in-answer", None)]),
    "weights of 0": (
        chat(HI, {**YO, "weight": 0}, HI, {**YO, "weight": 0}),
        [("all-weights-zero", None)],
    ),
}


@pytest.mark.parametrize(("batch", "expected"), NOT_TRAINABLE.values(), ids=list(NOT_TRAINABLE))
def test_what_teaches_nothing_is_named(
    batch: Batch, expected: list[tuple[str, int | None]]
) -> None:
    assert kinds(batch) == expected


TRAINABLE: dict[str, Batch] = {
    "plain": talk(("user", "Hi"), ("assistant", "Yo.")),
    "call alone": chat(HI, CALL),
    "call without content": chat(HI, {"role": "assistant", "tool_calls": [CALLED]}),
    "call with empty content": chat(HI, {**CALL, "content": ""}),
    "older call": chat(HI, {"role": "assistant", "function_call": CALLED["function"]}),
    "call and answer": chat(HI, CALL, REPLY, YO),
    "call beside a placeholder": chat(HI, CALL, REPLY, {**YO, "content": "<EMAIL_1>"}),
    "picture": chat(PICTURE, YO),
    "refusal": chat(HI, {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]}),
    "words beside a placeholder": talk(("user", "Hi"), ("assistant", "Ask <EMAIL_1>")),
    "another answer has words": talk(
        ("user", "Hi"), ("assistant", "<EMAIL_1>"), ("user", "?"), ("assistant", "Ja")
    ),
    "emoji": talk(("user", "Hi"), ("assistant", "<EMAIL_1> 👍")),
    "number": talk(("user", "Hi"), ("assistant", "7")),
    "punctuation that nobody redacted": talk(("user", "Hi"), ("assistant", "…")),
    "angle brackets that are no placeholder": talk(("user", "Hi"), ("assistant", "<BR>")),
    "one weight of 1": chat(HI, {**YO, "weight": 0}, HI, {**YO, "weight": 1}),
    "no weight beside a 0": chat(HI, {**YO, "weight": 0}, HI, YO),
    "Arabic": talk(("user", "أين طردي؟"), ("assistant", "في الطريق.")),
}


@pytest.mark.parametrize("batch", TRAINABLE.values(), ids=list(TRAINABLE))
def test_what_teaches_something_passes(batch: Batch) -> None:
    assert kinds(batch) == []


def trailing(batch: Batch, check: TrailingTurns | None = None) -> list[int]:
    return (check or TrailingTurns()).check(batch)["turn"].to_list()


@pytest.mark.parametrize(
    ("batch", "turns"),
    [
        pytest.param(talk(("user", "a"), ("assistant", "b")), [], id="none"),
        pytest.param(talk(("user", "a"), ("user", "b")), [], id="no answer at all"),
        pytest.param(talk(("user", "a"), ("assistant", "b"), ("user", "c")), [2], id="one"),
        pytest.param(
            talk(("assistant", "a"), ("user", "b"), ("user", "c"), ("user", "d")),
            [1, 2, 3],
            id="three",
        ),
        pytest.param(chat(HI, YO, PICTURE), [2], id="a picture"),
        pytest.param(chat(HI, CALL, HI), [2], id="after a call"),
        pytest.param(chat(HI, CALL, REPLY), [], id="a tool"),
        pytest.param(chat(HI, CALL, REPLY, HI), [3], id="after a tool"),
        pytest.param(chat(HI, YO, HI, None), [], id="before a broken message"),
        pytest.param(talk(), [], id="nothing"),
    ],
)
def test_turns_after_the_last_answer_are_found(batch: Batch, turns: list[int]) -> None:
    assert trailing(batch) == turns


def test_other_roles_trail_when_they_are_named() -> None:
    batch = talk(("user", "a"), ("assistant", "b"), ("system", "c"), ("user", "d"))
    assert trailing(batch) == [3]
    assert trailing(batch, TrailingTurns(roles=("user", "system"))) == [2, 3]


def test_a_trailing_turn_is_a_whole_turn() -> None:
    found = TrailingTurns().check(talk(("assistant", "a"), ("user", "b")))
    assert found.select("branch", "part", "role", "start").row(0) == (None, None, "user", None)


ROLES = st.sampled_from(["user", "assistant", "system"])


@given(st.lists(st.lists(ROLES, max_size=6), max_size=4))
def test_a_trimmed_conversation_ends_in_an_answer_or_never_had_one(chats: list[list[str]]) -> None:
    batch = to_batch([[(role, "x") for role in chat] for chat in chats])
    found = TrailingTurns(roles=("user", "system")).check(batch)
    kept = batch.with_turns(batch.turns.join(found, on=["row", "turn"], how="anti"))
    assert TrailingTurns(roles=("user", "system")).check(kept).is_empty()
    ends = kept.turns.group_by("row").agg(
        ends=pl.col("role").last() == "assistant",
        answered=(pl.col("role") == "assistant").any(),
        gapless=pl.col("turn").max() + 1 == pl.len(),
    )
    assert ends.filter(pl.col("ends") != pl.col("answered")).is_empty()
    assert ends["gapless"].all()
    whole = [len(chat) for chat in chats if "assistant" not in chat]
    assert sum(whole) == kept.turns.join(ends.filter(~pl.col("answered")), on="row").height


@given(st.lists(st.lists(st.tuples(ROLES, st.sampled_from(["", "a", "<X_1>"])), max_size=4)))
def test_plain_and_shaped_chats_are_judged_alike(chats: list[list[tuple[str, str]]]) -> None:
    plain = to_batch(chats)
    skeletons = [
        '{"messages":['
        + ",".join(f'{{"role":"{role}","content":"","name":null}}' for role, _ in chat)
        + "]}"
        for chat in chats
    ]
    shaped = replace(
        plain,
        conversations=plain.conversations.with_columns(
            skeleton=pl.Series(skeletons, dtype=pl.String)
        ),
    )
    for check in (Untrainable(), TrailingTurns()):
        one, other = check.check(plain), check.check(shaped)
        assert one.sort(pl.all()).equals(other.sort(pl.all()))


@pytest.mark.parametrize(
    "check", [Untrainable(), TrailingTurns(), SourceNote(removed=("unreadable",))], ids=repr
)
def test_an_empty_batch_has_no_findings(check: Untrainable | TrailingTurns | SourceNote) -> None:
    found = check.check(to_batch([]))
    assert found.is_empty()
    assert found.schema == FINDINGS


def segment(row: int, removed: str | None, note: str | None = None) -> tuple[object, ...]:
    return (row, None, None, None, None, None, 0, 1, 0, 10, None, removed, note)


def test_each_message_that_could_not_be_read_is_one_finding() -> None:
    turns = [("user", "a"), ("assistant", "b")]
    batch = to_batch([turns, turns, turns])
    cut = [
        segment(0, None),
        segment(1, "unreadable"),
        segment(1, "unreadable"),
        segment(2, "quote"),
    ]
    found = SourceNote(removed=("unreadable",)).check(replace(batch, segments=frame(cut, SEGMENTS)))
    assert found["row"].to_list() == [1, 1]
    assert found["value"].null_count() == 2


def test_a_note_is_found_where_it_stands() -> None:
    batch = to_batch([[("user", "a"), ("assistant", "bc")]])
    kept = (0, None, 1, "/content", 1, 2, 0, 1, 0, 10, None, None, "third person")
    noted = replace(batch, segments=frame([kept, segment(0, "empty", "third person")], SEGMENTS))
    found = SourceNote(notes=("third person",)).check(noted)
    assert found.select("row", "turn", "part", "start", "end").rows() == [(0, 1, "/content", 1, 2)]


@dataclass(frozen=True)
class Parts:
    frames: tuple[pl.DataFrame, ...]

    def __iter__(self) -> Iterator[pl.DataFrame]:
        return iter(self.frames)


def written(*splits: str) -> Batch:
    batch = to_batch([[("user", "a"), ("assistant", "b")]] * len(splits))
    rows = {"row": range(len(splits)), "split": splits}
    return replace(batch, split=pl.DataFrame(rows, schema={"row": pl.Int64, "split": pl.String}))


def counted(check: ExampleCount, *batches: Batch) -> list[tuple[str, float, int | None]]:
    found = check.resolve(Parts(tuple(check.sketch(batch) for batch in batches)))
    return list(found.select("kind", "value", "row").iter_rows())


TRAIN, VALID = "train", "validation"
COUNTS = {
    "enough": ([written(*[TRAIN] * 3)], []),
    "too few": ([written(TRAIN, TRAIN)], [("train", 2.0, None)]),
    "enough over two parts": ([written(TRAIN, TRAIN), written(TRAIN)], []),
    "validation too short": (
        [written(*[TRAIN] * 3, VALID)],
        [("validation", 1.0, None)],
    ),
    "both too short": (
        [written(TRAIN, VALID)],
        [("train", 1.0, None), ("validation", 1.0, None)],
    ),
    "all for validation": ([written(*[VALID] * 3)], [("train", 0.0, None)]),
    "nothing but an empty part": ([written()], [("train", 0.0, None)]),
    "no part": ([], []),
    "not split yet": ([to_batch([[("user", "a")]])], [("train", 1.0, None)]),
}


@pytest.mark.parametrize(("batches", "expected"), COUNTS.values(), ids=list(COUNTS))
def test_files_below_the_minimum_are_counted(
    batches: list[Batch], expected: list[tuple[str, float, int | None]]
) -> None:
    check = ExampleCount(minimum=3, splits=(TRAIN, VALID))
    assert counted(check, *batches) == expected


def test_ten_examples_are_enough_unless_said_otherwise() -> None:
    assert counted(ExampleCount(), written(*[TRAIN] * 10)) == []
    assert counted(ExampleCount(), written(*[TRAIN] * 9)) == [("train", 9.0, None)]


def test_a_short_validation_file_is_accepted_unless_said_otherwise() -> None:
    assert counted(ExampleCount(minimum=3), written(*[TRAIN] * 3, VALID)) == []


def test_a_sketch_holds_no_text() -> None:
    sketch = ExampleCount().sketch(written(TRAIN, VALID))
    assert sketch.columns == ["row", "split"]
    assert sketch["split"].to_list() == [TRAIN, VALID]


def test_turn_numbers_are_those_of_the_conversation() -> None:
    batch = chat(CALL, REPLY, {"role": "assistant", "content": "\u3000"}, YO)
    found = Untrainable().check(batch).filter(pl.col("kind") == "empty-answer")
    assert found.select("turn", "role", "part").rows() == [(2, "assistant", None)]
