"""The `tunegate` command: parse, call one function, print, exit."""

import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version

import click

from tunegate.cli.commands import audit, explain, gate, report
from tunegate.cli.exports import init, readers, show
from tunegate.cli.failures import told
from tunegate.cli.keys import key
from tunegate.cli.rules import rules
from tunegate.errors import Exit

EXIT_CODES = """\b
Exit codes: 0 passed · 1 gate closed · 2 usage or internal error
            3 incomplete · 5 nothing audited · 130 interrupted"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
)
@click.version_option(version("tunegate"), prog_name="tunegate")
def cli() -> None:
    """Audit, clean and gate conversations before a model learns from them."""


for command in (audit, gate, explain, report, rules, readers, init, show, key):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    # A polite kill cleans up like Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(_exit_code(arguments))


def _exit_code(arguments: Sequence[str] | None) -> int:
    try:
        code = cli.main(
            args=None if arguments is None else list(arguments),
            prog_name="tunegate",
            standalone_mode=False,
        )
    except BrokenPipeError:
        # The reader of our output went away, as `head` does; nothing is wrong with the data.
        sys.stderr.close()
        return int(Exit.PASSED)
    except BaseException as error:
        return told(error)
    return int(code or 0)
