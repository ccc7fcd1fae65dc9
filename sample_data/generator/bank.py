"""Phrase banks: what customers and agents say in one language."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "de", "es", "fr", "pt", "nl")
PHRASES = Path(__file__).parents[1] / "phrases"

Lines = tuple[str, ...]
Section = Mapping[str, Lines]


@dataclass(frozen=True)
class Topic:
    """One kind of problem: how customers put it and what agents answer."""

    name: str
    kind: str
    subject: Lines
    problem: Lines
    detail: Lines
    answer: Lines


@dataclass(frozen=True)
class Bank:
    """Everything that is said in one language.

    talk: greetings, questions, thanks and the like. plants: sentences that carry a planted value.
    """

    language: str
    talk: Mapping[str, Section]
    topics: tuple[Topic, ...]
    plants: Mapping[str, Section]

    @property
    def slots(self) -> Section:
        """Words that fill the sentences."""
        return self.talk["slots"]


def _sections(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Section]]:
    lines = {key: tuple(text.splitlines()) for key, text in table.items() if isinstance(text, str)}
    if lines:
        yield prefix, lines
    for key, inner in table.items():
        if isinstance(inner, dict):
            yield from _sections(inner, f"{prefix}.{key}".lstrip("."))


def _read(language: str, name: str) -> dict[str, Section]:
    path = PHRASES / language / f"{name}.toml"
    if not path.exists():
        return {}  # not every language has sentences for every kind of value
    return dict(_sections(tomllib.loads(path.read_text(encoding="utf-8"))))


def load_bank(language: str) -> Bank:
    """Return the phrases of one language."""
    topics = tuple(
        Topic(
            name=name,
            kind=lines["kind"][0],
            subject=lines["subject"],
            problem=lines["problem"],
            detail=lines["detail"],
            answer=lines["answer"],
        )
        for name, lines in _read(language, "topics").items()
    )
    plants, more = _read(language, "plants"), _read(language, "identity")
    hard = {**plants["hard"], **more.pop("hard", {})}
    return Bank(language, _read(language, "talk"), topics, {**plants, **more, "hard": hard})
