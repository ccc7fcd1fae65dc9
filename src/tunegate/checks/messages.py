"""The messages of a batch, also those that hold no text."""

from typing import Any

import orjson
import polars as pl

from tunegate.branches import placed
from tunegate.model import Batch

MESSAGES = {
    "row": pl.Int64(),
    "branch": pl.String(),
    "turn": pl.Int32(),
    "role": pl.String(),  # null: unknown, or the message is not an object
    "calls": pl.Boolean(),  # it calls tools
    "trained": pl.Boolean(),  # false: its weight is 0
}
_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})


def messages(batch: Batch) -> pl.DataFrame:
    """Return one row a message in the schema `MESSAGES`, sorted by place.

    A call without a word, or a picture, leaves no text in `turns`: where a conversation has a
    skeleton its messages are those of the skeleton.
    """
    shaped = batch.conversations.filter(pl.col("skeleton").is_not_null())
    plain = (
        batch.turns.filter(pl.col("turn").is_not_null())
        .join(shaped, on="row", how="anti", maintain_order="left")
        .unique(["row", "branch", "turn"], keep="first", maintain_order=True)
        .select("row", "branch", "turn", "role", calls=False, trained=True)
    )
    rows = [
        (row, branch, turn, *_seen(message))
        for row, skeleton in shaped.select("row", "skeleton").iter_rows()
        for branch, turn, message in placed(orjson.loads(skeleton))
    ]
    found = pl.concat([plain, pl.DataFrame(rows, schema=MESSAGES, orient="row")])
    return found.sort("row", "branch", "turn")


def paths(found: pl.DataFrame) -> pl.DataFrame:
    """Return the messages of each conversation as a model reads it, with its branch as `path`.

    The prompt of a preference record leads to either answer, and so stands on both paths.
    """
    branches = found.select("row", path="branch").drop_nulls().unique(maintain_order=True)
    shared = pl.col("branch").is_null()
    prompts = found.filter(shared).join(branches, on="row", how="left", maintain_order="left")
    answers = found.filter(~shared).with_columns(path="branch")
    return pl.concat([prompts, answers]).sort("row", "path", "turn")


def _seen(message: Any) -> tuple[str | None, bool, bool]:  # noqa: ANN401 - JSON of any shape
    if not isinstance(message, dict):
        return None, False, True
    role = message.get("role")
    known = role if isinstance(role, str) and role in _ROLES else None
    calls = bool(message.get("tool_calls")) or bool(message.get("function_call"))
    weight = message.get("weight")
    return known, calls, not (isinstance(weight, int) and weight == 0)
