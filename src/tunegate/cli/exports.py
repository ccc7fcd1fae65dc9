"""The commands that look at exports: what can be read, what a file is, and how it stands there."""

from pathlib import Path

import click

from tunegate.cli.commands import FOLDER, RULES, assignments


@click.command()
@click.argument("name", required=False)
def readers(name: str | None) -> None:
    """List every system whose exports can be read, or show one by NAME."""
    from tunegate.errors import UsageError
    from tunegate.readers.choosing import readers as installed
    from tunegate.rules import nearest

    known = installed()
    if name is None:
        for reader in known.values():
            click.echo(f"{reader.name:20} {reader.about.title}")
        return
    if name not in known:
        raise UsageError(f"no reader named `{name}`", hint=nearest(name, known))
    about = known[name].about
    click.echo(f"{name} — {about.title}\n")
    for title, text in (
        ("export", about.export),
        ("read", about.reads),
        ("left out", about.leaves),
    ):
        click.echo(f"{title:9} {text}")


@click.command()
@click.argument("inputs", nargs=-1, required=True)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("tunegate.yaml"),
    show_default=True,
    help="Policy file to write.",
)
@click.option("--force", is_flag=True, help="Replace the policy file if there is one.")
@click.option(
    "--column", "columns", metavar="OURS=THEIRS", multiple=True, help="Map a table's column."
)
@click.option(
    "--agent", "agents", metavar="WHO", multiple=True, help="Staff: an id, name, address or domain."
)
@click.option(
    "--day-first/--month-first", default=None, help="What 03/04/2025 means, if nothing says."
)
def init(
    inputs: tuple[str, ...],
    out: Path,
    force: bool,
    columns: tuple[str, ...],
    agents: tuple[str, ...],
    day_first: bool | None,
) -> None:
    """Say what INPUTS are, show three conversations masked, and write a policy for them."""
    from tunegate.cli.sniffed import told
    from tunegate.errors import UsageError
    from tunegate.model import ReadOptions
    from tunegate.pipeline.sniff import policy_text, sniff

    if out.exists() and not force:
        raise UsageError("is there already", where=str(out), hint="replace it with `--force`")
    mapped = assignments(columns, "--column")
    options = ReadOptions(columns=mapped, agents=agents, day_first=day_first)
    found = sniff(inputs, options)
    for line in told(found):
        click.echo(line)
    if found.problem is not None:
        raise found.problem
    out.write_text(policy_text(found), encoding="utf-8")
    named = " ".join(inputs)
    click.echo(f"\nWritten {out}\nnext: tunegate audit {named} -c {out} -o runs/first")


@click.command()
@click.argument("run", type=FOLDER)
@click.argument("conversation")
@click.argument("inputs", nargs=-1, required=True)
@click.option("-c", "--policy", metavar="POLICY", help="The policy of the run, if it had one.")
@RULES
@click.option(
    "--column", "columns", metavar="OURS=THEIRS", multiple=True, help="As given to the audit."
)
@click.option("--role", "roles", metavar="THEIRS=OURS", multiple=True, help="The same.")
@click.option("--agent", "agents", metavar="WHO", multiple=True, help="The same.")
@click.option("--day-first/--month-first", default=None, help="The same.")
@click.option("--reveal", is_flag=True, help="Show the text itself; it is masked otherwise.")
def show(
    run: Path,
    conversation: str,
    inputs: tuple[str, ...],
    policy: str | None,
    folders: tuple[Path, ...],
    columns: tuple[str, ...],
    roles: tuple[str, ...],
    agents: tuple[str, ...],
    day_first: bool | None,
    reveal: bool,
) -> None:
    """Show one CONVERSATION of RUN as its source INPUTS have it, before anything was cut."""
    from tunegate.pipeline.result import options_of
    from tunegate.pipeline.show import show as shown
    from tunegate.policy import load_policy
    from tunegate.rules import load_rules

    options = options_of(
        load_policy(policy, load_rules(*folders)),
        columns=assignments(columns, "--column"),
        roles=assignments(roles, "--role"),
        agents=agents,
        day_first=day_first,
    )
    click.echo(shown(run, conversation, inputs, options, reveal=reveal))
