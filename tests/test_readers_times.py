"""Moments as exports write them, and rows of tables whose moment cannot be told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tunegate.readers.times import cell_moment, moment
from zendesk_export import read_table

NOON = datetime(2024, 3, 31, 12, 5, 9, tzinfo=UTC)
MINUTE = NOON.replace(second=0)
DAY = datetime(2024, 3, 31, tzinfo=UTC)
UNDERSTOOD = {
    "2024-03-31T12:05:09Z": NOON,
    "2024-03-31 14:05:09+02:00": NOON,
    "2024-03-31 12:05:09 UTC": NOON,
    "2024-03-31 14:05:09 +0200": NOON,
    "1711886709": NOON,
    "1711886709000": NOON,
    "31.03.2024 12:05:09": NOON,
    "31.3.2024 12:05": MINUTE,
    "31.03.2024, 12:05": MINUTE,
    "31.03.2024": DAY,
    "2024/03/31 12:05:09": NOON,
    "2024/3/31 12:05": MINUTE,
    "03/31/2024 12:05:09": NOON,
    "3/31/2024 12:05 PM": MINUTE,
    "3/31/2024, 12:05:09 pm": NOON,
    "31/03/2024 12:05": MINUTE,
    "31/03/2024 12:05PM": MINUTE,
    "3/31/2024 12:00 AM": DAY,
    "3/31/2024 1:00 PM": DAY.replace(hour=13),
    " 31/3/2024 ": DAY,
    "31.03.24 12:05": MINUTE,
    "31.3.24": DAY,
}


@pytest.mark.parametrize(("text", "at"), UNDERSTOOD.items(), ids=UNDERSTOOD.keys())
def test_a_moment_is_understood(text: str, at: datetime) -> None:
    assert moment(text) == int(at.timestamp()) * 1_000_000


NOT_UNDERSTOOD = [
    "03/04/2024 12:05",
    "12/12/2024 1:00 PM",
    "13/13/2024",
    "31/31/2024",
    "0/31/2024",
    "31.13.2024 10:00",
    "30.02.2024",
    "2024/13/01",
    "31/03/24 10:00",
    "31/03.2024",
    "3/31/2024 13:00 PM",
    "3/31/2024 0:30 AM",
    "31.03.2024 24:00",
    "31.03.2024 10",
    "25382.5",
    "nan",
    "soon",
    "yesterday UTC",
]


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_what_may_be_two_moments_or_none_is_not_guessed(text: str) -> None:
    assert moment(text) is None


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_a_row_whose_time_is_not_understood_is_unreadable(text: str, tmp_path: Path) -> None:
    content = (
        "conversation_id,role,content,created_at\n"
        "a,agent,Second,2024-03-01T10:00\n"
        f'a,user,CANARY,"{text}"\n'
        f'a,note,CANARY,"{text}"\n'
        "a,user,First,2024-03-01T09:00\n"
        "b,user,Hi, \n"
    )
    found = read_table(content.encode(), tmp_path)
    assert found.batch.turns["text"].to_list() == ["First", "Second", "Hi"]
    assert found.unreadable["line"].to_list() == [3]
    assert found.unreadable["reason"][0].startswith("time is not understood")
    assert found.excluded == {"internal note": 1}


@pytest.mark.parametrize("text", ["03/04/2025 10:00", "3/4/25, 10:00 AM", "03/04/2025 10:00:00"])
@pytest.mark.parametrize(("day_first", "month"), [(True, 4), (False, 3)])
def test_who_says_which_stands_first_is_believed(text: str, day_first: bool, month: int) -> None:
    day = 7 - month
    at = datetime(2025, month, day, 10, tzinfo=UTC)
    assert moment(text) is None
    assert moment(text, day_first=day_first) == int(at.timestamp()) * 1_000_000


@pytest.mark.parametrize("day_first", [True, False])
def test_what_can_be_one_day_only_is_that_day(day_first: bool) -> None:
    assert moment("31/03/2024", day_first=day_first) == int(DAY.timestamp()) * 1_000_000
    assert moment("31/31/2024", day_first=day_first) is None


def test_a_serial_number_of_a_day_is_understood_in_a_cell_alone() -> None:
    assert cell_moment("45382.5") == int(DAY.replace(hour=12).timestamp()) * 1_000_000
    assert cell_moment("45382") == int(DAY.timestamp()) * 1_000_000
    assert moment("45382.5") is None
    assert {cell_moment(text) for text in ("36525", "73051", "4538", "453825")} == {None}


@pytest.mark.parametrize(("day_first", "order"), [(True, ["A", "B"]), (False, ["B", "A"])])
def test_a_table_is_sorted_as_the_option_says(
    day_first: bool, order: list[str], tmp_path: Path
) -> None:
    content = (
        "conversation_id,role,content,created_at\n"
        "a,user,A,01/02/2025\n"
        "a,agent,B,02/01/2025\n".replace("02/01", "03/03" if day_first else "01/01")
    )
    found = read_table(content.encode(), tmp_path, day_first=day_first)
    assert found.batch.turns["text"].to_list() == order


def test_a_time_that_may_be_two_names_the_options(tmp_path: Path) -> None:
    content = "conversation_id,role,content,created_at\na,user,A,01/02/2025\n"
    found = read_table(content.encode(), tmp_path)
    (reason,) = found.unreadable["reason"]
    assert "--day-first" in reason
    assert "--month-first" in reason


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_outside_of_the_calendar_is_none(text: str) -> None:
    assert moment(text) is None
