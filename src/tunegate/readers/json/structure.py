"""Find the brackets and commas of JSON outside of strings, block after block."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_QUOTE, _BACKSLASH, OPEN, CLOSE, COMMA = 1, 2, 3, 4, 5
_CLASS = {34: _QUOTE, 92: _BACKSLASH, 91: OPEN, 123: OPEN, 93: CLOSE, 125: CLOSE, 44: COMMA}
_CLASSES = bytes(_CLASS.get(byte, 0) for byte in range(256))


class Structure:
    """Follows one stream; strings and escapes may run over the end of a block."""

    def __init__(self) -> None:
        self._escaped = False  # the next block's first byte follows an odd backslash
        self._quoted = False  # the next block begins inside a string
        self._depth = 0

    def marks(self, block: bytes, deepest: int) -> Iterator[tuple[int, int, int]]:
        """Return (place, class, depth after it) of all marks down to a depth."""
        marked = np.frombuffer(block.translate(_CLASSES), np.uint8)
        places = np.flatnonzero(marked != 0)
        classes = marked[places]
        quotes = classes == _QUOTE
        backslashes = places[classes == _BACKSLASH]
        if self._escaped or len(backslashes):
            quotes &= ~self._escapes(backslashes, len(block))[places]
        quoted = np.bitwise_xor.accumulate(quotes) ^ self._quoted
        if len(quoted):
            self._quoted = bool(quoted[-1])
        outside = ~quoted & (classes >= OPEN)
        places, classes = places[outside], classes[outside]
        steps = (classes == OPEN).astype(np.int64) - (classes == CLOSE)
        depths = self._depth + np.cumsum(steps)
        if len(depths):
            self._depth = int(depths[-1])
        # A closing bracket belongs to the depth it closes.
        near = depths + (classes == CLOSE) <= deepest
        return zip(
            places[near].tolist(), classes[near].tolist(), depths[near].tolist(), strict=True
        )

    def _escapes(self, backslashes: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
        """Return which bytes of a block follow a backslash that is not escaped itself."""
        escaped = np.zeros(size + 1, np.bool_)
        escaped[0] = self._escaped
        if self._escaped and len(backslashes) and backslashes[0] == 0:
            backslashes = backslashes[1:]
        if len(backslashes):
            order = np.arange(len(backslashes))
            begins = np.ones(len(backslashes), np.bool_)
            begins[1:] = np.diff(backslashes) != 1
            run_start = np.maximum.accumulate(np.where(begins, order, 0))
            escaped[backslashes[(order - run_start) % 2 == 0] + 1] = True
        self._escaped = bool(escaped[size])
        return escaped[:size]
