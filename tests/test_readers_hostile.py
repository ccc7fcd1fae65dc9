"""Hostile lines, cut files and broken documents: each is accounted for, and none leaks."""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from tunegate.errors import InputError
from tunegate.model import FRAGMENTS, Plan, Reader, Reading, ReadOptions, empty
from tunegate.readers import find
from tunegate.readers.chat import READER as CHAT
from tunegate.readers.json import lines, record
from tunegate.readers.json.lines import Line
from tunegate.readers.json.record import Unreadable, parse

GOOD = [
    b'{"id":"a","messages":[{"role":"user","content":"one"}]}',
    b'{"id":"b","messages":[{"role":"user","content":"two"}]}',
    b'{"id":"c","messages":[{"role":"user","content":"three"}]}',
    b'{"messages":[{"role":"user","content":"four"}]}',
]
SPEECH = b'{"messages":[{"role":"user","content":"%b"}]}'

READ = None  # the line is a conversation
BLANK = "blank"
# A hostile third line of five → the start of its reason, READ or BLANK.
LINES: dict[str, tuple[bytes, str | None]] = {
    "truncated": (b'{"id":"X","messages":[{"role":"us', "not JSON (column "),
    "trailing comma": (b'{"id":"X","messages":[],}', "not JSON (column 25)"),
    "blank line": (b"", BLANK),
    "line of spaces": (b"   \t", BLANK),
    "not an object": (b"[1,2,3]", "not a JSON object"),
    "bare string": (b'"hello"', "not a JSON object"),
    "two objects": (b'{"messages":[]}{"messages":[]}', "not JSON (column 16)"),
    "number as id": (b'{"id":5,"messages":[]}', READ),
    "messages are text": (b'{"id":"X","messages":"hi"}', READ),
    "messages are null": (b'{"id":"X","messages":null}', READ),
    "unknown key": (b'{"id":"X","messages":[],"new":{"a":[1,{"b":2}]}}', READ),
    "key twice": (b'{"id":"X","id":"SECOND","messages":[]}', record.TWICE),
    "NaN": (b'{"id":"X","messages":[],"score":NaN}', "NaN or Infinity"),
    "infinity": (b'{"id":"X","messages":[],"score":-Infinity}', "NaN or Infinity"),
    "integer of 30 digits": (b'{"messages":[],"n":123456789012345678901234567890}', READ),
    "largest signed id": (b'{"id":9223372036854775807,"messages":[]}', READ),
    "float as id": (b'{"id":1e3,"messages":[]}', READ),
    "lone surrogate": (SPEECH % b"\\ud83d", "lone surrogate"),
    "surrogate pair": (SPEECH % b"\\ud83d\\ude00", READ),
    "not UTF-8": (SPEECH % b"\xff\xfe caf\xe9", "not UTF-8 (byte 40)"),
    "escaped NUL": (SPEECH % b"a\\u0000b", "NUL character"),
    "raw NUL": (SPEECH % b"a\x00b", "NUL character (byte "),
    "raw tab": (SPEECH % b"a\tb", "not JSON (column "),
    "line separator": (SPEECH % "a\u2028b".encode(), READ),
    "carriage return in the line": (b'{"id":"X",\r"messages":[]}', READ),
    "CRLF": (GOOD[0] + b"\r", READ),
    "BOM in the middle": (b'\xef\xbb\xbf{"messages":[]}', "not JSON (column 1)"),
    "nested 500 deep": (b'{"messages":[],"d":' + b"[" * 500 + b"]" * 500 + b"}", READ),
    "nested 5,000 deep": (
        b'{"messages":[],"d":' + b"[" * 5000 + b"]" * 5000 + b"}",
        record.TOO_DEEP,
    ),
    "nested 200,000 deep": (
        b'{"messages":[],"d":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        record.TOO_DEEP,
    ),
    "20 MB": (SPEECH % (b"x" * (20 << 20)), READ),
    "single quotes": (b"{'id':'X','messages':[]}", "not JSON (column 2)"),
    "comment": (b"// note", "not JSON (column 1)"),
    # Nearer to the limits, and in disguise.
    "key twice in a plain record": (
        b'{"messages":[{"role":"user","role":"system","content":"a"}]}',
        record.TWICE,
    ),
    "key twice, once as an escape": (
        b'{"messages":[{"role":"user","r\\u006fle":"system","content":"a\\"\\\\"}]}',
        record.TWICE,
    ),
    "float beyond all bounds": (b'{"messages":[],"n":1e400}', "number does not fit 64 bits"),
    "NUL after a backslash is text": (SPEECH % b"a\\\\u0000b", READ),
    "nested 1,000 deep": (b'{"messages":[],"d":' + b"[" * 999 + b"]" * 999 + b"}", READ),
    "nested 1,001 deep": (
        b'{"messages":[],"d":' + b"[" * 1000 + b"]" * 1000 + b"}",
        record.TOO_DEEP,
    ),
    "array nested 200,000 deep": (b"[" * 200_000 + b"]" * 200_000, record.TOO_DEEP),
    "empty object": (b"{}", READ),
}


