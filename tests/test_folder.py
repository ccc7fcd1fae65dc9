"""A run folder appears whole or not at all, and nothing that is not a run is ever lost."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tunegate.errors import OutputError, RunError
from tunegate.pipeline.folder import is_run, publish, read_record, staging

FILES = ("run.json", "report.html", "train.jsonl")


def a_run(folder: Path, mark: str = "old", *, files: object = FILES) -> Path:
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_text(mark)
    record = {"tunegate": "1", "format": 1, "mark": mark, "files": files}
    (folder / "run.json").write_text(json.dumps(record))
    return folder


def mark(folder: Path) -> str:
    return str(read_record(folder)["mark"])


def run_into(target: Path, name: str = "new") -> None:
    with staging(target) as aside:
        publish(a_run(aside / "final", name), target)


def everything(folder: Path) -> dict[str, bytes | None]:
    """Return each path below a folder and what it holds; links are not followed."""
    held: dict[str, bytes | None] = {}
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.is_file() else None
        link = os.fsencode(path.readlink()) if path.is_symlink() else None
        held[str(path.relative_to(folder))] = link or content
    return held


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def make_nothing(target: Path) -> None:
    pass


def make_link_to_run(target: Path) -> None:
    target.symlink_to(a_run(target.with_name("elsewhere")).name)


WELCOME: Mapping[str, Callable[[Path], object]] = {
    "absent": make_nothing,
    "empty": Path.mkdir,
    "a complete run": a_run,
    "a run that lost a file": lambda target: (a_run(target) / "train.jsonl").unlink(),
    "a link to a run": make_link_to_run,
}


@pytest.mark.parametrize("make", WELCOME.values(), ids=WELCOME)
def test_a_run_appears_where_nothing_or_an_earlier_run_was(
    make: Callable[[Path], object], tmp_path: Path
) -> None:
    target = tmp_path / "runs" / "it"
    target.parent.mkdir()
    make(target)
    run_into(target)
    assert mark(target) == "new"
    assert not target.is_symlink()
    beside = {*names(target.parent)} - {"it"}
    assert beside <= {"elsewhere"}
    assert not beside or mark(target.parent / "elsewhere") == "old"


def test_missing_folders_above_are_made(tmp_path: Path) -> None:
    run_into(tmp_path / "a" / "b" / "run")
    assert mark(tmp_path / "a" / "b" / "run") == "new"


def add(name: str) -> Callable[[Path], object]:
    return lambda target: (a_run(target) / name).write_text("mine")


def text(content: str, name: str = "run.json") -> Callable[[Path], object]:
    def make(target: Path) -> None:
        target.mkdir()
        (target / name).write_text(content)

    return make


FOREIGN: Mapping[str, Callable[[Path], object]] = {
    "a file": lambda target: target.write_text("mine"),
    "a link to nothing": lambda target: target.symlink_to("gone"),
    "a folder of something else": text("mine", "notes.txt"),
    "a folder in a folder": lambda target: (target / "inner").mkdir(parents=True),
    "a run with a file more": add("notes.txt"),
    "a run with a hidden file": add(".hidden"),
    "a run with a folder": lambda target: (a_run(target) / "mine").mkdir(),
    "another program's run.json": text('{"version": 1}'),
    "a list": text("[]"),
    "a run.json that is none": text("mine"),
    "a run.json that is no text": lambda target: (a_run(target) / "run.json").write_bytes(b"\xff"),
    "files that are a number": lambda target: a_run(target, files=7),
    "files that are objects": lambda target: a_run(target, files=[{}]),
    "a run.json without end": text("[" * 100_000),
    "a run.json that is a folder": lambda target: (target / "run.json").mkdir(parents=True),
}


@pytest.mark.parametrize("make", FOREIGN.values(), ids=FOREIGN)
def test_anything_else_is_refused_and_stays(make: Callable[[Path], object], tmp_path: Path) -> None:
    make(tmp_path / "it")
    before = everything(tmp_path)
    with pytest.raises(OutputError, match=r"it: .*\n  hint: "), staging(tmp_path / "it"):
        pytest.fail("it was taken")
    assert everything(tmp_path) == before


def test_something_that_comes_during_the_run_is_not_lost(tmp_path: Path) -> None:
    target = a_run(tmp_path / "it")
    with pytest.raises(OutputError, match="something other"), staging(target) as aside:
        a_run(aside / "final", "new")
        (target / "notes.txt").write_text("mine")
        before = everything(target)
        publish(aside / "final", target)
    assert everything(target) == before
    assert names(tmp_path) == ["it"]


class StopError(Exception):
    pass


@pytest.mark.parametrize("error", [StopError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("make", WELCOME.values(), ids=WELCOME)
def test_a_run_that_fails_leaves_no_trace(
    make: Callable[[Path], object], error: type[BaseException], tmp_path: Path
) -> None:
    target = tmp_path / "it"
    make(target)
    before = everything(tmp_path)
    with pytest.raises(error), staging(target) as aside:
        a_run(aside / "final", "new")
        (aside / "work" / "deep").mkdir(parents=True)
        raise error
    assert everything(tmp_path) == before


def test_a_run_that_fails_leaves_no_folders_above_it(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(StopError), staging(tmp_path / "mine" / "a" / "b" / "run"):
        raise StopError
    assert everything(tmp_path) == {"mine": None}


@pytest.mark.parametrize("make", [a_run, make_link_to_run], ids=["a run", "a link"])
def test_a_stop_between_the_two_renames_brings_the_earlier_run_back(
    make: Callable[[Path], object], tmp_path: Path
) -> None:
    target = tmp_path / "it"
    make(target)
    before = everything(tmp_path)
    with pytest.raises(KeyboardInterrupt), staging(target) as aside:
        target.rename(aside / "replaced")
        raise KeyboardInterrupt
    assert everything(tmp_path) == before


def test_everything_in_a_run_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with staging(tmp_path / "it") as aside:
            assert aside.stat().st_mode & 0o777 == 0o700
            publish(a_run(aside / "final"), tmp_path / "it")
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "it").iterdir()} == {0o600}


def test_a_target_may_be_named_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_into(Path("it"))
    run_into(Path("runs/../other"))
    assert mark(tmp_path / "it") == mark(tmp_path / "other") == "new"


@pytest.mark.parametrize("inner", [".", "deeper"])
def test_the_folder_one_stands_in_is_not_moved_away(
    inner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "it"
    target.mkdir()
    link = tmp_path / "link"
    link.symlink_to(target)
    monkeypatch.chdir(target)
    for named in (Path(), target, link):
        with pytest.raises(OutputError, match="is the folder you are in"), staging(named):
            pytest.fail("it was taken")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for target in (tmp_path / "file" / "run", tmp_path / ("x" * 250)):
        with pytest.raises(OutputError, match=r"cannot be written: .*\n  hint: "), staging(target):
            pytest.fail("it was taken")
    assert names(tmp_path) == ["file"]


WORKER = """
import sys, time
from pathlib import Path
from tunegate.pipeline.folder import staging
target = Path(sys.argv[1])
with staging(target) as aside:
    (aside / "work").mkdir()
    if target.exists():
        target.rename(aside / "replaced")
    print("ready", flush=True)
    time.sleep(600)
