"""Find the inputs a user named, and the reader that knows their shape."""

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from tunegate.errors import InputError
from tunegate.model import Reader, ReadOptions, Source
from tunegate.readers.looks import looks_like
from tunegate.readers.sources import describe, head, shown
from tunegate.rules import plugins

_SUFFIXES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv")
_READ = _SUFFIXES + tuple(f"{suffix}.gz" for suffix in _SUFFIXES)
_WHEN_EMPTY = "openai-chat"


def find(inputs: Sequence[Path | str]) -> tuple[list[Source], list[str]]:
    """Return the files that were meant, sorted by name, and the names of those passed over.

    A folder stands for every file below it with a known suffix; the others are passed over. A
    name is that of the file, or the path from the folder; where two would be alike, it is the
    path from the folder that all have in common. A file that is reached twice is read once. What
    is hidden in a folder, by a dot before its name, is passed over.

    Raises:
        InputError: there is no such file, it may not be read, or a folder holds none to read.
    """
    named: dict[str, tuple[str, Path]] = {}  # real path → name and path
    ignored: set[str] = set()
    for given in inputs:
        path = Path(given)
        files = [path]
        folder = path.parent
        if os.path.isdir(path):  # noqa: PTH112 - a name too long is no error here
            folder = path
            files = []
            for file in _below(path, ignored):
                if file.name.lower().endswith(_READ):
                    files.append(file)
                else:
                    ignored.add(_name_in(folder, file))
            if not files:
                raise InputError(
                    "the folder holds no file that can be read",
                    where=shown(path),
                    hint=f"files are taken that end in {', '.join(_SUFFIXES)}, or those with .gz",
                )
        for file in files:
            real = os.path.realpath(file)
            entry = _name_in(folder, file), file.absolute()
            named[real] = min(named.get(real, entry), entry)
    entries = sorted(_distinct(named.values()))
    return [describe(path, name) for name, path in entries], sorted(ignored)


def _distinct(named: Collection[tuple[str, Path]]) -> Collection[tuple[str, Path]]:
    """Return names and paths; if two files have one name, all are named from what they share."""
    if len({name for name, _ in named}) == len(named):
        return named
    shared = os.path.commonpath([path.parent for _, path in named])
    return [(_name_in(Path(shared), path), path) for _, path in named]


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
        hidden = [name for name in folders if name.startswith(".")]
        ignored.update(f"{_name_in(folder, Path(parent, name))}/" for name in hidden)
        folders[:] = (name for name in folders if not name.startswith("."))
        for name in names:
            if name.startswith("."):
                ignored.add(_name_in(folder, Path(parent, name)))
            else:
                yield Path(parent, name)


def choose(sources: Sequence[Source], options: ReadOptions) -> Reader:
    """Return the one reader that knows the shape of every input.

    options: how they will be read; the shape is told by how each input begins, not by these.

    Raises:
        InputError: no reader knows an input, or two inputs have different shapes.
    """
    readers: dict[str, Reader] = {
        name: point.load() for name, point in plugins("tunegate.readers").items()
    }
    chosen: tuple[str, Source] | None = None
    for source in sources:
        start = head(source)
        if not start.strip():
            continue  # it has no records, and so any shape
        name = _reader_of(source, start, readers)
        if chosen and chosen[0] != name:
            raise InputError(
                f"is of the shape {name}, but {chosen[1].name} is of the shape {chosen[0]}",
                where=source.name,
                hint="audit them in runs of their own",
            )
        chosen = chosen or (name, source)
    return readers[chosen[0] if chosen else _WHEN_EMPTY]


def _reader_of(source: Source, start: bytes, readers: dict[str, Reader]) -> str:
    found = [
        name for name, reader in sorted(readers.items()) if reader.recognises(start, source.name)
    ]
    if not found:
        what, hint = looks_like(start, source.name)
        raise InputError(
            f"no reader knows its shape; it looks like {what}", where=source.name, hint=hint
        )
    if len(found) > 1:
        raise InputError(
            f"is recognised by the readers {' and '.join(found)}",
            where=source.name,
            hint="uninstall the package of one of them",
        )
    return found[0]
