"""The frames that pass between the parts, and the protocols of checks and readers.

A frame is a polars DataFrame with exactly the columns listed here. Null means "does not apply",
and what that is for a column stands beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

import polars as pl

Schema = dict[str, pl.DataType]

# One row a conversation, sorted by `row`.
CONVERSATIONS: Schema = {
    # Run-local: the input's index << 40 | byte offset of the record that opens it.
    "row": pl.Int64(),
    "key": pl.String(),  # stable across runs: digest of source id and messages
    "id": pl.String(),  # as the source writes it; null: the source has none
    "group": pl.String(),  # who must not be on both sides of a split; null: unknown
    "created_at": pl.Datetime("us", "UTC"),  # null: not given, or not a time
    "subject": pl.String(),  # null: the source has none
    "language": pl.String(),  # ISO 639 code of what the user says; null: too little to tell
    "tags": pl.List(pl.String()),
    "skeleton": pl.String(),  # the record as JSON with "" for each text; null: plain chat
}

# One row a decoded text leaf, sorted by `row, branch, turn`, then by place in the message.
TURNS: Schema = {
    "row": pl.Int64(),
    "branch": pl.String(),  # "chosen" or "rejected"; null: not a preference pair
    "turn": pl.Int32(),  # place in the conversation from 0; null: belongs to the record
    "part": pl.String(),  # JSON Pointer from the message, or from the record
    "role": pl.String(),  # null: belongs to the record, or the message has none
    "author": pl.String(),  # the source's author id; null: not given
    "text": pl.String(),
}

# Where each span came from, and what was left out on the way in.
SEGMENTS: Schema = {
    "row": pl.Int64(),
    "branch": pl.String(),
    "turn": pl.Int32(),  # null: the whole conversation, or it reached no turn
    "part": pl.String(),  # null with `turn`
    # Code points in the part's text; where something was cut out of a message (`removed`, and no
    # `turn`) in the message's text as it stood before the cut; null: all of the message.
    "start": pl.Int64(),
    "end": pl.Int64(),
    "file": pl.Int32(),  # index in the run's inputs
    "line": pl.Int64(),  # physical line from 1 where the record starts; null: not line-shaped
    "offset": pl.Int64(),  # bytes, in the decoded stream where the file is compressed
    "length": pl.Int64(),
    "pointer": pl.String(),  # JSON Pointer from the record to the message; null: the record
    "removed": pl.String(),  # why it is in no turn, or what was cut from it; null: used whole
    "note": pl.String(),  # what the source says of it that a reviewer must know; null: nothing
}

PEOPLE: Schema = {  # what an export itself says about who takes part
    "row": pl.Int64(),
    "role": pl.String(),  # user or assistant; null: only mentioned
    "kind": pl.String(),  # name, email, phone, username
    "value": pl.String(),
}

FINDINGS: Schema = {
    "rule": pl.String(),
    "on": pl.String(),  # the text that was judged: source, cleaned or written
    "row": pl.Int64(),  # null: about a file or the dataset
    "branch": pl.String(),
    "turn": pl.Int32(),  # null: about the record
    "part": pl.String(),  # null: about the turn or the record
    "role": pl.String(),
    "start": pl.Int64(),  # half-open code points in the part; null: no span
    "end": pl.Int64(),
    "kind": pl.String(),  # a variant within the rule; null: it has none
    "related": pl.Int64(),  # the other conversation's row; null: none
    "entity": pl.Int64(),  # run-local number that links spans of one person; null: none
    "value": pl.Float64(),  # what was measured; null: nothing
    "score": pl.Float64(),  # certainty from 0 to 1; null: certain
    "explained": pl.String(),  # `allow.words` …, or `replacement`: ours; null: by nothing
}

FINDINGS_ORDER = ["rule", "row", "branch", "turn", "part", "start", "end", "kind", "on"]

UNREADABLE: Schema = {
    "file": pl.Int32(),
    "line": pl.Int64(),
    "offset": pl.Int64(),
    "length": pl.Int64(),
    "pointer": pl.String(),  # the message in the record; null: the whole record
    "reason": pl.String(),  # our words, never the source's
    "row": pl.Int64(),  # the conversation that lost it; null: none was read
}

# Edges between conversations that say nearly the same; `row` < `related`.
PAIRS: Schema = {
    "row": pl.Int64(),
    "related": pl.Int64(),
    "similarity": pl.Float64(),  # Jaccard of word shingles; 1.0 for exact copies
    "stage": pl.String(),  # what found it: exact, same-set, near
}

# Records cut from a source, located but not yet understood.
FRAGMENTS: Schema = {
    "row": pl.Int64(),  # the input's index << 40 | byte offset
    "table": pl.String(),  # which kind of record of the export; null: it has one kind
    "conversation": pl.String(),  # what to gather by; null: whole already
    "line": pl.Int64(),
    "length": pl.Int64(),
    "record": pl.Binary(),  # JSON; null: could not be cut out, see `fault`
    "fault": pl.String(),  # why it is unreadable; null: nothing wrong so far
}

OFFSET_BITS = 40  # 8 million files of 1 TiB each fit an int64
CONTENT = "/content"
SUBJECT = "/subject"  # of a ticket: judged, but in no written file


def empty(schema: Schema) -> pl.DataFrame:
    """Return a frame of `schema` with no rows."""
    return pl.DataFrame(schema=schema)


def frame(rows: Sequence[Sequence[Any]], schema: Schema) -> pl.DataFrame:
    """Return a frame of `schema` from tuples in its column order."""
    return pl.DataFrame(rows, schema=schema, orient="row")


def findings(found: pl.DataFrame) -> pl.DataFrame:
    """Bring any frame with some of the columns of `FINDINGS` into that schema.

    Columns that are absent become null and unknown ones are left out, so that a check selects
    what it knows and no more.
    """
    return found.select(
        (pl.col(name) if name in found.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in FINDINGS.items()
    )


@dataclass(frozen=True)
class Batch:
    """Some conversations, whole: frames that hold the same rows.

    split: where each row was written to (`row`, `split`), only when written files are judged.
    people: who the source says takes part, in any order.
    """

    conversations: pl.DataFrame
    turns: pl.DataFrame
    segments: pl.DataFrame
    split: pl.DataFrame | None = None
    people: pl.DataFrame = field(default_factory=lambda: empty(PEOPLE))

    def only(self, which: pl.Expr) -> "Batch":
        """Return the conversations for which an expression over `row` holds; all the segments."""
        return replace(
            self,
            conversations=self.conversations.filter(which),
            turns=self.turns.filter(which),
            people=self.people.filter(which),
        )

    def with_turns(self, turns: pl.DataFrame) -> "Batch":
        """Return the batch with other texts."""
        return replace(self, turns=turns)

    @property
    def first_row(self) -> int | None:
        """The row of the first conversation; null when there is none."""
        return next(iter(self.conversations["row"]), None)

    def contents(self) -> pl.DataFrame:
        """Return only what the messages say: no names, no tools, no subject."""
        return self.turns.filter(
            pl.col("turn").is_not_null(), pl.col("part").str.starts_with(CONTENT)
        )


class Sketches(Protocol):
    """What a check wrote down about each conversation, read back from disk a part at a time."""

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Yield the parts in order; can be called again."""
        ...