def write(folder: Path, content: bytes, name: str = "chats.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def plan_of(path: Path, reader: Reader = CHAT) -> Plan:
    sources, _ = find([path], path.parent / "spool")
    return reader.plan(sources, ReadOptions())


def fragments_of(path: Path) -> tuple[pl.DataFrame, Plan]:
    plan = plan_of(path)
    read = [frame for split in plan.splits for frame in CHAT.read(split, plan)]
    return pl.concat([empty(FRAGMENTS), *read]), plan


def read(path: Path) -> tuple[Reading, Plan]:
    fragments, plan = fragments_of(path)
    return CHAT.assemble(fragments, plan), plan


def records_in(reading: Reading) -> int:
    return (
        reading.used + reading.merged + sum(reading.excluded.values()) + reading.unreadable.height
    )


@pytest.mark.parametrize(("line", "expected"), LINES.values(), ids=LINES.keys())
def test_a_hostile_line_costs_nothing_but_itself(
    line: bytes, expected: str | None, tmp_path: Path
) -> None:
    content = b"\n".join([*GOOD[:2], line, *GOOD[2:]]) + b"\n"
    path = write(tmp_path, content)
    fragments, plan = fragments_of(path)
    reading = CHAT.assemble(fragments, plan)

    assert reading.batch.conversations.height == (5 if expected is READ else 4)
    texts = reading.batch.contents()["text"].to_list()
    assert [text for text in texts if text in ("one", "two", "three", "four")] in (
        ["one", "two", "three", "four"],
        ["one", "two", "one", "three", "four"],  # the CRLF line repeats the first
    )
    reasons = reading.unreadable.select("file", "line", "offset", "length", "reason").rows()
    if expected in (READ, BLANK):
        assert reasons == []
    else:
        assert expected is not None
        ((file, number, offset, length, reason),) = reasons
        assert (file, number, length) == (0, 3, len(line) + 1)
        assert content[offset : offset + length] == line + b"\n"
        assert reason.startswith(expected)

    # The books: lines = records + blank, and the lengths add up to the file.
    blank = expected == BLANK
    assert records_in(reading) == 5 - blank
    assert fragments["length"].sum() + blank * (len(line) + 1) == len(content)


@pytest.mark.parametrize(("line", "expected"), LINES.values(), ids=LINES.keys())
def test_a_reason_quotes_nothing_of_the_line(line: bytes, expected: str | None) -> None:
    try:
        parse(line.replace(b"hello", b"CANARY").replace(b"note", b"CANARY"))
    except Unreadable as refused:
        assert "CANARY" not in str(refused)
        assert len(str(refused)) < 60
    else:
        assert expected in (READ, BLANK)


WIDE = b"\n".join(GOOD).decode()

# A whole file → how many conversations it holds.
FILES: dict[str, tuple[bytes, int]] = {
    "BOM first": (b"\xef\xbb\xbf" + b"\n".join(GOOD) + b"\n", 4),
    "UTF-16": (WIDE.encode("utf-16"), 4),
    "no final newline": (b"\n".join(GOOD), 4),
    "pretty-printed": (json.dumps(json.loads(GOOD[0]), indent=1).encode() + b"\n" + GOOD[1], 2),
    "a JSON array": (b"[" + b",\n".join(GOOD) + b"]", 4),
    "empty": (b"", 0),
    # The same in other dress.
    "UTF-16 of the other order, without a mark": (WIDE.encode("utf-16-be"), 4),
    "UTF-32": (WIDE.encode("utf-32"), 4),
    "UTF-16 of an array": (("[" + WIDE.replace("\n", ",") + "]").encode("utf-16"), 4),
    "CRLF throughout": (b"\r\n".join(GOOD) + b"\r\n", 4),
    "an indented JSON array": (json.dumps([json.loads(g) for g in GOOD], indent=1).encode(), 4),
    "an array after a BOM": (b"\xef\xbb\xbf [" + b",".join(GOOD) + b"]\n", 4),
    "an empty array": (b"[ ]", 0),
    "only white space": (b" \n\n\t\n", 0),
}


@pytest.mark.parametrize(("content", "count"), FILES.values(), ids=FILES.keys())
def test_a_file_shape_is_read_whole(content: bytes, count: int, tmp_path: Path) -> None:
    reading, plan = read(write(tmp_path, content))
    assert records_in(reading) == reading.used == count
    assert plan.faults.is_empty()
    assert not plan.truncated


def test_a_line_too_long_to_hold_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "MAX_RECORD", 60)
    monkeypatch.setattr("tunegate.readers.inputs.sources.BLOCK", 7)
    long = SPEECH % (b"x" * 100)
    reading, _ = read(write(tmp_path, b"\n".join([GOOD[0], long, GOOD[1]])))
    assert reading.batch.contents()["text"].to_list() == ["one", "two"]
    assert reading.unreadable.select("line", "offset", "length", "reason").rows() == [
        (2, len(GOOD[0]) + 1, len(long) + 1, record.TOO_LONG)
    ]


