"""Find which records belong to one conversation, where each names only some other of them.

Ids are kept as digests of eight bytes, and only where one record names another, so that the map
of an export of millions stays small.
"""

from array import array
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Links:
    """Collects which ids belong together."""

    def __init__(self) -> None:
        self._one = array("Q")
        self._other = array("Q")

    def add(self, one: str | None, other: str | None) -> None:
        """Note that two ids belong to one conversation; one that is missing says nothing."""
        if one and other and one != other:
            self._one.append(_digest(one))
            self._other.append(_digest(other))

    def threads(self) -> "Threads":
        """Return the conversations."""
        one = np.array(self._one, np.uint64)
        known, places = np.unique(
            np.concatenate([one, np.array(self._other, np.uint64)]), return_inverse=True
        )
        return Threads(known, known[_roots(places[: len(one)], places[len(one) :], len(known))])


class Threads(NamedTuple):
    """Conversations by the digests of ids: those known, sorted, and which of them leads each."""

    known: NDArray[np.uint64]
    leading: NDArray[np.uint64]

    def key(self, identifier: str) -> str:
        """Return what all ids of a conversation share."""
        digest = _digest(identifier)
        at = int(np.searchsorted(self.known, np.uint64(digest)))
        known = at < len(self.known) and self.known[at] == digest
        return f"{int(self.leading[at]) if known else digest:016x}"


def _roots(one: NDArray[np.int64], other: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return the least of the numbers that each is linked with, over any number of steps."""
    root = np.arange(count)
    while len(one):
        low = np.minimum(root[one], root[other])
        np.minimum.at(root, root[one], low)
        np.minimum.at(root, root[other], low)
        while not np.array_equal(hop := root[root], root):
            root = hop
        apart = root[one] != root[other]
        one, other = one[apart], other[apart]
    return root


def _digest(identifier: str) -> int:
    return int.from_bytes(blake2b(identifier.encode(errors="replace"), digest_size=8).digest())
