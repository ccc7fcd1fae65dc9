"""Run rules on batches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl

from tunegate.errors import TunegateError
from tunegate.model import FINDINGS, FINDINGS_ORDER, Batch, BatchCheck, empty, findings
from tunegate.rules import On, Rule
from tunegate.winning import everywhere, settled

_COMPETING = ("pii", "secret")  # families of which one place is one value


@dataclass(frozen=True)
class Failure:
    """A check that raised: which rule, on which rows, and the kind of exception; no message."""

    rule: str
    first_row: int | None
    error: str


class Scanner:
    """Rules that judge batches alone, built once and run on many.

    Rules whose check can be fused run as one scan. When that raises they run one by one, so that
    the failure has a name. Of spans of personal data and secrets that overlap the best one counts,
    and a value that was found once is found everywhere in its conversation.

    engine: what looks for triggers; None takes the slower one that needs no preparation. folder:
    where it keeps what takes long to prepare.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        *,
        on: On,
        engine: str | None = None,
        folder: Path | None = None,
    ) -> None:
        self._on = on
        self._scoped = {r.id: r for r in rules if r.file.roles or r.file.parts}
        self._priority = {r.id: r.file.priority for r in rules if r.family in _COMPETING}
        self._scans: list[tuple[list[tuple[Rule, BatchCheck]], BatchCheck | None]] = []
        groups: dict[type, list[tuple[Rule, BatchCheck]]] = {}
        for rule in rules:
            check = rule.build()
            if isinstance(check, BatchCheck):
                groups.setdefault(type(check), []).append((rule, check))
        for kind, built in groups.items():
            fuse = getattr(kind, "fuse", None)
            fused = fuse(built) if fuse and len(built) > 1 else None
            if fused is not None and engine is not None and hasattr(fused, "using"):
                fused = fused.using(engine, folder)
            self._scans.append((built, fused))

    def run(self, batch: Batch) -> tuple[pl.DataFrame, tuple[Failure, ...]]:
        """Return the findings, sorted, and the checks that failed."""
        found: list[pl.DataFrame] = []
        failures: list[Failure] = []
        for built, fused in self._scans:
            if fused is not None:
                frame, failed = _checked(built[0][0].id, fused, batch)
                if not failed:
                    found.append(_within(frame, [rule for rule, _ in built]))
                    continue
            for rule, check in built:
                frame, failed = _checked(rule.id, check, batch)
                failures += failed
                found.append(_within(frame.with_columns(rule=pl.lit(rule.id)), [rule]))
        if not found:
            return empty(FINDINGS), tuple(failures)
        whole = pl.concat(found).with_columns(on=pl.lit(self._on, pl.String))
        if self._priority:
            whole = self._everywhere(settled(whole, self._priority), batch)
        # What the order does not tell apart stays as its check gave it, in every run alike.
        ordered = whole.sort(FINDINGS_ORDER, nulls_last=False, maintain_order=True)
        return ordered, tuple(failures)

    def _everywhere(self, found: pl.DataFrame, batch: Batch) -> pl.DataFrame:
        more = everywhere(found, batch.turns, self._priority)
        if more.height == found.height:
            return found
        return settled(_within(more, list(self._scoped.values())), self._priority)


def run_rules(
    rules: Sequence[Rule], batch: Batch, *, on: On = "source"
) -> tuple[pl.DataFrame, tuple[Failure, ...]]:
    """Run on one batch every rule that judges a batch alone; see `Scanner`."""
    return Scanner(rules, on=on).run(batch)


Answer = TypeVar("Answer")


def attempt(
    rule: str, call: Callable[[], Answer], first_row: int | None = None
) -> tuple[Answer | None, tuple[Failure, ...]]:
    """Return what a check answers, or the failure when it raises.

    first_row: of the batch that it was given.
    """
    try:
        return call(), ()
    except TunegateError:
        raise
    except Exception as error:  # any check, also a third party's; its message may hold data
        return None, (Failure(rule, first_row, type(error).__name__),)


def _checked(
    rule: str, check: BatchCheck, batch: Batch
) -> tuple[pl.DataFrame, tuple[Failure, ...]]:
    found, failed = attempt(rule, lambda: findings(check.check(batch)), batch.first_row)
    return (empty(FINDINGS) if found is None else found), failed


def _within(found: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    outside = pl.lit(False)
    for rule in rules:
        inside = pl.lit(True)
        if rule.file.roles:
            inside &= pl.col("role").is_in(rule.file.roles)
        if rule.file.parts:
            starts = [pl.col("part").str.starts_with(part) for part in rule.file.parts]
            inside &= pl.any_horizontal(starts)
        if rule.file.roles or rule.file.parts:
            outside |= (pl.col("rule") == rule.id) & ~inside.fill_null(False)
    return found.filter(~outside)
