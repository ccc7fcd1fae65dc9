"""Measure rules on texts that somebody has labelled: precision and recall, with intervals."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from tunegate.errors import InputError
from tunegate.intervals import Interval, interval
from tunegate.model import Batch, to_batch
from tunegate.rules import Rule
from tunegate.scanner import Scanner

_BATCH = 2000  # documents; memory is that of one batch

Span = tuple[int, int]


class Labelled(NamedTuple):
    """One document: its turns (role, text), and its spans (turn, start, end, label)."""

    turns: tuple[tuple[str, str], ...]
    spans: tuple[tuple[int, int, int, str], ...]
    scored: frozenset[str] | None  # labels that are complete here; None: all


@dataclass(frozen=True)
class Score:
    """What a rule, or what several that share a label, found of one label.

    gold: labelled spans. found: of those, half covered or more. exact: found to the code point.
    predicted: findings. right: of those, half within labelled spans or more.
    """

    label: str
    rules: tuple[str, ...]
    gold: int
    found: int
    exact: int
    predicted: int
    right: int

    @property
    def precision(self) -> Interval | None:
        """The share of findings that are right, with its interval; None without findings."""
        return interval(self.right, self.predicted)

    @property
    def recall(self) -> Interval | None:
        """The share of labelled spans that were found, with its interval; None without any."""
        return interval(self.found, self.gold)


def read_labelled(path: Path) -> Iterator[Labelled]:
    """Yield the documents of a JSON Lines file.

    A line has `text`, or `messages` (`role`, `content`), and `spans`: `[start, end, label]` in the
    text, or `[message, start, end, label]`; half-open, in code points. `scored` may name the
    labels that are complete in it.

    Raises:
        InputError: a line is not like that; says which, and what is wrong, not what it holds.
    """
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _document(line, f"{path.name}:{number}")


def _document(line: bytes, where: str) -> Labelled:
    hint = "see `tunegate rules test --help` for the form"
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise InputError("is not JSON", where=where, hint=hint) from None
    try:
        turns = _turns(record)
        spans = tuple(_span(span, turns) for span in record["spans"])
        scored = record.get("scored")
        return Labelled(turns, spans, None if scored is None else frozenset(scored))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise InputError("is no labelled document", where=where, hint=hint) from None


def _turns(record: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    if "text" in record:
        return (("user", str(record["text"])),)
    return tuple((str(m["role"]), str(m["content"])) for m in record["messages"])


def _span(span: Sequence[Any], turns: Sequence[tuple[str, str]]) -> tuple[int, int, int, str]:
    turn, start, end, label = span if len(span) == 4 else (0, *span)
    if not 0 <= start < end <= len(turns[turn][1]):
        raise ValueError("outside")
    return turn, start, end, str(label)


def scores(
    documents: Iterable[Labelled],
    rules: Sequence[Rule],
    labels: Mapping[str, str] | None = None,
    *,
    engine: str | None = None,
) -> list[Score]:
    """Return a score for each label, sorted.

    labels: rule → label, where they are called otherwise; without, a rule's label is its id, its
    name, or its placeholder, whichever the documents use. engine: what looks for patterns.
    """
    scanner = Scanner(rules, on="source", engine=engine)
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    named = {rule.id: (labels or {}).get(rule.id, rule.id) for rule in rules}
    aliases = {} if labels else _aliases(rules)
    known = set(named.values())
    for part in _parts(documents):
        predicted = _predicted(scanner, part, named)
        for document, found in zip(part, predicted, strict=True):
            _count(document, found, counts, aliases, known)
    rules_of: dict[str, list[str]] = defaultdict(list)
    for rule, label in named.items():
        rules_of[label].append(rule)
    return [
        Score(label, tuple(sorted(rules_of[label])), *counted)
        for label, counted in sorted(counts.items())
    ]


def unknown(
    documents: Iterable[Labelled], rules: Sequence[Rule], labels: Mapping[str, str]
) -> Counter[str]:
    """Return the labels that are no rule's, with how many spans have each: nothing counts them.

    labels: as in `scores`.
    """
    names = set(labels.values()) | {rule.id for rule in rules if rule.id not in labels}
    names |= set() if labels else set(_aliases(rules))
    used = Counter(label for document in documents for *_, label in document.spans)
    return Counter({label: count for label, count in used.items() if label not in names})


def _aliases(rules: Sequence[Rule]) -> dict[str, str]:
    """Return other names of rules that no two of them share → id."""
    names: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        for name in (rule.id.rpartition("/")[2], rule.placeholder):
            names[name].add(rule.id)
    return {name: owners.pop() for name, owners in names.items() if len(owners) == 1}


def _parts(documents: Iterable[Labelled]) -> Iterator[list[Labelled]]:
    part: list[Labelled] = []
    for document in documents:
        part.append(document)
        if len(part) == _BATCH:
            yield part
            part = []
    if part:
        yield part


def _predicted(
    scanner: Scanner, part: Sequence[Labelled], named: Mapping[str, str]
) -> list[dict[tuple[str, int], list[Span]]]:
    """Return (label, turn) → spans for each document; those of one label do not overlap."""
    batch: Batch = to_batch([list(document.turns) for document in part])
    found, failures = scanner.run(batch)
    assert not failures, failures
    predicted: list[dict[tuple[str, int], list[Span]]] = [defaultdict(list) for _ in part]
    spans = found.drop_nulls(["row", "turn", "start"]).sort("row", "turn", "start", "end")
    for rule, row, turn, start, end in spans.select(
        "rule", "row", "turn", "start", "end"
    ).iter_rows():
        mine = predicted[row][named[rule], turn]
        if not mine or start >= mine[-1][1]:
            mine.append((start, end))
    return predicted


def _count(
    document: Labelled,
    found: Mapping[tuple[str, int], list[Span]],
    counts: dict[str, list[int]],
    aliases: Mapping[str, str],
    known: set[str],
) -> None:
    gold: dict[tuple[str, int], list[Span]] = defaultdict(list)
    for turn, start, end, label in document.spans:
        gold[aliases.get(label, label), turn].append((start, end))
    scored = document.scored and {aliases.get(label, label) for label in document.scored}
    for label, turn in {*gold, *found}:
        if label not in known or (scored is not None and label not in scored):
            continue
        wanted, got = gold.get((label, turn), []), found.get((label, turn), [])
        count = counts[label]
        count[0] += len(wanted)
        count[1] += sum(half_covered(span, got) for span in wanted)
        count[2] += sum(span in got for span in wanted)
        count[3] += len(got)
        count[4] += sum(half_covered(span, wanted) for span in got)


def table(measured: Sequence[Score]) -> str:
    """Return scores as people read them, with intervals of 95 %."""
    if not measured:
        return "no label of the file is a rule's: name it with --label LABEL=RULE"
    head = ("label", "labelled", "found", "exact", "recall", "findings", "precision")
    rows = [
        (
            each.label,
            f"{each.gold:,}",
            f"{each.found:,}",
            f"{each.exact:,}",
            _share(each.recall),
            f"{each.predicted:,}",
            _share(each.precision),
        )
        for each in measured
    ]
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]
    return "\n".join(lines)


def _share(told: Interval | None) -> str:
    return "-" if told is None else "{:.3f} ({:.3f}-{:.3f})".format(*told)


def half_covered(span: Span, others: Sequence[Span]) -> bool:
    """Tell whether other spans, which do not overlap, cover at least half of a span."""
    start, end = span
    return 2 * sum(max(0, min(end, b) - max(start, a)) for a, b in others) >= end - start
