"""Chats are cut where nobody spoke, and no message is lost or told twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunegate.model import ReadOptions
from tunegate.readers.chats.sessions import Chat, Version, once, talks
from tunegate.readers.export import Desk
from tunegate.readers.merge import EVENT, HELD_BACK, Message, Place
from tunegate.readers.people import People

HOUR = 3_600_000_000  # microseconds


def message(hours: float | None, role: str | None = "user", n: int = 0) -> Message:
    at = None if hours is None else round(hours * HOUR)
    excluded = None if role else EVENT
    return Message(Place(0, None, n, 1), at=at, role=role, excluded=excluded, author=role)


def lengths(*messages: Message, bots: str = "drop", endless: bool = True) -> list[int]:
    desk = Desk(ReadOptions(bots=bots), People(), {})
    return [len(talk.messages) for talk in talks(Chat("c", endless), messages, desk)]


def test_a_day_without_a_word_ends_a_conversation() -> None:
    assert lengths(message(0), message(24), message(48.1)) == [2, 1]


def test_a_thread_is_never_cut() -> None:
    assert lengths(message(0), message(900), endless=False) == [2]


def test_an_answer_belongs_to_its_question_for_a_week() -> None:
    assert lengths(message(0), message(100, "assistant")) == [2]
    assert lengths(message(0), message(169, "assistant")) == [1, 1]


def test_staff_who_write_again_after_a_day_begin_anew() -> None:
    assert lengths(message(0, "assistant"), message(30, "assistant")) == [1, 1]


def test_events_keep_no_conversation_going() -> None:
    assert lengths(message(0), message(20, None), message(40)) == [2, 1]


def test_machines_keep_it_going_only_if_they_are_learnt_from() -> None:
    chat = (message(0), message(20, "bot"), message(40))
    assert lengths(*chat) == [2, 1]
    assert lengths(*chat, bots="assistant") == [3]


def test_a_message_without_a_time_stays_behind_the_one_before_it() -> None:
    assert lengths(message(0), message(None), message(30), message(None)) == [2, 2]


def test_nothing_is_no_conversation() -> None:
    assert lengths() == []


def test_of_equal_versions_the_first_counts() -> None:
    found = once([Version("1", 0, message(0, n=n)) for n in range(2)])
    assert [one.excluded for one in found] == [None, "repeated"]


@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["user", "assistant", "bot", None])))
)
def test_every_message_is_in_one_conversation(said: list[tuple[int, str | None]]) -> None:
    messages = [message(hours, role, n) for n, (hours, role) in enumerate(said)]
    desk = Desk(ReadOptions(), People(), {})
    cut = list(talks(Chat("c"), messages, desk))
    assert sorted(m.place.offset for talk in cut for m in talk.messages) == [*range(len(said))]
    assert len({talk.head.row for talk in cut}) == len(cut)


@pytest.mark.parametrize("order", [1, -1])
def test_of_equally_new_versions_the_one_that_is_left_out_counts(order: int) -> None:
    shown = Version("7", 5, Message(Place(0, 1, 0, 10), role="assistant", text="x"))
    hidden = Version("7", 5, Message(Place(0, 2, 10, 10), excluded=HELD_BACK))
    kept = [message.excluded for message in once([shown, hidden][::order])]
    assert sorted(kept, key=str) == [HELD_BACK, "repeated"]
