"""Gather rows that belong together with files: bucket by a key, then read one bucket at a time.

Memory is bounded by one bucket, so the number of buckets follows the size of the input.
"""

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

BUCKET_BYTES = 32 << 20
MOST_BUCKETS = 1024
FLUSH_BYTES = 16 << 20


def buckets_for(size: int) -> int:
    """Return how many buckets keep each near `BUCKET_BYTES`; depends on the input alone."""
    return max(1, min(MOST_BUCKETS, -(-size // BUCKET_BYTES)))


def scatter(
    frames: Iterable[pl.DataFrame], *, by: str, buckets: int, folder: Path, name: str
) -> None:
    """Write rows into bucket files under `folder`; null keys go to bucket 0.

    name: tells the files of this task from those of others.
    """
    held: list[pl.DataFrame] = []
    size = flushes = 0
    for frame in frames:
        held.append(frame)
        size += int(frame.estimated_size())
        if size >= FLUSH_BYTES:
            _flush(held, by, buckets, folder, f"{name}-{flushes:06d}")
            held, size, flushes = [], 0, flushes + 1
    if held:
        _flush(held, by, buckets, folder, f"{name}-{flushes:06d}")


def _flush(held: list[pl.DataFrame], by: str, buckets: int, folder: Path, name: str) -> None:
    frame = pl.concat(held)
    keys = frame[by].unique().drop_nulls()
    # A stable hash, since other processes and other machines must agree on the bucket.
    place = {key: zlib.crc32(key.encode()) % buckets for key in keys}
    placed = frame.with_columns(
        bucket=pl.col(by).replace_strict(place, default=0, return_dtype=pl.Int32)
    )
    for (bucket,), part in placed.partition_by("bucket", as_dict=True).items():
        target = folder / f"{bucket:04d}"
        target.mkdir(parents=True, exist_ok=True)
        part.drop("bucket").write_parquet(target / f"{name}.parquet", compression="lz4")


def gathered(folder: Path, bucket: int) -> pl.DataFrame | None:
    """Return all rows of one bucket, or None when nothing fell into it."""
    parts = sorted((folder / f"{bucket:04d}").glob("*.parquet"))
    return pl.concat(map(pl.read_parquet, parts)) if parts else None


def in_batches(frame: pl.DataFrame, *, by: str, rows: int) -> Iterator[pl.DataFrame]:
    """Yield the rows of a bucket some conversations at a time, each whole, in a fixed order.

    A row without a key is whole already.
    """
    ordered = frame.sort(by, "row", nulls_last=False)
    other = pl.col(by).is_null() | pl.col(by).ne_missing(pl.col(by).shift(1))
    starts = ordered.select(pl.arg_where(other)).to_series().to_list()
    first = 0
    for end in [*starts[1:], ordered.height]:
        if end - first >= rows or end == ordered.height:
            yield ordered.slice(first, end - first)
            first = end
