"""Plant copies of tickets: the same words once more, or nearly the same."""

import re
from copy import deepcopy
from datetime import timedelta
from itertools import cycle

from sample_data.generator.facts import Facts, draw_facts
from sample_data.generator.similar import jaccard, shingles
from sample_data.generator.talk import ENDS_WITH_AGENT, Comment
from sample_data.generator.tickets import Desk, Ticket

EXACT = 8
NEAR = 14
# How often each form was sent in; the first one is the original.
FORMS = {
    ("registration", "en"): 4,
    ("registration", "de"): 3,
    ("registration", "fr"): 3,
    ("newsletter", "en"): 3,
}
CHANGEABLE = ("customer", "order", "amount", "date", "city", "product", "colour", "carrier")
LEAST_ALIKE = 0.83  # `duplicate/near-duplicate` looks for 0.8 and more


def _respelled(text: str, how: str) -> str:
    if how == "lower":
        return text.lower()
    if how == "double":
        return re.sub(r" ", "  ", text)
    if how == "lines":
        return re.sub(r"(?<=[.?!]) ", "\n", text)
    return " ".join(text.split())


def _once_more(desk: Desk, ticket: Ticket, *, same_customer: bool) -> Ticket:
    copy = deepcopy(ticket)
    copy.start += timedelta(days=desk.rng.randint(1, 40), seconds=desk.rng.randrange(3600))
    if not same_customer:
        mine = [person for person in desk.customers if person.language == ticket.language]
        copy.customer = desk.rng.choice(mine)
    copy.comments = [comment for comment in copy.comments if comment.public and comment.text]
    return copy


def _exact(desk: Desk) -> list[Ticket]:
    made: list[Ticket] = []
    hows = cycle(("lower", "double", "lines", "one-line"))
    for at in range(EXACT):
        language = ("en", "de", "es", "fr")[at % 4]
        original = desk.ticket(language, desk.rng.choice(ENDS_WITH_AGENT))
        copy = _once_more(desk, original, same_customer=True)
        copy.copy_of = original
        copy.rules.add("duplicate/exact-copy")
        how = next(hows)
        for comment in copy.comments:
            if comment.role == "user":
                comment.flat, comment.rich = _respelled(comment.text, how), False
        made += [original, copy]
    return made


def _forms(desk: Desk) -> list[Ticket]:
    made: list[Ticket] = []
    for (form, language), times in FORMS.items():
        lines = desk.banks[language].plants[f"form.{form}"]
        original = desk.ticket(language, "UA")
        original.topic, original.subject = form, lines["subject"][0]
        original.tags, original.channel = [form, f"lang_{language}"], "web"
        original.comments = [
            Comment("user", [lines["user"][0]]),
            Comment("assistant", [lines["agent"][0]], rich=True),
        ]
        made.append(original)
        for _ in range(times - 1):
            copy = _once_more(desk, made[-1], same_customer=False)
            copy.copy_of = original
            copy.rules.add("duplicate/exact-copy")
            made.append(copy)
    return made


def _nearly(desk: Desk, ticket: Ticket) -> Ticket | None:
    """Return a copy with some facts changed, or None where that changes too much or nothing."""
    copy = _once_more(desk, ticket, same_customer=False)
    fixed = ticket.facts.fixed
    other = draw_facts(
        desk.rng, ticket.facts.bank, customer=copy.customer.first, agent=fixed["agent"]
    ).fixed
    changed = desk.rng.sample(CHANGEABLE, 3)

    def reworded(text: str) -> str:
        for name in changed:
            text = re.sub(rf"\b{re.escape(fixed[name])}(?!\w)", other[name], text)
        return text

    copy.subject = reworded(copy.subject)
    copy.facts = Facts(ticket.facts.bank, {**fixed, **{name: other[name] for name in changed}})
    for comment in copy.comments:
        comment.flat, comment.rich = reworded(comment.text), False
    for old, new in ((ticket.texts, copy.texts), (ticket.answered_texts, copy.answered_texts)):
        if not LEAST_ALIKE <= jaccard(shingles(old), shingles(new)) <= 0.97:
            return None
    return copy


def _near(desk: Desk) -> list[Ticket]:
    made: list[Ticket] = []
    for at in range(NEAR):
        language = ("en", "de", "es", "fr", "en", "nl", "pt")[at % 7]
        copy = None
        while copy is None:
            original = desk.ticket(language, desk.rng.choice(ENDS_WITH_AGENT))
            copy = _nearly(desk, original)
        copy.copy_of = original
        copy.rules.add("duplicate/near-duplicate")
        made += [original, copy]
    return made


def write_copies(desk: Desk) -> list[Ticket]:
    """Return tickets with copies of them, the copies later in time."""
    return [*_exact(desk), *_forms(desk), *_near(desk)]
