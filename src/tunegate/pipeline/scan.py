"""The first pass: read, repair, judge, redact, judge again, and stage what may survive."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

import polars as pl

from tunegate import tokens
from tunegate.allow import AllowList, unexplained
from tunegate.decide import UNWRITABLE
from tunegate.engine.shuffle import gathered, in_batches, scatter
from tunegate.language import with_language
from tunegate.model import FINDINGS, OFFSET_BITS, SUBJECT, Batch, Reading, Schema
from tunegate.pipeline.identifiers import opaque
from tunegate.pipeline.job import Job, Parts, load
from tunegate.pipeline.media import media_of
from tunegate.pipeline.redacting import keep_values, redacted
from tunegate.pipeline.reidentify import keep_sketch
from tunegate.pipeline.reversing import keep_entries
from tunegate.redact import trim, written_turns
from tunegate.rules import Action
from tunegate.scanner import Failure, attempt
from tunegate.writers.chat import lines

HEADS: Schema = {
    "row": pl.Int64(),
    "key": pl.String(),
    "id": pl.String(),  # null: none, or it may identify a person
    "group": pl.Binary(),  # digest, never the value; null: unknown
    "created_at": pl.Datetime("us", "UTC"),
    "language": pl.String(),  # null: too little to tell
    "file": pl.Int32(),
    "line": pl.Int64(),  # null: not line-shaped
    "turns_before": pl.Int32(),
    "tokens_before": pl.Int64(),
    "turns": pl.Int32(),
    "tokens": pl.Int64(),
    "trained": pl.Int64(),
    "estimated": pl.Boolean(),  # some of the tokens are an estimate
    "task": pl.Int32(),  # the staged file that holds its line
    "offset": pl.Int64(),  # in that file; null: not staged
    "length": pl.Int64(),
}

HELD: Schema = {"row": pl.Int64(), "rule": pl.String()}

# What makes two findings on the cleaned text one; a count of tokens is not among it.
_SAME = [name for name in FINDINGS if name not in ("value", "score", "start", "end")]


@dataclass
class Tally:
    """What one task counted; only numbers travel back to the parent."""

    task: int = -1
    records: int = 0
    used: int = 0
    merged: int = 0
    excluded: dict[str, int] = field(default_factory=dict)
    unreadable: int = 0
    conversations: int = 0
    media: int = 0  # pictures and files that nothing looked into
    roles: dict[str, int] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()

    def add(self, other: "Tally") -> None:
        """Add the numbers of another task."""
        for name in ("records", "used", "merged", "unreadable", "conversations", "media"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for mine, theirs in ((self.excluded, other.excluded), (self.roles, other.roles)):
            for name, count in theirs.items():
                mine[name] = mine.get(name, 0) + count
        self.failures += other.failures


def scatter_split(task: tuple[Path, int]) -> None:
    """Bucket the records of one split by conversation."""
    path, number = task
    job = load(path)
    fragments = job.reader.read(job.plan.splits[number], job.plan)
    folder = job.work / "fragments"
    scatter(fragments, by="conversation", buckets=job.buckets, folder=folder, name=f"{number:06d}")


def scan(task: tuple[Path, int]) -> Tally:
    """Audit one split, or one bucket of gathered records, batch by batch."""
    path, number = task
    job = load(path)
    tally = Tally(task=number)
    staged = job.work / "lines"
    staged.mkdir(exist_ok=True)
    with (staged / f"{number:06d}.jsonl").open("wb") as out:
        for batch_number, fragments in enumerate(_records(job, number)):
            reading = job.reader.assemble(fragments, job.plan)
            tally.add(_counted(reading))
            name = f"{number:06d}-{batch_number:06d}"
            Parts(job.work, "unreadable").write(name, reading.unreadable)
            if reading.batch.conversations.height:
                tally.failures += audit_batch(job, reading.batch, name, number, out)
    return tally


def _records(job: Job, number: int) -> Iterator[pl.DataFrame]:
    if not job.plan.scattered:
        yield from job.reader.read(job.plan.splits[number], job.plan)
        return
    bucket = gathered(job.work / "fragments", number)
    if bucket is not None:
        yield from in_batches(bucket, by="conversation", rows=job.batch_rows)


def _counted(reading: Reading) -> Tally:
    unreadable = reading.unreadable.height
    return Tally(
        records=reading.used + reading.merged + sum(reading.excluded.values()) + unreadable,
        used=reading.used,
        merged=reading.merged,
        excluded=dict(reading.excluded),
        unreadable=unreadable,
        conversations=reading.batch.conversations.height,
        media=media_of(reading),
        roles=turns_by_role(reading.batch),
    )


def turns_by_role(batch: Batch) -> dict[str, int]:
    """Return role → turns; a role that is not one of ours counts as unknown."""
    turns = batch.turns.drop_nulls("turn").unique(["row", "branch", "turn"])
    counted = turns.group_by(pl.col("role").fill_null("unknown")).len().sort("role")
    return dict(counted.iter_rows())


def audit_batch(
    job: Job, batch: Batch, name: str, number: int, out: BinaryIO
) -> tuple[Failure, ...]:
    """Repair, judge, redact and judge again; stage the lines, and leave the rest as parts."""
    batch = with_language(batch)
    repairs, failures = job.fixing.run(batch)
    fixed = batch
    for rule in job.fixers:
        mine = repairs.filter(pl.col("rule") == rule.id)
        if mine.height:
            call = partial(rule.build().fix, fixed, mine)
            repaired, failed = attempt(rule.id, call, batch.first_row)
            fixed = fixed if repaired is None else repaired
            failures += failed
    found, failed = job.source.run(fixed)
    failures += failed
    found = AllowList(job.policy.file.allow).explain(fixed, found)

    keep_sketch(job, name, fixed, unexplained(found))

    rules = job.policy.rules
    done = redacted(job, fixed, found)
    failures += done.failures
    keep_values(job, name, number, fixed, found, done)
    trimming = [rule.id for rule in rules if rule.file.action is Action.TRIM]
    trims = unexplained(found).filter(pl.col("rule").is_in(trimming))
    cleaned = trim(done.rendered.batch, trims)
    after, failed = job.cleaned.run(cleaned)
    failures += failed
    # Two conversations that differ in what stands for their values are copies none the less.
    alike = cleaned
    if done.placed is not done.rendered.batch:
        alike = trim(done.placed, trims)
        more, failed = job.cleaned.run(alike)
        failures += failed
        after = pl.concat([after, more]).unique(_SAME, keep="first", maintain_order=True)
    found = pl.concat([repairs, found, done.later, after])
    prompted = _without_system(cleaned) if job.system else pl.Series("row", [], pl.Int64)
    ledger = written_turns(done.rendered.ledger, fixed, trims, inserted=prompted)
    keep_entries(job, name, ledger, done.rendered.values)

    for text, seen in (("source", fixed), ("cleaned", alike)):
        for rule, check in job.sketching(text):
            sketch, failed = attempt(rule.id, partial(check.sketch, seen), batch.first_row)
            failures += failed
            if sketch is not None:
                Parts(job.work, f"sketch/{rule.id}").write(name, sketch)
    Parts(job.work, "found").write(name, found)
    Parts(job.work, "redactions").write(name, ledger)
    Parts(job.work, "segments").write(name, batch.segments)
    required = {failure.rule for failure in failures} - {r.id for r in rules if r.optional}
    held = pl.concat(
        [pl.DataFrame(schema=HELD)]
        + [batch.conversations.select("row", rule=pl.lit(rule)) for rule in sorted(required)]
    )
    removing = [r.id for r in rules if r.file.action in (Action.REVIEW, Action.DROP)]
    speaks = pl.col("rule").is_in(removing) & pl.col("part").ne_missing(SUBJECT)
    dead = pl.concat([unexplained(found).filter(speaks)["row"], held["row"]])
    heads = _heads(job, batch, fixed, cleaned)
    heads, unwritable = _staged(job, heads, cleaned, dead.drop_nulls().unique(), number, out)
    Parts(job.work, "heads").write(name, heads)
    Parts(job.work, "held").write(name, pl.concat([held, unwritable]))
    return failures


def _heads(job: Job, source: Batch, fixed: Batch, cleaned: Batch) -> pl.DataFrame:
    before = _tokens(job, fixed, pl.lit(True))
    # Only conversations that an edit touched are counted again.
    changed = _changed_rows(fixed, cleaned)
    edited = pl.col("row").is_in(changed.implode())
    after = pl.concat([before.filter(~edited), _tokens(job, cleaned, edited)])
    without = _without_system(cleaned)
    turns = _turn_counts(cleaned, "turns").join(
        _turn_counts(fixed, "turns_before"), on="row", how="full", coalesce=True
    )
    # Where a line-shaped record starts; scattered ones have a segment a message.
    lines = source.segments.group_by("row").agg(line=pl.col("line").min())
    digests = {
        group: blake2b(group.encode(), digest_size=16).digest()
        for group in source.conversations["group"].unique().drop_nulls()
    }
    return (
        source.conversations.select(
            "row",
            "key",
            id=opaque(pl.col("id")),
            group=pl.col("group").replace_strict(digests, return_dtype=pl.Binary, default=None),
            created_at="created_at",
            language="language",
            file=(pl.col("row") // 2**OFFSET_BITS).cast(pl.Int32),
        )
        .join(lines, on="row", how="left")
        .join(turns, on="row", how="left")
        .join(before.select("row", tokens_before="tokens"), on="row", how="left")
        .join(after, on="row", how="left")
        .with_columns(
            pl.col("turns", "turns_before", "tokens", "tokens_before", "trained").fill_null(0),
            estimated=(pl.col("method") == "estimate").fill_null(False),
        )
        .with_columns(
            tokens=pl.col("tokens")
            + pl.when(pl.col("row").is_in(without.implode())).then(job.system_tokens).otherwise(0)
        )
        .sort("row")
    )


def _tokens(job: Job, batch: Batch, which: pl.Expr) -> pl.DataFrame:
    turns, heads = batch.turns.filter(which), batch.conversations.filter(which)
    return tokens.conversation_tokens(turns, job.vocabulary, conversations=heads)


def _changed_rows(fixed: Batch, cleaned: Batch) -> pl.Series:
    place = ["row", "branch", "turn", "part", "role", "text"]
    left = cleaned.turns.select(place).join(
        fixed.turns.select(place), on=place, how="anti", nulls_equal=True
    )
    right = fixed.turns.select(place).join(
        cleaned.turns.select(place), on=place, how="anti", nulls_equal=True
    )
    return pl.concat([left["row"], right["row"]]).unique()


def _turn_counts(batch: Batch, name: str) -> pl.DataFrame:
    per_row = batch.turns.group_by("row").agg(
        pl.col("turn").n_unique() - pl.col("turn").is_null().any()
    )
    return per_row.select("row", pl.col("turn").cast(pl.Int32).alias(name))


def _without_system(batch: Batch) -> pl.Series:
    has = batch.turns.filter(pl.col("role") == "system")["row"].unique()
    rows = batch.conversations["row"]
    return rows.filter(~rows.is_in(has.implode()))


def _staged(
    job: Job,
    heads: pl.DataFrame,
    cleaned: Batch,
    dead: pl.Series,
    number: int,
    out: BinaryIO,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    keep = ~pl.col("row").is_in(dead.implode())
    alive = cleaned.only(keep)
    places = []
    unwritable = []
    for row, line in lines(alive, system=job.system):
        if line is None:
            unwritable.append((row, UNWRITABLE))
            continue
        places.append((row, out.tell(), len(line)))
        out.write(line)
    schema = {"row": pl.Int64(), "offset": pl.Int64(), "length": pl.Int64()}
    index = pl.DataFrame(places, schema=schema, orient="row")
    heads = heads.join(index, on="row", how="left").with_columns(task=pl.lit(number, pl.Int32))
    return (
        heads.select(pl.col(name).cast(kind) for name, kind in HEADS.items()),
        pl.DataFrame(unwritable, schema=HELD, orient="row"),
    )
