"""The second pass: resolve what needs the whole dataset, decide, write, judge what was written."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path

import polars as pl

from tunegate.allow import AllowList, unexplained
from tunegate.decide import decide, duplicate_findings
from tunegate.engine.executors import Executor
from tunegate.model import (
    FINDINGS,
    FINDINGS_ORDER,
    OFFSET_BITS,
    PAIRS,
    TURNS,
    Batch,
    DatasetCheck,
    Plan,
    ReadOptions,
    SplitCheck,
    empty,
    findings,
    frame,
)
from tunegate.pipeline.job import Job, Parts, load
from tunegate.pipeline.residual import without_ours
from tunegate.pipeline.scan import HEADS, HELD, Tally, turns_by_role
from tunegate.readers import chat
from tunegate.readers.inputs.sources import describe
from tunegate.redact import REDACTIONS
from tunegate.rules import Rule
from tunegate.scanner import Failure, attempt
from tunegate.split import TRAIN, VALIDATION, clusters

RULED_PAIRS = {**PAIRS, "rule": pl.String()}
DIGESTS = {"row": pl.Int64(), "digest": pl.Binary()}


@dataclass(frozen=True)
class Resolved:
    """What the sketches say about the dataset as a whole."""

    found: pl.DataFrame
    pairs: pl.DataFrame
    failures: tuple[Failure, ...]


def resolve(
    rules: Iterable[tuple[Rule, DatasetCheck | SplitCheck]], work: Path, *, on: str
) -> Resolved:
    """Let every dataset check resolve its sketches."""
    found, pairs = [empty(FINDINGS)], [empty(RULED_PAIRS)]
    failures: tuple[Failure, ...] = ()
    for rule, check in rules:
        if isinstance(check, SplitCheck):
            continue
        sketches = Parts(work, f"sketch/{rule.id}")
        answer, failed = attempt(rule.id, partial(check.resolve, sketches))
        failures += failed
        if answer is None:
            continue
        named = answer.with_columns(rule=pl.lit(rule.id))
        if "similarity" in answer.columns:
            pairs.append(named.select(list(RULED_PAIRS)))
        else:
            found.append(findings(named.with_columns(on=pl.lit(on))))
    order = ["row", "related", "rule"]
    return Resolved(pl.concat(found), pl.concat(pairs).sort(order), failures)


@dataclass(frozen=True)
class Decided:
    """Who stays, where, and why; all frames sorted by row.

    heads: `HEADS` with disposition, edits, because, split, cluster.
    """

    heads: pl.DataFrame
    found: pl.DataFrame
    pairs: pl.DataFrame
    failures: tuple[Failure, ...]


def settle(job: Job, failures: Sequence[Failure]) -> Decided:
    """Resolve duplicates, decide every conversation, and assign the survivors to a split."""
    heads = Parts(job.work, "heads").whole(HEADS).sort("row")
    held = Parts(job.work, "held").whole(HELD)
    found = Parts(job.work, "found").whole(FINDINGS)
    broken = {failure.rule for failure in failures}
    whole = [
        Resolved(empty(FINDINGS), empty(RULED_PAIRS), ()),
        *(
            resolve([s for s in job.sketching(on) if s[0].id not in broken], job.work, on=on)
            for on in ("source", "cleaned")
        ),
    ]
    pairs = pl.concat([part.pairs for part in whole])
    found = pl.concat([found, *(part.found for part in whole)])
    failed = tuple(failure for part in whole for failure in part.failures)

    decisions = decide(heads, unexplained(found), pairs, job.policy.rules, held)
    bound = clusters(heads, pairs)
    heads = heads.join(decisions, on="row", how="left", maintain_order="left").join(
        bound, on="row", how="left", maintain_order="left"
    )
    heads, more = _assigned(job, heads, bound)
    repeats = duplicate_findings(pairs, heads, job.policy.rules)
    found = pl.concat([found, repeats]).sort(FINDINGS_ORDER, nulls_last=False, maintain_order=True)
    return Decided(heads, found, pairs, (*failed, *more))


def _assigned(
    job: Job, heads: pl.DataFrame, bound: pl.DataFrame
) -> tuple[pl.DataFrame, tuple[Failure, ...]]:
    """Give each survivor its split; one that the split's rule did not see is held out."""
    keeps = (pl.col("disposition") == "keep") & pl.col("offset").is_not_null()
    splitting = [
        (rule, check)
        for on in ("source", "cleaned")
        for rule, check in job.sketching(on)
        if isinstance(check, SplitCheck)
    ]
    if not splitting:
        return heads.with_columns(split=pl.when(keeps).then(pl.lit(TRAIN))), ()
    rule, check = splitting[0]
    sketches = Parts(job.work, f"sketch/{rule.id}")
    assigned, failed = attempt(rule.id, partial(check.assign, sketches, bound))
    if assigned is None:
        assigned = pl.DataFrame(schema={"row": pl.Int64(), "split": pl.String()})
    heads = heads.join(
        assigned.select("row", "split"), on="row", how="left", maintain_order="left"
    ).with_columns(split=pl.when(keeps).then("split"))
    unseen = keeps & pl.col("split").is_null()
    because = pl.concat_list("because", pl.lit(rule.id)).list.sort()
    return heads.with_columns(
        disposition=pl.when(unseen).then(pl.lit("review")).otherwise("disposition"),
        because=pl.when(unseen).then(because).otherwise("because"),
    ), failed


