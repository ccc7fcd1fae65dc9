"""Make docs/accuracy.md from what was measured."""

from collections.abc import Iterator
from itertools import groupby

from tunegate.accuracy import Harmless, Measured, Measurement
from tunegate.intervals import Interval

_LOW = 0.98  # recall; what is below stands first
_KNEW = {
    "held-out": "never seen before",
    "looked-at": "its errors were read",
    "tuned": "the rules were tuned on it",
    "trained": "weights were trained on it",
    "made": "invented values",
}
_HEAD = """# Accuracy

This page is made by `make format` from
[rules/accuracy/measured.yaml](../rules/accuracy/measured.yaml), which `benchmarks/accuracy.py`
measures. All rules of `pii/` and `secret/` run together. A labelled value is found when findings
of its rule cover at least half of it; a finding is right when at least half of it is labelled;
exact means to the character. A value that another rule took under another name counts as missed,
although it would be redacted. Intervals hold with 95 % certainty (Wilson). A zero in a report
never says that nothing is there: the report shows these figures beside it.

**No public set here is held out**: the last column says how far the rules knew it. Expect less on
your data.
"""
_OWN = """
## Measure on your own data

Label some hundred of your conversations, one JSON document a line: `text` or `messages`, and
`spans` as `[start, end, label]`. Then `tunegate rules test --labelled FILE` prints the same
columns, and no text; see [commands](commands.md). Texts that nobody looked at while choosing
rules tell most.
"""


def accuracy_page(told: Measured) -> str:
    """Return the whole page."""
    return "".join([_HEAD, *_misses(told), *_sets(told), *_harmless(told.harmless), _OWN])


def _misses(told: Measured) -> Iterator[str]:
    low = [row for row in told.measured if row.recall and row.recall[0] < _LOW]
    yield "\n## What is missed most\n\n"
    yield f"Recall below {_LOW:.0%}, the worst first.\n\n"
    yield "| label | set | labelled | missed | recall |\n|---|---|---|---|---|\n"
    for row in sorted(low, key=lambda row: (row.recall or (0.0,))[0]):
        missed = row.gold - row.found
        yield f"| {row.label} | {row.set} | {row.gold:,} | {missed:,} | {_share(row.recall)} |\n"


def _sets(told: Measured) -> Iterator[str]:
    for name, rows in groupby(told.measured, key=lambda row: row.set):
        about = told.sets[name]
        yield f"\n## {name}\n\n{about.what}. Origin: {about.origin}.\n\n"
        yield "| label | labelled | found | exact | recall | findings | precision | known |\n"
        yield "|---|---|---|---|---|---|---|---|\n"
        for row in rows:
            yield _row(row)


def _row(row: Measurement) -> str:
    precision = "labels are partial" if row.partial else _share(row.precision)
    cells = (
        row.label,
        f"{row.gold:,}",
        f"{row.found:,}",
        f"{row.exact:,}",
        _share(row.recall),
        f"{row.predicted:,}",
        precision,
        _KNEW[row.used],
    )
    return f"| {' | '.join(cells)} |\n"


def _harmless(rows: tuple[Harmless, ...]) -> Iterator[str]:
    yield "\n## Numbers that are nobody's\n\n"
    if not rows:
        yield "Not measured yet.\n"
        return
    yield "Invented order, tracking, version, price and time strings in sentences. The rules of\n"
    yield "order and tracking numbers may find theirs; anything else is a false alarm.\n\n"
    yield "| locale | kind | texts | flagged as that kind | false alarms | by |\n"
    yield "|---|---|---|---|---|---|\n"
    for row in rows:
        by = ", ".join(f"{rule} {count}" for rule, count in row.others.items()) or "–"
        cells = (row.locale, row.kind, f"{row.texts:,}", f"{row.own:,}", f"{row.flagged:,}", by)
        yield f"| {' | '.join(cells)} |\n"


def _share(told: Interval | None) -> str:
    return "–" if told is None else "{:.1%} ({:.1%}–{:.1%})".format(*told)
