"""Readers: one module a source shape, and what they share.

`find` turns what a user named into inputs and `choose` picks the reader of their shape. A reader
cuts inputs into splits, reads records from a split, and makes conversations of records; what it
cannot understand becomes a located, unreadable row.
"""

from tunegate.readers.choosing import choose
from tunegate.readers.inputs.named import find

__all__ = ["choose", "find"]
