"""Measure what the rules of pii/ and secret/ find of labelled texts, and write it beside the rules.

python benchmarks/accuracy.py --data ../shared/data   # writes rules/accuracy/measured.yaml
python docs/generate.py                               # writes docs/accuracy.md from it

Sets that are not there are skipped, and what was measured on them before stays.
"""

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from pii import negatives, read
from tunegate.accuracy import Harmless, Measured, Measurement, Origin, Used, as_yaml, parse
from tunegate.case_maker import maker_of
from tunegate.checks import engines
from tunegate.measure import Labelled, Score, scores
from tunegate.model import to_batch
from tunegate.rules import Rule, load_rules
from tunegate.scanner import Scanner

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import made_entities  # noqa: E402 - the makers of invented values live with the tests
import made_ids  # noqa: E402
import made_ids_further  # noqa: E402
from said_ids_further import SAID  # noqa: E402

FILE = ROOT / "rules" / "accuracy" / "measured.yaml"
MADE = 200  # invented values a rule; the interval of 200 of 200 is 98.1 to 100 %
HARMLESS = 10_000  # numbers a locale
_ENGINE = engines.choose(1 << 30)[0]  # the fastest there is; all find the same
MARKED = re.compile("⟦[^⟧]*⟧")

# What a set calls it → the rules that look for it.
RULES = {
    "EMAIL": ("pii/email-address",),
    "PHONE": ("pii/phone-number",),
    "CREDIT_CARD": ("pii/payment-card",),
    "IBAN": ("pii/iban",),
    "US_SSN": ("pii/us-ssn",),
    "IP": ("pii/ipv4-address", "pii/ipv6-address"),
    "PERSON": ("pii/person-name",),
    "ADDRESS": ("pii/postal-address", "pii/postcode"),
    "AGE": ("pii/age",),
    "DATE_OF_BIRTH": ("pii/date-of-birth",),
    "ACCOUNT_ID": ("pii/account-number",),
    "URL": ("pii/personal-url",),
    "US_DRIVER_LICENSE": ("pii/us-driver-license", "pii/driving-licence"),
}


class Public(NamedTuple):
    """A public set: what it is, and how far the rules knew it; labels that differ stand apart."""

    what: str
    origin: str
    used: Used
    trained: frozenset[str] = frozenset()  # labels that the weights of a check were learned from
    partial: frozenset[str] = frozenset()  # labels of which the set has only some


PERSON = frozenset({"PERSON"})
PUBLIC = {
    "presres_large": Public(
        "2,109 English sentences made from templates",
        "presidio-research, MIT",
        "tuned",
        trained=PERSON,
    ),
    "sgd_dev": Public(
        "2,098 English dialogues of a service with a customer",
        "Schema-Guided Dialogue (dev), CC BY-SA 4.0",
        "tuned",
        partial=PERSON,
    ),
    "star": Public(
        "6,652 English dialogues of a service with a customer",
        "STAR, MIT; its values were located in the texts, and not all of them have a label",
        "tuned",
        trained=PERSON,
        partial=frozenset({"PERSON", "ACCOUNT_ID", "DATE_OF_BIRTH"}),
    ),
    "wnut17": Public(
        "1,287 English posts", "WNUT 2017, CC BY 4.0", "trained", trained=PERSON
    ),
    "btc": Public(
        "2,001 English posts", "Broad Twitter Corpus, CC BY 4.0", "trained", trained=PERSON
    ),
    "wikigold": Public(
        "1,696 English sentences of an encyclopedia", "WikiGold, CC BY 4.0", "trained",
        trained=PERSON,
    ),
}  # fmt: skip
INVENTED = {
    "made-values": Origin(
        what="invented values in the sentences of each rule, made apart from the rule",
        origin="our own; proves forms and check digits, not that people write like that; "
        "what another rule took counts as missed",
    ),
    "made-secrets": Origin(
        what="invented values drawn from each rule's own pattern, as people paste them",
        origin="our own; proves that nothing on the way loses them, not that the pattern is right",
    ),
}

