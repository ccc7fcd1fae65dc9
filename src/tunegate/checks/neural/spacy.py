"""spaCy as an engine: a pipeline of the user's, by its folder or as an installed package."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tunegate.checks.neural.engines import Settings, Span, folder, need
from tunegate.errors import RuleError

SCORE = 0.85  # spaCy gives none; this is what Presidio takes for its entities


def is_installed(path: str) -> bool:
    """Tell whether a pipeline is an installed package; a folder of that name comes first."""
    from importlib.metadata import packages_distributions

    return not Path(path).exists() and path in packages_distributions()


@dataclass(frozen=True)
class Spacy:
    """Finds the entities of a spaCy pipeline."""

    settings: Settings

    def __post_init__(self) -> None:
        need("spacy", "spacy")
        path = self.settings.path
        if path is None or not is_installed(path):
            folder("spacy", path, "config.cfg")

    def detect(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return the entities of each text."""
        wanted = set(self.settings.labels)
        return [
            [
                Span(entity.start_char, entity.end_char, entity.label_, SCORE)
                for entity in found.ents
                if not wanted or entity.label_ in wanted
            ]
            for found in self._pipeline.pipe(texts, batch_size=self.settings.batch_size)
        ]

    @cached_property
    def _pipeline(self) -> Any:  # noqa: ANN401 - spaCy's own, imported here alone
        return load(self.settings.path or "", "spacy")


def load(path: str, name: str) -> Any:  # noqa: ANN401 - see above
    """Return a pipeline; it is never downloaded.

    Raises:
        RuleError: what lies there is none, or is of another version.
    """
    import spacy

    try:
        return spacy.load(path)
    except (OSError, ValueError, ImportError) as error:
        raise RuleError(
            f"engine `{name}` cannot load the pipeline at `params.path`: {type(error).__name__}",
            hint=f"`python -m spacy validate` tells whether it fits spaCy {spacy.__version__}",
        ) from None
