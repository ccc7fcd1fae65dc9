"""Read OpenAI reinforcement fine-tuning records: a prompt, and what a grader needs beside it.

They hold no answer to learn from; the model writes its own, and the grader judges it.
"""

from functools import partial

from tunegate.model import About
from tunegate.readers.export import Chat, Desk, ExportReader, Found
from tunegate.readers.fields import objects
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.merge import PROMPT_ONLY
from tunegate.readers.streams import Table
from tunegate.readers.training.records import TAKEN, alone, head_of

_CHAT = frozenset({"messages", "tools", "functions", "parallel_tool_calls"})
_ASKING = ("user", "developer", "system")


def _convert(found: Found, desk: Desk) -> Chat:
    return Chat(head_of(found, desk), found.fields, (found,), (PROMPT_ONLY,))


def _unanswered(seen: Listing) -> bool:
    """Tell whether records have keys for a grader, and none of those seen holds any answer."""
    if not any(keys - _CHAT for keys in seen.keys):
        return False
    said = [one for record in seen.objects for one in objects(record.get("messages"))]
    roles = [one.get("role") for one in said]
    return any(role in _ASKING for role in roles) and "assistant" not in roles


READER = ExportReader(
    name="openai-reinforcement",
    about=About(
        title="OpenAI reinforcement fine-tuning",
        export="the JSON Lines file that is uploaded for reinforcement fine-tuning",
        reads="`messages` as a prompt; each is noted as being without an answer",
        leaves="nothing is left out here, but a supervised target drops what has no answer; the "
        "fields for the grader are not written",
    ),
    tables=(
        Table(
            "prompts",
            needs="messages",
            any="messages item reference_answer reference answer",
            never="prompt completion chosen rejected",
            paths=TAKEN,
            kinds=("lines", "values"),
            mark=_unanswered,
            weight=2,
        ),
    ),
    make=partial(alone, convert=_convert),
)
