"""Make the cases of a pattern from the pattern itself: values that it must find, and near misses.

The regular expression is walked, and each class of characters draws one of its own. What comes out
is never matched against the rule before it is a case, so that a rule which finds too little or too
much fails its cases.
"""

import random
import re
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from re import _constants as op  # type: ignore[attr-defined] # the parsed form has no public name
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from tunegate.checks.pattern import Pattern
from tunegate.checks.validators import MAKERS
from tunegate.errors import RuleError
from tunegate.rules import Rule

_PARSE: Callable[..., Any] = _parser.parse
_SIGNS = [chr(code) for code in range(32, 127)]
_WIDEST = 12  # signs more than the fewest that a repetition draws
_FEWEST_CHOICES = 10  # of a sign that is drawn at random: the digits
_GAP = 16  # signs; a lazy repetition at least that wide is where people write words
_SPOKEN = (
    "_API_KEY=",
    " API key is ",
    '": {"token": "',
    "_secret_key: ",
    ' access token = "',
    "-Schlüssel lautet ",
    " : la clé est ",
    " 的密钥是 ",
    " API ключ: ",
)
_UNNAMED = (" parcel 1 of 2: ", " (see page 7) ")
_CARRIERS = (
    "{}",
    "Here it is: {}.",
    "We use {}, but it is refused.",
    "Mit {} geht es nicht.",
    "avec « {} », rien",
    "しかし {} では動きません。",
    '{{"v":"{}","n":1}}',
    "export V={}\nrun it",
    "curl -H 'V: {}' https://example.com/a",
    "https://example.com/a?v={}&n=1",
    '{{"note":"first\\n{}\\nlast"}}',
    "| v | `{}` |",
)
_NEUTRAL = "I sent {} on Monday, thanks."
_STAND_INS = ("YOUR_API_KEY", "<token>", "${{TOKEN}}", "...", "****************")


@dataclass(frozen=True)
class Sign:
    """One character of a made text; choices: what could stand there, nothing where it is fixed."""

    written: str
    choices: str = ""
    in_span: bool = True


class Made(NamedTuple):
    """A text in which the span from `start` to `end` must be found; or nothing: both are 0."""

    text: str
    start: int
    end: int


def _as_written(sign: str) -> str:
    return sign


class _Walk:
    """Draws texts from a parsed regular expression. Look-around and anchors draw nothing."""

    def __init__(self, group: int, draw: random.Random, *, shortest: bool, named: bool) -> None:
        self._group = group
        self._draw = draw
        self._shortest = shortest
        self._case: Callable[[str], str] = draw.choice((_as_written, str.lower, str.upper))
        self._named = named

    def signs(self, parsed: Any, *, flags: int, in_span: bool) -> Iterator[Sign]:  # noqa: ANN401 - no public type
        for kind, what in parsed:
            if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
                continue
            if kind is op.BRANCH:
                yield from self.signs(self._draw.choice(what[1]), flags=flags, in_span=in_span)
            elif kind is op.SUBPATTERN:
                group, added, removed, inner = what
                inside = in_span or group == self._group
                yield from self.signs(inner, flags=(flags | added) & ~removed, in_span=inside)
            elif kind is op.ATOMIC_GROUP:
                yield from self.signs(what, flags=flags, in_span=in_span)
            elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
                yield from self._repeated(kind, *what, flags=flags, in_span=in_span)
            else:
                yield self._sign(kind, what, flags=flags, in_span=in_span)

    def _repeated(
        self,
        kind: Any,  # noqa: ANN401
        fewest: int,
        most: int,
        inner: Any,  # noqa: ANN401
        *,
        flags: int,
        in_span: bool,
    ) -> Iterator[Sign]:
        if kind is op.MIN_REPEAT and most >= _GAP:
            spoken = self._draw.choice(_SPOKEN if self._named else _UNNAMED)
            yield from (Sign(sign, in_span=in_span) for sign in spoken[:most])
            return
        count = (
            fewest if self._shortest else self._draw.randint(fewest, min(most, fewest + _WIDEST))
        )
        for _ in range(count):
            yield from self.signs(inner, flags=flags, in_span=in_span)

    def _sign(self, kind: Any, what: Any, *, flags: int, in_span: bool) -> Sign:  # noqa: ANN401
        either = bool(flags & re.IGNORECASE)
        if kind is op.LITERAL:
            return Sign(self._case(chr(what)) if either else chr(what), "", in_span)
        inside = _members(tuple(what) if kind is op.IN else ((kind, what),), either=either)
        if not inside:
            raise ValueError(f"cases cannot be made from `{str(kind).lower()}` in a pattern")
        return Sign(self._draw.choice(inside), inside, in_span)


