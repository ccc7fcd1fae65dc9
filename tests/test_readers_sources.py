"""What inputs are packed and written in: each reads as its content, and a fault ends it."""

import gzip
import random
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.model import Source
from tunegate.readers.inputs.decoding import Damaged, encoding_of
from tunegate.readers.inputs.sources import blocks, describe, head, single_byte

TEXT = "".join(f'{{"n": {n}, "text": "né {n * 7919 % 1009} – 😀"}}\n' for n in range(4000))
RAW = TEXT.encode()


def source_of(content: bytes, folder: Path, name: str = "a.jsonl") -> Source:
    path = folder / name
    path.write_bytes(content)
    return describe(path, name)


def ending(source: Source) -> tuple[bytes, str | None]:
    """Return what can be read, and why it ends."""
    parts: list[bytes] = []
    try:
        for block in blocks(source):
            parts.append(block)
    except Damaged as damaged:
        return b"".join(parts), str(damaged)
    return b"".join(parts), None


def frames_of(content: bytes, step: int) -> bytes:
    packed = zstandard.ZstdCompressor(write_checksum=True)
    return b"".join(packed.compress(content[at : at + step]) for at in range(0, len(content), step))


def streamed(content: bytes) -> bytes:
    """Pack without a size in the header, as a pipe does."""
    packer = zstandard.ZstdCompressor().compressobj()
    return packer.compress(content) + packer.flush()


ZSTD = {
    "one frame": zstandard.compress(RAW),
    "many frames": frames_of(RAW, 5000),
    "a stream": streamed(RAW),
    "a skippable frame before": b"\x50\x2a\x4d\x18\x03\0\0\0abc" + zstandard.compress(RAW),
    "a skippable frame behind": zstandard.compress(RAW) + b"\x5f\x2a\x4d\x18\x01\0\0\0a",
    "runs of one byte": zstandard.compress(RAW[:0] + b"\n" * len(RAW)),
}


@pytest.mark.parametrize("packed", ZSTD.values(), ids=ZSTD.keys())
def test_zstd_reads_as_its_content(packed: bytes, tmp_path: Path) -> None:
    is_skipped_first = packed.startswith(b"\x50")
    source = source_of(packed, tmp_path)
    if is_skipped_first:  # its mark is that of no file
        source = replace(source, compression="zstd")
    assert source.compression == "zstd"
    content, why = ending(source)
    assert why is None
    assert content == (b"\n" * len(RAW) if packed == ZSTD["runs of one byte"] else RAW)
    assert b"".join(blocks(source, 100, 300)) == content[100:300]


def test_a_zstd_window_of_a_gigabyte_is_read(tmp_path: Path) -> None:
    wide = zstandard.ZstdCompressionParameters(window_log=30, enable_ldm=False)
    packer = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    assert ending(source_of(packer.compress(RAW) + packer.flush(), tmp_path)) == (RAW, None)


@settings(max_examples=80, deadline=None)
@given(cut=st.integers(4, 10_000), multi=st.booleans())
def test_a_cut_zstd_gives_what_stands_before_the_cut(
    cut: int, multi: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    packed = frames_of(RAW, 5000) if multi else zstandard.compress(RAW)
    content, why = ending(source_of(packed[:cut], tmp_path_factory.mktemp("cut")))
    assert RAW.startswith(content)
    assert why in ("the compressed file ends early", None)
    assert (why is None) <= (cut >= len(packed) or multi)


def test_a_cut_zstd_loses_no_whole_frame(tmp_path: Path) -> None:
    packed = frames_of(RAW, 5000)
    content, why = ending(source_of(packed[:-3], tmp_path))
    assert why == "the compressed file ends early"
    assert len(content) >= len(RAW) // 5000 * 5000


def test_a_damaged_zstd_keeps_the_blocks_before(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(400_000).hex().encode()  # packs to a half
    packed = bytearray(frames_of(noise, len(noise)))
    packed[len(packed) * 3 // 4 :] = b"\xff" * (len(packed) // 4)
    content, why = ending(source_of(bytes(packed), tmp_path))
    assert why == "the compressed file is damaged"
    assert content[: 4 * 131_072] == noise[: 4 * 131_072]


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda raw: raw + b"rubbish", "the compressed file is damaged"),
        (lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), "the compressed file is damaged"),
        (lambda raw: raw + raw[:2], "the compressed file ends early"),
    ],
    ids=["rubbish behind", "wrong checksum", "a second frame cut in its mark"],
)
def test_what_ends_a_zstd_is_said(harm: object, reason: str, tmp_path: Path) -> None:
    assert callable(harm)
    packed = harm(frames_of(RAW, len(RAW)))
    assert ending(source_of(packed, tmp_path)) == (RAW, reason)


