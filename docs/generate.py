"""Write the documents that follow from the code, or with `--check` say which are stale."""

import os
import sys
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from accuracy_page import accuracy_page
from tunegate.accuracy import measured
from tunegate.cli import cli
from tunegate.pipeline.result import audit
from tunegate.readers.choosing import readers
from tunegate.report.screen import screen
from tunegate.report.summarise import summarise
from tunegate.rules import load_rules

ROOT = Path(__file__).parents[1]
SAMPLE = "sample_data/zendesk_tickets.json"
MANY, FIRST = 20, 12  # rules of a family that the README names all, and else the first
BEGIN, END = "<!-- generated: {} -->\n", "<!-- end -->"


def rules_page() -> str:
    """Return rules/README.md."""
    head = (
        "# The catalogue\n\n"
        "One YAML file a rule; this page is made from them by `make format`. "
        "How to write one: [docs/rules.md](../docs/rules.md).\n"
    )
    return head + "".join(rule_tables())


def rule_tables() -> Iterator[str]:
    """Yield a table for each family."""
    for family, group in groupby(load_rules(), key=lambda rule: rule.family):
        yield f"\n## {family}\n\n"
        yield "| rule | finds | severity | action | judges | check | cases |\n"
        yield "|---|---|---|---|---|---|---|\n"
        for rule in group:
            file = rule.file
            count = len(file.cases.flags) + len(file.cases.passes)
            name = rule.id.partition("/")[2]
            yield (
                f"| [{name}]({rule.id}.yaml) | {file.summary} | {file.severity} | {file.action} "
                f"| {file.on} | {file.check} | {count} |\n"
            )


def rule_summary() -> str:
    """Return the README's short table."""
    lines = ["| family | rules |\n", "|---|---|\n"]
    for family, group in groupby(load_rules(), key=lambda rule: rule.family):
        names = [rule.id.partition("/")[2] for rule in group]
        shown = ", ".join(names)
        if len(names) > MANY:
            more = len(names) - FIRST
            shown = (
                f"{len(names)}: {', '.join(names[:FIRST])} … "
                f"[and {more} more](rules/README.md#{family})"
            )
        lines.append(f"| {family} | {shown} |\n")
    return "".join(lines)


def commands_page() -> str:
    """Return docs/commands.md: the help of every command."""
    parts = ["# Commands\n\nThis page is made from the commands' own help by `make format`.\n"]
    for path, command in walk(("tunegate",), cli):
        context = click.Context(command, info_name=" ".join(path), max_content_width=88)
        text = command.get_help(context)
        parts.append(f"\n## {' '.join(path)}\n\n```\n{text}\n```\n")
    return "".join(parts)


def walk(
    path: tuple[str, ...], command: click.Command
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        for name, inner in sorted(command.commands.items()):
            yield from walk((*path, name), inner)


def systems() -> str:
    """Return the table of what can be read."""
    lines = ["| system | name | how to export | what is read | what is left out |\n"]
    lines.append("|---|---|---|---|---|\n")
    for reader in sorted(readers().values(), key=lambda one: one.about.title.casefold()):
        about = reader.about
        cells = (about.title, f"`{reader.name}`", about.export, about.reads, about.leaves)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n")
    return "".join(lines)


def system_names() -> str:
    """Return the titles of all readers in a sentence's length."""
    titles = sorted((reader.about.title for reader in readers().values()), key=str.casefold)
    return f"{', '.join(titles)}.\n"


def session() -> str:
    """Return what `make audit` prints, from a run made now."""
    with TemporaryDirectory() as folder:
        run = audit(ROOT / SAMPLE, out=Path(folder) / "sample")
        shown = screen(summarise(run.folder), width=80, colour=False, folder="runs/sample")
    return f"```\n$ tunegate audit {SAMPLE} -o runs/sample\n{shown.rstrip()}\n```\n"


PAGES: dict[str, Callable[[], str]] = {
    "rules/README.md": rules_page,
    "docs/commands.md": commands_page,
    "docs/accuracy.md": lambda: accuracy_page(measured()),
}
REGIONS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"session": session, "systems": system_names, "rules": rule_summary},
    "docs/exports.md": {"systems": systems},
}


def wanted() -> Iterator[tuple[Path, str]]:
    """Yield each generated document and what it should hold."""
    for name, make in PAGES.items():
        yield ROOT / name, make()
    for name, regions in REGIONS.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        for region, make in regions.items():
            begin = BEGIN.format(region)
            before, found, rest = text.partition(begin)
            if not found:
                sys.exit(f"error: {name}: no region `{region}`")
            text = before + begin + make() + END + rest.partition(END)[2]
        yield ROOT / name, text


def main() -> None:
    """Write or check."""
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    stale = []
    for path, text in wanted():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(str(path.relative_to(ROOT)))
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {stale[-1]}")
    if stale and "--check" in sys.argv:
        sys.exit(f"error: stale: {', '.join(stale)}\n  hint: make format")


if __name__ == "__main__":
    main()
