"""Tell which findings the policy's allow-list explains."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from tunegate.model import Batch
from tunegate.redaction import AllowEntry, AllowSettings

WINDOW = 128  # code points on each side of a finding in which a word or shape may begin or end
_PLACE = ["row", "branch", "turn", "part"]
_SPACES = re.compile(r"\s+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,31}://")
_ABROAD = re.compile(r"\D*(?:\+|00)")
_SHORTEST_NATIONAL = 7  # digits that name one line within its country
_LONGEST_PREFIX = 3  # digits of a calling code, ITU-T E.164

Matcher = Callable[[str, int, int], bool]


@dataclass(frozen=True)
class AllowList:
    """What the policy allows, ready to be asked."""

    settings: AllowSettings

    def explain(self, batch: Batch, found: pl.DataFrame) -> pl.DataFrame:
        """Return findings with `explained` set where an entry accounts for the span."""
        if not self._matchers or found.is_empty():
            return found
        spans = found.with_row_index("finding").filter(
            pl.col("start").is_not_null() & pl.col("explained").is_null()
        )
        texts = batch.turns.select(*_PLACE, "text")
        placed = spans.join(texts, on=_PLACE, nulls_equal=True)
        named = [
            (finding, kind)
            for finding, rule, start, end, text in placed.select(
                "finding", "rule", "start", "end", "text"
            ).iter_rows()
            if (kind := self.kind(rule, text, start, end))
        ]
        schema = {"finding": pl.UInt32(), "kind_allowed": pl.String()}
        allowed = pl.DataFrame(named, schema=schema, orient="row")
        return (
            found.with_row_index("finding")
            .join(allowed, on="finding", how="left", maintain_order="left")
            .with_columns(explained=pl.coalesce("explained", "kind_allowed"))
            .drop("finding", "kind_allowed")
        )

    def kind(self, rule: str, text: str, start: int, end: int) -> str | None:
        """Return which kind of entry accounts for a span of a rule, such as `allow.domains`."""
        for kind, entries in self._matchers.items():
            if any(entry.is_for(rule) and holds(text, start, end) for entry, holds in entries):
                return f"allow.{kind}"
        return None

    @cached_property
    def _matchers(self) -> dict[str, list[tuple[AllowEntry, Matcher]]]:
        make: dict[str, Callable[[str], Matcher]] = {
            "domains": _domain,
            "words": _word,
            "shapes": _shape,
            "phones": _phone,
        }
        return {
            kind: [(entry, make[kind](entry.value)) for entry in entries]
            for kind, entries in self.settings.entries.items()
        }


def _domain(own: str) -> Matcher:
    """Match an address at a domain or one below it, and a link to it."""
    own = own.strip().lstrip("@").casefold().strip(".")

    def matches(text: str, start: int, end: int) -> bool:
        value = text[start:end].casefold()
        if _SCHEME.match(value):
            authority = re.split(r"[/?#\\]", value.partition("://")[2], maxsplit=1)[0]
            # Who signs in is personal data, wherever.
            host = "" if "@" in authority else authority.partition(":")[0]
        elif "@" in value:
            host = value.rpartition("@")[2]
        else:
            host = re.split(r"[/?#:]", value, maxsplit=1)[0]
        host = host.strip().rstrip(".")
        return host == own or host.endswith(f".{own}")

    return matches


def _within(pattern: re.Pattern[str]) -> Matcher:
    """Match a span that lies within a match, looked for in a bounded stretch around it."""

    def matches(text: str, start: int, end: int) -> bool:
        first = max(0, start - WINDOW)
        near = text[first : end + WINDOW]
        found = pattern.finditer(near)
        return any(match.start() + first <= start and end <= match.end() + first for match in found)

    return matches


def _word(word: str) -> Matcher:
    spelled = r"\s+".join(map(re.escape, _SPACES.split(word.strip())))
    return _within(re.compile(rf"(?<!\w){spelled}(?!\w)", re.IGNORECASE))


def _shape(pattern: str) -> Matcher:
    return _within(re.compile(pattern))


def _phone(number: str) -> Matcher:
    """Match a number however it is grouped, with or without what is dialled before it."""
    own, own_abroad = _dialled(number)

    def matches(text: str, start: int, end: int) -> bool:
        value, abroad = _dialled(text[start:end])
        if own_abroad == abroad:  # in North America the 1 is dialled within the country as well
            return value == own or value == f"1{own}" or own == f"1{value}"
        full, national = (own, value) if own_abroad else (value, own)
        national = national.removeprefix("0")
        if len(national) < _SHORTEST_NATIONAL or not full.endswith(national):
            return False
        return 1 <= len(full) - len(national) <= _LONGEST_PREFIX

    return matches


def _dialled(number: str) -> tuple[str, bool]:
    """Return the digits of a number, and whether its calling code is among them."""
    abroad = _ABROAD.match(number)
    rest = number[abroad.end() :].replace("(0)", "") if abroad else number
    return "".join(filter(str.isdecimal, rest)), bool(abroad)


def unexplained(found: pl.DataFrame) -> pl.DataFrame:
    """Return the findings that nothing accounts for."""
    return found.filter(pl.col("explained").is_null())


def explained_count(found: pl.DataFrame) -> dict[str, int]:
    """Return rule → findings that something accounts for."""
    explained = found.filter(pl.col("explained").is_not_null())
    return dict(explained.group_by("rule").len().sort("rule").iter_rows())
