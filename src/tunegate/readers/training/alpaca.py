"""Read Alpaca records: an instruction, perhaps an input, and the output; Dolly's are much alike."""

from functools import partial

from tunegate.model import About
from tunegate.readers.export import Chat, Desk, ExportReader, Found
from tunegate.readers.json.record import Unreadable
from tunegate.readers.streams import Table
from tunegate.readers.training.records import (
    TAKEN,
    Messages,
    alone,
    chat,
    message,
    parsed,
    system,
    text_in,
)

_INPUTS = ("input", "context")
_OUTPUTS = ("output", "response")


def _convert(found: Found, desk: Desk) -> Chat:
    fields = found.fields
    asked = [text_in(fields, "instruction"), text_in(fields, *_INPUTS)]
    question = "\n\n".join(text for text in asked if text.strip())
    if not question:
        raise Unreadable("`instruction` and `input` are empty")
    if all(fields.get(name) is None for name in _OUTPUTS):
        raise Unreadable("`output` is missing")
    answer = message("assistant", text_in(fields, *_OUTPUTS))
    before = [*system(fields, "system"), *_history(fields.get("history"))]
    return chat(found, desk, [*before, message("user", question), answer])


def _history(value: object) -> Messages:
    """Return the earlier turns, which stand as pairs of a question and its answer.

    Raises:
        Unreadable: they are something else.
    """
    if value in (None, ""):
        return []
    pairs = parsed(value) if isinstance(value, str) else value
    turns: Messages = []
    for pair in pairs if isinstance(pairs, list) else [None]:
        if (
            not isinstance(pair, list)
            or len(pair) != 2
            or not all(isinstance(t, str) for t in pair)
        ):
            raise Unreadable("`history` is not a list of pairs of texts")
        turns += [message("user", pair[0]), message("assistant", pair[1])]
    return turns


READER = ExportReader(
    name="alpaca",
    about=About(
        title="Alpaca and Dolly",
        export="JSON, JSON Lines or CSV with `instruction`, `input` and `output`; or Dolly's "
        "`instruction`, `context` and `response`",
        reads="`system`, the pairs in `history`, then instruction and input as the user's turn, "
        "and the output as the assistant's",
        leaves="other fields, and records that one such as `internal` or `deleted` hides",
    ),
    tables=(
        Table(
            "instructions",
            needs="instruction output",
            never="chosen rejected messages conversations",
            paths=TAKEN,
        ),
        Table(
            "dolly",
            needs="instruction response",
            never="chosen rejected messages conversations",
            paths=TAKEN,
        ),
    ),
    make=partial(alone, convert=_convert),
)
