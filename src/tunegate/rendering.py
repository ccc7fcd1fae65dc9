"""Write what was redacted in the policy's style, and keep account of what stands where."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

import orjson
import polars as pl

from tunegate.keys import FINGERPRINT_BYTES, Key, mac
from tunegate.model import Batch, empty, frame
from tunegate.placeholders import token, tokens_in
from tunegate.policy import matching
from tunegate.redact import REDACTIONS, Redaction, Where, ledger, with_texts
from tunegate.redaction import RedactionSettings, Style
from tunegate.rules import Rule
from tunegate.spans import Edited, Spot, same_value
from tunegate.styles.dates import shifted
from tunegate.styles.draw import Draw
from tunegate.styles.kinds import Kind, kind_of
from tunegate.styles.masks import mask
from tunegate.styles.surrogates import surrogate

ATTEMPTS = 64  # surrogates for one value that are looked at before it gets a placeholder
_LONGEST_SHIFT = 365  # days, and never none
_SHORT = 4  # code points: so little stands in every text by chance

_WORD = re.compile(r"\w+")

IsValue = Callable[[str], bool]


@dataclass(frozen=True)
class Wording:
    """How the spans of a run are written.

    key: of the project; None where the policy names none. is_value: tells whether a text is known
    to be a value of the dataset.
    """

    settings: RedactionSettings
    rules: tuple[Rule, ...]
    key: Key | None = None
    is_value: IsValue = lambda _: False

    @cached_property
    def styles(self) -> Mapping[str, Style]:
        """Rule → style; the most exact pattern of the policy decides."""
        asked = self.settings.styles
        return {
            rule.id: asked[patterns[-1]]
            if (patterns := matching(rule.id, asked))
            else self.settings.style
            for rule in self.rules
        }

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Rule → what it finds."""
        return {rule.id: kind_of(rule) for rule in self.rules}

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing but placeholders, and no fingerprint."""
        return self.key is None and set(self.styles.values()) <= {Style.PLACEHOLDER}

    @property
    def draws(self) -> bool:
        """Whether some values get surrogates."""
        return Style.SURROGATE in self.styles.values()

    @cached_property
    def drawing_secret(self) -> bytes:
        """What surrogates follow from: the key, or else the public seed."""
        if self.key:
            return self.key.derived("surrogate")
        return sha256(f"tunegate/surrogate/{self.settings.seed}".encode()).digest()


@dataclass(frozen=True)
class Rendered:
    """A batch as it is written.

    ledger: `REDACTIONS`. values: what stood there, line by line. drawn: the surrogates in it.
    """

    batch: Batch
    ledger: pl.DataFrame
    values: tuple[str, ...] = ()
    drawn: tuple[str, ...] = ()


def render(redaction: Redaction, placed: Batch, wording: Wording) -> Rendered:
    """Return the batch with every span in its style, and the ledger.

    placed: the batch with placeholders.

    A value that its style cannot be given, such as a date that is not understood, keeps its
    placeholder, and the ledger says so.
    """
    if not redaction.texts:
        return Rendered(placed, empty(REDACTIONS))
    if wording.is_plain:
        return Rendered(placed, ledger(redaction))
    writer = _Writer(redaction, wording)
    lines: list[tuple[object, ...]] = []
    texts: dict[Where, str] = {}
    for place, edited in redaction.texts.items():
        written = [writer.write(place, edited, spot) for spot in edited.spots]
        quoted = _is_json(edited)
        replacements = [_escaped(text) if quoted else text for text, _ in written]
        texts[place], places = edited.written(replacements)
        for spot, at, (_, style) in zip(edited.spots, places, written, strict=True):
            line = (*place, spot.start, spot.end, place[2], at.start, at.end, style.value)
            value = edited.source[spot.start : spot.end]
            made = writer.fingerprint(spot, value)
            version = writer.rules[spot.rule].file.version
            name = writer.name(place[0], spot)
            lines.append((spot.rule, version, *line, name, made, spot.round))
    batch = redaction.batch.with_turns(with_texts(redaction.batch.turns, texts))
    values = tuple(_values(redaction))
    return Rendered(batch, frame(lines, REDACTIONS), values, tuple(writer.drawn))


def _values(redaction: Redaction) -> Iterator[str]:
    """Yield each replaced value, in the order of the ledger."""
    for edited in redaction.texts.values():
        for spot in edited.spots:
            yield edited.source[spot.start : spot.end]


def _is_json(edited: Edited) -> bool:
    if not edited.is_json:
        return False
    try:
        orjson.loads(edited.source)
    except orjson.JSONDecodeError:
        return False
    return True


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def decoded(edited: Edited, spot: Spot) -> str:
    """Return a value as it is meant: in the arguments of a call it stands as JSON."""
    value = edited.source[spot.start : spot.end]
    if not edited.is_json or spot.bare or "\\" not in value:
        return value
    try:
        meant = json.loads(f'"{value}"', strict=False)
    except ValueError:  # half a pair of surrogates, or no JSON at all
        return value
    return str(meant)


@dataclass
class _Writer:
    """Writes the spans of one batch."""

    redaction: Redaction
    wording: Wording
    drawn: list[str] = field(default_factory=list)

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.redaction.rules}

    def write(self, place: Where, edited: Edited, spot: Spot) -> tuple[str, Style]:
        """Return what stands for a span, and the style that it has."""
        style = self.wording.styles[spot.rule]
        kind = self.wording.kinds[spot.rule]
        if style is Style.SURROGATE and kind is Kind.DATE and self.wording.key:
            style = Style.DATE_SHIFT
        text = self._styled(style, kind, place[0], spot, decoded(edited, spot))
        return (self.name(place[0], spot), Style.PLACEHOLDER) if text is None else (text, style)

    def name(self, row: object, spot: Spot) -> str:
        """Return a span's placeholder: its number, or a token that holds across the dataset."""
        if self.wording.settings.scope == "conversation":
            return spot.placeholder
        taken = self._tokens.get(row, ())
        return token(self._secret("placeholder"), spot.label, spot.who, taken)

    @cached_property
    def _tokens(self) -> Mapping[object, set[str]]:
        rows = {place[0] for place, edited in self.redaction.texts.items() if edited.spots}
        return tokens_in(self.redaction.batch, pl.Series(list(rows), dtype=pl.Int64))

    def fingerprint(self, spot: Spot, value: str) -> str | None:
        """Return which key says what of a value; equal values of a label have equal ones."""
        if self.wording.key is None:
            return None
        made = mac(self._secret("fingerprint"), self._label(spot), same_value(value))
        return f"{self.wording.key.id}:{made[:FINGERPRINT_BYTES].hex()}"

    def _label(self, spot: Spot) -> str:
        return self.rules[spot.rule].placeholder  # whoever speaks

    def _secret(self, purpose: str) -> bytes:
        if purpose not in self._secrets:
            assert self.wording.key is not None
            self._secrets[purpose] = self.wording.key.derived(purpose)
        return self._secrets[purpose]

    @cached_property
    def _secrets(self) -> dict[str, bytes]:
        return {}

    def _styled(self, style: Style, kind: Kind, row: object, spot: Spot, value: str) -> str | None:
        if style is Style.REMOVE:
            return ""
        if style is Style.MASK:
            return mask(value, kind)
        if style is Style.HASH:
            made = mac(self._secret("hash"), self._label(spot), spot.who)
            return f"<{spot.label}_{made[:FINGERPRINT_BYTES].hex()}>"
        if style is Style.DATE_SHIFT:
            return shifted(value, self._shift(row))
        if style is Style.SURROGATE:
            chosen = self._chosen(row, spot.placeholder)
            return None if chosen is None else chosen.get((spot.rule, value))
        return None

    def _shift(self, row: object) -> int:
        """Return by how many days the dates of a conversation move."""
        drawn = Draw(mac(self._secret("date-shift"), self._keys[row])).below(2 * _LONGEST_SHIFT)
        return drawn - _LONGEST_SHIFT if drawn < _LONGEST_SHIFT else drawn - _LONGEST_SHIFT + 1

    @cached_property
    def _keys(self) -> Mapping[object, str]:
        """Row → what names the conversation in whatever order it is read."""
        return dict(self.redaction.batch.conversations.select("row", "key").iter_rows())

    @cached_property
    def _spellings(self) -> Mapping[tuple[object, str], dict[tuple[str, str], Spot]]:
        """(row, placeholder) → (rule, value as written) → one of its spots."""
        found: dict[tuple[object, str], dict[tuple[str, str], Spot]] = {}
        for place, edited in self.redaction.texts.items():
            for spot in edited.spots:
                if self.wording.styles[spot.rule] is Style.SURROGATE:
                    written = found.setdefault((place[0], spot.placeholder), {})
                    written.setdefault((spot.rule, decoded(edited, spot)), spot)
        return found

    @cached_property
    def _said(self) -> Mapping[object, list[str]]:
        """Row → the words of all that is said there, in which no surrogate may stand already."""
        rows = pl.Series(sorted({row for row, _ in self._spellings}), dtype=pl.Int64)
        turns = self.redaction.batch.turns.filter(pl.col("row").is_in(rows.implode()))
        texts = turns.group_by("row").agg(pl.col("text").str.join("\0"))
        return {row: _WORD.findall(text.casefold()) for row, text in texts.iter_rows()}

    @cached_property
    def _phrases(self) -> dict[tuple[object, int], set[str]]:
        return {}

    def _is_said(self, row: object, text: str) -> bool:
        """Tell whether the words of a text stand in a conversation, one after the other.

        A set for each length, since looking for every surrogate in a long text takes long.
        """
        words = _WORD.findall(text.casefold())
        count = len(words)
        if (row, count) not in self._phrases:
            said = self._said[row]
            runs = zip(*(said[n:] for n in range(count)), strict=False)
            self._phrases[row, count] = {" ".join(run) for run in runs}
        return " ".join(words) in self._phrases[row, count]

    @cached_property
    def _choices(self) -> dict[tuple[object, str], dict[tuple[str, str], str] | None]:
        """(row, placeholder) → (rule, value) → surrogate, in the order of the conversation."""
        taken: dict[object, set[str]] = {}
        choices: dict[tuple[object, str], dict[tuple[str, str], str] | None] = {}
        for (row, placeholder), spellings in self._spellings.items():
            others = taken.setdefault(row, set())
            choices[row, placeholder] = chosen = self._choose(row, placeholder, spellings, others)
            if chosen:
                others.update(map(same_value, chosen.values()))
                self.drawn += chosen.values()
        return choices

    def _chosen(self, row: object, placeholder: str) -> dict[tuple[str, str], str] | None:
        return self._choices[row, placeholder]

    def _choose(
        self,
        row: object,
        placeholder: str,
        spellings: dict[tuple[str, str], Spot],
        others: set[str],
    ) -> dict[tuple[str, str], str] | None:
        """Return the first surrogate for all spellings of a value that may stand here."""
        one = next(iter(spellings.values()))
        seed = self._seed(row, one)
        for attempt in range(ATTEMPTS):
            chosen: dict[tuple[str, str], str] = {}
            for (rule, value), spot in spellings.items():
                validator = self.rules[rule].file.params.get("validator")
                kind = self.wording.kinds[rule]
                new = surrogate(value, kind, validator, spot.who, Draw(seed, attempt))
                if new is None:
                    return None
                if not self._may_stand(row, value, new, others):
                    break
                chosen[rule, value] = new
            else:
                return chosen
        return None

    def _may_stand(self, row: object, value: str, new: str, others: set[str]) -> bool:
        same = same_value(new)
        if same == same_value(value) or same in others or self.wording.is_value(new):
            return False
        return len(new) <= _SHORT or not self._is_said(row, new)

    def _seed(self, row: object, spot: Spot) -> bytes:
        """Return what surrogates follow from.

        Within a conversation that is the number of a value, not the value: with a public seed the
        surrogate of each phone number there is could be tried.
        """
        secret = self.wording.drawing_secret
        if self.wording.settings.scope == "dataset":
            return mac(secret, "dataset", spot.label, spot.who)
        return mac(secret, "conversation", self._keys[row], spot.placeholder)
