"""The audit as a Python call, and what it returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING, Any
from weakref import finalize

import polars as pl

from tunegate.errors import UsageError
from tunegate.model import ReadOptions
from tunegate.pipeline.folder import read_record
from tunegate.pipeline.gate import own_judgement
from tunegate.pipeline.run import Progress, Request, run
from tunegate.policy import Policy, load_policy
from tunegate.readers.inputs.frames import spill
from tunegate.rules import load_rules

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Audit:
    """A finished run.

    folder: where it is. A run made without `out` lives as long as this object.
    """

    folder: Path

    @cached_property
    def record(self) -> Mapping[str, Any]:
        """What run.json says."""
        return read_record(self.folder)

    @property
    def judgement(self) -> Mapping[str, Any]:
        """The judgement by the run's policy: verdict, exit code, reasons."""
        return own_judgement(self.record)

    @property
    def verdict(self) -> str:
        """One of passed, closed, incomplete, nothing."""
        return str(self.judgement["verdict"])

    @cached_property
    def findings(self) -> pl.DataFrame:
        """Where every rule found something; positions, never text."""
        return pl.read_parquet(self.folder / "findings.parquet")

    @cached_property
    def decisions(self) -> pl.DataFrame:
        """What became of every conversation, and because of which rules."""
        return pl.read_parquet(self.folder / "decisions.parquet")

    def to_pandas(self) -> "pd.DataFrame":
        """Return the decisions as a pandas frame; needs `tunegate[pandas]`."""
        try:
            return self.decisions.to_pandas()
        except ImportError:
            raise UsageError(
                "pandas is not installed", hint='pip install "tunegate[pandas]"'
            ) from None

    def report(self, path: str | Path | None = None) -> Path:
        """Return the path of the HTML report; with `path`, of a copy there."""
        own = self.folder / "report.html"
        if path is None:
            return own
        copy = Path(path)
        copy.write_bytes(own.read_bytes())
        return copy

    def _repr_html_(self) -> str:
        book = self.record["counts"]["conversations"]
        cells = "".join(
            f"<tr><th scope=row>{escape(name)}</th><td>{count:,}</td></tr>"
            for name, count in book.items()
        )
        reasons = "".join(f"<li>{escape(r['what'])}</li>" for r in self.judgement["reasons"])
        return (
            f"<p><strong>Tunegate: {escape(self.verdict)}</strong></p>"
            f"<ul>{reasons}</ul><table>{cells}</table>"
            f"<p>{escape(str(self.report()))}</p>"
        )


def audit(  # noqa: D417 - the rest is what it says
    source: Any,  # noqa: ANN401 - a path, several, or a frame of an optional library
    *,
    out: str | Path | None = None,
    policy: str | Path | Policy | None = None,
    rules: Sequence[Path] = (),
    group: str | None = None,
    system: str | None = None,
    target: str | None = None,
    columns: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    agents: Sequence[str] = (),
    day_first: bool | None = None,
    workers: int | None = 1,
    batch_rows: int = ReadOptions.batch_rows,
    progress: Progress | None = None,
    command: str | None = None,
    canaries: int = 0,
    now: datetime | None = None,
) -> Audit:
    """Audit a file, a folder, several of them, or a pandas or polars frame.

    The verdict is a fact of the result and raises nothing. With `out` the run folder is written
    there; without, it is temporary. Processes other than this one are used only when asked for,
    since a script that starts some must guard its main module.

    Args:
        rules: folders with rules of your own.
        columns: which column of a table is what, such as `{"body": "Message"}`.
        roles: which value of a role column is which role.
        agents: ids, addresses, domains or names of staff, where the export does not say.
        day_first: what 03/04/2025 means, where the export cannot tell.
        workers: processes; None chooses by the size of the input.
        canaries: invented values to plant beside the data, of which none may come through.

    Raises:
        TunegateError: nothing could be audited; `.exit` is the exit code that says so.
    """
    if not isinstance(policy, Policy):
        choice = None if policy is None else str(policy)
        policy = load_policy(choice, load_rules(*rules), target=target)
    options = options_of(
        policy,
        group=group,
        columns=columns,
        roles=roles,
        agents=agents,
        day_first=day_first,
        batch_rows=batch_rows,
    )
    kept = None if out else mkdtemp(prefix="tunegate-")
    if kept:
        out = Path(kept) / "run"
    request = Request(
        inputs=(),
        out=Path(out or ""),
        policy=policy,
        options=options,
        now=now or datetime.now(UTC),
        system=system or policy.file.source.system,
        workers=workers,
        command=command or "tunegate.audit(…)",
        canaries=canaries,
    )
    if isinstance(source, pl.LazyFrame) or hasattr(source, "columns"):
        with TemporaryDirectory(prefix="tunegate-") as folder:
            path = spill(source, Path(folder))
            run(replace(request, inputs=(path,)), progress)
    else:
        run(replace(request, inputs=_paths(source)), progress)
    result = Audit(request.out)
    if kept:
        finalize(result, rmtree, kept, ignore_errors=True)
    return result


def options_of(
    policy: Policy,
    *,
    group: str | None = None,
    columns: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    agents: Sequence[str] = (),
    day_first: bool | None = None,
    batch_rows: int = ReadOptions.batch_rows,
) -> ReadOptions:
    """Return how inputs are read: as the policy says, and what is given here before it."""
    settings = policy.file.source
    return ReadOptions(
        **{
            **settings.model_dump(exclude={"system"}),
            "group": group or settings.group,
            "agents": (*settings.agents, *agents),
            "columns": {**settings.columns, **(columns or {})},
            "roles": {**settings.roles, **(roles or {})},
            "day_first": settings.day_first if day_first is None else day_first,
            "batch_rows": batch_rows,
        }
    )


def _paths(source: Any) -> Sequence[str | Path]:  # noqa: ANN401 - a path or several
    paths = [source] if isinstance(source, str | Path) else source
    if not isinstance(paths, list | tuple) or not all(isinstance(p, str | Path) for p in paths):
        raise UsageError(
            "the source is neither a path, nor several, nor a frame",
            hint="write records to a JSONL file, or pass a polars or pandas frame",
        )
    if not paths or not all(str(path) for path in paths):
        raise UsageError("no path was given", hint="name a file or a folder")
    return paths
