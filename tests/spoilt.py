"""Spoil exports in tests: drop keys, and put other types where something else should stand."""

import copy
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from exports import Content, books, read
from tunegate.errors import InputError
from tunegate.model import Reader

Steps = tuple[str | int, ...]

_OTHERS: tuple[Any, ...] = (None, 0, -7, 2.5, True, "", "x", [], [None], {}, {"id": {}}, ["x"])


def spoilt(value: Any, below: Steps = ()) -> st.SearchStrategy[Any]:
    """Return copies of a JSON value with one to three places spoilt, below a place in it."""
    places = [*_places(_at(value, below), below)]
    spoils = st.tuples(st.sampled_from(places), st.sampled_from((*_OTHERS, "drop")))
    return st.lists(spoils, min_size=1, max_size=3).map(lambda some: _spoil(value, some))


def accounted(reader: Reader, files: Mapping[str, Content], **options: Any) -> int | None:
    """Return how many messages the books tell of; None if the reader refused the export."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            reading, plan = read(reader, Path(folder), files, **options)
        except InputError:
            return None
    used, merged, excluded, unreadable = books(reading)
    return used + merged + sum(excluded.values()) + len(unreadable) + plan.faults.height


def _places(value: Any, steps: Steps) -> Iterator[Steps]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for step, inner in items:
        yield (*steps, step)
        yield from _places(inner, (*steps, step))


def _at(value: Any, steps: Steps) -> Any:
    for step in steps:
        value = value[step]
    return value


def _spoil(value: Any, spoils: Sequence[tuple[Steps, Any]]) -> Any:
    found = json.loads(json.dumps(value))  # where one object stands twice, two are spoilt apart
    for steps, other in spoils:
        try:
            holder = _at(found, steps[:-1])
            if other == "drop" and isinstance(holder, dict):
                holder.pop(steps[-1], None)
            elif other != "drop":
                holder[steps[-1]] = copy.deepcopy(other)
        except (IndexError, KeyError, TypeError):
            pass  # an earlier spoil took the place away
    return found
