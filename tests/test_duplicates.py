"""Exact copies and near duplicates, against words that are not hashed."""

import random
import re
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.checks import shingles as shingling
from tunegate.checks.exact_copy import ExactCopy
from tunegate.checks.near_duplicate import NearDuplicate
from tunegate.checks.shingles import BASE, STEP, shingle_sets
from tunegate.errors import RuleError
from tunegate.model import (
    CONVERSATIONS,
    SEGMENTS,
    TURNS,
    Batch,
    empty,
    frame,
    to_batch,
)
from tunegate.rules import load_rules

Turns = Sequence[tuple[str, str]]
Pairs = set[tuple[int, int]]

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
WORD = re.compile(rf"(?=\w)[{UNSPACED}]|(?:(?![{UNSPACED}])\w)+")


def words_of(text: str) -> list[str]:
    return [word.lower().replace("ς", "σ") for word in WORD.findall(text)]


def runs_of(text: str, words: int) -> set[tuple[str, ...]]:
    said = words_of(text)
    if len(said) < words:
        return {tuple(said)} if said else set()
    return {tuple(said[place : place + words]) for place in range(len(said) - words + 1)}


def similar(texts: Sequence[str], threshold: float, words: int) -> Pairs:
    runs = [runs_of(text, words) for text in texts]
    return {
        (row, related)
        for (row, one), (related, other) in combinations(enumerate(runs), 2)
        if one and other and len(one & other) / len(one | other) >= threshold
    }


def spread(found: pl.DataFrame) -> Pairs:
    """All pairs that the stars and their representatives stand for."""
    groups: dict[int, list[int]] = {}
    for row, related in found.filter(stage="same-set").select("row", "related").iter_rows():
        groups.setdefault(row, [row]).append(related)
    pairs = {pair for group in groups.values() for pair in combinations(sorted(group), 2)}
    for row, related in found.filter(stage="near").select("row", "related").iter_rows():
        for one in groups.get(row, [row]):
            for other in groups.get(related, [related]):
                pairs.add((min(one, other), max(one, other)))
    return pairs


def one_turn(texts: Iterable[str], first: int = 0) -> Batch:
    return to_batch([[("user", text)] for text in texts], first=first)


def find(check: ExactCopy | NearDuplicate, conversations: Sequence[Turns]) -> pl.DataFrame:
    return check.resolve([check.sketch(to_batch(conversations))])


