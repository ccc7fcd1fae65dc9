"""Understand how a table says whether customers saw a message."""

import unicodedata

# Parts of the name of a column that says who may *not* see a message.
_HIDING = ("intern", "priva", "note", "hidden", "confiden", "vertraul")

# These mean the same in any column.
_NAMED = {"public": True, "internal": False, "private": False, "note": False}

# English, German, French, Spanish, Portuguese, Italian, Dutch.
_YES = "true t 1 yes y ja wahr oui vrai sí si verdadero sim verdadeiro sì vero waar"
_NO = "false f 0 no n nein falsch non faux falso não nao nee onwaar"
_ANSWERS = dict.fromkeys(_YES.split(), True) | dict.fromkeys(_NO.split(), False)


def fold(word: str) -> str:
    """Return a word as it is compared: without case, outer space, and ways to write an accent."""
    return unicodedata.normalize("NFC", word).strip().casefold()


def hides(column: str) -> bool:
    """Tell whether yes in a column of that name means that customers did not see the message."""
    return any(part in fold(column) for part in _HIDING)


def is_visible(word: str, *, inverted: bool) -> bool | None:
    """Return whether customers saw a message, None where the word does not say.

    inverted: yes means that they did not.
    """
    folded = fold(word)
    if folded in _NAMED:
        return _NAMED[folded]
    answer = _ANSWERS.get(folded)
    return None if answer is None else answer is not inverted
