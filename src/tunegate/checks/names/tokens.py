"""Cut texts into words with numpy: places, shapes and hashes, and no Python object for any word."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

# Classes of characters; what stands between two words is described by them.
OTHER, SPACE, LINE, STOP, COMMA, COLON, APOSTROPHE, HYPHEN = range(8)
QUOTE, OPENING, CLOSING, MARK, DIGIT, CODE, SLASH, EDGE = range(8, 16)
LETTER, UPPER = 0x20, 0x40  # bits beside the classes
_MEMBERS = {
    EDGE: "\0",
    LINE: "\n\r\x0b\x0c\u2028\u2029",
    STOP: ".…",
    COMMA: ",;",
    COLON: ":",
    APOSTROPHE: "'’ʼ`‘´",
    HYPHEN: "-‐‑–—",
    QUOTE: '"“”«»„',
    OPENING: "([{<",
    CLOSING: ")]}>",
    MARK: "!?¡¿",
    CODE: "@_#\\~$%^",
    SLASH: "/",
}
LOWER, TITLE, ALL_UPPER, INITIAL, MIXED = range(5)  # shapes of words

# Blocks from U+3000 on hold scripts without capitals, which are left to the cues.
_LAST = 0x3000
_NO_BASE = str.maketrans("øłđðıħŧŋœæßþ", "oldðihtnoasþ")  # letters without a decomposition
_WIDE = 8  # characters looked at in one step
PADDING = 2 * _WIDE
_EVERY = 0x0101010101010101
_SPREAD = np.uint64(0xBF58476D1CE4E5B9)  # the multipliers of splitmix64
_SPREAD_2 = np.uint64(0x94D049BB133111EB)
_KEPT = np.array([(1 << 8 * n) - 1 for n in range(_WIDE + 1)], np.uint64)  # the first n characters


@dataclass(frozen=True)
class Words:
    """The words of some texts that were joined; arrays of equal length.

    start, end: code points in the joined text. hash: of the word without case and accents. shape:
    see the constants. folded, kind: the characters, without case and as classes, after a padding.
    """

    start: Ints
    end: Ints
    hash: Hashes
    shape: Small
    folded: Small
    kind: Small

    def __len__(self) -> int:
        """The number of words."""
        return len(self.start)

    def kind_at(self, place: Ints) -> Small:
        """Return the class of the character at each place; EDGE around each text."""
        return self.kind[place + PADDING]

    def head(self, which: Ints, length: int) -> Hashes:
        """Return the first letters of some words, packed."""
        start = self.start[which]
        return (
            _loaded(self.folded, start + PADDING)
            & _KEPT[np.minimum(self.end[which] - start, length)]
        )

    def tail(self, which: Ints, length: int) -> Hashes:
        """Return the last letters of some words, packed."""
        end = self.end[which]
        start = np.maximum(end - length, self.start[which])
        return _loaded(self.folded, start + PADDING) & _KEPT[end - start]


def split_words(texts: Sequence[str]) -> Words:
    """Return the words of texts, which are joined with one character between them."""
    return split_joined("\0".join(texts))


def split_joined(joined: str) -> Words:
    """Return the words of a text, or of several with NUL between them."""
    folded, kind = _characters(joined)
    is_letter = (kind & LETTER).view(np.bool_)
    edges = np.flatnonzero(is_letter[1:] != is_letter[:-1]) + 1
    start, end = edges[::2], edges[1::2]
    length = end - start
    hashes = _loaded(folded, start) & _KEPT[np.minimum(length, _WIDE)]
    long = np.flatnonzero(length > _WIDE)
    hashes = mixed(hashes)
    rest = np.minimum(length[long], PADDING) - _WIDE
    hashes[long] ^= _loaded(folded, start[long] + _WIDE) & _KEPT[rest]
    hashes[long] = mixed(hashes[long] + length[long].astype(np.uint64))
    shape = _shapes(kind, start, length)
    return Words(start - PADDING, end - PADDING, hashes, shape, folded, kind)


def hash_words(words: Sequence[str]) -> Hashes:
    """Return the hash of each word, as `split_words` would."""
    found = split_words(words)
    if len(found) != len(words):
        raise ValueError("each must be one word of letters")
    return found.hash


def mixed(values: Hashes) -> Hashes:
    """Return values with each bit spread over all."""
    values = (values ^ (values >> np.uint64(30))) * _SPREAD
    values = (values ^ (values >> np.uint64(27))) * _SPREAD_2
    return values ^ (values >> np.uint64(31))


def _characters(joined: str) -> tuple[Small, Small]:
    """Return each character folded to a byte, and its class, with a padding on both sides."""
    folded, kind = _tables()
    pad = "\0" * PADDING
    if joined.isascii():
        octets = f"{pad}{joined}{pad}".encode()
        pair = octets.translate(_ascii(0)), octets.translate(_ascii(1))
        return np.frombuffer(pair[0], np.uint8), np.frombuffer(pair[1], np.uint8)
    code = np.frombuffer(f"{pad}{joined}{pad}".encode("utf-32-le", "surrogatepass"), np.uint32)
    wide = (code >= 0xFF01) & (code <= 0xFF5E)  # full-width forms of ASCII
    if wide.any():
        code = np.where(wide, code - 0xFEE0, code)
    code = np.minimum(code, _LAST)
    return folded.take(code), kind.take(code)


@cache
def _tables() -> tuple[Small, Small]:
    """Return for each character its folded byte and its class."""
    folded = np.zeros(_LAST + 1, np.uint8)
    kind = np.zeros(_LAST + 1, np.uint8)
    for code in range(_LAST):
        letter = chr(code)
        if letter.isalpha() or unicodedata.category(letter) == "Mn":
            kind[code] = LETTER | (UPPER if letter.isupper() or letter.istitle() else 0)
            lower = letter.lower().translate(_NO_BASE)
            base = ord(unicodedata.normalize("NFKD", lower)[0].lower())
            folded[code] = base if base < 0x80 else 0x80 | base & 0x7F  # two scripts may share one
        elif letter.isdigit():
            kind[code] = DIGIT
        elif letter.isspace():
            kind[code] = SPACE
    for number, members in _MEMBERS.items():
        for letter in members:
            kind[ord(letter)] = number
    return folded, kind


@cache
def _ascii(which: int) -> bytes:
    return _tables()[which][:256].tobytes()


def _loaded(characters: Small, start: Ints) -> Hashes:
    """Return the eight characters from each place on, as one number."""
    count = len(characters) - _WIDE + 1
    windows = np.ndarray(count, "<u8", buffer=characters, strides=(1,))
    return windows[start]  # type: ignore[return-value]  # the byte order is stated


def _shapes(kind: Small, start: Ints, length: Ints) -> Small:
    """Return the shape of each word, from its first characters."""
    seen = np.minimum(length, _WIDE)
    uppers = _loaded(kind, start) & _KEPT[seen] & np.uint64(UPPER * _EVERY)
    count = np.bitwise_count(uppers)
    first = (uppers & np.uint64(UPPER)) != 0
    shape = np.full(len(start), MIXED, np.uint8)
    shape[count == 0] = LOWER
    shape[first & (count == 1)] = TITLE
    whole = count == seen
    shape[whole & (length > 1)] = ALL_UPPER
    shape[whole & (length == 1)] = INITIAL
    return shape