_CATEGORIES = {
    op.CATEGORY_DIGIT: str.isdigit,
    op.CATEGORY_NOT_DIGIT: lambda sign: not sign.isdigit(),
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_NOT_SPACE: lambda sign: not sign.isspace(),
    op.CATEGORY_WORD: lambda sign: sign.isalnum() or sign == "_",
    op.CATEGORY_NOT_WORD: lambda sign: not (sign.isalnum() or sign == "_"),
}


@cache
def _members(members: tuple[tuple[Any, Any], ...], *, either: bool) -> str:
    """Return the signs that a class of characters holds."""
    return "".join(sign for sign in _SIGNS if _is_member(sign, members, either=either))


def _is_member(sign: str, members: Sequence[tuple[Any, Any]], *, either: bool) -> bool:
    if either and sign.swapcase() != sign and _is_member(sign.swapcase(), members, either=False):
        return True
    found = negated = False
    for kind, what in members:
        if kind is op.NEGATE:
            negated = True
        elif kind is op.LITERAL:
            found |= ord(sign) == what
        elif kind is op.NOT_LITERAL:
            found |= ord(sign) != what
        elif kind is op.RANGE:
            found |= what[0] <= ord(sign) <= what[1]
        elif kind is op.CATEGORY:
            found |= bool(_CATEGORIES[what](sign))  # type: ignore[no-untyped-call]
        elif kind is op.ANY:
            found = True
    return found != negated


