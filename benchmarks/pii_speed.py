"""Compare the speed of the scan with Presidio's pattern recognisers, alternated in one run.

make bench-pii          # installs presidio-analyzer, which is a dependency of this script alone
python benchmarks/pii_speed.py --data ../shared/data --documents 300

Both read the same texts, one thread each, and processor time is what counts: the machine is shared,
so trust the ratios. Presidio runs with its default recognisers and a blank spaCy pipeline, that is
without a model for names.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("POLARS_MAX_THREADS", "1")

from tunegate.model import Batch, to_batch
from tunegate.rules import Rule, load_rules
from tunegate.scanner import Scanner

# Ours for what Presidio's default recognisers find by pattern.
SAME_TYPES = [
    "pii/payment-card",
    "pii/crypto-wallet",
    "pii/email-address",
    "pii/iban",
    "pii/ipv4-address",
    "pii/ipv6-address",
    "pii/mac-address",
    "pii/phone-number",
    "pii/personal-url",
    "pii/bank-account",
    "pii/us-driver-license",
    "pii/us-itin",
    "pii/us-passport",
    "pii/us-ssn",
    "pii/uk-nhs-number",
]


def dialogues(path: Path, count: int) -> list[list[tuple[str, str]]]:
    """Return the first dialogues of a file, as turns."""
    with path.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(count), strict=False)]
    return [
        [
            ("assistant" if part.startswith("Agent: ") else "user", part.partition(": ")[2])
            for part in text.split("\n")
            if part
        ]
        for text in texts
    ]


def presidio() -> Callable[[Sequence[str]], None]:
    """Return a scan by Presidio's default recognisers without a language model."""
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

    blank = spacy.blank("en")

    class Blank(NlpEngine):  # type: ignore[misc,unused-ignore]
        """A pipeline that tokenises and knows no names."""

        def load(self) -> None:
            """Nothing to load."""

        def is_loaded(self) -> bool:
            """It always is."""
            return True

        def process_text(self, text: str, language: str) -> Any:  # noqa: ANN401 - its own type
            doc = blank(text)
            return NlpArtifacts(
                [], doc, [t.idx for t in doc], [t.text for t in doc], self, language
            )

        def process_batch(self, texts: Any, language: str, **_: Any) -> Any:  # noqa: ANN401
            return ((text, self.process_text(text, language)) for text in texts)

        def is_stopword(self, word: str, language: str) -> bool:
            return False

        def is_punct(self, word: str, language: str) -> bool:
            return False

        def get_supported_entities(self) -> list[str]:
            return []

        def get_supported_languages(self) -> list[str]:
            return ["en"]

    analyzer = AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"])

    def scan(texts: Sequence[str]) -> None:
        for text in texts:
            analyzer.analyze(text, language="en")

    return scan


def ours(rules: Sequence[Rule], engine: str) -> Callable[[Batch], None]:
    """Return a scan by some rules, ready to run."""
    scanner = Scanner(rules, on="source", engine=engine)

    def scan(batch: Batch) -> None:
        _, failures = scanner.run(batch)
        assert not failures, failures

    scan(to_batch([[("user", "Compile what is compiled once, Anna.")]]))
    return scan


def seconds(call: Callable[[], None]) -> float:
    """Return the processor time of one call."""
    begun = time.process_time()
    call()
    return time.process_time() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    path = options.data / "pii" / "sgd_dev.jsonl"
    if not path.is_file():
        print(f"skipped: {path} is not there (give its folder with --data)")
        return
    said = dialogues(path, options.documents)
    batch, texts = to_batch(said), [text for turns in said for _, text in turns]
    size = sum(len(text.encode()) for text in texts) / 1e6
    every = [rule for rule in load_rules() if rule.family in ("pii", "secret")]
    nameless = [rule for rule in every if rule.id != "pii/person-name"]
    same = [rule for rule in every if rule.id in SAME_TYPES]
    assert len(same) == len(SAME_TYPES), {*SAME_TYPES} - {rule.id for rule in same}
    scans = {
        "same types, hyperscan": ours(same, "hyperscan"),
        "same types, portable": ours(same, "portable"),
        f"all {len(nameless)} but names, hyperscan": ours(nameless, "hyperscan"),
        f"all {len(nameless)} but names, portable": ours(nameless, "portable"),
        f"all {len(every)}, hyperscan": ours(every, "hyperscan"),
        f"all {len(every)}, portable": ours(every, "portable"),
    }
    peer = presidio()
    peer(texts[:20])
    spent: dict[str, list[float]] = {name: [] for name in scans}
    spent_by_peer: list[float] = []
    for _ in range(options.rounds):
        spent_by_peer.append(seconds(lambda: peer(texts)))
        for name, scan in scans.items():
            spent[name].append(seconds(lambda scan=scan: scan(batch)))  # type: ignore[misc]
    print(f"{len(said)} dialogues, {len(texts)} turns, {size:.2f} MB, {options.rounds} rounds")
    print(f"{'presidio':38} {size / statistics.median(spent_by_peer):8.3f} MB per CPU-second")
    for name, mine in spent.items():
        ratios = [theirs / own for theirs, own in zip(spent_by_peer, mine, strict=True)]
        speed = size / statistics.median(mine)
        low, high = min(ratios), max(ratios)
        middle = statistics.median(ratios)
        print(f"{name:38} {speed:8.3f} MB per CPU-second  {middle:6.1f}x ({low:.1f}-{high:.1f})")


if __name__ == "__main__":
    main()
