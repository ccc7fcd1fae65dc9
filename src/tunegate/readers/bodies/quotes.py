"""Find what a message quotes of earlier ones."""

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from tunegate.readers.bodies.attributions import (
    LONGEST,
    ends_attribution,
    header_length,
    is_attribution,
    is_forward_line,
    is_original_line,
    is_reply_above_line,
    is_rule,
    opens_attribution,
)
from tunegate.readers.bodies.said import Known, Line, known_words

Span = tuple[int, int]  # half-open places in the lines that are looked at

_MOST_JOINED = 6  # lines of an attribution that a mail program wrapped
# Without one of them no line of a message asks to write above it.
_ASKING = (
    " line", "zeile", "linie", "ligne", "línea", "linha", "riga", "regel", "lijn", " rad", "linje",
    "linii", "строк", "лини", "##-",
)  # fmt: skip
_OPENS = (":", "：", "--", "__", "==", "—", "–", "**", "- -")
_MOST_ABOVE_NAME = 3
_LAST_LINES = 5
_LONGEST_TAIL = 25
_MOST_BELOW_RULE = 3  # lines from a rule to the header that it stands above
_WINDOW = 12  # lines in which a header must be complete
_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "…")
_MOST_WORDS_OF_A_NAME = 5
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d|[@]|\d時|\d点|오[전후]")
_OTHER_SIGN = re.compile(r"\|(?:\s|$)|[A-Za-z]{1,12}>(?:\s|$)")
_LEAST_LINES = 2  # of an unmarked quote, or
_LEAST_WORDS = 8  # in these, and
_LEAST_WORDS_OF_ONE_LINE = 12
_LEAST_WORDS_OF_A_REST = 3
_SIGNED_WORDS = 5  # of one that `>` marks
_MOSTLY = 0.6


class Earlier(NamedTuple):
    """Tells what was said before: by anyone, and by others than the author; None: nothing was."""

    anyone: Known | None = None
    others: Known | None = None


class _Kind(Enum):
    ATTRIBUTION = auto()
    HEADER = auto()
    EXPLICIT = auto()  # "Original Message", "Forwarded message"
    REPLY_ABOVE = auto()


class _Opener(NamedTuple):
    """Lines that say that something quoted follows."""

    start: int
    end: int
    kind: _Kind


def quoted(lines: Sequence[Line], earlier: Earlier) -> list[Span]:
    """Return which of the lines are quoted, or say that a quote follows, in their order."""
    search = _Search(lines, earlier)
    search.run()
    return sorted(search.found)


def is_mostly_known(lines: Sequence[Line], earlier: Earlier) -> bool:
    """Tell whether most of what the lines say was said before."""
    return earlier.anyone is not None and _Search(lines, earlier).is_mostly_known()


