"""WhatsApp: a chat a file, as an iPhone exports it."""

from collections.abc import Iterator
from typing import Any

from sample_data.generator.exports.talks import AGENTS, Talk, talks

NAME = "whatsapp"
OPTIONS: dict[str, Any] = {"agents": tuple(agent.name for agent in AGENTS)}


def files() -> dict[str, bytes]:
    """Return the export."""
    named = {f"WhatsApp Chat - {talk.number}/_chat.txt": _lines(talk) for talk in talks()}
    return {name: "".join(lines).encode() for name, lines in named.items()}


def _lines(talk: Talk) -> Iterator[str]:
    # Only a day above 12 shows that the month comes first.
    begin = "[2/23/26, 8:00:00\u202fAM]"
    yield f"{begin} {talk.customer.name}: \u200eMessages are end-to-end encrypted.\r\n"
    for n, said in enumerate(talk.said):
        name = talk.author(said).name
        if said.who == "customer" or said.who == "agent":
            yield _line(talk, n, f"{name}: {said.text}")
        elif said.who == "note":
            yield _line(talk, n, f"{name}: \u200e{name} changed the description: {said.text}")
        else:
            yield "\u200e" + _line(talk, n, f"{name}: \u200eimage omitted")


def _line(talk: Talk, n: int, rest: str) -> str:
    at = talk.said[n].at
    half = "AM" if at.hour < 12 else "PM"
    hour = (at.hour - 1) % 12 + 1
    stamp = f"{at.month}/{at.day}/{at:%y}, {hour}:{at:%M:%S}\u202f{half}"
    return f"[{stamp}] {rest}\r\n"
