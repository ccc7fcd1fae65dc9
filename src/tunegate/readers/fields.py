"""Look up ids and other short fields of a record, exactly as they are written."""

from collections.abc import Mapping, Sequence
from typing import Any

from tunegate.readers.record import as_written


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
