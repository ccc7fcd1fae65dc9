"""What is related stays on one side of the split, and the proof counts whatever does not."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.checks.group_split import GroupSplit
from tunegate.components import components
from tunegate.model import CONVERSATIONS, PAIRS, TURNS, Batch, empty, frame
from tunegate.split import Proof, clusters, prove

LAW = settings(max_examples=60, deadline=None)

Edge = tuple[int, int]


def pairs(edges: Sequence[Edge]) -> pl.DataFrame:
    return frame([(min(a, b), max(a, b), 1.0, "exact") for a, b in edges], PAIRS)


def tickets(*groups: str | None, first: int = 0) -> Batch:
    """Return conversations of these customers, without a word."""
    rows: list[tuple[Any, ...]] = [
        (first + n, f"key-{first + n}", None, group, None, None, None, [], None)
        for n, group in enumerate(groups)
    ]
    return Batch(frame(rows, CONVERSATIONS), empty(TURNS), empty({}))


def sides(
    *batches: Batch, bound: Sequence[Edge] = (), validation: float = 0.5, seed: str = "s"
) -> dict[int, str]:
    """Return row → side."""
    check = GroupSplit(validation, seed)
    everyone = pl.concat([batch.conversations for batch in batches])
    sketches = [check.sketch(batch) for batch in batches]
    assigned = check.assign(sketches, clusters(everyone, pairs(bound)))
    return dict(assigned.select("row", "split").iter_rows())


def naive(nodes: Sequence[int], edges: Sequence[Edge]) -> list[int]:
    """Return the smallest node that each is connected to, the slow way."""
    joined = {node: {node} for node in nodes}
    for a, b in edges:
        both = joined[a] | joined[b]
        for node in both:
            joined[node] = both
    return [min(joined[node]) for node in nodes]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[int], list[Edge]]:
    nodes = sorted(draw(st.sets(st.integers(-5, 2**62), min_size=1, max_size=20)))
    ends = st.sampled_from(nodes)
    return nodes, draw(st.lists(st.tuples(ends, ends), max_size=25))


@LAW
@given(graphs(), st.randoms())
def test_components_are_those_of_a_slow_union_whatever_the_order_of_edges(
    graph: tuple[list[int], list[Edge]], random: Random
) -> None:
    nodes, edges = graph
    for drawn in (edges, random.sample(edges, len(edges)), [(b, a) for a, b in edges]):
        left, right = np.array(drawn, dtype=np.int64).reshape(-1, 2).T
        found = components(np.array(nodes), left, right)
        assert found.tolist() == naive(nodes, edges)


@pytest.mark.parametrize("shape", ["ascending", "descending", "shuffled", "zigzag"])
def test_a_chain_of_hundreds_of_thousands_is_one_component(shape: str) -> None:
    count = 300_000  # a round a link would take days
    order = np.arange(count)
    if shape == "descending":
        order = order[::-1]
    elif shape == "shuffled":
        order = np.random.default_rng(1).permutation(count)
    elif shape == "zigzag":
        order = np.stack([order[: count // 2], order[: count // 2 - 1 : -1]], axis=1).ravel()
    assert not components(np.arange(count), order[:-1], order[1:]).any()


def test_nothing_has_no_components() -> None:
    nothing = np.array([], dtype=np.int64)
    assert components(nothing, nothing, nothing).size == 0
    assert components(np.array([7]), nothing, nothing).tolist() == [7]


def test_a_cluster_is_bound_by_a_chain_of_pairs_and_named_by_its_smallest_row() -> None:
    heads = pl.DataFrame({"row": [30, 10, 20, 40, 50]})
    bound = clusters(heads, pairs([(20, 30), (30, 40)]))
    assert bound.rows() == [(10, 10), (20, 20), (30, 20), (40, 20), (50, 50)]


names = st.one_of(st.none(), st.sampled_from([f"customer {n}" for n in range(6)]), st.just(""))
SIZE = 14
links = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=8)
seeds = st.text("seed", max_size=3)


@LAW
@given(st.lists(names, min_size=SIZE, max_size=SIZE), links, seeds, st.floats(0, 0.99))
def test_no_group_is_cut_in_two_and_no_duplicates_are_parted(
    groups: list[str | None], bound: list[Edge], seed: str, validation: float
) -> None:
    where = sides(tickets(*groups), bound=bound, seed=seed, validation=validation)
    assert sorted(where) == list(range(SIZE))
    for group in set(groups) - {None}:
        assert len({where[n] for n in range(SIZE) if groups[n] == group}) == 1
    for a, b in bound:
        assert where[a] == where[b]


@LAW
@given(st.lists(names, min_size=SIZE, max_size=SIZE), links, st.integers(0, SIZE))
def test_how_the_input_is_cut_moves_nobody(
    groups: list[str | None], bound: list[Edge], cut: int
) -> None:
    whole = tickets(*groups)
    parts = [tickets(*groups[:cut]), tickets(*groups[cut:], first=cut)]
    assert sides(*parts, bound=bound) == sides(whole, bound=bound)
    assert sides(*parts[::-1], bound=bound) == sides(whole, bound=bound)


@LAW
@given(st.lists(names, max_size=12), st.lists(st.text("xyz", min_size=1), max_size=12))
def test_a_customer_keeps_its_side_when_others_come(
    groups: list[str | None], others: list[str]
) -> None:
    before = tickets(*groups, "the one")
    after = tickets(*groups, "the one", *others)
    assert sides(before).items() <= sides(after).items()


def test_a_component_is_as_likely_validation_as_a_single_customer() -> None:
    circles = 2000  # of 20 customers each, who hang together by their tickets
    batch = tickets(*(f"{n}" for n in range(circles * 20)))
    bound = [(n, n + 1) for n in range(circles * 20 - 1) if n % 20 != 19]
    where = sides(batch, bound=bound, validation=0.1)
    assert 0.08 < list(where.values()).count("validation") / len(where) < 0.12


@pytest.mark.parametrize("validation", [0.01, 0.1, 0.5, 0.9])
def test_the_share_is_roughly_the_one_that_was_asked_for(validation: float) -> None:
    where = sides(tickets(*(f"customer {n}" for n in range(20_000))), validation=validation)
    got = list(where.values()).count("validation") / len(where)
    assert abs(got - validation) < 0.012


@LAW
@given(st.lists(names, max_size=20), seeds)
def test_no_validation_is_none_at_all(groups: list[str | None], seed: str) -> None:
    assert set(sides(tickets(*groups), validation=0, seed=seed).values()) <= {"train"}


def test_another_seed_is_another_split_and_the_same_seed_is_the_same() -> None:
    batch = tickets(*(f"customer {n}" for n in range(200)))
    assert sides(batch, seed="a") == sides(batch, seed="a") != sides(batch, seed="b")


def test_conversations_of_unknown_customers_are_each_on_their_own() -> None:
    where = sides(tickets(*([None] * 200)))
    assert 70 < list(where.values()).count("validation") < 130


def test_a_customer_named_like_a_conversation_is_not_that_conversation() -> None:
    batch = tickets(*(f"key-{n}" for n in range(100)), *([None] * 100))
    keys = [f"key-{n}" for n in range(100)] * 2
    batch = Batch(
        batch.conversations.with_columns(key=pl.Series(keys)), batch.turns, batch.segments
    )
    where = sides(batch)
    assert [where[n] for n in range(100)] != [where[n + 100] for n in range(100)]


def test_no_conversations_are_assigned_to_nothing() -> None:
    nobody = GroupSplit().assign([], clusters(tickets().conversations, pairs([])))
    assert nobody.height == 0
    assert nobody.columns == ["row", "split", "component"]


def test_a_long_chain_of_customers_is_assigned_whole() -> None:
    count = 100_000  # two tickets each, one of them shared with the next; a round a link takes days
    batch = tickets(*(f"{n // 2}" for n in range(2 * count)))
    bound = [(n, n + 1) for n in range(1, 2 * count - 1, 2)]
    assert len(set(sides(batch, bound=bound).values())) == 1


@pytest.mark.parametrize("validation", [-0.1, 1, float("nan")])
def test_a_share_outside_of_0_to_1_is_refused(validation: float) -> None:
    with pytest.raises(ValueError, match="validation must be"):
        GroupSplit(validation)


Written = tuple[int, str, str | None, str]  # row, side, group, digest


def proof(*lines: Written, bound: Sequence[Edge] = ()) -> Proof:
    schema = {"row": pl.Int64, **dict.fromkeys(("split", "group", "digest"), pl.String)}
    written = pl.DataFrame(lines, schema=schema, orient="row").with_columns(cluster="row")
    return prove(written, pairs(bound), seed="s", validation_asked=0.25)


T, V = "train", "validation"
LEAKS: Mapping[str, tuple[list[Written], list[Edge], tuple[int, int]]] = {
    "none": ([(0, T, "a", "x"), (1, T, "a", "y"), (2, V, "b", "z")], [(0, 1)], (0, 0)),
    "a group": ([(0, T, "a", "x"), (1, V, "a", "y"), (2, V, "a", "z")], [], (1, 0)),
    "two groups": (
        [(0, T, "a", "w"), (1, V, "a", "x"), (2, T, "b", "y"), (3, V, "b", "z")],
        [],
        (2, 0),
    ),
    "unknown customers": ([(0, T, None, "x"), (1, V, None, "y")], [], (0, 0)),
    "a pair": ([(0, T, "a", "x"), (1, V, "b", "y")], [(0, 1)], (0, 1)),
    "a pair that two rules found": (
        [(0, T, "a", "x"), (1, V, "b", "y")],
        [(0, 1), (0, 1)],
        (0, 1),
    ),
    "a pair of which one was dropped": ([(0, T, "a", "x")], [(0, 9)], (0, 0)),
    "equal lines that no search found": ([(0, T, "a", "x"), (1, V, "b", "x")], [], (0, 1)),
    "everything": ([(0, T, "a", "x"), (1, V, "a", "x")], [(0, 1)], (1, 2)),
    "nothing written": ([], [], (0, 0)),
}


@pytest.mark.parametrize(("lines", "bound", "expected"), LEAKS.values(), ids=LEAKS)
def test_the_proof_counts_what_stands_on_both_sides(
    lines: list[Written], bound: list[Edge], expected: tuple[int, int]
) -> None:
    counted = proof(*lines, bound=bound)
    assert (counted.shared_groups, counted.cross_split_duplicates) == expected
    assert counted.holds == (expected == (0, 0))


def test_the_proof_says_what_was_split() -> None:
    written = pl.DataFrame(
        {
            "row": [0, 1, 2, 3],
            "split": [T, T, V, T],
            "group": ["a", "a", "b", None],
            "digest": ["w", "x", "y", "z"],
            "cluster": [0, 0, 2, 3],
        }
    )
    assert prove(written, pairs([]), seed="s", validation_asked=0.1).as_json() == asdict(
        Proof("s", 0.1, 0.25, 3, 1, 0, 0, 2, 1)
    )


@LAW
@given(st.lists(names, min_size=SIZE, max_size=SIZE), links)
def test_the_assignment_passes_the_proof(groups: list[str | None], bound: list[Edge]) -> None:
    where = sides(tickets(*groups), bound=bound)
    lines = [(n, where[n], groups[n], f"{n}") for n in range(SIZE)]
    assert proof(*lines, bound=[(a, b) for a, b in bound if a != b]).holds
