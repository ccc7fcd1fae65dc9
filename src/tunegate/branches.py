"""Where the messages of a chat record stand, those of a preference record among them.

A preference record is OpenAI's: a prompt under `input`, and two answers to it. Turns are counted
from the prompt on, so that both answers begin with the same number.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

CHOSEN, REJECTED = "chosen", "rejected"
INPUT = "input"
OUTPUTS = {"preferred_output": CHOSEN, "non_preferred_output": REJECTED}


class Placed(NamedTuple):
    """A message and its place; `branch` is None but for the answers of a preference record."""

    branch: str | None
    turn: int
    message: Any


def is_preference(record: object) -> bool:
    """Tell whether a record compares two answers, whatever else is wrong in it."""
    return (
        isinstance(record, dict)
        and "messages" not in record
        and not OUTPUTS.keys().isdisjoint(record)
    )


def lists(record: object) -> Iterator[tuple[str | None, int, list[Any]]]:
    """Yield each list of messages in a record with its branch and the turn of its first one."""
    if not isinstance(record, dict):
        return
    prefers = is_preference(record)
    prompt = _messages(record.get(INPUT) if prefers else record)
    if prompt is not None:
        yield None, 0, prompt
    for key, branch in OUTPUTS.items() if prefers else ():
        if isinstance(record.get(key), list):
            yield branch, len(prompt or ()), record[key]


def placed(record: object) -> Iterator[Placed]:
    """Yield the messages of a record, the prompt's before the answers'."""
    for branch, first, messages in lists(record):
        for turn, message in enumerate(messages, first):
            yield Placed(branch, turn, message)


def message_at(record: object, branch: str | None, turn: int) -> Any:  # noqa: ANN401 - any JSON
    """Return the message at a place that `placed` named."""
    return next(
        messages[turn - first] for named, first, messages in lists(record) if named == branch
    )


def _messages(holder: object) -> list[Any] | None:
    messages = holder.get("messages") if isinstance(holder, dict) else None
    return messages if isinstance(messages, list) else None
