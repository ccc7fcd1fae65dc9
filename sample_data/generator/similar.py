"""Tell how alike two conversations are, so that only the planted copies are alike."""

import re
from collections import Counter
from collections.abc import Iterable

WORD = re.compile(r"\w+")
MOST_ALIKE = 0.5  # unplanted pairs stay well below the 0.8 of `duplicate/near-duplicate`


def shingles(texts: Iterable[str]) -> frozenset[str]:
    """Return the word 3-grams of a conversation."""
    words = WORD.findall(" ".join(texts).lower())
    return frozenset(" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2)))


def jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    """Return the share of common 3-grams."""
    return len(left & right) / len(left | right)


class Seen:
    """The conversations so far; finds out whether a new one is too much like one of them."""

    def __init__(self) -> None:
        self._sizes: list[int] = []
        self._holders: dict[str, list[int]] = {}

    def closest(self, new: frozenset[str]) -> float:
        """Return the highest similarity to an earlier conversation."""
        common: Counter[int] = Counter()
        for shingle in new:
            common.update(self._holders.get(shingle, ()))
        return max(
            (both / (len(new) + self._sizes[at] - both) for at, both in common.items()), default=0.0
        )

    def add(self, new: frozenset[str]) -> None:
        """Remember a conversation."""
        for shingle in new:
            self._holders.setdefault(shingle, []).append(len(self._sizes))
        self._sizes.append(len(new))