def write_outputs(job: Job, heads: pl.DataFrame, final: Path) -> dict[str, pl.DataFrame]:
    """Write the splits from the staged lines; return for each file `row, offset`.

    A split without conversations has no file.
    """
    written = {}
    for split in (TRAIN, VALIDATION):
        rows = heads.filter(pl.col("split") == split)
        if rows.is_empty():
            continue
        name = f"{split}.jsonl"
        _copy(job.work / "lines", rows, final / name)
        starts = rows["length"].cum_sum() - rows["length"]
        written[name] = rows.select("row", offset=starts)
    return written


def _copy(staged: Path, rows: pl.DataFrame, target: Path) -> None:
    handles: dict[int, int] = {}
    try:
        with target.open("wb") as out:
            for task, start, end in _stretches(rows):
                if task not in handles:
                    handles[task] = os.open(staged / f"{task:06d}.jsonl", os.O_RDONLY)
                while start < end:
                    piece = os.pread(handles[task], min(end - start, 8 << 20), start)
                    out.write(piece)
                    start += len(piece)
    finally:
        for handle in handles.values():
            os.close(handle)


def _stretches(rows: pl.DataFrame) -> list[tuple[int, int, int]]:
    """Return (task, start, end) of lines that lie one behind the other, in order of `rows`."""
    end = pl.col("offset") + pl.col("length")
    follows = (pl.col("task") == pl.col("task").shift(1)) & (pl.col("offset") == end.shift(1))
    return (
        rows.with_columns(stretch=(~follows.fill_null(False)).cum_sum())
        .group_by("stretch", maintain_order=True)
        .agg(pl.first("task"), start=pl.first("offset"), end=end.last())
        .select("task", "start", "end")
        .rows()
    )


@dataclass(frozen=True)
class Recheck:
    """One stretch of a written file to be judged: the job, the plan of the files, the number."""

    job: Path
    plan: Plan
    split: int


def recheck(task: Recheck) -> Tally:
    """Read a stretch of a written file as a stranger would, and judge it."""
    return judged(load(task.job), task)