@runtime_checkable
class BatchCheck(Protocol):
    """Judges a batch alone."""

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return findings; columns that do not apply may be left out."""
        ...


@runtime_checkable
class DatasetCheck(Protocol):
    """Judges the whole dataset from what it wrote down about each conversation."""

    def sketch(self, batch: Batch) -> pl.DataFrame:
        """Return one row a conversation: `row` and hashes or counts, never text."""
        ...

    def resolve(self, sketches: Sketches) -> pl.DataFrame:
        """Return findings, or duplicate pairs in the schema `PAIRS`."""
        ...


@runtime_checkable
class SplitCheck(Protocol):
    """Assigns every conversation to a split."""

    def sketch(self, batch: Batch) -> pl.DataFrame:
        """Return one row a conversation: `row` and hashes."""
        ...

    def assign(self, sketches: Sketches, clusters: pl.DataFrame) -> pl.DataFrame:
        """Return `row, split` for each row of `clusters` (`row, cluster`)."""
        ...


@dataclass(frozen=True)
class Source:
    """One input: a file as the user named it, and what it is.

    path: where its bytes are. name: how it is shown. size, sha256: of the bytes as they lie there
    (of an archive's entry: decompressed). compression: "gzip", "zstd", or None. member: the entry
    of the zip archive at `path`. encoding: what it is decoded from, None for UTF-8. origin: what
    was turned into the JSON Lines at `path`, such as "Parquet"; a line is then a row. listed: it
    was found in a folder or an archive, and not named. stored: bytes of the file at `path`, None
    where that is `size`.
    """

    path: str
    name: str
    size: int
    sha256: str
    compression: str | None = None
    member: str | None = None
    encoding: str | None = None
    origin: str | None = None
    listed: bool = False
    stored: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether reading may start anywhere, since what is decoded is what lies on disk."""
        return not (self.compression or self.member or self.encoding)


@dataclass(frozen=True)
class Split:
    """A stretch of one input that one task reads.

    start, end: bytes; a record belongs to the split in which it starts. line: physical line of
    the first byte, from 1. spans: (offset, length) of each record where the format has no lines.
    table: which kind of record it holds, None where the export has one kind.
    """

    file: int
    start: int
    end: int
    line: int = 1
    spans: tuple[tuple[int, int], ...] = ()
    table: str | None = None


@dataclass(frozen=True)
class ReadOptions:
    """What the policy and the command line say about reading.

    group: field that names the customer. subject: "metadata", or "first-line" to put it before
    the first user message. agents: ids, addresses, domains or names that are staff. bots: "drop",
    or "assistant" to learn from what a machine wrote. quotes, signatures: whether those of mails
    are cut. repair: whether mojibake is repaired. attachments: whether `[attachment: name]` stands
    for one. day_first: how dates such as 03/04/2025 are meant, where a file cannot tell.
    columns: which column of a table is what. roles: which value of a role column is which role.
    apart: each message is a turn of its own, as it was before anything was cut; to look at an
    export, not to train on it. batch_rows: records at a time.
    """

    group: str | None = None
    subject: str = "metadata"
    agents: tuple[str, ...] = ()
    bots: str = "drop"
    quotes: bool = True
    signatures: bool = True
    repair: bool = False
    attachments: bool = False
    day_first: bool | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    apart: bool = False
    batch_rows: int = 2048


@dataclass(frozen=True)
class Plan:
    """How the inputs will be read.

    context: what every split needs, such as the users table; must pickle. faults: unreadable
    stretches found while planning (`UNREADABLE` rows). truncated: inputs that end early. scattered:
    records of a conversation lie apart, and the engine gathers them by `conversation`. unused:
    names of inputs that belong to the export but hold nothing to read.
    """

    reader: str
    sources: tuple[Source, ...]
    splits: tuple[Split, ...]
    context: Any
    faults: pl.DataFrame
    truncated: tuple[int, ...] = ()
    scattered: bool = False
    unused: tuple[str, ...] = ()


@dataclass(frozen=True)
class About:
    """What a reader tells people: in the documents, and when a file is not what it looks like.

    title: the system. export: how to get such a file. reads: what becomes turns. leaves: what is
    left out, and why. names_people: its files are often called after people, and so a run does not
    state their names.
    """

    title: str
    export: str
    reads: str
    leaves: str
    names_people: bool = False


@dataclass(frozen=True)
class Reading:
    """What a reader made of some records.

    records: how many there were. used, merged, excluded: how many became a turn, joined an
    earlier turn, or were left out on purpose; with `unreadable.height` they add up to `records`.
    excluded_by: reason → count. attached: files and pictures of messages that became turns.
    """

    batch: Batch
    unreadable: pl.DataFrame
    used: int = 0
    merged: int = 0
    excluded: Mapping[str, int] = field(default_factory=dict)
    attached: int = 0


class Reader(Protocol):
    """Understands one source shape; four functions without state."""

    @property
    def name(self) -> str:
        """What the reader is called; also the name of its entry point."""
        ...

    @property
    def about(self) -> About:
        """What it tells people."""
        ...

    def recognises(self, head: bytes, name: str) -> int:
        """Count the marks of this shape in a decoded head of up to 64 KiB; 0: it is another.

        The reader with the most marks reads an input. A generic shape has few, so that a reader
        that knows better wins.
        """
        ...

    def plan(self, sources: Sequence[Source], options: ReadOptions) -> Plan:
        """Cut the inputs into splits without understanding the records."""
        ...

    def read(self, split: Split, plan: Plan) -> Iterator[pl.DataFrame]:
        """Yield located records, `FRAGMENTS` frames of at most `batch_rows` rows."""
        ...

    def assemble(self, fragments: pl.DataFrame, plan: Plan) -> Reading:
        """Make conversations of records; those of one conversation arrive together."""
        ...


def to_batch(conversations: Sequence[Sequence[tuple[str, str]]], *, first: int = 0) -> Batch:
    """Return a batch of plain conversations from (role, text) turns.

    first: the row of the first one; each is its own group, and `row-N` is its id and key.
    """
    rows = range(first, first + len(conversations))
    heads: list[tuple[Any, ...]] = [
        (row, f"row-{row}", f"row-{row}", f"row-{row}", None, None, None, [], None) for row in rows
    ]
    turns = [
        (row, None, turn, CONTENT, role, None, text)
        for row, conversation in zip(rows, conversations, strict=True)
        for turn, (role, text) in enumerate(conversation)
    ]
    return Batch(frame(heads, CONVERSATIONS), frame(turns, TURNS), empty(SEGMENTS))
