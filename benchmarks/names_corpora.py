"""Texts with the places of the names in them, to train and measure the person-name check with."""

import json
import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import names
from benchmarks.names_fillers import filled
from benchmarks.names_lexicon import faker_lists

HERE = Path(__file__).parent
SPLIT_APART = ("wnut17", "btc", "wikigold")  # their words stand apart from punctuation
TITLE = re.compile(r"(?:Dr|Mr|Mrs|Ms|Miss|Prof)\.? ", re.IGNORECASE)
SPEAKER = re.compile(r"(?:Customer|Agent): ")
SLOT = re.compile(r"\{(\w+)\}|\[(\w+)\]|(\|)")


@dataclass(frozen=True)
class Text:
    """A text and its names. open: other words may be names that nobody has marked."""

    text: str
    names: tuple[tuple[int, int], ...]
    source: str
    open: bool = False


@dataclass(frozen=True)
class People:
    """Names to put into sentences."""

    given: tuple[str, ...]
    common_given: tuple[str, ...]
    family: tuple[str, ...]
    common_family: tuple[str, ...]

    def draw(self, kind: str, rng: random.Random) -> str:
        """Return a random name: first, last or full."""
        first = rng.choice(self.common_given if rng.random() < 0.6 else self.given)
        last = rng.choice(self.common_family if rng.random() < 0.5 else self.family)
        if kind == "first":
            return first
        if kind == "last":
            return last
        form = rng.random()
        if form < 0.07:
            return f"{first} {rng.choice('ABCDEFGHJKLMNPRSTVW')}. {last}"
        if form < 0.1:
            return f"{first} {rng.choice(self.common_given)} {last}"
        if form < 0.12:
            return f"{rng.choice('ABCDEFGHJKLMNPRSTVW')}. {last}"
        if form < 0.14:
            return f"{first} {last}-{rng.choice(self.common_family)}"
        if form < 0.17:
            particle = rng.choice(
                ["de", "van", "von", "da", "di", "del", "van|der", "de|la", "al", "bin", "el"]
            )
            return f"{first} {particle.replace('|', ' ')} {last}"
        if form < 0.18:
            return f"{first} O'{last}"
        return f"{first} {last}"


def people(seed: int, *, held_out: bool) -> People:
    """Return the names to train with, or a tenth of all that are kept for measuring."""
    given: set[str] = set()
    common_given: set[str] = set()
    common_family: set[str] = set()
    folder = files(names)
    for file in ("dist.male.first", "dist.female.first"):
        lines = (folder / file).read_text().splitlines()
        common_given |= {line.split()[0].title() for line in lines[:500]}
        given |= {line.split()[0].title() for line in lines}
    lines = (folder / "dist.all.last").read_text().splitlines()
    common_family |= {line.split()[0].title() for line in lines[:4000]}
    family = {line.split()[0].title() for line in lines[:30_000]}
    for first, last in faker_lists():
        given |= first
        family |= last
    rng = random.Random(seed)
    sets = []
    for every in (given, common_given, family, common_family):
        kept = [name for name in sorted(every) if _is_held_out(name) == held_out]
        rng.shuffle(kept)
        sets.append(tuple(kept))
    return People(*sets)


def _is_held_out(name: str) -> bool:
    return sum(map(ord, name)) % 10 == 0


def sentences(
    file: str, who: People, rounds: int, seed: int, case: str = "mixed"
) -> Iterator[Text]:
    """Yield the sentences of a file with names put in; case: mixed, kept, or lower."""
    rng = random.Random(seed)
    lines = (HERE / file).read_text(encoding="utf-8").splitlines()
    for _ in range(rounds):
        for line in lines:
            if not line.startswith("# "):
                made = _filled(line, who, rng)
                yield _recased(made, rng, case)


def phrases(who: People, rounds: int, seed: int) -> Iterator[Text]:
    """Yield the sentences of the sample data, of six languages, with other names put in."""
    rng = random.Random(seed)
    for folder in sorted((HERE.parent / "sample_data" / "phrases").iterdir()):
        files_ = [tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))]
        slots = {k: str(v).split("\n") for each in files_ for k, v in each.get("slots", {}).items()}
        lines = [line for each in files_ for line in _lines(each)]
        for _ in range(rounds):
            for line in lines:
                yield _recased(_phrase(line, slots, who, rng), rng, "mixed")


def _lines(section: object) -> Iterator[str]:
    if isinstance(section, str):
        yield from section.split("\n")
    elif isinstance(section, (dict, list)):
        for key, value in section.items() if isinstance(section, dict) else enumerate(section):
            if key not in ("slots", "kind", "first", "last"):
                yield from _lines(value)


_OTHERWISE = {"product": "thing", "city": "place", "carrier": "company", "store": "place"}


def _phrase(line: str, slots: dict[str, list[str]], who: People, rng: random.Random) -> Text:
    made, spans = "", list[tuple[int, int]]()
    shop = filled(rng.choice(("cap", "org", "invented")), who.family, rng)
    for plain, slot in re.findall(r"([^{]*)(?:\{(\w+)\})?", line):
        made += plain.replace("Lumena", shop)
        if slot in ("first", "last", "agent", "agent2", "name"):
            name = who.draw({"last": "last", "name": "full"}.get(slot, "first"), rng)
            spans.append((len(made), len(made) + len(name)))
            made += name
        elif slot:
            known = slots.get(slot) or [filled(_OTHERWISE.get(slot, "color"), who.family, rng)]
            made += rng.choice(known).replace("{", "").replace("}", "")
    return Text(made, tuple(spans), "phrases")


