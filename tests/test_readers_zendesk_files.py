"""Zendesk files: every export shape gives the same conversations, whole or cut."""

import gzip
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.errors import InputError
from tunegate.model import ReadOptions
from tunegate.readers import choose, find
from tunegate.readers.desks.zendesk import READER
from tunegate.readers.json import elements, lines
from zendesk_export import AGENT, CUSTOMER, USERS, books, comment, document, read, ticket

TICKETS = [
    ticket(comment(CUSTOMER, f"Question {n}"), comment(AGENT, f"Answer {n}"), id=n, subject=f"S{n}")
    for n in range(9)
]
SHAPES: dict[str, dict[str, bytes]] = {
    "document": {"e.json": document(*TICKETS)},
    "document, users first": {
        "e.json": json.dumps({"users": USERS, "next_page": None, "tickets": TICKETS}).encode()
    },
    "indented document": {
        "e.json": json.dumps({"tickets": TICKETS, "users": USERS}, indent=2).encode()
    },
    "lines and a users document": {
        "t.ndjson": b"".join(json.dumps(t).encode() + b"\n" for t in TICKETS),
        "u.json": json.dumps({"users": USERS}).encode(),
    },
    "lines and users on lines": {
        "t.ndjson": b"\n".join(json.dumps(t).encode() for t in TICKETS),
        "u.ndjson": b"\n".join(json.dumps(u).encode() for u in USERS),
    },
    "array and users on lines": {
        "t.json": json.dumps(TICKETS).encode(),
        "u.ndjson": b"\n".join(json.dumps(u).encode() for u in USERS),
    },
    "compressed document": {"e.json.gz": gzip.compress(document(*TICKETS))},
}


@pytest.mark.parametrize("files", SHAPES.values(), ids=SHAPES.keys())
def test_every_export_shape_gives_the_same_conversations(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    for name, content in files.items():
        (tmp_path / "in" / name).write_bytes(content)
    found, plan = read(tmp_path / "in")
    assert books(found) == (18, 0, {}, 0)
    assert plan.faults.is_empty()
    assert found.batch.conversations["id"].to_list() == [str(n) for n in range(9)]
    assert found.batch.contents()["text"].to_list() == [
        f"{word} {n}" for n in range(9) for word in ("Question", "Answer")
    ]
    # A row is where the ticket stands in the decoded file.
    first = next(
        content for name, content in sorted(files.items()) if b"tickets" in content[:9] or 1
    )
    raw = gzip.decompress(first) if first[:2] == b"\x1f\x8b" else first
    for row, number in found.batch.conversations.select("row", "id").rows():
        decoded, _ = json.JSONDecoder().raw_decode(raw[row:].decode())
        assert str(decoded["id"]) == number


@settings(max_examples=25, deadline=None)
@given(size=st.integers(1, 3000), block=st.integers(1, 3000), shape=st.sampled_from(sorted(SHAPES)))
def test_split_and_block_size_change_nothing(
    size: int, block: int, shape: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("sizes")
    for name, content in SHAPES[shape].items():
        (folder / name).write_bytes(content)
    whole, _ = read(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "SPLIT_BYTES", size)
        patch.setattr(elements, "SPLIT_BYTES", size)
        patch.setattr("tunegate.readers.inputs.sources.BLOCK", block)
        cut, plan = read(folder)
        parts = [
            READER.assemble(frame, plan)
            for split in plan.splits
            for frame in READER.read(split, plan)
        ]
    for name in ("conversations", "turns", "segments"):
        theirs = pl.concat([getattr(part.batch, name) for part in parts])
        assert getattr(whole.batch, name).equals(getattr(cut.batch, name))
        assert getattr(whole.batch, name).equals(theirs)


def test_a_document_that_ends_early_keeps_whole_tickets_and_their_users(tmp_path: Path) -> None:
    raw = json.dumps({"users": USERS, "tickets": TICKETS}).encode()
    path = tmp_path / "e.json"
    path.write_bytes(raw[:-200])
    found, plan = read(path)
    assert plan.truncated == (0,)
    assert found.batch.conversations.height == 7
    assert found.unreadable.is_empty()
    offset, length, reason = plan.faults.select("offset", "length", "reason").row(0)
    assert (offset + length, reason) == (len(raw) - 200, "the document ends early")


def test_a_user_that_cannot_be_read_is_no_silent_loss(tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    path.write_bytes(document(*TICKETS).replace(b'"users": [', b'"users": [{"id": NaN}, '))
    found, plan = read(path)
    assert books(found) == (18, 0, {}, 0)
    assert plan.faults["reason"].to_list() == ["user: NaN or Infinity"]


def test_users_alone_are_refused_with_what_to_export(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    path.write_bytes(json.dumps({"users": USERS}).encode())
    with pytest.raises(InputError, match="holds users of Zendesk, and no conversation"):
        read(path)


def test_tickets_and_chats_do_not_mix(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"messages": []}\n')
    (tmp_path / "b.json").write_bytes(document(*TICKETS))
    with pytest.raises(InputError, match="of the shape"):
        choose(find([tmp_path], tmp_path / "spool")[0], ReadOptions())


def test_ids_that_a_data_frame_made_floats_are_the_same_ids(tmp_path: Path) -> None:
    asked = comment(float(CUSTOMER), "Hi")
    tickets = [ticket(asked, comment(float(AGENT), "Hello"), comment(-1.0, "Closed"))]
    users = [{"id": CUSTOMER, "role": "end-user"}, {"id": float(AGENT), "role": "agent"}]
    path = tmp_path / "e.json"
    path.write_text(json.dumps({"tickets": tickets, "users": users}))
    found, _ = read(path)
    assert books(found) == (2, 0, {"automation": 1}, 0)
    assert found.batch.turns["author"].to_list() == ["11", "22"]


def test_a_float_with_a_fraction_is_no_users_id(tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    path.write_bytes(document(ticket(comment(CUSTOMER, "Hi"), comment(AGENT + 0.5, "Hello"))))
    found, _ = read(path)
    assert found.unreadable["reason"].to_list() == ["author is in no users table"]
