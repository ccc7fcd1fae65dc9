"""Everything a report shows, as plain values; made by `summarise`, drawn by every view.

Texts in here are safe to show: marked by `words.visible` or `words.prose`, paths cut to base
names, and none of them from a conversation.
"""

from dataclasses import dataclass, fields
from datetime import datetime

from tunegate.report.runfile import (
    Canaries,
    Output,
    PolicyName,
    Reidentification,
    Removal,
    RuleRun,
    Size,
    SplitProof,
    TargetName,
    TokenCount,
    Verdict,
)


@dataclass(frozen=True)
class Count:
    """A number with a name; note: what the name means, if it needs saying."""

    name: str
    count: int
    note: str | None = None


@dataclass(frozen=True)
class Book:
    """A total and the parts it must be the sum of."""

    title: str
    total: Count
    parts: tuple[Count, ...]

    @property
    def difference(self) -> int:
        """How far the parts are from the total."""
        return self.total.count - sum(part.count for part in self.parts)


@dataclass(frozen=True)
class Agreement:
    """Two places that must hold the same number."""

    what: str
    says: int
    holds: int

    @property
    def agrees(self) -> bool:
        """Whether they do."""
        return self.says == self.holds


@dataclass(frozen=True)
class Reason:
    """One thing that blocks training; section: its rule's place in `Summary.found`."""

    what: str
    rule: str | None
    count: int | None
    conversations: int | None
    allowed: float | None
    hint: str | None
    section: int | None


@dataclass(frozen=True)
class Judged:
    """What a policy said."""

    verdict: Verdict
    exit: int
    policy: str
    policy_digest: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class InputFile:
    """One file that was read."""

    name: str
    size: int
    sha256: str
    compression: str | None


@dataclass(frozen=True)
class RuleLine:
    """One rule's row in the table of rules; section: its place in `Summary.found`.

    recall: of a rule of personal data or secrets that found nothing, how much it finds elsewhere.
    """

    run: RuleRun
    residual: int | None  # found in the written files; null: not said
    section: int | None
    recall: str | None = None


@dataclass(frozen=True)
class Location:
    """Where one finding is: never what it says.

    id: "withheld" where the run gives none. row: null for a finding about the dataset.
    like: where the other conversation of a pair is.
    """

    on: str
    file: str | None
    line: int | None
    offset: int | None
    id: str | None
    turn: int | None
    role: str | None
    part: str | None
    start: int | None
    end: int | None
    kind: str | None
    value: float | None
    like: str | None


@dataclass(frozen=True)
class Found:
    """What one rule found, and where it concentrates; a division that says nothing is empty."""

    rule: RuleRun
    total: int  # in the source, as cleaned and in the written files
    written: int  # of these, in the written files
    by_role: tuple[Count, ...]
    by_part: tuple[Count, ...]
    by_file: tuple[Count, ...]
    by_kind: tuple[Count, ...]
    locations: tuple[Location, ...]

    @property
    def divisions(self) -> tuple[tuple[str, tuple[Count, ...]], ...]:
        """The ways in which the findings divide, with a title each."""
        ways = (
            ("By kind", self.by_kind),
            ("By role", self.by_role),
            ("By part", self.by_part),
            ("By input", self.by_file),
        )
        return tuple((title, counts) for title, counts in ways if counts)

    @property
    def told(self) -> frozenset[str]:
        """The fields that any of the locations has, so that no column is empty."""
        names = [field.name for field in fields(Location)]
        return frozenset(n for n in names if any(getattr(x, n) is not None for x in self.locations))


@dataclass(frozen=True)
class Bin:
    """Conversations with `low` to `high` of something, written or not."""

    low: int
    high: int
    written: int
    left_out: int


@dataclass(frozen=True)
class Histogram:
    """How many conversations have how much of something; the numbers below it are of all.

    uncounted: conversations without the number. beyond: written ones above the limit.
    """

    unit: str
    bins: tuple[Bin, ...]
    median: int
    most: int
    uncounted: int
    limit: int | None = None
    beyond: int = 0

    @property
    def doubling(self) -> bool:
        """Whether a bin holds more than one size."""
        return any(bin_.low != bin_.high for bin_ in self.bins)


@dataclass(frozen=True)
class RoleTurns:
    """Turns of one role before and after."""

    role: str
    before: int
    after: int


@dataclass(frozen=True)
class Stage:
    """Duplicate pairs that one stage found."""

    stage: str
    pairs: int
    least: float
    most: float


@dataclass(frozen=True)
class Clusters:
    """How many groups of alike conversations have so many members."""

    low: int
    high: int
    clusters: int
    conversations: int


@dataclass(frozen=True)
class Fault:
    """Where something could not be read: never what it says."""

    file: str
    line: int | None
    offset: int | None
    length: int | None
    message: str | None


@dataclass(frozen=True)
class Unreadable:
    """One reason why something could not be read."""

    reason: str
    count: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Failed:
    """A check that raised."""

    rule: str
    error: str
    first: str | None


@dataclass(frozen=True)
class Environment:
    """Time and machine: all that differs between two runs of the same data."""

    started: datetime
    seconds: float
    cpu_seconds: float | None
    machine: str
    python: str
    workers: int
    command: str | None  # null: not run from a command line


@dataclass(frozen=True)
class Summary:
    """A run, ready to be shown."""

    version: str
    reader: str
    policy: PolicyName
    target: TargetName | None
    inputs: tuple[InputFile, ...]
    ignored: tuple[str, ...]
    truncated: tuple[str, ...]
    judged: Judged | None
    judged_before: tuple[Judged, ...]
    notes: tuple[str, ...]
    records: Book
    conversations: Book
    excluded: tuple[Count, ...]
    cut: tuple[Count, ...]
    before: Size
    after: Size
    splits: tuple[tuple[str, Size], ...]
    removed: tuple[Removal, ...]
    outputs: tuple[tuple[str, Output], ...]
    agreements: tuple[Agreement, ...]
    rules: tuple[RuleLine, ...]
    found: tuple[Found, ...]
    tokens: TokenCount
    histograms: tuple[Histogram, ...]
    roles: tuple[RoleTurns, ...]
    split: SplitProof | None
    stages: tuple[Stage, ...]
    clusters: tuple[Clusters, ...]
    media: int  # pictures and files that nothing looked into, at least
    reidentification: Reidentification | None  # null: no rule looks for such values
    unreadable: tuple[Unreadable, ...]
    failures: tuple[Failed, ...]
    canaries: Canaries
    environment: Environment

    @property
    def sound(self) -> bool:
        """Whether both books balance and all files agree."""
        books = (self.records, self.conversations)
        return not any(b.difference for b in books) and all(a.agrees for a in self.agreements)
