"""Read OpenAI preference records: `input`, `preferred_output` and `non_preferred_output`.

They are what preference data are written as, and so faults in them are for rules to find.
"""

from functools import partial

from tunegate.model import About
from tunegate.readers.export import Chat, Desk, ExportReader, Found
from tunegate.readers.streams import Table
from tunegate.readers.training.records import TAKEN, alone, head_of


def _convert(found: Found, desk: Desk) -> Chat:
    return Chat(head_of(found, desk), found.fields, (found,))


READER = ExportReader(
    name="openai-preference",
    about=About(
        title="OpenAI preference fine-tuning",
        export="the JSON Lines file that is uploaded for direct preference optimization",
        reads="`input.messages` once, and both outputs",
        leaves="nothing; keys that the format does not know are found by rules",
    ),
    tables=(
        Table(
            "pairs",
            needs="preferred_output",
            any="input preferred_output non_preferred_output",
            never="messages",
            paths=TAKEN,
            kinds=("lines", "values"),
        ),
    ),
    make=partial(alone, convert=_convert),
)
