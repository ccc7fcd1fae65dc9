"""Tell which language the user of a conversation writes, without a network.

py3langid looks at a few hundred characters. fastText's small model was as right on
`tests/languages.yaml` and twice as fast, but its package downloads models and asks for `requests`.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from tunegate.model import Batch

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Addresses, places and what redaction leaves are in no language.
_NO_LANGUAGE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|<[A-Z][A-Z0-9_]*>|[\w./\\-]*\d[\w./\\-]*")
_LETTER = re.compile(r"[^\W\d_]")
# A character of these scripts says as much as several letters.
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LETTERS_OF_DENSE = 4
_FEWEST_LETTERS = 8
_FIRST = 1_000  # characters of what the user says, of which
_ENOUGH = 320  # are looked at, once the above is out
_SHORT = 20  # letters, of a phrase that several languages share
_CERTAINTY_OF_SHORT = 0.55
_CERTAINTY = 0.35
_NONE = "zxx"  # what the model calls the likes of "asdf"


def of(texts: Sequence[str]) -> list[str | None]:
    """Return the ISO 639 code of each text; None where it is too short, or could be several."""
    found: dict[str, str | None] = {}
    for text in texts:  # the model takes one at a time
        if text not in found:
            found[text] = _of(text)
    return [found[text] for text in texts]


def with_language(batch: Batch) -> Batch:
    """Return the batch with the language of what the user says in each conversation."""
    said = (
        batch.contents()
        .filter(pl.col("role") == "user")
        .group_by("row", maintain_order=True)
        .agg(pl.col("text").str.join("\n").str.slice(0, _FIRST))
    )
    known = said.select("row", language=pl.Series(of(said["text"].to_list()), dtype=pl.String))
    conversations = batch.conversations.drop("language").join(
        known, on="row", how="left", maintain_order="left"
    )
    return Batch(
        conversations.select(batch.conversations.columns),
        batch.turns,
        batch.segments,
        batch.split,
    )


def _of(text: str) -> str | None:
    words = " ".join(_NO_LANGUAGE.sub(" ", text[:_FIRST]).split())[:_ENOUGH]
    letters = len(_LETTER.findall(words)) + (_LETTERS_OF_DENSE - 1) * len(_DENSE.findall(words))
    if letters < _FEWEST_LETTERS:
        return None
    language, certainty = _identifier().classify(words)
    enough = _CERTAINTY_OF_SHORT if letters < _SHORT else _CERTAINTY
    return str(language) if certainty >= enough and language != _NONE else None


@cache
def _identifier() -> "LanguageIdentifier":
    # Importing it and unpacking the model takes most of a second, once a process.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
