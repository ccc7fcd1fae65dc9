"""What the tagger looks at: which words may be names, and what they and their neighbours are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tunegate.checks.names import lexicon, tokens
from tunegate.checks.names.tokens import Flags, Hashes, Ints, Small, Words, hash_words, mixed

BITS = 17  # of the weights' index
_SHIFT = np.uint64(64 - BITS)
_REACH = 3  # words looked at on each side
_NOTHING, _RARE = np.uint64(1), np.uint64(2)  # stand for no word, and for a word that tells nothing

# A word after one of these may be a name even in lower case, and even if no list has it.
_BEFORE_NAMES = (
    "name named called names hi hello hey hiya dear mr mrs ms miss mx dr prof sir madam mister"
    " doctor"
    " im am this its is with to by from for thanks thx thank regards cheers sincerely morning"
    " afternoon"
    " evening ask speak spoke talk contact agent customer herr frau hallo hola bonjour salut"
    " ciao senor"
    " senora sr sra srta monsieur madame mme heisse ich bin llamo soy nombre appelle suis"
    " chiamo sono"
    " nome chamo naam heet jmenuji nazywam imie firstname lastname surname username wife"
    " husband son"
    " daughter brother sister friend boss colleague attn"
)


@dataclass(frozen=True)
class Scene:
    """The words of some texts with what is known of each, and their lines.

    flags: of the lexicon. shape: as written, but LOWER in lines that are all capitals. text_begin,
    line_begin: code points, ascending.
    """

    words: Words
    flags: Small
    shape: Small
    text_begin: Ints
    line_begin: Ints
    line_word: (
        Ints  # the first word at or after the beginning of each line, and the number of words
    )
    lowers: Ints  # how many words before each are in lower case
    is_ascii: bool

    def together(self, at: Ints, other: Ints) -> Flags:
        """Tell which words stand in one text with those at other places; none beyond the ends."""
        inside = (other >= 0) & (other < len(self.words))
        begins = self.words.start[np.where(inside, other, at)]
        own = np.searchsorted(self.text_begin, self.words.start[at], side="right")
        same: Flags = np.searchsorted(self.text_begin, begins, side="right") == own
        return same & inside

    @property
    def described(self) -> Hashes:
        """Flags and shape of each word as one number."""
        return self.flags.astype(np.uint64) << np.uint64(3) | self.shape


def scene(texts: Sequence[str], sizes: Ints | None = None) -> Scene:
    """Look up the words of texts; sizes: their code points, where they are known."""
    joined = "\0".join(texts)
    words = tokens.split_joined(joined)
    if sizes is None:
        sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    text_begin = np.append(0, np.cumsum(sizes + 1))
    lines = np.flatnonzero(words.kind == tokens.LINE) - tokens.PADDING + 1
    line_begin = np.sort(np.append(text_begin, lines)) if len(lines) else text_begin
    line_word = np.searchsorted(words.start, line_begin)
    lowers = np.concatenate([[0], np.cumsum(words.shape == tokens.LOWER)])
    shape = _calm(words, line_word, lowers)
    return Scene(
        words,
        lexicon.flags_of(words.hash),
        shape,
        text_begin,
        line_begin,
        line_word,
        lowers,
        joined.isascii(),
    )


def candidates(seen: Scene, asked: Flags | None = None) -> Ints:
    """Return the places of the words that may be names.

    asked: which words answer a question for a name.
    """
    flags, shape = seen.flags, seen.shape
    is_lower = shape == tokens.LOWER
    possible = ((flags & lexicon.NEVER) == 0) & ~is_one_of(seen.words.hash, _TITLES)
    ordinary = (flags & lexicon.ORDINARY) != 0
    named = (flags & lexicon.NAME) != 0
    plain = possible & ~ordinary
    opens = np.zeros(len(flags) + 1, bool)  # nothing is looked at across the ends of texts
    opens[seen.line_word[np.searchsorted(seen.line_begin, seen.text_begin)]] = True
    inside = ~opens[:-1]
    after = _next(is_one_of(seen.words.hash, CUES)) & inside
    if asked is not None:
        after |= asked
    behind = _next(plain & (after | named)) & inside
    lower = plain & (named | after | behind)
    lower |= after & named & possible
    which = np.where(is_lower, lower, possible & (shape != tokens.INITIAL))
    near = _next(which) & inside
    near[:-1] |= which[1:] & inside[1:]
    particle = is_one_of(seen.words.hash, _PARTICLES)
    which |= near & ((shape == tokens.INITIAL) | particle)
    found = np.flatnonzero(which)
    return found[~in_code(seen, found)]


def indices(seen: Scene, at: Ints) -> list[Ints]:
    """Return for each feature the index of its weight, for the words at some places."""
    return [
        (mixed(value + salt) >> _SHIFT).astype(np.int64)
        for value, salt in zip(_values(seen, at), _SALTS, strict=True)
    ]


_SALTS = np.arange(1, 37, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)  # one a feature
CUES = hash_words(_BEFORE_NAMES.split())
_TITLES = hash_words(
    "mr mrs ms miss mx dr prof sir madam mister doctor professor frau herr herrn sr sra srta senor"
    " senora monsieur madame mademoiselle mme mlle sig signor signora pan pani dhr mevrouw"
    " meneer dra"
    " dott dottore jr team support customer agent user".split()
)
_PARTICLES = hash_words(
    "de da di du del della der den van von bin ibn al el la le dos das ter ten abu mc mac"
    " st".split()
)


def is_one_of(hashes: Hashes, these: Hashes) -> Flags:
    """Tell which hashes are among a few: a small table first, then exactly."""
    low = np.zeros(1 << 12, bool)
    low[these & np.uint64(0xFFF)] = True
    maybe: Flags = low[hashes & np.uint64(0xFFF)]
    some = np.flatnonzero(maybe)
    maybe[some] = np.isin(hashes[some], these)
    return maybe


def _calm(words: Words, line_word: Ints, lowers: Ints) -> Small:
    """Return the shapes, with the words of lines without any lower case as if they were lower."""
    loud = words.shape == tokens.ALL_UPPER
    if not loud.any():
        return words.shape
    louds = np.concatenate([[0], np.cumsum(loud)])
    first, last = line_word[:-1], line_word[1:]
    titled = (last - first) - (lowers[last] - lowers[first]) - (louds[last] - louds[first])
    shouted = (louds[last] - louds[first] >= 2) & (lowers[last] == lowers[first]) & (titled <= 1)
    shape = words.shape.copy()
    shape[np.repeat(shouted, last - first)] = tokens.LOWER
    return shape


def _next(which: Flags) -> Flags:
    """Return for each word what holds of the word before."""
    moved = np.zeros(len(which), bool)
    moved[1:] = which[:-1]
    return moved


def in_code(seen: Scene, at: Ints) -> Flags:
    """Tell which words are part of an address, a handle, a path, a placeholder or the like."""
    words = seen.words
    glued = _touches_code(words, at)
    # jane.doe@ and jane-doe@: what is tied to such a word is part of it too.
    after = np.minimum(at + 1, len(words) - 1)
    joint = words.kind_at(words.end[at])
    tied = (words.start[after] - words.end[at] == 1) & (
        (joint == tokens.STOP) | (joint == tokens.HYPHEN)
    )
    glued[tied] |= _touches_code(words, after[tied])
    return glued


def _touches_code(words: Words, at: Ints) -> Flags:
    start, end = words.start[at], words.end[at]
    before, after = words.kind_at(start - 1), words.kind_at(end)
    further, later = words.kind_at(start - 2), words.kind_at(end + 1)
    apart = (further == tokens.SPACE) | (further == tokens.LINE) | (further == tokens.EDGE)
    lower = words.shape[at] == tokens.LOWER
    glued: Flags = (before == tokens.CODE) | (before == tokens.DIGIT)
    glued |= (after == tokens.CODE) | (after == tokens.DIGIT)
    glued |= (before == tokens.SLASH) & (apart | lower | (further == tokens.SLASH))
    glued |= (after == tokens.SLASH) & lower
    # LM-20417; "Smith-1990" may be a name.
    capital = words.shape[at] == tokens.ALL_UPPER
    glued |= (after == tokens.HYPHEN) & (later == tokens.DIGIT) & capital
    glued |= (before == tokens.STOP) & (apart | lower) & (further != tokens.STOP)
    glued |= (after == tokens.STOP) & ((later & tokens.LETTER) != 0) & ((later & tokens.UPPER) == 0)
    glued |= (
        (before == tokens.OPENING)
        & (after == tokens.CLOSING)
        & (words.shape[at] == tokens.ALL_UPPER)
    )
    return glued


@dataclass(frozen=True)
class _Around:
    """What stands at one distance from each of some words."""

    word: Hashes
    seen: Hashes


def _values(seen: Scene, at: Ints) -> list[Hashes]:
    """Return the values of all features; each is a number that only its equals share."""
    words = seen.words
    begin = np.searchsorted(seen.line_begin, words.start[at], side="right") - 1
    first, last = seen.line_word[begin], seen.line_word[begin + 1]
    text = np.searchsorted(seen.text_begin, words.start[at], side="right") - 1
    from_, to = seen.text_begin[text], seen.text_begin[text + 1]
    around = {d: _around(seen, at + d, from_, to) for d in range(-_REACH, _REACH + 1)}
    w = {d: each.word for d, each in around.items()}
    s = {d: each.seen for d, each in around.items()}
    gap_before, gap_after = _gap(words, at - 1, from_, to), _gap(words, at, from_, to)
    length = words.end[at] - words.start[at]
    place = _place(at, first, last, words.start[at] == from_)
    capitals = _capitals(seen, first, last)
    shape = seen.shape[at].astype(np.uint64)
    regime = (shape == tokens.LOWER).astype(np.uint64)
    own = s[0]
    parts: list[tuple[Hashes, ...]] = [
        (w[0],),
        (own,),
        (words.head(at, 3), shape),
        (words.tail(at, 3), shape),
        (words.tail(at, 2), regime),
        (words.tail(at, 4), shape),
        (np.minimum(length, 9).astype(np.uint64), shape, regime),
        (w[-1], regime),
        (w[1], regime),
        (w[-2], regime),
        (w[2], regime),
        (w[-2], w[-1], regime),
        (w[1], w[2], regime),
        (w[-1], w[1], regime),
        (w[-3], w[-2], w[-1]),
        (s[-1], regime),
        (s[1], regime),
        (s[-1], own),
        (own, s[1]),
        (s[-1], own, s[1]),
        (s[-2], s[-1], regime),
        (s[1], s[2], regime),
        (gap_before, own),
        (gap_after, own),
        (gap_before, gap_after, regime),
        (w[-1], gap_before, regime),
        (w[1], gap_after, regime),
        (w[-1], gap_before, own),
        (w[1], gap_after, own),
        (w[-2], w[-1], gap_before, own),
        (place, regime),
        (place, own),
        (place, gap_before, gap_after),
        (capitals, own),
        (capitals, place),
        (w[-1], place),
    ]
    return [_joined(part) for part in parts]


def _joined(parts: Sequence[Hashes]) -> Hashes:
    value = parts[0]
    for part in parts[1:]:
        value = value * np.uint64(0xFF51AFD7ED558CCD) + part
        value ^= value >> np.uint64(29)
    return value


def _around(seen: Scene, place: Ints, from_: Ints, to: Ints) -> _Around:
    words = seen.words
    near = np.clip(place, 0, len(words) - 1)
    start = words.start[near]
    outside = (place != near) | (start < from_) | (start >= to)
    flags = seen.flags[near]
    silent = ((flags & lexicon.NAME) != 0) & ((flags & (lexicon.ORDINARY | lexicon.NEVER)) == 0)
    word = np.where(silent | (flags == 0), _RARE, words.hash[near])
    described = flags.astype(np.uint64) << np.uint64(3) | seen.shape[near]
    return _Around(
        np.where(outside, _NOTHING, word), np.where(outside, np.uint64(1 << 12), described)
    )


def _gap(words: Words, place: Ints, from_: Ints, to: Ints) -> Hashes:
    """Describe what stands between the word at each place and the next one, within the text."""
    last = len(words) - 1
    end = np.where(place >= 0, words.end[np.maximum(place, 0)], -1)
    start = np.where(place < last, words.start[np.minimum(place + 1, last)], to)
    end, start = np.maximum(end, from_ - 1), np.minimum(start, to)
    length = np.minimum(np.maximum(start - end, 0), 4).astype(np.uint64)
    two = words.kind_at(end).astype(np.uint64) << np.uint64(7) | words.kind_at(start - 1)
    gap: Hashes = two << np.uint64(3) | length
    return gap


def _place(at: Ints, first: Ints, last: Ints, opens: Flags) -> Hashes:
    """Describe where in its line a word stands, and how long the line is."""
    from_start = np.minimum(at - first, 3)
    from_end = np.minimum(last - 1 - at, 3)
    length = np.minimum(last - first, 6)
    place: Hashes = (((from_start * 4 + from_end) * 8 + length) * 2 + opens).astype(np.uint64)
    return place


def _capitals(seen: Scene, first: Ints, last: Ints) -> Hashes:
    """Tell which share of its line's words have a capital, in quarters."""
    length = np.maximum(last - first, 1)
    lower = seen.lowers[last] - seen.lowers[first]
    quarters: Hashes = ((length - lower) * 4 // length).astype(np.uint64) + np.uint64(8) * (
        length > 4
    )
    return quarters
