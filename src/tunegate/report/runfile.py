"""Read a run folder: `run.json` and the frames beside it, and nothing else.

Keys that this version does not know are passed over, so that an older report can still show a
newer run of the same format. Every text is made safe to show as it is read, so that no view can
forget to.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tunegate.errors import RunError
from tunegate.model import FINDINGS, PAIRS, SEGMENTS, UNREADABLE, Schema
from tunegate.report.words import base_name, prose, visible
from tunegate.rules import Action, On, Severity, first_problem

FORMAT = 1

Word = Annotated[str, AfterValidator(visible)]
Prose = Annotated[str, AfterValidator(prose)]
FileName = Annotated[str, AfterValidator(base_name), AfterValidator(visible)]

# One row a conversation, sorted by `row`.
DECISIONS: Schema = {
    "row": pl.Int64(),
    "key": pl.String(),
    "id": pl.String(),  # null: the source has none, or it is withheld
    "disposition": pl.String(),  # keep, review or drop
    "edits": pl.List(pl.String()),
    "because": pl.List(pl.String()),
    "split": pl.String(),  # train or validation; null: not written
    "cluster": pl.Int64(),  # null: like no other
    "file": pl.Int32(),
    "line": pl.Int64(),  # null: not line-shaped
    "turns": pl.Int32(),
    "tokens": pl.Int64(),  # as cleaned; null: not counted
}

_FRAMES: dict[str, Schema] = {
    "findings": FINDINGS,
    "decisions": DECISIONS,
    "pairs": PAIRS,
    "segments": SEGMENTS,
    "unreadable": UNREADABLE,
}

Verdict = Literal["passed", "closed", "incomplete", "nothing"]
Status = Literal["ran", "failed", "optional-failed"]


class Part(BaseModel):
    """A part of `run.json`."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Input(Part):
    """One file that was read."""

    name: FileName
    size: int
    sha256: Word
    compression: Word | None = None


class PolicyName(Part):
    """Which policy the run was made with."""

    name: Word
    digest: Word


class TargetName(Part):
    """Which destination the files were written for, and how old our knowledge of it is."""

    name: Word
    as_of: Word


class RuleRun(Part):
    """What one rule did in this run."""

    id: Word
    summary: Prose
    why: Prose
    severity: Severity
    action: Action
    on: On
    digest: Word
    status: Status
    findings: int
    allowed: int = 0  # found as well, and accounted for by the policy's allow-list
    conversations: int
    edits: int  # places that it changed


class RecordBook(Part):
    """What became of the records of the source."""

    total: int
    used: int
    merged: int
    excluded: int
    unreadable: int


class ConversationBook(Part):
    """What became of the conversations."""

    total: int
    kept: int
    edited: int
    reviewed: int
    dropped: int


class Size(Part):
    """How much there is of something.

    trained_tokens: those that a model learns to say. roles: turns by role. languages:
    conversations by ISO 639 code, or `unknown`. Null: not counted.
    """

    conversations: int
    turns: int
    tokens: int | None = None
    trained_tokens: int | None = None
    groups: int | None = None
    roles: dict[Word, int] | None = None
    languages: dict[Word, int] | None = None


class Counts(Part):
    """The two books, and how much there was before and after."""

    records: RecordBook
    excluded_by: dict[Word, int] = Field(default_factory=dict)
    media: int = 0  # pictures and files that nothing looked into
    conversations: ConversationBook
    before: Size
    after: Size
    splits: dict[Word, Size] = Field(default_factory=dict)


class Removal(Part):
    """How many conversations a rule took out: as the first to say so, and at all."""

    rule: Word
    first: int
    any: int


class SplitProof(Part):
    """What is known about the line between train and validation."""

    seed: int | Word
    validation_asked: float
    validation_got: float
    groups: int
    clusters: int
    shared_groups: int
    cross_split_duplicates: int
    largest_component: int
    unknown_groups: int


class TokenCount(Part):
    """How tokens were counted, and how many a conversation may have."""

    vocabulary: Word | None = None
    overhead: Word | None = None
    estimated_conversations: int = 0
    limit: int | None = None


