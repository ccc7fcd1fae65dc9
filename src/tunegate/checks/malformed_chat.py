"""Flag, and where nothing is lost by it repair, what the chat format does not allow."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import orjson
import polars as pl

from tunegate.branches import message_at
from tunegate.checks.chat_faults import ROLES, Fault, FaultName, record_faults
from tunegate.checks.shapes import pointer
from tunegate.model import CONTENT, Batch, findings

_FOUND = {
    "fault": pl.String(),
    "row": pl.Int64(),
    "branch": pl.String(),
    "turn": pl.Int32(),
    "part": pl.String(),
    "role": pl.String(),
    "kind": pl.String(),
}
_PLACE = {"row": pl.Int64(), "branch": pl.String(), "turn": pl.Int32()}
_REMOVED = {**_PLACE, "gone": pl.String()}

# A plain chat has no keys but role and content; with these roles that is a fault.
_ODD_ROLES = ("developer", "tool", "function")

# Texts that are judged, not only counted as being there.
_JUDGED = r"/arguments$|/image_url/url$"


class Named(Protocol):
    """What `fuse` needs to know of a rule."""

    @property
    def id(self) -> str:
        """The rule's family and name."""
        ...


@dataclass(frozen=True)
class MalformedChat:
    """Flag one kind of fault in chat records: `fault` names it."""

    fault: FaultName

    @property
    def fixable(self) -> bool:
        """True for the faults that can be repaired without guessing."""
        return self.fault in ("developer-role", "unknown-key", "null-key")

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding per broken place."""
        return findings(_faults(batch).filter(pl.col("fault") == self.fault))

    @staticmethod
    def fuse(rules: Sequence[tuple[Named, "MalformedChat"]]) -> "AllFaults":
        """Return one check that reads every record once for all `rules`."""
        return AllFaults(tuple((rule.id, check.fault) for rule, check in rules))

    def fix(self, batch: Batch, found: pl.DataFrame) -> Batch:
        """Remove unknown keys and nulls, or make a developer's message a system message.

        Only the places in `found` are touched. The other faults cannot be repaired without
        guessing, and are left as they are.
        """
        if self.fault == "developer-role":
            return _with_system(batch, found)
        if self.fault in ("unknown-key", "null-key"):
            return _without_keys(batch, found, self.fault)
        return batch


@dataclass(frozen=True)
class AllFaults:
    """Several rules on malformed chats as one scan.

    rules: pairs of a rule's id and the fault that it names.
    """

    rules: tuple[tuple[str, str], ...]

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding per broken place and rule."""
        ids = pl.DataFrame(self.rules, schema=["rule", "fault"], orient="row")
        return findings(_faults(batch).join(ids, on="fault", maintain_order="left"))


def _faults(batch: Batch) -> pl.DataFrame:
    rows = [
        (fault.name, row, fault.branch, fault.turn, fault.part, fault.role, fault.kind)
        for row, faults in _walk(batch)
        for fault in faults
    ]
    # Keys whose names are not shown fall together in the place that holds them.
    return pl.DataFrame(rows, schema=_FOUND, orient="row").unique(maintain_order=True)


def _walk(batch: Batch) -> Iterator[tuple[int, Iterable[Fault]]]:
    """Yield each row that may be faulty, with its faults; plain chats are passed over as one."""
    shaped = batch.conversations.filter(pl.col("skeleton").is_not_null())
    leaves: dict[int, dict[tuple[str | None, int, str], str]] = defaultdict(dict)
    judged = (
        batch.turns.join(shaped, on="row", how="semi")
        .filter(pl.col("turn").is_not_null(), pl.col("part").str.contains(_JUDGED))
        .select("row", "branch", "turn", "part", "text")
    )
    for row, branch, turn, part, text in judged.iter_rows():
        leaves[row][branch, turn, part] = text
    for row, skeleton in shaped.select("row", "skeleton").iter_rows():
        yield row, record_faults(orjson.loads(skeleton), leaves.get(row, {}))
    for row, roles in _odd_chats(batch).iter_rows():
        messages = [{"role": role or "", "content": ""} for role in roles]
        yield row, record_faults({"messages": messages}, {})


