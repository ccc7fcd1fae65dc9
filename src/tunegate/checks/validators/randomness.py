"""How random a written value looks: what tells a key from a word, a placeholder or a sequence."""

import math
import re
from collections import Counter
from itertools import pairwise

_SAME_IN_A_ROW = re.compile(r"(.)\1{7}")
_SEPARATORS = re.compile(r"[-_./\s]")
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_STANDS_FOR = re.compile(
    r"(?i)(?<![a-z])(?:your|change|replace|insert|example|sample|dummy|placeholder|redacted)(?![a-z])"
    r"|(?i:(?<![a-z])my[_-](?:api|secret|token|key|password))|[x*•]{5}"
)
# The pairs of letters that make up most of English, German, French, Spanish and Portuguese words;
# of all 676 pairs about one in six.
_PAIRS = """
th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me
de hi ri ro ic ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot
il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai
sh ir su id os iv ia am ke ei ue sc ck ab ay
"""
_PAIRS_OF_WORDS = frozenset(_PAIRS.split())
_FEWEST_PAIRS = 10  # fewer are common by chance too often
_WITHIN = re.compile(r"(?<=[A-Za-z])[0-9]+(?=[A-Za-z])")
_FEWEST_WITHIN = 4  # numbers between letters; words are not so often cut by one
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f-]+")


def entropy(value: str) -> float:
    """Return Shannon's entropy of the characters, in bits per character."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)


def is_wordy(value: str, *, share: float = 0.55) -> bool:
    """Tell whether the letters stand together as they do in words.

    share: of the neighbouring letters that are a common pair; random letters have 0.17, and one
    random value in some hundreds has 0.55. A capital after a small letter begins a word.
    """
    if _HEXADECIMAL.fullmatch(value) or len(_WITHIN.findall(value)) >= _FEWEST_WITHIN:
        return False
    pairs = [pair for run in _LETTERS.findall(value) for pair in map("".join, pairwise(run))]
    inner = [pair for pair in pairs if not (pair[0].islower() and pair[1].isupper())]
    common = sum(pair.lower() in _PAIRS_OF_WORDS for pair in inner)
    return len(pairs) >= _FEWEST_PAIRS and common >= share * len(pairs)


def is_sequence(value: str) -> bool:
    """Tell whether most characters follow each other, as in 1234567890 or abcdef."""
    steps = [ord(second) - ord(first) for first, second in pairwise(value)]
    return sum(step in (1, -1) for step in steps) >= 0.5 * max(1, len(steps))


def is_placeholder(value: str) -> bool:
    """Tell whether a value stands for a key: xxxxxxxx, your-key, one sign over and over."""
    plain = _SEPARATORS.sub("", value)
    return bool(
        not plain
        or _SAME_IN_A_ROW.search(plain)
        or _STANDS_FOR.search(value)
        or entropy(plain) < 2.0  # bits; 16 random digits have 2.9
    )
