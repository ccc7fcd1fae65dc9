"""Which files of a folder or an archive are inputs; what is named one by one always is."""

import re
from collections.abc import Container, Iterator, Sequence
from pathlib import PurePosixPath

TEXTS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt", ".mbox", ".eml")
TABLES = (".parquet", ".arrow", ".feather", ".xlsx", ".xlsm")
ARCHIVES = (".zip",)
_PACKED = (".gz", ".zst")
_WRITTEN_BESIDE = ("dataset_info.json", "dataset_infos.json", "dataset_dict.json")

DELIVERED, _ARRIVING = ("cur", "new"), "tmp"  # the folders of a Maildir
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")
_FROM = re.compile(rb"\s{0,9}From [^\r\n]{0,500}\r?\n")
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_OF_MAIL = frozenset((b"date", b"message-id", b"mime-version", b"received", b"subject", b"to"))

SAID = (
    f"{', '.join(TEXTS + TABLES + ARCHIVES)}, or a text with {' or '.join(_PACKED)} behind; "
    "and files of mail without an ending"
)


def is_taken(name: str) -> bool:
    """Whether the name is that of an input: by its suffix, and not what a library leaves beside."""
    path = PurePosixPath(name.lower())
    if path.name in _WRITTEN_BESIDE:
        return False
    if path.suffix not in _PACKED:
        return path.suffix in TEXTS + TABLES + ARCHIVES
    inner = PurePosixPath(path.stem).suffix
    return inner in TEXTS or (path.suffix == ".zst" and not inner)


def may_be_mail(path: str) -> bool:
    """Whether a path is like those that mail programs keep mail in, without a known suffix."""
    file = PurePosixPath(path)
    folder = file.parent.name
    if folder == _ARRIVING:
        return False
    return folder in DELIVERED or not _SUFFIX.fullmatch(file.suffix)


def holds_mail(start: bytes) -> bool:
    """Whether a file that begins so is a mailbox or a mail."""
    line_before = _FROM.match(start)
    names: set[bytes] = set()
    for line in start[line_before.end() if line_before else 0 :].splitlines():
        if not line.strip():
            break
        field = _FIELD.match(line)
        if field:
            names.add(field[1].lower())
        elif not line.startswith((b" ", b"\t", b">From ")):
            return False
    usual = len(names & _OF_MAIL)
    return usual > 0 if line_before else b"from" in names and usual > 1


def is_maildir(folder: str, below: Container[str]) -> bool:
    """Whether a folder is one of a Maildir, which begins with a dot and is not hidden."""
    return folder.startswith(".") and any(name in below for name in DELIVERED)


def is_hidden(part: str) -> bool:
    """Whether a file or folder is passed over: by a dot, or since macOS adds it to archives."""
    return part.startswith(".") or part == "__MACOSX"


def hidden_in(parts: Sequence[str]) -> str | None:
    """Return the path up to the first hidden part, a folder with a slash behind; None: no such."""
    for n, part in enumerate(parts):
        if is_hidden(part) and not is_maildir(part, parts[n + 1 : n + 2]):
            return "/".join(parts[: n + 1]) + ("/" if n + 1 < len(parts) else "")
    return None


def numbered(names: Sequence[str]) -> Iterator[str]:
    """Yield the names; the second of its kind with (2) behind."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"
