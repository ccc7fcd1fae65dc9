"""Plant invented values beside the data, and tell whether the run let any of them through."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from tunegate.allow import unexplained
from tunegate.canaries import Canary, canaries
from tunegate.model import FINDINGS, ReadOptions, to_batch
from tunegate.pipeline.finish import Recheck, Rechecked, judged, traced
from tunegate.pipeline.job import Job, Parts
from tunegate.pipeline.scan import HEADS, Tally, audit_batch
from tunegate.readers import chat
from tunegate.readers.inputs.sources import describe
from tunegate.rules import Action

_FOLDER = "canaries"
_LINES = "000000.jsonl"
_PIECE = 12  # letters and figures of a value that must not stand together; a prefix has fewer
_FAMILIES = "^(pii|secret)/"


@dataclass(frozen=True)
class Planted:
    """What became of the canaries.

    allowed: found, and left in place by the policy's allow-list. missed: rule → canaries of which
    the value, or something that the second engine finds, stands in the line as it would be written.
    """

    planted: int = 0
    allowed: int = 0
    missed: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what run.json says; no value is in it."""
        caught = self.planted - self.allowed - sum(self.missed.values())
        return {
            "planted": self.planted,
            "caught": caught,
            "allowed": self.allowed,
            "missed": dict(sorted(self.missed.items())),
        }


def plant(job: Job, number: int) -> Planted:
    """Run canaries through all that the data runs through, in a folder of their own.

    They are in no book and in no file of the run.
    """
    made = canaries(job.policy.rules, number, job.policy.file.redaction.seed)
    if not made:
        return Planted()
    aside = job.beside(_FOLDER)
    staged = aside.work / "lines"
    staged.mkdir()
    with (staged / _LINES).open("wb") as out:
        for first in range(0, len(made), job.batch_rows):
            part = made[first : first + job.batch_rows]
            batch = to_batch([canary.turns for canary in part], first=first)
            audit_batch(aside, batch, f"000000-{first:09d}", 0, out)
    found = Parts(aside.work, "found").whole(FINDINGS)
    lines = Parts(aside.work, "heads").whole(HEADS).drop_nulls("offset").sort("row")
    again = _judged_again(aside, staged / _LINES, lines).found if lines.height else found.clear()
    return _told(made, found, again, dict(_texts(staged / _LINES, lines)), job)


def _judged_again(job: Job, path: Path, lines: pl.DataFrame) -> Rechecked:
    options = ReadOptions(batch_rows=job.batch_rows)
    plan = chat.READER.plan([describe(path, path.name)], options)
    tally = Tally()
    for number in range(len(plan.splits)):
        tally.add(judged(job, Recheck(job.work, plan, number)))
    return traced(job, tally, {path.name: lines.select("row", "offset")})


def _texts(path: Path, lines: pl.DataFrame) -> Iterator[tuple[int, str]]:
    """Yield row and what its line says, every text in it one behind the other."""
    with path.open("rb") as file:
        for row, offset, length in lines.select("row", "offset", "length").iter_rows():
            file.seek(offset)
            yield row, "\n".join(_leaves(json.loads(file.read(length))))


def _leaves(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from _leaves(child)


def _told(
    made: list[Canary], found: pl.DataFrame, again: pl.DataFrame, texts: Mapping[int, str], job: Job
) -> Planted:
    ours = pl.col("rule").str.contains(_FAMILIES)
    marks = {rule.id: rule.file.placeholder for rule in job.policy.rules}
    kept = [rule.id for rule in job.policy.rules if rule.file.action is Action.KEEP]
    seen = set(unexplained(found).filter(ours)["row"])
    accounted = set(found.filter(ours, pl.col("explained").is_not_null())["row"])
    left = set(unexplained(again).filter(ours & ~pl.col("rule").is_in(kept))["row"])
    missed: Counter[str] = Counter()
    allowed = 0
    for row, canary in enumerate(made):
        # One that is not written at all was held back: for its value, or else nothing is proven.
        mark = marks[canary.rule]
        through = stands(canary.value, texts[row], mark) if row in texts else row not in seen
        if row in accounted and through:
            allowed += 1
        elif through or row in left:
            missed[canary.rule] += 1
    return Planted(len(made), allowed, missed)


def stands(value: str, text: str, mark: str | None = None) -> bool:
    """Tell whether a value stands in a text, or a long piece of it, however it is divided.

    mark: the word of its placeholder, which does not count: a value may begin as it reads.
    """
    core = _folded(value)
    size = min(_PIECE, len(core))
    said = [_folded(part) for part in (text.split(mark) if mark else [text])]
    pieces = [core[n : n + size] for n in range(len(core) - size + 1)]
    return any(piece in part for part in said for piece in pieces)


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
