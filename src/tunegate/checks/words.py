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
_PLACES = pl.List(pl.Int64)
_NO_LETTERS, _LETTERS, _BEYOND = range(3)  # what a byte of UTF-8 may belong to
_KINDS = np.array([_BEYOND if n > 127 else int(chr(n).isalpha()) for n in range(256)], np.uint8)
_LONGEST = 4  # bytes of a character


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
        short = self._needles.filter("short")
        words = short["word"].to_list()
        holding = found.filter(pl.col("word").is_in(words)).select("at").unique()
        some = texts.join(holding, on="at", how="semi")
        if some.is_empty():
            return found.clear().join(short, on="word")
        places = some.select(
            "at",
            pl.col("text").str.extract_many(words, overlapping=True).alias("word"),
            # Where each begins, in bytes and in the same order.
            pl.col("text").str.find_many(words, overlapping=True).cast(_PLACES).alias("begins")
            + pl.col("text").str.len_bytes().cast(pl.Int64).add(1).cum_sum().shift(fill_value=0),
        ).explode("word", "begins")
        said = ("\n".join(["", *some["text"], ""])).encode()
        before = places["begins"].to_numpy()  # of the joined bytes, the one before each word
        after = before + 1 + places["word"].str.len_bytes().to_numpy()
        kinds = _KINDS[np.frombuffer(said, np.uint8)]
        alone = (kinds[before] != _LETTERS) & (kinds[after] != _LETTERS)
        doubtful = alone & ((kinds[before] == _BEYOND) | (kinds[after] == _BEYOND))
        for place in np.flatnonzero(doubtful).tolist():
            alone[place] = _stands_alone(said, int(before[place]) + 1, int(after[place]))
        return places.filter(alone).select("at", "word").unique().join(short, on="word")

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


def _stands_alone(said: bytes, begins: int, ends: int) -> bool:
    """Tell whether no letter stands directly before or after a word, of any script."""
    before = said[max(0, begins - _LONGEST) : begins].decode(errors="ignore")
    after = said[ends : ends + _LONGEST].decode(errors="ignore")
    return not (before[-1:].isalpha() or after[:1].isalpha())
