"""Find out which column of a table is what, and which word of its role column is which role.

A row is a message, a pair of prompt and completion, or a whole conversation.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tunegate.errors import InputError
from tunegate.model import ReadOptions
from tunegate.readers.leaves import ROLES
from tunegate.readers.merge import AUTOMATION, INTERNAL
from tunegate.readers.visibility import Kind as Visibility
from tunegate.readers.visibility import declared_kind, fold, kind_of
from tunegate.rules import nearest

Kind = Literal["message", "pair", "conversation"]

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
    "prompt": ("prompt", "question"),
    "completion": ("completion", "answer", "response"),
    "system": ("system_prompt",),
    "messages": ("messages",),
}
_OURS = (*_WELL_KNOWN, "visibility")
_REQUIRED: dict[Kind, tuple[str, ...]] = {
    "message": ("conversation", "role", "body"),
    "pair": ("prompt", "completion"),
    "conversation": ("messages",),
}
_NAME = re.compile(r"(?=.*[^\W\d_])(?:[^\W\d]|[ ./()-]){1,40}")
_MAX_WORDS = 4

# English, German, French, Spanish, Portuguese, Italian, Dutch.
_CUSTOMERS = """
user customer requester end-user enduser client visitor contact guest consumer buyer shopper
kunde kundin endkunde interessent besucher benutzer nutzer gast cliente usuario usuaria usuário
usuária visitante utente klant bezoeker gebruiker utilisateur utilisatrice visiteur demandeur
"""
_STAFF = """
assistant agent admin support staff operator teammate employee advisor representative rep csr
mitarbeiter mitarbeiterin sachbearbeiter sachbearbeiterin berater beraterin kundenberater
kundenbetreuer bearbeiter agente operador operadora asesor asesora soporte atendente suporte
operatore operatrice assistenza conseiller conseillère conseillere medewerker
"""

_WORDS = {
    **dict.fromkeys(_CUSTOMERS.split(), "user"),
    **dict.fromkeys(_STAFF.split(), "assistant"),
    **dict.fromkeys(("end user", "end_user"), "user"),
    "system": "system",
    "bot": AUTOMATION,
    **dict.fromkeys(("chatbot", "automation"), AUTOMATION),
    **dict.fromkeys(("note", "internal", "private", "internal note", "private note"), INTERNAL),
    **dict.fromkeys(("internal_note", "private_note"), INTERNAL),
}
_LEFT_OUT = {"bot": AUTOMATION, "note": INTERNAL}  # what a policy may call these


@dataclass(frozen=True)
class Layout:
    """How one table is written.

    kind: what a row is. columns: our name → theirs. visibility: columns that say whether customers
    saw a row, and what each of them says.
    """

    kind: Kind
    columns: Mapping[str, str]
    visibility: tuple[tuple[str, Visibility], ...] = ()

    def unused(self, names: Sequence[str]) -> list[str]:
        """Return the names of columns that are read for nothing, as far as they look like names."""
        used = {*self.columns.values(), *(name for name, _ in self.visibility)}
        return [name for name in _names(names) if name not in used]


def header_of(text: str, delimiters: str = DELIMITERS) -> tuple[str, list[str]]:
    """Return the delimiter and the names of a header line: the split that names most columns."""
    known = {name for names in _WELL_KNOWN.values() for name in names}
    best: tuple[tuple[int, int], str, list[str]] | None = None
    for delimiter in delimiters:
        try:
            names = next(csv.reader([text], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        names = [name.strip() for name in names]
        rank = (len(known.intersection(map(fold, names))), len(names))
        if best is None or rank > best[0]:
            best = rank, delimiter, names
    return (best[1], best[2]) if best else (",", [])


def layout_of(names: Sequence[str], options: ReadOptions, where: str) -> Layout:
    """Return the layout that the names of the columns and the declared ones give.

    Raises:
        InputError: a column is needed and there is none, or one is declared that is not there.
    """
    columns: dict[str, str] = {}
    grouped = {"group": options.group} if options.group else {}
    for ours, theirs in (grouped | dict(options.columns)).items():
        if ours not in _OURS:
            raise InputError(
                f"`columns.{ours}` is no column that is read", hint=nearest(ours, _OURS)
            )
        if theirs not in names:
            raise InputError(
                f"the header has no column `{theirs}`", where=where, hint=_nearest(theirs, names)
            )
        columns[ours] = _only(names, theirs, where)
    for ours, candidates in _WELL_KNOWN.items():
        if ours not in columns and (found := _well_known(candidates, names)):
            # In another case than ours, two that differ in case are two of one name.
            same = names if found in candidates else [fold(name) for name in names]
            _only(same, found if same is names else fold(found), where)
            columns[ours] = found
    declared = columns.pop("visibility", None)
    seen = {declared: declared_kind(declared)} if declared else {}
    for name in names:
        if name not in columns.values() and name != declared and (told := kind_of(name)):
            seen[_only(names, name, where)] = told
    return Layout(_kind(columns, names, where), columns, tuple(seen.items()))


def marks_of(names: Sequence[str]) -> int:
    """Count the columns that tell a table of conversations; 1: it may be any table."""
    folded = {fold(name) for name in names}
    told = all(not folded.isdisjoint(_WELL_KNOWN[ours]) for ours in _REQUIRED["message"])
    return len(_REQUIRED["message"]) + 1 if told else 1


def _kind(columns: Mapping[str, str], names: Sequence[str], where: str) -> Kind:
    for kind, needed in _REQUIRED.items():
        if all(ours in columns for ours in needed):
            return kind
    ours = next(ours for ours in _REQUIRED["message"] if ours not in columns)
    raise InputError(
        f"no column is known to hold the {ours}",
        where=where,
        hint=f"name it with `--column {ours}=NAME`, or in the policy as "
        f"`source.columns.{ours}`; {_shown(names)}; for a pair a row name prompt and completion",
    )


def _well_known(candidates: Sequence[str], names: Sequence[str]) -> str | None:
    """Return the name that is the first candidate to be one: as written, or else folded."""
    for candidate in candidates:
        found = [name for name in names if name == candidate or fold(name) == candidate]
        if found:
            return candidate if candidate in found else found[0]
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


def _only(names: Sequence[str], name: str, where: str) -> str:
    if names.count(name) > 1:
        raise InputError(
            f"the header has the column `{name}` twice", where=where, hint="rename one of them"
        )
    return name


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


def words_of_roles() -> frozenset[str]:
    """Return the words that are known as roles, or as what is left out."""
    return frozenset(_WORDS)
