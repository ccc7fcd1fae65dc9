"""A number that begins in one message and ends in the next is found in both."""

import pytest

from tunegate.checks.pattern import Pattern
from tunegate.model import to_batch
from tunegate.rules import load_rules

CARD: Pattern = next(rule for rule in load_rules() if rule.id == "pii/payment-card").build()


def found(*turns: tuple[str, str]) -> list[str]:
    texts = [text for _, text in turns]
    spans = CARD.check(to_batch([list(turns)])).select("turn", "start", "end")
    return [texts[turn][start:end] for turn, start, end in spans.rows()]


@pytest.mark.parametrize(
    "turns",
    [
        [("user", "It is 4111 1111"), ("user", "1111 1111 thanks")],
        [("user", "4111 1111 …"), ("assistant", "go on"), ("user", "… 1111 1111.")],
        [("user", "4111 1111\n\n1111 1111, exp 12/29")],
    ],
    ids=["next", "one between", "merged"],
)
def test_both_ends_are_found(turns: list[tuple[str, str]]) -> None:
    assert found(*turns) == ["4111 1111", "1111 1111"]


@pytest.mark.parametrize(
    "turns",
    [
        [("user", "It is 4111 1111"), ("assistant", "1111 1111 is what I have")],
        [("user", "4111 1111"), ("assistant", "?"), ("assistant", "!"), ("user", "1111 1111")],
        [("user", "4111 1111 were sold"), ("user", "1111 1111 left")],
        [("user", "4111 1111\n1111 1111")],
        [("user", "4111 1111"), ("user", "1111 1112")],
    ],
    ids=["two speakers", "far apart", "words between", "lines of a list", "no card"],
)
def test_what_does_not_go_on_is_not_put_together(turns: list[tuple[str, str]]) -> None:
    assert found(*turns) == []


def test_a_whole_value_beside_a_seam_is_found_once() -> None:
    turns = [("user", "my card is 4111 1111 1111 1111"), ("user", "4111 was before")]
    assert found(*turns) == ["4111 1111 1111 1111"]
