"""What a ticket is about: the words that fill its sentences."""

from dataclasses import dataclass
from random import Random

from sample_data.generator.bank import Bank

PRODUCTS = (
    "Lumena Hub",
    "Brewster Three",
    "Puckbot",
    "Vista Doorbell",
    "Nestling Cam",
    "Fjord Soundbar",
    "Thermoleaf",
    "Trackband Two",
    "Kettle Orion",
    "Glowlamp S",
    "Pureair Mini",
    "Mistral Fan",
    "Raincast Station",
    "Deskbeam",
    "Petfeeder Duo",
    "Lockwise",
)
PLANS = (
    "Lumena Plus",
    "Lumena Family",
    "Bean & Filter Club",
    "Lumena Care",
    "Pet Pantry",
    "Cloud & Clips",
)
CARRIERS = ("DHL", "UPS", "GLS", "DPD", "FedEx", "Hermes")
PHONES = (
    "Android 14",
    "iPhone 13",
    "Galaxy S22",
    "Pixel 8",
    "Fairphone 5",
    "Xperia 10",
    "Moto G54",
    "iPhone SE",
    "Redmi Note 12",
    "Galaxy A54",
    "iPhone 15",
)
AGENTS = (
    "Marta",
    "Jonah",
    "Priyanka",
    "Sofia",
    "Lennart",
    "Amélie",
    "Ricardo",
    "Hanneke",
    "Dmitri",
    "Keiko",
    "Bernd",
    "Paloma",
)
# Said once and then true for the whole ticket; the others are drawn anew for each sentence.
_FROM_SLOTS = ("place", "part", "colour", "event", "person", "city")


@dataclass(frozen=True)
class Facts:
    """The words of one ticket; `fixed` stay the same in all its messages."""

    bank: Bank
    fixed: dict[str, str]

    def fill(self, rng: Random, sentence: str, **more: str) -> str:
        """Return the sentence with its words filled in."""
        return sentence.format_map({**self.fixed, **self._fresh(rng), **more})

    def pick(self, rng: Random, section: str, kind: str) -> str:
        """Return one filled sentence of a section of the phrase bank."""
        return self.fill(rng, rng.choice(self.bank.talk[section][kind]))

    def _fresh(self, rng: Random) -> dict[str, str]:
        slots = self.bank.slots
        tried, tried2 = rng.sample(slots["tried"], 2)
        return {
            "n": str(rng.randint(3, 9)),
            "days": str(rng.randint(3, 19)),
            "time": clock(rng, self.bank),
            "weekday": rng.choice(slots["weekday"]),
            "date2": day(rng, self.bank),
            "version": version(rng),
            "tried": tried,
            "tried2": tried2,
        }


def version(rng: Random) -> str:
    """Return a version of three numbers, which nobody can take for an IP address."""
    return f"{rng.randint(1, 7)}.{rng.randint(0, 24)}.{rng.randint(0, 9)}"


def clock(rng: Random, bank: Bank) -> str:
    """Return a time of day as the language writes it."""
    template = rng.choice(bank.slots["time"])
    spans = {"am": (7, 11), "pm": (1, 10)}
    hour = rng.randint(*spans.get(template[-2:], (7, 22)))
    return template.format(hour=hour, minute=f"{rng.randrange(0, 60, 5):02}")


def day(rng: Random, bank: Bank) -> str:
    """Return a day of the year as the language writes it."""
    template = rng.choice(bank.slots["date"])
    return template.format(day=rng.randint(1, 28), month=rng.choice(bank.slots["month"]))


def money(rng: Random, bank: Bank) -> str:
    """Return an amount as the language writes it."""
    figure = f"{rng.randint(9, 389)}.{rng.choice(('00', '50', '90', '95', '99'))}"
    return rng.choice(bank.slots["amount"]).format(figure.replace(".", bank.slots["decimal"][0]))


def draw_facts(rng: Random, bank: Bank, *, customer: str, agent: str) -> Facts:
    """Return the facts of a new ticket."""
    fixed = {name: rng.choice(bank.slots[name]) for name in _FROM_SLOTS}
    fixed |= {
        "customer": customer,
        "agent": agent,
        "agent2": rng.choice([name for name in AGENTS if name != agent]),
        "product": rng.choice(PRODUCTS),
        "plan": rng.choice(PLANS),
        "carrier": rng.choice(CARRIERS),
        "os": rng.choice(PHONES),
        "order": f"{rng.choice(('LM', 'LW', 'SB'))}-{rng.randint(20000, 99999)}",
        "code": f"{rng.choice(('E', 'LX', 'F', 'HB'))}-{rng.randint(11, 499)}",
        "amount": money(rng, bank),
        "date": day(rng, bank),
        "month": rng.choice(bank.slots["month"]),
        "year": str(rng.randint(2018, 2025)),
    }
    return Facts(bank, fixed)
