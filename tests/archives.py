"""Make zip archives for tests, also such as no honest program makes."""

import zipfile
from io import BytesIO
from pathlib import Path

from tunegate.model import Source
from tunegate.readers import find
from tunegate.readers.inputs.decoding import Damaged
from tunegate.readers.inputs.sources import blocks


def packed(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of these entries."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return held.getvalue()


class _Pipe(BytesIO):
    """Cannot go back, so that sizes are written behind the entries."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError

    def tell(self) -> int:
        raise OSError


def piped(entries: dict[str, bytes]) -> bytes:
    """Return an archive as a program writes it into a pipe."""
    held = _Pipe()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return held.getvalue()


def sources_of(content: bytes, folder: Path, name: str = "a.zip") -> tuple[list[Source], list[str]]:
    """Write an archive and find what is in it."""
    path = folder / name
    path.write_bytes(content)
    return find([path], folder / "spool")


def ending(source: Source) -> tuple[bytes, str | None]:
    """Return what can be read, and why it ends; None: as it should."""
    parts: list[bytes] = []
    try:
        for block in blocks(source):
            parts.append(block)
    except Damaged as damaged:
        return b"".join(parts), str(damaged)
    return b"".join(parts), None
