"""Find postal addresses: every number is looked at, in the few texts where one may be."""

from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from tunegate.checks.addresses.hints import HINTS
from tunegate.checks.pattern import Pattern
from tunegate.model import Batch

_NUMBER = "[0-9]{1,6}"
_PLACE = ["row", "branch", "turn", "part"]


@dataclass(frozen=True)
class PostalAddress:
    """Flag postal addresses, from the street or the box to the postcode and the country.

    context: words of which one must stand before what only may be an address, or in the message
    before, which may have asked for it. context_window: how near, in code points. not_context:
    words before one that rule it out. max_length: code points; longer spans do not count.
    In the lists case does not matter and `*` after a word stands for any ending.
    """

    context: tuple[str, ...]
    not_context: tuple[str, ...] = ()
    context_window: int = 48
    max_length: int = 260

    def __post_init__(self) -> None:
        _ = self._numbers  # it judges the parameters

    def check(self, batch: Batch) -> pl.DataFrame:
        """Return one finding an address."""
        turns = batch.turns
        # An address is told by words that a pattern for its number cannot hold: these choose the
        # texts. Each expression is small; as one, the engine would take ten times as long.
        hinted = pl.any_horizontal(pl.col("text").str.contains(hint) for hint in HINTS)
        turns = turns.with_columns(hinted=hinted)
        # The message before a hinted one may ask for an address.
        near = pl.col("hinted") | pl.col("hinted").shift(-1, fill_value=False)
        found = self._numbers.check(replace(batch, turns=turns.filter(near).drop("hinted")))
        own = turns.filter("hinted").select(_PLACE)
        return found.join(own, on=_PLACE, how="semi", nulls_equal=True, maintain_order="left")

    @cached_property
    def _numbers(self) -> Pattern:
        return Pattern(
            _NUMBER,
            validator="postal-address",
            max_length=self.max_length,
            context=self.context,
            context_window=self.context_window,
            context_previous=True,
            not_context=self.not_context,
        )
