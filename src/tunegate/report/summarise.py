"""Compute everything a report shows from a run folder.

Reads `run.json` and the frames; never the source, never the written conversations.
"""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from tunegate.report import frames
from tunegate.report.crosschecks import crosschecks
from tunegate.report.recall import recall
from tunegate.report.runfile import Judgement, RuleRun, RunFile, Surroundings, read_run, scan
from tunegate.report.summary import (
    Book,
    Count,
    Environment,
    Failed,
    Histogram,
    InputFile,
    Judged,
    Reason,
    RoleTurns,
    RuleLine,
    Summary,
)
from tunegate.report.words import base_name, visible

_WORST_FIRST = ("critical", "high", "medium", "low", "info")
_ROLE_ORDER = ("system", "developer", "user", "assistant", "tool", "function")


def summarise(run: Path) -> Summary:
    """Return everything a report of the run shows.

    Raises:
        RunError: the folder is no run, or one that this version cannot read.
    """
    said = read_run(run)
    decisions = scan(run, "decisions")
    # What the allow-list or our own surrogates account for is held against nothing.
    findings = scan(run, "findings").filter(pl.col("explained").is_null())
    pairs, faults = scan(run, "pairs"), scan(run, "unreadable")
    again = {residual.rule: residual.findings for residual in said.residual}
    rules = tuple(sorted(said.rules, key=lambda rule: _order(rule, again.get(rule.id, 0))))
    found = frames.found(findings, decisions, rules, said.inputs)
    section = {part.rule.id: place for place, part in enumerate(found, start=1)}
    # A judgement by another policy was asked for to compare, and is not this run's verdict.
    own = [each for each in said.judgements if each.policy_digest == said.policy.digest]
    judged = [_judged(judgement, said.policy.name, section) for judgement in own]
    unreadable = frames.unreadable(faults, said.inputs)
    return Summary(
        version=said.tunegate,
        reader=said.reader,
        policy=said.policy,
        target=said.target,
        inputs=tuple(InputFile(i.name, i.size, i.sha256, i.compression) for i in said.inputs),
        ignored=said.ignored,
        truncated=said.truncated,
        judged=judged[-1] if judged else None,
        judged_before=tuple(judged[:-1]),
        notes=said.notes,
        records=_record_book(said),
        conversations=_conversation_book(said),
        excluded=_by_count(said.counts.excluded_by),
        cut=frames.cuts(scan(run, "segments")),
        before=said.counts.before,
        after=said.counts.after,
        splits=tuple(said.counts.splits.items()),
        removed=tuple(removal for removal in said.removed_by if removal.any),
        outputs=tuple(sorted(said.outputs.items())),
        agreements=crosschecks(
            said,
            found=found,
            decided=frames.dispositions(decisions),
            unreadable=sum(reason.count for reason in unreadable),
            across=frames.pairs_across(pairs, decisions),
        ),
        rules=tuple(RuleLine(r, again.get(r.id), section.get(r.id), recall(r)) for r in rules),
        found=found,
        tokens=said.tokens,
        histograms=_histograms(decisions, said.tokens.limit),
        roles=_roles(said),
        split=said.split,
        stages=frames.stages(pairs),
        clusters=frames.clusters(decisions),
        media=said.counts.media,
        reidentification=said.reidentification,
        unreadable=unreadable,
        failures=tuple(_failures(said, decisions)),
        canaries=said.canaries,
        environment=_environment(said.environment),
    )


def _order(rule: RuleRun, written: int) -> tuple[Any, ...]:
    state = ("failed", "optional-failed", "ran").index(rule.status)
    number = rule.findings + written
    if not number:
        return (state, True, 0, 0, rule.id)
    return (state, False, _WORST_FIRST.index(rule.severity), -number, rule.id)


def _judged(judgement: Judgement, policy: str, section: Mapping[str, int]) -> Judged:
    return Judged(
        judgement.verdict,
        judgement.exit,
        judgement.policy or policy,
        judgement.policy_digest,
        tuple(
            Reason(
                what=reason.what,
                rule=reason.rule,
                count=reason.count,
                conversations=reason.conversations,
                allowed=reason.allowed,
                hint=reason.hint,
                section=section.get(reason.rule or ""),
            )
            for reason in judgement.reasons
        ),
    )


def _record_book(said: RunFile) -> Book:
    book = said.counts.records
    return Book(
        "Records",
        Count("records in the source", book.total),
        (
            Count("used", book.used, "each became a turn or opened a conversation"),
            Count("merged", book.merged, "joined to an earlier turn"),
            Count("excluded", book.excluded, "left out on purpose, for a stated reason"),
            Count("unreadable", book.unreadable, "could not be understood, and were not guessed"),
        ),
    )


def _conversation_book(said: RunFile) -> Book:
    book = said.counts.conversations
    return Book(
        "Conversations",
        Count("conversations read", book.total),
        (
            Count("kept", book.kept, "written as they are"),
            Count("edited", book.edited, "written after repairs, redaction or trimming"),
            Count("reviewed", book.reviewed, "held out until a person has decided"),
            Count("dropped", book.dropped, "taken out by a rule"),
        ),
    )


def _by_count(reasons: Mapping[str, int]) -> tuple[Count, ...]:
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(reason, number) for reason, number in ordered)


def _histograms(decisions: pl.LazyFrame, limit: int | None) -> tuple[Histogram, ...]:
    drawn = (
        frames.histogram(decisions, "tokens", unit="token", limit=limit),
        frames.histogram(decisions, "turns", unit="turn"),
    )
    return tuple(chart for chart in drawn if chart is not None)


def _roles(said: RunFile) -> tuple[RoleTurns, ...]:
    before, after = said.counts.before.roles, said.counts.after.roles
    if before is None or after is None:
        return ()
    names = [role for role in _ROLE_ORDER if role in before or role in after]
    names += sorted((before.keys() | after.keys()) - set(_ROLE_ORDER))
    return tuple(RoleTurns(role, before.get(role, 0), after.get(role, 0)) for role in names)


def _failures(said: RunFile, decisions: pl.LazyFrame) -> list[Failed]:
    return [
        Failed(
            failure.rule,
            failure.error,
            None
            if failure.first_row is None
            else frames.row_spot(failure.first_row, decisions, said.inputs),
        )
        for failure in said.failures
    ]


def _environment(where: Surroundings) -> Environment:
    return Environment(
        where.started,
        where.seconds,
        where.cpu_seconds,
        where.machine,
        where.python,
        where.workers,
        None if where.command is None else _command(where.command),
    )


def _command(command: str) -> str:
    """Return the command with base names for paths: a folder can name a person."""
    words = (visible(_without_folders(word)) for word in _words(command))
    return " ".join(map(shlex.quote, words))


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:  # an unclosed quote; the words are still worth showing
        return command.split()


def _without_folders(word: str) -> str:
    option, equals, value = word.partition("=")
    if option.startswith("-") and equals:
        return f"{option}={base_name(value)}"
    return base_name(word)
