"""Invented values of every rule in sentences, each with the core by which it is known again.

Where the format has room, the core is twelve random letters within the value; where it has none,
such as a card number, the core is the value without its dividers.
"""

import re
import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import made_entities
import made_ids
import made_ids_further
from said_ids_b import SAID
from tunegate.case_maker import maker_of
from tunegate.rules import Rule, load_rules

CORE = 12  # letters
FEWEST = 9  # signs of a value that is its own core; a shorter one stands in digests by chance
RULES: Mapping[str, Rule] = {
    rule.id: rule for rule in load_rules() if rule.family in ("pii", "secret")
}
FIRST_NAMES = ("Anna", "Daniel", "Maria", "Thomas", "Julia", "Peter", "Laura", "Michael")
WORDS = [
    "about",
    "after",
    "again",
    "almost",
    "along",
    "always",
    "around",
    "because",
    "before",
    "behind",
    "better",
    "between",
    "both",
    "bring",
    "carry",
    "change",
    "clean",
    "clear",
    "close",
    "could",
    "cover",
    "during",
    "early",
    "enough",
    "every",
    "family",
    "field",
    "finish",
    "follow",
    "found",
    "garden",
    "glass",
    "green",
    "group",
    "happen",
    "heavy",
    "house",
    "inside",
    "kitchen",
    "large",
    "later",
    "laugh",
    "leave",
    "letter",
    "light",
    "listen",
    "little",
    "maybe",
    "metal",
    "middle",
    "might",
    "morning",
    "music",
    "never",
    "often",
    "only",
    "other",
    "outside",
    "paper",
    "people",
    "place",
    "plain",
    "plant",
    "please",
    "point",
    "quick",
    "quiet",
    "quite",
    "rather",
    "ready",
    "river",
    "round",
    "running",
    "school",
    "season",
    "second",
    "seems",
    "several",
    "short",
    "simple",
    "since",
    "small",
    "sometimes",
    "sound",
    "spring",
    "stand",
    "start",
    "still",
    "stone",
    "store",
    "story",
    "street",
    "summer",
    "table",
    "thank",
    "their",
    "there",
    "thing",
    "think",
    "though",
    "three",
    "through",
    "today",
    "together",
    "under",
    "until",
    "usual",
    "water",
    "weather",
    "where",
    "while",
    "white",
    "window",
    "winter",
    "without",
    "wonder",
    "write",
    "yellow",
    "young",
]
_MARKED = re.compile("⟦[^⟦⟧]*⟧")
_DIVIDED = re.compile(r"(?<=[0-9])[ ./()\u00a0\u2009-]{1,2}(?=[0-9])")
_RUN = re.compile(rf"[0-9a-z]{{{FEWEST},}}")


@dataclass(frozen=True)
class Canary:
    """A sentence with a value; core: None where the value is too short to be told from chance."""

    group: str
    rule: str
    text: str
    value: str
    core: str | None


def letters(rng: Random) -> str:
    """Return a core that nobody would write."""
    return "".join(rng.choices(string.ascii_lowercase, k=CORE))


