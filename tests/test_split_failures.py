"""A split rule that fails leaves nobody on a side that was never chosen."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import tunegate.rules
from support import answered, written, zendesk_file
from tunegate import Batch, audit, load_policy, load_rules
from tunegate.model import Sketches
from tunegate.policy import Policy
from tunegate.rules import parse_rule


@dataclass(frozen=True)
class NeverAssigns:
    """Raises when it should assign."""

    def sketch(self, batch: Batch) -> pl.DataFrame:
        return batch.conversations.select("row")

    def assign(self, sketches: Sketches, clusters: pl.DataFrame) -> pl.DataFrame:
        raise RuntimeError


@dataclass(frozen=True)
class NeverSketches(NeverAssigns):
    """Raises at the first batch."""

    def sketch(self, batch: Batch) -> pl.DataFrame:
        raise RuntimeError


@pytest.fixture
def policy_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[type, bool], Policy]:
    def build(kind: type, optional: bool) -> Policy:
        class Point:
            name, value = "broken", "test:broken"

            @staticmethod
            def load() -> type:
                return kind

        installed = tunegate.rules._installed

        def with_point(group: str) -> Any:
            found = installed(group)
            return {**found, "broken": Point} if group == "tunegate.checks" else found

        policy = load_policy(None, load_rules())
        monkeypatch.setattr(tunegate.rules, "_installed", with_point)
        text = "{summary: s, why: w, severity: low, action: keep, check: broken}"
        broken = parse_rule(text, "split/broken").changed(optional=optional)
        others = [rule for rule in policy.rules if rule.family != "split"]
        return replace(policy, rules=(*others, broken))

    return build


@pytest.mark.parametrize("kind", [NeverAssigns, NeverSketches])
@pytest.mark.parametrize("optional", [False, True], ids=["required", "optional"])
def test_what_the_split_did_not_see_is_held_out(
    tmp_path: Path, policy_with: Callable[[type, bool], Policy], kind: type, optional: bool
) -> None:
    path = zendesk_file(tmp_path / "export.json", *(answered(n) for n in range(1, 20)))
    run = audit(path, policy=policy_with(kind, optional))
    assert run.verdict == ("closed" if optional else "incomplete")
    assert written(run.folder) == []
    assert run.record["failures"][0]["rule"] == "split/broken"
    book = run.record["counts"]["conversations"]
    assert book["reviewed"] == book["total"] == 19
