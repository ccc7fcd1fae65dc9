"""A trigger matches wherever its pattern does, and holds what is said of it, in any engine."""

import re

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tunegate.checks.engines import Portable, available, choose, engine, in_bytes
from tunegate.checks.needles import held
from tunegate.checks.triggers import loosened

PATTERNS = [
    r"(?<![0-9])[0-9]{3}[ -]?[0-9]{4}(?![0-9])",
    r"(?i)\bfoo(?:bar|b[aä]z)?\b(?=\s)",
    r"(?x) a [ ] b # a comment | with signs (",
    r"(?P<q>[\"'])[a-z]++(?P=q)",
    r"(a|é)\1{2,3}x",
    r"[^\W\d_]{2,5}@\w+\.(?>com|de)",
    r"(?s)^begin.{0,9}?end$",
    r"[]a-c\]é-ü-]{2}z",
    r"(k)?(?(1)[0-9]{2}|zz)[A-F0-9]{20,40}",
    r"(?i:Ärger)-[0-9]{2}",
    r"\x41\u0042\U00000043[+\-*/]=",
    r"[\s\S]{3}[^a-z]q",
    r"x[a-c]{2,}[kz]{1,3}y",
    r"k(?s:..)z(?-s:.)|(?s:a.b)",
    r"(?:(?i:key)[=:])(?-i:AB)[0-9A-Z]{3}",
]
ALPHABET = st.sampled_from(
    [*"0123456789", *"abcdefxyzkAZKBCEFq", *" -_@.\"'=:()\n", "é", "ä", "ü", "Ä"]
)


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rest=st.data())
def test_what_a_pattern_matches_its_trigger_matches(pattern: str, rest: st.DataObject) -> None:
    text = "".join(
        rest.draw(piece)
        for piece in (
            st.text(ALPHABET, max_size=5),
            st.from_regex(re.compile(pattern)),
            st.text(ALPHABET, max_size=5),
        )
    )
    trigger = loosened(pattern)
    found = re.search(pattern, text)
    if not found:  # a look-around that what was drawn beside it does not please
        return
    assert re.search(trigger, text)
    assert pl.Series([text]).str.contains(trigger)[0]
    assert re.search(in_bytes(trigger), text.encode())
    needed = held(trigger)
    folded = text.lower()
    if needed.literals is not None:
        assert any(literal in folded for literal in needed.literals)
    assert sum(sign in "0123456789" for sign in text) >= needed.digits


@pytest.mark.parametrize(
    ("pattern", "literals", "digits"),
    [
        (r"sk-ant-[a-z]+", {"sk-ant-"}, 0),
        (r"gh[pso]_[A-Z]+", {"ghp_", "ghs_", "gho_"}, 0),
        (r"(?:one|two)-[0-9]{4}", {"one-", "two-"}, 4),
        (r"a?[0-9]{3}|[0-9]{9}", None, 3),
        (r"x*", None, 0),
    ],
)
def test_what_every_match_holds_is_known(
    pattern: str, literals: set[str] | None, digits: int
) -> None:
    needed = held(loosened(pattern + "!")[:-1])
    assert needed.literals == literals
    assert needed.digits == digits


@pytest.mark.parametrize("name", available())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.text(ALPHABET, max_size=40), min_size=1, max_size=8))
def test_an_engine_names_each_text_in_which_a_trigger_matches(name: str, texts: list[str]) -> None:
    triggers = [loosened(pattern) for pattern in PATTERNS]
    hits = engine("hyperscan" if name == "hyperscan" else "portable", triggers).hits(
        pl.Series(texts)
    )
    told = set(zip(hits.texts.tolist(), hits.triggers.tolist(), strict=True))
    right = {
        (at, number)
        for at, text in enumerate(texts)
        for number, trigger in enumerate(triggers)
        if re.search(trigger, text)
    }
    # Hyperscan may name more: for it a class goes on over the end of a text.
    assert told >= right


def test_a_long_text_is_searched_as_a_short_one_is() -> None:
    triggers = ["needle[0-9]", "hay[0-9]"]
    texts = pl.Series(["x" * 100_000 + "needle1", "hay2", "needle3 hay4"])
    for name in available():
        hits = engine(name, triggers).hits(texts)
        assert hits.texts.tolist() == [0, 1, 2, 2]
        assert hits.triggers.tolist() == [0, 1, 0, 1]


def test_the_written_files_are_scanned_by_another_engine_where_there_is_one() -> None:
    for size in (1 << 10, 1 << 30):
        first, second = choose(size)
        assert {first, second} == set(available())


def test_no_trigger_and_no_text_are_no_hits() -> None:
    for name in available():
        assert engine(name, []).hits(pl.Series(["a"])).texts.size == 0
        assert engine(name, ["a"]).hits(pl.Series([], dtype=pl.String)).texts.size == 0
    assert np.array_equal(Portable(("a",)).hits(pl.Series(["b"])).texts, np.empty(0))
