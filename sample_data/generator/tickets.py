"""The help desk's two thousand tickets, with the faults that are planted in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from sample_data.generator.bank import LANGUAGES, Bank, load_bank
from sample_data.generator.facts import Facts, draw_facts
from sample_data.generator.identity import FROM_LOOKALIKES, KINDS, VENDORS
from sample_data.generator.people import Person, hire, welcome
from sample_data.generator.plants import Plant, put
from sample_data.generator.similar import MOST_ALIKE, Seen, shingles
from sample_data.generator.talk import ONE_SIDED, PLAIN_SHAPES, SHAPES, Comment, Role, Writer, turns
from sample_data.generator.values import (
    LOOKALIKES,
    PERSONAL,
    SECRETS,
    SPECIAL_TOKENS,
    personal,
    secret,
)

TICKETS = 2000
SHARES = {"en": 44, "de": 18, "es": 14, "fr": 14, "pt": 5, "nl": 5}
NOTE_MARKER = "Quillmarrow"  # opens every internal note
FIRST_DAY = datetime(2025, 1, 6, 7, tzinfo=UTC)
DAYS = 600
PLANTS_PER_RULE = {
    "pii": 10,
    "secret": 4,
    "subject": 6,
    "special-token": 8,
    "identity": 4,
    "name": 4,
}
UNTRAINABLE = 44
LOST = 14
# Who says a planted value, and the key of the sentences that carry it.
_USER: tuple[Role, str] = ("user", "user")
_AGENT: tuple[Role, str] = ("assistant", "agent")


@dataclass
class Ticket:
    """One ticket, and the answers about it that were known when it was made."""

    language: str
    topic: str
    subject: str
    customer: Person
    agent: Person
    second_agent: Person
    facts: Facts
    channel: str
    comments: list[Comment]
    start: datetime
    plant: Plant | None = None
    copy_of: "Ticket | None" = None
    rules: set[str] = field(default_factory=set)  # planted rules that have no span
    tags: list[str] = field(default_factory=list)
    id: int = 0

    @property
    def texts(self) -> list[str]:
        """What the turns say."""
        return [comment.text for _, said in turns(self.comments) for comment in said]

    @property
    def answered_texts(self) -> list[str]:
        """What the turns say up to the last answer."""
        made = turns(self.comments)
        while made and made[-1][0] == "user":
            made.pop()
        return [comment.text for _, said in made for comment in said]


@dataclass(frozen=True)
class Desk:
    """The help desk: languages, people, and the tickets so far."""

    rng: Random
    banks: dict[str, Bank]
    customers: list[Person]
    agents: list[Person]
    seen: Seen

    def ticket(self, language: str, shape: str, plant: Plant | None = None) -> Ticket:
        """Return a ticket that is unlike all earlier ones."""
        while True:
            ticket = self._draft(language, shape, plant)
            kinds = {shingles(ticket.texts), shingles(ticket.answered_texts or ticket.texts)}
            if max(self.seen.closest(kind) for kind in kinds) < MOST_ALIKE:
                for kind in kinds:
                    self.seen.add(kind)
                return ticket

    def _draft(self, language: str, shape: str, plant: Plant | None) -> Ticket:
        rng, bank = self.rng, self.banks[language]
        mine = [person for person in self.customers if person.language == language]
        # The power gives the first ones more tickets: some customers write often.
        customer = mine[int(len(mine) * rng.random() ** 1.6)]
        agent, second = rng.sample(self.agents, 2)
        facts = draw_facts(rng, bank, customer=customer.first, agent=agent.first)
        facts.fixed["agent2"] = second.first
        topic = rng.choice(bank.topics)
        channel = rng.choice(("email", "email", "email", "web", "web", "chat"))
        casual = channel == "chat" or rng.random() < 0.08
        writer = Writer(rng, facts, topic, casual, which=rng.random(), question=rng.random())
        comments = writer.comments(shape)
        subject = facts.fill(rng, rng.choice(topic.subject))
        if plant is not None and plant.role is not None:
            put(rng, plant, facts, comments)
        elif plant is not None:
            section, key = plant.carrier
            subject = facts.fill(rng, bank.plants[section][key][0], value=plant.value)
        if rng.random() < 0.25:
            comments.insert(rng.randint(1, len(comments)), writer.note(NOTE_MARKER))
        start = FIRST_DAY + timedelta(days=rng.randrange(DAYS), seconds=rng.randrange(60_000))
        tags = [topic.name, f"lang_{language}", *(["vip"] if rng.random() < 0.05 else [])]
        return Ticket(
            language,
            topic.name,
            subject,
            customer,
            agent,
            second,
            facts,
            channel,
            comments,
            start,
            plant,
            tags=tags,
        )

    def schedule(self, ticket: Ticket) -> None:
        """Give each comment its author and its time."""
        at = ticket.start
        for place, comment in enumerate(ticket.comments):
            if place:
                most = 180 if ticket.channel == "chat" else 60_000
                at += timedelta(seconds=self.rng.randint(40, most))
            comment.at = at
            authors = {"user": ticket.customer, "assistant": ticket.agent}
            comment.author = (ticket.second_agent if comment.takeover else authors[comment.role]).id


def open_desk(rng: Random) -> Desk:
    """Return the help desk without tickets."""
    banks = {language: load_bank(language) for language in LANGUAGES}
    return Desk(rng, banks, welcome(rng, banks), hire(rng), Seen())


def _turning(at: int) -> str:
    return LANGUAGES[at % len(LANGUAGES)]


def _plants(rng: Random, banks: dict[str, Bank]) -> Iterator[tuple[str, Plant]]:
    """Yield language and plant of each ticket that holds a value."""

    def name(language: str) -> tuple[str, str]:
        slots = banks[language].slots
        return rng.choice(slots["first"]), rng.choice(slots["last"])

    for shift, rule in enumerate(PERSONAL):
        for at in range(PLANTS_PER_RULE["pii"]):
            language = _turning(at + shift)
            value = personal(rng, rule, language, name(language))
            role, key = _AGENT if at % 3 == 2 else _USER
            yield language, Plant(value, rule, (rule.partition("/")[2], key), role)
    for at in range(PLANTS_PER_RULE["subject"]):
        rule = ("pii/email-address", "pii/phone-number", "pii/iban")[at % 3]
        language = _turning(at)
        value = personal(rng, rule, language, name(language))
        yield language, Plant(value, rule, ("subject", rule.partition("/")[2]), None)
    for shift, rule in enumerate(SECRETS):
        for at in range(PLANTS_PER_RULE["secret"]):
            role, key = _AGENT if at == 3 else _USER
            yield _turning(at + shift), Plant(secret(rng, rule), rule, ("secret", key), role)
    for at in range(PLANTS_PER_RULE["special-token"]):
        token = SPECIAL_TOKENS[at % len(SPECIAL_TOKENS)]
        yield (
            _turning(at),
            Plant(token, "format/special-token", ("special-token", "user"), "user"),
        )
    yield from _identity_plants(rng, banks)
    for language, bank in banks.items():
        for kind in bank.plants["hard"]:
            found = FROM_LOOKALIKES.get(kind)
            yield language, Plant(LOOKALIKES[kind](rng), found, ("hard", kind), "user")


def _identity_plants(rng: Random, banks: dict[str, Bank]) -> Iterator[tuple[str, Plant]]:
    for name, kind in KINDS.items():
        for at in range(PLANTS_PER_RULE["identity"]):
            language = kind.languages[at % len(kind.languages)]
            section = "secret" if name in VENDORS else name
            spoken = banks[language].plants[section]
            role, key = _AGENT if at == 3 and "agent" in spoken else _USER
            yield language, Plant(kind.make(rng), kind.rule, (section, key), role)
    slots = banks["en"].slots
    for _ in range(PLANTS_PER_RULE["name"]):
        value = f"{rng.choice(slots['first'])} {rng.choice(slots['last'])}".lower()
        yield "en", Plant(value, "pii/person-name", ("name-lower", "user"), "user")


def write_tickets(desk: Desk) -> list[Ticket]:
    """Return every ticket but the copies; without ids, authors and times."""
    rng = desk.rng
    weights = [SHAPES[shape] for shape in PLAIN_SHAPES]
    made = [
        desk.ticket(language, rng.choices(PLAIN_SHAPES, weights)[0], plant)
        for language, plant in _plants(rng, desk.banks)
    ]
    made += [desk.ticket(_turning(at), rng.choice(ONE_SIDED)) for at in range(UNTRAINABLE)]
    for at in range(LOST):
        ticket = desk.ticket(_turning(at), rng.choice(PLAIN_SHAPES))
        answer = next(
            place
            for place, comment in enumerate(ticket.comments)
            if comment.role == "assistant" and comment.public
        )
        lost = Comment("user", [desk.ticket(_turning(at), "U").comments[0].text], known=False)
        ticket.comments.insert(answer, lost)
        ticket.rules.add("quality/lost-message")
        made.append(ticket)
    return made


def write_others(desk: Desk, number: int) -> list[Ticket]:
    """Return tickets in which nothing is planted."""
    rng = desk.rng
    shapes, weights = list(SHAPES), list(SHAPES.values())
    languages = rng.choices(list(SHARES), list(SHARES.values()), k=number)
    return [desk.ticket(language, rng.choices(shapes, weights)[0]) for language in languages]
