"""Which files of a folder or an archive are inputs; what is named one by one always is."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

TEXTS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt", ".mbox", ".eml")
TABLES = (".parquet", ".arrow", ".feather", ".xlsx", ".xlsm")
ARCHIVES = (".zip",)
_PACKED = (".gz", ".zst")
_WRITTEN_BESIDE = ("dataset_info.json", "dataset_infos.json", "dataset_dict.json")

SAID = f"{', '.join(TEXTS + TABLES + ARCHIVES)}, or a text with {' or '.join(_PACKED)} behind"


def is_taken(name: str) -> bool:
    """Whether the name is that of an input: by its suffix, and not what a library leaves beside."""
    path = PurePosixPath(name.lower())
    if path.name in _WRITTEN_BESIDE:
        return False
    if path.suffix not in _PACKED:
        return path.suffix in TEXTS + TABLES + ARCHIVES
    inner = PurePosixPath(path.stem).suffix
    return inner in TEXTS or (path.suffix == ".zst" and not inner)


def is_hidden(part: str) -> bool:
    """Whether a file or folder is passed over: by a dot, or since macOS adds it to archives."""
    return part.startswith(".") or part == "__MACOSX"


def hidden_in(parts: Sequence[str]) -> str | None:
    """Return the path up to the first hidden part, a folder with a slash behind; None: no such."""
    for n, part in enumerate(parts):
        if is_hidden(part):
            return "/".join(parts[: n + 1]) + ("/" if n + 1 < len(parts) else "")
    return None


def numbered(names: Sequence[str]) -> Iterator[str]:
    """Yield the names; the second of its kind with (2) behind."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"
