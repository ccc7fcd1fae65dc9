"""What one record becomes is booked once, whatever goes wrong with a part of it."""

from pathlib import Path
from typing import Any

from exports import books, read
from tunegate.model import About
from tunegate.readers.export import Chat, Desk, ExportReader, Found, Left
from tunegate.readers.shape import Head
from tunegate.readers.streams import Table


def nested(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"role": "user", "content": "q"}
    schema: dict[str, Any] = {}
    for _ in range(depth):
        schema = {"properties": {"a": schema}}
    return {
        "messages": [inner],
        "tools": [{"type": "function", "function": {"parameters": schema}}],
    }


def made(found: Any, desk: Desk) -> list[Any]:
    (one,) = found
    assert isinstance(one, Found)
    return [Left("event"), Chat(Head(one.row), nested(40_000), [one])]


def test_a_chat_that_cannot_be_written_leaves_the_rest_of_the_book_alone(tmp_path: Path) -> None:
    about = About("Made", "made", "all", "nothing")
    reader = ExportReader("made", about, (Table("things", "thing"),), made)
    reading, _ = read(reader, tmp_path, {"t.jsonl": '{"thing": 1}\n'})
    used, merged, excluded, unreadable = books(reading)
    assert (used, merged, excluded) == (0, 0, {"event": 1})
    assert len(unreadable) == 1
