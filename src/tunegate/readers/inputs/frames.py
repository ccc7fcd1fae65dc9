"""Take data frames in: write them where the readers of files find them."""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from tunegate.errors import InputError

_CHATS = "messages"
_BYTES = (bytes, bytearray, memoryview)
_PLAIN = frozenset({str, bool, type(None)})
_INTEGERS = range(-(1 << 63), 1 << 64)  # what the JSON library can write


def spill(frame: object, folder: Path) -> Path:
    """Write a polars or pandas frame into `folder`, for its owner only, and return the file.

    A lazy frame is collected.

    With a column `messages` each row is a chat record on a line, without the null keys that a
    frame adds to nested objects. Without one it is a table of messages, written as CSV.

    Raises:
        InputError: it is neither kind of frame, or it holds what such a file cannot.
    """
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, pl.DataFrame):
        names: list[str] = frame.columns
        rows: Iterator[tuple[Any, ...]] = frame.iter_rows()
    elif type(frame).__module__.partition(".")[0] == "pandas" and hasattr(frame, "itertuples"):
        names = [str(name) for name in frame.columns]  # type: ignore[attr-defined]
        rows = frame.itertuples(index=False, name=None)
    else:
        kind = f"{type(frame).__module__}.{type(frame).__qualname__}"
        raise InputError(f"`{kind}` is no data frame", hint="pass a polars or pandas DataFrame")
    path = folder / ("frame.jsonl" if _CHATS in names else "frame.csv")
    path.touch(mode=0o600)
    if _CHATS in names:
        _write_chats(path, names, rows)
    elif isinstance(frame, pl.DataFrame):
        _write_csv(frame, path)
    else:
        _write_pandas(frame, names, path)
    return path


def line_of(names: Sequence[str], row: Iterable[object]) -> bytes:
    """Return a row as a line of JSON; a column without a value is left out.

    Times are ISO 8601. Exact decimals, infinities and integers beyond 64 bits, which JSON or its
    readers would change, are text.

    Raises:
        TypeError: a value is none that JSON can hold.
    """
    return orjson.dumps(_without_nulls(dict(zip(names, row, strict=True)))) + b"\n"


def _write_chats(path: Path, names: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    with path.open("wb") as file:
        for n, row in enumerate(rows):
            try:
                file.write(line_of(names, row))
            except TypeError:  # the JSON library's own error is one
                raise InputError(
                    f"row {n} of the frame holds a value that JSON cannot",
                    hint="turn such columns into text or leave them out",
                ) from None


def _write_csv(frame: pl.DataFrame, path: Path) -> None:
    nested = [name for name, kind in frame.schema.items() if kind.is_nested()]
    if nested:
        raise InputError(
            f"the column `{nested[0]}` of the frame is nested",
            hint="name the column with lists of messages `messages`, or leave this one out",
        )
    for name, kind in frame.schema.items():
        if kind in (pl.Binary, pl.Object):
            raise _not_text(name)
    frame.write_csv(path)


def _write_pandas(frame: Any, names: Sequence[str], path: Path) -> None:  # noqa: ANN401 - optional
    for n, name in enumerate(names):
        column = frame.iloc[:, n]
        if column.dtype == object and any(isinstance(cell, _BYTES) for cell in column):
            raise _not_text(name)  # the library would write b'...' in its place
    frame.to_csv(path, index=False)


def _not_text(name: str) -> InputError:
    return InputError(
        f"the column `{name}` of the frame holds bytes or objects, which are no text",
        hint="decode it, for instance with `.cast(pl.String)` or `.str.decode('utf-8')`",
    )


def _without_nulls(value: object) -> object:
    """Return plain Python values; a key without a value is left out."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, dict):
        inner = {str(key): _without_nulls(item) for key, item in value.items()}
        return {key: item for key, item in inner.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_without_nulls(item) for item in value]
    if isinstance(value, pl.Series):
        return [_without_nulls(item) for item in value]
    if isinstance(value, float):
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return None if math.isnan(value) else float(value)
    if isinstance(value, int):
        return value if value in _INTEGERS else str(value)
    if isinstance(value, Decimal):
        return None if value.is_nan() else format(value, "f")
    if isinstance(value, timedelta):
        return None if value != value else _duration(value)
    if hasattr(value, "tolist"):  # an array or a number of numpy's, which pandas hands out
        return _without_nulls(value.tolist())
    if hasattr(value, "isoformat"):
        return None if value != value else value.isoformat()  # pandas' NaT equals nothing
    return None if type(value).__name__ == "NAType" else value


def _duration(value: timedelta) -> str:
    seconds = Decimal(value // timedelta(microseconds=1)).scaleb(-6).normalize()
    return f"PT{seconds:f}S"
