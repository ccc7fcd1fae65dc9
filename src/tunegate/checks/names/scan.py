"""One pass over some whole conversations: words, likelihoods, spans, and who they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
import polars as pl

from tunegate.checks.names import cues, features, lexicon, spans, tagger, tokens
from tunegate.checks.names.entities import OTHER_SIDE, SIDES, Mention, link
from tunegate.checks.names.features import Scene
from tunegate.checks.names.tagger import Floats
from tunegate.checks.names.tokens import Flags, Ints, hash_words
from tunegate.model import CONTENT

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


@dataclass(frozen=True)
class _Part:
    """Some whole conversations as columns; of each text its place, row, role, and whether asked."""

    texts: list[str]
    place: list[int]
    row: Ints
    role: list[str | None]
    asked: Flags


@dataclass
class _Span:
    text: int
    start: int
    end: int
    score: float
    words: tuple[str, ...] = field(default=())


def scan(turns: pl.DataFrame, people: pl.DataFrame | None, how: Scan) -> list[Found]:
    """Return the names in some conversations, in order."""
    texts = turns["text"].to_list()
    seen = features.scene(texts)
    part = _Part(
        texts,
        turns["place"].to_list(),
        turns["row"].to_numpy(),
        turns["role"].to_list(),
        _asked(turns, seen),
    )
    known = _known(people, part) if people is not None and people.height else {}
    found = [*_tagged(seen, part, known, how), *_phrased(part), *_fielded(seen, part)]
    return list(_linked(part, _apart(found), known))


def _asked(turns: pl.DataFrame, seen: Scene) -> Flags:
    """Tell which texts answer a question for a name, or are the value of a field for one."""
    asked = turns["part"].str.contains(r"(?i)name|customer|requester|assignee").to_numpy().copy()
    for text in np.flatnonzero(asked):
        asked[text] = cues.is_named_part(turns["part"][int(text)])
    asking = np.flatnonzero(features.is_one_of(seen.words.hash, _ASKING))
    if not len(asking):
        return asked
    content = (turns["part"].str.starts_with(CONTENT) & turns["turn"].is_not_null()).to_numpy()
    role, row, branch = turns["role"].to_list(), turns["row"].to_numpy(), turns["branch"].to_list()
    begins = np.searchsorted(seen.text_begin, seen.words.start[asking], side="right") - 1
    for text in np.unique(begins).tolist():
        after = text + 1
        if after >= turns.height or row[after] != row[text] or branch[after] != branch[text]:
            continue
        turned = role[text] != role[after] and content[text] and content[after]
        if turned and role[after] == "user" and cues.asks_for_name(turns["text"][text]):
            asked[after] = True
    return asked


def _known(people: pl.DataFrame, part: _Part) -> dict[int, list[Mention]]:
    """Return for each conversation who takes part."""
    known: dict[int, list[Mention]] = {}
    here = people.filter(pl.col("row").is_in(np.unique(part.row)))
    for row, role, value in here.select("row", "role", "value").sort("row", "role", "value").iter_rows():
        words = _words(value or "")
        if words:
            known.setdefault(row, []).append(Mention(words, SIDES.get(role)))
    return known


def _words(name: str) -> tuple[str, ...]:
    found = tokens.split_words([name])
    return tuple(
        name[start:end].lower()
        for start, end in zip(found.start, found.end, strict=True)
        if end - start > 1
    )


def _tagged(
    seen: Scene, part: _Part, known: dict[int, list[Mention]], how: Scan
) -> Iterator[_Span]:
    words = seen.words
    if not len(words):
        return
    text = np.searchsorted(seen.text_begin, words.start, side="right") - 1
    rows = part.row[text]
    answers = part.asked[text]
    if answers.any():
        answers &= np.arange(len(words)) - np.searchsorted(text, text) < _ANSWER_WORDS
    at = features.candidates(seen, answers if answers.any() else None)
    likely = np.zeros(len(words), np.float32)
    likely[at] = _answered(seen, text, answers, at, tagger.likelihood(seen, at), how)
    tied = spans.joins(words)
    chosen = spans.accepted(likely, tied, threshold=how.threshold, beside=how.beside)
    if known:
        hashes = [
            spans.keys(hash_words(list(one.words)), np.full(len(one.words), row))
            for row, each in known.items()
            for one in each
        ]
        theirs = spans.of_people(seen, rows, np.concatenate(hashes), tied)
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


def _phrased(part: _Part) -> Iterator[_Span]:
    for number, text in enumerate(part.texts):
        if not text.isascii() and cues.has_phrase(text):
            for start, end in cues.after_phrases(text):
                yield _Span(number, start, end, _BY_PHRASE)


def _fielded(seen: Scene, part: _Part) -> Iterator[_Span]:
    for number, text in enumerate(part.texts):
        if text[:1] in ("{", "[") and '"' in text:
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


def _linked(
    part: _Part, found: Sequence[_Span], known: dict[int, list[Mention]]
) -> Iterator[Found]:
    for row, group in groupby(found, key=lambda span: int(part.row[span.text])):
        of_row = list(group)
        mentions = [_mention(part, span) for span in of_row]
        numbers, sides = link(mentions, known.get(row, ()))
        for span, number, side in zip(of_row, numbers, sides, strict=True):
            yield part.place[span.text], span.start, span.end, side, number, span.score


def _mention(part: _Part, span: _Span) -> Mention:
    text = part.texts[span.text]
    name = text[span.start : span.end]
    words = _words(name) or (name.lower(),)
    role = SIDES.get(part.role[span.text] or "")
    own = True if part.asked[span.text] else cues.is_own(text, span.start, span.end)
    if role is None or own is None:
        return Mention(words)
    return Mention(words, role if own else OTHER_SIDE[role])
