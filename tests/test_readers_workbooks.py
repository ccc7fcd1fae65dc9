"""Excel workbooks: each sheet is an input whose lines are its rows."""

import json
import sys
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from archives import packed
from tunegate.errors import InputError
from tunegate.model import Source
from tunegate.readers import find
from tunegate.readers.inputs import workbooks
from tunegate.readers.inputs.sources import blocks

pytest.importorskip("python_calamine")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DAY = 's="1"'  # the style of dates below

Rows = list[list[str]]  # each cell is the XML of one


def text(value: str) -> str:
    return f't="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is'


def number(value: float, style: str = "") -> str:
    return f"{style}><v>{value}</v"


NOTHING = "/"


def parts(sheets: dict[str, Rows], hidden: str = "") -> dict[str, bytes]:
    """Return the parts of a workbook; `hidden` names the sheet that is."""
    made = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="22"/></cellXfs></styleSheet>',
    }
    names = links = ""
    for n, (name, rows) in enumerate(sheets.items()):
        state = ' state="hidden"' if name == hidden else ""
        names += f'<sheet name="{name}" sheetId="{n + 1}"{state} r:id="r{n}"/>'
        links += f'<Relationship Id="r{n}" Type="{_LINKS}/worksheet" '
        links += f'Target="worksheets/s{n}.xml"/>'
        cells = "".join(
            f'<row r="{y}">'
            + "".join(
                f'<c r="{chr(64 + x)}{y}" {cell}{"" if cell == NOTHING else "></c"}>'
                for x, cell in enumerate(row, 1)
            )
            + "</row>"
            for y, row in enumerate(rows, 1)
        )
        made[f"xl/worksheets/s{n}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>'
        )
    made["xl/workbook.xml"] = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{names}</sheets></workbook>'
    )
    made["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
    )
    return {name: content.encode() for name, content in made.items()}


def book(sheets: dict[str, Rows], hidden: str = "") -> bytes:
    return packed(parts(sheets, hidden))


def found(content: bytes, folder: Path) -> tuple[list[Source], list[str]]:
    path = folder / "book.xlsx"
    path.write_bytes(content)
    return find([path], folder / "spool")


def lines_of(source: Source) -> list[Any]:
    """Return the lines, None where one is blank."""
    raw = b"".join(blocks(source)).split(b"\n")
    return [json.loads(line) if line else None for line in raw[:-1]]


HEADER = [text("id"), text("body")]
HI = [number(12), text("Hi")]


def test_a_sheet_is_an_input_whose_lines_are_its_rows(tmp_path: Path) -> None:
    rows = [[], HEADER, HI, [], [text("13"), text("a\nb")]]
    (source,), passed = found(book({"Tickets 2024": rows}), tmp_path)
    assert lines_of(source) == [
        None,
        None,
        {"id": 12, "body": "Hi"},
        None,
        {"id": "13", "body": "a\nb"},
    ]
    assert (source.name, source.origin) == ("book.xlsx/Tickets 2024", "Excel")
    assert source.listed
    assert source.size == (tmp_path / "book.xlsx").stat().st_size
    assert passed == []


def test_sheets_that_are_hidden_or_empty_are_passed_over_and_named(tmp_path: Path) -> None:
    sheets = {"b": [HEADER, HI], "a": [HEADER, HI], "h": [HEADER, HI], "e": [], "o": [HEADER]}
    sources, passed = found(book(sheets, hidden="h"), tmp_path)
    assert [source.name for source in sources] == ["book.xlsx/a", "book.xlsx/b"]
    assert passed == [
        "book.xlsx/e (an empty sheet)",
        "book.xlsx/h (a hidden sheet)",
        "book.xlsx/o (an empty sheet)",
    ]


VALUES: dict[str, tuple[str, dict[str, Any]]] = {
    "a whole number": (number(12), {"v": 12}),
    "a fraction": (number(1.5), {"v": 1.5}),
    "a truth": ('t="b"><v>1</v', {"v": True}),
    "a moment": (number(45293.5, _DAY), {"v": "2024-01-02T12:00:00"}),
    "a text like a formula": (text("=1+1"), {"v": "=1+1"}),
    "a text like a number": (text("0012"), {"v": "0012"}),
    "what a formula came to": ("><f>1+1</f><v>2</v", {"v": 2}),
    "a formula that was never calculated": ("><f>1+1</f", {}),
    "an error": ('t="e"><v>#N/A</v', {}),
    "nothing": (NOTHING, {}),
}


@pytest.mark.parametrize(("cell", "expected"), VALUES.values(), ids=VALUES.keys())
def test_a_cell_is_its_value(cell: str, expected: dict[str, Any], tmp_path: Path) -> None:
    rows = [[text("k"), text("v")], [number(0), cell]]
    (source,), _ = found(book({"s": rows}), tmp_path)
    assert lines_of(source) == [None, {"k": 0, **expected}]


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the columns 1 and 2 have the same name") as refused:
        found(book({"s": [[text("id"), text(" id ")], HI]}), tmp_path)
    assert refused.value.where == "book.xlsx/s"


def test_a_value_under_no_name_is_refused_and_not_quoted(tmp_path: Path) -> None:
    rows = [HEADER, HI, [*HI, text("CANARY")]]
    with pytest.raises(InputError, match="row 3 has a value in column 3, which has no name") as no:
        found(book({"s": rows}), tmp_path)
    assert "CANARY" not in str(no.value)


def test_a_workbook_in_an_archive_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(packed({"d/book.xlsx": book({"s": [HEADER, HI]})}))
    (source,), passed = find([path], tmp_path / "spool")
    assert source.name == "a.zip/d/book.xlsx/s"
    assert lines_of(source) == [None, {"id": 12, "body": "Hi"}]
    assert passed == []


def test_cells_that_lie_far_apart_are_refused_before_they_fill_memory(tmp_path: Path) -> None:
    made = parts({"s": [HEADER, HI]})
    sheet = made["xl/worksheets/s0.xml"]
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    made["xl/worksheets/s0.xml"] = sheet.replace(b"</sheetData>", far)
    with pytest.raises(InputError, match="spans more than 50,000,000 cells"):
        found(packed(made), tmp_path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "_MAX_DECODED", 100)
    with pytest.raises(InputError, match="brings the workbook to more than"):
        found(book({"s": [HEADER, HI]}), tmp_path)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_cut_workbook_is_refused(share: float, tmp_path: Path) -> None:
    raw = book({"s": [HEADER, HI]})
    with pytest.raises(InputError, match=r"the workbook is damaged|holds no file"):
        found(raw[: int(len(raw) * share)], tmp_path)


@pytest.mark.parametrize("name", ["old.xls", "locked.xlsx"])
def test_old_and_locked_workbooks_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    with pytest.raises(InputError, match="an old Excel or Outlook file, or a workbook with a pass"):
        find([path], tmp_path / "spool")


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(InputError, match="needs python-calamine") as refused:
        found(book({"s": [HEADER, HI]}), tmp_path)
    assert 'pip install "tunegate[excel]"' in str(refused.value.hint)
