"""Read TRL preference records: a prompt, a chosen and a rejected answer, texts or messages.

The prompt may also stand in both answers, as their common beginning.
"""

from functools import partial

from tunegate.model import About
from tunegate.readers.export import Chat, Desk, ExportReader, Found
from tunegate.readers.json.record import Unreadable
from tunegate.readers.streams import Table
from tunegate.readers.training.records import (
    TAKEN,
    Messages,
    alone,
    message,
    pair,
    said,
    shared,
    system,
    text_in,
    tools_of,
)

_TEXTS = ("question", "instruction")


def _convert(found: Found, desk: Desk) -> Chat:
    fields = found.fields
    chosen = said(fields.get("chosen"), "assistant", "chosen")
    rejected = said(fields.get("rejected"), "assistant", "rejected")
    prompt = _prompt(found)
    if not prompt or (chosen[:1] == rejected[:1] and _asks(chosen)):
        alike = shared(chosen, rejected)
        if prompt and not _repeats(prompt, chosen[:alike]):
            raise Unreadable("the answers begin with messages that are not those of `prompt`")
        prompt, chosen, rejected = chosen[:alike], chosen[alike:], rejected[alike:]
    told = system(fields, "system")
    if any(first.get("role") == "system" for first in prompt[:1]):
        told = []
    return pair(
        found, desk, [*told, *prompt], chosen, rejected, tools=tools_of(fields.get("tools"))
    )


def _prompt(found: Found) -> Messages:
    fields = found.fields
    if fields.get("prompt") not in (None, ""):
        return said(fields["prompt"], "user", "prompt")
    parts = [text_in(fields, *_TEXTS), text_in(fields, "input")]
    text = "\n\n".join(part for part in parts if part.strip())
    return [message("user", text)] if text else []


def _asks(answer: Messages) -> bool:
    """Tell whether what should be an answer begins with the prompt."""
    return bool(answer) and answer[0].get("role") in ("user", "system", "developer")


def _repeats(prompt: Messages, begin: Messages) -> bool:
    texts = [one.get("content") for one in begin]
    return all(one.get("content") in texts for one in prompt)


READER = ExportReader(
    name="preference",
    about=About(
        title="Preference pairs (TRL)",
        export="JSON Lines or CSV with `chosen` and `rejected`, and mostly `prompt`, as TRL and "
        "other trainers of DPO read them",
        reads="the prompt once, and both answers to it; texts, lists of messages, or transcripts "
        "with `Human:` and `Assistant:`",
        leaves="scores and other fields",
    ),
    tables=(
        Table(
            "pairs",
            needs="chosen rejected",
            any="chosen prompt question instruction input system",
            never="conversations",
            paths=TAKEN,
        ),
    ),
    make=partial(alone, convert=_convert),
)