# A sentence a kind and language around numbers that are nobody's.
LOCALES = {
    "en": {
        "order": "Order {} has not arrived.|Where is {}?|{} is late",
        "tracking": "The parcel {} is lost|Tracking number {}|UPS says {} is on the way.",
        "version": "We run version {}.|Update to {} failed|{}",
        "price": "It costs {}.|I was charged {} twice|{}",
        "time": "It happened at {}.|[{}] ERROR call failed|{}",
    },
    "de": {
        "order": "Bestellung {} ist nicht da.|Bestellnummer: {}|Wo ist {}?",
        "tracking": "Sendungsnummer {} bitte|Das Paket {} ist weg|{}",
        "version": "Seit {} stürzt es ab|Version {} läuft|{}",
        "price": "Der Betrag ist {}|Das kostet {}.|{}",
        "time": "Seit {} geht nichts|Am {} passiert|{}",
    },
    "fr": {
        "order": "Numéro de commande {}|La commande {} est en retard|Où est {} ?",
        "tracking": "Colis {}|Le suivi {} ne bouge plus|{}",
        "version": "La version {} ne démarre pas|Mise à jour {} ratée|{}",
        "price": "Le total est de {}|Cela coûte {}.|{}",
        "time": "Le {} au matin|Depuis {} rien ne marche|{}",
    },
    "es": {
        "order": "Pedido {} por favor|El pedido {} no llega|¿Dónde está {}?",
        "tracking": "Seguimiento del envío {}|El paquete {} se perdió|{}",
        "version": "La versión {} no arranca|Actualicé a {}|{}",
        "price": "El precio es {}|Me cobraron {} dos veces|{}",
        "time": "Ocurrió el {}.|Desde {} no funciona|{}",
    },
    "it": {
        "order": "L'ordine {} è in ritardo|Numero d'ordine {}|Dov'è {}?",
        "tracking": "Numero di spedizione {}|Il pacco {} è perso|{}",
        "version": "La versione {} non parte|Ho aggiornato a {}|{}",
        "price": "Il prezzo è {}|Mi hanno addebitato {}|{}",
        "time": "È successo il {}.|Da {} non va niente|{}",
    },
    "nl": {
        "order": "Bestelling {} graag|Mijn bestelling {} is er niet|Waar is {}?",
        "tracking": "Het pakket {} is weg|Zending {} volgen|{}",
        "version": "Versie {} start niet|Na de update naar {}|{}",
        "price": "Het kost {}.|Er is {} afgeschreven|{}",
        "time": "Het gebeurde op {}.|Sinds {} werkt niets|{}",
    },
    "pl": {
        "order": "Zamówienie {} nie dotarło|Numer zamówienia: {}|Gdzie jest {}?",
        "tracking": "Przesyłka {}|Paczka {} zaginęła|{}",
        "version": "Wersja {} nie działa|Aktualizacja do {}|{}",
        "price": "To kosztuje {}.|Pobrano {} dwa razy|{}",
        "time": "To było {}.|Od {} nic nie działa|{}",
    },
}
# The rule of the very kind may find it: it is what it says, though nobody's here.
OWN = {"order": "pii/order-number", "tracking": "pii/tracking-number"}


def labelled(path: Path) -> Iterator[Labelled]:
    """Yield the documents of a public set; a dialogue's lines are its turns."""
    for document in read(path):
        places = [(place, place + len(text)) for place, _, text in document.turns]
        spans = [
            (turn, start - low, end - low, label)
            for start, end, label in document.gold
            for turn, (low, high) in enumerate(places)
            if low <= start and end <= high
        ]
        turns = tuple((role, text) for _, role, text in document.turns)
        yield Labelled(turns, tuple(spans), document.scored)


def made_values(rules: Sequence[Rule]) -> Iterator[Labelled]:
    """Yield invented values, each in a sentence that names it."""
    for rule in rules:
        draw = random.Random(rule.id)  # noqa: S311 - invented values, no cryptography
        said = _said(rule)
        for number in range(MADE):
            if rule.id in made_entities.VALID:
                text, value = made_entities.VALID[rule.id](draw)
                before = text.partition(value)[0]
            elif said:
                make = made_ids.VALID.get(rule.id) or made_ids_further.VALID[rule.id]
                before, _, after = said[number % len(said)].partition("⟦⟧")
                value = make(draw)
                text = before + value + after
            else:
                break
            yield _one(text, len(before), len(before) + len(value), rule.id)


def _said(rule: Rule) -> list[str]:
    if rule.id in made_ids_further.VALID:
        return [sentence.replace("{}", "⟦⟧") for sentence in SAID[rule.id]]
    if rule.id not in made_ids.VALID:
        return []
    flags = [text for text in rule.file.cases.flags if isinstance(text, str)]
    return [
        MARKED.sub("⟦⟧", text.replace("‖", "")) for text in flags if len(MARKED.findall(text)) == 1
    ]


