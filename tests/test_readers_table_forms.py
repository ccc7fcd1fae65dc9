"""The forms in which tables come: names, separators, encodings, lists as JSON, and frames."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from tunegate import audit
from tunegate.errors import InputError
from tunegate.model import Plan, Reading, ReadOptions
from tunegate.pipeline.sniff import sniff
from tunegate.readers import choose, find
from tunegate.readers.inputs.frames import spill

HEADER = "conversation_id,role,content"
MESSAGES = '[{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes"}]'
QUOTED = '"' + MESSAGES.replace('"', '""') + '"'
SAID = [("user", "Hi"), ("assistant", "Yes")]


def read(path: Path, **options: Any) -> tuple[Reading, Plan]:
    chosen = ReadOptions(**options)
    sources, _ = find([path], path.parent / "spool")
    reader, own, *_ = choose(sources, chosen)
    assert reader.name == "message-table"
    plan = reader.plan(own, chosen)
    frames = [frame for split in plan.splits for frame in reader.read(split, plan)]
    return reader.assemble(pl.concat(frames), plan), plan


def said(reading: Reading) -> list[tuple[Any, ...]]:
    return reading.batch.turns.select("role", "text").rows()


def test_a_key_column_may_have_a_dot_in_its_name(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("case no.,role,content\n7,user,Hi\n7,agent,Yes\n")
    found, _ = read(path, columns={"conversation": "case no."})
    assert said(found) == SAID
    assert found.batch.conversations["id"].to_list() == ["7"]


@pytest.mark.parametrize("mark", [",", ";", "|", "\t"], ids=["comma", "semicolon", "bar", "tab"])
@pytest.mark.parametrize(
    "top", ["sep={}\r\n", '"sep={}"\n', "\ufeffSEP={}\n"], ids=["plain", "quoted", "BOM"]
)
def test_a_line_that_names_the_separator_is_no_header(mark: str, top: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    content = f"{HEADER}\n7,user,Hi\n7,agent,Yes\n".replace(",", mark)
    path.write_bytes((top.format(mark) + content).encode())
    found, _ = read(path)
    assert said(found) == SAID
    assert found.batch.segments["line"].to_list() == [3, 4]
    assert found.unreadable.is_empty()


def as_csv(path: Path) -> Path:
    path = path.with_suffix(".csv")
    path.write_text(f"messages\n{QUOTED}\n")
    return path


def as_lines(path: Path) -> Path:
    path = path.with_suffix(".jsonl")
    pl.DataFrame({"id": [1], "messages": [MESSAGES]}).write_ndjson(path)
    return path


def as_parquet(path: Path) -> Path:
    path = path.with_suffix(".parquet")
    pl.DataFrame({"id": [1], "messages": [MESSAGES]}).write_parquet(path)
    return path


def as_frame(path: Path) -> Path:
    return spill(pd.DataFrame({"messages": [MESSAGES]}), path.parent)


@pytest.mark.parametrize("write", [as_csv, as_lines, as_parquet, as_frame])
def test_messages_that_are_a_text_of_json_are_read(
    write: Callable[[Path], Path], tmp_path: Path
) -> None:
    assert said(read(write(tmp_path / "t"))[0]) == SAID


def test_init_reads_a_table_in_its_own_encoding(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    table = "Fall;Rolle;Übermittelt\n1;Kunde;Grüße und eine lange Frage\n1;Agent;Gern geschehen\n"
    path.write_bytes(table.encode("cp1252"))
    found = sniff([path], ReadOptions())
    assert found.problem is None
    assert {guess.ours: guess.theirs for guess in found.guesses} == {
        "conversation": "Fall",
        "role": "Rolle",
        "body": "Übermittelt",
    }


BYTES = {"ticket_id": [1], "role": ["user"], "body": [b"Hi"]}


@pytest.mark.parametrize(
    "given_frame", [pl.DataFrame(BYTES), pd.DataFrame(BYTES)], ids=["polars", "pandas"]
)
def test_a_frame_of_bytes_is_refused_by_the_name_of_its_column(
    given_frame: object, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="`body` of the frame holds bytes"):
        spill(given_frame, tmp_path)


def test_a_lazy_frame_is_collected(tmp_path: Path) -> None:
    lazy = pl.LazyFrame({"ticket_id": [1, 1], "role": ["user", "agent"], "body": ["Hi", "Yes"]})
    audit(lazy, out=tmp_path / "run")
    assert pl.read_parquet(tmp_path / "run" / "decisions.parquet")["turns"].to_list() == [2]


def test_the_next_step_for_dates_that_may_be_two_names_the_options(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{HEADER},created_at\n7,user,Hi,03/04/2025\n7,agent,Yes,04/04/2025\n")
    reasons = audit(path, out=tmp_path / "run").judgement["reasons"]
    assert "`--day-first` or `--month-first`" in str(reasons)
