"""What run.json says."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from tunegate import tokens
from tunegate.allow import explained_count, unexplained
from tunegate.decide import count_found, first_removed_by
from tunegate.model import Source
from tunegate.pipeline.canaries import Planted
from tunegate.pipeline.finish import Decided, Rechecked
from tunegate.pipeline.folder import FORMAT, RECORD
from tunegate.pipeline.job import Job, Parts
from tunegate.pipeline.redacting import key_of
from tunegate.pipeline.reidentify import PART, SKETCH, estimate
from tunegate.pipeline.scan import Tally
from tunegate.rules import Action, Rule
from tunegate.scanner import Failure
from tunegate.split import TRAIN, VALIDATION, Proof


@dataclass(frozen=True)
class Measured:
    """Everything that a run found out, before it is written down."""

    job: Job
    sources: Sequence[Source]
    ignored: Sequence[str]
    tally: Tally
    decided: Decided
    ledger: pl.DataFrame
    again: Rechecked
    proof: Proof
    failures: Sequence[Failure]
    truncated: Sequence[str]
    lost: Mapping[str, int]
    group: str | None
    notes: Sequence[str]
    judgement: Mapping[str, Any]
    planted: Planted


def describe(run: Measured, final: Path) -> dict[str, Any]:
    """Return the content of run.json but for the environment."""
    policy = run.job.policy
    heads = run.decided.heads
    kept = heads.filter(pl.col("split").is_not_null())
    files = sorted(path.name for path in final.iterdir())
    return {
        "tunegate": version("tunegate"),
        "format": FORMAT,
        "inputs": [
            {
                "name": source.name,
                "size": source.size,
                "sha256": source.sha256,
                "compression": source.compression,
                "encoding": source.encoding,
                "origin": source.origin,
            }
            for source in run.sources
        ],
        "ignored": list(run.ignored),
        "truncated": list(run.truncated),
        "reader": run.job.plan.reader,
        "policy": {
            "name": policy.name,
            "digest": policy.digest,
            "settings": policy.file.model_dump(mode="json", exclude_defaults=True),
        },
        "target": {"name": policy.target.name, "as_of": policy.target.file.as_of.isoformat()},
        "rules": _rules(run),
        "counts": {
            "records": _records(run.tally),
            "excluded_by": run.tally.excluded,
            "media": run.tally.media,
            "conversations": _book(heads),
            "before": {
                **_size(heads, "turns_before", "tokens_before"),
                "roles": dict(sorted(run.tally.roles.items())),
                "languages": _languages(heads),
            },
            "after": {**_size(kept, "turns", "tokens"), "roles": run.again.roles},
            "splits": {name: _side(kept, name) for name in (TRAIN, VALIDATION)},
        },
        "unreadable_by": run.lost,
        "group": run.group,
        "notes": run.notes,
        "removed_by": first_removed_by(heads, policy.rules),
        "split": run.proof.as_json(),
        "tokens": {
            "vocabulary": run.job.vocabulary,
            "overhead": tokens.OVERHEAD,
            "estimated_conversations": int(heads["estimated"].sum()),
            "limit": _token_limit(run.job),
            "prompt": run.job.system_tokens,
        },
        "residual": _residual(run),
        "redaction": _redaction(run),
        "canaries": run.planted.as_json(),
        "reidentification": _reidentification(run),
        "failures": [asdict(failure) for failure in run.failures],
        "outputs": {name: _output(final / name) for name in files if name.endswith(".jsonl")},
        "files": sorted([*files, "report.html", RECORD]),
        "judgements": [dict(run.judgement)],
    }


def _languages(heads: pl.DataFrame) -> dict[str, int]:
    """Return language → conversations, the most frequent first; `unknown` is too little text."""
    counted = heads.group_by(pl.col("language").fill_null("unknown")).len()
    return dict(counted.sort("len", "language", descending=[True, False]).iter_rows())


def write_record(final: Path, record: Mapping[str, Any], environment: Mapping[str, Any]) -> None:
    """Write run.json; time and machine stand in `environment` and nowhere else."""
    machine = {"machine": platform.platform(), "python": platform.python_version()}
    whole = {**record, "environment": {**environment, **machine}}
    save(final / RECORD, whole)


def save(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record so that people can read it and tools can compare it."""
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _rules(run: Measured) -> list[dict[str, Any]]:
    counted = count_found(unexplained(run.decided.found))
    allowed = explained_count(run.decided.found)
    replaced = dict(run.ledger.group_by("rule").len().iter_rows())
    failed = {failure.rule for failure in run.failures}
    spoke = dict(
        run.decided.heads.select(rule="because")
        .explode("rule", empty_as_null=True)
        .drop_nulls()
        .group_by("rule")
        .len()
        .iter_rows()
    )
    rules = []
    for rule in run.job.policy.rules:
        count, conversations = counted.get(rule.id, (0, 0))
        status = "optional-failed" if rule.optional else "failed"
        rules.append(
            {
                "id": rule.id,
                "summary": rule.file.summary,
                "why": " ".join(rule.file.why.split()),
                "severity": rule.file.severity.value,
                "action": rule.file.action.value,
                "on": rule.file.on,
                "digest": rule.digest,
                "status": status if rule.id in failed else "ran",
                "findings": count,
                "allowed": allowed.get(rule.id, 0),
                "conversations": conversations,
                "decided": spoke.get(rule.id, 0),
                "edits": _edits(rule, count, replaced),
            }
        )
    return rules


