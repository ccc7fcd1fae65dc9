"""What an engine is, and how an installed one is found by its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from tunegate.errors import RuleError

GROUP = "tunegate.engines"


class Span(NamedTuple):
    """What an engine found in a text: half-open code points, its own label, from 0 to 1."""

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True)
class Settings:
    """What a rule tells an engine.

    path: the user's local model, or an installed package. labels: the only ones that are asked
    for; none: all that it knows. threshold: what scores less is nothing. batch_size: texts at a
    time. language: ISO 639 code. threads: of this process.
    """

    path: str | None = None
    labels: tuple[str, ...] = ()
    threshold: float = 0.5
    batch_size: int = 16
    language: str = "en"
    threads: int = 1


class Engine(Protocol):
    """Finds spans in texts; made from `Settings`, and loads its model when it is first asked."""

    def detect(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return the spans of each text, in the order of the texts."""
        ...


def engine(name: str, settings: Settings) -> Engine:
    """Return an installed engine by the name of its entry point.

    Raises:
        RuleError: there is none of that name, or it lacks a package or its model.
    """
    points = {point.name: point for point in entry_points(group=GROUP)}
    if not name or name not in points:
        known = ", ".join(sorted(points))
        close = get_close_matches(name, points, n=1)
        raise RuleError(
            f"no engine named `{name}`" if name else "names no engine",
            hint=f"did you mean `{close[0]}`?" if close else f"set `params.engine`: {known}",
        )
    return cast(Engine, points[name].load()(settings))


def need(name: str, *modules: str) -> None:
    """Refuse an engine whose packages are not installed; none of them is imported.

    Raises:
        RuleError: one of `modules` is missing.
    """
    missing = next((module for module in modules if find_spec(module) is None), None)
    if missing:
        raise RuleError(
            f"engine `{name}` needs the package `{missing}`", hint=f'pip install "tunegate[{name}]"'
        )


def folder(name: str, path: str | None, *files: str) -> Path:
    """Return the local folder of a model.

    files: of each group, parted by `|`, one must be there.

    Raises:
        RuleError: there is no such folder, or it is no model of this kind.
    """
    hint = "set `params.path` to a folder with the model; Tunegate downloads none"
    if path is None:
        raise RuleError(f"engine `{name}` needs a model", hint=hint)
    found = Path(path)
    if not found.is_dir():
        raise RuleError(f"engine `{name}`: there is no folder at `params.path`", hint=hint)
    for group in files:
        if not any((found / file).is_file() for file in group.split("|")):
            choices = " or ".join(f"`{file}`" for file in group.split("|"))
            raise RuleError(
                f"engine `{name}`: the folder at `params.path` has no {choices}",
                hint="see docs/engines.md for what the folder must hold",
            )
    return found
