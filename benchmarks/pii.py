"""Measure the rules of pii/ and secret/: precision, recall, false alarms and speed.

python benchmarks/pii.py --data ../shared/data      # labelled files are skipped when absent
python benchmarks/pii.py --errors 20                # also print misses and false alarms

A gold span is found when findings of its label cover at least half of it; a finding is right when
at least half of it lies in gold spans of its label. `exact` counts gold spans found to the code
point. Invented numbers are random, with a fixed seed, in sentences of several languages.
"""

import argparse
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tunegate.checks.fused import FusedPatterns
from tunegate.checks.pattern import Pattern
from tunegate.model import Batch, to_batch
from tunegate.rules import load_rules

LABELS = {
    "pii/email-address": "EMAIL",
    "pii/phone-number": "PHONE",
    "pii/payment-card": "CREDIT_CARD",
    "pii/iban": "IBAN",
    "pii/us-ssn": "US_SSN",
    "pii/ipv4-address": "IP",
    "pii/ipv6-address": "IP",
    "pii/postal-address": "ADDRESS",
    "pii/postcode": "ADDRESS",
}
FILES = ("presres_large", "sgd_dev", "star")
SPEAKER = re.compile(r"(?:Customer|Agent): ")
ROUNDS = 5  # the best of them is printed: the machine is shared
Span = tuple[int, int]


@dataclass(frozen=True)
class Document:
    """One labelled document: its turns with the place of each in the text, and its gold."""

    text: str
    turns: tuple[tuple[int, str, str], ...]
    gold: tuple[tuple[int, int, str], ...]
    scored: frozenset[str]


def read(path: Path) -> Iterator[Document]:
    """Yield the documents of a labelled file; a dialogue's lines are its turns."""
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = record["text"]
        turns, place = [], 0
        for part in text.split("\n") if SPEAKER.match(text) else [text]:
            speaker = SPEAKER.match(part)
            skip = speaker.end() if speaker else 0
            role = "assistant" if part.startswith("Agent: ") else "user"
            turns.append((place + skip, role, part[skip:]))
            place += len(part) + 1
        gold = tuple((start, end, label) for start, end, label in record["spans"])
        yield Document(text, tuple(turns), gold, frozenset(record["scored"]))


def batch_of(documents: Sequence[Document]) -> Batch:
    """Return the documents as conversations."""
    return to_batch([[(role, text) for _, role, text in each.turns] for each in documents])


def predict(scan: FusedPatterns, documents: Sequence[Document]) -> list[dict[str, list[Span]]]:
    """Return label → spans for each document."""
    predicted: list[dict[str, list[Span]]] = [defaultdict(list) for _ in documents]
    found = scan.check(batch_of(documents)).select("rule", "row", "turn", "start", "end")
    for rule, row, turn, start, end in found.iter_rows():
        place = documents[row].turns[turn][0]
        predicted[row][LABELS.get(rule, rule)].append((place + start, place + end))
    return predicted


def half_covered(span: Span, others: Sequence[Span]) -> bool:
    """Tell whether other spans, which do not overlap, cover at least half of a span."""
    start, end = span
    return 2 * sum(max(0, min(end, b) - max(start, a)) for a, b in others) >= end - start


