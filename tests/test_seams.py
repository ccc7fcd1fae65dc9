"""A value that begins in one message and ends in the next is found in both."""

import pytest

from tunegate.checks.pattern import Pattern
from tunegate.model import to_batch
from tunegate.rules import load_rules

RULES = {rule.id: rule for rule in load_rules()}
CARD, MAIL, PHONE = (
    RULES[name].build() for name in ("pii/payment-card", "pii/email-address", "pii/phone-number")
)


def found(*turns: tuple[str, str], pattern: Pattern = CARD) -> list[str]:
    texts = [text for _, text in turns]
    spans = pattern.check(to_batch([list(turns)])).select("turn", "start", "end")
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


@pytest.mark.parametrize(
    ("turns", "parts"),
    [
        (
            [("user", "it is kim.roe"), ("assistant", "yes?"), ("user", "@example.org, thanks")],
            ["kim.roe", "@example.org"],
        ),
        ([("user", "kim.roe@"), ("user", "example.org")], ["kim.roe@", "example.org"]),
        ([("user", "so kim.roe\n\n@example.org")], ["kim.roe", "@example.org"]),
    ],
    ids=["before the sign", "after it", "merged"],
)
def test_both_ends_of_an_address_are_found(turns: list[tuple[str, str]], parts: list[str]) -> None:
    assert found(*turns, pattern=MAIL) == parts


def test_a_handle_after_a_message_is_no_address() -> None:
    assert found(("user", "see you"), ("user", "@home. Bye"), pattern=MAIL) == []


def test_both_ends_of_a_phone_number_are_found() -> None:
    turns = [("user", "call +1 646 555"), ("assistant", "yes?"), ("user", "0173")]
    assert found(*turns, pattern=PHONE) == ["+1 646 555", "0173"]
