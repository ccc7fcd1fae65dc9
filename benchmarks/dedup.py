"""Measure near-duplicate search on planted corpora, beside datasketch where it is installed.

    python benchmarks/dedup.py shingle    # how fast texts become shingles
    python benchmarks/dedup.py scale      # time and memory of finding the pairs, at several sizes
    python benchmarks/dedup.py compare    # both engines, alternating, on the same documents

Time starts with texts in memory (`shingle`, `compare`) or with sketches on disk (`scale`).
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from tunegate.checks.near_duplicate import NearDuplicate
from tunegate.model import Batch, to_batch

Ints = npt.NDArray[np.int64]
Pairs = set[tuple[int, int]]
Result = TypeVar("Result")

VOCABULARY = 60_000
PHRASES = 20_000
BATCH = 4096  # documents
REPEATS = 3
CHECK = NearDuplicate(threshold=0.7, words=3)


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


CORPORA = (
    Corpus("20k of 0.7 kB", 20_000, words=105, per_template=20),
    Corpus("100k of 0.7 kB", 100_000, words=105, per_template=100),
    Corpus("200k of 1.5 kB", 200_000, words=225, per_template=200),
    Corpus("40 templates, 1k each", 42_000, per_template=1000, copied=0.0),
)


class Folder:
    """Sketches that a folder holds, one file a part."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Read one file after the other."""
        for file in sorted(self.path.glob("*.parquet")):
            yield pl.read_parquet(file)


def batches(texts: Sequence[str]) -> list[Batch]:
    """Return conversations of one turn each."""
    return [
        to_batch([[("user", text)] for text in texts[first : first + BATCH]], first=first)
        for first in range(0, len(texts), BATCH)
    ]


def sketches(read: Sequence[Batch]) -> list[pl.DataFrame]:
    """Return the sketch of each batch."""
    return [CHECK.sketch(batch) for batch in read]


def shingle() -> None:
    """Print the speed of sketching: of one process, in megabytes of text a second of CPU time."""
    for corpus in CORPORA[:2]:
        texts = corpus.texts()
        megabytes = sum(len(text.encode()) for text in texts) / 1e6
        read = batches(texts)
        seconds = min(measured(partial(sketches, read))[1] for _ in range(REPEATS))
        print(f"{corpus.name:24} {megabytes:7.1f} MB {megabytes / seconds:6.1f} MB/s of CPU time")


def scale() -> None:
    """Print what finding the pairs takes, each time in a process of its own."""
    print(f"{'corpus':24} {'MB':>7} {'wall s':>7} {'CPU s':>7} {'peak MiB':>9} {'pairs':>11}")
    for corpus in CORPORA:
        with tempfile.TemporaryDirectory() as folder:
            texts = corpus.texts()
            for number, batch in enumerate(batches(texts)):
                CHECK.sketch(batch).write_parquet(Path(folder) / f"{number:06}.parquet")
            megabytes = sum(len(text.encode()) for text in texts) / 1e6
            command = [sys.executable, __file__, "resolve", folder]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
        took = json.loads(done.stdout)
        print(
            f"{corpus.name:24} {megabytes:7.1f} {took['wall']:7.2f} {took['cpu']:7.2f}"
            f" {took['peak']:9.0f} {took['pairs']:11,}",
            flush=True,
        )


def resolve(folder: Path) -> None:
    """Find the pairs of a folder of sketches; print what it took as JSON."""
    wall, cpu, found = measured(lambda: CHECK.resolve(Folder(folder)))
    # Not `ru_maxrss`: it starts from the size of the process that started this one (Linux only).
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": peak, "pairs": found.height}))


def compare(documents: int) -> None:
    """Print both engines' time and pairs, the median of alternating runs."""
    texts = Corpus("compare", documents, words=105, per_template=documents // 1000).texts()
    read = batches(texts)
    engines: dict[str, Callable[[], Pairs]] = {
        "tunegate": lambda: _expanded(CHECK.resolve(sketches(read)))
    }
    try:
        import datasketch  # noqa: F401 - only whether it is there
    except ImportError:
        print("datasketch is not installed: nothing to compare with")
    else:
        engines["datasketch"] = lambda: _datasketch_pairs(texts)
    runs = [(name, measured(find)) for _ in range(REPEATS) for name, find in engines.items()]
    truth = runs[0][1][2]
    print(f"{documents} documents, {sum(map(len, texts)) / 1e6:.1f} MB")
    print(f"{'engine':12} {'wall s':>8} {'CPU s':>8} {'pairs':>9} {'precision':>10} {'recall':>7}")
    for engine in engines:
        walls, cpus, found = zip(*(took for name, took in runs if name == engine), strict=True)
        right = len(found[0] & truth)
        print(
            f"{engine:12} {np.median(walls):8.2f} {np.median(cpus):8.2f} {len(found[0]):9,}"
            f" {right / len(found[0]):10.3f} {right / len(truth):7.3f}"
        )


def measured(run: Callable[[], Result]) -> tuple[float, float, Result]:
    """Return wall seconds, CPU seconds and the result of a run."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = run()
    return time.perf_counter() - wall, time.process_time() - cpu, result


def _expanded(found: pl.DataFrame) -> Pairs:
    """Return every pair that the stars of equal sets stand for."""
    groups: dict[int, list[int]] = {}
    for row, related in found.filter(stage="same-set").select("row", "related").iter_rows():
        groups.setdefault(row, [row]).append(related)
    pairs = {pair for group in groups.values() for pair in combinations(sorted(group), 2)}
    for row, related in found.filter(stage="near").select("row", "related").iter_rows():
        for one in groups.get(row, [row]):
            for other in groups.get(related, [related]):
                pairs.add((min(one, other), max(one, other)))
    return pairs


def _datasketch_pairs(texts: Sequence[str]) -> Pairs:
    from datasketch import MinHash, MinHashLSH

    runs = []
    for text in texts:
        words = re.findall(r"\w+", text.lower())
        starts = range(max(len(words) - CHECK.words + 1, 1))
        runs.append({" ".join(words[s : s + CHECK.words]).encode() for s in starts})
    hashes = MinHash.bulk(runs, num_perm=128, seed=1)
    index = MinHashLSH(threshold=CHECK.threshold, num_perm=128)
    with index.insertion_session() as session:
        for number, hashed in enumerate(hashes):
            session.insert(number, hashed, check_duplication=False)
    return {
        (number, other)
        for number, hashed in enumerate(hashes)
        for other in index.query(hashed)
        if number < other
    }


def main() -> None:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("shingle")
    commands.add_parser("scale")
    commands.add_parser("compare").add_argument("--documents", type=int, default=20_000)
    commands.add_parser("resolve").add_argument("folder", type=Path)
    given = parser.parse_args()
    match given.command:
        case "shingle":
            shingle()
        case "scale":
            scale()
        case "compare":
            compare(given.documents)
        case "resolve":
            resolve(given.folder)


if __name__ == "__main__":
    main()
