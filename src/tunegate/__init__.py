"""Audit, clean and gate conversations before a model learns from them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tunegate.errors import Exit, TunegateError
    from tunegate.model import Batch, findings, to_batch
    from tunegate.pipeline.result import Audit, audit
    from tunegate.policy import load_policy
    from tunegate.rules import load_rules
    from tunegate.scanner import run_rules

__all__ = [
    "Audit",
    "Batch",
    "Exit",
    "TunegateError",
    "audit",
    "findings",
    "load_policy",
    "load_rules",
    "run_rules",
    "to_batch",
]

_HOME = {
    "Audit": "tunegate.pipeline.result",
    "Batch": "tunegate.model",
    "Exit": "tunegate.errors",
    "TunegateError": "tunegate.errors",
    "audit": "tunegate.pipeline.result",
    "findings": "tunegate.model",
    "load_policy": "tunegate.policy",
    "load_rules": "tunegate.rules",
    "run_rules": "tunegate.scanner",
    "to_batch": "tunegate.model",
}


def __getattr__(name: str) -> object:
    # Late, so that `tunegate --help` does not wait for polars.
    if name not in _HOME:
        raise AttributeError(f"module `tunegate` has no attribute `{name}`")
    from importlib import import_module

    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
