"""Where the words of a ticket stand that name somebody or an order: found by their values."""

import re
from collections.abc import Iterable

from sample_data.generator.facts import Facts
from sample_data.generator.plants import Found, Span, Text

# Which words of a ticket are personal, and what should find them.
RULES = {
    "customer": "pii/person-name",
    "agent": "pii/person-name",
    "agent2": "pii/person-name",
    "order": "pii/order-number",
}
Mentions = frozenset[tuple[str, str]]  # rule and value


def mentions(facts: Facts) -> Mentions:
    """Return the personal values that the sentences of a ticket may hold."""
    return frozenset((rule, facts.fixed[slot]) for slot, rule in RULES.items())


def mentioned(values: Mentions, texts: Iterable[Text], taken: Iterable[Span] = ()) -> Found:
    """Return where the values stand, in the capitals of the ticket or, in a copy, without any.

    taken: places of planted values; a name within a planted mail address is none of its own.
    """
    held = {(span["turn"], span["part"]): (span["start"], span["end"]) for span in taken}
    found: Found = {}
    for turn, part, text in texts:
        start, end = held.get((turn, part), (0, 0))
        for rule, value in sorted(values):
            forms = "|".join(re.escape(form) for form in {value, value.lower()})
            for match in re.finditer(rf"(?<!\w)(?:{forms})(?!\w)", text):
                if match.end() <= start or match.start() >= end:
                    place = {"turn": turn, "start": match.start(), "end": match.end(), "part": part}
                    found.setdefault(rule, []).append(place)
    return found
