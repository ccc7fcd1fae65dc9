"""Judge a finished run again, with another policy."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from tunegate.allow import unexplained
from tunegate.decide import count_found
from tunegate.judge import Evidence, judge
from tunegate.model import findings
from tunegate.pipeline.folder import RECORD, read_record
from tunegate.pipeline.record import save
from tunegate.policy import Policy
from tunegate.scanner import Failure
from tunegate.split import TRAIN, Proof


def own_judgement(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the latest judgement by the policy that the run was made with.

    Others were asked for to compare; they are kept beside it and change no view.
    """
    own = record["policy"]["digest"]
    judgements: list[Mapping[str, Any]] = record["judgements"]
    return [each for each in judgements if each["policy_digest"] == own][-1]


def latest_judgement(folder: Path) -> Mapping[str, Any]:
    """Return the verdict of a run.

    Raises:
        RunError: the folder is not a run.
    """
    return own_judgement(read_record(folder))


def judge_again(folder: Path, policy: Policy) -> Mapping[str, Any]:
    """Judge the findings of a run by another policy, and keep the judgement beside the run's own.

    A rule of that policy that did not run as it asks leaves the audit incomplete.

    Raises:
        RunError: the folder is not a run.
    """
    record: dict[str, Any] = read_record(folder)
    policy = policy.with_prompt(record["tokens"]["prompt"])
    ran = {rule["id"]: rule["digest"] for rule in record["rules"]}
    missing = [rule.id for rule in policy.rules if ran.get(rule.id) != rule.digest]
    selected = [rule.id for rule in policy.rules]
    judged_on = ["written"] if policy.file.gate.on == "written" else ["source", "cleaned"]
    found = unexplained(findings(pl.read_parquet(folder / "findings.parquet"))).filter(
        pl.col("on").is_in(judged_on), pl.col("rule").is_in(selected)
    )
    counts = record["counts"]
    evidence = Evidence(
        records=counts["records"]["total"],
        conversations=counts["conversations"]["total"],
        unreadable=counts["records"]["unreadable"],
        truncated=record["truncated"],
        failures=[Failure(**failure) for failure in record["failures"]],
        found=count_found(found),
        proof=Proof(**record["split"]),
        train=counts["splits"][TRAIN]["conversations"],
        lost=record["unreadable_by"],
        group=record["group"],
        not_run=missing,
        missed=record.get("canaries", {}).get("missed", {}),
    )
    judgement = judge(evidence, policy)
    record["judgements"].append(judgement)
    aside = folder / f".{RECORD}.{os.getpid()}"
    save(aside, record)
    aside.chmod(0o600)
    aside.replace(folder / RECORD)
    return judgement
