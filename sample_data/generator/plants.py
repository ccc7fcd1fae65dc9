"""Put values into messages, so that the place of each is known."""

from dataclasses import dataclass
from random import Random
from typing import Any

from sample_data.generator.facts import Facts
from sample_data.generator.talk import Comment, Role, turns

Span = dict[str, Any]
Found = dict[str, list[Span]]


@dataclass(frozen=True)
class Plant:
    """What a ticket is to hold.

    rule: what must find it; None for a value that looks like one and must not be found. carrier:
    the section and the key of the sentences that can hold it. role: who says it; None puts it
    into the subject.
    """

    value: str
    rule: str | None
    carrier: tuple[str, str]
    role: Role | None

    @property
    def found(self) -> str:
        """The part that a finding covers: of an address with credentials only these."""
        if self.rule == "secret/url-credentials":
            return self.value.partition("://")[2].partition("@")[0]
        if self.rule == "pii/ticket-number":
            return self.value.removeprefix("#")
        return self.value


def put(rng: Random, plant: Plant, facts: Facts, comments: list[Comment]) -> None:
    """Write the planted value into one of the comments, as a single line.

    A single line reads the same whatever a reader does with paragraphs, so the span is certain.
    The shapes for this have no two comments of a role in a row.
    """
    made = turns(comments)
    answered = max(at for at, (role, _) in enumerate(made) if role == "assistant")
    # Thanks that come after the last answer are cut off, and the value with them.
    alone = [said[0] for role, said in made[: answered + 1] if role == plant.role]
    chosen = rng.choice(alone)
    section, key = plant.carrier
    carrier = facts.fill(
        rng, rng.choice(facts.bank.plants[section][key]), value="\N{OBJECT REPLACEMENT CHARACTER}"
    ).replace("\N{OBJECT REPLACEMENT CHARACTER}", plant.value)
    sentences = [" ".join(block.split()) for block in chosen.blocks if isinstance(block, str)]
    if plant.rule is not None and plant.rule.startswith("secret/"):
        # Nothing follows a secret: a word after it could be read as a part of it.
        sentences = [*sentences[:-1], carrier] if len(sentences) > 1 else [*sentences, carrier]
        chosen.secret = plant.value
    else:
        sentences.insert(min(2, len(sentences)), carrier)
    chosen.flat, chosen.carrier = " ".join(sentences), carrier
    chosen.link = None
    if "\n" in plant.value or "<" in plant.value:
        chosen.rich = False


Text = tuple[int | None, str, str]  # turn, part, what it says


def said_texts(comments: list[Comment]) -> list[Text]:
    """Return the turns as a reader makes them."""
    return [
        (turn, "/content", "\n\n".join(comment.text for comment in said))
        for turn, (_, said) in enumerate(turns(comments))
    ]


def spans(plant: Plant, subject: str, comments: list[Comment]) -> list[Span]:
    """Return where a reader finds the planted value; half-open code points."""
    found: list[Span] = []
    texts = [(None, "/subject", subject)] if plant.role is None else said_texts(comments)
    # Looked for within its sentence: a short value may well stand elsewhere too.
    carrier = next((said.carrier for said in comments if said.carrier), None) or subject
    within = carrier.find(plant.found)
    for turn, part, text in texts:
        start = text.find(carrier) + within
        if carrier in text and plant.found:
            end = start + len(plant.found)
            found.append({"turn": turn, "start": start, "end": end, "part": part})
    return found
