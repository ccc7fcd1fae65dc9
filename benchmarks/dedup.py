"""Measure near-duplicate search on planted corpora, beside datasketch where it is installed.

python benchmarks/dedup.py compare            # both engines, alternating, same documents
python benchmarks/dedup.py scale              # time and memory of each step at several sizes
python benchmarks/dedup.py shingle            # only how fast texts become shingles
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

VOCABULARY = 60_000
PHRASES = 20_000
PART = 4096  # documents a sketch file
THRESHOLD = 0.7
WORDS = 3


@dataclass(frozen=True)
class Corpus:
    """What to plant: how many documents of how many words, and how many are of one template.

    copied: share of documents made from another one, from not at all changed to every fifth word.
    """

    name: str
    documents: int
    words: int = 95
    templates: int = 40
    per_template: int = 0
    copied: float = 0.3

    def texts(self, seed: int = 7) -> list[str]:
        """Return the documents in a random order that the seed fixes."""
        rng = np.random.default_rng(seed)
        vocabulary = _vocabulary(rng)
        filled = self.templates * self.per_template
        copies = int(self.documents * self.copied)
        originals = _originals(rng, self.documents - filled - copies, self.words)
        parents = rng.integers(0, len(originals), copies)
        # A fifth of the copies have a parent in common with many others.
        popular = rng.random(copies) < 0.2
        parents[popular] = rng.integers(0, max(1, len(originals) // 200), popular.sum())
        documents = [
            *originals,
            *(_edited(rng, originals[parent]) for parent in parents),
            *_templates(rng, self.templates, self.per_template, self.words),
        ]
        return [
            " ".join(vocabulary[documents[place]].tolist())
            for place in rng.permutation(len(documents))
        ]


def _vocabulary(rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """Return invented words, then the same words with a full stop."""
    syllables = [c + v for c in "bcdfghjklmnprstvwz" for v in "aeiou"]
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        picks = rng.integers(0, len(syllables), int(rng.integers(1, 5)))
        words["".join(syllables[pick] for pick in picks)] = None
    return np.array([*words, *(f"{word}." for word in words)], dtype=object)


def _zipf(rng: np.random.Generator, size: int, exponent: float, count: int) -> Ints:
    """Return `count` ranks below `size`, small ones more often (Zipf's law)."""
    weights = np.cumsum((np.arange(size) + 3.7) ** -exponent)
    ranks: Ints = np.searchsorted(weights, rng.random(count) * weights[-1])
    return ranks


def _stream(rng: np.random.Generator, length: int) -> Ints:
    """Return word numbers in which a third of the words come in phrases that recur."""
    sizes = rng.integers(4, 13, PHRASES)
    bank = _zipf(rng, VOCABULARY, 1.02, int(sizes.sum()))
    starts = np.cumsum(sizes) - sizes
    pieces: list[Ints] = []
    made = 0
    while made < length:
        chosen = _zipf(rng, PHRASES, 0.9, 20_000)
        chosen[rng.random(chosen.size) < 0.65] = -1
        lengths = np.where(chosen < 0, rng.integers(5, 15, chosen.size), sizes[chosen])
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        words = bank[(np.repeat(starts[chosen], lengths) + within) % bank.size]
        fresh = np.repeat(chosen < 0, lengths)
        words[fresh] = _zipf(rng, VOCABULARY, 1.02, int(fresh.sum()))
        words[rng.random(words.size) < 0.1] += VOCABULARY
        pieces.append(words)
        made += words.size
    return np.concatenate(pieces)[:length]


def _originals(rng: np.random.Generator, count: int, words: int) -> list[Ints]:
    lengths = np.clip(rng.lognormal(np.log(words) - 0.18, 0.6, count), 6, 10 * words).astype(int)
    return np.split(_stream(rng, int(lengths.sum())), np.cumsum(lengths)[:-1])


def _edited(rng: np.random.Generator, words: Ints) -> Ints:
    """Return the words with up to a fifth replaced or left out; of some copies, none."""
    rate = max(0.0, rng.uniform(-0.05, 0.2))
    chance = rng.random(words.size)
    changed = np.where(chance < rate * 0.7, rng.integers(0, VOCABULARY, words.size), words)
    kept = changed[(chance >= rate) | (chance < rate * 0.7)]
    return kept if kept.size else words


def _templates(
    rng: np.random.Generator, templates: int, per_template: int, words: int
) -> Iterator[Ints]:
    """Yield replies that are the same but for four slots."""
    for _ in range(templates if per_template else 0):
        body = _zipf(rng, VOCABULARY, 1.02, words)
        slots = rng.choice(words, 4, replace=False)
        for _ in range(per_template):
            reply = body.copy()
            reply[slots] = rng.integers(0, VOCABULARY, 4)
            yield reply
