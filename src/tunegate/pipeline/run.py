"""Audit inputs into a run folder."""

import errno
import os
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from tunegate import tokens
from tunegate.allow import unexplained
from tunegate.checks import engines
from tunegate.decide import count_found
from tunegate.engine.executors import Executor, choose
from tunegate.engine.shuffle import buckets_for
from tunegate.errors import InterruptedRunError, OutputError, UsageError
from tunegate.judge import Evidence, judge
from tunegate.model import (
    FINDINGS_ORDER,
    PAIRS,
    SEGMENTS,
    UNREADABLE,
    Plan,
    ReadOptions,
    Source,
    frame,
)
from tunegate.pipeline.canaries import Planted, plant
from tunegate.pipeline.finish import (
    Decided,
    Rechecked,
    ledger,
    recheck_outputs,
    settle,
    write_outputs,
)
from tunegate.pipeline.folder import publish, staging
from tunegate.pipeline.job import Job, Parts, load
from tunegate.pipeline.naming import Told, told
from tunegate.pipeline.record import Measured, describe, write_record
from tunegate.pipeline.redacting import clashing, wording_of
from tunegate.pipeline.residual import notes as residual_notes
from tunegate.pipeline.reversing import mapped, refuse_place
from tunegate.pipeline.scan import Tally, scan, scatter_split
from tunegate.policy import Policy
from tunegate.readers.choosing import choose as reader_of
from tunegate.readers.inputs.named import find
from tunegate.report.render import render
from tunegate.report.summarise import summarise
from tunegate.report.words import place
from tunegate.split import TRAIN, Proof, prove

NO_SHAPE = "no reader knows its shape"
_NAMED = 3  # inputs that are passed over and named on the screen; run.json has all
POOL_FROM = 8 << 20  # bytes; some thousand conversations, about what starting processes costs