def test_a_zstd_that_needs_a_dictionary_is_said(tmp_path: Path) -> None:
    taught = zstandard.ZstdCompressionDict(RAW[:2000])
    taught = zstandard.train_dictionary(
        2000, [TEXT[n : n + 50].encode() for n in range(0, 9000, 9)]
    )
    packed = zstandard.ZstdCompressor(dict_data=taught).compress(RAW)
    assert ending(source_of(packed, tmp_path)) == (b"", "the compressed file needs a dictionary")


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_file_that_unpacks_to_much_takes_little_memory(pack: object, tmp_path: Path) -> None:
    assert callable(pack)
    source = source_of(pack(b"a" * (64 << 20)), tmp_path)
    tracemalloc.start()
    try:
        count = sum(map(len, blocks(source)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 64 << 20
    assert peak < 8 << 20


UTF = {
    "UTF-16 with a mark": ("\ufeff" + TEXT).encode("utf-16-le"),
    "UTF-16 of the other order": ("\ufeff" + TEXT).encode("utf-16-be"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-16 of the other order without one": TEXT.encode("utf-16-be"),
    "UTF-32": ("\ufeff" + TEXT).encode("utf-32-le"),
    "UTF-32 of the other order": ("\ufeff" + TEXT).encode("utf-32-be"),
}


@pytest.mark.parametrize("content", UTF.values(), ids=UTF.keys())
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_wide_text_reads_as_utf8(content: bytes, pack: object, tmp_path: Path) -> None:
    assert callable(pack)
    source = source_of(pack(content), tmp_path)
    read, why = ending(source)
    assert why is None
    assert read.removeprefix(b"\xef\xbb\xbf") == RAW
    assert head(source) == RAW[: 64 << 10]
    assert not source.is_plain
    assert b"".join(blocks(source, 3000, 5000)) == read[3000:5000]


def test_wide_text_with_a_broken_character_ends_there(tmp_path: Path) -> None:
    content = "\ufeffgood 😀\n".encode("utf-16-le") + b"\x3d\xd8" + "bad\n".encode("utf-16-le")
    read, why = ending(source_of(content, tmp_path))
    assert read.decode() == "\ufeffgood 😀\n"
    assert why == "not valid UTF-16-LE from here on"


def test_wide_text_that_is_cut_in_a_character_says_so(tmp_path: Path) -> None:
    read, why = ending(source_of("\ufeffgood\n".encode("utf-16-le")[:-1], tmp_path))
    assert read.decode() == "\ufeffgood"
    assert why == "the text ends in the middle of a character"


@pytest.mark.parametrize(
    "content",
    [b"", b"a", RAW, b"\0" * 4000, bytes(range(256)) * 16, b"\xef\xbb\xbfa\0b\0"],
    ids=["empty", "one byte", "UTF-8", "zeros", "binary", "UTF-8 with a mark"],
)
def test_what_is_not_wide_text_is_not_taken_for_it(content: bytes) -> None:
    assert encoding_of(content) is None


SINGLE = {
    "Windows-1252": ("caf\u00e9 \u201chi\u201d \u20ac".encode("cp1252"), "cp1252"),
    "ASCII": (b"cafe", None),
    "UTF-8": ("caf\u00e9".encode(), None),
    "both in one file": ("caf\u00e9 ".encode() + "caf\u00e9 ".encode("cp1252"), None),
    "a byte that means nothing": (b"caf\xe9 \x81", None),
    "UTF-16": ("\ufeffcaf\u00e9".encode("utf-16-le"), None),
}


@pytest.mark.parametrize(("content", "expected"), SINGLE.values(), ids=SINGLE.keys())
@pytest.mark.parametrize("block", [1, 1 << 20])
def test_a_single_byte_encoding_is_told_only_when_it_is_certain(
    content: bytes,
    expected: str | None,
    block: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = source_of(content, tmp_path)
    monkeypatch.setattr("tunegate.readers.inputs.sources.BLOCK", block)
    assert single_byte(source) == expected
    if expected:
        read, why = ending(replace(source, encoding=expected))
        assert (read.decode(), why) == (content.decode(expected), None)
