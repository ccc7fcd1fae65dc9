"""Microsoft Presidio as an engine: its recognisers, on a pipeline of the user's or on none."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tunegate.checks.neural.engines import Settings, Span, folder, need
from tunegate.checks.neural.spacy import is_installed, load

_YAML = (".yaml", ".yml")


@dataclass(frozen=True)
class Presidio:
    """Finds what Presidio's analyzer does.

    path: a spaCy pipeline, or a YAML file that configures the analyzer with any of its engines;
    None: no model at all, so that only recognisers work that need none.
    """

    settings: Settings

    def __post_init__(self) -> None:
        need("presidio", "presidio_analyzer", "spacy")
        path = self.settings.path
        if path is not None and not is_installed(path) and not _is_configuration(path):
            folder("presidio", path, "config.cfg")

    def detect(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return what the recognisers find in each text."""
        found = self._analyzer.analyze_iterator(
            texts,
            language=self.settings.language,
            batch_size=self.settings.batch_size,
            entities=list(self.settings.labels) or None,
            score_threshold=self.settings.threshold,
        )
        return [
            sorted(Span(one.start, one.end, one.entity_type, one.score) for one in results)
            for results in found
        ]

    @cached_property
    def _analyzer(self) -> Any:  # noqa: ANN401 - Presidio's own, imported here alone
        _stay_offline()
        # Its warnings name what it is given; ours never do.
        logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL)
        from presidio_analyzer import AnalyzerEngine, AnalyzerEngineProvider, BatchAnalyzerEngine

        path, language = self.settings.path, self.settings.language
        if path is not None and _is_configuration(path):
            configured = AnalyzerEngineProvider(analyzer_engine_conf_file=path)
            return BatchAnalyzerEngine(configured.create_engine())
        analyzer = AnalyzerEngine(
            nlp_engine=_nlp_engine(path, language), supported_languages=[language]
        )
        return BatchAnalyzerEngine(analyzer)


def _is_configuration(path: str) -> bool:
    return path.endswith(_YAML) and Path(path).is_file()


def _nlp_engine(path: str | None, language: str) -> Any:  # noqa: ANN401 - Presidio's own
    """Return Presidio's engine around a loaded pipeline, since it would download what it lacks."""
    import spacy
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    engine = SpacyNlpEngine(models=[{"lang_code": language, "model_name": path or "blank"}])
    engine.nlp = {language: load(path, "presidio") if path else spacy.blank(language)}
    return engine


def _stay_offline() -> None:
    """Keep the recognisers of addresses from fetching the list of public suffixes."""
    import tldextract

    # The package holds a copy of the list, which it would otherwise refresh over the network.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