def score(name: str, documents: Sequence[Document], scan: FusedPatterns, errors: int) -> None:
    """Print precision and recall of each label that a file scores."""
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    for document, predicted in zip(documents, predict(scan, documents), strict=True):
        seen.update({label: len(spans) for label, spans in predicted.items()})
        for label in sorted(set(LABELS.values())):
            spans = predicted.get(label, [])
            gold = [(start, end) for start, end, kind in document.gold if kind == label]
            count = tally[label]
            for span in gold:
                hit = half_covered(span, spans)
                count.update(gold=1, found=hit, exact=span in spans)
                wrong += [] if hit else [f"miss  {label} {excerpt(document.text, span)}"]
            for span in spans:
                right = half_covered(span, gold)
                count.update(predicted=1, right=right, unscored=label not in document.scored)
                wrong += [] if right else [f"false {label} {excerpt(document.text, span)}"]
    print(f"\n{name}: {len(documents)} documents")
    print(f"{'label':12} {'gold':>6} {'found':>6} {'precision':>10} {'recall':>7} {'exact':>7}")
    for label, count in sorted(tally.items()):
        if count["gold"] or count["predicted"]:
            print(
                f"{label:12} {count['gold']:6} {count['predicted']:6}"
                f" {share(count['right'], count['predicted']):>10}"
                f" {share(count['found'], count['gold']):>7}"
                f" {share(count['exact'], count['gold']):>7}"
                + (" (not scored by the file)" if count["unscored"] else "")
            )
    others = Counter({rule: n for rule, n in seen.items() if rule not in LABELS.values()})
    print("other findings:", ", ".join(f"{n} {rule}" for rule, n in others.items()) or "none")
    print("\n".join(wrong[:errors]), end="\n" if errors else "")


def excerpt(text: str, span: Span) -> str:
    """Return a span with what stands around it; the data is public."""
    start, end = span
    return repr(f"{text[max(0, start - 50) : start]}[[{text[start:end]}]]{text[end : end + 20]}")


def share(part: int, whole: int) -> str:
    """Return a ratio as text, or a dash where there is nothing to divide by."""
    return f"{part / whole:.4f}" if whole else "-"


def speed(name: str, documents: Sequence[Document], scan: FusedPatterns) -> None:
    """Print how much text a second of processor time scans, all cores added up."""
    batch = batch_of(documents)
    size = sum(len(text.encode()) for each in documents for _, _, text in each.turns)
    costs = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        scan.check(batch)
        costs.append(time.process_time() - begun)
    print(f"{name}: {size / 1e6:.1f} MB, {size / min(costs) / 1e6:.1f} MB a second of CPU")


NEGATIVE_CARRIERS = {
    "order": "Order {} has not arrived.|My order number is {}.|Bestellnummer: {}|Where is {}?|"
    "Numéro de commande {}|Pedido {} por favor|L'ordine {} è in ritardo|Bestelling {} graag",
    "tracking": "Tracking number {}|The parcel {} is lost|Sendungsnummer {} bitte|Colis {}|"
    "Seguimiento del envío {}|Numero di spedizione {}|Przesyłka {}|UPS says {} is on the way.",
    "version": "We run version {}.|Update to {} failed|Seit {} stürzt es ab|Firmware {} installed|"
    "La versión {} no arranca|{}",
    "price": "It costs {}.|I was charged {} twice|Der Betrag ist {}|Le total est de {}|"
    "El precio es {}|{}",
    "time": "It happened at {}.|[{}] ERROR call failed|Seit {} geht nichts|Le {} au matin|{}",
    "other": "The value is {}.|Please check {} again|Bitte {} ansehen|{}",
}


