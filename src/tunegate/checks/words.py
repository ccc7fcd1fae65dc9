"""Find words near numbers: as patterns around a place, and all at once in many texts."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

_SHORT = 4  # letters
_LETTER = r"[^\W\d_]"
# What nearly every text has tells nothing of one; of "what is your pin" only "pin" does.
_EVERYWHERE = """
a an and are as at be by can could do for from give have here i in is it its know me my need of on
or please provide send share tell that the this to was what what's which with you your auf aus bei
das der des die ein eine est et für ihr ihre ist la le les mein meine mit mon ma su tu de del el em
en es il mijn mi no sua tua un una von votre wie zu été het een ihrer dein deine quel quelle qual
"""
_COMMON = frozenset(_EVERYWHERE.split())


def any_word(words: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern for lower-case text that finds any of the words.

    A word begins and ends where letters do, except in scripts that are written without spaces.
    `*` after a word stands for any ending.
    """
    alone: list[str] = []
    open_ended: list[str] = []
    unspaced: list[str] = []
    for word in (word.lower() for word in words):
        stem = word.rstrip("*")
        pattern = r"\s+".join(map(re.escape, stem.split()))
        if _is_unspaced(stem):
            unspaced.append(pattern)
        else:
            (alone if stem == word else open_ended).append(pattern)
    choices = [
        rf"(?<!{_LETTER})(?:{'|'.join(alone)})(?!{_LETTER})" if alone else "",
        rf"(?<!{_LETTER})(?:{'|'.join(open_ended)}){_LETTER}*" if open_ended else "",
        "|".join(unspaced),
    ]
    return re.compile("|".join(filter(None, choices)) or r"(?!)")


def _is_unspaced(word: str) -> bool:
    """Tell whether it is of a script that is written without spaces."""
    return any(unicodedata.category(letter) == "Lo" for letter in word)


def needed(words: Iterable[str]) -> frozenset[str]:
    """Return what stands in every lower-case text that `any_word` finds one of the words in.

    Of several words in a row one does, a rare one; `*` stands for any ending, as there.
    """
    parts = (word.lower().split() for word in words)
    longest = (max(row, key=_telling) for row in parts if row)
    return frozenset(f"{word.rstrip('*')}*" if _is_unspaced(word) else word for word in longest)


def _telling(word: str) -> tuple[bool, int]:
    """Return what is greater of a word that fewer texts have."""
    return word not in _COMMON, len(word.rstrip("*"))


@dataclass(frozen=True)
class Words:
    """Words of several members, looked for all at once.

    members: word → who has it. A word counts also within another one, unless it is a short one.
    """

    members: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, words: Mapping[int, frozenset[str]]) -> "Words":
        """Return the words of some members, by place."""
        members: dict[str, list[int]] = {}
        for member, own in words.items():
            for word in own:
                members.setdefault(word, []).append(member)
        return cls(members)

    def within(self, texts: pl.Series) -> NDArray[np.int64]:
        """Return rows of a text and a member that has a word in it, by place; none twice."""
        if not self.members:
            return np.empty((0, 2), np.int64)
        words = self._needles["word"].unique().to_list()
        lower = pl.DataFrame({"at": np.arange(len(texts)), "text": texts.str.to_lowercase()})
        found = (
            lower.filter(pl.col("text").str.contains_any(words))
            .select(
                "at", word=pl.col("text").str.extract_many(words, overlapping=True).list.unique()
            )
            .explode("word")
        )
        anywhere = found.join(self._needles.filter(~pl.col("short")), on="word")
        members = pl.concat([anywhere, self._alone(found, lower)])
        pairs = members.explode("member").select("at", "member").unique()
        return pairs.to_numpy().astype(np.int64)

    def _alone(self, found: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
        """Return short words that do not stand within others only, such as `po` in `post`."""
        some = found.join(self._needles.filter("short"), on="word").join(texts, on="at")
        parts = some.partition_by("word", as_dict=True)
        stands = [
            part.filter(pl.col("text").str.contains(rf"(?:^|\P{{L}}){word}(?:\P{{L}}|$)"))
            for (word,), part in parts.items()
        ]
        return pl.concat([some.clear(), *stands]).drop("text")

    @cached_property
    def _needles(self) -> pl.DataFrame:
        """Each word as it is looked for, with its members; a short one counts by itself only."""
        return pl.DataFrame(
            {
                "word": [word.rstrip("*") for word in self.members],
                "member": self.members.values(),
                "short": [len(word) <= _SHORT and word.isalpha() for word in self.members],
            },
            schema={"word": pl.String, "member": pl.List(pl.Int64), "short": pl.Boolean},
        )
