"""Turn spans into placeholders and remove turns, keeping account of both."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from tunegate.branches import lists
from tunegate.model import Batch, Schema, empty, frame
from tunegate.placeholders import Placeholders, label_of
from tunegate.rules import Rule
from tunegate.spans import Edited, Span, Spot, fitted, merged, without_overlaps

REDACTIONS: Schema = {
    "rule": pl.String(),
    "version": pl.Int32(),  # of the rule
    "row": pl.Int64(),
    "branch": pl.String(),
    "turn": pl.Int32(),  # as in the source, before any trimming
    "part": pl.String(),
    "start": pl.Int64(),  # half-open code points in the source
    "end": pl.Int64(),
    "new_turn": pl.Int32(),  # as written; null: trimmed away, or it belongs to the record
    "new_start": pl.Int64(),  # and in the text as written
    "new_end": pl.Int64(),
    "style": pl.String(),  # what stands there now
    "placeholder": pl.String(),  # what links equal values, whatever stands there
    "fingerprint": pl.String(),  # key:HMAC of the value; null: there is no key
    "round": pl.Int32(),  # from 1; what an earlier one brought together, a later one finds
}

PLACE = ["row", "branch", "turn", "part"]
Where = tuple[object, ...]  # row, branch, turn, part


@dataclass
class Redaction:
    """What is replaced in the texts of a batch, round by round."""

    batch: Batch
    rules: Sequence[Rule]
    texts: dict[Where, Edited] = field(default_factory=dict)
    _names: Placeholders = field(default_factory=Placeholders)

    def add(self, found: pl.DataFrame, round_number: int = 1) -> list[int]:
        """Replace what is found in the text as it stands now; return the rows that changed.

        Where spans overlap the rule of higher priority wins, then the longer span. In the
        arguments of a tool call a span grows to the next place where the JSON can be cut.
        """
        spans = found.drop_nulls(["start", "row"]).filter(
            pl.col("rule").is_in([rule.id for rule in self.rules]), pl.col("start") < pl.col("end")
        )
        if spans.is_empty():
            return []
        self._names.read(self.batch, spans["row"].unique())
        self._hold(spans)
        chosen: dict[Where, list[Span]] = {}
        columns = [*PLACE, "start", "end", "rule", "kind", "entity"]
        for line in spans.select(columns).iter_rows():
            chosen.setdefault(line[:4], []).append(Span(*line[4:]))
        priority = {rule.id: rule.file.priority for rule in self.rules}
        won: dict[Where, tuple[list[Span], frozenset[int]]] = {}
        # Python objects, not columns: numbering depends on what came before in the conversation,
        # and only texts that hold a span are touched. The order of `texts` is that of the turns.
        for place, edited in self.texts.items():
            if place in chosen:
                here, bare = edited.in_source(chosen[place]), frozenset[int]()
                if edited.is_json:
                    here, bare = fitted(edited.source, here)
                if here:
                    won[place] = without_overlaps(here, priority), bare
        return self._replaced(won, round_number)

    def placed(self) -> Batch:
        """Return the batch with a numbered placeholder for each span."""
        texts = {
            place: edited.written([spot.placeholder for spot in edited.spots])[0]
            for place, edited in self.texts.items()
        }
        return self.batch.with_turns(with_texts(self.batch.turns, texts))

    def _hold(self, spans: pl.DataFrame) -> None:
        """Take up the texts in which these spans stand, in the order of the turns."""
        touched = self.batch.turns.join(
            spans.select(PLACE).unique(), on=PLACE, nulls_equal=True, maintain_order="left"
        )
        for *place, text in touched.select(*PLACE, "text").iter_rows():
            where = tuple(place)
            if where not in self.texts:
                self.texts[where] = Edited(text, str(where[3]).endswith("/arguments"))

    def _replaced(
        self, won: dict[Where, tuple[list[Span], frozenset[int]]], round_number: int
    ) -> list[int]:
        placeholder = {rule.id: rule.placeholder for rule in self.rules}
        values = [
            (
                place[0],
                label_of(placeholder[span.rule], span.kind),
                span,
                self.texts[place].source[span.start : span.end],
            )
            for place, (spans, _) in won.items()
            for span in spans
        ]
        names = iter(zip(values, self._names.name(values), strict=True))
        for place, (spans, bare) in won.items():
            new = [
                Spot(s.start, s.end, s.rule, label, name, who, s.start in bare, round_number)
                for s, ((_, label, _, _), (name, who)) in zip(spans, names, strict=False)
            ]
            edited = self.texts[place]
            edited.spots = merged(edited.spots, new)
        return sorted({int(str(place[0])) for place in won})


def redact(batch: Batch, found: pl.DataFrame, rules: Sequence[Rule]) -> tuple[Batch, pl.DataFrame]:
    """Replace every span by a typed, numbered placeholder; return the batch and `REDACTIONS`.

    Equal values of a conversation get equal placeholders, whatever their case and spacing.
    Numbers start above any that the conversation's own text already has.
    """
    redaction = Redaction(batch, rules)
    redaction.add(found)
    return redaction.placed(), ledger(redaction)


def ledger(redaction: Redaction) -> pl.DataFrame:
    """Return what stands where, with placeholders for all."""
    version = {rule.id: rule.file.version for rule in redaction.rules}
    lines = [
        (
            *(spot.rule, version[spot.rule], *place, spot.start, spot.end, place[2]),
            *(at.start, at.end, "placeholder", spot.placeholder, None, spot.round),
        )
        for place, edited in redaction.texts.items()
        for spot, at in zip(
            edited.spots, edited.written([s.placeholder for s in edited.spots])[1], strict=True
        )
    ]
    return frame(lines, REDACTIONS) if lines else empty(REDACTIONS)


def with_texts(turns: pl.DataFrame, texts: dict[Where, str]) -> pl.DataFrame:
    """Return turns with other texts at some places."""
    if not texts:
        return turns
    schema = {name: turns.schema[name] for name in PLACE} | {"new": pl.String()}
    lines = [(*place, text) for place, text in texts.items()]
    new = pl.DataFrame(lines, schema=schema, orient="row")
    return (
        turns.join(new, on=PLACE, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(text=pl.coalesce("new", "text"))
        .drop("new")
    )


def trim(batch: Batch, found: pl.DataFrame) -> Batch:
    """Remove the turns that findings without a span name, and number the rest from 0 again.

    A record that is nested too deep to be written again stays as it is.
    """
    gone = _trimmed(found)
    if gone.is_empty():
        return batch
    skeletons, whole = _trimmed_skeletons(batch, gone)
    turns = (
        batch.turns.join(
            _renumbered(batch, gone.filter(~pl.col("row").is_in(whole))),
            on=["row", "branch", "turn"],
            nulls_equal=True,
            maintain_order="left",
        )
        .with_columns(turn="new_turn")
        .drop("new_turn")
    )
    heads = batch.conversations.with_columns(skeleton=skeletons)
    return replace(batch, conversations=heads, turns=turns)


def written_turns(
    lines: pl.DataFrame, batch: Batch, found: pl.DataFrame, *, inserted: pl.Series
) -> pl.DataFrame:
    """Return a ledger with the turns as they are written after `trim`.

    inserted: rows that get a system prompt before their first turn.
    """
    gone = _trimmed(found)
    if not gone.is_empty():
        _, whole = _trimmed_skeletons(batch, gone)
        left = _renumbered(batch, gone.filter(~pl.col("row").is_in(whole)))
        lines = lines.drop("new_turn").join(
            left, on=["row", "branch", "turn"], how="left", nulls_equal=True, maintain_order="left"
        )
    shift = pl.col("row").is_in(inserted.implode()).cast(pl.Int32)
    return lines.with_columns(new_turn=pl.col("new_turn") + shift).select(list(REDACTIONS))


def _trimmed(found: pl.DataFrame) -> pl.DataFrame:
    gone = found.filter(pl.col("turn").is_not_null(), pl.col("start").is_null())
    return gone.select("row", "branch", "turn").unique()


def _renumbered(batch: Batch, gone: pl.DataFrame) -> pl.DataFrame:
    """Return `row, branch, turn, new_turn` of the turns that are left."""
    place = ["row", "branch", "turn"]
    rest = batch.turns.join(gone, on=place, how="anti", nulls_equal=True, maintain_order="left")
    # Not the rank among those that are left: a message without a text has no row, but a place.
    left = rest.select(place).unique().with_columns(lost=0)
    both = pl.concat([left, gone.with_columns(lost=1)])
    # What the prompt of a preference record lost moves both of its answers.
    before = pl.col("lost").filter(pl.col("branch").is_null()).sum().over("row")
    lost = both.sort(place).with_columns(
        total=pl.col("lost").cum_sum().over("row", "branch")
        + pl.when(pl.col("branch").is_null()).then(0).otherwise(before)
    )
    return lost.filter(pl.col("lost") == 0).select(
        *place, new_turn=(pl.col("turn") - pl.col("total")).cast(pl.Int32)
    )


def _trimmed_skeletons(batch: Batch, gone: pl.DataFrame) -> tuple[pl.Series, list[int]]:
    """Return the skeletons, and the rows whose own is nested too deep."""
    # A loop over the few conversations that are trimmed and not plain chat.
    lost: dict[int, set[tuple[str | None, int]]] = {}
    for row, branch, turn in gone.iter_rows():
        lost.setdefault(row, set()).add((branch, turn))
    skeletons: list[str | None] = []
    whole: list[int] = []
    for row, skeleton in batch.conversations.select("row", "skeleton").iter_rows():
        if skeleton is not None and row in lost:
            try:
                skeleton = _without(skeleton, lost[row])
            except RecursionError:
                whole.append(row)
        skeletons.append(skeleton)
    return pl.Series("skeleton", skeletons, dtype=pl.String), whole


def _without(skeleton: str, turns: set[tuple[str | None, int]]) -> str:
    record = json.loads(skeleton)
    # Listed first, since the turns of answers are counted from the end of the prompt.
    for branch, first, messages in list(lists(record)):
        messages[:] = [m for n, m in enumerate(messages, first) if (branch, n) not in turns]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))
