"""Tables in binary form: each row becomes a line of JSON, and nothing is left out in silence."""

import hashlib
import json
import tracemalloc
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import packed
from tunegate.errors import InputError
from tunegate.model import ReadOptions, Source
from tunegate.readers import find
from tunegate.readers.chat import READER as CHAT
from tunegate.readers.inputs.sources import blocks

ASK = {"role": "user", "content": "Hi"}
CHATS = pl.DataFrame(
    {
        "id": ["a", "b", None],
        "messages": [[ASK], [ASK, {"role": "assistant", "content": "Yes"}], []],
    }
)
ROWS = [{"id": "a", "messages": [ASK]}, {**CHATS.row(1, named=True)}, {"messages": []}]


def parquet(frame: pl.DataFrame, **options: Any) -> bytes:
    held = BytesIO()
    frame.write_parquet(held, **options)
    return held.getvalue()


def arrow_file(frame: pl.DataFrame) -> bytes:
    held = BytesIO()
    frame.write_ipc(held)
    return held.getvalue()


def arrow_stream(frame: pl.DataFrame) -> bytes:
    held = BytesIO()
    frame.write_ipc_stream(held)
    return held.getvalue()


FORMS = {
    "Parquet": (parquet(CHATS), "Parquet"),
    "Parquet of small groups": (parquet(CHATS, row_group_size=1), "Parquet"),
    "an Arrow file": (arrow_file(CHATS), "Arrow"),
    "an Arrow stream": (arrow_stream(CHATS), "Arrow"),
}


def write(folder: Path, content: bytes, name: str = "table.bin") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def rows_of(source: Source) -> list[Any]:
    return [json.loads(line) for line in b"".join(blocks(source)).splitlines()]


def read(folder: Path, content: bytes) -> tuple[list[Any], list[str]]:
    (source,), passed = find([write(folder, content)], folder / "spool")
    return rows_of(source), passed


@pytest.mark.parametrize(("content", "origin"), FORMS.values(), ids=FORMS.keys())
def test_a_table_reads_as_lines(content: bytes, origin: str, tmp_path: Path) -> None:
    path = write(tmp_path, content)
    (source,), passed = find([path], tmp_path / "spool")
    assert rows_of(source) == ROWS
    assert passed == []
    assert (source.name, source.origin) == ("table.bin", origin)
    assert source.is_plain
    assert not source.listed


@pytest.mark.parametrize(("content", "origin"), FORMS.values(), ids=FORMS.keys())
def test_size_and_digest_are_those_of_the_table(
    content: bytes, origin: str, tmp_path: Path
) -> None:
    (source,), _ = find([write(tmp_path, content)], tmp_path / "spool")
    assert (source.size, source.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert source.stored == Path(source.path).stat().st_size


def test_a_table_is_read_by_a_reader(tmp_path: Path) -> None:
    sources, _ = find([write(tmp_path, parquet(CHATS))], tmp_path / "spool")
    plan = CHAT.plan(sources, ReadOptions())
    read = pl.concat([frame for split in plan.splits for frame in CHAT.read(split, plan)])
    assert read["line"].to_list() == [1, 2, 3]
    assert CHAT.assemble(read, plan).used == 3


def test_copies_are_for_their_owner_only(tmp_path: Path) -> None:
    spool = tmp_path / "deep" / "spool"
    (source,), _ = find([write(tmp_path, parquet(CHATS))], spool)
    assert Path(source.path).parent == spool
    assert Path(source.path).stat().st_mode & 0o077 == 0
    assert spool.stat().st_mode & 0o077 == 0


def test_a_copy_that_changes_is_an_error(tmp_path: Path) -> None:
    (source,), _ = find([write(tmp_path, parquet(CHATS))], tmp_path / "spool")
    Path(source.path).write_bytes(b"{}\n")
    with pytest.raises(InputError, match="changed while it was being read"):
        rows_of(source)


def test_a_table_in_an_archive_leaves_no_other_copy(tmp_path: Path) -> None:
    path = write(tmp_path, packed({"d/a.parquet": parquet(CHATS)}), "a.zip")
    (source,), _ = find([path], tmp_path / "spool")
    assert (source.name, source.member) == ("a.zip/d/a.parquet", None)
    assert rows_of(source) == ROWS
    assert [str(one) for one in (tmp_path / "spool").iterdir()] == [source.path]


VALUES: dict[str, tuple[pl.Series, Any]] = {
    "an exact decimal": (pl.Series([Decimal("12345678901234567.8900")]), "12345678901234567.8900"),
    "a small decimal": (pl.Series([Decimal("0.00000001")]), "0.00000001"),
    "a date": (pl.Series([date(2024, 2, 29)]), "2024-02-29"),
    "a time": (pl.Series([time(3, 4, 5)]), "03:04:05"),
    "a moment": (pl.Series([datetime(2024, 1, 2, 3, 4, 5)]), "2024-01-02T03:04:05"),
    "a moment of a zone": (
        pl.Series([datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)]),
        "2024-01-02T03:04:05+00:00",
    ),
    "a duration": (pl.Series([timedelta(hours=30, microseconds=500_000)]), "PT108000.5S"),
    "a large integer": (pl.Series([2**64 - 1], dtype=pl.UInt64), 2**64 - 1),
    "an integer beyond 64 bits": (pl.Series([2**80], dtype=pl.Int128), str(2**80)),
    "infinity": (pl.Series([float("-inf")]), "-Infinity"),
    "a category": (pl.Series(["x"], dtype=pl.Categorical), "x"),
    "a structure": (pl.Series([{"a": {"b": [1, None]}, "c": None}]), {"a": {"b": [1, None]}}),
    "an array": (pl.Series([[1, 2]], dtype=pl.Array(pl.Int64, 2)), [1, 2]),
    "a text with line ends": (pl.Series(["a\nb\u2028c"]), "a\nb\u2028c"),
}


