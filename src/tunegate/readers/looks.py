"""Say what an input looks like when no reader knows it, and what to do about it."""

from tunegate.readers.json.glimpse import Glimpse, glimpse

_MAGIC = (
    (b"%PDF", "a PDF file", "export the conversations as JSON Lines or CSV"),
    (b"BZh", "a bzip2 file", "decompress it with `bunzip2`"),
    (b"\xfd7zXZ", "an xz file", "decompress it with `unxz`"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it and pass what is in it"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Outlook file", "save it as CSV in UTF-8"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it and pass what is in it"),
    (b"FEA1", "an old Feather file", "write it as Parquet"),
    (b"SQLite format 3", "a SQLite database", "export the conversations as JSON Lines or CSV"),
    (b"\xff\xfe", "UTF-16 text", "save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text", "save it as UTF-8"),
    (b"\x89PNG", "an image", "pass the export that holds the texts"),
    (b"\xff\xd8\xff", "an image", "pass the export that holds the texts"),
)
_SHEET = (b"xl/", b"[Content_Types].xml")
_TAR = 257  # bytes before its mark
_SHAPES = "`tunegate readers` lists what can be read"


def looks_like(head: bytes, name: str) -> tuple[str, str]:
    """Return what a decoded head looks like, and a hint."""
    if head.startswith(b"PK\x03\x04"):
        if name.lower().endswith((".xlsx", ".xlsm")) or any(mark in head for mark in _SHEET):
            return "an Excel workbook", "save the sheet as CSV in UTF-8"
        return "a zip archive", "unpack it and pass what is in it"
    if head[_TAR : _TAR + 5] == b"ustar":
        return "a tar archive", "unpack it and pass what is in it"
    for magic, what, hint in _MAGIC:
        if head.startswith(magic):
            return what, hint
    if b"\0" in head:
        if _is_utf16(head):
            return "UTF-16 text", "save it as UTF-8"
        return "a binary file", "pass the export that holds the texts"
    opening = head.lstrip()[:64].lower()
    if opening.startswith((b"<!doctype html", b"<html")):
        return "an HTML page", "the download may have been a log-in page; export again"
    if opening.startswith(b"<"):
        return "XML", "export the conversations as JSON Lines or CSV"
    return _text(glimpse(head))


def _is_utf16(head: bytes) -> bool:
    # In text of mostly Latin letters every second byte is zero.
    even, odd = head[0:2000:2].count(0), head[1:2000:2].count(0)
    most = 0.4 * min(len(head), 2000) / 2
    return (even > most) != (odd > most)


def _text(seen: Glimpse) -> tuple[str, str]:
    if seen.is_json and seen.records.objects:
        if seen.any_key("role", "content"):
            return (
                "JSON with a message in each record",
                "add a field that names the conversation, such as `conversation_id`",
            )
        return "JSON of no known system", _SHAPES
    if seen.is_json:
        return "JSON without objects", _SHAPES
    return "text of no known shape", _SHAPES
