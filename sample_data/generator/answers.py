"""What was planted where: the answers that an audit of the sample files is measured by."""

from collections.abc import Iterable
from typing import Any

from sample_data.generator.plants import Found, Span, said_texts, spans
from sample_data.generator.slots import mentioned, mentions
from sample_data.generator.talk import turns
from sample_data.generator.tickets import Ticket


def ticket_answers(ticket: Ticket) -> Found:
    """Return rule → spans of one ticket as the Zendesk export holds it."""
    found: Found = {rule: [] for rule in ticket.rules}
    if ticket.plant is not None and ticket.plant.rule is not None:
        found[ticket.plant.rule] = spans(ticket.plant, ticket.subject, ticket.comments)
    texts = [(None, "/subject", ticket.subject), *said_texts(ticket.comments)]
    taken = [span for places in found.values() for span in places]
    for rule, places in mentioned(mentions(ticket.facts), texts, taken).items():
        found[rule] = sorted([*found.get(rule, []), *places], key=_order)
    made = turns(ticket.comments)
    if not any(role == "assistant" for role, _ in made):
        found["quality/untrainable"] = []
    elif made[-1][0] == "user":
        found["quality/trailing-turn"] = []
    return dict(sorted(found.items()))


def _order(place: Span) -> tuple[int, int]:
    return (-1 if place["turn"] is None else place["turn"], place["start"])


def table_answers(found: Found) -> Found:
    """Return what is left in the table of messages: no subject, no secrets, no lost messages."""
    left = {
        rule: [place for place in places if place["part"] != "/subject"]
        for rule, places in found.items()
        if not rule.startswith("secret/") and rule != "quality/lost-message"
    }
    return {rule: places for rule, places in left.items() if places or not found[rule]}


def lookalikes(tickets: Iterable[Ticket]) -> dict[str, dict[str, Any]]:
    """Return ticket id → kind and places of each value that looks like a finding and is none."""
    return {
        str(ticket.id): {
            "kind": ticket.plant.carrier[1],
            "places": spans(ticket.plant, ticket.subject, ticket.comments),
        }
        for ticket in tickets
        if ticket.plant is not None and ticket.plant.rule is None
    }


def originals(tickets: Iterable[Ticket]) -> dict[str, str]:
    """Return id of a copy → id of the ticket that it repeats."""
    return {
        str(ticket.id): str(ticket.copy_of.id) for ticket in tickets if ticket.copy_of is not None
    }