"""


@contextmanager
def at_work(target: Path) -> Iterator[subprocess.Popen[str]]:
    """Run another process that stands between the two renames of its run."""
    command = [sys.executable, "-c", WORKER, str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
        try:
            yield worker
        finally:
            worker.kill()


def killed(target: Path) -> None:
    with at_work(target) as worker:
        worker.send_signal(signal.SIGKILL)


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    killed(tmp_path / "it")
    assert len(names(tmp_path)) == 1
    run_into(tmp_path / "it")
    assert names(tmp_path) == ["it"]


def test_the_earlier_run_of_a_killed_one_comes_back_where_it_was(tmp_path: Path) -> None:
    a_run(tmp_path / "v1.2")
    killed(tmp_path / "v1.2")
    a_run(tmp_path / "[v]*")
    killed(tmp_path / "[v]*")
    # Neither a name that begins alike nor one that looks like a pattern gets another's run.
    for other in ("v1", "v", "[v]"):
        with staging(tmp_path / other):
            pass
    assert len([name for name in names(tmp_path) if name.startswith(".")]) == 2
    for name in ("v1.2", "[v]*"):
        with pytest.raises(StopError), staging(tmp_path / name):
            assert mark(tmp_path / name) == "old"
            raise StopError
    assert names(tmp_path) == ["[v]*", "v1.2"]


def test_a_run_at_work_is_left_alone_by_another_of_the_same_target(tmp_path: Path) -> None:
    with at_work(tmp_path / "it"):
        [folder] = names(tmp_path)
        run_into(tmp_path / "it", "mine")
        assert names(tmp_path) == sorted([folder, "it"])
        assert (tmp_path / folder / "work").is_dir()
    assert mark(tmp_path / "it") == "mine"


def test_a_stranger_with_such_a_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".it.notes.tunegate").write_text("mine")
    (tmp_path / ".it.link.tunegate").symlink_to(a_run(tmp_path / "other"))
    before = everything(tmp_path)
    with staging(tmp_path / "it"):
        pass
    assert everything(tmp_path) == before


def test_a_record_is_read_only_from_a_run_of_this_format(tmp_path: Path) -> None:
    assert mark(a_run(tmp_path / "run")) == "old"
    assert is_run(tmp_path / "run")
    with pytest.raises(RunError, match="is not a run folder"):
        read_record(tmp_path)
    for content in (b"", b"\xff", b"[", b"[]", b'{"format": 2}'):
        (tmp_path / "run.json").write_bytes(content)
        with pytest.raises(RunError, match=r"run\.json .*\n  hint: run the audit again"):
            read_record(tmp_path)
