"""Say what an export is, how it would be read, and write that down as a policy."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import polars as pl

from tunegate.errors import InputError
from tunegate.model import Plan, Reading, ReadOptions, Source, Split
from tunegate.pipeline.guess import Guess, columns, staff
from tunegate.pipeline.show import mask
from tunegate.policy import DEFAULT
from tunegate.readers import streams
from tunegate.readers.choosing import Choice, choose
from tunegate.readers.inputs.named import find
from tunegate.readers.inputs.sources import head
from tunegate.readers.json.glimpse import glimpse
from tunegate.readers.layout import layout_of, roles_of
from tunegate.readers.table import decoded
from tunegate.readers.visibility import MEANS, fold
from tunegate.rules import bundled

ROWS = 2_000  # records that are looked at
SHOWN = 3  # conversations
_WORDS, _WORD = 10, 30  # words of a role column that are shown, and characters of one
_TEXT = 160  # characters shown of a message
_NOBODY = "\0"  # stands for staff until it is known; no author is called so
_TABLE = "message-table"


@dataclass
class Sniffed:
    """What was found out.

    title, sure: what it is. guesses: how its fields are understood, and why. authors: who writes,
    where staff is unknown. unmapped: words of the role column that are no role. visibility: columns
    that leave rows out, and what they say; unused: those that are read for nothing. problem: what
    stands in the way of an audit; examples: conversations, masked.
    """

    title: str
    sure: str
    reader: str
    names: list[str]
    options: ReadOptions
    guesses: list[Guess] = field(default_factory=list)
    authors: list[tuple[str, int]] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    visibility: list[tuple[str, str]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    problem: InputError | None = None
    examples: list[list[tuple[str, str]]] = field(default_factory=list)
    reading: tuple[int, int, dict[str, int], dict[str, int]] | None = None


def sniff(inputs: Sequence[str | Path], options: ReadOptions) -> Sniffed:
    """Look at inputs and return what they are.

    Raises:
        InputError: there is no such input, or nobody knows its shape.
    """
    with TemporaryDirectory(prefix="tunegate-") as folder:
        sources, _ = find(inputs, Path(folder) / "spool")
        choice = choose(sources, options)
        about = choice.reader.about
        names = [source.name for source in choice.sources]
        found = Sniffed(about.title, _sure(choice), choice.reader.name, names, options)
        if found.reader == _TABLE:
            _guess_columns(found, decoded(choice.sources[0]))
        if getattr(choice.reader, "staff", "known") == "declared" and not options.agents:
            _guess_staff(found, choice)
        try:
            reading = _read(choice, found.options)
        except InputError as error:
            found.problem = error
            return found
        found.examples = list(_examples(reading))
        reasons = reading.unreadable["reason"].str.split(" (").list.first().value_counts()
        found.reading = (
            reading.used,
            reading.merged,
            dict(reading.excluded),
            dict(sorted(reasons.iter_rows())),
        )
        return found


def policy_text(found: Sniffed) -> str:
    """Return a policy file: the default one, and how this export is read, with the reasons."""
    source: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    for guess in found.guesses:
        if guess.ours == "agents":
            source.setdefault("agents", []).append(guess.theirs)
        else:
            source.setdefault("columns", {})[guess.ours] = guess.theirs
        reasons[f"{guess.ours}/{guess.theirs}"] = guess.why
    text = (bundled("rules") / "policies" / f"{DEFAULT}.yaml").read_text(encoding="utf-8")
    summary = _quoted(
        f"For {found.title}, made by `tunegate init`; every guess is yours to change."
    )
    out = [f"summary: {summary}", *text.split("\n")[1:-1]]
    if source:
        out.append("source:")
    if agents := source.get("agents"):
        out.append("  agents:")
        out += [f"    - {_quoted(who)}  # {reasons[f'agents/{who}']}" for who in agents]
    if mapped := source.get("columns"):
        out.append("  columns:")
        for ours, theirs in mapped.items():
            out.append(f"    {ours}: {_quoted(theirs)}  # {reasons[f'{ours}/{theirs}']}")
    return "\n".join(out) + "\n"


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()  # a JSON string is one of YAML's


def _sure(choice: Choice) -> str:
    if choice.marks <= 1:
        return "a guess: any table looks like this"
    if choice.marks - choice.rival >= 2:
        return f"certain: {choice.marks} marks of it, {choice.rival} of the next"
    return f"likely: {choice.marks} marks of it, {choice.rival} of the next"


def _guess_columns(found: Sniffed, source: Source) -> None:
    """Guess what the columns of a table are, where their names do not say it."""
    seen = glimpse(head(source))
    table = streams.Table("rows", "")
    stream = streams.Stream(0, table, seen.kind, (), seen.delimiter, seen.columns)
    rows = list(_rows(source, streams.cut(source, 0, [stream]).cut.splits, stream))
    names = seen.columns or tuple(sorted(seen.records.names))
    declared = set(found.options.columns)
    held = {name: [_cell(row.get(name)) for row in rows] for name in names if name}
    try:
        layout = layout_of(names, found.options, source.name)
    except InputError:
        found.guesses += [guess for guess in columns(held) if guess.ours not in declared]
        mapped = {guess.ours: guess.theirs for guess in found.guesses}
        found.options = replace(found.options, columns={**mapped, **found.options.columns})
        try:
            layout = layout_of(names, found.options, source.name)
        except InputError:
            return  # the same error is told again, as the problem
    found.visibility = [(name, MEANS[kind]) for name, kind in layout.visibility]
    found.unused = layout.unused(names)
    words = Counter(held.get(layout.columns.get("role", ""), ()))
    known = roles_of(found.options)
    odd = [word for word, _ in words.most_common() if word.strip() and fold(word) not in known]
    found.unmapped = [word for word in odd if len(word) <= _WORD][:_WORDS]


def _cell(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _rows(
    source: Source, splits: Sequence[Split], stream: streams.Stream
) -> Iterator[dict[str, Any]]:
    count = 0
    for split in splits:
        for frame in streams.fragments(source, split, stream, 500):
            for raw in frame["record"].drop_nulls():
                try:
                    value = orjson.loads(raw)
                except orjson.JSONDecodeError:
                    continue
                if isinstance(value, dict):
                    yield value
            count += frame.height
            if count >= ROWS:
                return


def _guess_staff(found: Sniffed, choice: Choice) -> None:
    nobody = replace(found.options, agents=(_NOBODY,), apart=True)
    try:
        reading = _read(choice, nobody)
    except InputError:
        return  # the same error is told again, as the problem
    guesses, found.authors = staff(reading.batch.turns.select("row", "author"))
    found.guesses += guesses
    agents = tuple(guess.theirs for guess in guesses)
    found.options = replace(found.options, agents=(*found.options.agents, *agents))


def _read(choice: Choice, options: ReadOptions) -> Reading:
    """Return what the first records become."""
    plan: Plan = choice.reader.plan(choice.sources, options)
    frames = []
    count = 0
    for split in plan.splits:
        for frame in choice.reader.read(split, plan):
            frames.append(frame)
            count += frame.height
            if count >= ROWS and not plan.scattered:
                break
        if sum(frame.height for frame in frames) >= 10 * ROWS:
            break
    if not frames:
        raise InputError("holds no record", where=choice.sources[0].name)
    return choice.reader.assemble(pl.concat(frames), plan)


def _examples(reading: Reading) -> Iterator[list[tuple[str, str]]]:
    turns = reading.batch.turns.filter(pl.col("turn").is_not_null())
    for row in turns["row"].unique(maintain_order=True)[:SHOWN]:
        said = turns.filter(pl.col("row") == row).select("role", "text").iter_rows()
        yield [(role or "unknown", _short(text)) for role, text in said]


def _short(text: str) -> str:
    one = " ".join(mask(text).split())
    return one if len(one) <= _TEXT else f"{one[:_TEXT]}…"
