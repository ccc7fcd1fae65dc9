"""Gather what leads from placeholders back to values, and write it as the policy's map."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from tunegate.errors import UsageError
from tunegate.keys import Key, load_keys
from tunegate.pipeline.job import Job
from tunegate.pipeline.redacting import key_of
from tunegate.sealed import is_map, require_cipher, seal, unseal, write_map

_COLUMNS = ["row", "branch", "new_turn", "part", "new_start", "new_end", "rule", "placeholder"]
_PURPOSE = "map-part"


def refuse_place(job: Job, out: Path) -> None:
    """Raise where the policy's map cannot be written, before anything is audited.

    Raises:
        UsageError: it would stand in the run folder, or over something that is no map.
        KeyFileError: its package or its key is missing.
    """
    load_keys.cache_clear()  # the file may have changed since an earlier run of this process
    key_of(job)
    given = job.policy.file.redaction.reversible
    if given is None:
        return
    require_cipher()
    path = Path(given)
    if path.resolve().is_relative_to(out.resolve()):
        raise UsageError(
            "the map would stand in the run folder, beside what it undoes",
            where=given,
            hint="choose a path elsewhere for `redaction.reversible`",
        )
    if not path.parent.is_dir():
        raise UsageError("the folder of the map does not exist", where=given, hint="make it first")
    if path.exists() and not is_map(path):
        raise UsageError(
            "holds something other than a map", where=given, hint="choose another path"
        )


def keep_entries(job: Job, name: str, ledger: pl.DataFrame, values: tuple[str, ...]) -> None:
    """Leave the values of a batch, encrypted, where the policy asks for a map."""
    key = key_of(job)
    if key is None or job.policy.file.redaction.reversible is None or ledger.is_empty():
        return
    entries = [
        {**line, "value": value}
        for line, value in zip(ledger.select(_COLUMNS).iter_rows(named=True), values, strict=True)
    ]
    folder = job.work / "map"
    folder.mkdir(exist_ok=True)
    aside = folder / f"{name}.tmp"
    aside.write_bytes(seal(key.derived(_PURPOSE), entries))
    aside.replace(folder / f"{name}.sealed")


@contextmanager
def mapped(job: Job, written: dict[str, pl.DataFrame], heads: pl.DataFrame) -> Iterator[None]:
    """Write the map of what was written, and put it in its place if what is done here succeeds.

    Values of conversations that were not written are in no map.
    """
    key, given = key_of(job), job.policy.file.redaction.reversible
    if key is None or given is None:
        yield
        return
    path = Path(given)
    aside = path.with_name(f".{path.name}.tunegate")
    keys = dict(heads.select("row", "key").iter_rows())
    try:
        write_map(aside, key, _blocks(job, key, _lines(written), keys))
        yield
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _lines(written: dict[str, pl.DataFrame]) -> dict[int, tuple[str, int]]:
    """Return row → the file and the line that hold it."""
    return {
        row: (name, number)
        for name, rows in written.items()
        for number, row in enumerate(rows["row"], start=1)
    }


def _blocks(
    job: Job, key: Key, lines: dict[int, tuple[str, int]], keys: dict[int, str]
) -> Iterator[list[dict[str, Any]]]:
    for part in sorted((job.work / "map").glob("*.sealed")):
        entries = [
            {
                "conversation": keys[entry["row"]],
                "file": lines[entry["row"]][0],
                "line": lines[entry["row"]][1],
                "branch": entry["branch"],
                "turn": entry["new_turn"],
                "part": entry["part"],
                "start": entry["new_start"],
                "end": entry["new_end"],
                "rule": entry["rule"],
                "placeholder": entry["placeholder"],
                "value": entry["value"],
            }
            for entry in unseal(key.derived(_PURPOSE), part.read_bytes())
            if entry["row"] in lines
        ]
        if entries:
            yield entries