def test_an_element_too_long_to_hold_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "MAX_RECORD", 60)
    long = SPEECH % (b"x" * 100)
    reading, _ = read(write(tmp_path, b"[" + b",".join([GOOD[0], long, GOOD[1]]) + b"]"))
    assert reading.batch.contents()["text"].to_list() == ["one", "two"]
    assert reading.unreadable.select("line", "length", "reason").rows() == [
        (None, len(long), record.TOO_LONG)
    ]


@settings(max_examples=60, deadline=None)
@given(
    content=st.lists(
        st.sampled_from([*GOOD, b"", b" ", b"{", SPEECH % b"\xff", SPEECH % (b"y" * 90)]),
        max_size=12,
    ).map(b"\n".join),
    size=st.integers(1, 200),
    block=st.integers(1, 64),
    batch_rows=st.integers(1, 5),
)
def test_split_and_block_and_batch_size_change_nothing(
    content: bytes,
    size: int,
    block: int,
    batch_rows: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = write(tmp_path_factory.mktemp("sizes"), content)
    whole, _ = read(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "SPLIT_BYTES", size)
        patch.setattr("tunegate.readers.inputs.sources.BLOCK", block)
        plan = CHAT.plan(find([path], path.parent / "spool")[0], ReadOptions(batch_rows=batch_rows))
        parts = [frame for split in plan.splits for frame in CHAT.read(split, plan)]
    assert [split.start for split in plan.splits[1:]] == [split.end for split in plan.splits[:-1]]
    assert all(part.height <= batch_rows for part in parts)
    apart = [frames(CHAT.assemble(part, plan)) for part in parts]
    for n, mine in enumerate(frames(whole)):
        assert mine.equals(pl.concat([mine.clear(), *(part[n] for part in apart)]))


def frames(reading: Reading) -> list[pl.DataFrame]:
    batch = reading.batch
    return [batch.conversations, batch.turns, batch.segments, reading.unreadable]


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=300).map(lambda raw: raw.replace(b"z", b"\n")))
def test_lines_tile_the_file(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = write(tmp_path_factory.mktemp("tiles"), content)
    try:
        (source,), _ = find([path], path.parent / "spool")
    except InputError:
        reject()  # noise may look like a damaged table or archive
    assume(source.is_plain)  # or like UTF-16
    found: list[Line] = []
    for split in lines.cut(source, 0).splits:
        found += lines.lines(source, split)
    assert b"".join(content[line.offset : line.offset + line.length] for line in found) == content
    assert [line.number for line in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("members", [1, 3], ids=["one member", "three members"])
def test_gzip_reads_as_its_content(members: int, tmp_path: Path) -> None:
    content = b"\n".join(GOOD * 3) + b"\n"
    step = -(-len(content) // members)
    packed = b"".join(gzip.compress(content[at : at + step]) for at in range(0, len(content), step))
    plain, _ = read(write(tmp_path, content))
    unpacked, plan = read(write(tmp_path, packed + b"\0" * 8, "chats.jsonl.gz"))
    assert plan.sources[0].compression == "gzip"
    assert len(plan.splits) == 1
    assert not plan.truncated
    for mine, theirs in zip(frames(plain), frames(unpacked), strict=True):
        assert mine.equals(theirs)


def noise(count: int) -> list[bytes]:
    """Lines that do not compress to nothing, so that a cut falls among them."""
    return [
        SPEECH % f"{n}-{zlib.crc32(bytes([n % 251, n % 256])):x}".encode() for n in range(count)
    ]


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda raw: raw[: len(raw) // 2], "the compressed file ends early"),
        (lambda raw: raw[:-3], "the compressed file ends early"),
        (
            lambda raw: raw[: len(raw) // 2] + b"\xff" * 40 + raw[len(raw) // 2 + 40 :],
            "the compressed file is damaged",
        ),
        (lambda raw: raw + b"trailing", "the compressed file is damaged"),
    ],
    ids=["cut in half", "checksum cut", "damaged in the middle", "rubbish behind"],
)
def test_a_broken_gzip_keeps_its_good_lines(harm: Any, reason: str, tmp_path: Path) -> None:
    content = b"\n".join(noise(3000)) + b"\n"
    packed = gzip.compress(content)
    reading, plan = read(write(tmp_path, harm(packed), "chats.jsonl.gz"))
    assert plan.truncated == (0,)
    ((line, offset, length, said),) = plan.faults.select(
        "line", "offset", "length", "reason"
    ).rows()
    assert said == reason
    # What was read is exactly what stands before the fault, and a good part of the file.
    assert reading.unreadable.is_empty() or reason.endswith("damaged")
    assert content.startswith(content[:offset])
    assert reading.used + reading.unreadable.height == line - 1
    assert length >= 0
    assert reading.used > 100


def test_a_plain_file_that_is_cut_has_one_unreadable_line_and_ends_early(tmp_path: Path) -> None:
    reading, plan = read(write(tmp_path, b"\n".join(GOOD)[:-5]))
    assert plan.truncated == (0,)
    assert reading.used == 3
    assert reading.unreadable["line"].to_list() == [4]


def test_a_document_that_ends_early_keeps_its_whole_elements(tmp_path: Path) -> None:
    content = b"[" + b",".join(GOOD)[:-5]
    reading, plan = read(write(tmp_path, content))
    assert reading.used == 3
    assert plan.truncated == (0,)
    offset, length = plan.faults.select("offset", "length").row(0)
    assert offset + length == len(content)
    assert plan.faults["reason"].to_list() == ["the document ends early"]


def test_a_document_that_breaks_keeps_the_elements_before(tmp_path: Path) -> None:
    content = b"[" + b",".join(GOOD[:2]) + b"]}, " + GOOD[2] + b"]"
    reading, plan = read(write(tmp_path, content))
    assert reading.used == 2
    assert plan.truncated == (0,)
    assert plan.faults["reason"].to_list() == ["not JSON from here on"]


def test_an_element_that_is_broken_costs_only_itself(tmp_path: Path) -> None:
    content = b"[" + b",".join([GOOD[0], b'{"messages": tru}', b"7", GOOD[1]]) + b"]"
    reading, _ = read(write(tmp_path, content))
    assert reading.batch.contents()["text"].to_list() == ["one", "two"]
    assert reading.unreadable["reason"].to_list() == ["not JSON (column 14)", "not a JSON object"]
