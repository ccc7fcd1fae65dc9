"""Find spans of text by regular expression, judged by validators and by the words around them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import polars as pl

from tunegate.checks.fused import PREVIOUS_WINDOW, FusedPatterns, Named
from tunegate.checks.judging import Certainty, Judged
from tunegate.checks.triggers import loosened
from tunegate.checks.validators import NEEDED_WORDS, VALIDATORS
from tunegate.checks.words import any_word, needed
from tunegate.model import Batch

# Scores: a span that nothing needs to confirm, one that looks right and has no context, and one
# with context, which counts the more the nearer it is, so that the nearest name of a number wins.
_SURE, _LIKELY, _CONFIRMED, _BY_NEARNESS, _BY_ITSELF = 1.0, 0.9, 0.92, 0.06, 0.01
_NESTED = 2  # repeated groups, from which repetitions within each other can be large
_STEPS = 3  # of nearness
_MOST_WORDS_BETWEEN = 4  # "order number for this is": a veto that far from the match still counts
# <EMAIL_2>, [ORDER_NUMBER_1], <IBAN_7f3a9c21bb04>: what stands where a value was.
_PLACEHOLDER = re.compile(
    r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:[0-9]{1,4}|[0-9a-f]{12}|[0-9a-f]{32})[\]>}]"
)
_BREAK = re.compile(r"[!?;,\n]|\w{4,}\.(?:\s|\Z)")  # "order no. 12" goes on, "my order. 12" not


@dataclass(frozen=True)
class Pattern:
    r"""Flag what a regular expression matches, where a validator and the words near it agree.

    pattern: a Python regular expression over a text as people read it (see `views.py`), in which
    digits, spaces and hyphens are those of ASCII. trigger: a simpler one, which must match in every
    text where `pattern` does, for where the one that is made from `pattern` matches too often.
    ignore_case: for both. group: the group that is the span. validator: what judges each match,
    see `validators/`. max_length: code points; longer spans do not count.
    context: of these words one must stand before a match that is unsure, which is every match
    where there is no validator. context_after: or one of these after it. context_window: how near,
    in code points. context_previous: or a context word in the message before, which may have
    asked for it. not_context: words that veto a match that follows, unless the validator is sure
    of it or a context word stands between; any before will do where the validator finds it likely.
    In these lists case does not matter, and `*` after a word stands for any ending.
    across: a value may be cut over two messages of one speaker. needs_context: no match counts
    without a context word, whatever the validator says of it; so it is where there is none.
    """

    pattern: str
    trigger: str | None = None
    ignore_case: bool = False
    group: int | str = 0
    validator: str | None = None
    max_length: int | None = None
    context: tuple[str, ...] = ()
    context_window: int = 48
    context_after: tuple[str, ...] = ()
    context_previous: bool = False
    not_context: tuple[str, ...] = ()
    across: bool = False
    needs_context: bool = False

    def __post_init__(self) -> None:
        try:
            known = self._regex
        except re.error as error:
            raise ValueError(f"`pattern` is not a regular expression: {error}") from None
        if known.fullmatch(""):
            raise ValueError("`pattern` matches the empty text")
        if self.group not in (*range(known.groups + 1), *known.groupindex):
            raise ValueError(f"`pattern` has no group `{self.group}`")
        if self.validator is not None and self.validator not in VALIDATORS:
            raise ValueError(f"no validator `{self.validator}` (known: {', '.join(VALIDATORS)})")
        if self.context_window < 1 or (self.max_length is not None and self.max_length < 1):
            raise ValueError("`context_window` and `max_length` must be at least 1")
        if not all(
            word.strip("* ") for word in self.context + self.context_after + self.not_context
        ):
            raise ValueError("a word of `context`, `context_after` or `not_context` is empty")
        if (self.context_after or self.context_previous or self.needs_context) and not self.context:
            raise ValueError(
                "`context_after`, `context_previous` and `needs_context` need `context`"
            )
        try:
            re.compile(self.trigger or "")
        except re.error as error:
            raise ValueError(f"`trigger` is not a regular expression: {error}") from None
        if not _is_small(self.fast_trigger):
            raise ValueError("`pattern` is too large for the fast engine: give a `trigger`")

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding per span."""
        return FusedPatterns(((None, self),)).check(batch).drop("rule")

    @staticmethod
    def fuse(members: Sequence[tuple[Named, "Pattern"]]) -> "FusedPatterns":
        """Return a check that scans for all the members at once and names the rule."""
        return FusedPatterns(tuple((rule.id, pattern) for rule, pattern in members))

    def spans(self, text: str) -> Iterator[tuple[Judged, bool]]:
        """Yield each span that counts, and whether only the message before can confirm it."""
        position = 0
        while match := self._regex.search(text, position):
            judged = self.judge(text, *match.span(self.group))
            done, position = position, max(judged.end if judged else match.end(), match.start() + 1)
            if judged is None or judged.start < done or self._vetoed(text, judged):
                continue
            unconfirmed = judged.certainty is Certainty.UNSURE and not self._confirmed(text, judged)
            if not unconfirmed or self.context_previous:
                yield judged, unconfirmed

    def score(self, text: str, judged: Judged) -> float:
        """Return how certain a span is: the nearer a context word, the more so."""
        if judged.certainty is Certainty.SURE:
            return _SURE
        near = self._nearness(text, judged)
        if near is None:
            return _LIKELY if judged.certainty is Certainty.LIKELY else _CONFIRMED
        likely = _BY_ITSELF if judged.certainty is Certainty.LIKELY else 0.0
        return round(_CONFIRMED + _BY_NEARNESS * near + likely, 4)

    def is_asked_for(self, previous: str | None) -> bool:
        """Tell whether the message before has a context word near its end."""
        end = (previous or "")[-PREVIOUS_WINDOW:].lower()
        return bool(self._near.search(end))

    @cached_property
    def words(self) -> frozenset[str]:
        """What must stand in a text, or in the one before it; empty: a match may do by itself."""
        read = NEEDED_WORDS.get(self.validator or "", frozenset())
        alone = self.validator is not None and not self.needs_context
        if (alone and not read) or not self.context:
            return frozenset()
        return read | needed(self.context + self.context_after)

    @cached_property
    def fast_trigger(self) -> str:
        """The regular expression that every text with a span matches, for the fast engines."""
        return loosened(self.trigger or self.pattern, ignore_case=self.ignore_case)

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE if self.ignore_case else 0)

    @cached_property
    def _near(self) -> re.Pattern[str]:
        return any_word(self.context)

    @cached_property
    def _follows(self) -> re.Pattern[str]:
        return any_word(self.context_after)

    @cached_property
    def _veto(self) -> re.Pattern[str]:
        return any_word(self.not_context)

    def judge(self, text: str, start: int, end: int) -> Judged | None:
        """Return what the validator says of a match, before the words around it are read."""
        if start >= end:  # an empty match, or a group that took no part
            return None
        judged = self._judged(text, start, end)
        if judged is None or self._is_removed(text, judged.start):
            return None
        too_long = self.max_length is not None and judged.end - judged.start > self.max_length
        return None if too_long else judged

    @staticmethod
    def _is_removed(text: str, start: int) -> bool:
        """Tell whether a placeholder stands there, of a text that was redacted before."""
        return text[max(0, start - 1) : start] in ("<", "[", "{") and bool(
            _PLACEHOLDER.match(text, start)
        )

    def _judged(self, text: str, start: int, end: int) -> Judged | None:
        if self.validator is None:
            judged = Judged(start, end, Certainty.UNSURE if self.context else Certainty.LIKELY)
        else:
            accepted = VALIDATORS[self.validator](text, start, end)
            if accepted is None:
                return None
            judged = accepted
        if self.needs_context:
            judged = judged._replace(certainty=Certainty.UNSURE)
        return judged

    def _confirmed(self, text: str, judged: Judged) -> bool:
        return self._nearness(text, judged) is not None

    def _nearness(self, text: str, judged: Judged) -> float | None:
        """Return how near a context word is, from 0 at the window's end to 1; None without one."""
        window = self.context_window
        before = text[max(0, judged.start - window) : judged.start].lower()
        after = text[judged.end : judged.end + window].lower() if self.context_after else ""
        gaps = [len(before) - word.end() for word in self._near.finditer(before)]
        gaps += [word.start() for word in self._follows.finditer(after)]
        # In steps, so that among words that are about as near the priority of the rules decides.
        return ceil(_STEPS * (1 - min(gaps) / window)) / _STEPS if gaps else None

    def _vetoed(self, text: str, judged: Judged) -> bool:
        if not self.not_context or judged.certainty is Certainty.SURE:
            return False
        before = text[max(0, judged.start - self.context_window) : judged.start].lower()
        vetoes = list(self._veto.finditer(before))
        if not vetoes:
            return False
        between = before[vetoes[-1].end() :]
        if len(between.split()) > _MOST_WORDS_BETWEEN or _BREAK.search(before, vetoes[-1].start()):
            return False
        # "The phone for your order is" outweighs the veto where the match looks right by itself.
        looked_at = before if judged.certainty is Certainty.LIKELY else between
        return not self._near.search(looked_at)


def _is_small(trigger: str) -> bool:
    """Tell whether the automaton that polars makes of it is small enough for it."""
    if trigger.count("){") < _NESTED:
        return True
    try:
        pl.Series([""]).str.contains(trigger)
    except pl.exceptions.ComputeError:
        return False
    return True
