"""One pass over some whole conversations: words, likelihoods, spans, and who they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from tunegate.checks.names import cues, doubts, features, letters, lexicon, spans, tagger, tokens
from tunegate.checks.names.entities import OTHER_SIDE, SIDES, Mention, link
from tunegate.checks.names.features import Scene
from tunegate.checks.names.parts import Part
from tunegate.checks.names.tagger import Floats
from tunegate.checks.names.tokens import Flags, Hashes, Ints, hash_words

_ASKING = hash_words(cues.ASKING_WORDS)
_ANSWER_WORDS = 12  # of an answer, how many are looked at: a name comes first
_SHORT_ANSWER, _MORE_IF_SHORT = 4, 1.5  # words, and what a short answer adds to the log of odds
_BY_PHRASE = 0.9  # certainty of a name after "меня зовут"
_FIELD_SURE = 0.85

Found = tuple[int, int, int, str | None, int, float]  # as the columns of the check


@dataclass(frozen=True)
class Scan:
    """How to look; see `PersonName`."""

    threshold: float
    beside: float
    answers: float
    everywhere: bool


@dataclass
class _Span:
    text: int
    start: int
    end: int
    score: float
    own: bool | None = None  # whether it is the writer's name, where that is known already


def scan(part: Part, how: Scan) -> list[Found]:
    """Return the names in some conversations, in order."""
    seen = features.scene(part.texts, part.sizes)
    asked = _asked(part, seen)
    found = [*_tagged(seen, part, asked, how), *_phrased(seen, part), *_fielded(seen, part)]
    return list(_linked(part, asked, _apart(found)))


def _asked(part: Part, seen: Scene) -> Flags:
    """Tell which texts answer a question for a name, or are the value of a field for one."""
    asked = part.named.copy()
    asking = np.flatnonzero(features.is_one_of(seen.words.hash, _ASKING))
    if not len(asking):
        return asked
    begins = np.searchsorted(seen.text_begin, seen.words.start[asking], side="right") - 1
    for text in np.unique(begins).tolist():
        after = text + 1
        if after >= len(part.texts) or not (part.same[after] and part.content[text]):
            continue
        answers = part.content[after] and part.roles[after] == "user" != part.roles[text]
        asked[after] |= answers and cues.asks_for_name(part.texts[text])
    return asked


def _tagged(seen: Scene, part: Part, asked: Flags, how: Scan) -> Iterator[_Span]:
    words = seen.words
    if not len(words):
        return
    text = np.searchsorted(seen.text_begin, words.start, side="right") - 1
    rows = part.rows[text]
    answers = asked[text]
    if answers.any():
        answers &= np.arange(len(words)) - np.searchsorted(text, text) < _ANSWER_WORDS
    at = features.candidates(seen, answers if answers.any() else None)
    likely = np.zeros(len(words), np.float32)
    likely[at] = _answered(seen, text, answers, at, tagger.likelihood(seen, at), how)
    likely[letters.addressed(seen)] = letters.CERTAINTY
    tied = spans.joins(words)
    asked_for = np.full(len(words), how.threshold, np.float32)
    asked_for[at] = doubts.demand(seen, at, how.threshold)
    likely[asked_for >= doubts.NEVER] = 0  # nor may it join a name beside it
    chosen = spans.accepted(likely, tied, threshold=asked_for, beside=how.beside)
    chosen &= ~doubts.strays(seen, chosen, tied)
    known = _people_keys(part)
    if len(known):
        theirs = spans.of_people(seen, rows, known, tied)
        likely = np.where(theirs, np.maximum(likely, np.float32(spans.OF_PEOPLE)), likely)
        chosen |= theirs
    if how.everywhere and chosen.any():
        again = spans.found_again(seen, rows, chosen, likely)
        likely = spans.again_score(likely, again)
        chosen |= again
        chosen = spans.accepted(
            np.where(chosen, np.float32(1), likely), tied, threshold=1, beside=how.beside
        )
    runs = spans.runs(chosen, tied, likely)
    for first, last, score in zip(runs.first, runs.last, runs.score, strict=True):
        begin = seen.text_begin[text[first]]
        start, end = int(words.start[first] - begin), int(words.end[last] - begin)
        yield _Span(int(text[first]), start, end, round(float(score), 3))


def _people_keys(part: Part) -> Hashes:
    here = [(row, part.people[row]) for row in np.unique(part.rows).tolist() if row in part.people]
    words = [(row, word) for row, each in here for one in each for word in one.words]
    if not words:
        return np.zeros(0, np.uint64)
    return spans.keys(hash_words([word for _, word in words]), np.array([row for row, _ in words]))


def _answered(
    seen: Scene, text: Ints, answers: Flags, at: Ints, likely: Floats, how: Scan
) -> Floats:
    """Return likelihoods that know of the question before."""
    asked = answers[at] & ((seen.flags[at] & lexicon.PLACE) == 0)
    if not asked.any():
        return likely
    size = np.bincount(text)
    more = how.answers + _MORE_IF_SHORT * (size[text[at]] <= _SHORT_ANSWER)
    odds = likely / np.maximum(1 - likely, np.float32(1e-6)) * np.exp(more)
    return np.where(asked, odds / (1 + odds), likely).astype(np.float32)


def _phrased(seen: Scene, part: Part) -> Iterator[_Span]:
    if seen.is_ascii:
        return
    for number, text in enumerate(part.texts):
        if not text.isascii():
            for start, end in cues.after_phrases(text):
                yield _Span(number, start, end, _BY_PHRASE, own=True)


def _fielded(seen: Scene, part: Part) -> Iterator[_Span]:
    opening = seen.words.kind_at(seen.text_begin[:-1]) == tokens.OPENING
    for number in np.flatnonzero(opening).tolist():
        text = part.texts[number]
        for start, end in cues.fields(text):
            if _is_name(text[start:end]):
                yield _Span(number, start, end, _FIELD_SURE)


def _is_name(value: str) -> bool:
    """Tell whether the value of a field looks like a person: two to four words, one on a list."""
    found = features.scene([value])
    count = len(found.words)
    if not 1 <= count <= 4 or (found.words.kind == tokens.DIGIT).any():
        return False
    named = (found.flags & lexicon.NAME) != 0
    bad = (found.flags & (lexicon.NEVER | lexicon.CAPITAL | lexicon.PLACE)) != 0
    given = (found.flags & lexicon.GIVEN) != 0
    plain = (found.flags & lexicon.ORDINARY) == 0
    return bool((given & plain).any() and named.any() and not (bad & ~named).any())


def _apart(found: Sequence[_Span]) -> list[_Span]:
    """Return the spans in order; of those that overlap the one that begins first, or is longer."""
    kept: list[_Span] = []
    for span in sorted(found, key=lambda s: (s.text, s.start, -s.end)):
        if not kept or kept[-1].text != span.text or kept[-1].end <= span.start:
            kept.append(span)
        elif span.end > kept[-1].end:
            kept[-1].end = span.end
    return kept


def _linked(part: Part, asked: Flags, found: Sequence[_Span]) -> Iterator[Found]:
    for row, group in groupby(found, key=lambda span: int(part.rows[span.text])):
        of_row = list(group)
        mentions = [_mention(part, asked, span) for span in of_row]
        numbers, sides = link(mentions, part.people.get(row, ()))
        for span, number, side in zip(of_row, numbers, sides, strict=True):
            yield part.place + span.text, span.start, span.end, side, number, span.score


def _mention(part: Part, asked: Flags, span: _Span) -> Mention:
    text = part.texts[span.text]
    name = text[span.start : span.end]
    words = cues.words_of(name) or (name.lower(),)
    role = SIDES.get(part.roles[span.text] or "")
    own = span.own or bool(asked[span.text]) or cues.is_own(text, span.start, span.end)
    if role is None or own is None:
        return Mention(words)
    return Mention(words, role if own else OTHER_SIDE[role])
