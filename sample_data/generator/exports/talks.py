"""Six short support talks, told without any system's way to write them down."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

Who = Literal["customer", "agent", "note", "bot"]

NOTE_MARKER = "staff only"  # stands in every internal note, and nowhere else


class Person(NamedTuple):
    """Somebody who writes."""

    id: int
    name: str
    address: str


class Said(NamedTuple):
    """A message: who wrote it, when, and what; several lines are paragraphs."""

    who: Who
    at: datetime
    text: str


class Talk(NamedTuple):
    """A ticket."""

    number: int
    subject: str
    customer: Person
    agent: Person
    tags: tuple[str, ...]
    said: tuple[Said, ...]

    @property
    def opened(self) -> datetime:
        """When the first message was written."""
        return self.said[0].at

    def author(self, said: Said) -> Person:
        """Return who wrote a message; notes are by the agent."""
        if said.who == "bot":
            return BOT
        return self.customer if said.who == "customer" else self.agent

    def turns(self) -> list[tuple[str, str]]:
        """Return the role and text of each turn that a reader should find."""
        found: list[tuple[str, str]] = []
        for said in self.said:
            if said.who not in ("customer", "agent"):
                continue
            role = "user" if said.who == "customer" else "assistant"
            if found and found[-1][0] == role:
                found[-1] = role, f"{found[-1][1]}\n\n{said.text}"
            else:
                found.append((role, said.text))
        return found


MIRA = Person(901, "Mira Lund", "mira@help.example")
TOMAS = Person(902, "Tomás Rey", "tomas@help.example")
BOT = Person(990, "Helper Bot", "bot@help.example")
AGENTS = (MIRA, TOMAS)

_BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_CUSTOMERS = (
    Person(101, "Ana Silva", "ana@customer.example"),
    Person(102, "Ben Okoro", "ben@customer.example"),
    Person(103, "Chloé Petit", "chloe@customer.example"),
    Person(104, "Dmitri Volk", "dmitri@customer.example"),
    Person(105, "Emi Tanaka", "emi@customer.example"),
    Person(106, "Farid Aziz", "farid@customer.example"),
)
_TALKS: tuple[tuple[str, str, list[tuple[Who, str]]], ...] = (
    (
        "Parcel has not arrived",
        "shipping",
        [
            ("customer", "My parcel should have come on Monday.\n\nWhere is it?"),
            ("note", "Carrier lost it again, staff only: do not admit fault."),
            (
                "agent",
                "I am sorry about the delay. It left our warehouse today and comes on Friday.",
            ),
            ("customer", "Thank you, Friday is fine."),
            ("agent", "Good. You can follow it in your account under Orders."),
        ],
    ),
    (
        "Cannot sign in",
        "account",
        [
            ("customer", "The reset link says it has expired."),
            ("customer", "I tried it three times."),
            ("bot", "Thanks for your message! A person will answer soon."),
            ("agent", "A link is good for one hour.\n\nI have sent a new one, please use it now."),
        ],
    ),
    (
        "Facture introuvable",
        "billing",
        [
            ("customer", "Bonjour, où est la facture de février ?"),
            ("agent", "Bonjour ! Elle est dans votre compte, sous « Factures »."),
            ("note", "Second time she asks, staff only."),
            ("customer", "Je l’ai trouvée, merci."),
            ("agent", "Avec plaisir. Bonne journée !"),
        ],
    ),
    (
        "App closes by itself",
        "bug",
        [
            ("customer", "Since the update the app closes when I open the camera."),
            ("agent", "Which version do you see under Settings?"),
            ("customer", "Version 5 < 6, it says."),
            ("agent", "Please install version 6 & restart. It mends this fault."),
        ],
    ),
    (
        "返品について",
        "returns",
        [
            ("customer", "サイズが合わないので返品したいです。"),
            ("agent", "承知しました。返品ラベルをお送りします。"),
        ],
    ),
    (
        "Change of plan",
        "billing",
        [
            ("customer", "Can I move from the yearly plan to the monthly one?"),
            ("note", "Offer 10 % first, staff only."),
            ("agent", "Yes. The change takes effect when the year ends, in May."),
            ("customer", "Please do that."),
            ("agent", "Done. You will get a confirmation in a minute."),
        ],
    ),
)


def talks() -> Iterator[Talk]:
    """Yield the talks in the order of their numbers."""
    for n, (subject, tag, said) in enumerate(_TALKS):
        begin = _BEGIN + timedelta(days=n, minutes=7 * n)
        messages = (
            Said(who, begin + timedelta(minutes=10 * place), text)
            for place, (who, text) in enumerate(said)
        )
        yield Talk(1001 + n, subject, _CUSTOMERS[n], AGENTS[n % 2], (tag, "demo"), tuple(messages))