def planted(count: int, seed: int) -> list[str]:
    """Texts of a small vocabulary, and copies that changed in case, signs and words."""
    draw = random.Random(seed)
    vocabulary = [f"w{number}" for number in range(4000)] + ["don’t", "naïve", "ÉTÉ", "名前", "ไป"]
    texts: list[str] = []
    for _ in range(count):
        chance = draw.random()
        if not texts or chance < 0.4:
            texts.append(" ".join(draw.choices(vocabulary, k=draw.randrange(1, 60))))
        elif chance < 0.5:
            texts.append(draw.choice(texts).upper().replace(" ", " – "))
        else:
            kept = draw.choice(texts).split(" ")
            for place in draw.sample(range(len(kept)), len(kept) // draw.randrange(4, 40)):
                kept[place] = draw.choice(vocabulary)
            texts.append(" ".join(kept))
    return texts


# --- words and shingles ---------------------------------------------------------------------------


def plain_mix(value: int) -> int:
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 % (1 << 64)
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB % (1 << 64)
    return value ^ (value >> 31)


def plain_shingle(run: tuple[str, ...]) -> int:
    shingle = 0
    for word in run:
        value = 0
        for letter in word:
            value = (value * BASE + plain_mix(ord(letter) + 1)) % (1 << 64)
        shingle = (shingle * STEP + plain_mix(value)) % (1 << 64)
    return plain_mix(shingle) >> 32


MIXED = st.text(alphabet="aB é’'\"-_1ΣςσßẞǅK語かไทย์กः́🙂٣\u2028\t.", max_size=40)


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(MIXED, max_size=6), words=st.integers(1, 5))
def test_shingles_have_the_documented_bytes(texts: list[str], words: int) -> None:
    expected = [sorted({plain_shingle(run) for run in runs_of(text, words)}) for text in texts]
    assert shingle_sets(texts, words=words).to_list() == expected


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="İ"), max_size=60))
def test_words_are_those_of_the_regular_expression(text: str) -> None:
    expected = sorted({plain_shingle((word,)) for word in words_of(text)})
    assert shingle_sets([text], words=1).to_list() == [expected]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("don’t “stop” now", 'DON\'T "stop" now'),
        ("a–b—c…d", "a b c d"),
        ("ΟΔΟΣ", "οδος"),
        ("STRAẞE", "straße"),
        ("Ǆ", "ǆ"),
        ("ＡＢＣ", "ａｂｃ"),
        ("cafe\u0301s", "cafe s"),
        ("我的订单", "我 的 订 单"),
        ("カタカナ", "カ・タ・カ・ナ"),
        ("สวัสดี", "ส ว ส ด"),
        ("abc的def", "abc 的 def"),
        ("good 👍🏽 job", "good job"),
        ("zero\u200bwidth", "zero width"),
        ("a\x00b\u2028c\u00a0d", "a b c d"),
    ],
    ids=[
        "curly quotes",
        "dashes",
        "final sigma",
        "capital sharp s",
        "digraph",
        "full width",
        "combining mark",
        "han",
        "kana",
        "thai",
        "mixed scripts",
        "emoji",
        "zero width space",
        "odd spaces",
    ],
)
def test_these_have_the_same_words(one: str, other: str) -> None:
    sets = shingle_sets([one, other], words=1).to_list()
    assert sets[0] == sets[1] != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("résumé", "resume"),
        ("snake_case", "snake case"),
        ("ab c", "a bc"),
        ("12", "１２"),
        ("한국", "한 국"),
        ("a", "aa"),
    ],
    ids=["sharp s", "dotted i", "accents", "underscore", "space", "digits", "hangul", "length"],
)
def test_these_have_different_words(one: str, other: str) -> None:
    sets = shingle_sets([one, other], words=1).to_list()
    assert sets[0] != sets[1]


def test_a_word_is_the_same_anywhere_in_a_long_text() -> None:
    draw = random.Random(1)
    vocabulary = ["".join(draw.choices("abcdefgé", k=draw.randrange(1, 12))) for _ in range(500)]
    text = " ".join(draw.choices(vocabulary, k=40_000))
    assert len(text) > 3 * shingling._CHUNK
    expected = {plain_shingle((word,)) for word in text.split()}
    assert shingle_sets(["x " * 77, text], words=1).to_list()[1] == sorted(expected)


def test_only_the_first_65536_code_points_of_a_word_count() -> None:
    long = "ab" * 32_768
    sets = shingle_sets([long, long + "c", long[:-1], "c " + long + "d"], words=1).to_list()
    assert sets[0] == sets[1] != sets[2]
    assert set(sets[0]) < set(sets[3])


def test_a_text_does_not_run_into_the_next() -> None:
    together = shingle_sets(["one two", "", "three", "four five six"], words=3).to_list()
    assert together == [
        shingle_sets([text], words=3).to_list()[0]
        for text in ("one two", "", "three", "four five six")
    ]
    assert together[1] == []


