"""Keep which record belongs to which other one, for exports of many millions."""

from array import array

import numpy as np
from numpy.typing import NDArray

_DIGITS = 18  # of a number that fits


class Links:
    """Pairs of ids, of which the first named counts; sixteen bytes a pair where ids are numbers."""

    def __init__(self) -> None:
        self._one = array("Q")
        self._other = array("Q")
        self._odd: dict[str, str] = {}
        self._sorted: tuple[NDArray[np.uint64], NDArray[np.uint64]] | None = None

    def add(self, one: str, other: str) -> None:
        """Note that one belongs to the other."""
        if _is_number(one) and _is_number(other):
            self._one.append(int(one))
            self._other.append(int(other))
        else:
            self._odd.setdefault(one, other)

    def get(self, one: str) -> str | None:
        """Return what an id belongs to, None where nothing says it."""
        if one in self._odd or not _is_number(one):
            return self._odd.get(one)
        known, others = self._arrays()
        at = int(np.searchsorted(known, np.uint64(int(one))))
        return str(others[at]) if at < len(known) and known[at] == int(one) else None

    def _arrays(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        if self._sorted is None:
            # The first of equal ones is the one that was added first.
            known, first = np.unique(np.array(self._one, np.uint64), return_index=True)
            self._sorted = known, np.array(self._other, np.uint64)[first]
            self._one, self._other = array("Q"), array("Q")
        return self._sorted

    def __len__(self) -> int:
        return len(self._odd) + (len(self._sorted[0]) if self._sorted else len(self._one))

    def frozen(self) -> "Links":
        """Return the links as they are sent to other processes; none can be added any more."""
        self._arrays()
        return self


def _is_number(word: str) -> bool:
    # One with a zero before it is another id than that without.
    return word.isascii() and word.isdecimal() and len(word) <= _DIGITS and str(int(word)) == word
