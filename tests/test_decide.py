"""Every conversation gets one disposition, and of repeats all but one go, and nothing else."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.decide import decide, duplicate_findings, first_removed_by, survivors
from tunegate.model import FINDINGS, PAIRS, findings
from tunegate.rules import Action, Rule, parse_rule

LAW = settings(max_examples=60, deadline=None)

RULED = {**PAIRS, "rule": pl.String()}
EXACT, NEAR = "duplicate/exact-copy", "duplicate/near-duplicate"
FOUND_BY = {"exact": EXACT, "same-set": NEAR, "near": NEAR}

Pair = tuple[int, int, float, str]


def rule(rule_id: str, action: str) -> Rule:
    text = (
        "summary: Something is found.\nwhy: For the test.\nseverity: medium\n"
        f"action: {action}\ncheck: pattern\nparams: {{pattern: x}}"
    )
    return parse_rule(text, rule_id)


RULES = [
    rule(EXACT, "drop"),
    rule(NEAR, "drop"),
    *(rule(f"quality/{action}", action) for action in Action),
]


def heads(count: int, **columns: Sequence[object]) -> pl.DataFrame:
    """Return conversations from row 0, a later row being a later one."""
    times = [datetime(2026, 1, 1, 0, n // 60 % 60, n % 60, tzinfo=UTC) for n in range(count)]
    given = {
        "row": list(range(count)),
        "key": [f"{n:08}" for n in range(count)],
        "created_at": times,
    }
    schema = {"row": pl.Int64(), "key": pl.String(), "created_at": pl.Datetime("us", "UTC")}
    return pl.DataFrame({**given, **columns}, schema=schema)


def ruled(*pairs: Pair, **rules: str) -> pl.DataFrame:
    """Return pairs with the rule that finds such a stage."""
    named = {**FOUND_BY, **rules}
    rows = [(min(a, b), max(a, b), s, stage, named[stage]) for a, b, s, stage in pairs]
    return pl.DataFrame(rows, schema=RULED, orient="row")


def exact(a: int, b: int) -> Pair:
    return a, b, 1.0, "exact"


def near(a: int, b: int, similarity: float = 0.8) -> Pair:
    return a, b, similarity, "near"


def found(
    *rows: tuple[int | None, str], start: int | None = 0, turn: int | None = 0
) -> pl.DataFrame:
    """Return findings; by default each has a place that can be redacted."""
    where = [
        (f"quality/{name}", row, None if name == "trim" else start, turn) for row, name in rows
    ]
    schema = {name: FINDINGS[name] for name in ("rule", "row", "start", "turn")}
    return findings(pl.DataFrame(where, schema=schema, orient="row"))


def held(*rows: tuple[int, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"row": pl.Int64, "rule": pl.String}, orient="row")


def kept(decided: pl.DataFrame) -> list[int]:
    return decided.filter(pl.col("disposition") == "keep")["row"].to_list()


def removed(pairs: pl.DataFrame, conversations: pl.DataFrame) -> dict[int, tuple[int, str]]:
    rows = survivors(pairs, conversations).select("row", "related", "stage").iter_rows()
    return {row: (related, stage) for row, related, stage in rows}


SIZE = 9
names = st.sampled_from([str(action) for action in Action])
spoken = st.lists(st.tuples(st.integers(0, SIZE - 1), names), max_size=12)
edges = st.lists(
    st.tuples(
        st.integers(0, SIZE - 1),
        st.integers(0, SIZE - 1),
        st.sampled_from([0.7, 0.8, 0.9]),
        st.sampled_from(["exact", "same-set", "near"]),
    ).filter(lambda pair: pair[0] != pair[1]),
    max_size=14,
)
ORDER = ["keep", "review", "drop"]


@LAW
@given(spoken, edges, st.sets(st.integers(0, SIZE - 1), max_size=2))
def test_every_conversation_has_one_disposition_the_harshest_that_was_called_for(
    said: list[tuple[int, str]], pairs: list[Pair], unseen: set[int]
) -> None:
    decided = decide(
        heads(SIZE), found(*said), ruled(*pairs), RULES, held(*((n, "pii/x") for n in unseen))
    )
    assert decided["row"].to_list() == list(range(SIZE))
    assert set(decided["disposition"]) <= set(ORDER)
    for row, disposition, edits, because in decided.iter_rows():
        mine = {name for place, name in said if place == row}
        calls = ["review"] if row in unseen else []
        calls += [name if name in ORDER else "keep" for name in mine]
        calls += ["drop"] if EXACT in because or NEAR in because else []
        assert disposition == max(calls, key=ORDER.index, default="keep")
        assert edits == sorted(mine & {"fix", "redact", "trim"})
        spoke = {f"quality/{name}" for name in mine} | ({"pii/x"} if row in unseen else set())
        assert set(because) - {EXACT, NEAR} == spoke
        assert because == sorted(set(because))


def test_conversations_that_a_failed_check_did_not_see_are_held() -> None:
    decided = decide(heads(3), found(), ruled(), RULES, held((1, "pii/x"), (1, "pii/y")))
    assert decided.row(1) == (1, "review", [], ["pii/x", "pii/y"])
    assert kept(decided) == [0, 2]


@pytest.mark.parametrize("name", ["redact", "trim"])
def test_an_edit_that_has_no_place_is_a_review(name: str) -> None:
    here, nowhere = (0, name), (1, name)
    both = pl.concat([found(here), found(nowhere, start=None, turn=None)])
    decided = decide(heads(2), both, ruled(), RULES, held())
    assert decided.row(0) == (0, "keep", [name], [f"quality/{name}"])
    assert decided.row(1) == (1, "review", [], [f"quality/{name}"])


def test_a_finding_about_no_conversation_decides_none() -> None:
    decided = decide(heads(2), found((None, "drop")), ruled(), RULES, held())
    assert kept(decided) == [0, 1]


def test_the_earliest_of_copies_is_kept() -> None:
    later = heads(3, created_at=[datetime(2026, 1, 3 - n, tzinfo=UTC) for n in range(3)])
    assert removed(ruled(exact(0, 1), exact(0, 2)), later) == {0: (2, "exact"), 1: (2, "exact")}


def test_a_copy_without_a_time_is_no_earlier_than_one_with() -> None:
    times = [None, datetime(2026, 1, 1, tzinfo=UTC)]
    assert removed(ruled(exact(0, 1)), heads(2, created_at=times)) == {0: (1, "exact")}


def test_among_copies_of_one_time_the_key_decides() -> None:
    same = heads(3, created_at=[None] * 3, key=["c", "a", "b"])
    assert removed(ruled(exact(0, 1), exact(1, 2)), same) == {0: (1, "exact"), 2: (1, "exact")}


def test_when_the_first_copy_is_dropped_for_another_reason_one_of_the_rest_stays() -> None:
    pairs = ruled(exact(0, 1), exact(0, 2), exact(0, 3))
    decided = decide(heads(4), found((0, "drop")), pairs, RULES, held())
    assert kept(decided) == [1]
    assert decided["because"].to_list() == [["quality/drop"], [], [EXACT], [EXACT]]


def test_a_dropped_copy_still_ties_the_others_to_what_is_near_it() -> None:
    # Only one of the copies 0 and 1 was compared with 2.
    decided = decide(heads(3), found((0, "drop")), ruled(exact(0, 1), near(0, 2)), RULES, held())
    assert kept(decided) == [1]


def test_the_ends_of_a_chain_that_are_not_alike_are_both_kept() -> None:
    assert removed(ruled(near(0, 1), near(1, 2)), heads(3)) == {1: (0, "near")}


def test_a_chain_of_hundreds_is_not_swallowed() -> None:
    # An open corpus once lost all but 2 of 859,092 records to chains of near duplicates.
    count = 600
    chain = [near(n, n + 1) for n in range(count - 1)]
    Random(1).shuffle(chain)
    gone = removed(ruled(*chain), heads(count))
    assert sorted(gone) == list(range(1, count, 2))


def test_a_hub_takes_its_spokes_but_no_further() -> None:
    spokes = [near(0, n) for n in range(1, 5)] + [near(n, n + 4) for n in range(1, 5)]
    assert sorted(removed(ruled(*spokes), heads(9))) == [1, 2, 3, 4]


def test_copies_of_a_near_duplicate_go_with_it() -> None:
    pairs = ruled(near(0, 1), exact(1, 2), (1, 3, 1.0, "same-set"))
    assert removed(pairs, heads(4)) == {n: (0, "near") for n in (1, 2, 3)}


def test_of_several_kept_ones_the_most_similar_is_named() -> None:
    repeats = survivors(ruled(near(0, 2, 0.7), near(1, 2, 0.9)), heads(3))
    assert repeats.row(0) == (2, 1, NEAR, "near", 0.9)


@LAW
@given(edges, st.randoms())
def test_neither_the_order_of_pairs_nor_the_numbers_of_rows_change_who_is_kept(
    pairs: list[Pair], random: Random
) -> None:
    conversations = heads(SIZE, created_at=[datetime(2026, 1, 1 + n // 4) for n in range(SIZE)])
    moved = random.sample(range(SIZE), SIZE)
    shuffled = random.sample(pairs, len(pairs))
    renamed = conversations.with_columns(row=pl.Series(moved)).sort("row")
    again = survivors(ruled(*((moved[a], moved[b], s, k) for a, b, s, k in shuffled)), renamed)
    back = {new: old for old, new in enumerate(moved)}
    told = again.with_columns(pl.col("row", "related").replace_strict(back)).sort("row")
    assert told.rows() == survivors(ruled(*pairs), conversations).rows()


@LAW
@given(edges, st.sets(st.integers(0, SIZE - 1)))
def test_each_repeat_is_tied_to_a_kept_one_and_no_two_kept_ones_are_tied(
    pairs: list[Pair], dead: set[int]
) -> None:
    alive = pl.Series([n for n in range(SIZE) if n not in dead], dtype=pl.Int64)
    gone = survivors(ruled(*pairs), heads(SIZE), alive)
    says = {n: {n} for n in range(SIZE)}
    for a, b, _, stage in pairs:
        if stage != "near":
            says[a] |= says[b]
            for n in says[a]:
                says[n] = says[a]
    tied = {(x, y) for a, b, _, _ in pairs for x in says[a] for y in says[b]}
    tied |= {(y, x) for x, y in tied} | {(x, y) for x in says for y in says[x]}
    staying = set(alive) - set(gone["row"])
    assert not [(x, y) for x in staying for y in staying if x < y and (x, y) in tied]
    for row, related in gone.select("row", "related").iter_rows():
        assert related in staying
        assert (row, related) in tied
        assert row not in dead


ACTIONS: Mapping[str, tuple[str, str, list[str]]] = {
    # 1 is a copy of 0; 2 is near 0; 3 is a copy of 2
    "drop, drop": ("drop", "drop", ["keep", "drop", "drop", "drop"]),
    "drop, keep": ("drop", "keep", ["keep", "drop", "keep", "drop"]),
    "keep, drop": ("keep", "drop", ["keep", "keep", "drop", "drop"]),
    "drop, review": ("drop", "review", ["keep", "drop", "review", "drop"]),
    "review, drop": ("review", "drop", ["keep", "review", "drop", "drop"]),
    "keep, keep": ("keep", "keep", ["keep"] * 4),
}


@pytest.mark.parametrize(("copies", "alike", "expected"), ACTIONS.values(), ids=ACTIONS)
def test_each_duplicate_rule_does_its_own_action_and_the_harshest_wins(
    copies: str, alike: str, expected: list[str]
) -> None:
    rules = [rule(EXACT, copies), rule(NEAR, alike)]
    pairs = ruled(exact(0, 1), near(0, 2), exact(2, 3))
    decided = decide(heads(4), found(), pairs, rules, held())
    assert decided["disposition"].to_list() == expected
    assert [len(because) > 0 for because in decided["because"]] == [False, True, True, True]


@LAW
@given(st.randoms())
def test_of_two_rules_that_find_one_pair_the_harsher_decides(random: Random) -> None:
    rules = [rule("duplicate/a", "review"), rule("duplicate/b", "drop")]
    pairs = pl.concat([ruled(near(0, 1), near=r.id) for r in random.sample(rules, 2)])
    decided = decide(heads(2), found(), pairs, rules, held())
    assert decided["disposition"].to_list() == ["keep", "drop"]
    assert survivors(pairs, heads(2))["rule"].to_list() == ["duplicate/a"]


def test_duplicates_are_found_whatever_else_is_decided() -> None:
    told = duplicate_findings(ruled(exact(0, 1), near(0, 2, 0.75)), heads(3), RULES)
    assert told.select("row", "related", "rule", "kind", "value", "on").rows() == [
        (1, 0, EXACT, "exact", 1.0, "source"),
        (2, 0, NEAR, "near", 0.75, "source"),
    ]
    assert duplicate_findings(ruled(), heads(3), RULES).schema == pl.Schema(FINDINGS)


def test_what_removed_conversations_is_counted_first_and_in_all() -> None:
    said = found((0, "drop"), (0, "review"), (1, "review"), (2, "redact"))
    decided = decide(heads(4), said, ruled(exact(2, 3)), RULES, held())
    assert first_removed_by(decided, RULES) == [
        {"rule": EXACT, "first": 1, "any": 1},
        {"rule": "quality/drop", "first": 1, "any": 1},
        {"rule": "quality/review", "first": 1, "any": 2},
    ]


def test_a_rule_that_failed_removed_what_it_did_not_see_whatever_its_action() -> None:
    decided = decide(heads(2), found(), ruled(), RULES, held((1, "quality/redact")))
    assert first_removed_by(decided, RULES) == [{"rule": "quality/redact", "first": 1, "any": 1}]
