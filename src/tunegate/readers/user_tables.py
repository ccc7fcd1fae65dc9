"""Read the tables of people of an export: on which side each is, and what they are called."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tunegate.model import UNREADABLE, ReadOptions, Source, Split, frame
from tunegate.readers.directory import Directory, Entries
from tunegate.readers.fields import identity
from tunegate.readers.json import record as records
from tunegate.readers.json.record import Unreadable
from tunegate.readers.mentions import details
from tunegate.readers.people import ASSISTANT, People
from tunegate.readers.streams import Stream, fragments, located

Persons = Callable[[str, Mapping[str, Any]], Iterable[tuple[str, str]]]


@dataclass(frozen=True)
class Known:
    """What is known of people. called: the first name of whoever the reader asks for, by id."""

    people: People
    called: Mapping[str, str] = field(default_factory=dict)
    directory: Directory = field(default_factory=Directory)
    faults: pl.DataFrame = field(default_factory=lambda: frame([], UNREADABLE))


def read_people(
    sources: Sequence[Source],
    splits: Sequence[Split],
    streams: Mapping[tuple[int, str], Stream],
    options: ReadOptions,
    *,
    persons: Persons,
    names: Persons,
) -> Known:
    """Return what the records of tables of people say, as the reader understands them.

    persons: yields (id, role) from a record. names: yields (id, name or address) from it.
    """
    declared = People.of(options.agents)
    faults: list[tuple[Any, ...]] = []
    called: dict[str, str] = {}
    entries = Entries()

    def sides() -> Iterator[tuple[str, str]]:
        for split in splits:
            stream = streams[split.file, split.table or ""]
            for found in fragments(sources[split.file], split, stream, options.batch_rows):
                for _, table, _, *place, raw, fault in located(found):
                    try:
                        if raw is None:
                            raise Unreadable(fault)
                        fields = records.parse(raw)
                        known = list(persons(table, fields))
                        yield from known
                        entries.add(_ids(known, fields), details(fields))
                        for identifier, name in names(table, fields):
                            called.setdefault(identifier, name)
                            if declared.role(name):
                                yield identifier, ASSISTANT
                    except Unreadable as refused:
                        faults.append((*place, None, f"user: {refused}", None))

    people = People.of(options.agents, sides())
    return Known(people, called, entries.directory(), frame(faults, UNREADABLE))


def _ids(known: Iterable[tuple[str, str]], fields: Mapping[str, Any]) -> set[str]:
    """Return the ids of a person: those that the reader knows, of pairs the first part."""
    told = {identifier.partition("\n")[0] for identifier, _ in known}
    own = (fields.get("sys_id"), *(() if told else (fields.get("id"), fields.get("Id"))))
    values = (one.get("value") if isinstance(one, dict) else one for one in own)
    return {one for one in (*told, *map(identity, values)) if one}
