"""A made-up corpus of support conversations, seeded, with known shares of copies and values."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

COPIES, NEAR_COPIES, WITH_VALUES = 0.05, 0.05, 0.25  # shares of the conversations
SYLLABLES = [c + v for c in "bcdfghjklmnprstvwz" for v in "aeiou"]


class Corpus:
    """Words and phrases with Zipf frequencies, so that shingles repeat as they do in prose."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        sizes = self.rng.integers(1, 5, 40_000)
        self.words = ["".join(self.rng.choice(SYLLABLES, n)) for n in sizes]
        self.weights = self._zipf(len(self.words), 1.02)
        self.phrases = [" ".join(self._words(int(n))) for n in self.rng.integers(4, 12, 20_000)]
        self.phrase_weights = self._zipf(len(self.phrases), 0.9)

    @staticmethod
    def _zipf(size: int, power: float) -> np.ndarray:
        weights = 1 / (np.arange(size) + 2.7) ** power
        return np.cumsum(weights / weights.sum())

    def _words(self, count: int) -> list[str]:
        places = np.searchsorted(self.weights, self.rng.random(count))
        return [self.words[place] for place in places]

    def message(self, words: int) -> str:
        """Return one message of about so many words."""
        parts: list[str] = []
        length = 0
        while length < words:
            if self.rng.random() < 0.35:
                place = np.searchsorted(self.phrase_weights, self.rng.random())
                part = self.phrases[place]
            else:
                part = " ".join(self._words(int(self.rng.integers(5, 14))))
            parts.append(part.capitalize() + ".")
            length += part.count(" ") + 1
        return " ".join(parts)

    def value(self) -> str:
        """Return one made-up personal value."""
        number = int(self.rng.integers(10**6))
        return [
            f"my address is user{number}@example.com",
            f"call me at +1 202-555-01{number % 100:02}",
            "the card is 4111 1111 1111 1111",
            f"my server is 192.0.2.{number % 256}",
        ][number % 4]

    def conversation(self) -> list[str]:
        """Return the messages of one conversation."""
        turns = int(self.rng.integers(1, 4)) * 2
        sizes = self.rng.lognormal(np.log(1.05 * 190 / turns), 0.5, turns)
        messages = [self.message(max(6, int(size))) for size in sizes]
        if self.rng.random() < WITH_VALUES:
            messages[0] += f" {self.value()}"
        return messages

    def conversations(self, count: int) -> Iterator[list[str]]:
        """Yield conversations; copies are of one of the last thousand."""
        recent: list[list[str]] = []
        for _ in range(count):
            chance = self.rng.random()
            if recent and chance < COPIES + NEAR_COPIES:
                messages = list(recent[int(self.rng.integers(len(recent)))])
                if chance < NEAR_COPIES:
                    messages[-1] += f" {' '.join(self._words(6))}."
            else:
                messages = self.conversation()
                recent.append(messages)
                del recent[:-1000]
            yield messages


def write(path: Path, count: int, seed: int = 7) -> None:
    """Write chat JSONL of `count` conversations."""
    with path.open("w", encoding="utf-8") as out:
        for messages in Corpus(seed).conversations(count):
            turns = [
                {"role": "assistant" if n % 2 else "user", "content": text}
                for n, text in enumerate(messages)
            ]
            out.write(json.dumps({"messages": turns}) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--count", type=int, default=200_000)
    given = parser.parse_args()
    write(given.path, given.count)
