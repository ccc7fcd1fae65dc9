"""Say what went wrong: one message, what to do next, and the exit code."""

import os
import sys
import traceback
from pathlib import Path

import click

from tunegate.errors import Exit, TunegateError

SHOW_TRACEBACK = "TUNEGATE_TRACEBACK"


def told(error: BaseException) -> int:
    """Print an error on stderr and return the exit code it ends in."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else int(Exit.USAGE)
    if isinstance(error, KeyboardInterrupt | click.Abort):
        click.echo("interrupted", err=True)
        return int(Exit.INTERRUPTED)
    if isinstance(error, TunegateError):
        _say(str(error))
        return int(error.exit)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return int(Exit.USAGE)
    if isinstance(error, click.ClickException):
        _say(f"{_lower(error.format_message())}\n  hint: {_help_hint(error)}")
        return int(Exit.USAGE)
    _say(_internal(error))
    return int(Exit.USAGE)


def _say(text: str) -> None:
    from tunegate.report.words import marked  # late: its package loads polars

    # A path or a name may hold escapes and direction marks; the lines are ours.
    text = "\n".join(marked(line) for line in text.split("\n"))
    click.echo(f"{click.style('error:', fg='red', bold=True)} {text}", err=True)


def _lower(message: str) -> str:
    return (message[:1].lower() + message[1:]).rstrip(".")


def _help_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"{context.command_path if context else 'tunegate'} --help"


def _internal(error: BaseException) -> str:
    """Describe our own mistake by its place alone: an exception's message may hold dataset text."""
    if os.environ.get(SHOW_TRACEBACK):
        traceback.print_exception(error, file=sys.stderr)
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " ← ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    return (
        f"internal error: {type(error).__name__} at {places}\n"
        f"  hint: please report it; {SHOW_TRACEBACK}=1 shows more, which may hold dataset text"
    )
