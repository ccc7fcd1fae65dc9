"""Every error that a user can cause, and the exit code that each one ends in.

    TunegateError
    ├── UsageError          2  the command, a path or an option is wrong
    ├── InputError          2  an input cannot be read at all
    ├── RuleError           2  a rule file or a check is wrong
    ├── PolicyError         2  a policy file is wrong
    ├── OutputError         2  the run folder cannot be written
    ├── RunError            2  a run folder cannot be read
    ├── KeyFileError        2  a key file, or what a key made, cannot be read or written
    ├── EngineError         2  the worker processes cannot finish
    └── InterruptedRunError 130  the user or the system stopped the run

A message says `where: what is wrong` and a hint says what to do next. Neither holds dataset text.
"""

from enum import IntEnum


class Exit(IntEnum):
    """What the process ends with; documented as API.

    When several apply the order is usage, incomplete, nothing, closed, passed.
    """

    PASSED = 0
    CLOSED = 1
    USAGE = 2
    INCOMPLETE = 3
    NOTHING = 5
    INTERRUPTED = 130


class TunegateError(Exception):
    """A mistake or a limit that the user can act on; shown without a traceback."""

    exit = Exit.USAGE

    def __init__(self, problem: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(problem, where, hint)
        self.problem = problem
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        head = f"{self.where}: {self.problem}" if self.where else self.problem
        return f"{head}\n  hint: {self.hint}" if self.hint else head

    def __reduce__(self) -> tuple[object, ...]:
        # The default would pass only `args`, and a worker's error must arrive whole.
        return _rebuild, (type(self), self.problem, self.where, self.hint)


def _rebuild(
    kind: type[TunegateError], problem: str, where: str | None, hint: str | None
) -> TunegateError:
    return kind(problem, where=where, hint=hint)


class UsageError(TunegateError):
    """The command, a path or an option is wrong."""


class InputError(TunegateError):
    """An input cannot be read at all."""


class RuleError(TunegateError):
    """A rule file is wrong, or its check cannot be built."""


class PolicyError(TunegateError):
    """A policy file is wrong."""


class OutputError(TunegateError):
    """The run folder cannot be written."""


class RunError(TunegateError):
    """A run folder cannot be read."""


class KeyFileError(TunegateError):
    """A key file, or what a key made, cannot be read or written."""


class EngineError(TunegateError):
    """The worker processes cannot finish the work."""


class InterruptedRunError(TunegateError):
    """The user or the system stopped the run."""

    exit = Exit.INTERRUPTED
