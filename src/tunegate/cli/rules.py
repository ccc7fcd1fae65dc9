"""The commands about rules."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tunegate.cli.commands import RULES

if TYPE_CHECKING:
    from tunegate.rules import Rule


@click.group(invoke_without_command=True)
@RULES
@click.pass_context
def rules(context: click.Context, folders: tuple[Path, ...]) -> None:
    """List every rule and what it looks for."""
    context.obj = folders
    if context.invoked_subcommand is not None:
        return
    from tunegate.rules import load_rules

    for rule in load_rules(*folders):
        file = rule.file
        click.echo(f"{rule.id:28} {file.severity:9} {file.action:7} {file.summary}")


@rules.command("show")
@click.argument("rule")
@click.pass_obj
def show(folders: tuple[Path, ...], rule: str) -> None:
    """Show one RULE: what it looks for, why, and what it does."""
    from tunegate.errors import UsageError
    from tunegate.rules import load_rules, nearest

    known = {each.id: each for each in load_rules(*folders)}
    if rule not in known:
        raise UsageError(f"no rule named `{rule}`", hint=nearest(rule, known))
    file = known[rule].file
    click.echo(f"{rule} — {file.summary}\n\n{' '.join(file.why.split())}\n")
    click.echo(f"severity {file.severity}, action {file.action}, check {file.check}, on {file.on}")
    for name, value in file.params.items():
        click.echo(f"  {name}: {value}")
    for source in file.sources:
        click.echo(f"  source: {source}")


@rules.command("test")
@click.argument("names", nargs=-1)
@click.option(
    "--labelled",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Measure on your own labels instead: JSON Lines with `text`, or `messages`, and `spans`: "
    "[start, end, label], or [message, start, end, label].",
)
@click.option(
    "--label",
    "called",
    multiple=True,
    metavar="LABEL=RULE",
    help="What a rule, or a glob of rules, is called in the file; its name will do without.",
)
@click.pass_obj
def test(
    folders: tuple[Path, ...],
    names: tuple[str, ...],
    labelled: Path | None,
    called: tuple[str, ...],
) -> int:
    """Run the cases of the rules called NAMES, or of all; or measure them."""
    from tunegate.cases import trials, wrong_cases
    from tunegate.errors import Exit, UsageError
    from tunegate.rules import load_rules, nearest

    known = {rule.id: rule for rule in load_rules(*folders)}
    for name in names:
        if name not in known:
            raise UsageError(f"no rule named `{name}`", hint=nearest(name, known))
    if labelled is not None:
        _measure(list(known.values()), frozenset(names), labelled, called)
        return int(Exit.PASSED)
    wrong = 0
    for rule in [known[name] for name in names or known]:
        problems = list(wrong_cases(rule))
        wrong += len(problems)
        count = sum(1 for _ in trials(rule))
        wrong_ones = {problem.partition(":")[0] for problem in problems}
        click.echo(f"{rule.id:28} {count - len(wrong_ones)} of {count} cases right")
        for problem in problems:
            click.echo(f"  {problem}")
    return int(Exit.CLOSED if wrong else Exit.PASSED)


def _measure(
    known: list["Rule"], names: frozenset[str], labelled: Path, called: tuple[str, ...]
) -> None:
    from fnmatch import fnmatchcase

    from tunegate.errors import UsageError
    from tunegate.measure import read_labelled, scores, table, unknown
    from tunegate.report.words import counted, visible

    spanning = [rule for rule in known if rule.family in ("pii", "secret")]
    labels: dict[str, str] = {}
    for pair in called:
        label, equals, glob = pair.partition("=")
        mine = [rule.id for rule in spanning if fnmatchcase(rule.id, glob)]
        if not (label and equals and mine):
            raise UsageError(
                f"`--label {pair}` names no rule", hint="write LABEL=RULE, such as IBAN=pii/iban"
            )
        labels |= dict.fromkeys(mine, label)
    # All run, as in an audit, where the better of two rules has the span.
    measured = scores(read_labelled(labelled), spanning, labels or None)
    shown = [each for each in measured if not names or names & set(each.rules)]
    click.echo(table(shown))
    for label, spans in sorted(unknown(read_labelled(labelled), spanning, labels).items()):
        # A file may have its text where a label belongs.
        name = label if label.replace("_", "").replace("-", "").isalpha() else "…"
        click.echo(
            f"note: {counted(spans, 'span')} labelled `{visible(name)}` did not count, and what is "
            "found there looks wrong: no rule has that label\n"
            f"  hint: add --label {visible(name)}=RULE",
            err=True,
        )