def _residual(run: Measured) -> list[dict[str, Any]]:
    """Return what each rule that judged the written files found there, zero included.

    explained: what the allow-list or our own replacements account for, which is not among the
    findings.
    """
    counted = count_found(unexplained(run.again.found))
    explained = explained_count(run.again.found)
    rules = []
    for rule in run.job.policy.on("written"):
        count, conversations = counted.get(rule.id, (0, 0))
        found = {"findings": count, "conversations": conversations}
        rules.append({"rule": rule.id, **found, "explained": explained.get(rule.id, 0)})
    return rules


def _redaction(run: Measured) -> dict[str, Any]:
    """Return which key was used, and how many spans have each style."""
    key = key_of(run.job)
    styles = run.ledger.group_by("style").len().sort("style")
    return {"key": key and key.id, "styles": dict(styles.iter_rows())}


def _reidentification(run: Measured) -> dict[str, Any] | None:
    failed = {failure.rule for failure in run.failures}
    written = run.decided.heads.filter(pl.col("split").is_not_null())["row"]
    ran = {rule.id for rule in run.job.policy.on("source")} - failed
    return estimate(Parts(run.job.work, PART).whole(SKETCH), written, ran)


def _edits(rule: Rule, found: int, replaced: Mapping[str, int]) -> int:
    if rule.file.action is Action.REDACT:
        return replaced.get(rule.id, 0)
    return found if rule.file.action in (Action.FIX, Action.TRIM) else 0


def _records(tally: Tally) -> dict[str, int]:
    return {
        "total": tally.records,
        "used": tally.used,
        "merged": tally.merged,
        "excluded": sum(tally.excluded.values()),
        "unreadable": tally.unreadable,
    }


def _book(heads: pl.DataFrame) -> dict[str, int]:
    edited = (pl.col("disposition") == "keep") & (pl.col("edits").list.len() > 0)
    return {
        "total": heads.height,
        "kept": heads.filter((pl.col("disposition") == "keep") & ~edited).height,
        "edited": heads.filter(edited).height,
        "reviewed": heads.filter(pl.col("disposition") == "review").height,
        "dropped": heads.filter(pl.col("disposition") == "drop").height,
    }


def _size(heads: pl.DataFrame, turns: str, tokens_column: str) -> dict[str, int]:
    return {
        "conversations": heads.height,
        "turns": int(heads[turns].sum()),
        "tokens": int(heads[tokens_column].sum()),
    }


def _side(kept: pl.DataFrame, name: str) -> dict[str, int]:
    side = kept.filter(pl.col("split") == name)
    groups = side["group"].drop_nulls().n_unique() + side["group"].null_count()
    return {
        **_size(side, "turns", "tokens"),
        "trained_tokens": int(side["trained"].sum()),
        "groups": groups,
    }


def _token_limit(job: Job) -> int | None:
    for rule in job.policy.rules:
        if rule.file.check == "token-limit":
            return int(rule.file.params["limit"])
    return None


def _output(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
        file.seek(0)
        count = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    return {"sha256": digest, "bytes": path.stat().st_size, "lines": count}
