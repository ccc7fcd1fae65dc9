"""Turn tables in binary form into JSON Lines, one row a line, which every reader can read.

A batch of rows is held at a time: of Parquet at most a group of rows of the file, of Arrow a
record batch. Binary columns are left out and named, since no text is in them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
from polars._typing import PolarsDataType
from polars.exceptions import PanicException, PolarsError

from tunegate.errors import InputError
from tunegate.model import Source
from tunegate.readers.inputs import arrow
from tunegate.readers.inputs.files import shown
from tunegate.readers.inputs.frames import line_of
from tunegate.readers.inputs.spool import Spool

PARQUET = "Parquet"
ARROW = "Arrow"

_ARROW_STREAM = "Arrow stream"
_MARKS = ((b"PAR1", PARQUET), (b"ARROW1", ARROW), (arrow.STREAM_MARK, _ARROW_STREAM))
_ROWS = 2048  # at a time, of what is no stream
_STATE = "state.json"  # what `save_to_disk` of Hugging Face's datasets writes beside its files
_MAX_STATE = 1 << 20  # bytes


def table_kind(head: bytes) -> str | None:
    """Return what binary table a head is of, or None."""
    return next((kind for mark, kind in _MARKS if head.startswith(mark)), None)


def as_lines(source: Source, path: Path, kind: str, spool: Spool) -> tuple[Source, list[str]]:
    """Return the source with its rows as JSON Lines in the spool, and names of what is left out.

    path: where the table's own bytes are. A row is a JSON object without its null columns.

    Raises:
        InputError: it is damaged, ends early, or holds what cannot be written as JSON.
    """
    left_out: list[str] = []
    copied = spool.copy(_lines(source, path, kind, left_out))
    lines = replace(
        source,
        path=str(copied.path),
        compression=None,
        member=None,
        encoding=None,
        origin=PARQUET if kind == PARQUET else ARROW,
        stored=copied.size,
    )
    return lines, [shown(f"{source.name}/{column} (a binary column)") for column in left_out]


def _lines(source: Source, path: Path, kind: str, left_out: list[str]) -> Iterator[bytes]:
    try:
        for n, frame in enumerate(_frames(path, kind)):
            whole = [name for name, type_ in frame.schema.items() if type_ == pl.Binary]
            nested = [
                place
                for name, type_ in frame.schema.items()
                if name not in whole
                for place in _binary_in(name, type_)
            ]
            if not n:
                left_out += sorted(whole + nested)
            rest = frame.drop(whole)
            for row in rest.iter_rows():
                yield line_of(rest.columns, map(_without_bytes, row) if nested else row)
    except (PolarsError, PanicException, OSError, arrow.BrokenError):  # a file too short to map
        raise InputError(
            f"the {kind} is damaged or ends early",
            where=source.name,
            hint="get it again, or write it again",
        ) from None
    except TypeError:
        raise InputError(
            f"the {kind} holds a value that JSON cannot",
            where=source.name,
            hint="turn such columns into text or leave them out",
        ) from None


def _frames(path: Path, kind: str) -> Iterator[pl.DataFrame]:
    if kind == _ARROW_STREAM:
        yield from arrow.batches(path)
        return
    scan = pl.scan_parquet if kind == PARQUET else pl.scan_ipc
    table = scan(path, glob=False, hive_partitioning=False)
    count = table.select(pl.len()).collect().item()
    for first in range(0, count, _ROWS):
        yield table.slice(first, _ROWS).collect()


def _binary_in(name: str, kind: pl.DataType) -> Iterator[str]:
    if kind == pl.Binary:
        yield name
    elif isinstance(kind, pl.Struct):
        for field in kind.fields:
            yield from _binary_in(f"{name}.{field.name}", _made(field.dtype))
    elif isinstance(kind, pl.List | pl.Array):
        yield from _binary_in(name, _made(kind.inner))


def _made(kind: PolarsDataType) -> pl.DataType:
    return kind if isinstance(kind, pl.DataType) else kind()


def _without_bytes(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_bytes(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_bytes(item) for item in value]
    return None if isinstance(value, bytes) else value


def saved_in(folder: Path, names: Sequence[str]) -> list[str] | None:
    """Return which files of a folder hold the rows of a dataset that was saved to disk.

    None: it is another folder. What lies beside them is a cache or describes them.

    Raises:
        InputError: a file is missing, or the rows are picked by a list, which is not read.
    """
    if _STATE not in names:
        return None
    try:
        with (folder / _STATE).open("rb") as file:
            state = json.loads(file.read(_MAX_STATE))
        files = [entry["filename"] for entry in state["_data_files"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if not all(isinstance(file, str) for file in files):
        return None
    where = shown(folder / _STATE)
    if state.get("_indices_data_files") or state.get("_indices_files"):
        raise InputError(
            "the dataset is a selection of rows, kept apart from them",
            where=where,
            hint="call `flatten_indices()` on it and save it again",
        )
    if missing := sorted(set(files) - set(names)):
        raise InputError(
            f"`{shown(missing[0])}` is part of the dataset, and missing",
            where=where,
            hint="copy the whole folder",
        )
    return files
