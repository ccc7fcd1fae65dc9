"""Find out which column of a table is what, and which word of its role column is which role."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tunegate.errors import InputError
from tunegate.model import ReadOptions
from tunegate.readers.leaves import ROLES
from tunegate.readers.merge import AUTOMATION, INTERNAL
from tunegate.readers.visibility import fold, hides
from tunegate.rules import nearest

DELIMITERS = ",;\t|"

_WELL_KNOWN = {
    "id": ("message_id",),
    "conversation": ("conversation_id", "ticket_id", "conversation"),
    "role": ("role",),
    "author": ("author", "author_id"),
    "body": ("content", "body", "message", "text"),
    "created_at": ("created_at", "date", "timestamp"),
    "group": ("group", "customer_id", "customer"),
    "subject": ("subject",),
    "visibility": (
        *("visibility", "public", "is_public"),
        *("private", "is_private", "internal", "is_internal", "internal_note", "is_note"),
    ),
}
_REQUIRED = ("conversation", "role", "body")
_NAME = re.compile(r"(?=.*[^\W\d_])(?:[^\W\d]|[ ./()-]){1,40}")
_MAX_WORDS = 4

_WORDS = {
    **dict.fromkeys(("user", "customer", "requester", "end-user"), "user"),
    **dict.fromkeys(("assistant", "agent", "admin", "support"), "assistant"),
    "system": "system",
    "bot": AUTOMATION,
    **dict.fromkeys(("note", "internal", "private"), INTERNAL),
}
_LEFT_OUT = {"bot": AUTOMATION, "note": INTERNAL}  # what a policy may call these


@dataclass(frozen=True)
class Layout:
    """How one table is written.

    columns: our name → place in a row. width: fields in the header. inverted: the visibility
    column says who may *not* see a message.
    """

    delimiter: str
    width: int
    columns: Mapping[str, int]
    inverted: bool = False


def header_of(text: str) -> tuple[str, list[str]]:
    """Return the delimiter and the names of a header line: the split that names most columns."""
    known = {name for names in _WELL_KNOWN.values() for name in names}
    best: tuple[tuple[int, int], str, list[str]] | None = None
    for delimiter in DELIMITERS:
        try:
            names = next(csv.reader([text], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        names = [name.strip() for name in names]
        rank = (len(known.intersection(map(fold, names))), len(names))
        if best is None or rank > best[0]:
            best = rank, delimiter, names
    return (best[1], best[2]) if best else (",", [])


def layout_of(header: str, options: ReadOptions, where: str) -> Layout:
    """Return the layout that a header and the declared columns give.

    Raises:
        InputError: a column is needed and there is none, or one is declared that is not there.
    """
    delimiter, names = header_of(header)
    columns: dict[str, int] = {}
    grouped = {"group": options.group} if options.group else {}
    for ours, theirs in (grouped | dict(options.columns)).items():
        if ours not in _WELL_KNOWN:
            raise InputError(
                f"`columns.{ours}` is no column that is read", hint=nearest(ours, _WELL_KNOWN)
            )
        if theirs not in names:
            raise InputError(
                f"the header has no column `{theirs}`", where=where, hint=_nearest(theirs, names)
            )
        columns[ours] = _only(names, theirs, where)
    for ours, candidates in _WELL_KNOWN.items():
        if ours not in columns and (found := _well_known(candidates, names)):
            columns[ours] = _only(found[1], found[0], where)
    for ours in _REQUIRED:
        if ours not in columns:
            raise InputError(
                f"no column is known to hold the {ours}",
                where=where,
                hint=f"name it with `--column {ours}=NAME`, or in the policy as "
                f"`source.columns.{ours}`; {_shown(names)}",
            )
    visible = columns.get("visibility")
    inverted = visible is not None and hides(names[visible])
    return Layout(delimiter, len(names), columns, inverted)


def _well_known(
    candidates: Sequence[str], names: Sequence[str]
) -> tuple[str, Sequence[str]] | None:
    """Return the first candidate that is a name, and the names: as written, or else folded."""
    folded = [fold(name) for name in names]
    for candidate in candidates:
        if candidate in folded:
            return candidate, names if candidate in names else folded
    return None


def _names(names: Sequence[str]) -> list[str]:
    """Return those that look like names of columns. A table without a header begins with data."""
    return [name for name in names if _NAME.fullmatch(name) and len(name.split()) <= _MAX_WORDS]


def _nearest(name: str, names: Sequence[str]) -> str:
    likely = _names(names)
    return nearest(name, likely) if likely else _shown(names)


def _shown(names: Sequence[str]) -> str:
    likely = _names(names)
    others = len(names) - len(likely)
    if not likely:
        return "the first line, which must be the header, has nothing that looks like a name"
    more = f" and {others} more that do not look like names" if others else ""
    return f"the header has {', '.join(likely)}{more}"


def _only(names: Sequence[str], name: str, where: str) -> int:
    if names.count(name) > 1:
        raise InputError(
            f"the header has the column `{name}` twice", where=where, hint="rename one of them"
        )
    return names.index(name)


def roles_of(options: ReadOptions) -> dict[str, str]:
    """Return word → role, or why messages with that word are left out; declared words win.

    Raises:
        InputError: a declared role is none.
    """
    declared = {}
    for word, role in options.roles.items():
        if role not in ROLES and role not in _LEFT_OUT:
            raise InputError(
                f"`roles.{word}` is not a role", hint=nearest(role, [*ROLES, *_LEFT_OUT])
            )
        declared[fold(word)] = _LEFT_OUT.get(role, role)
    return _WORDS | declared