class Residual(Part):
    """What a rule found again in the written files."""

    rule: Word
    findings: int
    explained: int = 0  # found as well: allowed by the policy, or our own replacements


class Canaries(Part):
    """What became of the invented values that were planted beside the data."""

    planted: int = 0
    caught: int = 0
    allowed: int = 0
    missed: dict[Word, int] = Field(default_factory=dict)


class Classes(Part):
    """Conversations with values that together may tell who somebody is.

    unique: those whose values no other has. smallest_class: the fewest that share theirs.
    """

    conversations: int
    unique: int
    smallest_class: int | None = None


class Reidentification(Classes):
    """What was found in the source, by kind, and what is left of it in the written files."""

    kinds: dict[Word, int]
    written: Classes


class CheckFailure(Part):
    """A check that raised; no message, for it may hold data."""

    rule: Word
    first_row: int | None = None
    error: Word


class Output(Part):
    """One written file."""

    sha256: Word
    bytes: int
    lines: int | None = None


class Reason(Part):
    """One thing that blocks training."""

    what: Prose
    rule: Word | None = None
    count: int | None = None
    conversations: int | None = None
    allowed: int | float | None = None
    hint: Prose | None = None


class Judgement(Part):
    """What a policy said about the run."""

    verdict: Verdict
    exit: int
    policy: Word | None = None
    policy_digest: Word
    reasons: tuple[Reason, ...] = ()


class Surroundings(Part):
    """The only place for time and machine."""

    started: datetime
    seconds: float
    cpu_seconds: float | None = None
    machine: Word
    python: Word
    workers: int
    engines: tuple[str, ...] = ()  # what scanned the source, and what scanned the written files
    command: str | None = None


class RunFile(Part):
    """What stands in `run.json`."""

    tunegate: Word
    format: int
    inputs: tuple[Input, ...]
    ignored: tuple[FileName, ...] = ()
    reader: Word
    policy: PolicyName
    target: TargetName | None = None
    rules: tuple[RuleRun, ...]
    counts: Counts
    removed_by: tuple[Removal, ...] = ()
    notes: tuple[Prose, ...] = ()
    split: SplitProof | None = None
    tokens: TokenCount = TokenCount()
    residual: tuple[Residual, ...] = ()
    canaries: Canaries = Canaries()
    reidentification: Reidentification | None = None
    failures: tuple[CheckFailure, ...] = ()
    truncated: tuple[FileName, ...] = ()
    outputs: dict[FileName, Output] = Field(default_factory=dict)
    judgements: tuple[Judgement, ...] = ()
    environment: Surroundings


def read_run(run: Path) -> RunFile:
    """Return what `run.json` says.

    Raises:
        RunError: the folder is no run, or one that this version cannot read.
    """
    path = run / "run.json"
    try:
        text = path.read_bytes()
    except OSError:
        raise RunError(
            "cannot be read", where=str(path), hint="name the folder that `tunegate audit -o` wrote"
        ) from None
    try:
        read = RunFile.model_validate_json(text)
    except ValidationError as error:
        raise RunError(
            first_problem(error), where=str(path), hint="audit the source again"
        ) from None
    if read.format != FORMAT:
        raise RunError(
            f"has format {read.format} (this version reads {FORMAT})",
            where=str(path),
            hint="report with the version that made the run, or audit again",
        )
    return read


def scan(run: Path, name: str) -> pl.LazyFrame:
    """Return one frame of the run folder, not yet read.

    Raises:
        RunError: it is not there or lacks a column.
    """
    path = run / f"{name}.parquet"
    hint = "audit the source again"
    try:
        found = pl.scan_parquet(path)
        schema = found.collect_schema()
    except (OSError, pl.exceptions.ComputeError):
        raise RunError("cannot be read", where=str(path), hint=hint) from None
    for column, kind in _FRAMES[name].items():
        if schema.get(column) != kind:
            raise RunError(f"column `{column}` is not {kind}", where=str(path), hint=hint)
    return found.select(list(_FRAMES[name]))
