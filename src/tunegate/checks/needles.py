"""Say what every match of a trigger must hold, so that most texts need not be searched for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from tunegate.checks.triggers import HIGH

_FEW = 8  # members of a class that stands for as many literals
_MOST = 256  # literals of one trigger; more are no better than looking for the trigger itself
_QUANTIFIER = re.compile(r"[*+?]|\{([0-9]+),?\}")
_DIGITS = re.compile(r"\[[0-9-]+\]")


@dataclass(frozen=True)
class Held:
    """What stands in every match: one of some literals, in lower case, and so many digits.

    literals: None where there are none. digits: of ASCII, at least.
    """

    literals: frozenset[str] | None = None
    digits: int = 0

    @property
    def shortest(self) -> int:
        """The length of the shortest literal; 0: there are none."""
        return min(map(len, self.literals)) if self.literals else 0


def held(trigger: str) -> Held:
    """Return what every match of a trigger holds; see `loosened` for what one is made of."""
    return _alternatives(iter(pieces(trigger))).held


def pieces(trigger: str) -> Iterator[str]:
    """Yield the characters, classes, quantifiers and brackets of a trigger."""
    at = 0
    while at < len(trigger):
        if trigger[at] == "[":
            end = at + 1
            while trigger[end] != "]":
                end += 2 if trigger[end] == "\\" else 1
            end += 1
        elif trigger.startswith("(?", at):
            end = trigger.index(":", at) + 1
        elif trigger.startswith(r"\x", at):
            end = at + 4
        elif trigger[at] == "\\":
            end = at + 2
        elif trigger[at] == "{":
            end = trigger.index("}", at) + 1
        else:
            end = at + 1
        yield trigger[at:end]
        at = end


class _Atom(NamedTuple):
    """What one atom holds; `exact`: all that it can be, None where that is too much."""

    held: Held
    exact: frozenset[str] | None


_NOTHING = frozenset(("",))


@dataclass
class _Sequence:
    """What a row of atoms holds; `run` is all that its last atoms can be."""

    best: Held = field(default_factory=Held)
    digits: int = 0
    run: frozenset[str] = _NOTHING
    whole: bool = True  # the run is all there is so far

    def add(self, atom: _Atom, least: int, *, once: bool) -> None:
        """Add an atom that stands at least so many times, or exactly once."""
        self.digits += atom.held.digits * least
        exact = atom.exact if once else None
        if exact is not None and len(exact) * len(self.run) <= _MOST:
            self.run = frozenset(head + tail for head in self.run for tail in exact)
            return
        self.close()
        if exact is not None:
            self.run = exact
        elif least and atom.exact is not None:
            self.offer(Held(_repeated(atom.exact, least)))
        elif least:
            self.offer(atom.held)

    def close(self) -> None:
        """End the literals that are being read."""
        self.offer(Held(self.run))
        self.run, self.whole = _NOTHING, False

    def offer(self, other: Held) -> None:
        """Take the longer literals."""
        if other.shortest > self.best.shortest:
            self.best = replace(other, digits=0)

    def done(self) -> _Atom:
        """Return what the row holds."""
        exact = self.run if self.whole else None
        self.offer(Held(self.run))
        return _Atom(replace(self.best, digits=self.digits), exact)


def _repeated(exact: frozenset[str], times: int) -> frozenset[str]:
    """Return what so many of them in a row can be, or fewer where that is much."""
    rows = exact
    for _ in range(times - 1):
        if len(rows) * len(exact) > _MOST:
            break
        rows = frozenset(head + tail for head in rows for tail in exact)
    return rows


def _alternatives(pieces: Iterator[str]) -> _Atom:
    options: list[_Atom] = []
    pending: list[str] = []  # a piece that was read one too early
    sequence = _Sequence()
    while (piece := pending.pop() if pending else next(pieces, ")")) != ")":
        if piece == "|":
            options.append(sequence.done())
            sequence = _Sequence()
            continue
        atom = _alternatives(pieces) if piece.startswith("(?") else _simple(piece)
        follows = next(pieces, ")")
        quantifier = _QUANTIFIER.fullmatch(follows)
        if quantifier is None:
            pending.append(follows)
            sequence.add(atom, 1, once=True)
        else:
            least = int(quantifier[1]) if quantifier[1] else int(follows == "+")
            sequence.add(atom, least, once=False)
    return _either([*options, sequence.done()])


def _simple(piece: str) -> _Atom:
    """Return what a character or a class holds."""
    if not piece.startswith("["):
        sign = chr(int(piece[2:], 16)) if piece.startswith(r"\x") else piece[-1].lower()
        digits = int(sign.isdigit())
        return _Atom(Held(frozenset((sign,)), digits), frozenset((sign,)))
    members = _members(piece)
    digits = int(_DIGITS.fullmatch(piece) is not None)
    return _Atom(Held(None, digits), members if members and len(members) <= _FEW else None)


def _members(piece: str) -> frozenset[str]:
    """Return what a class can be, in lower case; nothing where that is much."""
    if piece.startswith("[^") or HIGH in piece:
        return frozenset()
    known = re.compile(piece)
    return frozenset(sign.lower() for sign in map(chr, range(128)) if known.match(sign))


def _either(options: list[_Atom]) -> _Atom:
    digits = min(option.held.digits for option in options)
    exact: frozenset[str] | None = frozenset()
    for option in options:
        exact = None if exact is None or option.exact is None else exact | option.exact
    if any(option.held.literals is None for option in options):
        return _Atom(Held(None, digits), exact)
    literals = frozenset[str]().union(*(option.held.literals or () for option in options))
    return _Atom(Held(literals if len(literals) <= _MOST else None, digits), exact)
