"""What the frames of a run folder say: where findings concentrate, sizes, duplicates, faults."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from tunegate.model import OFFSET_BITS
from tunegate.report.runfile import Input, RuleRun
from tunegate.report.summary import (
    Bin,
    Clusters,
    Count,
    Fault,
    Found,
    Histogram,
    Location,
    Stage,
    Unreadable,
)
from tunegate.report.words import count, kind_of_place, kind_word, place, prose, visible

SHOWN = 20  # locations a rule or a reason; the rest are in the frames, and the report says so

_ROLES = ("system", "developer", "user", "assistant", "tool", "function")
_NO_ROLE, _NO_PART, _NO_KIND = "no role", "no one part", "no kind"
_CLUSTER_SIZES = ((2, 2), (3, 3), (4, 4), (5, 9), (10, 99), (100, 999), (1000, 1 << 62))
_UNIT_BINS_UP_TO = 16  # beyond it, bins that double: long tails stay readable


def found(
    findings: pl.LazyFrame,
    decisions: pl.LazyFrame,
    rules: Sequence[RuleRun],
    inputs: Sequence[Input],
) -> tuple[Found, ...]:
    """Return what each rule with findings found, in the order of `rules`.

    Rules that the run does not list cannot be described and are left out; the agreement of
    `run.json` with the frame shows that.
    """
    rows = findings.with_columns(
        written=pl.col("on") == "written", input=pl.col("row") // (1 << OFFSET_BITS)
    )
    by = [[], ["written"], ["role"], ["part"], ["input"], ["kind"]]
    located = pl.concat(
        [
            rows.filter(part).group_by("rule", maintain_order=True).head(SHOWN)
            for part in (pl.col("written"), ~pl.col("written"))
        ]
    )
    *counts, places = pl.collect_all(
        [*(rows.group_by("rule", *more).len() for more in by), _located(located, decisions)]
    )
    total, written, role, part, file, kind = (_per_rule(frame) for frame in counts)
    shown: dict[str, list[Location]] = {}
    for line in places.iter_rows(named=True):
        shown.setdefault(visible(line["rule"]), []).append(_location(line, inputs))
    return tuple(
        Found(
            rule,
            total=sum(total[rule.id].values()),
            written=written[rule.id][True],
            by_role=_counts(role[rule.id], lambda r: r if r in _ROLES else _NO_ROLE),
            by_part=_counts(part[rule.id], lambda p: kind_of_place(p) if p else _NO_PART),
            by_file=_counts(file[rule.id], lambda n: _file_name(n, inputs) or "the dataset"),
            by_kind=_counts(kind[rule.id], lambda k: kind_word(k) or _NO_KIND),
            locations=tuple(shown[rule.id][:SHOWN]),
        )
        for rule in rules
        if rule.id in total
    )


def _per_rule(frame: pl.DataFrame) -> dict[str, Counter[Any]]:
    counts: dict[str, Counter[Any]] = {}
    for rule, *what, number in frame.iter_rows():
        counts.setdefault(visible(rule), Counter())[what[0] if what else None] += number
    return counts


def _counts(counter: Counter[Any], name: Any) -> tuple[Count, ...]:  # noqa: ANN401 - a naming function
    named: Counter[str] = Counter()
    for what, number in counter.items():
        named[name(what)] += number
    if named.keys() <= {_NO_ROLE, _NO_PART, _NO_KIND}:
        return ()  # nothing was divided
    ordered = sorted(named.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(what, number) for what, number in ordered)


def _located(locations: pl.LazyFrame, decisions: pl.LazyFrame) -> pl.LazyFrame:
    known = decisions.select("row", "id", "line")
    other = known.select(related="row", related_line="line")
    return locations.join(known, on="row", how="left", maintain_order="left").join(
        other, on="related", how="left", maintain_order="left"
    )


def _location(line: Mapping[str, Any], inputs: Sequence[Input]) -> Location:
    row, like = line["row"], None
    if line["related"] is not None:
        like = _spot(line["related"], line["related_line"], inputs)
    return Location(
        on=line["on"],
        file=None if row is None else _file_name(row >> OFFSET_BITS, inputs),
        line=line["line"],
        offset=None if row is None else row & ((1 << OFFSET_BITS) - 1),
        id=None if row is None else _id(line["id"]),
        turn=line["turn"],
        role=line["role"] if line["role"] in _ROLES else None,
        part=None if line["part"] is None else place(line["part"]),
        start=line["start"],
        end=line["end"],
        kind=kind_word(line["kind"]),
        value=line["value"],
        like=like,
    )


def _id(source: str | None) -> str:
    return "withheld" if source is None else visible(source)


def _file_name(index: int | None, inputs: Sequence[Input]) -> str | None:
    if index is None:
        return None
    return inputs[index].name if 0 <= index < len(inputs) else f"input {index}"


def _spot(row: int, line: int | None, inputs: Sequence[Input]) -> str:
    file = _file_name(row >> OFFSET_BITS, inputs)
    if line is not None:
        return f"{file}:{line}"
    return f"{file}, byte {count(row & ((1 << OFFSET_BITS) - 1))}"


def row_spot(row: int, decisions: pl.LazyFrame, inputs: Sequence[Input]) -> str:
    """Return where a conversation starts."""
    lines = decisions.filter(pl.col("row") == row).select("line").collect()["line"]
    return _spot(row, lines[0] if len(lines) else None, inputs)


def histogram(
    decisions: pl.LazyFrame, column: str, *, unit: str, limit: int | None = None
) -> Histogram | None:
    """Return how many conversations have how much of `column`; None where none has any."""
    in_files = pl.col("split").is_not_null()
    counts = decisions.group_by(column, written=in_files).len().collect().iter_rows()
    written: Counter[int] = Counter()
    left_out: Counter[int] = Counter()
    uncounted = 0
    for value, kept, number in counts:
        if value is None:
            uncounted += number
        else:
            (written if kept else left_out)[value] += number
    both = written + left_out
    if not both:
        return None
    reach = both if limit is None else [*both, limit]
    edges = _edges(min(reach), max(reach))
    bins = tuple(
        Bin(low, high, _within(written, low, high), _within(left_out, low, high))
        for low, high in edges
    )
    beyond = 0 if limit is None else sum(n for value, n in written.items() if value > limit)
    return Histogram(unit, bins, _median(both), max(both), uncounted, limit, beyond)


def _edges(least: int, most: int) -> list[tuple[int, int]]:
    if most <= _UNIT_BINS_UP_TO:
        return [(value, value) for value in range(least, most + 1)]
    doubling = [(1 << bit, (1 << bit + 1) - 1) for bit in range(most.bit_length())]
    return [(low, high) for low, high in [(0, 0), *doubling] if high >= least]


def _within(counts: Counter[int], low: int, high: int) -> int:
    return sum(number for value, number in counts.items() if low <= value <= high)


def _median(counts: Counter[int]) -> int:
    middle = (counts.total() + 1) // 2
    for value in sorted(counts):
        middle -= counts[value]
        if middle <= 0:
            return value
    raise AssertionError("the median of nothing")


def stages(pairs: pl.LazyFrame) -> tuple[Stage, ...]:
    """Return how many duplicate pairs each stage found, and how alike they are."""
    similarity = pl.col("similarity")
    rows = (
        pairs.group_by("stage")
        .agg(pl.len(), least=similarity.min(), most=similarity.max())
        .sort("most", "least", "stage", descending=[True, True, False])
        .collect()
    )
    return tuple(Stage(visible(stage), *numbers) for stage, *numbers in rows.iter_rows())


def pairs_across(pairs: pl.LazyFrame, decisions: pl.LazyFrame) -> int:
    """Count duplicate pairs that were written with one half in each split."""
    side = decisions.filter(pl.col("split").is_not_null()).select("row", "split")
    across = (
        pairs.join(side, on="row")
        .join(side, left_on="related", right_on="row", suffix="_related")
        .filter(pl.col("split") != pl.col("split_related"))
    )
    return int(across.select(pl.len()).collect().item())


def clusters(decisions: pl.LazyFrame) -> tuple[Clusters, ...]:
    """Return how many clusters of two or more there are, by size."""
    sizes = (
        decisions.filter(pl.col("cluster").is_not_null())
        .group_by("cluster")
        .len()
        .group_by(size="len")
        .len()
        .collect()
    )
    counted_sizes = dict(sizes.iter_rows())
    binned = [
        Clusters(low, high, sum(inside.values()), sum(s * n for s, n in inside.items()))
        for low, high in _CLUSTER_SIZES
        if (inside := {s: n for s, n in counted_sizes.items() if low <= s <= high})
    ]
    return tuple(binned)


def cuts(segments: pl.LazyFrame) -> tuple[Count, ...]:
    """Return what was left out or cut on the way in, by reason; the count is of places."""
    rows = (
        segments.filter(pl.col("removed").is_not_null())
        .group_by("removed")
        .agg(pl.len(), turns=pl.col("turn").is_not_null().sum())
        .sort("len", "removed", descending=[True, False])
        .collect()
    )
    return tuple(
        Count(prose(why), number, "cut from a message" if turns else "in no message")
        for why, number, turns in rows.iter_rows()
    )


def unreadable(faults: pl.LazyFrame, inputs: Sequence[Input]) -> tuple[Unreadable, ...]:
    """Return what could not be read, by reason."""
    totals, first = pl.collect_all(
        [
            faults.group_by("reason").len().sort("len", "reason", descending=[True, False]),
            faults.group_by("reason", maintain_order=True).head(SHOWN),
        ]
    )
    shown: dict[str, list[Fault]] = {}
    for line in first.iter_rows(named=True):
        fault = Fault(
            file=_file_name(line["file"], inputs) or "no file",
            line=line["line"],
            offset=line["offset"],
            length=line["length"],
            message=None if line["pointer"] is None else place(line["pointer"]),
        )
        shown.setdefault(line["reason"], []).append(fault)
    return tuple(
        Unreadable(prose(reason), number, tuple(shown[reason]))
        for reason, number in totals.iter_rows()
    )


def dispositions(decisions: pl.LazyFrame) -> dict[str, int]:
    """Count the decisions: kept, edited, reviewed, dropped and written."""
    keep, edited = pl.col("disposition") == "keep", pl.col("edits").list.len() > 0
    counts = decisions.select(
        kept=(keep & ~edited).sum(),
        edited=(keep & edited).sum(),
        reviewed=(pl.col("disposition") == "review").sum(),
        dropped=(pl.col("disposition") == "drop").sum(),
        written=pl.col("split").is_not_null().sum(),
    ).collect()
    return {name: int(number) for name, number in counts.row(0, named=True).items()}


def describe_size(bin_: Bin | Clusters) -> str:
    """Return the range of a bin in words."""
    if bin_.low == bin_.high:
        return count(bin_.low)
    if bin_.high >= 1 << 61:
        return f"{count(bin_.low)} or more"
    return f"{count(bin_.low)}–{count(bin_.high)}"