# --- near duplicates ------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [1, 3])
@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.8])
def test_planted_duplicates_are_found_and_nothing_else(threshold: float, words: int) -> None:
    texts = planted(300, seed=words)
    truth = similar(texts, threshold, words)
    assert len(truth) > 100
    check = NearDuplicate(threshold=threshold, words=words)
    assert spread(check.resolve([check.sketch(one_turn(texts))])) == truth


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(
        st.lists(st.sampled_from(["a", "B", "b", "é’e", "語", "…", "c"]), max_size=9).map(" ".join),
        max_size=14,
    ),
    threshold=st.sampled_from([0.5, 0.7, 0.8]),
    words=st.integers(1, 3),
)
def test_small_corpora_have_the_pairs_of_their_words(
    texts: list[str], threshold: float, words: int
) -> None:
    check = NearDuplicate(threshold=threshold, words=words)
    found = check.resolve([check.sketch(one_turn(texts))])
    assert spread(found) == similar(texts, threshold, words)


def test_similarity_is_the_jaccard_of_word_runs() -> None:
    texts = planted(150, seed=9)
    check = NearDuplicate(threshold=0.5)
    found = check.resolve([check.sketch(one_turn(texts))])
    assert found.height > 20
    for row, related, similarity, stage in found.iter_rows():
        one, other = runs_of(texts[row], 3), runs_of(texts[related], 3)
        assert similarity == len(one & other) / len(one | other)
        assert (stage == "same-set") == (one == other)


def test_batches_and_their_order_change_nothing() -> None:
    texts = planted(120, seed=4)
    check = NearDuplicate()
    whole = check.resolve([check.sketch(one_turn(texts))])
    singly = [check.sketch(one_turn([text], first=row)) for row, text in enumerate(texts)]
    assert check.resolve(singly).equals(whole)
    random.Random(5).shuffle(singly)
    assert check.resolve(singly).equals(whole)
    assert check.resolve([pl.concat(singly)]).equals(whole)


@pytest.mark.parametrize("check", [ExactCopy(), NearDuplicate()], ids=["exact", "near"])
def test_sketches_survive_the_disk(check: ExactCopy | NearDuplicate, tmp_path: Path) -> None:
    texts = [*planted(60, seed=6), "", "again and again", "Again and again!"]
    sketch = check.sketch(one_turn(texts))
    sketch.write_parquet(tmp_path / "sketch.parquet")
    read = pl.read_parquet(tmp_path / "sketch.parquet")
    assert check.resolve([read]).equals(check.resolve([sketch]))
    assert check.resolve([read]).height > 0


def test_all_alike_is_one_star() -> None:
    found = find(NearDuplicate(), [[("user", "the very same words again")]] * 50)
    assert found.rows() == [(0, row, 1.0, "same-set") for row in range(1, 50)]


@pytest.mark.parametrize(
    "conversations",
    [[], [[("user", "one alone here")]], [[("user", "")]] * 5, [[("user", "?! 🙂")]] * 5, [[]] * 3],
    ids=["none", "one", "empty", "signs", "silent"],
)
def test_conversations_without_words_are_no_duplicates(conversations: list[Turns]) -> None:
    check = NearDuplicate()
    sketch = check.sketch(to_batch(conversations))
    assert sketch["row"].to_list() == list(range(len(conversations)))
    assert check.resolve([sketch]).is_empty()


def test_only_customers_and_agents_count() -> None:
    spoken: Turns = [("user", "my parcel is lost"), ("assistant", "we send it again")]
    around: Turns = [("system", "be brief"), *spoken, ("tool", "status: lost"), ("developer", "x")]
    sets = NearDuplicate().sketch(to_batch([spoken, around]))["shingles"].to_list()
    assert sets[0] == sets[1]
    assert find(ExactCopy(), [spoken, around]).rows() == [(0, 1, 1.0, "exact")]


def leaves(*rows: tuple[int, str | None, int | None, str, str | None, str]) -> Batch:
    """Build a batch from (row, branch, turn, part, role, text)."""
    heads = [
        (row, f"row-{row}", None, None, None, None, None, None, None)
        for row in sorted({leaf[0] for leaf in rows})
    ]
    turns = [(*leaf[:5], None, leaf[5]) for leaf in rows]
    return Batch(frame(heads, CONVERSATIONS), frame(turns, TURNS), empty(SEGMENTS))