def _odd_chats(batch: Batch) -> pl.DataFrame:
    """Return the roles of the plain chats that have one which needs more than a content."""
    messages = batch.turns.filter(pl.col("turn").is_not_null(), pl.col("part") == CONTENT)
    odd = messages.filter(pl.col("role").is_in(_ODD_ROLES) | pl.col("role").is_null())
    plain = batch.conversations.filter(pl.col("skeleton").is_null())
    return (
        messages.join(odd, on="row", how="semi")
        .join(plain, on="row", how="semi")
        .sort("row", "turn")
        .group_by("row", maintain_order=True)
        .agg("role")
    )


def _with_system(batch: Batch, found: pl.DataFrame) -> Batch:
    places: dict[int, list[tuple[str | None, int]]] = defaultdict(list)
    for row, *place in found.select(list(_PLACE)).unique().iter_rows():
        places[row].append((place[0], place[1]))

    def speak(row: int, record: dict[str, Any]) -> None:
        for branch, turn in places[row]:
            message_at(record, branch, turn)["role"] = "system"

    conversations, left = _edited(batch, found, speak)
    mapped = found.filter(~pl.col("row").is_in(left)).select(*_PLACE, mapped=pl.lit("system"))
    turns = batch.turns.join(
        mapped.unique(), on=list(_PLACE), how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(role=pl.coalesce("mapped", "role"))
    return replace(batch, conversations=conversations, turns=turns.drop("mapped"))


def _without_keys(batch: Batch, found: pl.DataFrame, fault: str) -> Batch:
    wanted = set(found.select(*_PLACE, "part", "kind").iter_rows())
    removed: list[tuple[int, str | None, int | None, str]] = []

    def strip(row: int, record: dict[str, Any]) -> None:
        # Walked again because a finding does not hold a key's name where that may be private.
        for spot in list(record_faults(record, {})):
            place = (row, spot.branch, spot.turn)
            if spot.name == fault and (*place, spot.part, spot.kind) in wanted:
                turn = spot.turn
                thing = record if turn is None else message_at(record, spot.branch, turn)
                _remove(thing, spot.path)
                removed.append((*place, pointer(spot.path)))

    conversations, left = _edited(batch, found, strip)
    turns = _without_parts(batch.turns, [place for place in removed if place[0] not in left])
    return replace(batch, conversations=conversations, turns=turns)


def _remove(thing: Any, path: tuple[str | int, ...]) -> None:  # noqa: ANN401 - JSON of any shape
    for step in path[:-1]:
        thing = thing[step]
    del thing[path[-1]]


def _without_parts(
    turns: pl.DataFrame, removed: list[tuple[int, str | None, int | None, str]]
) -> pl.DataFrame:
    """Return the turns without the texts that stand at or below the removed places."""
    place = list(_PLACE)
    gone = turns.join(
        pl.DataFrame(removed, schema=_REMOVED, orient="row"), on=place, nulls_equal=True
    ).filter(
        (pl.col("part") == pl.col("gone")) | pl.col("part").str.starts_with(pl.col("gone") + "/")
    )
    return turns.join(
        gone, on=[*place, "part"], how="anti", nulls_equal=True, maintain_order="left"
    )


def _edited(
    batch: Batch, found: pl.DataFrame, edit: Callable[[int, dict[str, Any]], None]
) -> tuple[pl.DataFrame, list[int]]:
    """Return the conversations with edited skeletons, and the rows that had to be left.

    A record that has become a plain chat has no skeleton any more. One nested so deep that it
    cannot be written again stays as it is, and so does what was found in it.
    """
    shaped = batch.conversations.filter(pl.col("skeleton").is_not_null())
    changed: list[tuple[int, str | None]] = []
    left: list[int] = []
    for row, skeleton in (
        shaped.join(found, on="row", how="semi").select("row", "skeleton").iter_rows()
    ):
        try:
            # Not orjson, which would make an integer above 64 bits a float.
            record = json.loads(skeleton)
            edit(row, record)
            changed.append((row, None if _is_plain(record) else _dump(record)))
        except RecursionError:
            left.append(row)
    skeletons = pl.DataFrame(
        changed, schema={"row": pl.Int64(), "skeleton": pl.String()}, orient="row"
    )
    return batch.conversations.update(skeletons, on="row", include_nulls=True), left


def _dump(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _is_plain(record: dict[str, Any]) -> bool:
    return record.keys() == {"messages"} and all(
        isinstance(message, dict)
        and message.keys() == {"role", "content"}
        and message["role"] in ROLES
        and isinstance(message["content"], str)
        for message in record["messages"]
    )
