"""Tasks run at least once wherever they run, and scattered rows are gathered without loss."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.engine import shuffle
from tunegate.engine.executors import Executor, InProcess, Pool, available, choose
from tunegate.engine.shuffle import buckets_for, gathered, in_batches, scatter
from tunegate.errors import EngineError, InputError

LAW = settings(max_examples=60, deadline=None)

# Worker processes import what they run, so it stands in a file.
TASKS = """
import os, time
from pathlib import Path
from tunegate.errors import InputError

def double(number):
    return 2 * number

def dies_once(task):
    number, marker = task
    if number == 3:
        try:
            Path(marker).touch(exist_ok=False)
        except FileExistsError:
            pass
        else:
            os._exit(9)
    return number

def dies_always(number):
    if number == 3:
        os._exit(9)
    return number

def raises(number):
    if number == 3:
        raise InputError("cannot be read", where="a.jsonl", hint="export it again")
    return number

def marks_and_waits(task):
    number, folder = task
    (Path(folder) / str(number)).touch()
    if number:
        time.sleep(600)
    return number
"""


@pytest.fixture(scope="module", autouse=True)
def tasks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("tasks")
    (folder / "planted_tasks.py").write_text(TASKS)
    sys.path.insert(0, str(folder))
    import planted_tasks  # type: ignore[import-not-found]

    yield planted_tasks
    sys.path.remove(str(folder))


@pytest.mark.parametrize("executor", [InProcess(), Pool(1), Pool(2)], ids=repr)
def test_every_task_gives_its_result_wherever_it_runs(executor: Executor, tasks: Any) -> None:
    assert sorted(executor.map_tasks(tasks.double, range(20))) == list(range(0, 40, 2))


def test_nothing_to_do_is_done() -> None:
    assert list(Pool(2).map_tasks(str, [])) == []


def test_a_task_whose_worker_dies_is_done_again(tmp_path: Path, tasks: Any) -> None:
    marker = str(tmp_path / "died")
    done = list(Pool(2).map_tasks(tasks.dies_once, [(n, marker) for n in range(12)]))
    assert Path(marker).exists()
    assert sorted(done) == list(range(12))


def test_a_task_that_kills_each_worker_ends_the_work(tasks: Any) -> None:
    with pytest.raises(EngineError, match=r"a worker process died 2 times.*\n  hint: "):
        list(Pool(2).map_tasks(tasks.dies_always, range(6)))


@pytest.mark.parametrize("executor", [InProcess(), Pool(2)], ids=repr)
def test_an_error_of_a_task_arrives_whole(executor: Executor, tasks: Any) -> None:
    with pytest.raises(InputError) as raised:
        list(executor.map_tasks(tasks.raises, range(6)))
    assert str(raised.value) == "a.jsonl: cannot be read\n  hint: export it again"


def test_who_stops_listening_stops_the_workers_and_no_other_process(
    tmp_path: Path, tasks: Any
) -> None:
    stranger = get_context("spawn").Process(target=tasks.marks_and_waits, args=((1, tmp_path),))
    stranger.start()
    try:
        results = Pool(2).map_tasks(tasks.marks_and_waits, [(n, tmp_path) for n in range(9)])
        assert next(iter(results)) == 0
        results.close()  # type: ignore[attr-defined] # it is a generator
        assert stranger.is_alive()
        # Two workers and what waits for them: nobody went through the whole list.
        assert len(list(tmp_path.iterdir())) < 9
    finally:
        stranger.terminate()
        stranger.join()


@pytest.mark.parametrize(
    ("workers", "size", "expected"),
    [
        (None, 9, InProcess()),
        (1, 10**9, InProcess()),
        (3, 0, Pool(3)),
        (None, 10, Pool(available()) if available() > 1 else InProcess()),
    ],
    ids=["little to read", "one asked for", "three asked for", "much to read"],
)
def test_processes_are_started_where_it_pays_or_was_asked_for(
    workers: int | None, size: int, expected: Executor
) -> None:
    assert choose(workers, size=size, threshold=10) == (expected, getattr(expected, "workers", 1))


keys = st.one_of(st.none(), st.sampled_from([f"ticket {n}" for n in range(7)] + ["", "é😀"]))
cut = st.lists(st.lists(keys, max_size=9), max_size=6)
FRAGMENT = {"row": pl.Int64(), "conversation": pl.String(), "record": pl.Binary()}


def fragments(chunks: Sequence[Sequence[str | None]]) -> list[pl.DataFrame]:
    """Return frames of rows with these keys; a row's number is its place in all of them."""
    frames, row = [], 0
    for chunk in chunks:
        rows = [(row + n, key, b"%d" % (row + n)) for n, key in enumerate(chunk)]
        frames.append(pl.DataFrame(rows, schema=FRAGMENT, orient="row"))
        row += len(chunk)
    return frames


