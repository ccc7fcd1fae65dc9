"""Read what was measured of the rules: which labelled texts, how many found, how many missed.

The figures ship with the rules, so that a report can show beside a zero how much a rule finds.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, cached_property
from typing import Literal

from pydantic import Field

from tunegate.intervals import Interval, interval
from tunegate.rules import Closed, bundled
from tunegate.strict_yaml import read_yaml

FILE = "accuracy/measured.yaml"

# How far the rules knew a set before it measured them, the most honest first.
Used = Literal["held-out", "looked-at", "tuned", "trained", "made"]
ORDER: tuple[Used, ...] = ("held-out", "looked-at", "tuned", "trained", "made")


class Origin(Closed):
    """What a set is, where it is from, and under which licence, in words."""

    what: str
    origin: str


class Measurement(Closed):
    """What rules found of one label of a set; the numbers are those of `tunegate rules test`.

    partial: the set labels only some of what is there, so that its precision means nothing.
    """

    set: str
    label: str
    rules: tuple[str, ...] = Field(min_length=1)
    used: Used
    date: date
    partial: bool = False
    gold: int = Field(ge=0)
    found: int = Field(ge=0)
    exact: int = Field(ge=0)
    predicted: int = Field(ge=0)
    right: int = Field(ge=0)

    @property
    def recall(self) -> Interval | None:
        """The share of labelled spans that were found, with its interval."""
        return interval(self.found, self.gold)

    @property
    def precision(self) -> Interval | None:
        """The share of findings that were right, with its interval; None where it says nothing."""
        return None if self.partial else interval(self.right, self.predicted)


class Harmless(Closed):
    """How many texts with a number that is nobody's were flagged.

    own: by the rule of that very kind, such as the rule of order numbers for an order number.
    others: rule → texts, of all other rules.
    """

    locale: str
    kind: str
    date: date
    texts: int = Field(ge=1)
    own: int = Field(ge=0)
    flagged: int = Field(ge=0)
    others: Mapping[str, int] = Field(default_factory=dict)


class Measured(Closed):
    """All that was measured."""

    sets: Mapping[str, Origin] = Field(default_factory=dict)
    measured: tuple[Measurement, ...] = ()
    harmless: tuple[Harmless, ...] = ()

    def best(self, rule: str) -> Measurement | None:
        """Return what says most about how much a rule finds; None: nothing was measured.

        Texts that the rule was not made with come before others, and of those the largest set.
        """
        return self._best.get(rule)

    @cached_property
    def _best(self) -> dict[str, Measurement]:
        best: dict[str, Measurement] = {}
        for each in sorted(self.measured, key=_worth):
            if each.gold:
                for rule in each.rules:
                    best.setdefault(rule, each)
        return best


def _worth(each: Measurement) -> tuple[int, int, str]:
    return ORDER.index(each.used), -each.gold, each.set


def parse(text: str) -> Measured:
    """Return the figures that a YAML text holds."""
    return Measured.model_validate(read_yaml(text, where=f"rules/{FILE}") or {})


@cache
def measured() -> Measured:
    """Return the figures that ship with the rules."""
    return parse((bundled("rules") / FILE).read_text(encoding="utf-8"))


def as_yaml(all_: Measured) -> str:
    """Return the figures as a file: one line each, in an order that does not change."""
    lines = [
        "# What the rules find of labelled texts; made by benchmarks/accuracy.py.\n",
        "sets:\n",
    ]
    for name, told in sorted(all_.sets.items()):
        lines.append(f"  {name}: {_flow(told.model_dump())}\n")
    for field, rows in (("measured", _sorted(all_.measured)), ("harmless", all_.harmless)):
        lines.append(f"{field}:\n" if rows else f"{field}: []\n")
        lines += [
            f"  - {_flow(row.model_dump(mode='json', exclude_defaults=True))}\n" for row in rows
        ]
    return "".join(lines)


def _sorted(rows: Iterable[Measurement]) -> list[Measurement]:
    return sorted(rows, key=lambda row: (row.used == "made", row.set, row.label))


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str) and not _plain(value):
        return "'" + value.replace("'", "''") + "'"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(text: str) -> bool:
    return (
        text.replace("/", "").replace("-", "").replace("_", "").isalnum() and not text[0].isdigit()
    )
