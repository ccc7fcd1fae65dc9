"""Read small exports in tests, as an audit would."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from tunegate.model import Plan, Reader, Reading, ReadOptions
from tunegate.readers import find

Content = bytes | str | list[Any] | dict[str, Any]


def write(folder: Path, files: Mapping[str, Content]) -> list[Path]:
    """Write files by name; what is neither text nor bytes as a JSON document."""
    paths = []
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
        paths.append(path)
    return paths


def read(
    reader: Reader, folder: Path, files: Mapping[str, Content], **options: Any
) -> tuple[Reading, Plan]:
    """Return what a reader makes of files, all records at once, and its plan."""
    sources, _ = find(write(folder, files), folder / "spool")
    for source in sources:
        head = Path(source.path).read_bytes()[: 64 << 10] if source.is_plain else None
        assert head is None or reader.recognises(head, source.name), source.name
    plan = reader.plan(sources, ReadOptions(**options))
    frames = [part for split in plan.splits for part in reader.read(split, plan)]
    return reader.assemble(pl.concat(frames), plan), plan


def said(reading: Reading) -> list[list[tuple[str, str]]]:
    """Return role and text of the turns of each conversation."""
    turns = reading.batch.turns.filter(pl.col("turn").is_not_null())
    return [
        turns.filter(pl.col("row") == row).select("role", "text").rows()
        for row in reading.batch.conversations["row"]
    ]


def books(reading: Reading) -> tuple[int, int, dict[str, int], list[str]]:
    """Return used, merged, excluded by reason, and why records are unreadable."""
    reasons = reading.unreadable["reason"].to_list()
    return reading.used, reading.merged, dict(reading.excluded), reasons


def notes(reading: Reading) -> list[str]:
    """Return what the reader noted of messages and conversations."""
    return reading.batch.segments["note"].drop_nulls().to_list()
