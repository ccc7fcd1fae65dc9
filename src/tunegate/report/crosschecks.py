"""Compare what `run.json` says with what its parts and the frames add up to."""

from collections.abc import Iterator, Mapping, Sequence

from tunegate.report.runfile import RunFile
from tunegate.report.summary import Agreement, Found


def crosschecks(
    said: RunFile,
    *,
    found: Sequence[Found],
    decided: Mapping[str, int],
    unreadable: int,
    across: int,
) -> tuple[Agreement, ...]:
    """Return every pair of numbers that must be the same.

    decided: conversations by disposition. unreadable: rows of that frame. across: duplicate pairs
    that the frames show on both sides of the split.
    """
    checks = [*_within(said), *_decisions(said, decided), *_findings(said, found)]
    faults = said.counts.records.unreadable
    checks.append(Agreement("unreadable records, in unreadable.parquet", faults, unreadable))
    if said.split is not None:
        shown = said.split.cross_split_duplicates
        # The proof counts equal lines as well, whether or not a rule found the pair.
        holds = max(shown, across)
        checks.append(
            Agreement("pairs on both sides, at least those of pairs.parquet", shown, holds)
        )
    return tuple(checks)


def _within(said: RunFile) -> Iterator[Agreement]:
    counts = said.counts
    book, written = counts.conversations, counts.after.conversations
    excluded = sum(counts.excluded_by.values())
    yield Agreement("excluded records, by reason", counts.records.excluded, excluded)
    first = sum(removal.first for removal in said.removed_by)
    yield Agreement("reviewed and dropped, by first rule", book.reviewed + book.dropped, first)
    yield Agreement("kept and edited, as written", book.kept + book.edited, written)
    if counts.splits:
        parts = sum(size.conversations for size in counts.splits.values())
        yield Agreement("written, by split", written, parts)
    for file, output in sorted(said.outputs.items()):
        split = counts.splits.get(file.partition(".")[0])
        if split is not None and output.lines is not None:
            yield Agreement(f"lines of {file}", split.conversations, output.lines)


def _decisions(said: RunFile, decided: Mapping[str, int]) -> Iterator[Agreement]:
    book = said.counts.conversations.model_dump(exclude={"total"})
    book["written"] = said.counts.after.conversations
    for name, number in book.items():
        yield Agreement(f"{name}, in decisions.parquet", number, decided[name])


def _findings(said: RunFile, found: Sequence[Found]) -> Iterator[Agreement]:
    before = {part.rule.id: part.total - part.written for part in found}
    written = {part.rule.id: part.written for part in found}
    says = {rule.id: rule.findings for rule in said.rules}
    says_written = {rule.rule: rule.findings for rule in said.residual}
    for what, one, other in (
        ("findings, in findings.parquet", says, before),
        ("findings in the written files", says_written, written),
    ):
        yield Agreement(what, sum(one.values()), sum(other.values()))
        for rule in sorted(one.keys() | other.keys()):
            if one.get(rule, 0) != other.get(rule, 0):
                yield Agreement(f"{what}: {rule}", one.get(rule, 0), other.get(rule, 0))
