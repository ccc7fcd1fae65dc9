"""From likely words to spans, and from a name found once to all its places in a conversation."""

from dataclasses import dataclass

import numpy as np

from tunegate.checks.names import lexicon, tokens
from tunegate.checks.names.features import Scene, in_code
from tunegate.checks.names.tagger import Floats
from tunegate.checks.names.tokens import Flags, Hashes, Ints, Words

_JOINS = 2  # steps in which a likely neighbour joins a name
_SHORTEST = 3  # letters of a part of a name that is looked for alone
_BLOOM = np.uint64(0xFFFF)
_SPREAD = np.uint64(0xD6E8FEB86659FD93)
_SURE = 0.75  # certainty from which a name is looked for in all the conversation
_AS_WELL = 0.2  # and that the places of a name need that is an ordinary word too, as Mark is
_FOUND_AGAIN = 0.8  # certainty of a name that is one only because it is one elsewhere
OF_PEOPLE = 0.95  # and of one that the export's own table of people has


@dataclass(frozen=True)
class Spans:
    """Runs of words; arrays of equal length. first, last: words. score: certainty."""

    first: Ints
    last: Ints
    score: Floats

    def __len__(self) -> int:
        """The number of spans."""
        return len(self.first)


def joins(words: Words) -> Flags:
    """Tell for each word whether the next one can belong to the same name."""
    tied = np.zeros(len(words), bool)
    if len(words) < 2:
        return tied
    end = words.end[:-1]
    length = words.start[1:] - end
    kind, later = words.kind_at(end), words.kind_at(end + 1)
    single = (kind == tokens.SPACE) | (kind == tokens.HYPHEN) | (kind == tokens.APOSTROPHE)
    initial = words.shape[:-1] == tokens.INITIAL
    dotted = (kind == tokens.STOP) & initial
    tied[:-1] = (length == 1) & (single | dotted)
    tied[:-1] |= (length == 2) & (later == tokens.SPACE) & (dotted | (kind == tokens.SPACE))
    return tied


def accepted(likely: Floats, tied: Flags, *, threshold: float | Floats, beside: float) -> Flags:
    """Return the words that are in names.

    likely: of every word. threshold: for all, or for each. beside: enough for a word that is tied
    to a name.
    """
    chosen = likely >= threshold
    enough = likely >= beside
    for _ in range(_JOINS):
        wider = chosen.copy()
        wider[1:] |= chosen[:-1] & tied[:-1] & enough[1:]
        wider[:-1] |= chosen[1:] & tied[:-1] & enough[:-1]
        chosen = wider
    return chosen


def runs(chosen: Flags, tied: Flags, likely: Floats) -> Spans:
    """Return the spans of chosen words that are tied."""
    at = np.flatnonzero(chosen)
    if not len(at):
        return Spans(at, at, likely[at])
    opens = np.ones(len(at), bool)
    opens[1:] = (at[1:] != at[:-1] + 1) | ~tied[at[:-1]]
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(at)) - 1
    return Spans(at[first], at[last], np.maximum.reduceat(likely[at], first))


def keys(hashes: Hashes, rows: Ints) -> Hashes:
    """Return one number for a word in a conversation."""
    return hashes ^ (rows.astype(np.uint64) * _SPREAD)


def found_again(seen: Scene, rows: Ints, chosen: Flags, likely: Floats) -> Flags:
    """Return the other places of words that are in names, in the same conversation.

    rows: of every word.
    """
    telling = (seen.flags & (lexicon.ORDINARY | lexicon.NEVER)) == 0
    telling |= ((seen.flags & lexicon.FIRST) != 0) & (likely >= _AS_WELL)
    telling &= seen.words.end - seen.words.start >= _SHORTEST
    sure = np.flatnonzero(chosen & telling & (likely >= _SURE))
    again: Flags = (
        is_among(seen.words.hash, rows, keys(seen.words.hash[sure], rows[sure])) & telling
    )
    again &= ~chosen
    lower = seen.shape == tokens.LOWER
    again &= ~lower | (((seen.flags & lexicon.NAME) != 0) & ((seen.flags & lexicon.PLACE) == 0))
    at = np.flatnonzero(again)
    again[at] &= ~in_code(seen, at)
    return again


def again_score(likely: Floats, again: Flags) -> Floats:
    """Return the certainty of words after names were looked for elsewhere."""
    return np.where(again, np.maximum(likely, np.float32(_FOUND_AGAIN)), likely)


def is_among(hashes: Hashes, rows: Ints, known: Hashes) -> Flags:
    """Tell which words, each in its conversation, are known there."""
    if not len(known):
        return np.zeros(len(hashes), bool)
    own = keys(hashes, rows)
    bloom = np.zeros(int(_BLOOM) + 1, bool)
    bloom[known & _BLOOM] = True
    maybe: Flags = bloom[own & _BLOOM]
    some = np.flatnonzero(maybe)
    maybe[some] = np.isin(own[some], known)
    return maybe


def of_people(seen: Scene, rows: Ints, known: Hashes, tied: Flags) -> Flags:
    """Return the places of names that the export's own table of people has.

    A full name counts in any case; a part of it with a capital, where it is no ordinary word too.
    """
    part = is_among(seen.words.hash, rows, known)
    at = np.flatnonzero(part)
    part[at] &= ~in_code(seen, at)
    full = np.zeros(len(part), bool)
    pairs = part[:-1] & part[1:] & tied[:-1] & (seen.words.hash[:-1] != seen.words.hash[1:])
    full[:-1] |= pairs
    full[1:] |= pairs
    plain = (seen.flags & (lexicon.ORDINARY | lexicon.NEVER)) == 0
    plain &= seen.words.end - seen.words.start >= _SHORTEST
    written = (seen.shape != tokens.LOWER) | ((seen.flags & lexicon.NAME) != 0)
    full |= part & plain & written
    return full
