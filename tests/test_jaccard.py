"""The join of sets, against a comparison of every set with every other."""

import random
import tracemalloc
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.checks.jaccard import similar_sets
from tunegate.checks.sets import DEFAULT_ROOM, SETS, Room, cuts
from tunegate.model import PAIRS

Found = list[tuple[int, int, float, str]]

# Each step of the search is cut into many.
CRAMPED = Room(slots=1 << 8, elements=3000, matches=200, pairs=300, compared=100)
TINY = Room(slots=1 << 8, elements=30, matches=3, pairs=2, compared=5)
ROOMS = pytest.mark.parametrize("room", [DEFAULT_ROOM, CRAMPED], ids=["roomy", "cramped"])
THRESHOLDS = pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7, 0.8, 1.0])


def to_parts(sets: Sequence[set[int]], size: int, rows: Sequence[int] = ()) -> list[pl.DataFrame]:
    shingles = [sorted(elements) for elements in sets]
    whole = pl.DataFrame({"row": rows or range(len(sets)), "shingles": shingles}, schema=SETS)
    return [whole[first : first + size] for first in range(0, whole.height, size)]


def compare_all(sets: Sequence[set[int]], threshold: float) -> Found:
    found: Found = []
    groups: dict[frozenset[int], list[int]] = {}
    for row, elements in enumerate(sets):
        if elements:
            groups.setdefault(frozenset(elements), []).append(row)
    for members in groups.values():
        found += [(members[0], other, 1.0, "same-set") for other in members[1:]]
    leaders = sorted((members[0], elements) for elements, members in groups.items())
    for (row, one), (related, other) in combinations(leaders, 2):
        similarity = len(one & other) / len(one | other)
        if similarity >= threshold:
            found.append((row, related, similarity, "near"))
    return sorted(found)


