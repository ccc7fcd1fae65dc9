"""Break an export in one place, to see that a reader keeps its books whatever is wrong."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

SCRAPS: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just([]) | st.just({})
)


def broken(value: Any, place: int, scrap: object) -> Any:
    """Return a copy with a scrap in one of its places; they are counted round and round."""
    other = copy.deepcopy(value)
    places = list(_places(other))
    holder, key = places[place % len(places)]
    holder[key] = scrap
    return other


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key in value if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])