def negatives(
    count: int, seed: int, carriers: Mapping[str, str] = NEGATIVE_CARRIERS
) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of numbers that are no personal data, of the kinds that have a carrier."""
    rng = random.Random(seed)  # noqa: S311 - invented numbers, no cryptography

    def digits(length: int) -> str:
        return "".join(rng.choice("0123456789") for _ in range(length))

    def grouped(*sizes: int, by: str = " ") -> str:
        return by.join(digits(size) for size in sizes)

    def date(by: str) -> str:
        year, month, day = rng.randint(1950, 2039), rng.randint(1, 12), rng.randint(1, 28)
        return by.join([f"{year}", f"{month:02}", f"{day:02}"][:: rng.choice((1, -1))])

    def clock() -> str:
        return f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"

    def amount(by: str, point: str) -> str:
        return f"{rng.randint(1, 99)}{by}{digits(3)}{by}{digits(3)}{point}{digits(2)}"

    kinds: dict[str, list[Callable[[], str]]] = {
        "order": [
            lambda: f"{digits(3)}-{digits(7)}-{digits(7)}",
            lambda: f"#{digits(rng.randint(5, 12))}",
            lambda: f"ORD-{rng.randint(2015, 2026)}-{digits(6)}",
            lambda: f"SO{digits(10)}",
            lambda: f"{digits(4)}-{digits(8)}-{digits(3)}X",
        ],
        "tracking": [
            lambda: f"1Z{digits(3)}AA1{digits(10)}",
            lambda: f"1Z {digits(3)} AA1 {grouped(2, 4, 4)}",
            lambda: f"94{digits(20)}",
            lambda: f"94{grouped(2, 4, 4, 4, 4, 2)}",
            lambda: f"RR{digits(9)}GB",
            lambda: f"JJD{digits(18)}",
        ],
        "version": [
            lambda: f"v{rng.randint(0, 20)}.{rng.randint(0, 50)}.{rng.randint(0, 99)}",
            lambda: (
                f"{rng.randint(0, 20)}.{rng.randint(0, 50)}.{rng.randint(300, 9999)}.{digits(4)}"
            ),
            lambda: f"10.0.{digits(5)}.{digits(4)}",
            lambda: f"{rng.randint(1, 9)}.{rng.randint(0, 9)}.{rng.randint(0, 9)}-{digits(8)}",
            lambda: f"{date('.')}-{rng.randint(1, 99)}",
        ],
        "price": [
            lambda: f"${amount(',', '.')}",
            lambda: f"{amount('.', ',')} €",
            lambda: f"{amount(' ', ',')} EUR",
            lambda: f"£{rng.randint(1000, 9999999)}.{digits(2)}",
            lambda: f"USD {rng.randint(1000000, 99999999)}",
            lambda: f"{rng.randint(1, 20) * 100}-{rng.randint(21, 90) * 100} dollars",
        ],
        "time": [
            lambda: f"{date('-')} {clock()}",
            lambda: f"{date('-')}T{clock()}.{digits(3)}Z",
            lambda: f"{date('.')}, {clock()}",
            lambda: date("/"),
            lambda: date(""),
            lambda: str(rng.randint(1_000_000_000, 1_900_000_000)),
            lambda: str(rng.randint(1_000_000_000_000, 1_900_000_000_000)),
            lambda: f"{rng.randint(1950, 1999)}-{rng.randint(2000, 2030)}",
        ],
        "other": [
            lambda: f"978-{grouped(1, 2, 6, 1, by='-')}",
            lambda: f"{rng.randint(-90, 90)}.{digits(6)}, {rng.randint(-180, 180)}.{digits(6)}",
            lambda: ":".join(f"{rng.randrange(256):02x}" for _ in range(6)),
            lambda: (
                f"{rng.getrandbits(32):08x}-{rng.getrandbits(16):04x}-4{digits(3)}-a{digits(3)}"
            ),
            lambda: f"{rng.getrandbits(160):040x}",
            lambda: f"{rng.randint(256, 999)}.{digits(1)}.{digits(1)}.{digits(1)}",
            lambda: f"{digits(5)}-{digits(4)}",
            lambda: f"DE00{digits(18)}",
            lambda: f"000-{digits(2)}-{digits(4)}",
        ],
    }
    for number in range(count):
        kind = list(carriers)[number % len(carriers)]
        carrier = rng.choice(carriers[kind].split("|"))
        yield kind, carrier.format(rng.choice(kinds[kind])())


def false_alarms(scan: FusedPatterns, count: int, errors: int) -> None:
    """Print how many of the invented harmless numbers are flagged, by what."""
    made = list(negatives(count, seed=11))
    found = scan.check(to_batch([[("user", text)] for _, text in made]))
    alarms = Counter(
        (made[row][0], rule.partition("/")[2])
        for rule, row in found.select("rule", "row").unique().iter_rows()
    )
    flagged = found["row"].n_unique()
    print(f"\nharmless numbers: {flagged} of {count} flagged ({share(flagged, count)})")
    for (kind, rule), number in alarms.most_common():
        print(f"  {kind:10} {rule:16} {number}")
    for rule, row, start, end in found.select("rule", "row", "start", "end").head(errors).rows():
        print(f"false {rule} {excerpt(made[row][1], (start, end))}")


def check_digit(body: str) -> str:
    """Return the digit that makes a number pass Luhn; our own, so that it checks the rule's."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def positives(count: int, seed: int) -> Iterator[tuple[str, str, Span]]:
    """Yield (label, text, span) of numbers that must be found."""
    rng = random.Random(seed)  # noqa: S311 - invented numbers, no cryptography

    def digits(length: int) -> str:
        return "".join(rng.choice("0123456789") for _ in range(length))

    def card() -> str:
        head, length, sizes = rng.choice(
            [("4", 16, (4, 4, 4, 4)), ("5" + rng.choice("12345"), 16, (4, 4, 4, 4)),
             ("37", 15, (4, 6, 5)), ("6011", 16, (4, 4, 4, 4)), ("36", 14, (4, 6, 4))]
        )  # fmt: skip
        body = head + digits(length - len(head) - 1)
        number = body + check_digit(body)
        cuts = [sum(sizes[:place]) for place in range(len(sizes) + 1)]
        return rng.choice(("", " ", "-")).join(number[a:b] for a, b in pairwise(cuts))

    def account() -> str:
        country, body = rng.choice([("DE", 18), ("GB", 18), ("FR", 23), ("ES", 20), ("NL", 14)])
        rest = ("ABCD" if country in ("GB", "NL") else "") + digits(body)
        rest = rest[:body]
        value = int("".join(str(int(sign, 36)) for sign in f"{rest}{country}00"))
        number = f"{country}{98 - value % 97:02}{rest}"
        parts = [number[place : place + 4] for place in range(0, len(number), 4)]
        return rng.choice(("", " ")).join(parts)

    makers: dict[str, tuple[str, Callable[[], str]]] = {
        "CREDIT_CARD": ("My card is {}.|Karte {} bitte|{}|Visa: {}, exp 12/29", card),
        "IBAN": ("Refund to {} please|IBAN: {}|{}|Mi cuenta es {}.", account),
        "US_SSN": (
            "My SSN is {}.|{}|social security {} ok",
            lambda: f"{rng.randint(100, 665)}-{rng.randint(1, 99):02}-{rng.randint(1, 9999):04}",
        ),
        "IP": (
            "My IP is {}.|Ping {} fails|{}|Die Adresse {} geht nicht",
            lambda: ".".join(str(rng.randint(1, 254)) for _ in range(4)).replace("127.", "128.", 1),
        ),
        "EMAIL": (
            "Write to {}.|E-Mail: {}, danke|{}|<{}>",
            lambda: (
                f"{rng.choice(['jo', 'ana.b', 'k_w', 'zoë'])}{digits(3)}"
                f"@{rng.choice(['example.com', 'mail.example.org', 'exämple.de'])}"
            ),
        ),
    }
    for label, (carriers, make) in makers.items():
        for _ in range(count):
            head, _, tail = rng.choice(carriers.split("|")).partition("{}")
            value = make()
            yield label, head + value + tail, (len(head), len(head) + len(value))


def invented(scan: FusedPatterns, count: int, errors: int) -> None:
    """Print how many of the invented numbers that must be found are, to the code point."""
    documents = [
        Document(text, ((0, "user", text),), ((*span, label),), frozenset(LABELS.values()))
        for label, text, span in positives(count, seed=12)
    ]
    score("invented numbers", documents, scan, errors)


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--errors", type=int, default=0, help="how many to print of each set")
    options = parser.parse_args()
    rules = [rule for rule in load_rules() if rule.file.check == "pattern"]
    scan = Pattern.fuse([(rule, rule.build()) for rule in rules])
    print(f"{len(rules)} pattern rules in one scan")
    for name in FILES:
        path = options.data / "pii" / f"{name}.jsonl"
        if not path.is_file():
            print(f"\n{name}: skipped, {path} is not there (give its folder with --data)")
            continue
        documents = list(read(path))
        score(name, documents, scan, options.errors)
        speed(name, documents, scan)
    invented(scan, 1_000, options.errors)
    false_alarms(scan, 10_000, options.errors)


if __name__ == "__main__":
    main()
