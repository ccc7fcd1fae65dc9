"""Which files are inputs, how they are named, and who reads them."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tunegate.errors import InputError
from tunegate.model import ReadOptions, Source
from tunegate.readers import choose, find
from tunegate.readers.chat import READER as CHAT
from tunegate.readers.sources import blocks

GOOD = [b'{"messages":[{"role":"user","content":"%d"}]}' % n for n in range(4)]


def write(folder: Path, content: bytes, name: str = "chats.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


REFUSED = {
    "UTF-16": ("\n".join(g.decode() for g in GOOD).encode("utf-16"), "UTF-16"),
    "UTF-16 without a mark": ("\n".join(g.decode() for g in GOOD).encode("utf-16-le"), "UTF-16"),
    "pretty-printed": (
        json.dumps(json.loads(GOOD[0]), indent=1).encode() + b"\n" + GOOD[1] + b"\n",
        "pretty-printed JSON",
    ),
    "a workbook": (b"PK\x03\x04..xl/workbook.xml", "an Excel workbook"),
    "a zip": (b"PK\x03\x04....", "a zip archive"),
    "a PDF": (b"%PDF-1.7\n1 0 obj", "a PDF file"),
    "Parquet": (b"PAR1\x15\x04", "a Parquet file"),
    "Zstandard": (b"\x28\xb5\x2f\xfd\x00", "a Zstandard file"),
    "HTML": (b"\n<!DOCTYPE html><html><body>Log in</body></html>", "an HTML page"),
    "prompt and completion": (b'{"prompt":"a","completion":"b"}\n', "prompt and completion"),
    "a message a line": (b'{"role":"user","content":"b"}\n' * 3, "a message in each record"),
    "other JSON": (b'{"a":1}\n{"a":2}\n', "JSON without `messages`"),
    "prose": (b"Dear all\nplease find attached\n", "text of no known shape"),
}


@pytest.mark.parametrize(("content", "what"), REFUSED.values(), ids=REFUSED.keys())
def test_what_no_reader_knows_is_named(content: bytes, what: str, tmp_path: Path) -> None:
    sources, _ = find([write(tmp_path, content, "export.dat")])
    with pytest.raises(InputError) as refused:
        choose(sources, ReadOptions())
    assert what in refused.value.problem
    assert refused.value.where == "export.dat"
    assert refused.value.hint


def test_folders_and_order_and_repetition_change_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    (folder / "deeper").mkdir(parents=True)
    names = ["b.jsonl", "a.ndjson", "deeper/c.json.gz"]
    for name in names:
        content = GOOD[0] + b"\n"
        write(folder, gzip.compress(content, mtime=0) if name.endswith("gz") else content, name)
    write(folder, b"x", "notes.txt")
    paths = [folder / name for name in names]
    sources, ignored = find([folder])
    assert [source.name for source in sources] == ["a.ndjson", "b.jsonl", "deeper/c.json.gz"]
    assert ignored == ["notes.txt"]
    again, _ = find([folder / "deeper/../b.jsonl", folder, *reversed(paths)])
    assert [source.sha256 for source in again] == [source.sha256 for source in sources]
    assert find([*reversed(paths), *paths]) == find(paths)
    assert choose(sources, ReadOptions()).name == "openai-chat"


def test_files_with_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("march/de", "april/de", "april/fr"):
        (tmp_path / folder).mkdir(parents=True)
        write(tmp_path / folder, GOOD[0] + b"\n")
    paths = [tmp_path / folder / "chats.jsonl" for folder in ("march/de", "april/de", "april/fr")]
    names = [source.name for source in find(paths)[0]]
    assert names == ["april/de/chats.jsonl", "april/fr/chats.jsonl", "march/de/chats.jsonl"]
    assert names == [source.name for source in find(paths[::-1])[0]]


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda folder: folder / "none.jsonl", "there is no such file"),
        (lambda folder: folder, "the folder holds no file that can be read"),
    ],
    ids=["missing", "empty folder"],
)
def test_what_cannot_be_found_is_named(make: Any, problem: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=problem):
        find([make(tmp_path)])


def test_a_name_that_is_not_utf8_can_be_written_and_its_file_read(tmp_path: Path) -> None:
    names = [b"caf\xe9.jsonl", b"caf\xe8.jsonl", b"notes\xff.txt"]
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(GOOD[0] + b"\n")
    sources, ignored = find([tmp_path])
    assert [source.name for source in sources] == [r"caf\udce8.jsonl", r"caf\udce9.jsonl"]
    assert ignored == [r"notes\udcff.txt"]
    plan = CHAT.plan(sources, ReadOptions())
    assert sum(frame.height for split in plan.splits for frame in CHAT.read(split, plan)) == 2
    with pytest.raises(InputError) as refused:
        find([os.fsdecode(os.fsencode(tmp_path) + b"/none\xff.jsonl")])
    assert str(refused.value).encode()
    assert str(refused.value.hint).encode()


def test_what_is_hidden_in_a_folder_is_passed_over_and_listed(tmp_path: Path) -> None:
    folder = tmp_path / ".exports"
    for name in ("deeper", ".git/objects"):
        (folder / name).mkdir(parents=True)
    names = ["a.jsonl", "deeper/b.jsonl", "deeper/._b.jsonl", ".c.jsonl", ".git/objects/d.jsonl"]
    for name in names:
        write(folder, GOOD[0] + b"\n", name)
    sources, ignored = find([folder])
    assert [source.name for source in sources] == ["a.jsonl", "deeper/b.jsonl"]
    assert ignored == [".c.jsonl", ".git/", "deeper/._b.jsonl"]
    assert [source.name for source in find([folder / ".c.jsonl"])[0]] == [".c.jsonl"]


# Its first page is mapped nowhere, so that it opens and cannot be read.
BROKEN = Path("/proc/self/mem")


@pytest.mark.skipif(not BROKEN.exists(), reason="needs a file that opens and cannot be read")
@pytest.mark.parametrize(
    "reading",
    [
        lambda: find([BROKEN]),
        lambda: list(blocks(Source(str(BROKEN), "mem", 0, "", None), 0, 10)),
    ],
    ids=["described", "read"],
)
def test_a_disk_that_fails_while_a_file_is_read_is_one_clear_error(reading: Any) -> None:
    with pytest.raises(InputError, match="cannot be read") as refused:
        reading()
    assert refused.value.where == "mem"
    assert refused.value.hint


def test_inputs_of_two_shapes_name_two_files(tmp_path: Path) -> None:
    one = write(tmp_path, GOOD[0] + b"\n")
    other = write(tmp_path, b"conversation_id,role,content\n1,user,hi\n", "table.csv")
    sources, _ = find([one, other])
    with pytest.raises(InputError) as refused:
        choose(sources, ReadOptions())
    assert "chats.jsonl" in str(refused.value)
    assert "table.csv" in str(refused.value)


def test_a_file_that_changes_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD[0] + b"\n")
    plan = CHAT.plan(find([path])[0], ReadOptions())
    path.write_bytes(GOOD[0] + b"\n" + GOOD[1])
    with pytest.raises(InputError, match="changed while it was being read"):
        list(CHAT.read(plan.splits[0], plan))
