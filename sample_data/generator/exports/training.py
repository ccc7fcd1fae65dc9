"""Ways to write talks as the formats that models are trained on; no format of its own."""

from typing import Any

from sample_data.generator.exports.talks import Talk


def as_messages(talk: Talk) -> list[dict[str, Any]]:
    """Return the turns as messages of a chat record."""
    return [{"role": role, "content": text} for role, text in talk.turns()]


def asked_and_answered(talk: Talk) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the messages before the last answer, and that answer."""
    *before, last = as_messages(talk)
    return before, last
