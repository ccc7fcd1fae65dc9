"""Choose the reader that knows the shape of the inputs."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tunegate.errors import InputError
from tunegate.model import Reader, ReadOptions, Source
from tunegate.readers.inputs.sources import NOTHING, head
from tunegate.readers.looks import looks_like
from tunegate.rules import plugins

_WHEN_EMPTY = "openai-chat"
_TABLE = "message-table"

Marks = Mapping[str, int]  # reader → how many marks of its shape an input shows


class Choice(NamedTuple):
    """Who reads what.

    unused: names of inputs of a folder or an archive that hold other things. unknown: those of no
    known shape; they are lost, and the run says so. marks: of the reader; rival: of the next one.
    """

    reader: Reader
    sources: tuple[Source, ...]
    unused: tuple[str, ...] = ()
    unknown: tuple[Source, ...] = ()
    marks: int = 0
    rival: int = 0


def readers() -> dict[str, Reader]:
    """Return every reader that is installed, by name."""
    return {name: point.load() for name, point in sorted(plugins("tunegate.readers").items())}


def choose(sources: Sequence[Source], options: ReadOptions) -> Choice:
    """Return the one reader that knows the inputs best, and the inputs that are its own.

    Raises:
        InputError: no reader knows an input that was named, or two inputs have different shapes.
    """
    known = readers()
    shown = {source: _marks(source, known) for source in sources}
    told = {source: marks for source, marks in shown.items() if marks is not None}
    if not told:
        return Choice(known[_WHEN_EMPTY], tuple(sources))
    name, best, rival = _winner(told, options)
    own = []
    unused = []
    unknown = []
    for source in sources:
        marks = shown[source]
        if marks is None or marks.get(name):
            own.append(source)
        elif not source.listed or max(marks.values(), default=0) > 1:
            _refuse(source, marks, name, told)
        elif marks:
            unused.append(source.name)
        else:
            unknown.append(source)
    return Choice(known[name], tuple(own), tuple(unused), tuple(unknown), best, rival)


def _marks(source: Source, known: Mapping[str, Reader]) -> dict[str, int] | None:
    """Return the readers that know an input; None: it is empty, and so has any shape."""
    start = head(source)
    if start.strip() in NOTHING:
        return None
    counted = ((name, int(one.recognises(start, source.name))) for name, one in known.items())
    return {name: marks for name, marks in counted if marks}


def _winner(told: Mapping[Source, Marks], options: ReadOptions) -> tuple[str, int, int]:
    """Return the reader with the most marks in one input, its marks, and those of the next."""
    best: dict[str, tuple[int, int]] = {}
    for marks in told.values():
        for name, count in marks.items():
            most, files = best.get(name, (0, 0))
            best[name] = max(most, count), files + 1
    if not best:
        source = next(iter(told))
        _refuse(source, {}, "", told)
    if options.columns and _TABLE in best:
        return _TABLE, best[_TABLE][0], 0  # what columns mean was declared, so it is a table
    ranked = sorted(best, key=lambda name: (best[name], name == _TABLE), reverse=True)
    first, *others = ranked
    tied = [name for name in others if best[name] == best[first] and best[first][0] > 1]
    if tied:
        source = next(source for source, marks in told.items() if marks.get(first))
        raise InputError(
            f"is recognised by the readers {' and '.join(sorted([first, *tied]))}",
            where=source.name,
            hint="uninstall the package of one of them, or pass a larger part of the export",
        )
    return first, best[first][0], best[others[0]][0] if others else 0


def _refuse(source: Source, marks: Marks, winner: str, told: Mapping[Source, Marks]) -> None:
    if not marks:
        what, hint = looks_like(head(source), source.name)
        raise InputError(
            f"no reader knows its shape; it looks like {what}", where=source.name, hint=hint
        )
    other = max(marks, key=lambda name: marks[name])
    first = next(one for one, shown in told.items() if shown.get(winner))
    raise InputError(
        f"is of the shape {other}, but {first.name} is of the shape {winner}",
        where=source.name,
        hint="audit them in runs of their own",
    )
