"""The same few talks as each system exports them; a module a form of export.

A module has `NAME` (the reader that knows it), `OPTIONS` (what a user would have to declare, as
fields of `ReadOptions`), and `files()`, which returns the files of one export by name.
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from types import ModuleType


def forms() -> Iterator[tuple[str, ModuleType]]:
    """Yield every form of export, by name."""
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        module = import_module(f"{__name__}.{found.name}")
        if hasattr(module, "NAME"):  # the others are shared
            yield found.name, module


def write_exports(folder: Path) -> str:
    """Write all of them below `exports/` of a folder; return a line about them."""
    size = count = 0
    rmtree(folder / "exports", ignore_errors=True)
    for name, module in forms():
        for file, content in module.files().items():
            path = folder / "exports" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            size += len(content)
            count += 1
    return f"exports/: {count} files, {size:,} bytes"