def judged(job: Job, task: Recheck) -> Tally:
    """Judge a stretch of a written file by the checks of a job that is at hand."""
    split = task.plan.splits[task.split]
    tally = Tally()
    for number, fragments in enumerate(chat.READER.read(split, task.plan)):
        reading = chat.READER.assemble(fragments, task.plan)
        if reading.unreadable.height:
            raise AssertionError("a written line cannot be read back")
        name = f"{task.split:06d}-{number:06d}"
        names = [Path(source.name).stem for source in task.plan.sources]
        side = (pl.col("row") // 2**OFFSET_BITS).replace_strict(
            dict(enumerate(names)), return_dtype=pl.String
        )
        batch = reading.batch
        batch = Batch(
            batch.conversations,
            pl.concat([batch.turns, _structure(batch)]).sort("row", maintain_order=True),
            batch.segments,
            batch.conversations.select("row", split=side),
        )
        tally.add(Tally(roles=turns_by_role(reading.batch)))
        found, failures = job.written.run(batch)
        found = AllowList(job.policy.file.allow).explain(batch, found)
        for rule, check in job.sketching("written"):
            sketch, failed = attempt(rule.id, partial(check.sketch, batch), batch.first_row)
            failures += failed
            if sketch is not None:
                Parts(job.work, f"sketch/{rule.id}").write(name, sketch)
        Parts(job.work, "written").write(name, found)
        digests = [
            (row, blake2b(line, digest_size=16).digest())
            for row, line in fragments.select("row", "record").iter_rows()
        ]
        Parts(job.work, "digests").write(name, frame(digests, DIGESTS))
        tally.failures += failures
    return tally


def _structure(batch: Batch) -> pl.DataFrame:
    """Return what a record is made of beside its texts, as one more text of it.

    Ids, names of functions and keys are written as they are, and a value that nobody thought of
    as text would pass between the leaves.
    """
    shaped = batch.conversations.drop_nulls("skeleton")
    pictures = pl.col("skeleton").str.replace_all(r'"data:[^"]*"', '""')
    return shaped.select(
        "row",
        branch=None,
        turn=None,
        part=pl.lit(""),
        role=None,
        author=None,
        text=pictures,
    ).select(pl.col(name).cast(kind) for name, kind in TURNS.items())


@dataclass(frozen=True)
class Rechecked:
    """What the written files hold.

    found: findings, their rows those of the run. digests: `row, digest` of every written line.
    roles: role → turns.
    """

    found: pl.DataFrame
    digests: pl.DataFrame
    roles: dict[str, int]
    failures: tuple[Failure, ...]


def recheck_outputs(
    job: Job, path: Path, executor: Executor, final: Path, written: dict[str, pl.DataFrame]
) -> Rechecked:
    """Run the rules that judge written text over the files in `final`."""
    sources = [describe(final / name, name) for name in written]
    options = ReadOptions(batch_rows=job.batch_rows)
    plan = chat.READER.plan(sources, options)
    tasks = [Recheck(path, plan, number) for number in range(len(plan.splits))]
    tally = Tally()
    for part in executor.map_tasks(recheck, tasks):
        tally.add(part)
    return traced(job, tally, written)


def traced(job: Job, tally: Tally, written: dict[str, pl.DataFrame]) -> Rechecked:
    """Return what was found in the written files, with the rows of the run."""
    resolved = resolve(job.sketching("written"), job.work, on="written")
    back = pl.concat(
        [
            pl.DataFrame(schema={"row": pl.Int64(), "source_row": pl.Int64()}),
            *(
                rows.select(
                    row=pl.col("offset") + (number << OFFSET_BITS), source_row=pl.col("row")
                )
                for number, rows in enumerate(written.values())
            ),
        ]
    )
    found = pl.concat([Parts(job.work, "written").whole(FINDINGS), resolved.found])
    found = (
        found.join(back, on="row", how="left")
        .with_columns(row="source_row")
        .select(list(FINDINGS))
        .sort(FINDINGS_ORDER, nulls_last=False, maintain_order=True)
    )
    digests = Parts(job.work, "digests").whole(DIGESTS).join(back, on="row")
    return Rechecked(
        without_ours(found, ledger(job)) if found.height else found,
        digests.select("digest", row="source_row"),
        dict(sorted(tally.roles.items())),
        (*tally.failures, *resolved.failures),
    )


def ledger(job: Job) -> pl.DataFrame:
    """Return every redaction of the run, sorted."""
    order = ["rule", "row", "branch", "turn", "part", "start"]
    return (
        Parts(job.work, "redactions")
        .whole(REDACTIONS)
        .sort(order, nulls_last=False, maintain_order=True)
    )