@dataclass(frozen=True)
class CaseMaker:
    """Makes cases of one pattern; the same ones from the same seed.

    group: the group that is the span, a number. validator: a name in `MAKERS`, where a value needs
    a right checksum.
    """

    pattern: re.Pattern[str]
    group: int
    validator: str | None
    seed: str

    def values(self, count: int) -> Iterator[Made]:
        """Yield texts in which the rule must find exactly the value that was made."""
        draw = random.Random(self.seed)  # noqa: S311 - invented values
        for number in range(count):
            signs = self._signs(draw)
            carrier = _CARRIERS[number % len(_CARRIERS)]
            yield self._case(carrier, signs)

    def near_misses(self, count: int) -> Iterator[Made]:
        """Yield texts in which the rule must find nothing, each a step away from a value.

        A step that leaves a whole value of the pattern is none, unless it only stands for one.
        """
        draw = random.Random(f"{self.seed} near")  # noqa: S311 - invented values
        for _ in range(count):
            signs = self._signs(draw, shortest=True)
            for text in _distinct(self._broken(signs, draw)):
                if not self.pattern.fullmatch(text):
                    yield _nothing(text)
            yield from map(_nothing, _distinct(self._standing_in(signs, draw)))

    @cached_property
    def _parsed(self) -> Any:  # noqa: ANN401 - no public type
        return _PARSE(self.pattern.pattern, self.pattern.flags)

    @cached_property
    def _has_gap(self) -> bool:
        return any(kind is op.MIN_REPEAT and what[1] >= _GAP for kind, what in self._parsed)

    def _signs(
        self, draw: random.Random, *, shortest: bool = False, named: bool = True
    ) -> list[Sign]:
        walk = _Walk(self.group, draw, shortest=shortest, named=named)
        flags = self.pattern.flags
        return self._made_valid(
            list(walk.signs(self._parsed, flags=flags, in_span=self.group == 0))
        )

    def _made_valid(self, signs: list[Sign]) -> list[Sign]:
        make = MAKERS.get(self.validator or "")
        if make is None:
            return signs
        written = iter(make(_written(sign for sign in signs if sign.in_span)))
        return [Sign(next(written), sign.choices, True) if sign.in_span else sign for sign in signs]

    @staticmethod
    def _case(carrier: str, signs: Sequence[Sign]) -> Made:
        lead, _, tail = carrier.format("\0").partition("\0")
        first = next(place for place, sign in enumerate(signs) if sign.in_span)
        length = sum(sign.in_span for sign in signs)
        start = len(lead) + first
        return Made(f"{lead}{_written(signs)}{tail}", start, start + length)

    def _broken(self, signs: list[Sign], draw: random.Random) -> Iterator[str]:
        """Yield what is no value any more: too short, too long, or with one sign that is wrong."""
        drawn = [place for place, sign in enumerate(signs) if _is_drawn(sign)]
        fixed = [
            place for place, sign in enumerate(signs) if sign.written.isalpha() and not sign.choices
        ]
        last, middle = drawn[-1], drawn[len(drawn) // 2]
        for place in (last, middle):
            yield _written([*signs[:place], *signs[place + 1 :]])
        if last == len(signs) - 1:
            yield _written([*signs, Sign(draw.choice(signs[last].choices))])
        outside = [sign for sign in "gzGZ5!é" if sign not in signs[middle].choices]
        yield _written([*signs[:middle], Sign(outside[0]), *signs[middle + 1 :]])
        if fixed:
            place = draw.choice(fixed[:4])
            other = draw.choice([sign for sign in "jkwxz" if sign != signs[place].written.lower()])
            yield _written([*signs[:place], Sign(other), *signs[place + 1 :]])
        if signs[0].in_span and signs[0].written.isalnum():
            yield "k" + _written(signs)

    def _standing_in(self, signs: list[Sign], draw: random.Random) -> Iterator[str]:
        """Yield what has the shape of a value, but nobody's secret in it."""
        yield _written(
            Sign(next((one for one in "xX0" if one in sign.choices), sign.choices[0]))
            if sign.choices and sign.in_span
            else sign
            for sign in signs
        )
        first = next(place for place, sign in enumerate(signs) if _is_drawn(sign))
        for stand_in in _STAND_INS:
            yield _written(signs[:first]) + stand_in.format()
        if not self._has_gap:
            return
        # The value says nothing by itself: it must be named, and must not be counted up.
        value = _written(sign for sign in signs if sign.in_span)
        yield value
        yield _written(self._signs(draw, shortest=True, named=False))
        yield _written(_counted_up(signs))


def maker_of(rule: Rule, seed: str | None = None) -> CaseMaker:
    """Return what makes values of a rule; seed: the rule's id, unless others are wanted.

    Raises:
        RuleError: its check is not `pattern`.
    """
    check = rule.build()
    if not isinstance(check, Pattern):
        raise RuleError(
            "only the check `pattern` has generated cases", where=f"rules/{rule.id}.yaml"
        )
    compiled = re.compile(check.pattern, re.IGNORECASE if check.ignore_case else 0)
    group = check.group if isinstance(check.group, int) else compiled.groupindex[check.group]
    return CaseMaker(compiled, group, check.validator, rule.id if seed is None else seed)


def _is_drawn(sign: Sign) -> bool:
    """Tell whether it stands in the random part, not among the few letters of a prefix."""
    return sign.in_span and len(sign.choices) >= _FEWEST_CHOICES


def _counted_up(signs: Sequence[Sign]) -> Iterator[Sign]:
    """Yield the signs with 123456… in the place of what was drawn."""
    place = 0
    for sign in signs:
        if sign.choices and sign.in_span:
            row = [one for one in string.digits + string.ascii_lowercase if one in sign.choices]
            row = row or [one for one in string.ascii_uppercase if one in sign.choices]
            place += 1
            yield Sign(row[place % len(row)])
        else:
            yield sign


def _written(signs: Sequence[Sign] | Iterator[Sign]) -> str:
    return "".join(sign.written for sign in signs)


def _distinct(texts: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _nothing(text: str) -> Made:
    return Made(_NEUTRAL.format(text), 0, 0)
