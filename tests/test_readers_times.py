"""Moments as exports write them, and rows of tables whose moment cannot be told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tunegate.readers.times import moment
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
    "45382.5",
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
    assert found.unreadable.select("line", "reason").rows() == [(3, "time is not understood")]
    assert found.excluded == {"internal note": 1}
