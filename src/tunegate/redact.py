"""Turn spans into placeholders and remove turns, keeping account of both."""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

import orjson
import polars as pl

from tunegate.branches import lists
from tunegate.model import Batch, Schema, empty, frame
from tunegate.rules import Rule

REDACTIONS: Schema = {
    "rule": pl.String(),
    "row": pl.Int64(),
    "branch": pl.String(),
    "turn": pl.Int32(),  # as in the source, before any trimming
    "part": pl.String(),
    "start": pl.Int64(),  # half-open code points before
    "end": pl.Int64(),
    "new_start": pl.Int64(),  # and after
    "new_end": pl.Int64(),
    "placeholder": pl.String(),
    "round": pl.Int32(),  # from 1; positions before are those of the round before
}

Span = tuple[int, int, str]  # start, end, rule

_PLACE = ["row", "branch", "turn", "part"]
_SPACES = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[()\-/]+")
_LONG_NUMBER = 9  # digits; shorter ones may be dates, where 1/12 is not 11/2

# JSON in pieces: a quote, an escape, or what stands between them.
_PIECES = re.compile(r'"|\\(?:u[0-9a-fA-F]{4}|.)|[^"\\]+', re.DOTALL)
_BARE = re.compile(r"[^\s{}\[\],:]+")


def redact(
    batch: Batch, found: pl.DataFrame, rules: Sequence[Rule], *, round_number: int = 1
) -> tuple[Batch, pl.DataFrame]:
    """Replace every span by a typed, numbered placeholder; return the batch and `REDACTIONS`.

    Equal values of a conversation get equal placeholders, whatever their case and spacing.
    Numbers start above any that the conversation's own text already has. Where spans overlap the
    rule of higher priority wins, then the longer span. In the arguments of a tool call a span
    grows to the next place where the JSON can be cut.
    """
    spans = found.drop_nulls(["start", "row"]).filter(
        pl.col("rule").is_in([rule.id for rule in rules]), pl.col("start") < pl.col("end")
    )
    if spans.is_empty():
        return batch, empty(REDACTIONS)
    label = {rule.id: rule.placeholder for rule in rules}
    priority = {rule.id: rule.file.priority for rule in rules}
    touched = batch.turns.join(
        spans.select(_PLACE).unique(), on=_PLACE, nulls_equal=True, maintain_order="left"
    )
    texts: dict[tuple[object, ...], str] = {
        tuple(line[:-1]): line[-1] for line in touched.select(*_PLACE, "text").iter_rows()
    }
    taken = _numbers_in_use(batch, spans, set(label.values()))
    chosen: dict[tuple[object, ...], list[Span]] = {}
    for line in spans.select(*_PLACE, "start", "end", "rule").iter_rows():
        chosen.setdefault(tuple(line[:4]), []).append(line[4:])

    ledger: list[tuple[object, ...]] = []
    replaced: list[tuple[object, ...]] = []
    named: dict[tuple[object, str, str], str] = {}
    count: dict[tuple[object, str], int] = {}
    # Python objects, not columns: numbering depends on what came before in the conversation, and
    # only texts that hold a span are touched. The order of `texts` is that of the turns.
    for place, text in texts.items():
        parts: list[str] = []
        last = shift = 0
        found_here, bare = chosen[place], frozenset[int]()
        if str(place[3]).endswith("/arguments"):
            found_here, bare = _fitted(text, found_here)
        for start, end, rule in _without_overlaps(found_here, priority):
            kind = label[rule]
            same = (place[0], kind, _value(text[start:end]))
            if same not in named:
                number = count.get((place[0], kind), taken.get((place[0], kind), 0)) + 1
                count[place[0], kind] = number
                named[same] = f"<{kind}_{number}>"
            placeholder = named[same]
            quote = '"' if start in bare else ""  # what was a number becomes a text
            parts += [text[last:start], quote, placeholder, quote]
            new_start = start + shift + len(quote)
            shift += len(placeholder) + 2 * len(quote) - (end - start)
            ledger.append(
                (rule, *place, start, end, new_start, new_start + len(placeholder), placeholder)
            )
            last = end
        replaced.append((*place, "".join([*parts, text[last:]])))
    turns = _with_texts(batch.turns, replaced)
    schema = {name: kind for name, kind in REDACTIONS.items() if name != "round"}
    numbered = frame(ledger, schema).with_columns(round=pl.lit(round_number, pl.Int32))
    return batch.with_turns(turns), numbered


