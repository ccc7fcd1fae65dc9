"""Data frames come in as files that the readers know."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from tunegate.errors import InputError
from tunegate.model import ReadOptions
from tunegate.readers import choose, find
from tunegate.readers.inputs.frames import spill

ASK = {"role": "user", "content": "Where is it?"}
TELL = {"role": "assistant", "content": "On its way."}

FRAMES = {
    "polars": pl.DataFrame(
        {"messages": [[ASK, {**TELL, "name": "Bo"}], [ASK]], "id": [1, 2], "none": [None, None]}
    ),
    "pandas": pd.DataFrame(
        {
            "messages": [[ASK, {**TELL, "name": "Bo"}], np.array([{**ASK, "name": None}])],
            "id": [1, 2],
        }
    ),
}


@pytest.mark.parametrize("given_frame", FRAMES.values(), ids=FRAMES.keys())
def test_a_frame_with_messages_reads_as_records(given_frame: object, tmp_path: Path) -> None:
    path = spill(given_frame, tmp_path)
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {"messages": [ASK, {**TELL, "name": "Bo"}], "id": 1},
        {"messages": [ASK], "id": 2},
    ]
    assert path.stat().st_mode & 0o077 == 0
    assert (
        choose(find([path], path.parent / "spool")[0], ReadOptions()).reader.name == "openai-chat"
    )


TABLES = {
    "polars": pl.DataFrame({"ticket_id": [1], "role": ["user"], "body": ['a\n"b", c']}),
    "pandas": pd.DataFrame({"ticket_id": [1], "role": ["user"], "body": ['a\n"b", c']}),
}


@pytest.mark.parametrize("given_frame", TABLES.values(), ids=TABLES.keys())
def test_a_frame_without_messages_becomes_a_table(given_frame: object, tmp_path: Path) -> None:
    path = spill(given_frame, tmp_path)
    assert path.read_text() == 'ticket_id,role,body\n1,user,"a\n""b"", c"\n'
    assert (
        choose(find([path], path.parent / "spool")[0], ReadOptions()).reader.name == "message-table"
    )


@pytest.mark.parametrize(
    ("what", "problem"),
    [
        ({"messages": []}, "no data frame"),
        (pl.DataFrame({"turns": [["a"]]}), "`turns` of the frame is nested"),
        (pd.DataFrame({"messages": [[{"role": object()}]]}), "row 0 of the frame"),
    ],
    ids=["a mapping", "nested", "not JSON"],
)
def test_a_frame_that_cannot_be_written_is_refused(
    what: object, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=problem):
        spill(what, tmp_path)
