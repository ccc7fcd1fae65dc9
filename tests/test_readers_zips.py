"""Zip archives: each entry is an input, and an archive that means harm is refused by name."""

import gzip
import hashlib
import struct
import zipfile
from contextlib import AbstractContextManager
from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import ending, packed, piped, sources_of
from tunegate.errors import InputError
from tunegate.model import ReadOptions
from tunegate.readers import find
from tunegate.readers.chat import READER as CHAT
from tunegate.readers.inputs import archives, files, zips

LINE = b'{"messages":[{"role":"user","content":"%d"}]}\n'
A = b"".join(LINE % n for n in range(3000))
B = b"".join(LINE % n for n in range(5000, 5100))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_stands_for_its_entries(method: int, tmp_path: Path) -> None:
    sources, ignored = sources_of(packed({"de/a.jsonl": A, "b.jsonl": B}, method), tmp_path)
    assert [source.name for source in sources] == ["a.zip/b.jsonl", "a.zip/de/a.jsonl"]
    assert [source.member for source in sources] == ["b.jsonl", "de/a.jsonl"]
    assert all(source.listed and not source.is_plain for source in sources)
    assert [ending(source) for source in sources] == [(B, None), (A, None)]
    assert [source.sha256 for source in sources] == [hashlib.sha256(c).hexdigest() for c in (B, A)]
    assert [source.size for source in sources] == [len(B), len(A)]
    assert ignored == []
    assert not (tmp_path / "spool").exists()


def test_an_entry_is_read_as_its_file_would_be(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(A)
    plain, _ = find([tmp_path / "a.jsonl"], tmp_path)
    inside, _ = sources_of(packed({"a.jsonl": A}), tmp_path)
    read = []
    for sources in (plain, inside):
        plan = CHAT.plan(sources, ReadOptions())
        read.append([frame for split in plan.splits for frame in CHAT.read(split, plan)])
    assert all(one.equals(other) for one, other in zip(*read, strict=True))
    assert read[0]


@pytest.mark.parametrize(
    "content",
    [gzip.compress(A), zstandard.compress(A), ("\ufeff" + A.decode()).encode("utf-16")],
    ids=["gzip", "zstd", "UTF-16"],
)
def test_an_entry_may_itself_be_packed(content: bytes, tmp_path: Path) -> None:
    (source,), _ = sources_of(packed({"a.json": content}), tmp_path)
    read, why = ending(source)
    assert why is None
    assert read.lstrip(b"\xef\xbb\xbf") == A


def test_what_is_no_input_is_passed_over_and_listed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.jsonl")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    held = BytesIO(
        packed(
            {
                "a.jsonl": B,
                "notes.md": b"",
                "d/": b"",
                "__MACOSX/d/._a.jsonl": b"",
                ".git/x/a.jsonl": b"",
                "d/.a.jsonl": b"",
                "d\\e.png": b"",
                "inner.zip": packed({"a.jsonl": A}),
            }
        )
    )
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr(link, b"/etc/passwd")
    sources, ignored = sources_of(held.getvalue(), tmp_path)
    assert [source.name for source in sources] == ["a.zip/a.jsonl"]
    assert ignored == [
        "a.zip/.git/",
        "a.zip/__MACOSX/",
        "a.zip/d/.a.jsonl",
        "a.zip/d/e.png",
        "a.zip/inner.zip (an archive in an archive)",
        "a.zip/link.jsonl",
        "a.zip/notes.md",
    ]


def test_an_archive_in_a_folder_is_named_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "in" / "de").mkdir(parents=True)
    (tmp_path / "in" / "de" / "a.zip").write_bytes(packed({"b.jsonl": B}))
    (tmp_path / "in" / "empty.zip").write_bytes(packed({"b.md": B}))
    sources, ignored = find([tmp_path / "in"], tmp_path)
    assert [source.name for source in sources] == ["de/a.zip/b.jsonl"]
    assert ignored == ["empty.zip/b.md"]


@pytest.mark.parametrize("entries", [{}, {"a.md": b"x"}], ids=["empty", "nothing to read"])
def test_a_named_archive_without_inputs_is_an_error(
    entries: dict[str, bytes], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="holds no file that can be read"):
        sources_of(packed(entries), tmp_path)


NAMES = {
    "/etc/a.jsonl": "has an absolute path",
    "\\a.jsonl": "has an absolute path",
    "C:\\a.jsonl": "names a drive",
    "c:a.jsonl": "names a drive",
    "../a.jsonl": "leads out of the archive",
    "d/../../a.jsonl": "leads out of the archive",
    "d\\..\\..\\a.jsonl": "leads out of the archive",
    "../a.png": "leads out of the archive",
}


@pytest.mark.parametrize(("name", "why"), NAMES.items(), ids=NAMES.keys())
def test_a_name_that_could_do_harm_refuses_the_archive(name: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=why) as refused:
        sources_of(packed({"good.jsonl": B, name: B}), tmp_path)
    assert refused.value.where == "a.zip"
    assert name in refused.value.problem


def test_a_name_with_a_nul_refuses_the_archive(tmp_path: Path) -> None:
    raw = packed({"a.jsonlX.md": B}).replace(b"a.jsonlX.md", b"a.jsonl\0.md")
    with pytest.raises(InputError, match="NUL character"):
        sources_of(raw, tmp_path)


def test_an_entry_that_is_there_twice_refuses_the_archive(tmp_path: Path) -> None:
    raw = packed({"a.jsonl": A, "b.jsonl": B}).replace(b"b.jsonl", b"a.jsonl")
    with pytest.raises(InputError, match="is there twice"):
        sources_of(raw, tmp_path)


