"""The commands about rules."""

from pathlib import Path

import click

from tunegate.cli.commands import RULES


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
@click.pass_obj
def test(folders: tuple[Path, ...], names: tuple[str, ...]) -> int:
    """Run the cases of the rules called NAMES, or of all."""
    from tunegate.cases import trials, wrong_cases
    from tunegate.errors import Exit, UsageError
    from tunegate.rules import load_rules, nearest

    known = {rule.id: rule for rule in load_rules(*folders)}
    for name in names:
        if name not in known:
            raise UsageError(f"no rule named `{name}`", hint=nearest(name, known))
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