def planted(count: int, seed: int) -> list[set[int]]:
    """Sets with rare and frequent elements, and copies of some that changed more or less."""
    draw = random.Random(seed)
    sets: list[set[int]] = []
    for _ in range(count):
        chance = draw.random()
        if not sets or chance < 0.4:
            size = draw.randrange(1, 120)
            sets.append({int(draw.paretovariate(0.3)) % (1 << 32) for _ in range(size)})
            continue
        changed = set(draw.choice(sets[-40:]))
        if chance < 0.9:
            for element in draw.sample(sorted(changed), draw.randrange(len(changed) // 4 + 1)):
                changed.remove(element)
                changed.add(draw.randrange(1 << 32) if draw.random() < 0.7 else element + 1)
        sets.append(changed)
    return sets


@ROOMS
@THRESHOLDS
def test_the_pairs_are_those_of_comparing_all(threshold: float, room: Room) -> None:
    sets = planted(250, seed=1)
    truth = compare_all(sets, threshold)
    assert len(truth) > 30
    assert similar_sets(to_parts(sets, 64), threshold, room).rows() == truth


@settings(max_examples=60, deadline=None)
@given(
    sets=st.lists(st.sets(st.integers(0, 12), max_size=9), max_size=25),
    threshold=st.sampled_from([0.1, 0.5, 0.6, 2 / 3, 0.7, 0.75, 0.8, 1.0]),
    size=st.integers(1, 9),
    room=st.sampled_from([DEFAULT_ROOM, TINY]),
)
def test_no_small_case_differs(
    sets: list[set[int]], threshold: float, size: int, room: Room
) -> None:
    # Spread over all 32 bits: the upper ones choose a slot, the lower ones tell elements apart.
    spread = [{element * 0x11111111 + element for element in one} for one in sets]
    assert similar_sets(to_parts(spread, size), threshold, room).rows() == compare_all(
        spread, threshold
    )


@ROOMS
def test_order_and_parts_do_not_matter(room: Room) -> None:
    sets = planted(120, seed=2)
    expected = similar_sets(to_parts(sets, 1000), 0.6, room)
    for seed, size in ((3, 1), (4, 17), (5, 200)):
        order = list(range(len(sets)))
        random.Random(seed).shuffle(order)
        shuffled = to_parts([sets[row] for row in order], size, order)
        assert similar_sets(shuffled, 0.6, room).equals(expected)


@ROOMS
def test_slots_of_a_template_make_near_pairs_of_all(room: Room) -> None:
    draw = random.Random(6)
    body = set(draw.sample(range(1 << 32), 40))
    sets = [body | {draw.randrange(1 << 32) for _ in range(4)} for _ in range(60)]
    found = similar_sets(to_parts(sets, 16), 0.7, room)
    assert found.height == 60 * 59 // 2
    assert found.rows() == compare_all(sets, 0.7)


@ROOMS
def test_a_set_that_matches_very_many_is_compared_with_each_once(room: Room) -> None:
    draw = random.Random(7)
    body = draw.sample(range(1 << 32), 60)
    parts_of_it = [set(draw.sample(body, 45)) for _ in range(80)]
    sets = [*parts_of_it, set(body)]
    assert similar_sets(to_parts(sets, 10), 0.75, room).rows() == compare_all(sets, 0.75)


@ROOMS
def test_elements_that_share_every_slot_are_still_told_apart(room: Room) -> None:
    # They differ in the lowest bits only, and all tables look at the highest.
    sets = [set(range(first, first + 30)) for first in range(0, 200, 3)]
    assert similar_sets(to_parts(sets, 8), 0.7, room).rows() == compare_all(sets, 0.7)


def test_an_element_in_more_sets_than_a_byte_counts_is_no_rarity() -> None:
    body = set(range(0, 1 << 32, 1 << 27))
    sets = [body | {1 + element} for element in range(257)]
    found = similar_sets(to_parts(sets, 50), 0.7)
    assert found.height == 257 * 256 // 2
    assert found["similarity"].unique().to_list() == [32 / 34]


def test_a_similarity_that_equals_the_threshold_counts() -> None:
    sets = [set(range(10)), set(range(7)), set(range(100, 200)), set(range(100, 170))]
    assert similar_sets(to_parts(sets, 4), 0.7).rows() == [
        (0, 1, 0.7, "near"),
        (2, 3, 0.7, "near"),
    ]


def test_equal_sets_have_one_representative() -> None:
    alike, twin = set(range(20)), set(range(1, 21))
    found = similar_sets(to_parts([twin, alike, twin, alike, alike], 2), 0.5)
    assert found.rows() == [
        (0, 1, 19 / 21, "near"),
        (0, 2, 1.0, "same-set"),
        (1, 3, 1.0, "same-set"),
        (1, 4, 1.0, "same-set"),
    ]


@pytest.mark.parametrize(
    "sets", [[], [{1, 2}], [set()], [set(), set(), {1}]], ids=["none", "one", "empty", "empties"]
)
def test_nothing_to_pair_is_an_empty_frame(sets: list[set[int]]) -> None:
    for parts in (to_parts(sets, 2), []):
        found = similar_sets(parts, 0.7)
        assert found.is_empty()
        assert found.schema == pl.Schema(PAIRS)


def test_the_schema_is_that_of_pairs() -> None:
    found = similar_sets(to_parts([{1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3}], 2), 0.7)
    assert found.schema == pl.Schema(PAIRS)


class Counted:
    """Makes each part when it is asked for, as a file would be read."""

    def __init__(self, parts: int, sets: int, size: int) -> None:
        self.parts, self.sets, self.size = parts, sets, size

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for part in range(self.parts):
            draw = np.random.default_rng(part)
            body = draw.integers(0, 1 << 32, (self.sets // 2, self.size), dtype=np.uint32)
            twins = np.concatenate([body, body])
            twins[:, -2:] = draw.integers(0, 1 << 32, (len(twins), 2), dtype=np.uint32)
            rows = np.arange(len(twins)) + part * self.sets
            shingles = pl.Series(np.sort(twins, axis=1)).arr.to_list()
            yield pl.DataFrame({"row": rows, "shingles": shingles}, schema=SETS)


def test_memory_does_not_grow_with_the_elements() -> None:
    room = Room(slots=1 << 20, elements=1 << 19, matches=1 << 12, compared=1 << 14)
    sketches = Counted(parts=80, sets=40, size=2000)
    tracemalloc.start()
    try:
        found = similar_sets(sketches, 0.99, room)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.height == 80 * 20
    assert peak < 80 * 40 * 2000 * 4 / 2  # half of the elements, which all are of similar sets


@given(st.lists(st.integers(0, 20)), st.integers(1, 30))
def test_cuts_keep_every_item_and_the_limit(weights: list[int], limit: int) -> None:
    ranges = list(cuts(np.array(weights, np.int64), limit))
    assert [item for one in ranges for item in one] == list(range(len(weights)))
    for one in ranges:
        assert len(one) == 1 or sum(weights[one.start : one.stop]) <= limit
