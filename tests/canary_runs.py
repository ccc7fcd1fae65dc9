"""Audit canaries with the command line, and read back every text that a run leaves."""

import json
import os
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from gzip import decompress
from html import unescape
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from made_canaries import Canary, filler

_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
_TICKETS = 4  # of so many conversations one is a ticket


@dataclass(frozen=True)
class Run:
    """A run folder and all that its commands said."""

    folder: Path
    said: tuple[str, ...]


def command(*words: object, **environment: str) -> str:
    """Return what a command says on both streams."""
    done = subprocess.run(
        [sys.executable, "-m", "tunegate", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    return done.stdout + done.stderr


def audited(folder: Path, made: Sequence[Canary], *words: object) -> Run:
    """Write canaries as chat records and as tickets, audit both, and look at the run."""
    inputs = folder / "in"
    inputs.mkdir()
    rng = Random("conversations")
    shuffled = rng.sample(made, len(made))
    pairs = [shuffled[n : n + 2] for n in range(0, len(shuffled), 2)]
    talks = [[(f"{canary.text}\n{filler(rng)}", filler(rng)) for canary in pair] for pair in pairs]
    tickets, chats = talks[::_TICKETS], [t for n, t in enumerate(talks) if n % _TICKETS]
    (inputs / "chats.jsonl").write_text("".join(_chat(talk) + "\n" for talk in chats))
    (inputs / "tickets.json").write_text(_export(tickets))
    runs, said = [], []
    for name in ("chats.jsonl", "tickets.json"):
        runs.append(folder / Path(name).stem)
        said.append(command("audit", inputs / name, "-o", runs[-1], *words))
        said += [command("report", runs[-1]), command("gate", runs[-1])]
        key = pl.read_parquet(runs[-1] / "decisions.parquet")["key"][0]
        said.append(command("explain", runs[-1], key))
        said.append(command("show", runs[-1], key, inputs / name))
    return Run(folder, tuple(said))


def _chat(talk: Sequence[tuple[str, str]]) -> str:
    turns = [("user", "assistant")[n % 2] for n in range(2 * len(talk))]
    texts = [text for pair in talk for text in pair]
    messages = [{"role": r, "content": t} for r, t in zip(turns, texts, strict=True)]
    return json.dumps({"messages": messages})


def _export(talks: Sequence[Sequence[tuple[str, str]]]) -> str:
    tickets = [
        {
            "id": number,
            "subject": "A question",
            "requester_id": 1000 + number,
            "comments": [
                {"id": place, "author_id": who, "body": body, "public": True}
                for place, (who, body) in enumerate(
                    (who, body)
                    for pair in talk
                    for who, body in zip((1000 + number, 900), pair, strict=True)
                )
            ],
        }
        for number, talk in enumerate(talks)
    ]
    users = [{"id": ticket["requester_id"], "role": "end-user"} for ticket in tickets]
    return json.dumps({"tickets": tickets, "users": [*users, {"id": 900, "role": "agent"}]})


def written_text(folder: Path) -> str:
    """Return all that the training files of the runs below a folder say."""
    lines = [
        line
        for path in sorted(folder.glob("*/*.jsonl"))
        if path.parent.name != "in"
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return "\n".join(text for line in lines for text in texts_of(json.loads(line)))


def artefacts(run: Run) -> Iterator[str]:
    """Yield every text of the run folders but the training files, and what the commands said."""
    yield from run.said
    for path in sorted(run.folder.rglob("*")):
        if not path.is_file() or path.parent.name == "in" or path.suffix == ".jsonl":
            continue
        if path.suffix == ".parquet":
            yield from parquet_texts(path)
        else:
            yield from decoded(path.read_text(encoding="utf-8"))
            if path.suffix == ".json":
                yield "\n".join(texts_of(json.loads(path.read_bytes())))


def parquet_texts(path: Path) -> Iterator[str]:
    """Yield the texts of a frame, and of the footer with its least and greatest values."""
    for column in pl.read_parquet(path).iter_columns():
        yield "\n".join(str(value) for value in column.unique().to_list())
    footer = pq.read_metadata(path)
    yield str(footer.metadata)
    for group in range(footer.num_row_groups):
        for column in range(footer.num_columns):
            yield str(footer.row_group(group).column(column).statistics)


def decoded(text: str) -> Iterator[str]:
    """Yield a page as it is, without its escapes, and what base64 in it holds."""
    yield text
    yield unescape(text)
    for found in set(_BASE64.findall(text)):
        try:
            held = b64decode(found + "=" * (-len(found) % 4))
        except ValueError:
            continue
        yield held.decode("latin-1")
        if held.startswith(b"\x1f\x8b"):
            yield decompress(held).decode("latin-1")


def texts_of(value: Any) -> Iterator[str]:
    """Yield the texts and keys of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for child in value.values():
            yield from texts_of(child)
    elif isinstance(value, list):
        for child in value:
            yield from texts_of(child)


def cores_of(made: Sequence[Canary]) -> dict[str, str]:
    """Return core → rule."""
    return {canary.core: canary.rule for canary in made if canary.core}
