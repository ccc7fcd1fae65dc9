"""Count the pictures and files of the input that no rule looks into."""

import polars as pl

from tunegate.model import Reading
from tunegate.readers.merge import NO_MEDIA, ONLY_ATTACHMENT

# Parts of a chat message; a record's skeleton has its types and none of its texts.
_PARTS = r'"type":\s*"(?:image|image_url|input_image|audio|input_audio|video|file|input_file)"'


def media_of(reading: Reading) -> int:
    """Return how many there are at least; one that only a text speaks of is not known."""
    left_out = (pl.col("note") == NO_MEDIA) | (pl.col("removed") == ONLY_ATTACHMENT)
    noted = reading.batch.segments.select(left_out.fill_null(False).sum()).item()
    parts = reading.batch.conversations.select(pl.col("skeleton").str.count_matches(_PARTS).sum())
    return reading.attached + int(noted) + int(parts.item() or 0)