def _spoken(rng: Random) -> str:
    return "".join(rng.choice("bdfklmnprstvz") + rng.choice("aeiou") for _ in range(CORE // 2))


# Rule → from a core to sentence and value.
ROOMY: Mapping[str, Callable[[Random, str], tuple[str, str]]] = {
    "pii/email-address": lambda r, c: (f"Write to {c}@mailbox.net please", f"{c}@mailbox.net"),
    "pii/username": lambda r, c: (f"my username is {c}{r.randint(10, 99)}", c),
    "pii/personal-url": lambda r, c: (f"see https://www.linkedin.com/in/{c}/ for it", c),
    "secret/password": lambda r, c: (f"my password is {c.capitalize()}{r.randint(10, 99)}!", c),
    "secret/url-credentials": lambda r, c: (
        f"it uses postgres://app:{c}{r.randint(10, 99)}@db.example.net:5432/main",
        c,
    ),
    "secret/basic-auth": lambda r, c: (f"curl -u admin:{c}{r.randint(10, 99)} https://a.net", c),
    "pii/person-name": lambda r, c: (
        f"My name is {r.choice(FIRST_NAMES)} {c.capitalize()} and I wait.",
        c.capitalize(),
    ),
    "pii/postal-address": lambda r, c: (
        f"I live at {r.randint(2, 98)} {c.capitalize()} Street, Springfield.",
        c.capitalize(),
    ),
}
_SPOKEN_CORES = ("pii/person-name", "pii/postal-address")


def canaries(group: str, each: int) -> Iterator[Canary]:
    """Yield values of every rule of a group, so many of each."""
    for rule, make in sorted(GROUPS[group]().items()):
        rng = Random(f"canary {rule}")
        for _ in range(each):
            yield make(rng)


def _roomy() -> dict[str, Callable[[Random], Canary]]:
    def maker(rule: str) -> Callable[[Random], Canary]:
        def make(rng: Random) -> Canary:
            core = _spoken(rng) if rule in _SPOKEN_CORES else letters(rng)
            text, value = ROOMY[rule](rng, core)
            return Canary("core", rule, text, value, core)

        return make

    return {rule: maker(rule) for rule in ROOMY}


def _entities() -> dict[str, Callable[[Random], Canary]]:
    def maker(rule: str) -> Callable[[Random], Canary]:
        def make(rng: Random) -> Canary:
            text, value = made_entities.VALID[rule](rng)
            return Canary("entities", rule, text, value, core_of(value))

        return make

    return {rule: maker(rule) for rule in made_entities.VALID}


def _ids(
    group: str, valid: Mapping[str, Callable[[Random], str]], said: Callable[[str], Sequence[str]]
) -> dict[str, Callable[[Random], Canary]]:
    def maker(rule: str) -> Callable[[Random], Canary]:
        def make(rng: Random) -> Canary:
            value = valid[rule](rng)
            text = rng.choice(said(rule)).replace("⟦⟧", value)
            return Canary(group, rule, text, value, core_of(value))

        return make

    return {rule: maker(rule) for rule in valid}


def _marked_cases(rule: str) -> list[str]:
    """Return the rule's own one-value examples, with `⟦⟧` where the value stands."""
    flags = RULES[rule].file.cases.flags
    found = [text for text in flags if isinstance(text, str) and text.count("⟦") == 1]
    return [_MARKED.sub("⟦⟧", text) for text in found]


def _secrets() -> dict[str, Callable[[Random], Canary]]:
    def maker(rule: Rule) -> Callable[[Random], Canary]:
        def make(rng: Random) -> Canary:
            *_, case = maker_of(rule, f"{rng.random()}").values(rng.randint(1, 12))
            value = case.text[case.start : case.end]
            return Canary("secrets", rule.id, case.text, value, core_of(value))

        return make

    made = [rule for rule in RULES.values() if rule.family == "secret"]
    return {rule.id: maker(rule) for rule in made if rule.file.cases.generated}


GROUPS: Mapping[str, Callable[[], Mapping[str, Callable[[Random], Canary]]]] = {
    "core": _roomy,
    "entities": _entities,
    "ids": lambda: _ids("ids", made_ids.VALID, _marked_cases),
    "ids-further": lambda: _ids(
        "ids-further",
        made_ids_further.VALID,
        lambda rule: [said.replace("{}", "⟦⟧") for said in SAID[rule]],
    ),
    "secrets": _secrets,
}


def core_of(value: str) -> str | None:
    """Return a value without dividers, the last signs of a long one; None: it is too short."""
    folded = "".join(sign for sign in value if sign.isascii() and sign.isalnum()).lower()
    if len(folded) < FEWEST:
        return None
    # The end of a token is drawn at random, and its beginning is every token's.
    return folded[-CORE:] if len(folded) > CORE and not folded.isdigit() else folded


def filler(rng: Random, number: int = 14) -> str:
    """Return words that make a conversation like no other."""
    return " ".join(rng.choices(WORDS, k=number)).capitalize() + "."


def standing(cores: Iterable[str], text: str) -> set[str]:
    """Return the cores that stand in a text, in any case and with any dividers between figures."""
    wanted: dict[int, set[str]] = {}
    for core in cores:
        wanted.setdefault(len(core), set()).add(core)
    found: set[str] = set()
    folded = text.lower()
    for said in {folded, _DIVIDED.sub("", folded), re.sub(r"[^0-9a-z\s]", "", folded)}:
        for run in set(_RUN.findall(said)):
            for size, some in wanted.items():
                if run.isdigit() or run[-FEWEST:].isdigit():
                    found |= some & {run}
                found |= {
                    piece
                    for place in range(len(run) - size + 1)
                    if (piece := run[place : place + size]) in some
                    and (not piece.isdigit() or piece == run)
                }
    return found
