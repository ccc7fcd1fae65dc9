"""Turn the sheets of Excel workbooks into JSON Lines.

A line is a row of the sheet with the same number, so that a place in a report is a place in the
sheet; the header and empty rows are blank lines. What a formula came to is read, not the formula.
A formula that was never calculated, an error such as `#N/A` and an empty cell all look the same,
so none of them is a value. Hidden rows and columns are not told apart from shown ones.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tunegate.errors import InputError
from tunegate.model import Source
from tunegate.readers.inputs.archives import archive_of
from tunegate.readers.inputs.decoding import Damaged
from tunegate.readers.inputs.files import opened, shown
from tunegate.readers.inputs.frames import line_of
from tunegate.readers.inputs.spool import Spool
from tunegate.readers.inputs.zips import Entry, bomb, unpacked

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

EXCEL = "Excel"
OLD_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of .xls, and of workbooks with a password

_MAX_DECODED = 2 << 30  # bytes of all parts; the library holds a sheet at a time
_MAX_CELLS = 50_000_000  # from the first row and column to the last, as the library holds them
_PLACE = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^>]*?\br=["']([A-Z]{0,3})([0-9]{1,7})["']""")
_LONGEST_TAG = 512  # bytes of a tag that may lie across two blocks
_EXACT = 1 << 53  # up to here a float is a whole number or is not


def sheets_of(source: Source, path: Path, spool: Spool) -> tuple[list[Source], list[str]]:
    """Return each sheet as JSON Lines in the spool, and the names of those that are passed over.

    path: where the workbook's own bytes are. Hidden sheets, charts and empty sheets are passed
    over.

    Raises:
        InputError: it is damaged or too large, a package is missing, or a sheet has no header that
            names every column.
    """
    book = _opened(source, path)
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    found: list[Source] = []
    passed: list[str] = []
    for sheet in book.sheets_metadata:
        name = shown(f"{source.name}/{sheet.name}")
        if sheet.visible != SheetVisibleEnum.Visible:
            passed.append(f"{name} (a hidden sheet)")
            continue
        if sheet.typ != SheetTypeEnum.WorkSheet:
            passed.append(f"{name} (not a sheet of cells)")
            continue
        cells = book.get_sheet_by_name(sheet.name)
        if cells.start is None or cells.height < 2:
            passed.append(f"{name} (an empty sheet)")
            continue
        copied = spool.copy(_lines(cells, name))
        found.append(
            replace(
                source,
                path=str(copied.path),
                name=name,
                compression=None,
                member=None,
                encoding=None,
                origin=EXCEL,
                listed=True,
                stored=copied.size,
            )
        )
    return found, passed


def old_workbook(name: str) -> InputError:
    """Return the error that refuses a file of the kind of old and of locked workbooks."""
    return InputError(
        "is an old Excel or Outlook file, or a workbook with a password",
        where=name,
        hint="open it, and save it without a password as .xlsx or as CSV in UTF-8",
    )


def _opened(source: Source, path: Path) -> "CalamineWorkbook":
    try:
        import python_calamine
    except ImportError:
        raise InputError(
            "reading an Excel workbook needs python-calamine",
            where=source.name,
            hint='pip install "tunegate[excel]", or save the sheet as CSV in UTF-8',
        ) from None
    _check_parts(path, source.name)
    try:
        with opened(path, source.name) as file:
            return python_calamine.CalamineWorkbook.from_filelike(file)
    except python_calamine.CalamineError:
        raise _damaged(source.name) from None


def _damaged(name: str) -> InputError:
    return InputError(
        "the workbook is damaged",
        where=name,
        hint="open it, repair it and save it again, or save the sheet as CSV in UTF-8",
    )


def _check_parts(path: Path, name: str) -> None:
    """Decode every part once, since the library believes what the archive says of itself."""
    count = 0
    with opened(path, name) as file:
        for entry in archive_of(path, name).entries.values():
            held = b""
            column = row = 0
            try:
                for block in unpacked(file, entry, name):
                    count += len(block)
                    column, row = _reach(held + block, column, row)
                    held = block[-_LONGEST_TAG:]
                    _refuse_large(name, entry, count, column * row)
            except Damaged:
                raise _damaged(name) from None


def _reach(part: bytes, column: int, row: int) -> tuple[int, int]:
    """Return the last column and row that cells of a part lie in."""
    for letters, number in set(_PLACE.findall(part)):
        place = 0
        for letter in letters:
            place = place * 26 + letter - 64
        column, row = max(column, place), max(row, int(number))
    return column, row


def _refuse_large(name: str, entry: Entry, decoded: int, cells: int) -> None:
    if decoded > _MAX_DECODED:
        raise bomb(name, entry.name, f"brings the workbook to more than {_MAX_DECODED >> 30} GiB")
    if cells > _MAX_CELLS:
        raise bomb(name, entry.name, f"spans more than {_MAX_CELLS:,} cells")


def _lines(sheet: "CalamineSheet", name: str) -> Iterator[bytes]:
    names: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        values = [_value(cell) for cell in cells]
        if all(value is None for value in values):
            yield b"\n"
        elif names:
            yield line_of(names, _under(names, values, name, number))
        else:
            names = _header(values, name)
            yield b"\n"


def _value(cell: object) -> object:
    if cell == "":
        return None
    # The format has no other numbers, and an id must not become "12.0".
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return int(cell)
    return cell


def _header(values: Sequence[object], name: str) -> list[str]:
    names = ["" if value is None else str(value).strip() for value in values]
    first: dict[str, int] = {}
    for n, one in enumerate(names, 1):
        if one and first.setdefault(one, n) != n:
            # Not which name: of a sheet without a header this is a row of data.
            raise InputError(
                f"the columns {first[one]} and {n} have the same name in the header",
                where=name,
                hint="rename one of them, or hide the sheet if it is not meant",
            )
    return names


def _under(
    names: Sequence[str], values: Sequence[object], sheet: str, number: int
) -> Iterator[object]:
    for column, (name, value) in enumerate(zip(names, values, strict=True), 1):
        if not name and value is not None:
            raise InputError(
                f"row {number} has a value in column {column}, which has no name",
                where=sheet,
                hint="name the column in the header, or hide the sheet if it is not meant",
            )
        yield value
