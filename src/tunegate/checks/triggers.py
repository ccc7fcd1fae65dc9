r"""Loosen a regular expression until every engine can run it.

A trigger tells where to look, not what is found: it must match in every text in which the pattern
does, and may match in others. So what fast engines lack is left out (look-around, `\b`, anchors),
or said in another way (back-references, atomic groups, possessive quantifiers); and what makes
their automata large is widened: no repetition has an upper bound or a high lower one, and a
class with characters beyond ASCII stands for one or more of any such characters, so that bytes and
characters need not be told apart.
"""

import re
import sys
from dataclasses import dataclass, field
from functools import cache

_LOOK = ("?=", "?!", "?<=", "?<!")
_ANCHORS = frozenset("bBAZ")
HIGH = r"\x80-\U0010ffff"  # every character beyond ASCII, in a class
_CLASSES = {  # what these stand for, and the same without them, both within ASCII
    "d": ("0-9", r"\x00-/:-\x7f"),
    "w": ("0-9A-Za-z_", r"\x00-/:-@\[-\^`{-\x7f"),
    "s": (r"\t-\r\x1c-\x20", r"\x00-\x08\x0e-\x1b!-\x7f"),
}
_LONGEST = 12  # repetitions: a run of so many tells enough, and longer ones cost states
_WIDENED = {"": "+", "+": "+", "*": "*", "?": "*"}
_WRITTEN = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "0": "\0"}
_QUANTIFIER = re.compile(r"(?:[*+?]|\{[0-9]*,?[0-9]*\})[+?]?")
_FLAGS = re.compile(r"\(\?([aimsxLu]+)\)")
_SCOPED = re.compile(r"\?([aimsxu]*)(?:-([imsx]+))?:")
_NAMED = re.compile(r"\?P<(\w+)>")
_HEX = {"x": 2, "u": 4, "U": 8}
# What the fast engines give a meaning of its own in a class or outside of one.
_ESCAPED_OUTSIDE = frozenset(r"\.^$*+?{}[]|()#&-~")
_ESCAPED_INSIDE = frozenset(r"\]^-[&~")


def loosened(pattern: str, *, ignore_case: bool = False) -> str:
    r"""Return a regular expression without look-around that matches wherever `pattern` does.

    pattern: of Python's `re`, one that compiles. Everything but groups, classes, alternatives,
    repetitions and `(?i:` is gone, and so are letters beyond ASCII.

    Raises:
        ValueError: nothing is left of it.
    """
    reader = _Reader(pattern)
    body = reader.alternatives()
    if reader.ignores_case or ignore_case:
        body = f"(?i:{body})"
    # The range of all other characters takes Python long to compile, and one does as well.
    if re.compile(body.replace(HIGH, r"\x80")).fullmatch(""):
        raise ValueError("nothing is left of `pattern` without look-around: give a `trigger`")
    return body


