"""What a policy says about redaction: how a span is written, and what is never one."""

import re
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from tunegate.rules import Closed


class Style(StrEnum):
    """What stands in the place of a span.

    placeholder: `<EMAIL_1>`. surrogate: another value of the same shape. mask: `***`, with what
    identifies nobody. hash: a keyed hash. remove: nothing. date-shift: the same day in all of a
    conversation, some days off.
    """

    PLACEHOLDER = "placeholder"
    SURROGATE = "surrogate"
    MASK = "mask"
    HASH = "hash"
    REMOVE = "remove"
    DATE_SHIFT = "date-shift"


class RedactionSettings(Closed):
    """How spans are redacted.

    style: of every rule. styles: rule or glob → style; the most exact has the last word. scope:
    where equal values get equal placeholders; `dataset` needs a key. key: the key file. seed: what
    surrogates follow from where there is no key; public. reversible: where to write the encrypted
    map from placeholders back to values; needs a key. The two paths are of a machine, and no part
    of what the policy says.
    """

    style: Style = Style.PLACEHOLDER
    styles: dict[str, Style] = Field(default_factory=dict)
    scope: Literal["conversation", "dataset"] = "conversation"
    seed: str = "tunegate"
    key: str | None = Field(default=None, min_length=1, exclude=True)
    reversible: str | None = Field(default=None, min_length=1, exclude=True)

    @model_validator(mode="after")
    def _needs_a_key(self) -> "RedactionSettings":
        if self.key is not None:
            return self
        used = {self.style, *self.styles.values()}
        for needs, what, why in (
            (self.scope == "dataset", "`scope: dataset`", "a token without one can be guessed"),
            (Style.HASH in used, "style `hash`", "without one, all phone numbers can be tried"),
            (Style.DATE_SHIFT in used, "style `date-shift`", "without one, it can be undone"),
            (self.reversible is not None, "`reversible`", "the map is encrypted with one"),
        ):
            if needs:
                raise ValueError(
                    f"{what} needs a key: {why}; `tunegate key new PATH`, then `key: PATH`"
                )
        return self


Text = Annotated[str, StringConstraints(min_length=1)]


# Beginnings of a word and of a number; what matches both alike is the shape of nothing.
_UNLIKE, _LONGEST = ("qwbzvdktqwbzvdkt", "5820491377305816"), 17


class AllowEntry(Closed):
    """One entry of the allow-list; `rules` is a rule or a glob that it is for."""

    value: Text
    rules: str = "pii/*"

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"value": given} if isinstance(given, str) else given

    def is_for(self, rule_id: str) -> bool:
        """Tell whether it says anything about findings of a rule."""
        return fnmatchcase(rule_id, self.rules)


class AllowSettings(Closed):
    """What looks like personal data and is none.

    domains: the company's own, for addresses at them and links to them. words: product names and
    the like. shapes: regular expressions of order numbers and the like. phones: numbers that the
    company publishes. A finding that one of them explains is reported as allowed, and is neither
    redacted nor held against the data.
    """

    domains: tuple[AllowEntry, ...] = ()
    words: tuple[AllowEntry, ...] = ()
    shapes: tuple[AllowEntry, ...] = ()
    phones: tuple[AllowEntry, ...] = ()

    @field_validator("shapes")
    @classmethod
    def _compile(cls, shapes: tuple[AllowEntry, ...]) -> tuple[AllowEntry, ...]:
        for shape in shapes:
            try:
                known = re.compile(shape.value)
            except re.error as error:
                raise ValueError(f"is not a regular expression: {error}") from None
            if known.fullmatch(""):
                raise ValueError("matches the empty text")
            if any(all(known.fullmatch(text[:n]) for text in _UNLIKE) for n in range(1, _LONGEST)):
                raise ValueError("matches any name and any number, and so would allow all of them")
        return shapes

    @field_validator("phones")
    @classmethod
    def _digits(cls, phones: tuple[AllowEntry, ...]) -> tuple[AllowEntry, ...]:
        if any(sum(map(str.isdecimal, phone.value)) < 3 for phone in phones):
            raise ValueError("a phone number has at least 3 digits")
        return phones

    @property
    def entries(self) -> dict[str, tuple[AllowEntry, ...]]:
        """Kind → entries, of the kinds that have some."""
        kinds = {
            "domains": self.domains,
            "words": self.words,
            "shapes": self.shapes,
            "phones": self.phones,
        }
        return {kind: entries for kind, entries in kinds.items() if entries}
