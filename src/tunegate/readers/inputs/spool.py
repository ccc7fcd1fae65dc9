"""Keep copies of what cannot be read where it lies, for their owner only."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkstemp
from typing import NamedTuple


class Copied(NamedTuple):
    """A file of the spool; `size` and `sha256` are of its bytes."""

    path: Path
    size: int
    sha256: str


class Spool:
    """A folder for copies. It may not exist yet, and does not until something is written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def copy(self, pieces: Iterable[bytes]) -> Copied:
        """Write pieces one after the other into a new file, which may be read by its owner only."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, name = mkstemp(prefix="input-", dir=self._folder)
        digest = hashlib.sha256()
        size = 0
        try:
            with os.fdopen(number, "wb") as file:
                for piece in pieces:
                    file.write(piece)
                    digest.update(piece)
                    size += len(piece)
        except BaseException:
            Path(name).unlink()
            raise
        return Copied(Path(name), size, digest.hexdigest())

    def holds(self, path: Path) -> bool:
        """Whether a file is a copy, which may go when it is no longer needed."""
        return path.parent == self._folder
