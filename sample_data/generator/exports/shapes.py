"""Ways to write that several systems share."""

import csv
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from io import BytesIO, StringIO
from typing import Any, Literal


def iso(at: datetime) -> str:
    """Return a moment as 2026-03-02T09:00:00Z."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch(at: datetime) -> int:
    """Return a moment as seconds since 1970."""
    return int(at.timestamp())


def html(text: str) -> str:
    """Return paragraphs as HTML."""
    return "".join(f"<p>{escape(part, quote=False)}</p>" for part in text.split("\n\n"))


def as_json(value: object) -> bytes:
    """Return one document, readable by people."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def as_lines(records: Iterable[object]) -> bytes:
    """Return JSON Lines."""
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records).encode()


def as_csv(rows: Sequence[Mapping[str, Any]], *, quoted: bool = False) -> bytes:
    """Return a table with a header; the first row names the columns. quoted: every field."""
    out = StringIO()
    quoting: Literal[0, 1] = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    writer = csv.DictWriter(out, list(rows[0]), quoting=quoting, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_zip(files: Mapping[str, bytes]) -> bytes:
    """Return an archive with the same bytes each time."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 9, 0, 0, 0)), content)
    return out.getvalue()