def _with_texts(turns: pl.DataFrame, replaced: list[tuple[object, ...]]) -> pl.DataFrame:
    schema = {name: turns.schema[name] for name in _PLACE} | {"new": pl.String()}
    new = pl.DataFrame(replaced, schema=schema, orient="row")
    return (
        turns.join(new, on=_PLACE, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(text=pl.coalesce("new", "text"))
        .drop("new")
    )


def _value(text: str) -> str:
    """Return what two spellings of one value have in common."""
    value = _SPACES.sub("", text).casefold()
    digits = sum(map(str.isdigit, value))
    if digits >= _LONG_NUMBER and not any(map(str.isalpha, value)):
        value = _PUNCTUATION.sub("", value)
    return value or text


def _fitted(text: str, spans: list[Span]) -> tuple[list[Span], frozenset[int]]:
    """Widen spans so that no escape, number or word of a JSON text is cut in two.

    Returns as well where those start that stand outside of a string.
    """
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return spans, frozenset()
    starts: list[int] = []
    ends: list[int] = []
    outside: list[bool] = []
    quoted = False
    for piece in _PIECES.finditer(text):
        if piece[0] == '"':
            quoted = not quoted
        elif not quoted or piece[0][0] == "\\":
            for unit in (piece,) if quoted else _BARE.finditer(text, *piece.span()):
                starts.append(unit.start())
                ends.append(unit.end())
                outside.append(not quoted)
    widened: list[Span] = []
    bare: set[int] = set()
    for start, end, rule in spans:
        first, beyond = bisect_right(ends, start), bisect_left(starts, end)
        if first < beyond:  # it touches these units
            start, end = min(start, starts[first]), max(end, ends[beyond - 1])
            if outside[first] and not text[start : starts[first]].strip():
                bare.add(start)
        widened.append((start, end, rule))
    return widened, frozenset(bare)


def _without_overlaps(spans: list[Span], priority: dict[str, int]) -> list[Span]:
    """Return the spans that win against those that they overlap, in order."""
    kept: list[Span] = []
    # They never overlap each other, so only the neighbours of a new one can stand in its way.
    for span in sorted(set(spans), key=lambda s: (-priority[s[2]], s[0] - s[1], s[0], s[2])):
        place = bisect_left(kept, span)
        before_ends = place == 0 or kept[place - 1][1] <= span[0]
        if before_ends and (place == len(kept) or span[1] <= kept[place][0]):
            kept.insert(place, span)
    return kept


def _numbers_in_use(
    batch: Batch, spans: pl.DataFrame, labels: set[str]
) -> dict[tuple[object, str], int]:
    """Return (row, label) → the highest number that the conversation's own text already uses."""
    written = (
        batch.turns.join(spans.select("row").unique(), on="row", how="semi")
        .filter(pl.col("text").str.contains(r"<[A-Z][A-Z0-9_]*_[0-9]{1,9}>"))
        .select("row", "text")
    )
    used: dict[tuple[object, str], int] = {}
    for row, text in written.iter_rows():
        for kind, number in re.findall(r"<([A-Z][A-Z0-9_]*)_([0-9]{1,9})>", text):
            if kind in labels:
                used[row, kind] = max(used.get((row, kind), 0), int(number))
    return used


def trim(batch: Batch, found: pl.DataFrame) -> Batch:
    """Remove the turns that findings without a span name, and number the rest from 0 again.

    A record that is nested too deep to be written again stays as it is.
    """
    gone = found.filter(pl.col("turn").is_not_null(), pl.col("start").is_null())
    gone = gone.select("row", "branch", "turn").unique()
    if gone.is_empty():
        return batch
    skeletons, whole = _trimmed_skeletons(batch, gone)
    gone = gone.filter(~pl.col("row").is_in(whole))
    place = ["row", "branch", "turn"]
    rest = batch.turns.join(gone, on=place, how="anti", nulls_equal=True, maintain_order="left")
    # Not the rank among those that are left: a message without a text has no row, but a place.
    left = rest.select(place).unique().with_columns(lost=0)
    both = pl.concat([left, gone.with_columns(lost=1)])
    # What the prompt of a preference record lost moves both of its answers.
    before = pl.col("lost").filter(pl.col("branch").is_null()).sum().over("row")
    lost = both.sort(place).with_columns(
        pl.col("lost").cum_sum().over("row", "branch")
        + pl.when(pl.col("branch").is_null()).then(0).otherwise(before)
    )
    turns = (
        rest.join(lost, on=place, how="left", nulls_equal=True, maintain_order="left")
        .with_columns((pl.col("turn") - pl.col("lost")).cast(pl.Int32))
        .drop("lost")
    )
    heads = batch.conversations.with_columns(skeleton=skeletons)
    return replace(batch, conversations=heads, turns=turns)


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
