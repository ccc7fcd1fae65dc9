"""Look up ids and other short fields of a record, exactly as they are written."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tunegate.readers.json.record import Unreadable, as_written, dump

_TRUTHS = dict.fromkeys(("1", "t", "true", "y", "yes"), True) | dict.fromkeys(
    ("0", "f", "false", "n", "no"), False
)
_DIGITS = re.compile(r"\d{1,18}", re.ASCII)  # more are no number that anyone counted
_WHOLE = 1 << 53  # floats from here on skip numbers


def word(value: object) -> str | None:
    """Return a string or an integer as text; None for anything else, and for the empty string."""
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def first_word(record: Mapping[str, Any], names: Sequence[str], raw: bytes) -> str | None:
    """Return the first of the fields `names` that holds a string or a number, as written."""
    for name in names:
        if (found := word_at(record, name, raw)) is not None:
            return found
    return None


def word_at(record: Mapping[str, Any], path: str, raw: bytes) -> str | None:
    """Return the field at a key or a dotted path as text, None where there is no such word.

    raw: the record as it stands in the source; `1e3` stays `1e3`.
    """
    value = _at(record, path)
    return word(_at(as_written(raw), path) if isinstance(value, float) else value)


def _at(record: Mapping[str, Any], path: str) -> object:
    if path in record:
        return record[path]  # a key may itself hold a dot
    value: object = record
    for step in path.split("."):
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
    return value


def identity(value: object) -> str | None:
    """Return an id as text, also one that a data frame wrote as a float; None where it is none."""
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _WHOLE
        return str(int(value)) if whole else repr(value)
    return word(value)


def whole(value: object) -> int | None:
    """Return a whole number, also one that stands in a text or has a point; None: it is none."""
    if isinstance(value, str):
        text = value.strip().removesuffix(".0")
        return int(text) if _DIGITS.fullmatch(text) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if value // 1 == value else None


def at(record: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - any JSON
    """Return what stands at a dotted path, None where there is nothing."""
    value: Any = record
    for step in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def words(value: object, path: str = "") -> list[str]:
    """Return the strings of a list, or those at a path in each of its objects."""
    items = value if isinstance(value, list) else []
    found = [at(item, path) if path and isinstance(item, dict) else item for item in items]
    return [item for item in found if isinstance(item, str) and item]


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list, none where it is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_of(value: object) -> str:
    """Return a string, the empty one for anything else."""
    return value if isinstance(value, str) else ""


def as_text(record: Mapping[str, Any], name: str, raw: bytes) -> str:
    """Return a field as the text of a table's cell: numbers as written, nothing for null.

    Raises:
        Unreadable: it is a list or an object, which no cell is; a list of messages becomes JSON.
    """
    value = record.get(name)
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and name == "messages":
        return dump(value)
    if isinstance(value, list | dict):
        raise Unreadable(f"`{name}` is not a text")
    return word_at(record, name, raw) or ""


def truth(value: object) -> bool | None:
    """Return a boolean, also one that a table writes as a word or a number; None: it is none."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return bool(value) if value in (0, 1) else None
    return _TRUTHS.get(value.strip().casefold()) if isinstance(value, str) else None