class _Search:
    def __init__(self, lines: Sequence[Line], earlier: Earlier) -> None:
        self.found: list[Span] = []
        self._lines = lines
        self._earlier = earlier
        says = (n + 1 for n, line in enumerate(lines) if line.text or _is_sign(line))
        self._size = max(says, default=0)
        self._attributions = dict(self._find_attributions())
        self._last_sign = max((n for n, line in enumerate(lines) if _is_sign(line)), default=-1)
        whole = "\n".join(line.text for line in lines).casefold()
        self._asks = any(word in whole for word in _ASKING)
        self._own = False  # something that stays was seen

    def run(self) -> None:
        place = 0
        while place < self._size:
            line = self._lines[place]
            if line.is_blank and not _is_sign(line):
                place += 1
            elif _is_sign(line) and place not in self._attributions:
                end = self._run_end(place)
                self._judge_run(place, end)
                place = end
            else:
                opener = self._opener(place)
                if opener is None:
                    self._own = True
                    place += 1
                else:
                    place = self._follow(opener)
        self._find_unmarked()

    def is_mostly_known(self, start: int = 0) -> bool:
        """Tell whether most of the words outside attributions were said before."""
        known, total = self._said(start, self._size)
        return known > 0 and known >= _MOSTLY * total

    def _find_attributions(self) -> Iterator[Span]:
        """Yield the lines of each attribution, wherever it stands."""
        for last in range(self._size):
            line = self._lines[last]
            is_tail = line.depth == 1 and _is_tail_of_address(self._lines, last)
            if not is_tail and not ends_attribution(line.text):
                continue
            joined = f"> {line.text}" if is_tail else line.text
            depth = 0 if is_tail else line.depth
            first = last
            while not is_attribution(joined):
                first -= 1
                above = self._lines[first] if first >= 0 else None
                if above is None or last - first >= _MOST_JOINED or len(joined) > LONGEST:
                    break
                if bool(above.depth) != bool(depth) or above.text.endswith((":", "：")):
                    break
                joined = f"{above.text} {joined}".strip()
            else:
                first -= self._lines_above(first, joined)
                yield first, last + 1

    @cached_property
    def _known(self) -> list[Span]:
        """For each line how many words it has, and how many of them were said before."""
        return known_words(self._lines, self._earlier.anyone) if self._earlier.anyone else []

    @cached_property
    def _sums(self) -> list[Span]:
        """For each place what `_said` returns from the first line to it."""
        if not self._known:
            return []
        opening = {n for start, end in self._attributions.items() for n in range(start, end)}
        known = (0 if n in opening else count[1] for n, count in enumerate(self._known))
        total = (0 if n in opening else count[0] for n, count in enumerate(self._known))
        return [(0, 0), *zip(accumulate(known), accumulate(total), strict=True)]

    def _lines_above(self, first: int, joined: str) -> int:
        """Return how many lines above belong to an attribution that seems to begin with a name."""
        if opens_attribution(self._lines[first].text):
            return 0
        for count in range(1, min(_MOST_ABOVE_NAME, first) + 1):
            above = self._lines[first - count].text
            joined = f"{above} {joined}"
            if opens_attribution(above):
                return count if is_attribution(joined) else 0
        return 0

    def _opener(self, place: int) -> _Opener | None:
        text = self._lines[place].text
        if place in self._attributions:
            return _Opener(place, self._attributions[place], _Kind.ATTRIBUTION)
        if self._asks and is_reply_above_line(text):
            return _Opener(place, place + 1, _Kind.REPLY_ABOVE)
        if not any(sign in text for sign in _OPENS):
            return None
        below = place
        if is_rule(text):
            below = self._next(place + 1)
            if below - place > _MOST_BELOW_RULE:
                return None
        explicit = below < self._size and self._is_explicit(below)
        if explicit:
            below = self._next(below + 1)
        length = header_length([line.text for line in self._lines[below : below + _WINDOW]])
        if length:
            return _Opener(place, below + length, _Kind.EXPLICIT if explicit else _Kind.HEADER)
        return _Opener(place, place + 1, _Kind.EXPLICIT) if explicit else None

    def _is_explicit(self, place: int) -> bool:
        text = self._lines[place].text
        return is_original_line(text) or is_forward_line(text)

    def _follow(self, opener: _Opener) -> int:
        """Decide what an opener opens, and return where to go on."""
        below = self._next(opener.end)
        if opener.kind is _Kind.ATTRIBUTION and below < self._size and self._opens_run(below):
            return self._follow_signs(opener, below)
        if not self._own:
            return self._follow_at_top(opener)
        if opener.kind is _Kind.ATTRIBUTION and not self._is_exact(opener):
            self._own = True
            return opener.end
        self.found.append((opener.start, opener.end))
        self.found += self._without_answers(opener.end, self._size)
        return self._size

    def _follow_signs(self, opener: _Opener, below: int) -> int:
        """Decide about an attribution with lines below it that are marked as quoted."""
        end = self._run_end(below, after_attribution=True)
        is_last = self._next(end) >= self._size
        is_known = self._is_known(below, end)
        if is_last and not self._own and not is_known:
            return self._size  # nothing but a quote: that is what the message says
        self.found.append((opener.start, opener.end))
        # With answers between several quotes, each answer needs its quote, unless it was said in
        # the conversation, and then the model sees it there.
        is_interleaved = end <= self._last_sign
        if is_known or self._is_sure(below, end) or not is_interleaved:
            self.found.append((below, end))
        else:
            self._own = True
        return end

    def _follow_at_top(self, opener: _Opener) -> int:
        """Decide about a quote with nothing above it: it may be all that the message says."""
        if self.is_mostly_known(opener.end):
            self.found.append((opener.start, opener.end))
            self.found += self._without_answers(opener.end, self._size)
            return self._size
        if self._next(opener.end) < self._size and opener.kind is not _Kind.HEADER:
            self.found.append((opener.start, opener.end))
        else:
            self._own = True
        return opener.end

    def _judge_run(self, start: int, end: int) -> None:
        """Decide about lines that are marked as quoted without an attribution above them."""
        is_opened = any(self._is_opened(place) for place in range(start, end))
        is_own_block = any(line.block for line in self._lines[start:end])
        is_last = end >= self._size
        if self._is_sure(start, end) or self._is_known(start, end):
            is_quote = True
        elif is_last:
            is_quote = self._own and (is_opened or not (is_own_block or self._introduced(start)))
        else:
            is_quote = start in self._attributions_inside(start) and end > self._last_sign
        if is_quote:
            self.found.append((start, end))
        else:
            self._own = True

    def _attributions_inside(self, start: int) -> set[int]:
        first = self._next(start)
        return {start} if first in self._attributions else set()

    def _is_opened(self, place: int) -> bool:
        if place in self._attributions or self._is_explicit(place):
            return True
        return header_length([line.text for line in self._lines[place : place + _WINDOW]]) > 0

    def _introduced(self, start: int) -> bool:
        """Tell whether the author's own words lead to what follows, as a colon does."""
        above = (line.text for line in reversed(self._lines[:start]) if not line.is_blank)
        return next(above, "").endswith((":", "："))

    def _opens_run(self, place: int) -> bool:
        line = self._lines[place]
        return _is_sign(line) or _OTHER_SIGN.match(line.text) is not None

    def _run_end(self, start: int, *, after_attribution: bool = False) -> int:
        """Return where the lines end that are marked as quoted, with blank ones between."""
        end = place = start
        while place < self._size:
            line = self._lines[place]
            if _is_sign(line) or (after_attribution and _OTHER_SIGN.match(line.text)):
                end = place + 1
            elif not line.is_blank:
                break
            place += 1
        return end

    def _next(self, place: int) -> int:
        """Return the place of the next line with words."""
        while place < self._size and self._lines[place].is_blank:
            place += 1
        return place

    def _is_sure(self, start: int, end: int) -> bool:
        return all(line.quoted or line.is_blank for line in self._lines[start:end])

    def _is_known(self, start: int, end: int) -> bool:
        known, total = self._said(start, end)
        return known >= _SIGNED_WORDS and known >= _MOSTLY * total

    def _said(self, start: int, end: int) -> Span:
        """Return how many words outside attributions were said before, and how many there are."""
        if not self._sums:
            return 0, 0
        (known, total), (less_known, less_total) = self._sums[end], self._sums[start]
        return known - less_known, total - less_total

    def _is_exact(self, opener: _Opener) -> bool:
        """Tell whether only a program would write such an attribution."""
        joined = " ".join(line.text for line in self._lines[opener.start : opener.end])
        return _CLOCK.search(joined) is not None

    def _without_answers(self, start: int, end: int) -> list[Span]:
        """Return a quote without unsaid lines that stand between said ones: they answer them."""
        until = next((n for n in range(start, end) if self._opener_below(n)), end)
        full = [n for n in range(start, until) if self._known and self._is_full(n)]
        answers: list[int] = []
        run: list[int] = []
        for place in range(full[0], full[-1] + 1) if full else ():
            line, (total, known) = self._lines[place], self._known[place]
            if total and 2 * known <= total and not line.depth:
                run.append(place)
            elif total:
                answers += run if self._is_answer(run) else []
                run = []
        spans = []
        for place in answers:
            if start < place:
                spans.append((start, place))
            start = place + 1
        return [*spans, (start, end)] if start < end else spans

    def _opener_below(self, place: int) -> bool:
        return not self._lines[place].depth and self._opener(place) is not None

    def _is_full(self, place: int) -> bool:
        total, known = self._known[place]
        return total > 0 and known == total

    def _is_answer(self, places: Sequence[int]) -> bool:
        """Tell a sentence from the names and dates that help desks put between messages."""
        return any(
            self._lines[place].text.endswith(_SENTENCE_ENDS)
            or self._known[place][0] > _MOST_WORDS_OF_A_NAME
            for place in places
        )

    def _find_unmarked(self) -> None:
        """Find lines at the end that someone else said before, not marked as quoted."""
        cut = {place for start, end in self.found for place in range(start, end)}
        if not self._earlier.others or not self._size or self._size - 1 in cut:
            return
        # Most messages end with something new: a look at their last lines settles it.
        bottom = self._lines[max(0, self._size - _LAST_LINES) : self._size]
        total, known = known_words(bottom, self._earlier.others)[-1]
        if known < total:
            return
        counts = known_words(self._lines, self._earlier.others)
        first = self._size
        words = lines = 0
        for place in range(self._size - 1, -1, -1):
            total, known = counts[place]
            if place in cut or (total and known < total):
                break
            if total:
                first, words, lines = place, words + total, lines + 1
        enough = _LEAST_WORDS if lines >= _LEAST_LINES else _LEAST_WORDS_OF_ONE_LINE
        if first and first - 1 in cut:  # the rest of a quote that was wrapped once more
            enough = _LEAST_WORDS_OF_A_REST
        above = [n for n in range(first) if n not in cut and not self._lines[n].is_blank]
        if words < enough or not above:
            return
        last = self._lines[above[-1]].text
        is_introduced = len(above) > 1 and last.endswith((":", "：")) and _CLOCK.search(last)
        self.found.append((above[-1] if is_introduced else first, self._size))


def _is_sign(line: Line) -> bool:
    return line.depth > 0 or line.quoted or line.block


def _is_tail_of_address(lines: Sequence[Line], place: int) -> bool:
    """Tell whether `>` only closes an address that was wrapped: `> wrote:`."""
    if len(lines[place].text) > _LONGEST_TAIL or not lines[place].text.endswith((":", "：")):
        return False
    above = next((line for line in reversed(lines[max(0, place - 2) : place]) if line.text), None)
    return above is not None and not above.depth and "@" in above.text
