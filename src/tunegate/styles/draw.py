"""Numbers that look random and follow from a seed alone."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

Choice = TypeVar("Choice")

_WORD = 8  # bytes of one drawn number


@dataclass
class Draw:
    """A stream of choices: HMAC-SHA-256 over a counter, so that every machine draws the same."""

    seed: bytes
    attempt: int = 0
    _block: int = 0
    _left: bytes = field(default=b"", repr=False)

    def below(self, limit: int) -> int:
        """Return a number from 0 up to `limit`, which is far below 2 to the 64th."""
        if len(self._left) < _WORD:
            counted = f"{self.attempt}/{self._block}".encode()
            self._left += hmac.digest(self.seed, counted, "sha256")
            self._block += 1
        word, self._left = self._left[:_WORD], self._left[_WORD:]
        return int.from_bytes(word, "big") % limit

    def among(self, choices: Sequence[Choice]) -> Choice:
        """Return one of several."""
        return choices[self.below(len(choices))]
