"""Keep what people are called by their id, small enough for exports of millions of customers.

A plan travels to every process that reads, so that a customer may cost some tens of bytes and no
more: digests of ids stand sorted, and what the people are called in compressed blocks.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import zstandard
from numpy.typing import NDArray

from tunegate.readers.mentions import Detail
from tunegate.readers.people import digest

_BLOCK = 512  # people; of fewer they compress less well, and more take longer to open
_SHIFT = 16  # bits of a place for the number within a block
_LEVEL = 3

Ids = NDArray[np.uint64]


def _none() -> Ids:
    return np.empty(0, np.uint64)


@dataclass(frozen=True)
class Directory:
    """What people are called, by the digests of their ids; places: block << 16 | number in it."""

    digests: Ids = field(default_factory=_none)
    places: Ids = field(default_factory=_none)
    blocks: tuple[bytes, ...] = ()

    def __len__(self) -> int:
        return len(self.digests)

    def find(self, ids: Sequence[str]) -> Mapping[str, Sequence[Detail]]:
        """Return the details of those who are known; each block is opened once at most."""
        if not ids or not len(self.digests):
            return {}
        wanted = np.array([digest(one) for one in ids], np.uint64)
        at = np.searchsorted(self.digests, wanted)
        at[at == len(self.digests)] = 0
        known = np.flatnonzero(self.digests[at] == wanted)
        places = self.places[at[known]]
        found: dict[str, Sequence[Detail]] = {}
        opened, lines = -1, [""]
        for n in np.argsort(places, kind="stable"):
            block, number = divmod(int(places[n]), 1 << _SHIFT)
            if block != opened:
                opened, lines = block, _opened(self.blocks[block])
            found[ids[int(known[n])]] = tuple(_read(lines[number]))
        return found


class Entries:
    """A directory while it is written; of two people with one id the first counts."""

    def __init__(self) -> None:
        self._digests = array("Q")
        self._places = array("Q")
        self._blocks: list[bytes] = []
        self._held: list[str] = []

    def add(self, ids: Iterable[str], details: Sequence[Detail]) -> None:
        """Note what somebody is called who has these ids."""
        if not details:
            return
        place = len(self._blocks) << _SHIFT | len(self._held)
        for one in ids:
            self._digests.append(digest(one))
            self._places.append(place)
        self._held.append("\t".join(part for detail in details for part in detail))
        if len(self._held) == _BLOCK:
            self._close()

    def directory(self) -> Directory:
        """Return all of it, sorted."""
        if self._held:
            self._close()
        digests, first = np.unique(np.array(self._digests, np.uint64), return_index=True)
        return Directory(digests, np.array(self._places, np.uint64)[first], tuple(self._blocks))

    def _close(self) -> None:
        # Details hold no control characters: whoever found them has squeezed all space.
        written = "\n".join(self._held).encode(errors="replace")
        self._blocks.append(zstandard.compress(written, _LEVEL))
        self._held = []


def _opened(block: bytes) -> list[str]:
    return zstandard.decompress(block).decode().split("\n")


def _read(line: str) -> Iterator[Detail]:
    parts = line.split("\t")
    return zip(parts[::2], parts[1::2], strict=True)
