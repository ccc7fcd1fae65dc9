"""Read KTO records: a prompt, a completion, and whether it is a good one."""

from functools import partial

from tunegate.model import About
from tunegate.readers.export import Chat, Desk, ExportReader, Found, Left
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.json.record import Unreadable
from tunegate.readers.streams import Table
from tunegate.readers.training.records import TAKEN, alone, chat, said, system, truth

UNWANTED = "labelled as a bad answer"


def _convert(found: Found, desk: Desk) -> Chat | Left:
    fields = found.fields
    label = truth(fields.get("label"))
    if label is None:
        raise Unreadable("`label` is neither true nor false")
    if not label:
        return Left(UNWANTED)
    prompt = said(fields.get("prompt"), "user", "prompt")
    reply = said(fields.get("completion"), "assistant", "completion")
    return chat(found, desk, [*system(fields, "system"), *prompt, *reply])


def _labelled(seen: Listing) -> bool:
    labels = [record["label"] for record in seen.objects if "label" in record]
    # Of a table only the header is seen.
    return not labels or any(isinstance(label, bool) for label in labels)


READER = ExportReader(
    name="kto",
    about=About(
        title="KTO (unpaired preference)",
        export="JSON Lines or CSV with `prompt`, `completion` and `label`, as TRL reads them",
        reads="records with `label: true`",
        leaves="records with `label: false`, which must not be imitated; other fields",
    ),
    tables=(
        Table(
            "labelled",
            needs="prompt completion label",
            never="chosen rejected messages conversations",
            paths=TAKEN,
            mark=_labelled,
        ),
    ),
    make=partial(alone, convert=_convert),
)
