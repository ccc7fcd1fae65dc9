"""Find the inputs a user named."""

import glob
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tunegate.errors import InputError
from tunegate.model import Source
from tunegate.readers.inputs.files import opened
from tunegate.readers.inputs.remote import (
    STANDARD_INPUT,
    STANDARD_INPUT_NAME,
    fetched,
    is_remote,
    piped,
    remote_name,
)
from tunegate.readers.inputs.sources import HEAD, shown
from tunegate.readers.inputs.spool import Spool
from tunegate.readers.inputs.tables_aside import saved_in
from tunegate.readers.inputs.taken import (
    DELIVERED,
    SAID,
    holds_mail,
    is_hidden,
    is_maildir,
    is_taken,
    may_be_mail,
    numbered,
)
from tunegate.readers.inputs.unfold import unfold


class _Found(NamedTuple):
    """A file, how it is shown, and whether it was found in a folder and not named."""

    name: str
    path: Path
    listed: bool


def find(inputs: Sequence[Path | str], spool: Path) -> tuple[list[Source], list[str]]:
    """Return the inputs that were meant, sorted by name, and the names of those passed over.

    A folder stands for every file below it with a known suffix, an archive for every such entry,
    a workbook for its sheets, and a pattern such as `exports/**/*.jsonl` for what it matches,
    unless a file has that name. `-` is standard input. An address such as `s3://…` or `https://…`
    is one file, which is fetched. Others are passed over.

    A mailbox of a program that gives its files no ending is told by how it begins.

    A name is that of the file, or the path from the folder; where two would be alike, it is the
    path from the folder that all have in common. A file that is reached twice is read once. What
    is hidden in a folder, by a dot before its name, is passed over.

    spool: a folder for copies of what cannot be read where it lies; made when it is needed.

    Raises:
        InputError: there is no such file, it may not be read or fetched, it is an archive that
            means harm, or there is nothing to read.
    """
    store = Spool(spool)
    local: dict[str, _Found] = {}  # by real path
    ignored: set[str] = set()
    for path in _paths([given for given in inputs if not _is_far(given)]):
        for found in _files(path, ignored):
            real = os.path.realpath(found.path)
            known = local.get(real, found)
            local[real] = min(known, found)._replace(listed=known.listed and found.listed)
    files = [*_distinct(local.values()), *_copied(inputs, store)]
    sources: list[Source] = []
    for name, path, listed in sorted(files):
        unfolded = unfold(path, name, store, listed=listed)
        sources += unfolded.sources
        ignored.update(unfolded.passed)
    if inputs and not sources:
        raise InputError(
            "holds no file that can be read",
            where=shown(inputs[0]),
            hint=f"files are taken that end in {SAID}",
        )
    return sorted(sources, key=lambda source: source.name), sorted(ignored)


def _is_far(given: Path | str) -> bool:
    return is_remote(given) or str(given) == STANDARD_INPUT


def _copied(inputs: Sequence[Path | str], store: Spool) -> Iterator[_Found]:
    """Yield copies of what is no local file, each input once."""
    far = sorted({str(given) for given in inputs if _is_far(given)})
    names = [STANDARD_INPUT_NAME if one == STANDARD_INPUT else remote_name(one) for one in far]
    # Two addresses may differ only in what is not shown.
    for given, name in zip(far, numbered(names), strict=True):
        copied = piped(store) if given == STANDARD_INPUT else fetched(given, store)
        yield _Found(name, copied.path, listed=False)


def _paths(inputs: Sequence[Path | str]) -> Iterator[Path]:
    """Yield the paths that were meant; a pattern stands for what it matches."""
    for given in inputs:
        pattern = os.fspath(given)
        if not glob.has_magic(pattern) or os.path.lexists(pattern):
            yield Path(given)
            continue
        # `Path.glob` takes no absolute pattern.
        matched = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207
        if "**" in pattern:
            # It matches the folders on the way, too, and they would stand for all they hold.
            matched = [path for path in matched if not os.path.isdir(path)]  # noqa: PTH112
        if not matched:
            raise InputError(
                "no file matches the pattern",
                where=shown(pattern),
                hint=f"looked in {shown(Path.cwd())}; `**` stands for folders at any depth",
            )
        yield from map(Path, matched)


def _files(path: Path, ignored: set[str]) -> list[_Found]:
    """Return the file at a path, or those in the folder that are inputs."""
    if not os.path.isdir(path):  # noqa: PTH112 - a name too long is no error here
        return [_Found(_name_in(path.parent, path), path.absolute(), listed=False)]
    files: list[_Found] = []
    for file in _below(path, ignored):
        if is_taken(file.name) or _is_mail(path, file):
            files.append(_Found(_name_in(path, file), file.absolute(), listed=True))
        else:
            ignored.add(_name_in(path, file))
    if not files:
        raise InputError(
            "the folder holds no file that can be read",
            where=shown(path),
            hint=f"files are taken that end in {SAID}",
        )
    return files


def _is_mail(folder: Path, file: Path) -> bool:
    # The folder that was named itself counts where it is one of a Maildir.
    start = folder.parent if folder.name in DELIVERED else folder
    if not may_be_mail(file.relative_to(start).as_posix()) or not file.is_file():
        return False
    with opened(file, _name_in(folder, file)) as begun:
        return holds_mail(begun.read(HEAD))


def _distinct(found: Collection[_Found]) -> Collection[_Found]:
    """Return the files; if two have one name, all are named from what they share."""
    if len({one.name for one in found}) == len(found):
        return found
    shared = os.path.commonpath([one.path.parent for one in found])
    return [one._replace(name=_name_in(Path(shared), one.path)) for one in found]


def _name_in(folder: Path, file: Path) -> str:
    return shown(file.relative_to(folder).as_posix())


def _below(folder: Path, ignored: set[str]) -> Iterator[Path]:
    """Yield the files below a folder but for the hidden ones, which go to `ignored`."""

    def refuse(error: OSError) -> None:
        raise InputError(
            f"cannot be listed ({error.strerror})",
            where=shown(error.filename or folder),
            hint="give this user permission to read it",
        ) from None

    for parent, folders, names in os.walk(folder, onerror=refuse):
        hidden = [name for name in folders if is_hidden(name) and not _is_maildir(parent, name)]
        ignored.update(f"{_name_in(folder, Path(parent, name))}/" for name in hidden)
        folders[:] = (name for name in folders if name not in hidden)
        saved = saved_in(Path(parent), names)
        for name in names:
            if is_hidden(name) or (saved is not None and name not in saved):
                ignored.add(_name_in(folder, Path(parent, name)))
            else:
                yield Path(parent, name)


def _is_maildir(parent: str, folder: str) -> bool:
    if not folder.startswith("."):
        return False
    try:
        return is_maildir(folder, [one.name for one in Path(parent, folder).iterdir()])
    except OSError:
        return False  # what is hidden need not be readable