def _filled(line: str, who: People, rng: random.Random) -> Text:
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    place = length = 0
    for slot in SLOT.finditer(line):
        parts.append(line[place : slot.start()])
        length += len(parts[-1])
        person, filler, newline = slot.groups()
        if newline and not line[slot.start() - 1 : slot.start() + 2] == " | ":
            value = "\n"
        elif newline:
            value = "|"
        elif person:
            value = who.draw(person, rng)
            spans.append((length, length + len(value)))
        elif filler == "num":
            value = str(rng.randrange(1000, 10**9))
        elif filler == "email":
            value = f"{rng.choice(who.given).lower()}@example.com"
        else:
            value = filled(filler, who.family, rng)
        parts.append(value)
        length += len(value)
        place = slot.end()
    return Text("".join([*parts, line[place:]]), tuple(spans), "sentences")


def _recased(made: Text, rng: random.Random, case: str) -> Text:
    form = rng.random() if case == "mixed" else {"kept": 1.0, "lower": 0.0}[case]
    if form < 0.3:
        text = "".join(c.lower() if len(c.lower()) == 1 else c for c in made.text)
        if form > 0.2 or case == "lower":
            text = re.sub(r"[.,!?'](?=\s|$)", lambda m: " " * len(m.group()), text)
        return Text(text, made.names, made.source)
    if form < 0.35:
        text = "".join(c.upper() if len(c.upper()) == 1 else c for c in made.text)
        return Text(text, made.names, made.source)
    if form < 0.42:  # the sentence in lower case, names as they are
        chars = [c.lower() if len(c.lower()) == 1 else c for c in made.text]
        for start, end in made.names:
            chars[start:end] = made.text[start:end]
        return Text("".join(chars), made.names, made.source)
    if form < 0.46:  # names in lower case in a sentence that has capitals
        chars = list(made.text)
        for start, end in made.names:
            chars[start:end] = [c.lower() if len(c.lower()) == 1 else c for c in chars[start:end]]
        return Text("".join(chars), made.names, made.source)
    return made


def labelled(data: Path, name: str, *, close_up: bool = True) -> list[Text]:
    """Return the texts of a labelled file; a dialogue's lines are texts of their own.

    close_up: whether punctuation that stands apart is put where people write it.
    """
    texts: list[Text] = []
    for line in (data / "pii" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = record["text"]
        spans = [(a, b) for a, b, label in record["spans"] if label == "PERSON"]
        spans = [_untitled(text, span) for span in spans if _is_written_name(text, span)]
        if SPEAKER.match(text):
            texts += _turns(text, spans, name)
        elif name in SPLIT_APART and close_up:
            texts.append(_closed_up(Text(text, tuple(spans), name)))
        else:
            texts.append(Text(text, tuple(spans), name))
    return texts


def dialogues(data: Path, name: str) -> list[list[tuple[str, Text]]]:
    """Return the conversations of a labelled file as (role, text) turns, if it has any."""
    found: list[list[tuple[str, Text]]] = []
    for line in (data / "pii" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = record["text"]
        if not SPEAKER.match(text):
            return []
        spans = [(a, b) for a, b, label in record["spans"] if label == "PERSON"]
        spans = [_untitled(text, span) for span in spans]
        roles = ["assistant" if t.startswith("Agent: ") else "user" for t in text.split("\n")]
        found.append(list(zip(roles, _turns(text, spans, name), strict=True)))
    return found


def _is_written_name(text: str, span: tuple[int, int]) -> bool:
    """Tell whether a gold span is a name and no @handle."""
    value, before = text[span[0] : span[1]], text[max(0, span[0] - 2) : span[0]]
    return not (value.startswith("@") or "@" in before)


def _untitled(text: str, span: tuple[int, int]) -> tuple[int, int]:
    title = TITLE.match(text, *span)
    return (title.end(), span[1]) if title else span


def _turns(text: str, spans: Sequence[tuple[int, int]], source: str) -> Iterator[Text]:
    place = 0
    for line in text.split("\n"):
        match = SPEAKER.match(line)
        begin = place + (match.end() if match else 0)
        end = place + len(line)
        own = tuple((a - begin, b - begin) for a, b in spans if begin <= a and b <= end)
        yield Text(text[begin:end], own, source, open=True)
        place = end + 1


_TIGHT = re.compile(r" (?=[.,!?;:)%]|'(?:s|m|re|ve|d|ll|t)\b|n't\b)|(?<=\() |(?<=#) |(?<=@) ")


def _closed_up(text: Text) -> Text:
    """Return a text whose punctuation stands where people write it."""
    gone = [match.start() for match in _TIGHT.finditer(text.text)]
    kept = "".join(c for place, c in enumerate(text.text) if place not in set(gone))
    move = [sum(1 for g in gone if g < place) for place in range(len(text.text) + 1)]
    spans = tuple((a - move[a], b - move[b]) for a, b in text.names)
    return Text(kept, spans, text.source)