@dataclass
class _Reader:
    """Reads a pattern from left to right and says it again, loosened."""

    pattern: str
    at: int = 0
    verbose: bool = False
    ignores_case: bool = False
    any_is_all: bool = False
    groups: list[str | None] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        while flags := _FLAGS.match(self.pattern, self.at):
            self.verbose |= "x" in flags[1]
            self.ignores_case |= "i" in flags[1]
            self.any_is_all |= "s" in flags[1]
            self.at = flags.end()

    def alternatives(self) -> str:
        """Read up to the end of the group, or of the pattern."""
        parts = [""]
        while self.at < len(self.pattern) and self.pattern[self.at] != ")":
            sign = self.pattern[self.at]
            if sign == "|":
                self.at += 1
                parts.append("")
            elif self.verbose and (sign.isspace() or sign == "#"):
                self._skip_comment()
            else:
                parts[-1] += self._piece()
        return "|".join(parts)

    def _skip_comment(self) -> None:
        if self.pattern[self.at] == "#":
            end = self.pattern.find("\n", self.at)
            self.at = len(self.pattern) if end < 0 else end
        self.at += 1

    def _piece(self) -> str:
        """Read one atom with its quantifier."""
        atom = self._atom()
        while self.verbose and self.pattern[self.at : self.at + 1].isspace():
            self.at += 1
        quantifier = _QUANTIFIER.match(self.pattern, self.at)
        said = "" if not quantifier or quantifier[0] == "{}" else quantifier[0]
        self.at += len(said)
        high = atom.endswith(HIGH + "]")
        # Lazy, greedy and possessive ones match in the same texts, or the first two in more.
        if said.startswith("{"):
            least, comma, _ = said.rstrip("+?")[1:-1].partition(",")
            open_ended = "," if comma or high or int(least) > _LONGEST else ""
            said = f"{{{min(int(least or 0), _LONGEST)}{open_ended}}}"
        elif high:
            said = _WIDENED[said[:1]]
        return atom + said[: None if said.startswith("{") else 1] if atom else ""

    def _atom(self) -> str:
        sign = self.pattern[self.at]
        self.at += 1
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._class()
        if sign == "\\":
            return self._escape()
        if sign in "^$":
            return ""
        if sign == ".":
            return (r"[\x00-\x7f" if self.any_is_all else r"[\x00-\x09\x0b-\x7f") + HIGH + "]"
        return _literal(sign)

    def _group(self) -> str:
        rest = self.pattern[self.at :]
        if rest.startswith("?#"):
            self.at = self.pattern.index(")", self.at) + 1
            return ""
        if rest.startswith("?P="):
            end = self.pattern.index(")", self.at)
            name = self.pattern[self.at + 3 : end]
            self.at = end + 1
            return self._again(self.names[name])
        number, prefix, or_nothing = None, "(?:", ""
        look = next((mark for mark in _LOOK if rest.startswith(mark)), None)
        scoped, named = _SCOPED.match(rest), _NAMED.match(rest)
        if look:
            self.at += len(look)
        elif scoped:
            self.at += scoped.end()
            prefix = "(?i:" if "i" in scoped[1] else "(?-i:" if "i" in (scoped[2] or "") else "(?:"
        elif rest.startswith("?>"):
            self.at += 2
        elif rest.startswith("?("):  # one of two alternatives, the second may be missing
            self.at = self.pattern.index(")", self.at) + 1
            or_nothing = "|"
        else:
            number = len(self.groups)
            self.groups.append(None)
            if named:
                self.at += named.end()
                self.names[named[1]] = number + 1
        around = self.verbose, self.any_is_all
        if scoped:
            on, off = scoped[1], scoped[2] or ""
            self.verbose = (self.verbose or "x" in on) and "x" not in off
            self.any_is_all = (self.any_is_all or "s" in on) and "s" not in off
        body = self.alternatives()
        self.verbose, self.any_is_all = around
        self.at += 1
        said = f"{prefix}{body}{or_nothing})" if body.strip("|") else ""
        if number is not None:
            self.groups[number] = said
        return "" if look else said

    def _again(self, number: int) -> str:
        """Say a group again in place of a reference to it; one that is still open says anything."""
        said = self.groups[number - 1]
        return f"(?:{said}|)" if said else ""

    def _escape(self) -> str:
        sign = self.pattern[self.at]
        self.at += 1
        if sign in _ANCHORS:
            return ""
        if sign.lower() in _CLASSES:
            return f"[{_CLASSES[sign.lower()][sign.isupper()]}{HIGH}]"
        if sign.isdigit() and sign != "0":
            number = sign
            while self.pattern[self.at : self.at + 1].isdigit():
                number += self.pattern[self.at]
                self.at += 1
            return self._again(int(number))
        return _literal(self._character(sign))

    def _character(self, sign: str) -> str:
        """Return the character that an escape stands for; the backslash and `sign` are read."""
        if sign in _HEX:
            code = self.pattern[self.at : self.at + _HEX[sign]]
            self.at += _HEX[sign]
            return chr(int(code, 16))
        return _WRITTEN.get(sign, sign)

    def _class(self) -> str:
        negated = self.pattern[self.at] == "^"
        self.at += negated
        said, first, high = "", True, negated
        while first or self.pattern[self.at] != "]":
            sign = self.pattern[self.at]
            self.at += 1
            if sign == "\\":
                sign = self.pattern[self.at]
                self.at += 1
                if sign.lower() in _CLASSES:
                    said += _CLASSES[sign.lower()][sign.isupper()]
                    high, first = True, False
                    continue
                sign = "\b" if sign == "b" else self._character(sign)
            elif sign == "-" and not first and self.pattern[self.at] != "]":
                said += "-"  # a range
                first = False
                continue
            if sign > "\x7f":
                # A range that begins within ASCII goes on to its end.
                high = True
                said += r"\x7f" if said.endswith("-") and not said.endswith(r"\-") else ""
                self._skip_high_end()
            else:
                said += _inside(sign)
            first = False
        self.at += 1
        return self._said(said, negated=negated, high=high)

    def _skip_high_end(self) -> None:
        """Skip the end of a range that begins beyond ASCII, and so ends there."""
        if self.pattern[self.at] == "-" and self.pattern[self.at + 1] != "]":
            self.at += 2
            if self.pattern[self.at - 1] == "\\":
                self.at += 1
                self._character(self.pattern[self.at - 1])

    @staticmethod
    def _said(said: str, *, negated: bool, high: bool) -> str:
        if not negated:
            return f"[{said}{HIGH if high else ''}]"
        rest = "".join(sign for sign in map(chr, range(128)) if not re.match(f"[{said}]", sign))
        return f"[{''.join(map(_inside, rest))}{HIGH}]"


@cache
def _with_cases() -> str:
    """Return every character that another one differs from by its case alone."""
    return "".join(sign for sign in map(chr, range(sys.maxunicode)) if sign.lower() != sign.upper())


@cache
def _cases(sign: str) -> tuple[str, ...]:
    """Return what `sign` matches where case does not matter, itself included."""
    if sign.lower() == sign.upper():
        return (sign,)
    return tuple(dict.fromkeys([sign, *re.findall(sign, _with_cases(), re.IGNORECASE)]))


def _literal(sign: str) -> str:
    if sign > "\x7f":  # in bytes it is several: a group, so that all of them are repeated
        return f"(?:{'|'.join(_cases(sign))})"
    if sign in _ESCAPED_OUTSIDE:
        return "\\" + sign
    return f"\\x{ord(sign):02x}" if sign < " " else sign


def _inside(sign: str) -> str:
    if sign in _ESCAPED_INSIDE:
        return "\\" + sign
    return f"\\x{ord(sign):02x}" if sign < " " else sign
