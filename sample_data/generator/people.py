"""The users of the help desk: some hundred customers and a dozen agents."""

from dataclasses import dataclass
from random import Random

from sample_data.generator.bank import Bank
from sample_data.generator.facts import AGENTS
from sample_data.generator.values import ascii_name

# Customers by language; they add up to 600.
CUSTOMERS = {"en": 260, "de": 110, "es": 90, "fr": 90, "pt": 25, "nl": 25}


@dataclass(frozen=True)
class Person:
    """A row of the users table."""

    id: int
    first: str
    last: str
    language: str
    role: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def email(self) -> str:
        """An address in a domain reserved for examples."""
        return f"{ascii_name(self.first)}.{ascii_name(self.last)}.{self.id % 10_000}@example.com"


def hire(rng: Random) -> list[Person]:
    """Return the agents."""
    ids = sorted(rng.sample(range(360_000_100_000, 360_000_400_000), len(AGENTS)))
    lasts = ("Nowak", "Berg", "Rao", "Lindqvist", "Costa", "Tanaka")
    return [
        Person(id_, first, lasts[at % len(lasts)], "en", "agent")
        for at, (id_, first) in enumerate(zip(ids, AGENTS, strict=True))
    ]


def welcome(rng: Random, banks: dict[str, Bank]) -> list[Person]:
    """Return the customers."""
    ids = sorted(rng.sample(range(360_000_500_000, 361_900_000_000), sum(CUSTOMERS.values())))
    rng.shuffle(ids)
    people = []
    for language, number in CUSTOMERS.items():
        slots = banks[language].slots
        for _ in range(number):
            first, last = rng.choice(slots["first"]), rng.choice(slots["last"])
            people.append(Person(ids.pop(), first, last, language, "end-user"))
    return people
