"""Redact a batch in rounds, write it in the policy's style, and keep what later steps need."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tunegate.allow import AllowList, unexplained
from tunegate.keys import Key, load_keys, mac
from tunegate.model import FINDINGS, Batch, Schema, empty
from tunegate.pipeline.job import Job, Parts
from tunegate.redact import PLACE, Redaction
from tunegate.rendering import Rendered, Wording, render
from tunegate.rules import Action
from tunegate.scanner import Failure
from tunegate.spans import same_value

MOST_ROUNDS = 4  # of redaction; what is then still found, the written files are judged by
_DIGEST_BYTES = 8  # a chance meeting costs no more than another draw
_DIGESTS: Schema = {"digest": pl.UInt64()}
_AVOID = "avoid.npy"


@dataclass(frozen=True)
class Redacted:
    """A batch after redaction.

    placed: with placeholders for all, whatever stands in the written text. later: findings of
    the rounds after the first.
    """

    rendered: Rendered
    placed: Batch
    later: pl.DataFrame
    failures: tuple[Failure, ...]


def redacted(job: Job, batch: Batch, found: pl.DataFrame) -> Redacted:
    """Redact until nothing more is found.

    A placeholder is shorter than what it replaces, and so a word such as "phone" can come near
    enough to a number that was too far from it before.
    """
    wording = wording_of(job)
    allowed = AllowList(job.policy.file.allow)
    redaction = Redaction(batch, wording.rules)
    rows = redaction.add(unexplained(found))
    later = [empty(FINDINGS)]
    failures: tuple[Failure, ...] = ()
    placed = redaction.placed()
    for number in range(2, MOST_ROUNDS + 1):
        if not rows:
            break
        part = placed.only(pl.col("row").is_in(rows))
        more, failed = job.redacting.run(part)
        more = unexplained(allowed.explain(part, more))  # the others were found before
        failures += failed
        rows = redaction.add(more, number)
        placed = redaction.placed() if rows else placed
        later.append(more)
    rendered = render(redaction, placed, wording)
    return Redacted(rendered, placed, pl.concat(later), failures)


def wording_of(job: Job) -> Wording:
    """Return how the spans of a run are written.

    Raises:
        KeyFileError: the policy's key file cannot be read.
    """
    rules = tuple(rule for rule in job.policy.rules if rule.file.action is Action.REDACT)
    wording = Wording(job.policy.file.redaction, rules, key_of(job))
    path = job.work / _AVOID
    if not wording.draws or not path.exists():
        return wording
    avoided, secret = _avoided(path), wording.drawing_secret

    def is_value(text: str) -> bool:
        wanted = _digest(secret, text)
        place = int(np.searchsorted(avoided, np.uint64(wanted)))
        return place < len(avoided) and int(avoided[place]) == wanted

    return replace(wording, is_value=is_value)


def key_of(job: Job) -> Key | None:
    """Return the project's key; None where the policy names none."""
    path = job.policy.file.redaction.key
    return None if path is None else load_keys(Path(path)).current


def keep_values(
    job: Job, name: str, task: int, batch: Batch, found: pl.DataFrame, done: Redacted
) -> None:
    """Leave digests of what was found and drawn, where surrogates must differ from values.

    Values are all personal data that a rule found, whether or not it is redacted, and whoever the
    source says takes part.
    """
    wording = wording_of(job)
    if not wording.draws:
        return
    personal = pl.col("rule").is_in(list(wording.styles)) | pl.col("rule").str.starts_with("pii/")
    mine = found.filter(pl.col("start").is_not_null(), personal)
    texts = mine.join(batch.turns.select(*PLACE, "text"), on=PLACE, nulls_equal=True)
    said = [t[a:b] for a, b, t in texts.select("start", "end", "text").iter_rows()]
    for kind, values in (
        ("values", [*said, *done.rendered.values, *batch.people["value"].drop_nulls()]),
        ("drawn", done.rendered.drawn),
    ):
        digests = {_digest(wording.drawing_secret, value) for value in values}
        frame = pl.DataFrame({"digest": sorted(digests)}, schema=_DIGESTS)
        Parts(job.work, kind).write(name, frame.with_columns(task=pl.lit(task, pl.Int32)))


def clashing(job: Job) -> list[int]:
    """Return the tasks that drew a surrogate which is a value of the dataset.

    From then on every value is known, and they draw anew when they run again. The others would
    draw what they drew, so that all is as if the values had been known from the beginning.
    """
    if not wording_of(job).draws:
        return []
    schema: Schema = {**_DIGESTS, "task": pl.Int32()}
    values = Parts(job.work, "values").whole(schema)["digest"].unique()
    drawn = Parts(job.work, "drawn").whole(schema)
    met = drawn.filter(pl.col("digest").is_in(values.implode()))
    np.save(job.work / _AVOID, np.sort(values.to_numpy()))
    return sorted(met["task"].unique().to_list())


def _digest(secret: bytes, text: str) -> int:
    return int.from_bytes(mac(secret, "value", same_value(text))[:_DIGEST_BYTES], "big")


@lru_cache(maxsize=1)
def _avoided(path: Path) -> "np.ndarray[Any, np.dtype[np.uint64]]":
    found: np.ndarray[Any, np.dtype[np.uint64]] = np.load(path)
    return found
