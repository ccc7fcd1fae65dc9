"""Cells of exported tables: what is true, what is filled, and what came before."""

import pytest

from tunegate.readers.desks.cells import Seen, bounces, filled, held
from tunegate.readers.fields import truth, whole
from tunegate.readers.merge import Message, Place

HERE = Place(0, 1, 0, 10)


TRUE: list[object] = [True, 1, 1.0, "TRUE", "true", "t", "1", " Yes "]
FALSE: list[object] = [False, 0, 0.0, "FALSE", "f", "0", "no"]
NEITHER: list[object] = [None, "", "maybe", 2, 0.5, float("nan"), [], {}]


@pytest.mark.parametrize(("values", "wanted"), [(TRUE, True), (FALSE, False), (NEITHER, None)])
def test_a_flag_is_true_false_or_not_said(values: list[object], wanted: bool | None) -> None:
    assert [truth(value) for value in values] == [wanted] * len(values)


@pytest.mark.parametrize(("value", "word"), [(" a ", "a"), (" ", None), (None, None), (7, None)])
def test_only_words_fill_a_cell(value: object, word: str | None) -> None:
    assert filled(value) == word


def test_an_id_is_seen_once_and_nothing_has_no_id() -> None:
    seen = Seen()
    assert [seen.again(one) for one in ("1", "2", "1", None, None)] == [
        False,
        False,
        True,
        *[False] * 2,
    ]


@pytest.mark.parametrize(
    ("address", "is_server"),
    [("MAILER-DAEMON@x.example", True), ("postmaster@x", True), ("ana@x", False), (None, False)],
)
def test_mail_servers_are_told_by_their_address(address: str | None, is_server: bool) -> None:
    assert bounces(address) is is_server


def test_what_is_no_list_is_one_message_that_cannot_be_read() -> None:
    (only,) = held("x", HERE, "/said", lambda fields, place: Message(place))
    assert only.unreadable == "`said` is not a list"
    assert only.place.pointer == "/said"


WHOLE: list[tuple[object, int | None]] = [
    *((1, 1), (2.0, 2), ("3", 3), (" 4.0 ", 4), (-5, -5)),
    *((True, None), (1.5, None), (float("nan"), None), ("9" * 5000, None), ("٣", None)),
]


@pytest.mark.parametrize(("value", "number"), WHOLE)
def test_a_whole_number_is_read_whatever_holds_it(value: object, number: int | None) -> None:
    assert whole(value) == number
