"""Run the cases that stand in a rule's file."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from tunegate.case_maker import Made, maker_of
from tunegate.decide import duplicate_findings
from tunegate.errors import RuleError
from tunegate.model import FINDINGS, Batch, DatasetCheck, empty, findings, to_batch
from tunegate.readers.chat import batch_of_records
from tunegate.rules import Case, Rule
from tunegate.scanner import run_rules

Span = tuple[int, int, int]  # turn, start, end
_MARKS = re.compile("[⟦⟧]")
_MOST_SHOWN = 3  # rows of one case
_NEAR_MISSES = 2  # values of which all the near misses are made


@dataclass(frozen=True)
class Trial:
    """A case made ready: what goes in, which rows must be flagged, and with which spans.

    spans: None when the case marks none, so that any span is right.
    """

    rule: Rule
    batch: Batch
    flagged: frozenset[int]
    spans: dict[int, set[Span]] | None


def trials(rule: Rule) -> Iterator[tuple[str, Trial]]:
    """Yield a name and a trial for each case of a rule."""
    for kind, cases in (("flags", rule.file.cases.flags), ("passes", rule.file.cases.passes)):
        for number, case in enumerate(cases):
            yield f"{kind}[{number}]", ready(rule, case, flags=kind == "flags")
    if count := rule.file.cases.generated:
        maker = maker_of(rule)
        yield "flags[generated]", _made_ready(rule, maker.values(count))
        yield "passes[generated]", _made_ready(rule, maker.near_misses(_NEAR_MISSES))


def _made_ready(rule: Rule, made: Iterable[Made]) -> Trial:
    cases = list(made)
    spans: dict[int, set[Span]] = {
        row: {(0, case.start, case.end)} if case.end else set() for row, case in enumerate(cases)
    }
    flagged = frozenset(row for row, found in spans.items() if found)
    batch = to_batch([[("user", case.text)] for case in cases])
    return Trial(rule, batch, flagged, spans)


def ready(rule: Rule, case: str | Sequence[dict[str, str]] | Case, *, flags: bool) -> Trial:
    """Return the trial of one case.

    Raises:
        RuleError: the marks in a text do not pair.
    """
    if isinstance(case, str):
        case = Case(text=case)
    elif not isinstance(case, Case):
        case = Case(turns=tuple(case))
    if case.params:
        rule = rule.changed(params={**rule.file.params, **case.params}, optional=rule.optional)
    if case.record is not None:
        return Trial(rule, batch_of_records([case.record]), frozenset({0} if flags else ()), None)
    if case.text is not None:
        conversations = [[("user", case.text)]]
    else:
        turns = case.conversations if case.conversations is not None else (case.turns or (),)
        conversations = [[step for turn in one for step in turn.items()] for one in turns]
    plain: list[list[tuple[str, str]]] = []
    spans: dict[int, set[Span]] = {}
    for row, conversation in enumerate(conversations):
        plain.append([])
        for turn, (role, marked) in enumerate(conversation):
            marks = _MARKS.findall(marked)
            if marks != ["⟦", "⟧"] * (len(marks) // 2):
                raise RuleError("`⟦` and `⟧` do not pair in a case", where=f"rules/{rule.id}.yaml")
            text, found = unmarked(marked)
            plain[-1].append((role, text))
            spans.setdefault(row, set()).update((turn, start, end) for start, end in found)
    several = case.conversations is not None
    flagged = frozenset(case.flagged if several else range(len(plain))) if flags else frozenset()
    marked_at_all = any(spans.values())
    return Trial(rule, to_batch(plain), flagged, spans if marked_at_all else None)


def unmarked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a case's text without its marks, and the spans that they enclosed."""
    text = text.replace("‖", "")
    spans: list[tuple[int, int]] = []
    parts: list[str] = []
    last = 0
    for removed, mark in enumerate(_MARKS.finditer(text)):
        place = mark.start() - removed
        if mark.group() == "⟦":
            spans.append((place, place))
        else:
            spans[-1] = (spans[-1][0], place)
        parts.append(text[last : mark.start()])
        last = mark.end()
    return "".join([*parts, text[last:]]), spans


def found_by(rule: Rule, batch: Batch) -> pl.DataFrame:
    """Return what a rule of any shape finds in a batch.

    Raises:
        AssertionError: its check raised.
    """
    check = rule.build()
    if isinstance(check, DatasetCheck):
        answer = check.resolve([check.sketch(batch)])
        named = answer.with_columns(rule=pl.lit(rule.id))
        if "similarity" in answer.columns:
            return duplicate_findings(named, batch.conversations, [rule])
        return findings(named)
    found, failures = run_rules([rule], batch)
    assert not failures, failures
    return found if found.height else empty(FINDINGS)


def wrong_cases(rule: Rule) -> Iterator[str]:
    """Yield one sentence for each case that does not come out as the file says."""
    for name, trial in trials(rule):
        found = found_by(trial.rule, trial.batch)
        rows = frozenset(found["row"].drop_nulls())
        of_dataset = found["row"].null_count() > 0
        if of_dataset or (name.startswith("flags") and not trial.flagged):
            # A finding about the dataset as a whole, as opposed to some of its conversations.
            if not of_dataset or name.startswith("passes"):
                yield f"{name}: {'flagged' if of_dataset else 'did not flag'} the dataset"
        elif rows != trial.flagged:
            yield f"{name}: flagged {sorted(rows)}, expected {sorted(trial.flagged)}"
        elif trial.spans is not None:
            got: dict[int, set[Span]] = {row: set() for row in trial.spans}
            for row, *span in found.select("row", "turn", "start", "end").iter_rows():
                got.setdefault(row, set()).add(tuple(span))
            if got != trial.spans:
                wrong = [row for row in got if got[row] != trial.spans.get(row, set())]
                for row in wrong[:_MOST_SHOWN]:
                    yield f"{name}: row {row}: spans {got[row]}, expected {trial.spans[row]}"