class Progress:
    """Hears how far the run is; the default is silent."""

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins, with `total` steps when that is known."""

    def step(self) -> None:
        """One step of the stage is done."""


@dataclass(frozen=True)
class Request:
    """One audit as it was asked for.

    inputs: files and folders. out: the run folder. command: how to ask for it again. now: the time
    that the run states. workers: processes; None chooses. canaries: invented values to plant.
    """

    inputs: Sequence[str | Path]
    out: Path
    policy: Policy
    options: ReadOptions
    now: datetime
    system: str | None = None
    workers: int | None = None
    command: str = ""
    canaries: int = 0


def run(request: Request, progress: Progress | None = None) -> Path:
    """Audit the inputs and return the finished run folder.

    Raises:
        TunegateError: nothing could be audited or written; the target is as it was before.
    """
    try:
        with staging(request.out) as aside:
            return _run(request, aside, progress or Progress())
    except KeyboardInterrupt:
        raise InterruptedRunError(
            "interrupted: nothing was written", hint="run the same command again"
        ) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EFBIG):
            raise
        raise OutputError(
            f"cannot be written: {os.strerror(error.errno)}",
            where=str(request.out),
            hint="nothing was written; free some space or choose another `-o`",
        ) from None


def _run(request: Request, aside: Path, progress: Progress) -> Path:
    clock = _Clock()
    progress.stage("reading the inputs")
    work, final = aside / "work", aside / "final"
    work.mkdir(mode=0o700)
    final.mkdir(mode=0o700)
    sources, ignored = find(request.inputs, work / "spool")
    _refuse_overlap(sources, request.inputs, request.out)
    plan, unused = planned(sources, request.options)
    size = sum(source.size for source in sources)
    executor, workers = choose(request.workers, size=size, threshold=POOL_FROM)
    vocabulary = request.policy.target.file.vocabulary
    prompt = tokens.system_tokens(request.system, vocabulary) if request.system else 0
    engine, again_by = engines.choose(size)
    job = Job(
        plan=plan,
        policy=request.policy.with_prompt(prompt),
        work=work,
        buckets=buckets_for(size),
        batch_rows=request.options.batch_rows,
        vocabulary=vocabulary,
        system=request.system,
        engine=engine,
        again=again_by,
    )
    refuse_place(job, request.out)
    path = job.save()
    load(path).prepare()
    clock.lap("plan")

    tally = _scan(job, path, executor, progress)
    tally.records += plan.faults.height
    tally.unreadable += plan.faults.height
    clock.lap("scan")

    progress.stage("comparing conversations")
    decided = settle(job, tally.failures)
    clock.lap("resolve")
    written = write_outputs(job, decided.heads, final)
    clock.lap("write")
    progress.stage("judging the written files")
    again = recheck_outputs(job, path, executor, final, written)
    clock.lap("recheck")
    planted = plant(load(path), request.canaries)
    clock.lap("canaries")

    passed = sorted([*ignored, *unused])
    named = told(plan, job.reader.about, passed, request.inputs, request.command)
    measured = _measured(request, job, tally, decided, again, named, planted)
    _write_frames(job, measured, final)
    environment = {
        "started": request.now.isoformat(timespec="seconds"),
        **clock.spent(),
        "workers": workers,
        "engines": [engine, again_by],
        "command": named.command,
    }
    write_record(final, describe(measured, final), environment)
    progress.stage("writing the report")
    (final / "report.html").write_text(render(summarise(final)), encoding="utf-8")
    with mapped(job, written, decided.heads):
        publish(final, request.out)
    return request.out


def planned(sources: Sequence[Source], options: ReadOptions) -> tuple[Plan, list[str]]:
    """Return how inputs will be read, and the names of those that hold nothing to read.

    Raises:
        InputError: no reader knows them.
    """
    choice = reader_of(sources, options)
    plan = choice.reader.plan(choice.sources, options)
    # What has no shape at all is lost, and counts as one record each.
    first = len(plan.sources)
    lost = [
        (first + n, None, 0, source.size, None, NO_SHAPE, None)
        for n, source in enumerate(choice.unknown)
    ]
    plan = replace(
        plan,
        sources=(*plan.sources, *choice.unknown),
        faults=pl.concat([plan.faults, frame(lost, UNREADABLE)]),
    )
    return plan, [*choice.unused, *plan.unused]


def _scan(job: Job, path: Path, executor: Executor, progress: Progress) -> Tally:
    numbers = range(len(job.plan.splits))
    if job.plan.scattered:
        progress.stage("gathering conversations", len(numbers))
        for _ in executor.map_tasks(scatter_split, [(path, n) for n in numbers]):
            progress.step()
        numbers = range(job.buckets)
    progress.stage("auditing", len(numbers))
    parts = {}
    for part in executor.map_tasks(scan, [(path, n) for n in numbers]):
        parts[part.task] = part
        progress.step()
    # Until all is read nobody knows every value that a surrogate must not be.
    if again := clashing(job):
        for part in executor.map_tasks(scan, [(path, n) for n in again]):
            parts[part.task] = part
    tally = Tally()
    for part in parts.values():
        tally.add(part)
    failures = sorted(tally.failures, key=lambda f: (f.rule, f.first_row or 0, f.error))
    return replace(tally, failures=tuple(failures), excluded=dict(sorted(tally.excluded.items())))


def _measured(
    request: Request,
    job: Job,
    tally: Tally,
    decided: Decided,
    again: Rechecked,
    named: Told,
    planted: Planted,
) -> Measured:
    settings = request.policy.file.split
    kept = decided.heads.filter(pl.col("split").is_not_null())
    proof = prove(
        kept.select("row", "split", "group", "cluster").join(again.digests, on="row"),
        decided.pairs,
        seed=settings.seed,
        validation_asked=settings.validation,
    )
    failures = (*tally.failures, *decided.failures, *again.failures)
    gate = request.policy.file.gate
    judged = again.found if gate.on == "written" else decided.found
    truncated = [named.sources[index].name for index in job.plan.truncated]
    lost, replaced = _lost(job), ledger(job)
    evidence = Evidence(
        records=tally.records,
        conversations=tally.conversations,
        unreadable=tally.unreadable,
        truncated=truncated,
        failures=failures,
        found=count_found(unexplained(judged)),
        proof=proof,
        train=kept.filter(pl.col("split") == TRAIN).height,
        lost=lost,
        group=request.options.group,
        missed=planted.missed,
    )
    return Measured(
        job=job,
        sources=named.sources,
        ignored=named.ignored,
        tally=tally,
        decided=decided,
        ledger=replaced,
        again=again,
        proof=proof,
        failures=failures,
        truncated=truncated,
        lost=lost,
        group=request.options.group,
        notes=[*_notes(proof, kept.height, named), *_on_redaction(job, replaced, decided, again)],
        judgement=judge(evidence, job.policy),
        planted=planted,
    )


def _lost(job: Job) -> dict[str, int]:
    """Return reason → unreadable records, places within a record left out."""
    unreadable = pl.concat([job.plan.faults, Parts(job.work, "unreadable").whole(UNREADABLE)])
    reasons = unreadable.select(pl.col("reason").str.split(" (").list.first())
    return dict(reasons.group_by("reason").len().sort("reason").iter_rows())


def _notes(proof: Proof, kept: int, named: Told) -> list[str]:
    """Return what a reader might miss although nothing is wrong."""
    notes = [
        f"{Path(source.name).name} is not UTF-8 and was read as {source.encoding}."
        for source in named.sources
        if source.encoding
    ]
    if ignored := named.ignored:
        more = f" and {len(ignored) - _NAMED:,} more" if len(ignored) > _NAMED else ""
        notes.append(f"Passed over, with nothing to read: {', '.join(ignored[:_NAMED])}{more}.")
    if kept and proof.validation_asked and not proof.validation_got:
        notes.append(
            f"No validation file: of {proof.groups:,} groups none fell to the share of "
            f"{proof.validation_asked:.0%}; another `split.seed` or a larger share may change that."
        )
    return notes


def _on_redaction(
    job: Job, replaced: pl.DataFrame, decided: Decided, again: Rechecked
) -> list[str]:
    return residual_notes(replaced, wording_of(job).styles, decided.found, again.found)


def _write_frames(job: Job, measured: Measured, final: Path) -> None:
    decided, again = measured.decided, measured.again
    found = pl.concat([decided.found, again.found])
    lost = pl.concat([job.plan.faults, Parts(job.work, "unreadable").whole(UNREADABLE)])
    segments = Parts(job.work, "segments").whole(SEGMENTS)
    alone = pl.col("cluster").is_unique() & (pl.col("cluster") == pl.col("row"))
    decisions = decided.heads.with_columns(cluster=pl.when(~alone).then("cluster")).select(
        "row",
        "key",
        "id",
        "disposition",
        "edits",
        "because",
        "split",
        "cluster",
        "language",
        "file",
        "line",
        "turns",
        "tokens",
    )
    frames = {
        "findings": found.sort(FINDINGS_ORDER, nulls_last=False, maintain_order=True),
        "decisions": decisions,
        "pairs": decided.pairs.select([*PAIRS, "rule"]),
        "redactions": measured.ledger,
        "segments": segments.sort("row", "branch", "turn", "start", "offset", "pointer"),
        "unreadable": lost.sort("file", "offset", "pointer"),
    }
    for name, content in frames.items():
        if "part" in content.columns:
            # A pointer's step may be a key that the source made up, and so its text.
            shown = {part: place(part) for part in content["part"].drop_nulls().unique()}
            part = pl.col("part").replace_strict(shown, default=None, return_dtype=pl.String)
            content = content.with_columns(part)
        # One chunk, or the row groups of the file would follow the size of the batches.
        content.rechunk().write_parquet(final / f"{name}.parquet")


def _refuse_overlap(sources: Sequence[Source], inputs: Sequence[str | Path], out: Path) -> None:
    target = out.resolve()
    for source in sources:
        if Path(source.path).resolve().is_relative_to(target):
            raise UsageError(
                "lies in the output folder, which would be replaced",
                where=source.name,
                hint="choose another `-o`",
            )
    for given in inputs:
        folder = Path(given).resolve()
        if folder.is_dir() and target.is_relative_to(folder):
            raise UsageError(
                "the output folder lies in this input folder",
                where=str(given),
                hint="choose an `-o` outside of it",
            )


class _Clock:
    """Measures what each stage costs, worker processes included."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._last = self._cpu()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = self._cpu()
        self._laps[name] = round(now - self._last, 3)
        self._last = now

    def spent(self) -> dict[str, object]:
        return {
            "seconds": round(time.monotonic() - self._start, 3),
            "cpu_seconds": round(self._cpu(), 3),
            "cpu_seconds_by_stage": self._laps,
        }

    @staticmethod
    def _cpu() -> float:
        usage = [
            resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        ]
        return sum(part.ru_utime + part.ru_stime for part in usage)
