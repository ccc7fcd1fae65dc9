"""The commands about the project's key."""

import json
from pathlib import Path

import click

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def key() -> None:
    """Make, rotate and use the project's key."""


@key.command("new")
@click.argument("path", type=FILE)
def new(path: Path) -> None:
    """Write a new key to PATH, which must not exist, for its owner alone."""
    from tunegate.keys import new_key_file

    made = new_key_file(path)
    click.echo(f"wrote key {made.id} to {path}")
    click.echo("  keep it apart from the data, and a copy of it: what it made needs it again")


@key.command("rotate")
@click.argument("path", type=FILE)
def rotate(path: Path) -> None:
    """Put a new key before the others of PATH, and keep those for what they made."""
    from tunegate.keys import rotate as rotated

    click.echo(
        f"{rotated(path).id} is now the key of {path}; what the earlier ones made can still be read"
    )


@key.command("reveal")
@click.argument("mapped", metavar="MAP", type=FILE)
@click.option("--key", "path", metavar="PATH", required=True, type=FILE, help="The key file.")
@click.option("--conversation", metavar="KEY", help="Only this one, by its key in decisions.")
def reveal(mapped: Path, path: Path, conversation: str | None) -> None:
    """Print what stood where in the written files, one JSON object a line.

    This is personal data again, in the clear: it goes to standard output and nowhere else.
    """
    from tunegate.keys import load_keys
    from tunegate.sealed import read_map

    for entry in read_map(mapped, load_keys(path)):
        if conversation in (None, entry["conversation"]):
            click.echo(json.dumps(entry))
