"""Hugging Face Transformers as an engine: a token classifier in a local folder."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tunegate.checks.neural.engines import Settings, Span, folder, need
from tunegate.errors import RuleError

_TOKENS = 512  # where neither model nor tokenizer say what they take; BERT's number
_SPECIAL = 2  # positions that RoBERTa's kind counts and cannot use
_SHARED = 4  # a quarter of a window is seen twice


@dataclass(frozen=True)
class Transformers:
    """Finds the entities of a token classifier; what is too long for it is cut with overlap."""

    settings: Settings

    def __post_init__(self) -> None:
        need("transformers", "transformers", "torch")
        folder("transformers", self.settings.path, "config.json", "tokenizer.json")

    def detect(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return the entities of each text."""
        wanted = set(self.settings.labels)
        answers = self._pipeline(list(texts), batch_size=self.settings.batch_size)
        return [
            [
                Span(one["start"], one["end"], one["entity_group"], float(one["score"]))
                for one in found
                if not wanted or one["entity_group"] in wanted
            ]
            for found in answers
        ]

    @cached_property
    def _pipeline(self) -> Any:  # noqa: ANN401 - a pipeline of the library, imported here alone
        # Read when the library is imported; a folder needs nothing from anywhere else.
        os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
        import torch
        from transformers import AutoModelForTokenClassification, AutoTokenizer, pipeline

        torch.set_num_threads(self.settings.threads)
        path = str(self.settings.path)
        try:
            tokenizer = AutoTokenizer.from_pretrained(path, local_files_only=True, use_fast=True)
            model = AutoModelForTokenClassification.from_pretrained(path, local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise RuleError(
                f"engine `transformers` cannot load the model: {type(error).__name__}",
                hint="the folder must hold a token classifier as `save_pretrained` writes it",
            ) from None
        positions = getattr(model.config, "max_position_embeddings", None) or _TOKENS
        length = min(tokenizer.model_max_length, positions - _SPECIAL)
        tokenizer.model_max_length = length
        return pipeline(
            "token-classification",
            model=model.eval(),
            tokenizer=tokenizer,
            aggregation_strategy="simple",
            stride=length // _SHARED,
        )