def made_secrets(rules: Sequence[Rule]) -> Iterator[Labelled]:
    """Yield invented secrets, drawn from the patterns of their rules."""
    for rule in rules:
        if rule.family == "secret" and rule.file.cases.generated:
            for made in maker_of(rule).values(MADE):
                yield _one(made.text, made.start, made.end, rule.id)


def _one(text: str, start: int, end: int, label: str) -> Labelled:
    return Labelled((("user", text),), ((0, start, end, label),), None)


def of_public(name: str, path: Path, rules: Sequence[Rule], today: date) -> list[Measurement]:
    """Return what the rules find of a public set."""
    about = PUBLIC[name]
    labels = {rule: label for label, named in RULES.items() for rule in named}
    return [
        _row(
            name,
            score,
            RULES[score.label],
            "trained" if score.label in about.trained else about.used,
            today,
            partial=score.label in about.partial,
        )
        for score in scores(labelled(path), rules, labels, engine=_ENGINE)
        if score.label in RULES
    ]


def of_made(
    name: str, documents: Iterator[Labelled], rules: Sequence[Rule], today: date
) -> list[Measurement]:
    """Return what each rule finds of its own invented values."""
    return [
        _row(name, score, (score.label,), "made", today)
        for score in scores(documents, rules, {}, engine=_ENGINE)
        if score.gold
    ]


def _row(
    name: str,
    score: Score,
    rules: tuple[str, ...],
    used: Used,
    today: date,
    *,
    partial: bool = False,
) -> Measurement:
    return Measurement(
        set=name,
        label=score.label,
        rules=rules,
        used=used,
        date=today,
        partial=partial,
        gold=score.gold,
        found=score.found,
        exact=score.exact,
        predicted=score.predicted,
        right=score.right,
    )


def harmless(rules: Sequence[Rule], today: date) -> Iterator[Harmless]:
    """Yield how many of the numbers that are nobody's are flagged, by locale and kind."""
    scanner = Scanner(rules, on="source", engine=_ENGINE)
    for locale, carriers in LOCALES.items():
        made = list(negatives(HARMLESS, seed=sum(map(ord, locale)), carriers=carriers))
        found, failures = scanner.run(to_batch([[("user", text)] for _, text in made]))
        assert not failures, failures
        pairs = set(found.select("row", "rule").iter_rows())
        for kind in carriers:
            rows = {row for row, (its, _) in enumerate(made) if its == kind}
            own = {row for row, rule in pairs if row in rows and rule == OWN.get(kind)}
            others = [(row, rule) for row, rule in pairs if row in rows and rule != OWN.get(kind)]
            yield Harmless(
                locale=locale,
                kind=kind,
                date=today,
                texts=len(rows),
                own=len(own),
                flagged=len({row for row, _ in others}),
                others=dict(sorted(Counter(rule for _, rule in others).items())),
            )


def main() -> None:
    """Measure what is there, and write all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", nargs="*", help="measure these sets; the others stay")
    options = parser.parse_args()
    today = datetime.now(UTC).date()
    rules = [rule for rule in load_rules() if rule.family in ("pii", "secret")]
    old = parse(FILE.read_text(encoding="utf-8")) if FILE.exists() else Measured()
    rows = {name: [row for row in old.measured if row.set == name] for name in (*PUBLIC, *INVENTED)}
    numbers = old.harmless

    def wanted(name: str) -> bool:
        return not options.only or name in options.only

    def write() -> None:
        sets = {name: Origin(what=one.what, origin=one.origin) for name, one in PUBLIC.items()}
        told = Measured(
            sets={**sets, **INVENTED}, measured=tuple(chain(*rows.values())), harmless=numbers
        )
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(as_yaml(told), encoding="utf-8")

    for name in filter(wanted, PUBLIC):
        path = options.data / "pii" / f"{name}.jsonl"
        if not path.is_file():
            print(f"{name}: skipped, {path} is not there (give its folder with --data)")
            continue
        rows[name] = of_public(name, path, rules, today)
        _show(rows[name])
        write()
    for name, make in (("made-values", made_values), ("made-secrets", made_secrets)):
        if wanted(name):
            rows[name] = of_made(name, make(rules), rules, today)
            _show(row for row in rows[name] if row.found < row.gold)
            write()
    if wanted("harmless"):
        numbers = tuple(harmless(rules, today))
        print(*(row for row in numbers if row.flagged), sep="\n")
        write()


def _show(rows: Iterable[Measurement]) -> None:
    for row in rows:
        counts = f"{row.found}/{row.gold} found, {row.right}/{row.predicted} right"
        print(f"{row.set} {row.label}: {counts}", flush=True)


if __name__ == "__main__":
    main()
