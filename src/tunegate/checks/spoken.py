"""Read digits that are written as words: "four one one one, double five" is 4111 55.

Callers who dictate, and people who hide a number from programs, write digits as words. `spoken`
gives a second view of a text in which runs of such words are digits, so that the patterns that
scan the text can scan the view too and find the same numbers there.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tunegate.checks.judging import word_set

_FEWEST_WORDS = 4  # in a row: "two or three" is prose, and hardly a number that matters is shorter
_FEWEST_LONG_WORDS, _FEWEST_DIGITS = 3, 6  # or fewer words that say more: "zwölf vierunddreißig"

# English, German, French, Spanish, Italian, Portuguese, Dutch. Where two share a word they agree on
# its value.
_UNITS = {
    "0": "zero oh o nought naught null zéro zero cero nul",
    "1": "one eins ein eine un une uno um uma een één",
    "2": "two zwei zwo deux dos due dois duas twee",
    "3": "three drei trois tres tre três drie",
    "4": "four vier quatre cuatro quattro quatro",
    "5": "five fünf fuenf cinq cinco cinque vijf",
    "6": "six sechs seis sei zes",
    "7": "seven sieben sept siete sette sete zeven",
    "8": "eight acht huit ocho otto oito",
    "9": "nine niner neun neuf nueve nove negen",
}
_TEENS = {
    "10": "ten zehn dix diez dieci dez tien",
    "11": "eleven elf onze once undici",
    "12": "twelve zwölf zwoelf douze doce dodici doze twaalf",
    "13": "thirteen dreizehn treize trece tredici treze dertien",
    "14": "fourteen vierzehn quatorze catorce quattordici veertien",
    "15": "fifteen fünfzehn quinze quince quindici vijftien",
    "16": "sixteen sechzehn seize dieciséis sedici dezesseis zestien",
    "17": "seventeen siebzehn diecisiete diciassette dezessete zeventien",
    "18": "eighteen achtzehn dieciocho diciotto dezoito achttien",
    "19": "nineteen neunzehn diecinueve diciannove dezenove negentien",
}
_TENS = {
    "20": "twenty zwanzig vingt vingts veinte venti vinte twintig",
    "30": "thirty dreißig dreissig trente treinta trenta trinta dertig",
    "40": "forty fourty vierzig quarante cuarenta quaranta quarenta veertig",
    "50": "fifty fünfzig cinquante cincuenta cinquanta cinquenta vijftig",
    "60": "sixty sechzig soixante sesenta sessanta sessenta zestig",
    "70": "seventy siebzig septante setenta settanta zeventig",
    "80": "eighty achtzig huitante octante ochenta ottanta oitenta tachtig",
    "90": "ninety neunzig nonante noventa novanta negentig",
}
_ZEROS = {"00": "hundred hundert honderd"}  # "eight hundred" of a free line; thousands are amounts
_REPEATS = {"2": "double doble doppel dubbel doppio", "3": "triple treble dreifach triplo"}
_PLUS = word_set("plus más mais più")
_JOINS = word_set("y et e and und en then dann puis")
_BREAKS = frozenset(",;:.\n/")  # between groups, where the view has a space
_GAP = re.compile(r"[ \t\u00a0,;:.\n/-]{1,3}")
_TOKEN = re.compile(r"[^\W_]+")
_TO_SPACE = str.maketrans(dict.fromkeys(",;:./-\n", " "))
_LONGEST_FIGURES = 4  # digits between words: "four 1 1 one"
_QUATRE, _VINGT, _SOIXANTE = "4", 20, 60


def _table(groups: dict[str, str]) -> dict[str, str]:
    return {word: value for value, words in groups.items() for word in words.split()}


def _compounds() -> Iterator[tuple[str, str]]:
    """Yield the numbers that are one word: vierunddreißig, veinticuatro, trentatré."""
    for unit, words in _UNITS.items():
        for ten, tens in _TENS.items():
            value = str(int(ten) + int(unit))
            for one in words.split():
                for word in tens.split():
                    yield f"{one}und{word}", value
                    yield f"{one}en{word}", value
                    yield f"{one}ën{word}", value
                    yield word + one, value
                    yield word[:-1] + one, value  # ventuno
                if ten == "20":
                    yield f"veinti{one}", value


_NUMBER = {
    **{word: value for word, value in _compounds() if value[-1] != "0"},
    "trentatré": "33",
    **_table(_UNITS),
    **_table(_TEENS),
}
_TEN, _ZERO, _REPEAT = _table(_TENS), _table(_ZEROS), _table(_REPEATS)
_WORDS = frozenset(_NUMBER.keys() | _TEN.keys() | _ZERO.keys() | _REPEAT.keys() | _PLUS)


def _trigger() -> str:
    """Return a pattern without look-around that every text with a run matches."""
    words = sorted({*_table(_UNITS), *_table(_TEENS), *_TEN, *_REPEAT, *_PLUS})
    # A word that begins with another one needs no mention; a ten loses its vowel in "ventuno".
    stems = [w for w in words if not any(w != o and w.startswith(o) for o in words)]
    stems += [ten[:-1] for ten in _TEN if ten.endswith(("i", "a"))]
    word = f"(?:{'|'.join(stems)}){_ENDING}"
    between = rf"{_SIGNS}(?:(?:{'|'.join(sorted(_JOINS))}){_SIGNS})?"
    later = f"{between}(?:{word}|hundred|hundert|honderd|[0-9]{{1,4}})"
    return f"(?i:{word}{later}{later})"


_ENDING = r"[^\W\d_]{0,14}"
_SIGNS = r"[ \t\u00a0,;:.\n/-]{1,3}"
TRIGGER = _trigger()
"""For the engine that scans many texts: only those that match can have a second view."""


class _Item(NamedTuple):
    """A word of a run. gap: what stands before it since the last one."""

    start: int
    end: int
    word: str
    gap: str


def spoken(text: str) -> tuple[str, Sequence[int]] | None:
    """Return the text with runs of number words as digits, or None where there is none.

    The second value says where in the text each character of the view begins, in code points, and
    has one entry more, the end of the text. A span of the view is therefore
    `text[places[first]:places[last]]`, less the white space and signs at its end: each digit begins
    where its word does, and the first of two that one word stands for begins there too.
    """
    words = text.lower().translate(_TO_SPACE).split()
    if sum(map(_WORDS.__contains__, words)) < _FEWEST_LONG_WORDS:
        return None
    view: list[str] = []
    places: list[int] = []
    done = 0
    for run in _runs(text):
        digits, starts = _read(run)
        figures = sum(sign.isdigit() for sign in digits)
        if len(run) < _FEWEST_WORDS and figures < _FEWEST_DIGITS:
            continue
        view += (text[done : run[0].start], digits)
        places += range(done, run[0].start)
        places += starts
        done = run[-1].end
    if done == 0:
        return None
    view.append(text[done:])
    places += range(done, len(text) + 1)
    return "".join(view), places


def _runs(text: str) -> Iterator[list[_Item]]:
    """Yield the words of each stretch that says nothing but digits."""
    run: list[_Item] = []
    joined = False  # by "and" or "y", which belongs to the run if a number follows
    for token in _TOKEN.finditer(text):
        word = token[0].lower()
        if run:
            gap = text[run[-1].end : token.start()]
            near = _GAP.fullmatch(gap) or (joined and len(gap) <= 2 + 2 * _LONGEST_FIGURES)
            if near and not joined and word in _JOINS and run[-1].word not in _ZERO:
                joined = True
                continue
            if near and (word in _NUMBER or word in _TEN or word in _ZERO or word in _REPEAT):
                run.append(_Item(*token.span(), word, gap))
                joined = False
                continue
            if near and word.isdecimal() and len(word) <= _LONGEST_FIGURES:
                run.append(_Item(*token.span(), word, gap))
                joined = False
                continue
            yield from _whole(run)
            run, joined = [], False
        if word in _WORDS and word not in _ZERO:
            run = [_Item(*token.span(), word, "")]
    yield from _whole(run)


def _whole(run: list[_Item]) -> Iterator[list[_Item]]:
    """Yield a run without the repeats that nothing follows, where it is still one."""
    while run and (run[-1].word in _REPEAT or run[-1].word in _PLUS):
        run = run[:-1]
    if len(run) >= _FEWEST_LONG_WORDS:
        yield run


def _read(run: Sequence[_Item]) -> tuple[str, list[int]]:
    """Return the digits of a run, and where the word of each begins."""
    digits: list[str] = []
    places: list[int] = []
    place = 0
    while place < len(run):
        item = run[place]
        if place and _BREAKS.intersection(item.gap):
            digits.append(" ")
            places.append(run[place - 1].end)
        value, used = _value(run, place)
        digits.append(value)
        last = run[place + used - 1].start
        places += [item.start, *[last] * (len(value) - 1)]
        place += used
    return "".join(digits), places


def _value(run: Sequence[_Item], place: int) -> tuple[str, int]:
    """Return what the word at a place says together with those that complete it."""
    word = run[place].word
    if word in _PLUS:
        return "+", 1
    following = run[place + 1].word if place + 1 < len(run) else ""
    close = place + 1 < len(run) and not _BREAKS.intersection(run[place + 1].gap)
    if word in _REPEAT:
        value, used = _value(run, place + 1)
        return value[:1] * int(_REPEAT[word]) + value[1:], used + 1
    if _NUMBER.get(word) == _QUATRE and following in ("vingt", "vingts") and close:
        value, used = _completed(run, place + 1, 4 * _VINGT)
        return value, used + 1
    if word in _TEN:
        return _completed(run, place, int(_TEN[word]))
    return _NUMBER.get(word) or _ZERO.get(word) or word, 1


def _completed(run: Sequence[_Item], place: int, ten: int) -> tuple[str, int]:
    """Return a ten with the unit that follows; in French 60 and 80 go on with 10 to 19."""
    if place + 1 < len(run) and not _BREAKS.intersection(run[place + 1].gap):
        unit = int(_NUMBER.get(run[place + 1].word, "0"))
        french = run[place].word in ("soixante", "vingt", "vingts") and ten in (_SOIXANTE, 80)
        if 0 < unit < (20 if french else 10):
            return str(ten + unit), 2
    return str(ten), 1
