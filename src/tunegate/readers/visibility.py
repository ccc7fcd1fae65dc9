"""Understand how a table says whether customers saw a message.

A column is known by the words of its name. All of them must be known, so that `internal note` is
one that hides and `internal_id` is none.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from tunegate.readers.fields import as_text
from tunegate.readers.merge import DELETED, INTERNAL, NOT_SENT, UNKNOWN_VISIBILITY
from tunegate.readers.times import moment

Kind = Literal["shows", "hides", "deleted", "deleted at", "draft", "sent", "words"]

MEANS: dict[Kind, str] = {
    "shows": "yes: customers saw the row",
    "hides": "yes: customers did not see the row",
    "deleted": "yes: the row was deleted",
    "deleted at": "a value: the row was deleted",
    "draft": "yes: the row was not sent",
    "sent": "no: the row was not sent",
    "words": "words such as note, draft or deleted leave a row out",
}

_Words = frozenset[str]


def _set(words: str) -> _Words:
    return frozenset(words.split())


# Without accents: English, German, French, Spanish, Portuguese, Italian, Dutch.
_PRIVATE = _set("private privat private privater privates prive privee privado privada privato")
_HIDING = _PRIVATE | _set("""
privata internal internally intern interne interner internes internen interno interna note notiz
notitie hidden hide versteckt verborgen oculto nascosto confidential vertraulich confidentiel
confidencial riservato vertrouwelijk whisper unpublished nonpublic restricted
""")
_SHOWING = _set("""
public publicly published visible visibility audience offentlich oeffentlich veroffentlicht
sichtbar sichtbarkeit publique publie visibilite publico publica publicado visibilidad visivel
visibilidade pubblico pubblica pubblicato visibile visibilita openbaar gepubliceerd zichtbaar
zichtbaarheid
""")
_DELETED = _set("""
deleted removed trashed trash spam junk geloscht geloescht entfernt supprime supprimee eliminado
borrado excluido eliminato verwijderd papierkorb
""")
_DRAFT = _set("draft drafts unsent entwurf brouillon borrador rascunho bozza")
_SENT = _set("sent delivered gesendet envoye enviado inviato verzonden")
_STAFF = _set("""
agent agents staff team employee employees operator operators support admin admins mitarbeiter
agente agentes medewerker medewerkers
""")
_CUSTOMERS = _set("""
customer customers client clients user users enduser endusers requester requesters everyone external
kunde kunden extern externe cliente clientes clienti klant klanten
""")
_ONLY = _set("only nur uniquement solo somente alleen")
_NOT = _set("not non no nicht pas nao niet")
_WHEN = _set("at on by date time am um le von")
_TOWARDS = _set("to for from by in the fur voor pour para per a")
_LOOSE = _set("type kind status state typ art tipo etat estado stato statut")
_MESSAGE = _set("""
message messages comment comments reply replies entry record event activity row post article
interaction nachricht kommentar antwort eintrag commentaire mensaje comentario mensagem messaggio
commento bericht reactie nota notes
""")
_FILLER = _set("is was has are flag ist est es e all end") | _MESSAGE | _TOWARDS
_KNOWN = frozenset[str]().union(
    *(_HIDING, _SHOWING, _DELETED, _DRAFT, _SENT, _STAFF, _CUSTOMERS),
    *(_ONLY, _NOT, _WHEN, _LOOSE, _FILLER),
)
_SHORTEST_GLUED = 2

_YES = "true t 1 1.0 yes y ja wahr oui vrai sí si verdadero sim verdadeiro sì vero waar"
_NO = "false f 0 0.0 no n nein falsch non faux falso não nao nee onwaar"
_ANSWERS = dict.fromkeys(_YES.split(), True) | dict.fromkeys(_NO.split(), False)
_NOTHING = frozenset(("", "null", "none", "nan", "nat", "\\n"))

_EDGE = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\W_]+")


def fold(word: str) -> str:
    """Return a word as it is compared: without case, outer space, and ways to write an accent."""
    return unicodedata.normalize("NFC", word).strip().casefold()


@lru_cache(maxsize=4096)
def kind_of(column: str) -> Kind | None:
    """Return what a column of that name says of a row, None where that is not whether it counts."""
    words = _known_words(column)
    if words is None:
        return None
    if words & _DELETED:
        return "deleted at" if words & _WHEN else "deleted"
    if words & _WHEN - _TOWARDS:
        return None
    if words & _DRAFT:
        return "draft"
    if words & _SENT:
        return "sent" if words & {"is", "was"} else None  # else it is often a time
    if words & _LOOSE and words <= _LOOSE | _MESSAGE:
        return "words"
    hiding = words & _HIDING
    if hiding or (words & _ONLY and words & _STAFF):
        if hiding and hiding <= _PRIVATE and words & _CUSTOMERS and not words & _TOWARDS:
            return None  # private customers are people
        return "shows" if words & _NOT else "hides"
    if words & _SHOWING and not words & _STAFF:
        return "hides" if words & _NOT else "shows"
    return None


def declared_kind(column: str) -> Kind:
    """Return what a column says that was declared to tell the visibility."""
    kind = kind_of(column)
    if kind and kind != "words":
        return kind
    return "hides" if _words(column) & _HIDING else "shows"


def left_out(word: str, kind: Kind) -> str | None:
    """Return why a row is left out that has this word in a column, None where it counts."""
    if kind == "words":
        return _by_word(word)
    if kind in ("shows", "hides"):
        visible = _is_visible(word, kind)
        if visible is None:
            return UNKNOWN_VISIBILITY
        return None if visible else INTERNAL
    folded = fold(word)
    answer = _ANSWERS.get(folded)
    words = _words(word)
    if kind == "sent":
        if answer is None:
            return UNKNOWN_VISIBILITY
        return None if answer else NOT_SENT
    # Such columns are often filled only where the answer is yes; a date of zeros is none.
    if answer is False or folded in _NOTHING or not folded.strip("0-: t./z"):
        return None
    if kind == "draft":
        if words and words <= _SENT | _SHOWING and not words & _NOT:
            return None
        return NOT_SENT if answer or words & _DRAFT else UNKNOWN_VISIBILITY
    told = kind == "deleted at" or answer or words & _DELETED or moment(word) is not None
    return DELETED if told else UNKNOWN_VISIBILITY


def hidden_by(
    record: Mapping[str, Any], raw: bytes, kinds: Mapping[str, Kind | None]
) -> str | None:
    """Return the first reason for which a record is left out, None if it counts.

    kinds: what fields say of the record; None: nothing.

    Raises:
        Unreadable: such a field is a list or an object.
    """
    for name, kind in kinds.items():
        if kind is None or (kind == "words" and isinstance(record.get(name), list | dict)):
            continue  # a type that is no word is no type of messages
        if reason := left_out(as_text(record, name, raw), kind):
            return reason
    return None


def _is_visible(word: str, kind: Kind) -> bool | None:
    answer = _ANSWERS.get(fold(word))
    if answer is not None:
        return answer is (kind == "shows")
    words = _words(word)
    shown = words & (_SHOWING | _CUSTOMERS if kind == "shows" else _SHOWING)
    hidden = words & (_HIDING | _STAFF)
    if words & _NOT:
        shown, hidden = hidden, shown
    if bool(shown) == bool(hidden):
        return None
    if shown and not words <= _KNOWN:
        return None
    return bool(shown)


def _by_word(word: str) -> str | None:
    """Return why a row is left out whose type or status is `word`; most of them say nothing."""
    words = _words(word)
    denied = bool(words & _NOT)
    if words & _DRAFT or (denied and words & _SENT):
        return NOT_SENT
    if words & _DELETED and not denied:
        return DELETED
    staff_only = words & _ONLY and words & _STAFF
    hidden = words & _SHOWING if denied else (words & _HIDING or staff_only)
    return INTERNAL if hidden and (denied or not words & _SHOWING) else None


def _words(text: str) -> _Words:
    """Return the words of a text without case and accents; `isInternal` has two."""
    bare = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return frozenset(word.casefold() for word in _EDGE.split("".join(bare)) if word)


def _known_words(column: str) -> _Words | None:
    found: set[str] = set()
    for word in _words(column):
        parts = _parts(word)
        if parts is None:
            return None
        found.update(parts)
    return frozenset(found)


def _parts(word: str) -> list[str] | None:
    """Return the known words that one is made of, such as of `isinternal`, None if it is not."""
    if word in _KNOWN:
        return [word]
    for cut in range(len(word) - _SHORTEST_GLUED, _SHORTEST_GLUED - 1, -1):
        if word[:cut] in _KNOWN and (rest := _parts(word[cut:])):
            return [word[:cut], *rest]
    return None
