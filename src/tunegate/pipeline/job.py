"""What every task of a run needs to know, and where tasks leave their results."""

import pickle
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from secrets import token_bytes

import polars as pl

from tunegate import tokens
from tunegate.checks.engines import Name
from tunegate.model import DatasetCheck, Plan, Reader, Schema, SplitCheck, empty, to_batch
from tunegate.policy import Policy
from tunegate.rules import Action, On, Rule, plugins
from tunegate.scanner import Scanner


@dataclass(frozen=True)
class Job:
    """The settings of a run, equal for all tasks.

    work: folder for intermediate files. buckets: of the shuffle, where records are scattered.
    vocabulary: what tokens are counted with. system: prompt for conversations that have none.
    engine: what looks for patterns in the source. again: what looks for them in the written files,
    another one where there is one, so that a mistake of one engine does not pass twice. salt: for
    digests that must not outlive the run.
    """

    plan: Plan
    policy: Policy
    work: Path
    buckets: int
    batch_rows: int
    vocabulary: str
    system: str | None
    engine: Name = "portable"
    again: Name = "portable"
    salt: bytes = field(default_factory=lambda: token_bytes(32), repr=False)

    @cached_property
    def reader(self) -> Reader:
        """The reader that the plan was made with."""
        reader: Reader = plugins("tunegate.readers")[self.plan.reader].load()
        return reader

    @cached_property
    def fixing(self) -> Scanner:
        """The rules that repair the source before the others see it."""
        return self._scanner(self.fixers, on="source")

    @cached_property
    def fixers(self) -> list[Rule]:
        """The rules whose action is to fix."""
        return [rule for rule in self.policy.on("source") if rule.file.action is Action.FIX]

    @cached_property
    def source(self) -> Scanner:
        """The rules that judge the repaired source."""
        rules = [r for r in self.policy.on("source") if r.file.action is not Action.FIX]
        return self._scanner(rules, on="source")

    @cached_property
    def redacting(self) -> Scanner:
        """The rules that redact, to judge what their own placeholders brought together."""
        rules = [r for r in self.policy.on("source") if r.file.action is Action.REDACT]
        return self._scanner(rules, on="cleaned")

    @cached_property
    def cleaned(self) -> Scanner:
        """The rules that judge the text after redaction and trimming."""
        return self._scanner(self.policy.on("cleaned"), on="cleaned")

    @cached_property
    def written(self) -> Scanner:
        """The rules that judge the files as written."""
        rules = self.policy.on("written")
        return Scanner(rules, on="written", engine=self.again, folder=self.work)

    def _scanner(self, rules: Sequence[Rule], *, on: On) -> Scanner:
        return Scanner(rules, on=on, engine=self.engine, folder=self.work)

    def prepare(self) -> None:
        """Compile what takes long once, before other processes want it too."""
        nothing = to_batch([[("user", "")]])
        for scanner in (self.source, self.redacting, self.cleaned, self.written):
            scanner.run(nothing)

    @cached_property
    def system_tokens(self) -> int:
        """What the system prompt adds to a conversation that has none."""
        return tokens.system_tokens(self.system, self.vocabulary) if self.system else 0

    def sketching(self, on: str) -> list[tuple[Rule, DatasetCheck | SplitCheck]]:
        """Return the rules that judge the whole dataset from sketches of that text."""
        return [(rule, check) for rule, check in self._sketchers if rule.file.on == on]

    @cached_property
    def _sketchers(self) -> list[tuple[Rule, DatasetCheck | SplitCheck]]:
        built = [(rule, rule.build()) for rule in self.policy.rules]
        return [(rule, c) for rule, c in built if isinstance(c, DatasetCheck | SplitCheck)]

    def beside(self, kind: str) -> "Job":
        """Return this job with a folder of its own for what tasks leave.

        Its checks are those of this job, built once: what runs beside the data runs like it.
        """
        other = copy(self)
        work = self.work / kind
        work.mkdir()
        object.__setattr__(other, "work", work)
        return other

    def save(self) -> Path:
        """Write the job where tasks find it, and return the path."""
        path = self.work / "job.pickle"
        path.write_bytes(pickle.dumps(self))
        _OWN.clear()
        _OWN[path] = self
        return path


_OWN: dict[Path, Job] = {}  # the job that this process saved itself, with its checks


def load(path: Path) -> Job:
    """Return the job that `save` wrote; kept, so that a process builds its checks once."""
    return _OWN.get(path) or _unpickled(path)


@lru_cache(maxsize=1)
def _unpickled(path: Path) -> Job:
    job = pickle.loads(path.read_bytes())  # noqa: S301 - our own file in a folder of mode 0700
    assert isinstance(job, Job)
    return job


@dataclass(frozen=True)
class Parts:
    """Frames that tasks leave on disk, one Parquet file a batch, by kind.

    Iterating over `Parts(work, kind)` reads them one at a time, in the order of the input.
    """

    work: Path
    kind: str

    @property
    def folder(self) -> Path:
        """Where they are."""
        return self.work / "parts" / self.kind.replace("/", "--")

    def write(self, name: str, frame: pl.DataFrame) -> None:
        """Leave one part; a task that runs twice replaces what it left the first time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = self.folder / f"{name}.tmp"
        frame.write_parquet(aside, compression="lz4")
        aside.replace(self.folder / f"{name}.parquet")

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for path in sorted(self.folder.glob("*.parquet")):
            yield pl.read_parquet(path)

    def whole(self, schema: Schema) -> pl.DataFrame:
        """Return all parts as one frame."""
        parts = list(self)
        return pl.concat(parts) if parts else empty(schema)
