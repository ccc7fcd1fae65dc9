"""Say which inputs a file stands for: itself, the entries of an archive, the sheets of a workbook.

What is a table in binary form comes back as JSON Lines in the spool.
"""

from dataclasses import dataclass, field
from pathlib import Path

from tunegate.errors import InputError
from tunegate.model import Source
from tunegate.readers.inputs.archives import MARKS, archive_of, path_of
from tunegate.readers.inputs.files import opened
from tunegate.readers.inputs.sources import Damaged, blocks, describe, head
from tunegate.readers.inputs.spool import Spool
from tunegate.readers.inputs.tables_aside import as_lines, table_kind
from tunegate.readers.inputs.taken import SAID, holds_mail, is_taken
from tunegate.readers.inputs.workbooks import OLD_MARK, old_workbook, sheets_of


@dataclass
class Unfolded:
    """Inputs, and the names of what is passed over."""

    sources: list[Source] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)


def unfold(path: Path, name: str, spool: Spool, *, listed: bool) -> Unfolded:
    """Return what a file stands for.

    listed: it was found in a folder, and not named.

    Raises:
        InputError: it cannot be read, is refused, or is an archive that was named and holds
            nothing to read.
    """
    found = Unfolded()
    with opened(path, name) as file:
        start = file.read(len(MARKS[0]))
    if start not in MARKS or archive_of(path, name).is_workbook:
        _add(describe(path, name, listed=listed), spool, found)
        return found
    archive = archive_of(path, name)
    found.passed += [f"{name}/{entry}" for entry in archive.passed]
    for member in archive.entries:
        source = describe(path, f"{name}/{path_of(member)}", member, listed=True)
        if is_taken(path_of(member)) or holds_mail(head(source)):
            _add(source, spool, found)
        else:
            found.passed.append(source.name)
    if not found.sources and not listed:
        raise InputError(
            "the archive holds no file that can be read",
            where=name,
            hint=f"entries are taken that end in {SAID}",
        )
    return found


def _add(source: Source, spool: Spool, found: Unfolded) -> None:
    """Add a source, or what it becomes."""
    start = head(source)
    if start.startswith(OLD_MARK):
        raise old_workbook(source.name)
    kind = table_kind(start)
    if kind is None and not start.startswith(MARKS):
        found.sources.append(source)
        return
    path, is_copy = _within_reach(source, spool)
    try:
        if kind:
            lines, left_out = as_lines(source, path, kind, spool)
            found.sources.append(lines)
            found.passed += left_out
        elif archive_of(path, source.name).is_workbook:
            sheets, passed = sheets_of(source, path, spool)
            found.sources += sheets
            found.passed += passed
        else:
            _pass_over(source, found)
    finally:
        if is_copy:
            path.unlink()


def _pass_over(source: Source, found: Unfolded) -> None:
    if not source.listed:
        raise InputError(
            "is an archive in a compressed file",
            where=source.name,
            hint="decompress it with `gunzip` or `zstd -d`, and pass what comes out",
        )
    found.passed.append(f"{source.name} (an archive in an archive)")


def _within_reach(source: Source, spool: Spool) -> tuple[Path, bool]:
    """Return a file with the decoded bytes of a source, and whether it is a copy made for that."""
    if source.is_plain:
        path = Path(source.path)
        return path, spool.holds(path)
    try:
        return spool.copy(blocks(source)).path, True
    except Damaged as damaged:
        raise InputError(
            str(damaged), where=source.name, hint="get it again; the download may have been cut"
        ) from None
