"""Hostile and broken input: one clear message, the right exit code, the rest accounted for."""

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from support import answered, chat_file, jsonl, ticket, written, zendesk_file
from tunegate import TunegateError, audit
from tunegate.errors import Exit

GOOD = 150  # conversations around each bad line, so that one is under the default of 1 %


def good(n: int) -> bytes:
    words = " ".join(f"w{n}a{k}" for k in range(8))
    said = [
        {"role": "user", "content": f"ask {words}"},
        {"role": "assistant", "content": f"tell {words[::-1]}"},
    ]
    return json.dumps({"messages": said}).encode()


def around(bad: bytes) -> bytes:
    lines = [good(n) for n in range(GOOD)]
    return b"\n".join([*lines[:70], bad, *lines[70:]]) + b"\n"


BAD_LINES = {
    "not JSON": b'{"messages": [',
    "an array": b"[1, 2, 3]",
    "a string": b'"hello"',
    "NaN": b'{"messages": [], "score": NaN}',
    "Infinity": b'{"messages": [], "score": -Infinity}',
    "duplicate key": b'{"messages": [], "messages": []}',
    "lone surrogate": b'{"messages": [{"role": "user", "content": "\\ud83d"}]}',
    "NUL": b'{"messages": [{"role": "user", "content": "a\\u0000b"}]}',
    "raw NUL": b'{"messages": [{"role": "user", "content": "a\0b"}]}',
    "not UTF-8": b'{"messages": [{"role": "user", "content": "caf\xe9"}]}',
    "nesting over 1,000": b'{"messages": ' + b"[" * 1001 + b"]" * 1001 + b"}",
    "nesting of 200,000": b'{"messages": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "two objects": b'{"messages": []}{"messages": []}',
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_unreadable_with_its_place_and_the_rest_is_read(
    tmp_path: Path, bad: bytes
) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_bytes(around(bad))
    run = audit(path)
    records = run.record["counts"]["records"]
    assert (records["total"], records["used"], records["unreadable"]) == (GOOD + 1, GOOD, 1)
    assert run.verdict == "passed"
    lost = pl.read_parquet(run.folder / "unreadable.parquet").row(0, named=True)
    assert (lost["line"], lost["length"]) == (71, pytest.approx(len(bad), abs=1))
    assert lost["offset"] == sum(len(good(n)) + 1 for n in range(70))
    assert lost["reason"]
    assert len(written(run.folder)) == GOOD


def test_too_many_unreadable_records_leave_the_audit_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_bytes(b"\n".join([*(good(n) for n in range(50)), b"no", b"no"]))
    run = audit(path)
    assert (run.verdict, run.judgement["exit"]) == ("incomplete", Exit.INCOMPLETE)
    assert len(written(run.folder)) == 50


def test_a_line_over_64_mb_is_never_held_whole(tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl"
    with path.open("wb") as out:
        out.write(around(b"")[:-1] + b"\n")
        out.write(b'{"messages": "')
        for _ in range(65):
            out.write(b"x" * (1 << 20))
        out.write(b'"}\n')
    run = audit(path)
    lost = pl.read_parquet(run.folder / "unreadable.parquet").row(0, named=True)
    assert "64 MB" in lost["reason"] and lost["length"] > 64 << 20
    assert run.record["counts"]["records"]["used"] == GOOD


ACCEPTED: dict[str, Callable[[bytes], bytes]] = {
    "BOM": lambda held: b"\xef\xbb\xbf" + held,
    "CRLF": lambda held: held.replace(b"\n", b"\r\n"),
    "no final newline": lambda held: held.rstrip(b"\n"),
    "blank lines": lambda held: held.replace(b"\n", b"\n\n \t\n"),
    "JSON array": lambda held: b"[\n" + b",\n".join(held.splitlines()) + b"\n]\n",
    "gzip": gzip.compress,
    "gzip in two members": lambda held: gzip.compress(held[:5000]) + gzip.compress(held[5000:]),
}


@pytest.mark.parametrize("dress", ACCEPTED.values(), ids=ACCEPTED)
def test_harmless_dress_changes_nothing(tmp_path: Path, dress: Callable[[bytes], bytes]) -> None:
    plain = b"".join(good(n) + b"\n" for n in range(40))
    name = "chat.jsonl.gz" if dress(plain)[:2] == b"\x1f\x8b" else "chat.jsonl"
    (tmp_path / "plain.jsonl").write_bytes(plain)
    (tmp_path / name).write_bytes(dress(plain))
    bare, dressed = audit(tmp_path / "plain.jsonl"), audit(tmp_path / name)
    assert written(bare.folder) == written(dressed.folder)
    assert dressed.record["counts"]["records"]["unreadable"] == 0


def test_a_line_of_20_mb_is_read(tmp_path: Path) -> None:
    long = [("user", "word " * 4_000_000), ("assistant", "I see.")]
    path = chat_file(tmp_path / "chat.jsonl", long)
    run = audit(path)
    assert run.record["counts"]["conversations"]["total"] == 1
    assert run.decisions["because"].to_list() == [["length/token-overrun"]]


def test_a_folder_is_read_and_what_is_not_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.jsonl").write_bytes(b"".join(good(n) + b"\n" for n in range(10)))
    (folder / "b.jsonl").write_bytes(b"".join(good(n) + b"\n" for n in range(10, 20)))
    (folder / "notes.docx").write_bytes(b"anything")
    run = audit(folder)
    assert run.record["counts"]["conversations"]["total"] == 20
    assert run.record["ignored"] == ["notes.docx"]


def test_a_truncated_gzip_gives_its_good_lines_and_is_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl.gz"
    held = gzip.compress(b"".join(good(n) + b"\n" for n in range(5000)))
    path.write_bytes(held[: len(held) // 2])
    run = audit(path)
    assert run.verdict == "incomplete"
    assert run.record["truncated"] == ["chat.jsonl.gz"]
    assert 1000 < run.record["counts"]["conversations"]["total"] < 5000
    assert len(written(run.folder)) > 1000


REFUSED = {
    "missing": None,
    "zip": b"PK\x03\x04" + bytes(60),
    "PDF": b"%PDF-1.7\n" + bytes(60),
    "Parquet": b"PAR1" + bytes(60),
    "HTML": b"<!doctype html><html><body>no</body></html>",
    "prose": b"Dear team,\nplease find attached our export.\n",
}


@pytest.mark.parametrize("held", REFUSED.values(), ids=REFUSED)
def test_a_wrong_file_is_refused_by_name_with_a_way_out(tmp_path: Path, held: bytes | None) -> None:
    path = tmp_path / "input.jsonl"
    if held is not None:
        path.write_bytes(held)
    with pytest.raises(TunegateError) as refused:
        audit(path, out=tmp_path / "run")
    assert refused.value.exit == Exit.USAGE
    assert "input.jsonl" in str(refused.value) and refused.value.hint
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("held", [b"", b"\n \n", b"\xef\xbb\xbf"], ids=["empty", "blank", "BOM"])
def test_an_empty_file_is_nothing_audited(tmp_path: Path, held: bytes) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_bytes(held)
    run = audit(path)
    assert (run.verdict, run.judgement["exit"]) == ("nothing", Exit.NOTHING)


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_a_cut_zendesk_document_gives_its_whole_tickets(tmp_path: Path, cut: float) -> None:
    path = zendesk_file(tmp_path / "export.json", *(answered(n) for n in range(1, 101)))
    record = json.loads(path.read_text())
    held = json.dumps({"users": record["users"], "tickets": record["tickets"]}).encode()
    path.write_bytes(held[: int(len(held) * cut)])
    run = audit(path)
    assert run.verdict == "incomplete" and run.record["truncated"] == ["export.json"]
    expected = held[: int(len(held) * cut)].count(b'"requester_id"')
    assert expected - 2 <= run.record["counts"]["conversations"]["total"] <= expected


def test_an_unknown_author_is_unreadable_and_the_conversation_is_held(tmp_path: Path) -> None:
    odd = ticket(7, ("user", "Hi there"), ("nobody", "Secret words"), ("agent", "Done, bye"))
    tickets = [answered(n) for n in range(10, 200)]
    run = audit(zendesk_file(tmp_path / "export.json", odd, *tickets))
    held = run.decisions.filter(pl.col("id") == "7").row(0, named=True)
    assert (held["disposition"], held["because"]) == ("review", ["quality/lost-message"])
    lost = pl.read_parquet(run.folder / "unreadable.parquet").row(0, named=True)
    assert lost["pointer"] == "/comments/1"
    assert "Secret words" not in json.dumps(written(run.folder))


def test_internal_notes_reach_no_output_but_are_counted(tmp_path: Path) -> None:
    tickets = [answered(n) for n in range(1, 40)]
    for each in tickets:
        note = {"id": each["id"] * 100 + 50, "public": False, "body": "hush-hush"}
        each["comments"].append({**each["comments"][0], **note})
    run = audit(zendesk_file(tmp_path / "export.json", *tickets))
    assert run.record["counts"]["excluded_by"] == {"internal note": len(tickets)}
    assert [p.name for p in run.folder.iterdir() if b"hush-hush" in p.read_bytes()] == []


@pytest.mark.parametrize("what", ["foreign", "file", "unwritable", "inside", "around"])
def test_an_output_that_is_not_ours_is_refused_and_untouched(tmp_path: Path, what: str) -> None:
    source = tmp_path / "in"
    source.mkdir()
    path = zendesk_file(source / "export.json", answered(1))
    out = tmp_path / "run"
    if what == "foreign":
        out.mkdir()
        (out / "thesis.txt").write_text("mine")
    elif what == "file":
        out.write_text("mine")
    elif what == "unwritable":
        out = Path("/proc/run")
    elif what == "inside":
        out = source / "run"
    else:
        out = source
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(TunegateError) as refused:
        audit(source if what == "inside" else path, out=out)
    assert refused.value.exit == Exit.USAGE and refused.value.hint
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("limit", [1 << 12, 1 << 16, 1 << 18])
def test_a_full_disk_ends_in_one_message_and_leaves_nothing(
    tmp_path: Path, limit: int, workers: int
) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_bytes(b"".join(good(n) + b"\n" for n in range(3000)))
    words = [sys.executable, "-m", "tunegate", "audit", str(path), "-o", str(tmp_path / "run")]
    done = subprocess.run(
        [*words, "--workers", str(workers)],
        capture_output=True,
        text=True,
        # Files that cannot grow any more fail like files on a full disk.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == Exit.USAGE, done.stderr
    assert "error:" in done.stderr and "hint:" in done.stderr
    assert "Traceback" not in done.stderr and "internal" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["chat.jsonl"]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_an_interrupted_run_leaves_nothing_and_says_so(
    tmp_path: Path, workers: int, stop: signal.Signals
) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_bytes(b"".join(good(n) + b"\n" for n in range(60_000)))
    words = [sys.executable, "-m", "tunegate", "audit", str(path), "-o", str(tmp_path / "run")]
    process = subprocess.Popen(
        [*words, "--workers", str(workers)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    while "auditing" not in process.stderr.readline():
        pass
    time.sleep(0.3)
    if stop == signal.SIGINT:
        os.killpg(process.pid, stop)
    else:
        process.send_signal(stop)
    shown = process.communicate(timeout=60)[1]
    assert process.returncode == Exit.INTERRUPTED
    assert "interrupted" in shown and "Traceback" not in shown
    assert [p.name for p in tmp_path.iterdir()] == ["chat.jsonl"]


def test_records_of_any_shape_are_conversations_with_findings(tmp_path: Path) -> None:
    shapes: list[object] = [{}, {"messages": None}, {"messages": "hi"}, {"messages": [None, 3]}]
    run = audit(jsonl(tmp_path / "chat.jsonl", *shapes))
    assert run.record["counts"]["conversations"]["dropped"] == len(shapes)
    assert run.verdict == "closed"


@pytest.mark.parametrize("kept", [0.5, 0.999])
def test_json_lines_that_end_within_a_record_never_pass(kept: float, tmp_path: Path) -> None:
    talks = [[("user", f"question {n} {n * n}"), ("assistant", f"answer {n}")] for n in range(300)]
    path = chat_file(tmp_path / "c.jsonl", *talks)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    run = audit(path)
    assert (run.verdict, run.record["truncated"]) == ("incomplete", ["c.jsonl"])
    path.write_bytes(whole.rstrip())
    assert audit(path).record["truncated"] == []
