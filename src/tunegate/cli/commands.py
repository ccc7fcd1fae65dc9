"""The commands that make a run and look at one."""

import os
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from shutil import get_terminal_size

import click

FOLDER = click.Path(path_type=Path, file_okay=False)
# Options whose value may be a person or a text of the data, and how a run states it.
_LEFT_OUT = {"--agent": "WHO", "--role": "THEIRS=OURS", "--system": "TEXT"}
RULES = click.option(
    "--rules",
    "folders",
    metavar="FOLDER",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Folder with rules of your own.",
)


@click.command()
@click.argument("inputs", nargs=-1, required=True)
@click.option("-o", "--out", required=True, type=FOLDER, help="Run folder to write.")
@click.option("-c", "--policy", metavar="POLICY", help="Policy file, or the name of a bundled one.")
@RULES
@click.option("--group", metavar="FIELD", help="Field whose conversations stay on one side.")
@click.option("--system", metavar="TEXT", help="System prompt for conversations without one.")
@click.option("--target", metavar="NAME", help="Destination whose limits apply.  [default: openai]")
@click.option("--gate", is_flag=True, help="Exit with the verdict: 1 when the gate is closed.")
@click.option(
    "--column", "columns", metavar="OURS=THEIRS", multiple=True, help="Map a table's column."
)
@click.option("--role", "roles", metavar="THEIRS=OURS", multiple=True, help="Map a role word.")
@click.option(
    "--agent", "agents", metavar="WHO", multiple=True, help="Staff: an id, name, address or domain."
)
@click.option(
    "--day-first/--month-first", default=None, help="What 03/04/2025 means, if nothing says."
)
@click.option("--workers", type=click.IntRange(1), help="Processes.  [default: by size]")
@click.option(
    "--canaries",
    metavar="N",
    type=click.IntRange(0),
    default=0,
    help="Plant N invented values beside the data; none may come through.",
)
def audit(
    inputs: tuple[str, ...],
    out: Path,
    policy: str | None,
    folders: tuple[Path, ...],
    group: str | None,
    system: str | None,
    target: str | None,
    gate: bool,
    columns: tuple[str, ...],
    roles: tuple[str, ...],
    agents: tuple[str, ...],
    day_first: bool | None,
    workers: int | None,
    canaries: int,
) -> int:
    """Audit INPUTS into a run folder: a report, training files and a verdict.

    INPUTS are files, folders, archives, globs, addresses such as s3://…, or - for standard input;
    `tunegate readers` lists what they may hold. What survives is always written, whatever the
    verdict.
    """
    from tunegate.cli.progress import progress
    from tunegate.errors import Exit
    from tunegate.pipeline.result import audit as run_audit

    with progress() as shown:
        result = run_audit(
            inputs,
            out=out,
            policy=policy,
            rules=folders,
            group=group,
            system=system,
            target=target,
            columns=assignments(columns, "--column"),
            roles=assignments(roles, "--role"),
            agents=agents,
            day_first=day_first,
            workers=workers,
            canaries=canaries,
            progress=shown,
            now=_now(),
            command=_command(),
        )
    _print_screen(out)
    code = int(result.judgement["exit"])
    return 0 if code == Exit.CLOSED and not gate else code


@click.command()
@click.argument("run", type=FOLDER)
@click.option("-c", "--policy", metavar="POLICY", help="Judge by another policy.")
@RULES
def gate(run: Path, policy: str | None, folders: tuple[Path, ...]) -> int:
    """Exit with the verdict of RUN: may this data be trained on?"""
    from tunegate.pipeline.gate import judge_again, latest_judgement
    from tunegate.policy import load_policy
    from tunegate.rules import load_rules

    if policy is None:
        judgement = latest_judgement(run)
    else:
        judgement = judge_again(run, load_policy(policy, load_rules(*folders)))
    click.echo(f"gate {judgement['verdict']} by policy {judgement['policy']}")
    for reason in judgement["reasons"]:
        rule = f"{reason['rule']}: " if reason["rule"] else ""
        click.echo(f"  {rule}{_counted(reason)}{reason['what']}\n    {reason['hint']}")
    return int(judgement["exit"])


@click.command()
@click.argument("run", type=FOLDER)
@click.argument("conversation")
def explain(run: Path, conversation: str) -> None:
    """Say what happened to one CONVERSATION of RUN, by which rule, and where."""
    from tunegate.pipeline.folder import read_record
    from tunegate.report.explain import explain as story

    read_record(run)
    click.echo(story(run, conversation))


@click.command()
@click.argument("run", type=FOLDER)
def report(run: Path) -> None:
    """Show the summary of RUN again, and where its report is."""
    from tunegate.pipeline.folder import read_record

    read_record(run)
    _print_screen(run)


def _print_screen(run: Path) -> None:
    from tunegate.report.screen import screen
    from tunegate.report.summarise import summarise

    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = get_terminal_size((80, 24)).columns
    click.echo(screen(summarise(run), width=width, colour=colour, folder=str(run)), color=colour)


def _counted(reason: dict[str, object]) -> str:
    if reason["count"] is None or reason["rule"] is None:
        return ""
    where = f" in {reason['conversations']:,} conversations" if reason["conversations"] else ""
    allowed = "" if reason["allowed"] is None else f" (policy allows {reason['allowed']})"
    return f"{reason['count']:,}{where}{allowed}: "


def assignments(given: tuple[str, ...], option: str) -> dict[str, str]:
    """Return the pairs of a repeated option NAME=NAME."""
    pairs = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise click.UsageError(f"`{option}` takes NAME=NAME")
        pairs[name] = value
    return pairs


def _command() -> str:
    """Return the command as the run may state it: without passwords, names and texts."""
    from tunegate.readers.inputs.remote import is_remote, remote_name

    said = []
    before = ""
    for word in sys.argv[1:]:
        option, equals, _ = word.partition("=")
        if before in _LEFT_OUT:
            word = _LEFT_OUT[before]
        elif equals and option in _LEFT_OUT:
            word = f"{option}={_LEFT_OUT[option]}"
        elif is_remote(word):
            word = remote_name(word)
        said.append(word)
        before = word
    return shlex.join(["tunegate", *said])


def _now() -> datetime:
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed), UTC) if fixed.isdigit() else datetime.now(UTC)
