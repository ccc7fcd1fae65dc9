"""Who is who in one conversation: the same person under a full name, a part of it, or a title."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

AGENT, CUSTOMER = "agent", "customer"
SIDES = {"assistant": AGENT, "user": CUSTOMER}
OTHER_SIDE = {AGENT: CUSTOMER, CUSTOMER: AGENT}


@dataclass(frozen=True)
class Mention:
    """A span: its words without case, in order, and on which side the person is, where it shows."""

    words: tuple[str, ...]
    side: str | None = None


@dataclass
class _Person:
    words: frozenset[str]
    side: str | None
    mentions: list[int] = field(default_factory=list)


def link(
    mentions: Sequence[Mention], known: Iterable[Mention] = ()
) -> tuple[list[int], list[str | None]]:
    """Return for each mention the number of its person, and that person's side.

    known: who takes part, as the source says. Numbers count from 1 in the order of first mentions.
    """
    people: list[_Person] = []
    for person in known:
        _join(people, person, None)
    # Full names first: a part of one is understood by them, wherever it stands.
    order = sorted(range(len(mentions)), key=lambda n: (-len(mentions[n].words), n))
    order.sort(key=lambda n: (-len(mentions[n].words), mentions[n].side is None, n))
    for number in order:
        _join(people, mentions[number], number)
    numbers, sides = [0] * len(mentions), [None] * len(mentions)
    mentioned = sorted((p for p in people if p.mentions), key=lambda p: min(p.mentions))
    for number, one in enumerate(mentioned, start=1):
        for mention in one.mentions:
            numbers[mention], sides[mention] = number, one.side  # type: ignore[call-overload]
    return numbers, sides


def _join(people: list[_Person], mention: Mention, number: int | None) -> None:
    words = frozenset(mention.words)
    fitting = [
        person
        for person in people
        if words <= person.words and (not mention.side or person.side in (None, mention.side))
    ]
    same = [p for p in fitting if p.words == words] or fitting
    sided = [p for p in same if mention.side and p.side == mention.side] or same
    if len(sided) == 1:
        person = sided[0]
        person.side = person.side or mention.side
    else:
        person = _Person(words, mention.side)
        people.append(person)
    if number is not None:
        person.mentions.append(number)