def patched(raw: bytes, field: int, value: int, width: str) -> bytes:
    """Change a field of the first entry in the list at the end of an archive."""
    changed = bytearray(raw)
    struct.pack_into(f"<{width}", changed, raw.index(b"PK\x01\x02") + field, value)
    return bytes(changed)


def test_an_encrypted_entry_refuses_the_archive(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"`a\.jsonl` is encrypted"):
        sources_of(patched(packed({"a.jsonl": A}), 8, 1, "H"), tmp_path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_is_not_read_refuses_the_archive(method: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a method that is not read"):
        sources_of(packed({"a.jsonl": A}, method), tmp_path)


def test_an_entry_that_says_it_unpacks_to_too_much_is_a_bomb(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"`a\.jsonl` unpacks to over 200 times") as refused:
        sources_of(packed({"a.jsonl": bytes(80 << 20)}), tmp_path)
    assert refused.value.where == "a.zip"


def test_an_entry_that_holds_more_than_it_says_is_a_bomb(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"`a\.jsonl` holds more than the archive says"):
        sources_of(patched(packed({"a.jsonl": A}), 24, 5000, "L"), tmp_path)


def test_an_entry_that_says_no_size_is_held_to_the_ratio(tmp_path: Path) -> None:
    raw = piped({"a.jsonl": bytes(80 << 20)})
    with pytest.raises(InputError, match="unpacks to over 200 times"):
        sources_of(raw[: raw.index(b"PK\x01\x02")], tmp_path)


def test_entries_that_share_bytes_are_a_bomb(tmp_path: Path) -> None:
    raw = packed({"a.jsonl": A, "b.jsonl": A})
    second = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4)
    changed = bytearray(raw)
    struct.pack_into("<L", changed, second + 42, 10)
    with pytest.raises(InputError, match="overlaps"):
        sources_of(bytes(changed), tmp_path)


def test_an_archive_of_too_many_entries_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_ENTRIES", 2)
    with pytest.raises(InputError, match="lists more than 2 entries"):
        sources_of(packed({"a.jsonl": B, "b.md": B, "c.md": B}), tmp_path)


def test_an_archive_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL", len(A) + 1)
    with pytest.raises(InputError, match="the archive unpacks to more than"):
        sources_of(packed({"a.jsonl": A, "b.jsonl": B}), tmp_path)


def test_a_wrong_checksum_is_damage_behind_all_that_was_read(tmp_path: Path) -> None:
    (source,), _ = sources_of(patched(packed({"a.jsonl": A}), 16, 7, "L"), tmp_path)
    assert ending(source) == (A, "the compressed file is damaged")


def test_damage_inside_an_entry_costs_what_stands_behind_it(tmp_path: Path) -> None:
    raw = bytearray(packed({"a.jsonl": A, "b.jsonl": B}))
    middle = raw.index(b"PK\x03\x04", 4) // 2
    raw[middle : middle + 40] = b"\xff" * 40
    (a, b), _ = sources_of(bytes(raw), tmp_path)
    read, why = ending(a)
    assert why == "the compressed file is damaged"
    assert read[:4000] == A[:4000]
    assert ending(b) == (B, None)


@pytest.mark.parametrize("make", [packed, piped], ids=["sizes before", "sizes behind"])
@settings(max_examples=40, deadline=None)
@given(share=st.floats(0.01, 0.99))
def test_a_cut_archive_gives_what_stands_before_the_cut(
    make: object, share: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert callable(make)
    raw = make({"a.jsonl": A, "b.jsonl": B, "c.jsonl": A})
    cut = raw[: int(len(raw) * share)]
    try:
        sources, _ = sources_of(cut, tmp_path_factory.mktemp("cut"))
    except InputError as refused:
        assert "no entry of it can be found" in refused.problem
        assert len(cut) < 50
        return
    read = [ending(source) for source in sources]
    assert all(whole.startswith(part) for whole, (part, _) in zip((A, B, A), read, strict=False))
    assert [why for _, why in read[:-1]] == [None] * (len(read) - 1)
    assert read[-1][1] in ("the archive ends early", "the compressed file ends early")


def test_what_only_begins_like_an_archive_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="damaged, and no entry of it can be found"):
        sources_of(b"PK\x03\x04....", tmp_path)


def test_the_list_of_an_archive_is_read_once_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources, _ = sources_of(packed({f"{n}.jsonl": B for n in range(50)}), tmp_path)
    listings: list[str] = []

    def counted(path: Path, name: str) -> AbstractContextManager[BufferedReader]:
        listings.append(name)
        return files.opened(path, name)

    monkeypatch.setattr(archives, "opened", counted)
    assert all(ending(source) == (B, None) for source in sources)
    assert not listings
    (tmp_path / "a.zip").write_bytes(packed({"other.jsonl": A}))
    with pytest.raises(InputError, match="changed while it was being read"):
        ending(sources[0])
    sources_of(packed({"other.jsonl": B}), tmp_path)
    assert listings


def test_a_block_of_an_entry_is_bounded(tmp_path: Path) -> None:
    (source,), _ = sources_of(packed({"a.jsonl": bytes(60 << 20)}), tmp_path)
    with (tmp_path / "a.zip").open("rb") as file:
        entry = archives.archive_of(tmp_path / "a.zip", "a.zip").entries["a.jsonl"]
        assert max(map(len, zips.unpacked(file, entry, "a.zip"))) <= 1 << 20
    assert source.size == 60 << 20