def shuffled(
    tasks_of: Sequence[Sequence[pl.DataFrame]], folder: Path, buckets: int
) -> list[pl.DataFrame]:
    for number, frames in enumerate(tasks_of):
        scatter(frames, by="conversation", buckets=buckets, folder=folder, name=f"{number:06d}")
    parts = [gathered(folder, bucket) for bucket in range(buckets)]
    return [part for part in parts if part is not None]


@LAW
@given(cut, st.integers(1, 5), st.integers(1, 4), st.integers(1, 20))
def test_all_rows_of_a_key_come_together_and_none_is_lost(
    chunks: list[list[str | None]], buckets: int, workers: int, flush: int
) -> None:
    frames = fragments(chunks)
    shares = [frames[n::workers] for n in range(workers)]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(shuffle, "FLUSH_BYTES", flush)  # so that some rows are written early
        parts = shuffled(shares, Path(folder), buckets)
    rows = [line for part in parts for line in part.rows()]
    assert sorted(rows) == sorted(line for frame in frames for line in frame.rows())
    homes = [{key for key in part["conversation"] if key is not None} for part in parts]
    assert sum(map(len, homes)) == len(set().union(*homes))


@LAW
@given(cut, st.integers(1, 4), st.integers(1, 12))
def test_how_the_input_was_cut_does_not_change_the_batches(
    chunks: list[list[str | None]], buckets: int, rows: int
) -> None:
    frames = fragments(chunks)
    whole = [pl.concat(frames)] if frames else []
    found = []
    for shares in ([frames], [frames[::2], frames[1::2]], [whole]):
        with tempfile.TemporaryDirectory() as folder:
            parts = shuffled(shares, Path(folder), buckets)
            batches = [b for p in parts for b in in_batches(p, by="conversation", rows=rows)]
            found.append([batch.rows() for batch in batches])
    assert found[0] == found[1] == found[2]


@LAW
@given(st.lists(keys, min_size=1, max_size=40), st.integers(1, 12), st.randoms())
def test_batches_hold_whole_conversations_and_no_more_than_they_must(
    drawn: list[str | None], rows: int, random: Any
) -> None:
    frame = fragments([drawn])[0]
    mixed = frame[random.sample(range(frame.height), frame.height)]
    batches = list(in_batches(mixed, by="conversation", rows=rows))
    assert pl.concat(batches).equals(frame.sort("conversation", "row", nulls_last=False))
    for batch in batches[:-1]:
        last = batch["conversation"][-1]
        size = 1 if last is None else drawn.count(last)
        assert rows <= batch.height < rows + size
    ends = [{key for key in batch["conversation"] if key is not None} for batch in batches]
    assert sum(map(len, ends)) == len(set().union(*ends))


def test_a_bucket_into_which_nothing_fell_is_none(tmp_path: Path) -> None:
    scatter(fragments([[None, None]]), by="conversation", buckets=3, folder=tmp_path, name="0")
    assert [gathered(tmp_path, bucket) is None for bucket in range(3)] == [False, True, True]


def test_a_task_that_runs_twice_leaves_its_rows_once(tmp_path: Path) -> None:
    for _ in range(2):
        parts = shuffled([fragments([["a", "b", None]])], tmp_path, 2)
    assert sum(part.height for part in parts) == 3


def test_the_bucket_of_a_key_is_the_same_in_every_process(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; import polars as pl\n"
        "from tunegate.engine.shuffle import scatter\n"
        "frame = pl.DataFrame({'row': range(50), 'key': [f'ticket {n}' for n in range(50)]})\n"
        "scatter([frame], by='key', buckets=7, folder=Path(sys.argv[1]), name='0')\n"
    )
    homes = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        env = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", script, str(folder)], check=True, env=env)
        parts = {path.name: gathered(folder, int(path.name)) for path in folder.iterdir()}
        homes.append({name: part.rows() for name, part in parts.items() if part is not None})
    assert homes[0] == homes[1]


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, 1), (1, 1), (32 << 20, 1), ((32 << 20) + 1, 2), (1 << 50, 1024)],
)
def test_there_are_enough_buckets_to_hold_one_in_memory(size: int, expected: int) -> None:
    assert buckets_for(size) == expected