def test_names_tools_and_unknown_roles_do_not_count() -> None:
    batch = leaves(
        (0, None, 0, "/content", "user", "where is my parcel"),
        (1, None, 0, "/content", "user", "where is my parcel"),
        (1, None, 0, "/name", "user", "somebody else entirely"),
        (1, None, 1, "/content", None, "a message of nobody known"),
        (1, None, None, "/tools/0/function/description", None, "looks up parcels"),
        (1, None, None, "/subject", None, "parcel"),
    )
    for check in (ExactCopy(), NearDuplicate()):
        assert check.resolve([check.sketch(batch)]).select("row", "related").rows() == [(0, 1)]


def test_both_branches_count() -> None:
    batch = leaves(
        (0, None, 0, "/content", "user", "may I pay later please"),
        (0, "chosen", 1, "/content", "assistant", "yes of course you may"),
        (0, "rejected", 1, "/content", "assistant", "no you may certainly not"),
        (1, None, 0, "/content", "user", "may I pay later please"),
        (1, "chosen", 1, "/content", "assistant", "yes of course you may"),
        (1, "rejected", 1, "/content", "assistant", "we have no such thing here"),
        (2, None, 0, "/content", "user", "may I pay later please"),
        (2, "chosen", 1, "/content", "assistant", "no you may certainly not"),
        (2, "rejected", 1, "/content", "assistant", "yes of course you may"),
    )
    exact = ExactCopy()
    assert exact.resolve([exact.sketch(batch)]).is_empty()
    near = NearDuplicate(threshold=0.5)
    assert near.resolve([near.sketch(batch)]).select("row", "related").rows() == [(0, 2)]


def test_a_message_in_pieces_equals_the_same_message_whole() -> None:
    batch = leaves(
        (0, None, 0, "/content", "user", "Look here. What is it?"),
        (1, None, 0, "/content/0/text", "user", "Look here."),
        (1, None, 0, "/content/1/text", "user", "What is it?"),
    )
    for check in (ExactCopy(), NearDuplicate()):
        assert check.resolve([check.sketch(batch)]).select("row", "related").rows() == [(0, 1)]


@pytest.mark.parametrize(
    "params", [{"threshold": 0.0}, {"threshold": 1.01}, {"words": 0}], ids=["zero", "over", "none"]
)
def test_parameters_out_of_range_are_refused(params: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        NearDuplicate(**params)  # type: ignore[arg-type]


def test_a_rule_with_a_bad_threshold_names_the_problem() -> None:
    [rule] = [rule for rule in load_rules() if rule.id == "duplicate/near-duplicate"]
    with pytest.raises(RuleError, match="threshold must be above 0"):
        rule.changed(params={"threshold": 7}).build()


def test_minhash_agrees_with_the_similarities() -> None:
    datasketch = pytest.importorskip("datasketch", reason="datasketch is not installed")
    texts = planted(120, seed=11)
    check = NearDuplicate(threshold=0.5)
    found = check.resolve([check.sketch(one_turn(texts))])
    assert found.height > 20
    hashes = []
    for text in texts:
        hashed = datasketch.MinHash(num_perm=1024, seed=3)
        hashed.update_batch([" ".join(run).encode() for run in runs_of(text, 3)])
        hashes.append(hashed)
    for row, related, similarity in found.select("row", "related", "similarity").iter_rows():
        # Five standard errors of an estimate from 1,024 permutations.
        assert abs(hashes[row].jaccard(hashes[related]) - similarity) < 5 * 0.5 / 32


@pytest.mark.parametrize("check", [ExactCopy(), NearDuplicate()], ids=["exact", "near"])
def test_a_sketch_holds_no_text(check: ExactCopy | NearDuplicate) -> None:
    sketch = check.sketch(one_turn(["my secret word is xylophone"]))
    assert pl.String not in sketch.dtypes
    assert "xylophone" not in repr(sketch.rows())
