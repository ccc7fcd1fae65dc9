"""A run folder that appears whole or not at all.

Everything is written into a hidden folder beside the target, synced, and renamed. Only a complete
earlier run may be replaced.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from tempfile import mkdtemp

from tunegate.errors import OutputError, RunError

FORMAT = 1
RECORD = "run.json"
_SUFFIX = ".tunegate"
_REPLACED = "replaced"


@contextmanager
def staging(target: Path) -> Iterator[Path]:
    """Yield a private folder beside `target`, and remove it whatever happens.

    An earlier run that `publish` moved there and replaced by nothing is put back.

    Raises:
        OutputError: the target holds something other than a complete run, or cannot be written.
    """
    target = _absolute(target)
    refuse_foreign(target)
    if _is_here(target):
        # It would be moved away, and whoever stands in it would see nothing.
        raise OutputError(
            "is the folder you are in", where=str(target), hint="choose one inside it with `-o`"
        )
    made = [parent for parent in target.parents if not parent.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(target)
        aside, lock = _locked_folder(target)
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror}", where=str(target), hint="choose another `-o`"
        ) from None
    try:
        yield aside
    finally:
        _remove(aside, target)
        os.close(lock)
        for parent in made:
            with suppress(OSError):  # it holds something now
                parent.rmdir()


def refuse_foreign(target: Path) -> None:
    """Raise `OutputError` unless `target` is absent, empty, or a complete run."""
    if not target.exists() and not target.is_symlink():
        return
    if not target.is_dir():
        raise OutputError("is not a folder", where=str(target), hint="choose another `-o`")
    try:
        entries = list(target.iterdir())
    except OSError as error:
        raise OutputError(f"cannot be read: {error.strerror}", where=str(target)) from None
    if entries and not is_run(target):
        raise OutputError(
            "holds something other than a complete run",
            where=str(target),
            hint="choose an empty or new folder with `-o`",
        )


def is_run(folder: Path) -> bool:
    """Tell whether a folder is a run that was finished, and nothing was added to it since."""
    try:
        record = json.loads((folder / RECORD).read_bytes())
        if not isinstance(record, dict) or "tunegate" not in record:
            return False
        known = {RECORD, *record.get("files", ())}
        return {entry.name for entry in folder.iterdir()} <= known
    except (OSError, ValueError, TypeError, RecursionError):  # another program's run.json
        return False


def publish(final: Path, target: Path) -> None:
    """Make the finished folder, which lies in that of `staging`, appear at `target`.

    Raises:
        OutputError: something other than a complete run has come to stand there.
    """
    target = _absolute(target)
    for path in sorted(final.iterdir()):
        path.chmod(0o600)
        _sync(path)
    _sync(final)
    refuse_foreign(target)
    if os.path.lexists(target):
        target.rename(final.with_name(_REPLACED))
    final.rename(target)
    _sync(target.parent)


def read_record(folder: Path) -> dict[str, object]:
    """Return run.json of a finished run.

    Raises:
        RunError: there is none, or another version wrote it.
    """
    where = str(folder)
    try:
        record = json.loads((folder / RECORD).read_bytes())
    except FileNotFoundError:
        hint = "make one with `tunegate audit INPUT -o RUN`"
        raise RunError("is not a run folder", where=where, hint=hint) from None
    except (OSError, ValueError):
        raise RunError(
            f"{RECORD} cannot be read", where=where, hint="run the audit again"
        ) from None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise RunError(
            f"{RECORD} has another format than {FORMAT}",
            where=where,
            hint="run the audit again with this version",
        )
    return record


def _absolute(target: Path) -> Path:
    return Path(os.path.abspath(target))  # noqa: PTH100 - resolve() would follow a link away


def _is_here(target: Path) -> bool:
    try:
        return Path.cwd().is_relative_to(target.resolve())
    except OSError:
        return False


def _locked_folder(target: Path) -> tuple[Path, int]:
    """Return a new folder beside `target`, and a lock on it that ends with this process.

    Not a process number in its name: in a container each run has the same one.
    """
    while True:
        folder = Path(mkdtemp(prefix=f".{target.name}.", suffix=_SUFFIX, dir=target.parent))
        with suppress(FileNotFoundError):  # another run took it for abandoned, before the lock
            lock = os.open(folder, os.O_RDONLY)
            with suppress(OSError):  # a file system without locks
                fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.exists():
                return folder, lock
            os.close(lock)


def _remove_abandoned(target: Path) -> None:
    """Remove what a killed run of the same target left behind."""
    start = f".{target.name}."
    for folder in target.parent.glob(f"{escape(start)}*{_SUFFIX}"):
        if "." in folder.name.removeprefix(start).removesuffix(_SUFFIX):
            continue  # of another target, whose name begins like this one
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue  # not ours, or gone by now
        try:
            if _free(lock):
                _remove(folder, target)
        finally:
            os.close(lock)


def _free(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _remove(aside: Path, target: Path) -> None:
    old = aside / _REPLACED
    if os.path.lexists(old) and not os.path.lexists(target):
        old.rename(target)  # the run was stopped between the two renames of `publish`
    shutil.rmtree(aside, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
