"""Show a conversation as its source has it, with what was cut from it and left out of it.

This is the one view that reads dataset text after a run, and it writes it nowhere: letters and
digits are masked unless somebody asks to see them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from tunegate.errors import InputError
from tunegate.model import OFFSET_BITS, Batch, Plan, ReadOptions
from tunegate.pipeline.folder import read_record
from tunegate.pipeline.run import planned
from tunegate.readers.choosing import readers
from tunegate.readers.inputs.named import find
from tunegate.report.explain import named

_PLACE = ["file", "offset", "pointer"]


def mask(text: str) -> str:
    """Return a text with x for each letter and 0 for each digit."""
    return "".join(_masked(character) for character in text)


def show(
    run: Path,
    conversation: str,
    inputs: Sequence[str | Path],
    options: ReadOptions,
    *,
    reveal: bool = False,
) -> str:
    """Return a conversation, message by message; what was cut stands between ⟦ and ⟧.

    inputs, options: those of the run. reveal: show the text itself.

    Raises:
        InputError: the inputs are not those of the run.
        RunError: the run has no such conversation.
    """
    record: dict[str, Any] = read_record(run)
    heads = list(named(run, conversation))
    with TemporaryDirectory(prefix="tunegate-") as folder:
        sources, _ = find(inputs, Path(folder) / "spool")
        plan, _ = planned(sources, replace(options, apart=True))
        told = [one["sha256"] for one in record["inputs"]]
        if [source.sha256 for source in plan.sources] != told:
            raise InputError(
                "the inputs are not those of the run, byte by byte",
                where=str(run),
                hint="pass the same files in the same form",
            )
        return "\n\n".join("\n".join(_told(run, head, plan, reveal)) for head in heads)


def _told(run: Path, head: dict[str, Any], plan: Plan, reveal: bool) -> Iterator[str]:
    row = head["row"]
    segments = pl.scan_parquet(run / "segments.parquet").filter(pl.col("row") == row).collect()
    batch = _read_again(plan, row, segments)
    mine = Batch(
        batch.conversations.filter(pl.col("row") == row),
        batch.turns.filter(pl.col("row") == row),
        batch.segments.filter(pl.col("row") == row),
    )
    yield f"conversation {head['id'] or head['key']} (row:{row}), {head['disposition']}"
    cuts = segments.filter(pl.col("removed").is_not_null(), pl.col("start").is_not_null())
    for turn in mine.turns.filter(pl.col("turn").is_not_null()).iter_rows(named=True):
        held = mine.segments.filter(turn=turn["turn"], part=turn["part"]).select(_PLACE).unique()
        spans = cuts.join(held, on=_PLACE, how="semi", nulls_equal=True).sort("start")
        text = turn["text"] if reveal else mask(turn["text"])
        where = "" if turn["part"] == "/content" else f" {turn['part']}"
        yield f"\n{turn['role'] or 'unknown'}{where}:"
        yield from (f"  {line}" for line in _bracketed(text, spans).split("\n"))
    left = segments.filter(pl.col("removed").is_not_null(), pl.col("start").is_null())
    for line in left.iter_rows(named=True):
        yield f"\nleft out: {line['pointer'] or 'a record'} ({line['removed']})"


def _read_again(plan: Plan, row: int, segments: pl.DataFrame) -> Batch:
    """Return the conversation that begins at `row`, and whatever its records also become."""
    reader = readers()[plan.reader]
    places = {*segments.select("file", "offset").rows(), divmod(row, 1 << OFFSET_BITS)}
    wanted = pl.col("row").is_in([(file << OFFSET_BITS) | at for file, at in places])
    holding = [
        split
        for split in plan.splits
        if any(file == split.file and split.start <= at < split.end for file, at in places)
    ]
    frames = [part.filter(wanted) for split in holding for part in reader.read(split, plan)]
    found = pl.concat(frames)
    keys = found["conversation"].drop_nulls().unique()
    if plan.scattered and len(keys):
        # A record that left no trace in a turn, such as the ticket itself, may lie anywhere.
        same = pl.col("conversation").is_in(keys.implode())
        found = pl.concat(
            part.filter(same) for split in plan.splits for part in reader.read(split, plan)
        )
    return reader.assemble(found, plan).batch


def _bracketed(text: str, spans: pl.DataFrame) -> str:
    shown, last = [], 0
    for start, end, kind in spans.select("start", "end", "removed").iter_rows():
        shown += [text[last:start], f"⟦{kind}: ", text[start:end], "⟧"]
        last = end
    return "".join([*shown, text[last:]])


def _masked(character: str) -> str:
    if character.isdigit():
        return "0"
    if character.isalpha():
        return "X" if character.isupper() else "x"
    return character
