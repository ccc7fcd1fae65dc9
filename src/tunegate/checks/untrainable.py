"""Flag conversations from which a model would learn nothing."""

from dataclasses import dataclass

import polars as pl

from tunegate.checks.messages import messages, paths
from tunegate.model import CONTENT, Batch, findings

# What redaction puts in place of a span, such as <EMAIL_1>, or a token or hash with a key.
_PLACEHOLDER = r"<[A-Z][A-Z0-9_]*_(?:[0-9]{1,9}|[0-9a-f]{12}|[0-9a-f]{32})>"
_VISIBLE = r"[^\s\p{Cc}\p{Cf}]"  # neither space nor a control or a zero-width character
_TELLING = r"[\p{L}\p{N}\p{So}]"  # a letter, a digit, or a picture such as an emoji

_MESSAGE = ["row", "branch", "turn"]


@dataclass(frozen=True)
class Untrainable:
    """Flag conversations without a question, or without an answer that is trained."""

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding per reason, and one per empty answer.

        kind: no-turns, no-user, no-assistant, empty-answer, nothing-left (answers of nothing but
        placeholders), not-ending-in-answer, all-weights-zero, equal-answers (of a preference
        record, from which nobody could tell the better one).
        """
        said = messages(batch).join(
            _said(batch), on=_MESSAGE, how="left", nulls_equal=True, maintain_order="left"
        )
        answer = pl.col("role").eq("assistant").fill_null(False)
        own = pl.col("branch").eq_missing(pl.col("path"))  # what an answer is preceded by is not
        works = answer & (pl.col("visible").fill_null(False) | pl.col("calls"))
        silent = answer & ~works
        chats = (
            paths(
                said.with_columns(
                    telling=works & (pl.col("calls") | pl.col("telling").fill_null(False)),
                    masked=works & pl.col("masked").fill_null(False),
                )
            )
            .group_by("row", "path", maintain_order=True)
            .agg(
                (~(works & own).any()).alias("no-assistant"),
                (~pl.col("role").eq("user").fill_null(False).any()).alias("no-user"),
                ((pl.col("masked") & own).any() & ~(pl.col("telling") & own).any()).alias(
                    "nothing-left"
                ),
                (~answer.last()).alias("not-ending-in-answer"),
                (answer.any() & ~(answer & pl.col("trained") & own).any()).alias(
                    "all-weights-zero"
                ),
            )
        )
        whole = (
            chats.unpivot(index=["row", "path"], variable_name="kind", value_name="holds")
            .filter("holds")
            .select("row", "kind", branch="path")
        )
        return pl.concat(
            [
                findings(whole),
                findings(said.filter(silent).with_columns(kind=pl.lit("empty-answer"))),
                findings(_alike(batch)),
                findings(
                    batch.conversations.join(said, on="row", how="anti").select(
                        "row", kind=pl.lit("no-turns")
                    )
                ),
            ]
        )


def _alike(batch: Batch) -> pl.DataFrame:
    """Return the preference records whose answers say and call the same."""
    answers = batch.turns.drop_nulls("branch")
    said = answers.select("row", "branch", leaf=pl.struct("turn", "part", "role", "text"))
    both = said.group_by("row", "branch", maintain_order=True).agg("leaf")
    alike = both.filter(pl.struct("row", "leaf").is_duplicated()).select("row").unique()
    called = messages(batch).filter(pl.col("branch").is_not_null(), "calls").select("row")
    # Which tool is called stands in the skeleton, and tells them apart as well.
    return (
        alike.join(called, on="row", how="anti")
        .sort("row")
        .with_columns(kind=pl.lit("equal-answers"))
    )


def _said(batch: Batch) -> pl.DataFrame:
    """Return for each assistant message with words what is to be seen in them."""
    placed = pl.col("part").str.starts_with(CONTENT) | (pl.col("part") == "/refusal")
    text = pl.col("text")
    left = text.str.replace_all(_PLACEHOLDER, "")
    return (
        batch.turns.filter(pl.col("turn").is_not_null(), pl.col("role") == "assistant", placed)
        .group_by(_MESSAGE)
        .agg(
            visible=text.str.contains(_VISIBLE).any(),
            masked=text.str.contains(_PLACEHOLDER).any(),
            telling=left.str.contains(_TELLING).any(),
        )
    )
