"""Read pairs of a prompt and its completion: JSON records or rows of a table.

Both may be texts or, as in TRL, lists of messages.
"""

from functools import partial

from tunegate.model import About
from tunegate.readers.export import Chat, Desk, ExportReader, Found
from tunegate.readers.streams import Table
from tunegate.readers.training.records import TAKEN, alone, chat, said, system, tools_of

_ANSWERS = ("completion", "response")
_OTHERS = "chosen rejected messages conversations custom_id"


def _convert(found: Found, desk: Desk) -> Chat:
    fields = found.fields
    answer = next((name for name in _ANSWERS if fields.get(name) is not None), _ANSWERS[0])
    prompt = said(fields.get("prompt"), "user", "prompt")
    reply = said(fields.get(answer), "assistant", answer)
    messages = [*system(fields, "system", "system_prompt"), *prompt, *reply]
    return chat(found, desk, messages, tools=tools_of(fields.get("tools")))


READER = ExportReader(
    name="prompt-completion",
    about=About(
        title="Prompt and completion",
        export="JSON Lines or CSV with the fields `prompt` and `completion` (or `response`), such "
        "as TRL's prompt-completion and OpenAI's older fine-tuning files",
        reads="`prompt` as the user's and `completion` as the assistant's turn, or the messages "
        "in them; `system` as the system prompt",
        leaves="other fields, and records that one such as `internal` or `deleted` hides",
    ),
    tables=(Table("pairs", needs="prompt", any="completion response", never=_OTHERS, paths=TAKEN),),
    make=partial(alone, convert=_convert),
)
