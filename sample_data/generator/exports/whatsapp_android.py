"""WhatsApp: a chat a file, as an Android phone exports it in Germany."""

from collections.abc import Iterator
from typing import Any

from sample_data.generator.exports.talks import AGENTS, Talk, talks

NAME = "whatsapp"
OPTIONS: dict[str, Any] = {"agents": tuple(agent.name for agent in AGENTS)}


def files() -> dict[str, bytes]:
    """Return the export."""
    named = {f"WhatsApp Chat mit {talk.number}.txt": _lines(talk) for talk in talks()}
    return {name: "".join(lines).encode() for name, lines in named.items()}


def _lines(talk: Talk) -> Iterator[str]:
    yield f"{talk.opened:%d.%m.%y, %H:%M} - Nachrichten sind Ende-zu-Ende-verschlüsselt.\n"
    for said in talk.said:
        stamp = f"{said.at:%d.%m.%y, %H:%M}"
        name = talk.author(said).name
        if said.who == "customer" or said.who == "agent":
            yield f"{stamp} - {name}: {said.text}\n"
        elif said.who == "note":
            yield f"{stamp} - {name} hat den Betreff zu „Intern: {said.text}“ geändert.\n"
        else:
            yield f"{stamp} - {name}: <Medien ausgeschlossen>\n"
