"""Spans become placeholders, nothing else changes, and every change stands in the ledger."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.model import FINDINGS, TURNS, Batch, findings, frame, to_batch
from tunegate.readers.chat import batch_of_records
from tunegate.redact import REDACTIONS, redact, trim
from tunegate.rules import Rule, parse_rule

LAW = settings(max_examples=60, deadline=None)

MAIL, CARD, KEY = "pii/mail", "pii/card", "secret/key"
PRIORITY = {MAIL: 0, CARD: 5, KEY: 5}
LABEL = {MAIL: "MAIL", CARD: "CARD", KEY: "KEY"}

Span = tuple[int, int, str]


def rule(rule_id: str, *, priority: int = 0, placeholder: str | None = None) -> Rule:
    text = (
        "summary: Something is found.\nwhy: For the test.\nseverity: low\naction: redact\n"
        f"check: pattern\nparams: {{pattern: x}}\npriority: {priority}\n"
    )
    return parse_rule(text + (f"placeholder: {placeholder}" if placeholder else ""), rule_id)


RULES = [rule(name, priority=priority) for name, priority in PRIORITY.items()]
PLACE = ("rule", "row", "branch", "turn", "part", "start", "end")


def spans(*rows: tuple[Any, ...]) -> pl.DataFrame:
    """Return findings from `PLACE` tuples."""
    schema = {name: FINDINGS[name] for name in PLACE}
    return findings(pl.DataFrame(rows, schema=schema, orient="row"))


def in_first(*marked: Span) -> pl.DataFrame:
    return spans(*((name, 0, None, 0, "/content", a, b) for a, b, name in marked))


def everywhere(batch: Batch, **values: str) -> pl.DataFrame:
    """Return a span for each place where one of these values stands, by rule."""
    rows = []
    for row, branch, turn, part, text in batch.turns.drop("role", "author").iter_rows():
        for name, value in values.items():
            at = text.find(value)
            while at >= 0:
                rows.append((f"pii/{name}", row, branch, turn, part, at, at + len(value)))
                at = text.find(value, at + 1)
    return spans(*rows)


def said(text: str) -> Batch:
    return to_batch([[("user", text)]])


def texts(batch: Batch) -> list[str]:
    return batch.turns["text"].to_list()


def arguments(text: str) -> Batch:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": text}}
    batch = batch_of_records([{"messages": [{"role": "assistant", "tool_calls": [call]}]}])
    # The reader decodes what escapes it can; here all stay, as some do.
    return batch.with_turns(batch.turns.with_columns(text=pl.lit(text)))


letters = st.text("ab@ 1é😀<>_\n", max_size=40)


@st.composite
def marked(draw: st.DrawFn) -> tuple[list[str], list[tuple[int, Span]]]:
    """Draw the texts of a conversation, and spans in them that may overlap."""
    turns = draw(st.lists(letters, min_size=1, max_size=3))
    found = []
    for turn, text in enumerate(turns):
        ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
        for a, b in draw(st.lists(ends, max_size=6)):
            found.append((turn, (min(a, b), max(a, b), draw(st.sampled_from(list(PRIORITY))))))
    return turns, found


@LAW
@given(marked())
def test_what_stands_outside_of_the_spans_is_unchanged_and_the_ledger_maps_back(
    drawn: tuple[list[str], list[tuple[int, Span]]],
) -> None:
    before, found = drawn
    batch = to_batch([[("user", text) for text in before]])
    rows = [(name, 0, None, turn, "/content", a, b) for turn, (a, b, name) in found]
    after, ledger = redact(batch, spans(*rows), RULES)
    assert ledger.schema == pl.Schema(REDACTIONS)
    assert set(ledger.select(PLACE).rows()) <= set(rows)
    for turn, text in enumerate(texts(after)):
        back, last = "", 0
        for line in ledger.filter(pl.col("turn") == turn).sort("start").iter_rows(named=True):
            assert text[line["new_start"] : line["new_end"]] == line["placeholder"]
            back += text[last : line["new_start"]] + before[turn][line["start"] : line["end"]]
            last = line["new_end"]
        assert back + text[last:] == before[turn]


@LAW
@given(marked())
def test_a_span_gives_way_only_to_one_that_wins_over_it(
    drawn: tuple[list[str], list[tuple[int, Span]]],
) -> None:
    before, found = drawn
    batch = to_batch([[("user", text) for text in before]])
    rows = [(name, 0, None, turn, "/content", a, b) for turn, (a, b, name) in found if a < b]
    _, ledger = redact(batch, spans(*rows), RULES)
    won = ledger.select(PLACE).rows()
    assert len(won) == len(set(won))
    for name, _, _, turn, _, a, b in set(rows) - set(won):
        strength = (PRIORITY[name], b - a)
        assert any(
            turn == other and start < b and a < end and (PRIORITY[winner], end - start) >= strength
            for winner, _, _, other, _, start, end in won
        )
    for name, _, _, turn, _, a, b in won:
        meeting = [line for line in won if line[3] == turn and line[5] < b and a < line[6]]
        assert meeting == [(name, 0, None, turn, "/content", a, b)]


@LAW
@given(st.lists(st.sampled_from(["ann@x.de", "Ann@X.de", "bob@x.de", "b.ob@x.de"]), max_size=9))
def test_equal_values_of_a_conversation_share_a_number_and_different_ones_do_not(
    values: list[str],
) -> None:
    batch = to_batch([[("user", value) for value in values]])
    rows = [(MAIL, 0, None, n, "/content", 0, len(value)) for n, value in enumerate(values)]
    after, _ = redact(batch, spans(*rows), RULES)
    people = [value.casefold() for value in values]
    order = list(dict.fromkeys(people))
    assert texts(after) == [f"<MAIL_{order.index(person) + 1}>" for person in people]


SPELLINGS: Mapping[str, tuple[str, str, bool]] = {
    "case": ("ANN@x.de", "ann@X.DE", True),
    "spacing": ("DE89 3704 0044", "de8937040044", True),
    "a telephone number": ("+49 (0)30/1234-567", "+490301234567", True),
    "a card": ("4111-1111-1111-1111", "4111 1111 1111 1111", True),
    "a dot in a name": ("an.n@x.de", "ann@x.de", False),
    "a hyphen in a name": ("an-n@x.de", "ann@x.de", False),
    "addresses of machines": ("1.11.1.1", "11.1.1.1", False),
    "long addresses of machines": ("111.22.33.44", "11.122.33.44", False),
    "days": ("1/12/1990", "11/2/1990", False),
    "nothing but signs": ("--", "---", False),
}


@pytest.mark.parametrize(("one", "other", "equal"), SPELLINGS.values(), ids=SPELLINGS)
def test_spellings_of_one_value_are_equal_and_other_values_are_not(
    one: str, other: str, equal: bool
) -> None:
    both = in_first((0, len(one), MAIL), (len(one) + 1, len(one) + 1 + len(other), MAIL))
    after, _ = redact(said(f"{one},{other}"), both, RULES)
    assert texts(after) == ["<MAIL_1>,<MAIL_1>" if equal else "<MAIL_1>,<MAIL_2>"]


def test_numbers_count_in_each_conversation_and_for_each_label_anew() -> None:
    batch = to_batch([[("user", "a b")], [("user", "b a")]])
    found = everywhere(batch, mail="a", card="b")
    after, _ = redact(batch, found, RULES)
    assert texts(after) == ["<MAIL_1> <CARD_1>", "<CARD_1> <MAIL_1>"]


def test_numbers_begin_above_those_that_the_text_already_has() -> None:
    batch = to_batch([[("user", "a"), ("assistant", "<MAIL_7> <CARD_2> <MAIL_x> MAIL_9 <mail_9>")]])
    after, _ = redact(batch, in_first((0, 1, MAIL)), RULES)
    assert texts(after)[0] == "<MAIL_8>"


def test_two_rules_of_one_placeholder_count_together() -> None:
    rules = [rule(MAIL, placeholder="VALUE"), rule(CARD, placeholder="VALUE")]
    after, _ = redact(said("a b a"), in_first((0, 1, MAIL), (2, 3, CARD), (4, 5, CARD)), rules)
    assert texts(after) == ["<VALUE_1> <VALUE_2> <VALUE_1>"]


OVERLAPS: Mapping[str, tuple[list[Span], str]] = {
    "priority": ([(0, 6, MAIL), (4, 8, CARD)], "abcd<CARD_1>ij"),
    "length": ([(0, 4, MAIL), (2, 8, MAIL)], "ab<MAIL_1>ij"),
    "the first of equals": ([(3, 6, MAIL), (1, 4, MAIL)], "a<MAIL_1>efghij"),
    "equal but for the rule": ([(0, 3, KEY), (0, 3, CARD)], "<CARD_1>defghij"),
    "one in another": ([(0, 9, MAIL), (3, 5, MAIL)], "<MAIL_1>j"),
    "a loser frees its place": (
        [(0, 5, MAIL), (4, 8, CARD), (0, 3, MAIL)],
        "<MAIL_1>d<CARD_1>ij",
    ),
    "touching": ([(0, 3, MAIL), (3, 6, CARD)], "<MAIL_1><CARD_1>ghij"),
    "twice the same": ([(0, 3, MAIL), (0, 3, MAIL)], "<MAIL_1>defghij"),
    "no width": ([(3, 3, MAIL)], "abcdefghij"),
}


@pytest.mark.parametrize(("found", "expected"), OVERLAPS.values(), ids=OVERLAPS)
def test_of_overlapping_spans_the_one_of_higher_priority_wins_then_the_longer(
    found: list[Span], expected: str
) -> None:
    after, ledger = redact(said("abcdefghij"), in_first(*found), RULES)
    assert texts(after) == [expected]
    assert ledger.height == expected.count("<")


def test_every_part_that_holds_text_is_redacted_and_only_the_named_rules_redact() -> None:
    record = {
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "I am ann"}], "name": "ann"},
            {
                "role": "assistant",
                "tool_calls": [
                    {
                        "id": "c1",
                        "type": "function",
                        "function": {"name": "f", "arguments": '{"who": "ann"}'},
                    }
                ],
            },
        ],
        "tools": [
            {"type": "function", "function": {"name": "f", "description": "asks ann for bob"}}
        ],
    }
    chat = batch_of_records([record])
    subject = frame([(0, None, None, "/subject", None, None, "ann again")], TURNS)
    batch = chat.with_turns(pl.concat([chat.turns, subject]))
    after, _ = redact(batch, everywhere(batch, mail="ann", other="bob"), RULES)
    assert texts(after) == [
        "I am <MAIL_1>",
        "<MAIL_1>",
        '{"who": "<MAIL_1>"}',
        "asks <MAIL_1> for bob",
        "<MAIL_1> again",
    ]
    assert after.turns.drop("text").equals(batch.turns.drop("text"))
    assert after.conversations.equals(batch.conversations)


def test_nothing_found_changes_nothing() -> None:
    batch = said("abc")
    dataset = findings(pl.DataFrame({"rule": [MAIL], "kind": ["short"]}))
    for found in (in_first(), in_first((0, 1, "pii/of-another-policy")), dataset):
        after, ledger = redact(batch, found, RULES)
        assert after.turns.equals(batch.turns)
        assert (ledger.schema, ledger.height) == (pl.Schema(REDACTIONS), 0)


ARGUMENTS: Mapping[str, tuple[str, str, str]] = {
    "a text": ('{"to": "ann@x.de"}', "ann@x.de", '{"to": "<MAIL_1>"}'),
    "after a line break": (r'{"t": "Hi\nann@x.de"}', "nann@x.de", r'{"t": "Hi<MAIL_1>"}'),
    "after an umlaut": (r'{"t": "J\u00fcrgen"}', "u00fcrgen", r'{"t": "J<MAIL_1>"}'),
    "before an escape": (r'{"t": "ann\u00e9 x"}', r"ann\u0", r'{"t": "<MAIL_1> x"}'),
    "after a backslash": (r'{"t": "c:\\ann"}', "ann", r'{"t": "c:\\<MAIL_1>"}'),
    "half a pair": (r'{"t": "\ud83d\ude00ann"}', "ude00ann", r'{"t": "\ud83d<MAIL_1>"}'),
    "a number": ('{"n": 4111, "m": 1}', "4111", '{"n": "<MAIL_1>", "m": 1}'),
    "two numbers": ("[41, 41, 4]", "41", '["<MAIL_1>", "<MAIL_1>", 4]'),
    "a number and its space": ('{"n": 4111}', " 4111", '{"n":"<MAIL_1>"}'),
    "a piece of a number": ("[-12.5e3]", "2.5", '["<MAIL_1>"]'),
    "no JSON": ('{"n": 4111', "4111", '{"n": <MAIL_1>'),
}


@pytest.mark.parametrize(("before", "value", "expected"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_the_arguments_of_a_call_stay_json(before: str, value: str, expected: str) -> None:
    batch = arguments(before)
    after, ledger = redact(batch, everywhere(batch, mail=value), RULES)
    assert texts(after) == [expected]
    for start, end in ledger.select("new_start", "new_end").iter_rows():
        assert expected[start:end] == "<MAIL_1>"


json_texts = st.recursive(
    st.integers()
    | st.booleans()
    | st.text('ab"\\é😀\n', max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("k:", max_size=2), inner),
    max_leaves=6,
)


@LAW
@given(json_texts, st.booleans(), st.data())
def test_a_span_within_one_value_never_breaks_the_json(
    value: Any, ascii_only: bool, data: st.DataObject
) -> None:
    text = json.dumps({"a": value}, ensure_ascii=ascii_only)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    batch = arguments(text)
    found = spans((MAIL, 0, None, 0, "/tool_calls/0/function/arguments", start, end))
    after, ledger = redact(batch, found, RULES)
    cut = text[ledger["start"][0] : ledger["end"][0]]
    if cut.strip() and not set(cut) & set('{}[]:,"'):
        json.loads(texts(after)[0])
    assert (ledger["start"][0], ledger["end"][0]) <= (start, len(text))


FULL = 60_000  # if all were compared with all, this would take minutes


def test_a_message_full_of_spans_is_redacted_in_linear_time() -> None:
    text = "".join(f"{n % 900:>5}" for n in range(FULL))
    rows = pl.DataFrame({"start": pl.Series(range(0, 5 * FULL, 5), dtype=pl.Int64)})
    # Each span overlaps the next, so that all of them hang together.
    chain = rows.with_columns(
        rule=pl.lit(MAIL), row=0, turn=0, part=pl.lit("/content"), end=pl.col("start") + 6
    )
    after, ledger = redact(said(text), findings(chain), RULES)
    assert ledger.height == FULL // 2
    assert len(texts(after)[0]) < len(text) * 2


def test_arguments_full_of_spans_and_escapes_are_redacted_in_linear_time() -> None:
    batch = arguments(json.dumps(["é" * FULL]))
    starts = pl.Series(range(7, 6 * FULL, 6), dtype=pl.Int64)
    found = pl.DataFrame({"start": starts}).with_columns(
        rule=pl.lit(MAIL),
        row=0,
        turn=0,
        part=pl.lit("/tool_calls/0/function/arguments"),
        end=pl.col("start") + 1,
    )
    after, ledger = redact(batch, findings(found), RULES)
    assert ledger.height == FULL - 1
    assert json.loads(texts(after)[0])[0] == "<MAIL_1>" * (FULL - 1) + "é"


HI = {"role": "user", "content": "hi"}
ANSWER = {"role": "assistant", "content": "yes"}
SILENT = {"role": "assistant", "content": None, "refusal": None}


def gone(*turns: tuple[int, int]) -> pl.DataFrame:
    schema = {"row": pl.Int64, "turn": pl.Int32}
    return findings(pl.DataFrame(turns, schema=schema, orient="row"))


def test_a_trimmed_turn_goes_and_the_rest_is_numbered_anew() -> None:
    chat = [("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d")]
    batch = to_batch([chat, chat, chat])
    after = trim(batch, gone((0, 0), (1, 1), (1, 3)))
    assert after.turns.select("row", "turn", "text").rows() == [
        *((0, n, text) for n, text in enumerate("bcd")),
        *((1, n, text) for n, text in enumerate("ac")),
        *((2, n, text) for n, text in enumerate("abcd")),
    ]
    assert after.turns.schema == pl.Schema(TURNS)
    assert after.conversations.equals(batch.conversations)


def test_a_finding_with_a_span_or_without_a_turn_trims_nothing() -> None:
    batch = said("abc")
    assert trim(batch, in_first((0, 1, MAIL))).turns.equals(batch.turns)
    assert trim(batch, findings(pl.DataFrame({"row": [0]}))).turns.equals(batch.turns)


def test_what_belongs_to_the_record_stays_when_turns_go() -> None:
    batch = said("abc")
    subject = frame([(0, None, None, "/subject", None, None, "help")], TURNS)
    after = trim(batch.with_turns(pl.concat([batch.turns, subject])), gone((0, 0)))
    assert after.turns.select("turn", "part", "text").rows() == [(None, "/subject", "help")]


messages = st.lists(st.sampled_from([HI, ANSWER, SILENT]), min_size=1, max_size=7)


@LAW
@given(messages, st.sets(st.integers(0, 6)), st.booleans())
def test_a_trimmed_record_is_the_record_without_these_messages(
    chat: Sequence[Mapping[str, Any]], lost: set[int], tools: bool
) -> None:
    def record(kept: Sequence[tuple[int, Mapping[str, Any]]]) -> dict[str, Any]:
        numbered = [{**m, "content": m["content"] and f"{m['content']} {n}"} for n, m in kept]
        return {"messages": numbered, **({"tools": []} if tools else {"weight": 1})}

    lost = {turn for turn in lost if turn < len(chat)}
    every = list(enumerate(chat))
    batch = batch_of_records([record(every), record(every)])
    expected = batch_of_records([record([(n, m) for n, m in every if n not in lost])])
    after = trim(batch, gone(*((0, turn) for turn in lost)))
    first = pl.col("row") == 0
    assert after.turns.filter(first).equals(expected.turns)
    trimmed, plain = (b.conversations["skeleton"][0] for b in (after, expected))
    assert json.loads(trimmed) == json.loads(plain)
    assert after.turns.filter(~first).equals(batch.turns.filter(~first))
