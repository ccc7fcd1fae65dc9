"""Which files are inputs, how they are named, and who reads them."""

import gzip
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tunegate import readers
from tunegate.errors import InputError
from tunegate.model import ReadOptions, Source
from tunegate.readers import choose
from tunegate.readers.chat import READER as CHAT
from tunegate.readers.inputs.sources import blocks
from tunegate.readers.inputs.taken import is_taken

GOOD = [b'{"messages":[{"role":"user","content":"%d"}]}' % n for n in range(4)]


NOWHERE = Path(os.devnull, "spool")  # cannot be made, so that nothing is copied in secret


def find(inputs: Sequence[Path | str]) -> tuple[list[Source], list[str]]:
    return readers.find(inputs, NOWHERE)


def write(folder: Path, content: bytes, name: str = "chats.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


REFUSED = {
    "a PDF": (b"%PDF-1.7\n1 0 obj", "a PDF file"),
    "HTML": (b"\n<!DOCTYPE html><html><body>Log in</body></html>", "an HTML page"),
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
    write(folder, b"x", "notes.md")
    paths = [folder / name for name in names]
    sources, ignored = find([folder])
    assert [source.name for source in sources] == ["a.ndjson", "b.jsonl", "deeper/c.json.gz"]
    assert ignored == ["notes.md"]
    again, _ = find([folder / "deeper/../b.jsonl", folder, *reversed(paths)])
    assert [source.sha256 for source in again] == [source.sha256 for source in sources]
    assert find([*reversed(paths), *paths]) == find(paths)
    assert choose(sources, ReadOptions()).reader is CHAT


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
    names = [b"caf\xe9.jsonl", b"caf\xe8.jsonl", b"notes\xff.md"]
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(GOOD[0] + b"\n")
    sources, ignored = find([tmp_path])
    assert [source.name for source in sources] == [r"caf\udce8.jsonl", r"caf\udce9.jsonl"]
    assert ignored == [r"notes\udcff.md"]
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


def test_a_pattern_stands_for_the_files_it_matches(tmp_path: Path) -> None:
    for folder in ("de", "fr/old"):
        (tmp_path / folder).mkdir(parents=True)
        write(tmp_path / folder, GOOD[0] + b"\n")
        write(tmp_path / folder, b"x", "notes.md")
    pattern = f"{tmp_path}/**/*.jsonl"
    sources, ignored = find([pattern, pattern, tmp_path / "de" / "chats.jsonl"])
    assert [source.name for source in sources] == ["de/chats.jsonl", "fr/old/chats.jsonl"]
    assert not any(source.listed for source in sources)
    assert ignored == []


def test_a_pattern_that_matches_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    (tmp_path / "march").mkdir()
    write(tmp_path / "march", GOOD[0] + b"\n")
    write(tmp_path / "march", b"x", "notes.md")
    sources, ignored = find([f"{tmp_path}/m*"])
    assert [(source.name, source.listed) for source in sources] == [("chats.jsonl", True)]
    assert ignored == ["notes.md"]


def test_a_file_whose_name_is_a_pattern_is_meant_itself(tmp_path: Path) -> None:
    write(tmp_path, GOOD[0], "a.jsonl")
    odd = write(tmp_path, GOOD[1], "[a].jsonl")
    assert [source.name for source in find([str(odd)])[0]] == ["[a].jsonl"]


def test_a_pattern_that_matches_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file matches the pattern") as refused:
        find([f"{tmp_path}/*.jsonl"])
    assert refused.value.hint


def test_what_was_named_is_not_listed_even_if_its_folder_is_named_too(tmp_path: Path) -> None:
    one = write(tmp_path, GOOD[0], "a.jsonl")
    write(tmp_path, GOOD[1], "b.jsonl")
    sources, _ = find([tmp_path, one])
    assert [(source.name, source.listed) for source in sources] == [
        ("a.jsonl", False),
        ("b.jsonl", True),
    ]


TAKEN = "a.jsonl a.NDJSON a.json a.csv a.tsv a.txt a.mbox a.eml a.json.gz a.csv.zst a.zst"
PASSED = "a.md a.gz a.png.gz a.tar.gz a.png.zst a.parquet.gz a a.docx dataset_info.json"


@pytest.mark.parametrize("name", TAKEN.split())
def test_a_suffix_is_taken_from_a_folder(name: str) -> None:
    assert is_taken(name)


@pytest.mark.parametrize("name", PASSED.split())
def test_a_suffix_is_passed_over_in_a_folder(name: str) -> None:
    assert not is_taken(name)


def test_a_name_with_control_characters_is_shown_with_escapes(tmp_path: Path) -> None:
    sources, _ = find([write(tmp_path, GOOD[0], "a\x1b[31m\n.jsonl")])
    assert sources[0].name == r"a\x1b[31m\n.jsonl"


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pipe.jsonl"
    os.mkfifo(path)
    with pytest.raises(InputError, match="is not a regular file"):
        find([path])
