"""What happened to one conversation, by which rule, and where."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from tunegate.errors import RunError

SHOWN = 20  # lines of one kind; the rest is counted


def explain(run: Path, conversation: str) -> str:
    """Return the story of a conversation, named by its id, its key, or `row:N`.

    Raises:
        RunError: the run has no such conversation.
    """
    return "\n\n".join("\n".join(_story(run, head)) for head in named(run, conversation))


def named(run: Path, conversation: str) -> Iterator[dict[str, Any]]:
    """Yield the decisions on the conversations of an id, a key, or `row:N`.

    Raises:
        RunError: the run has no such conversation.
    """
    decisions = pl.read_parquet(run / "decisions.parquet")
    if conversation.startswith("row:") and conversation[4:].isdigit():
        chosen = decisions.filter(pl.col("row") == int(conversation[4:]))
    else:
        same = (pl.col("id") == conversation) | (pl.col("key") == conversation)
        chosen = decisions.filter(same.fill_null(False))
    if chosen.is_empty():
        lost = pl.scan_parquet(run / "unreadable.parquet").select(pl.len()).collect().item()
        raise RunError(
            "no conversation of that name was read",
            where=str(run),
            hint="an id that may name a person is not stored: use the key or `row:N` of "
            f"decisions.parquet; {lost:,} records were unreadable, see unreadable.parquet",
        )
    yield from chosen.iter_rows(named=True)


def _story(run: Path, head: dict[str, Any]) -> Iterator[str]:
    row = head["row"]
    place = f"line {head['line']:,}" if head["line"] else f"byte {row % 2**40:,}"
    name = head["id"] or "without a shown id"
    yield f"conversation {name} (row:{row}), input {head['file']}, {place}"
    yield f"  {_outcome(head)}"
    yield f"  {head['turns']} turns, {head['tokens']:,} tokens as cleaned"
    yield from _listed("findings:", _findings(run, row))
    yield from _listed("replaced:", _redactions(run, row))
    yield from _listed("on the way in:", _segments(run, row))
    yield from _listed("duplicates:", _pairs(run, row))


def _outcome(head: dict[str, Any]) -> str:
    because = f", because of {', '.join(head['because'])}" if head["because"] else ""
    if head["disposition"] == "drop":
        return f"dropped{because}"
    if head["disposition"] == "review":
        return f"held for review, in no file{because}"
    done = {"fix": "repaired", "redact": "redacted", "trim": "trimmed"}
    edits = " and ".join(done[edit] for edit in head["edits"])
    return f"kept{f' and {edits}' if edits else ''}, in {head['split']}.jsonl{because}"


def _listed(title: str, lines: Iterator[str]) -> Iterator[str]:
    held = list(lines)
    if held:
        yield f"  {title}"
        yield from (f"    {line}" for line in held[:SHOWN])
    if len(held) > SHOWN:
        yield f"    and {len(held) - SHOWN:,} more"


def _of(run: Path, name: str, row: int) -> pl.DataFrame:
    return pl.scan_parquet(run / f"{name}.parquet").filter(pl.col("row") == row).collect()


def _where(line: dict[str, Any]) -> str:
    parts = [] if line["turn"] is None else [f"turn {line['turn']}"]
    if line["part"] is not None:
        parts.append(line["part"])
    if line["start"] is not None:
        parts.append(f"{line['start']}..{line['end']}")
    return " ".join(parts) or "the whole conversation"


def _findings(run: Path, row: int) -> Iterator[str]:
    for line in _of(run, "findings", row).iter_rows(named=True):
        kind = f" ({line['kind']})" if line["kind"] else ""
        related = f" of row:{line['related']}" if line["related"] is not None else ""
        value = f", {line['value']:g}" if line["value"] is not None else ""
        why = f", accounted for ({line['explained']})" if line.get("explained") else ""
        yield f"{line['rule']}{kind}{related}: {_where(line)}{value}, {line['on']} text{why}"


def _redactions(run: Path, row: int) -> Iterator[str]:
    for line in _of(run, "redactions", row).iter_rows(named=True):
        style = (
            "" if line.get("style") in (None, "placeholder") else f", written as {line['style']}"
        )
        yield f"{line['rule']}: {_where(line)} → {line['placeholder']}{style}"


def _segments(run: Path, row: int) -> Iterator[str]:
    for line in _of(run, "segments", row).iter_rows(named=True):
        source = line["pointer"] or f"byte {line['offset']:,}"
        note = f" ({line['note']})" if line["note"] else ""
        if line["removed"] is None:
            yield f"{source} became {_where(line)}{note}"
        elif line["start"] is not None:
            yield f"{source}, {line['start']}..{line['end']} cut off: {line['removed']}"
        else:
            yield f"{source} left out: {line['removed']}{note}"


def _pairs(run: Path, row: int) -> Iterator[str]:
    pairs = pl.scan_parquet(run / "pairs.parquet")
    mine = pairs.filter((pl.col("row") == row) | (pl.col("related") == row)).collect()
    for line in mine.sort(
        "similarity", "row", "related", descending=[True, False, False]
    ).iter_rows(named=True):
        other = line["related"] if line["row"] == row else line["row"]
        yield f"row:{other}, similarity {line['similarity']:.2f} ({line['stage']})"
