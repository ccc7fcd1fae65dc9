"""What a conversation shows or calls beside its texts: it stands in the skeleton alone."""

import json
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import polars as pl

from tunegate.branches import placed
from tunegate.model import Batch, Schema

BESIDE: Schema = {
    "row": pl.Int64(),
    "mark": pl.String(),  # digest of the pictures and of the names of called functions
    "pictured": pl.Boolean(),  # some of it is a picture
}
_HINTS = ["data:", "tool_calls", "function_call"]


def beside(batch: Batch) -> pl.DataFrame:
    """Return `BESIDE` for the conversations that show or call anything."""
    hinted = batch.conversations.filter(
        pl.col("skeleton").str.contains_any(_HINTS).fill_null(False)
    )
    rows = []
    # A loop over the few records that hold more than text.
    for row, skeleton in hinted.select("row", "skeleton").iter_rows():
        seen = list(_seen(json.loads(skeleton)))
        if seen:
            mark = blake2b(json.dumps(seen).encode(), digest_size=16).hexdigest()
            rows.append((row, mark, any(kind == "picture" for _, _, kind, _ in seen)))
    return pl.DataFrame(rows, schema=BESIDE, orient="row")


def _seen(record: object) -> Iterator[tuple[str | None, int, str, str]]:
    for branch, turn, message in placed(record):
        if not isinstance(message, dict):
            continue
        for part in _objects(message.get("content")):
            for image in _objects([part.get("image_url")]):
                if isinstance(image.get("url"), str) and image["url"]:
                    yield branch, turn, "picture", image["url"]
        for call in (*_objects(message.get("tool_calls")), message):
            for function in _objects([call.get("function"), call.get("function_call")]):
                yield branch, turn, "call", str(function.get("name"))


def _objects(listed: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON of any shape
    if isinstance(listed, list):
        yield from (item for item in listed if isinstance(item, dict))
