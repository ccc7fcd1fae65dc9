"""Exports for the tests of the readers of tickets and tables, and how to read them."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from tunegate.model import FRAGMENTS, Plan, Reader, Reading, ReadOptions, empty
from tunegate.readers import choose, find
from tunegate.readers.desks.zendesk import READER
from tunegate.readers.table import READER as TABLES

CUSTOMER, AGENT, OTHER = 11, 22, 33
USERS = [{"id": CUSTOMER, "role": "end-user"}, {"id": AGENT, "role": "agent"}]


def comment(author: object, body: str, **fields: object) -> dict[str, Any]:
    return {"author_id": author, "public": True, "body": body, **fields}


def ticket(*comments: object, **fields: object) -> dict[str, Any]:
    return {"id": 7, "requester_id": CUSTOMER, "comments": list(comments), **fields}


def document(*tickets: object) -> bytes:
    return json.dumps({"tickets": list(tickets), "users": USERS, "count": 1}).encode()


def read(path: Path, **options: Any) -> tuple[Reading, Plan]:
    return _read(READER, path, **options)


def read_table(content: bytes, folder: Path, **options: Any) -> Reading:
    path = folder / "table.csv"
    path.write_bytes(content)
    return _read(TABLES, path, **options)[0]


def _read(reader: Reader, path: Path, **options: Any) -> tuple[Reading, Plan]:
    chosen = ReadOptions(**options)
    sources, _ = find([path], path.parent / "spool")
    assert choose(sources, chosen).reader is reader
    plan = reader.plan(sources, chosen)
    read = [frame for split in plan.splits for frame in reader.read(split, plan)]
    return reader.assemble(pl.concat([empty(FRAGMENTS), *read]), plan), plan


def said(reading: Reading) -> list[tuple[Any, ...]]:
    return reading.batch.turns.select("turn", "part", "role", "text").rows()


def books(reading: Reading) -> tuple[int, int, dict[str, int], int]:
    return reading.used, reading.merged, dict(reading.excluded), reading.unreadable.height
