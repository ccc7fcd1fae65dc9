"""What a run calls its inputs, where their own names may name people.

A chat or a mail is often saved under the name of whoever wrote it, and a run is there to be passed
on. So such an input is told by its number and its ending; the terminal still says its name.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from tunegate.model import About, Plan, Source

_LONGEST = 8  # characters of an ending; a longer one is part of a name
_GIVEN = "INPUT"


@dataclass(frozen=True)
class Told:
    """The inputs, those that were passed over, and the command, as a run states them."""

    sources: tuple[Source, ...]
    ignored: tuple[str, ...]
    command: str


def told(
    plan: Plan, about: About, ignored: Sequence[str], inputs: Sequence[str | Path], command: str
) -> Told:
    """Return how a run states what it read."""
    names = [*(source.name for source in plan.sources), *ignored]
    if not about.names_people and not any("@" in name for name in names):
        return Told(plan.sources, tuple(ignored), command)
    sources = tuple(
        replace(source, name=f"input {n}{_ending(source.name)}")
        for n, source in enumerate(plan.sources, 1)
    )
    for given in sorted(map(str, inputs), key=len, reverse=True):
        command = command.replace(shlex.quote(given), _GIVEN)
    return Told(sources, tuple(f"a file{_ending(name)}" for name in ignored), command)


def _ending(name: str) -> str:
    ending = PurePosixPath(name).suffix
    plain = ending[1:].isascii() and ending[1:].isalnum() and len(ending) <= _LONGEST
    return ending.lower() if plain else ""
