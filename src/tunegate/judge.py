"""From the evidence of a run and a policy to the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from tunegate.errors import Exit
from tunegate.policy import Policy, matching
from tunegate.rules import Severity
from tunegate.scanner import Failure
from tunegate.split import Proof


class Verdict(StrEnum):
    """The answer to: may this data be trained on?"""

    PASSED = "passed"
    CLOSED = "closed"
    INCOMPLETE = "incomplete"
    NOTHING = "nothing"

    @property
    def exit(self) -> Exit:
        """The exit code that says it."""
        return Exit[self.name]


@dataclass(frozen=True)
class Evidence:
    """What a verdict rests on; all of it stands in run.json.

    found: rule → (findings, conversations) on the text that the policy's gate judges. lost:
    reason → unreadable records. group: the field that was to name the customer. not_run: rules
    that the run did not run as the policy asks. missed: rule → planted values that came through.
    """

    records: int
    conversations: int
    unreadable: int
    truncated: Sequence[str]
    failures: Sequence[Failure]
    found: Mapping[str, tuple[int, int]]
    proof: Proof
    train: int
    lost: Mapping[str, int] = field(default_factory=dict)
    group: str | None = None
    not_run: Sequence[str] = ()
    missed: Mapping[str, int] = field(default_factory=dict)


def judge(evidence: Evidence, policy: Policy) -> dict[str, Any]:
    """Return the judgement: the verdict, its exit code, and every reason for it."""
    incomplete = _incomplete(evidence, policy)
    closed = _closed(evidence, policy)
    if incomplete:
        verdict = Verdict.INCOMPLETE
    elif evidence.conversations == 0:
        verdict = Verdict.NOTHING
    else:
        verdict = Verdict.CLOSED if closed else Verdict.PASSED
    nothing = [_reason("no conversation was found in the input", "check the path and the format")]
    return {
        "verdict": verdict.value,
        "exit": int(verdict.exit),
        "policy": policy.name,
        "policy_digest": policy.digest,
        "reasons": [*incomplete, *(nothing if evidence.conversations == 0 else closed)],
    }


def _reason(what: str, hint: str, **numbers: Any) -> dict[str, Any]:  # noqa: ANN401 - counts or None
    fields = dict.fromkeys(("rule", "count", "conversations", "allowed"))
    return {"what": what, **fields, "hint": hint, **numbers}


def _incomplete(evidence: Evidence, policy: Policy) -> list[dict[str, Any]]:
    optional = {rule.id for rule in policy.rules if rule.optional}
    failed: dict[str, str] = {}
    for failure in evidence.failures:
        if failure.rule not in optional:
            failed.setdefault(failure.rule, failure.error)
    reasons = [
        _reason(f"a required rule failed ({error})", "see `failures` in run.json", rule=rule)
        for rule, error in sorted(failed.items())
    ]
    reasons += [
        _reason(
            "did not run in this run as the policy asks",
            "audit again with this policy",
            rule=rule,
        )
        for rule in evidence.not_run
    ]
    reasons += [
        _reason(
            f"input ends early: {Path(name).name}",
            "export it again; what could be read was audited",
        )
        for name in evidence.truncated
    ]
    share = evidence.unreadable / evidence.records if evidence.records else 0.0
    if share > policy.file.gate.max_unreadable:
        allowed = policy.file.gate.max_unreadable
        reasons.append(
            _reason(
                f"{share:.2%} of the records could not be read (policy allows {allowed:.2%})"
                + _mostly(evidence.lost),
                _cure(evidence.lost),
                count=evidence.unreadable,
            )
        )
    return reasons


_CURES = {
    "not UTF-8": "save the file as UTF-8",
    "role is not mapped": "map the words of the role column: `--role THEIRS=user`",
    "ticket has no `comments`": "export the tickets with their comments",
    "author is in no users table": "add the export's users, or name staff under `source.agents`",
    "not JSON": "export it again; one record a line is expected",
    "time is not understood without --day-first": "say what 03/04/2025 means: "
    "`--day-first` or `--month-first`",
    "time is not understood": "write times like 2026-11-21T09:30:00Z",
}


def _mostly(lost: Mapping[str, int]) -> str:
    if not lost:
        return ""
    reason, count = max(lost.items(), key=lambda item: (item[1], item[0]))
    return f", {count:,} of them because: {reason}"


def _cure(lost: Mapping[str, int]) -> str:
    """Return what to do about the commonest reason."""
    if lost:
        reason = max(lost.items(), key=lambda item: (item[1], item[0]))[0]
        for known, cure in _CURES.items():
            if reason.startswith(known):
                return cure
    return "see unreadable.parquet for each place and reason"


def _closed(evidence: Evidence, policy: Policy) -> list[dict[str, Any]]:
    gate = policy.file.gate
    order = list(Severity)
    reasons = []
    for rule_id, (count, conversations) in sorted(evidence.found.items()):
        rule = policy.rule(rule_id)
        if order.index(rule.file.severity) < order.index(gate.severity):
            continue
        allowed = allowance(rule_id, gate.allow)
        if count > allowed:
            place = "in the written files" if gate.on == "written" else "in the source"
            reasons.append(
                _reason(
                    f"{rule.file.summary.rstrip('.')} ({place})",
                    f"see `tunegate explain`, or allow it under `gate.allow.{rule_id}`",
                    rule=rule_id,
                    count=count,
                    conversations=conversations,
                    allowed=allowed,
                )
            )
    reasons += [
        _reason(
            "a value that was planted came through (canary)",
            "see that the policy redacts what it finds; `tunegate rules test` tries the rule",
            rule=rule_id,
            count=count,
            allowed=0,
        )
        for rule_id, count in sorted(evidence.missed.items())
    ]
    proof = evidence.proof
    if not proof.holds:
        count = proof.shared_groups + proof.cross_split_duplicates
        what = "related conversations stand on both sides of the split"
        hint = "see the split section of the report"
        reasons.append(_reason(what, hint, rule="split/leakage", count=count, allowed=0))
    if evidence.group and proof.unknown_groups and not proof.known_groups:
        reasons.append(
            _reason(
                "no conversation has the field that was to name its customer",
                f"check the spelling of `{evidence.group}`",
                rule="split/leakage",
                count=proof.unknown_groups,
                allowed=0,
            )
        )
    if evidence.train == 0 and evidence.conversations:
        reasons.append(
            _reason(
                "no conversation is left to train on",
                "see what removed them in the report",
            )
        )
    return reasons


def allowance(rule_id: str, allow: Mapping[str, int]) -> int:
    """Return how many findings of a rule the policy accepts; the most exact pattern decides."""
    patterns = matching(rule_id, allow)
    return allow[patterns[-1]] if patterns else 0