@pytest.mark.parametrize(("column", "expected"), VALUES.values(), ids=VALUES.keys())
def test_a_value_is_written_exactly(column: pl.Series, expected: object, tmp_path: Path) -> None:
    frame = pl.DataFrame({"v": column})
    assert read(tmp_path, parquet(frame)) == ([{"v": expected}], [])


@pytest.mark.parametrize("value", [None, float("nan")], ids=["null", "not a number"])
def test_a_column_without_a_value_is_left_out(value: float | None, tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1], "v": pl.Series([value], dtype=pl.Float64)})
    assert read(tmp_path, parquet(frame))[0] == [{"a": 1}]


def test_binary_columns_are_left_out_and_named(tmp_path: Path) -> None:
    image = {"bytes": b"\x89PNG", "path": "a.png"}
    frame = pl.DataFrame({"id": [1], "raw": [b"x"], "image": [image], "pages": [[b"y"]]})
    for content in (parquet(frame), arrow_stream(frame)):
        rows, passed = read(tmp_path, content)
        assert rows == [{"id": 1, "image": {"path": "a.png"}, "pages": [None]}]
        assert passed == [
            "table.bin/image.bytes (a binary column)",
            "table.bin/pages (a binary column)",
            "table.bin/raw (a binary column)",
        ]


@pytest.mark.parametrize(("content", "origin"), FORMS.values(), ids=FORMS.keys())
def test_a_cut_table_is_refused(content: bytes, origin: str, tmp_path: Path) -> None:
    path = write(tmp_path, content[: len(content) * 2 // 3])
    with pytest.raises(InputError, match=f"the {origin}( file| stream)? is damaged or ends early"):
        find([path], tmp_path / "spool")
    assert not list((tmp_path / "spool").iterdir())


@settings(max_examples=60, deadline=None)
@given(at=st.integers(8, 400), byte=st.integers(0, 255))
def test_a_damaged_arrow_file_is_read_or_refused_and_never_crashes(
    at: int, byte: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(FORMS["an Arrow stream"][0])
    content[at] = byte
    folder = tmp_path_factory.mktemp("harm")
    try:
        find([write(folder, bytes(content))], folder / "spool")
    except InputError as refused:
        assert refused.where == "table.bin"


def test_a_large_table_takes_little_memory(tmp_path: Path) -> None:
    frame = pl.DataFrame({"text": [f"{n} " * 100 for n in range(40_000)]})
    path = write(tmp_path, parquet(frame, row_group_size=2000))
    tracemalloc.start()
    try:
        (source,), _ = find([path], tmp_path / "spool")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert source.stored is not None
    assert source.stored > 20 << 20
    assert peak < 10 << 20


STATE = {"_data_files": [{"filename": "data-00000-of-00001.arrow"}], "_split": "train"}


def saved(folder: Path, state: dict[str, Any] = STATE) -> None:
    write(folder, arrow_stream(CHATS), "data-00000-of-00001.arrow")
    write(folder, arrow_stream(CHATS), "cache-123.arrow")
    write(folder, json.dumps(state).encode(), "state.json")
    write(folder, b"{}", "dataset_info.json")


def test_a_saved_dataset_is_its_data_files(tmp_path: Path) -> None:
    saved(tmp_path / "set")
    (source,), passed = find([tmp_path / "set"], tmp_path / "spool")
    assert source.name == "data-00000-of-00001.arrow"
    assert rows_of(source) == ROWS
    assert passed == ["cache-123.arrow", "dataset_info.json", "state.json"]


def test_a_saved_dictionary_of_datasets_is_all_of_them(tmp_path: Path) -> None:
    write(tmp_path / "set", b'{"splits": ["train", "test"]}', "dataset_dict.json")
    for split in ("train", "test"):
        saved(tmp_path / "set" / split)
    sources, passed = find([tmp_path / "set"], tmp_path / "spool")
    assert [source.name for source in sources] == [
        "test/data-00000-of-00001.arrow",
        "train/data-00000-of-00001.arrow",
    ]
    assert "dataset_dict.json" in passed


def test_a_saved_dataset_that_lacks_a_file_is_refused(tmp_path: Path) -> None:
    saved(tmp_path / "set", {"_data_files": [{"filename": "data-1.arrow"}]})
    with pytest.raises(InputError, match=r"`data-1\.arrow` is part of the dataset, and missing"):
        find([tmp_path / "set"], tmp_path / "spool")


def test_a_saved_selection_of_rows_is_refused(tmp_path: Path) -> None:
    saved(tmp_path / "set", {**STATE, "_indices_data_files": [{"filename": "indices.arrow"}]})
    with pytest.raises(InputError, match="a selection of rows"):
        find([tmp_path / "set"], tmp_path / "spool")


def test_another_state_file_is_an_ordinary_input(tmp_path: Path) -> None:
    write(tmp_path / "set", b'{"state": 1}', "state.json")
    (source,), _ = find([tmp_path / "set"], tmp_path / "spool")
    assert source.name == "state.json"
