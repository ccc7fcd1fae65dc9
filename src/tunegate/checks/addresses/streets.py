"""Read the line of a street: number and name in the order and the language of a country."""

import re
from dataclasses import dataclass, replace

from tunegate.checks.addresses import words
from tunegate.checks.addresses.lexicon import (
    DIRECTION,
    HOUSE,
    ORDINAL,
    SPACE,
    STREET_TYPE,
    UNIT,
    WORD,
    any_of,
    is_capital,
    is_particle,
)
from tunegate.checks.judging import DIGITS, Certainty

_FLAGS = re.IGNORECASE | re.VERBOSE


@dataclass(frozen=True)
class Street:
    """A stretch of text that reads as a street with a number, and how sure that is."""

    start: int
    end: int
    certainty: Certainty


def _spaced(pattern: str) -> re.Pattern[str]:
    """Compile a verbose pattern in which `~` stands for a space or two."""
    return re.compile(pattern.replace("~", SPACE), _FLAGS)


_PART = rf"(?:{WORD}|{ORDINAL}|[0-9]{{1,3}})"

_NUMBER_FIRST = _spaced(
    rf"""(?P<house>{HOUSE})(?:,?~)
    (?P<name>(?:(?:{WORD}|{ORDINAL})~){{1,4}}?)
    (?P<type>{STREET_TYPE})(?!\w|['’-]\w)(?P<more>(?:~(?:{STREET_TYPE})(?!\w|['’-]\w)){{0,2}})
    (?P<rest>(?:~(?:of~the~{WORD}(?:~{WORD})?|{DIRECTION}))?)"""
)
_LONGER = _spaced(  # `West Mission Bay Drive` is no `West Mission`
    rf"""(?P<name>(?:~{WORD}){{1,2}}?)~
    (?P<type>{any_of(words.STREET_TYPES | words.DOUBTFUL_TYPES)})(?!\w|['’-]\w)(?:~{DIRECTION})?"""
)
_NUMBERED = _spaced(  # roads that have a number or a letter and no name
    rf"""(?P<house>{HOUSE}),?~(?:{DIRECTION}~)?
    (?:(?:(?:us|state|county|old)~)?(?:highway|hwy\.?|route|rt\.?|road|rd\.?)~[0-9]{{1,4}}[A-Z]?
    |avenue~(?:of~the~{WORD}|[A-Z]\b)|broadway(?:~(?:street|st|avenue|ave)\b\.?)?)(?!\w|['’-]\w)(?:~{DIRECTION})?"""
)
_FRENCH = _spaced(
    rf"""(?P<house>[0-9]{{1,4}}(?:\x20?(?:bis|ter|quater|[A-D])\b)?)(?:,~?|~)
    (?P<type>{any_of(words.FRENCH_TYPES)})(?!\w|['’-]\w)
    (?P<name>(?:~(?:[dl]['’])?{_PART}){{1,6}})"""
)
_TYPE_FIRST = _spaced(
    rf"""(?<![\w'’/])(?P<type>{any_of(words.FIRST_TYPES)})(?![\w'’])\.?\x20{{0,2}}
    (?P<name>(?:(?:[dl]['’])?{_PART}~){{0,6}}?(?:[dl]['’])?(?:{WORD}|[0-9]{{1,3}}[A-Z]?(?=\x20?\#)))
    (?:,?~|,)(?:(?:n[°º.]|no\.?|nr\.?|núm\.?|num\.?|д\.|дом|km|\#)\x20?)?
    (?P<house>{HOUSE})(?:\x20?\#\x20?[0-9]{{1,3}}[A-Z]?(?:\x20?-\x20?[0-9]{{1,3}})?)?"""
)
_ENDS = any_of(words.ENDINGS)
_DOUBTFUL_ENDS = any_of(words.DOUBTFUL_ENDINGS)
_ONE_WORD = _spaced(
    rf"""(?<![\w-])(?P<name>(?:{WORD}~)?[^\W\d_][\w'’.-]{{1,30}}?
    (?:(?P<sure>{_ENDS})|(?P<doubtful>{_DOUBTFUL_ENDS})))\.?,?~(?:nr\.?~)?(?P<house>{HOUSE})
    (?:\x20[A-H]\x20[0-9]{{1,3}}(?!\w))?"""
)
_APART = _spaced(
    rf"""(?<![\w-])(?P<name>(?:{_PART}~){{1,3}}(?:{any_of(words.APART_ENDINGS)}))
    ,?~(?:no:?~?|nr\.?~)?(?P<house>{HOUSE})\.?"""
)
_PREPOSED = _spaced(
    rf"""(?<![\w-])(?P<name>(?:Am|Im|An~der|An~den|Auf~der|Auf~dem|In~der|Zum|Zur|Unter~den|Unter~der
    |Beim|Hinter~der|Vor~dem)~{WORD}(?:~{WORD})?),?~(?P<house>{HOUSE})"""
)
# "Meir 12, 2018 Antwerpen": any name and number, by the postcode and town that follow. What looks
# like a year is none here: "June 12, 2019 Madrid".
_ANY_NAME = re.compile(
    rf"(?<![\w-])(?P<name>(?:{WORD}\x20){{1,3}})(?P<house>[0-9]{{1,4}}[A-Za-z]?)"
)
_POSTCODE_NEXT = re.compile(
    r"[A-Za-z]?(?:,\x20|,?\n\x20{0,4})(?:[A-Z]{1,2}-)?(?!(?:19|20)[0-9]{2}\b)"
    r"(?:[0-9]{4,5}|[0-9]{4}\x20?[A-Z]{2}|[0-9]{2}-[0-9]{3}|[0-9]{3}\x20[0-9]{2})\x20"
    r"(?P<town>[^\W\d_])"
)
_BEFORE_HOUSE = re.compile(r"[$€£¥/+*-]\Z|[$€£¥]\x20\Z|[0-9](?:\x20?[/x×]\x20?|[.:])\Z")
_AFTER_HOUSE = re.compile(r"[.,:][0-9]|[%€$£°]|\x20?(?:%|€|\$|£|am\b|pm\b)|[\w-]")
_AFTER_NUMBER = re.compile(r"[.,:][0-9]|[%€$£°]|[ ]?(?:%|€|\$|£|am\b|pm\b)")
_REACH = 90  # code points before a number in which the name of its street begins
_MOST_BEFORE, _MOST_AFTER = 8, 7  # words
_WORDS = re.compile(r"[^\W\d_]+")
_TYPES_AFTER = frozenset(
    word.strip(".")
    for word in words.STREET_TYPES | words.DOUBTFUL_TYPES | words.RARE_TYPES | words.FRENCH_TYPES
)
_INTRODUCES_NUMBER = frozenset(["n°", "nº", "no", "nr", "núm", "num", "n", "д", "дом", "km", "#"])
_FIRST = frozenset(word.strip(".") for word in words.FIRST_TYPES)
_APART_WORDS = frozenset(word.strip(".") for word in words.APART_ENDINGS)
_ANY_ENDING = tuple(word.strip(".") for word in words.ENDINGS | words.DOUBTFUL_ENDINGS)
_AFTER_SMALL_NAMES = ("utca", "útja", "út", "u.")
_PREPOSITIONS = frozenset(
    ["am", "im", "an", "auf", "in", "zum", "zur", "unter", "beim", "hinter", "vor"]
)
_FIRST_NUMBER = re.compile(r"(?<![\w.,:/$€£#-])[0-9]{1,3}[ ]{1,2}\Z")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_LONGEST_SHORT = 5  # `Prof.`; what is longer and has a point ends a sentence
_MOST_DAYS = 31  # "12 March Road works" has a date
_LARGE = 3  # digits of a house number that is hardly a count of something
# After what may be a street and may be something else a sentence ends or goes on in small words.
_GOES_ON = re.compile(
    r"""(?xi)[ ]{0,2}(?:\Z|[\n,;:!?)("'|>-]|\.(?!\w) | (?:in|near|and|is|it|has|with|at|on|for|by
    | which|that|where|was|to|from|or|called|between|across|opposite|off|next|please|thanks
    | apt|suite|ste|unit|floor|costing|priced|\$|\#|und|in|bei|et|à|y|en|e|a|o|i|w)\b)"""
)


_UNIT_NEXT = re.compile(rf",?\x20{{1,2}}{UNIT}", _FLAGS)


def goes_on(text: str, end: int) -> bool:
    """Tell whether what follows is no noun that the words before belong to."""
    return bool(_GOES_ON.match(text, end) or _UNIT_NEXT.match(text, end))


def street_at(text: str, start: int, end: int, limit: int) -> Street | None:
    """Read the street that a number belongs to, within the text up to `limit`, if there is one."""
    if _has_type_after(text, end) and not _BEFORE_HOUSE.search(text, max(0, start - 4), start):
        for read in (_french, _numbered, _number_first):
            street = read(text, start, limit)
            if street is not None:
                return replace(street, start=_with_first_number(text, street.start))
    if _AFTER_NUMBER.match(text, end):
        return None
    line = text[max(0, start - _REACH) : start].rpartition("\n")[2]
    before = [word.lower().strip(",.") for word in line.split()[-_MOST_BEFORE:]]
    if before and before[-1] in _INTRODUCES_NUMBER:
        before.pop()
    if not before:
        return None
    for read, hinted in (
        (_type_first, not _FIRST.isdisjoint(before)),
        (_apart, before[-1] in _APART_WORDS),
        (_one_word, before[-1].endswith(_ANY_ENDING)),
        (_preposed, not _PREPOSITIONS.isdisjoint(before)),
        (_before_postcode, _POSTCODE_NEXT.match(text, end) is not None),
    ):
        street = read(text, start, limit) if hinted else None
        if street is not None:
            return replace(street, start=_with_first_number(text, street.start))
    return None


def _has_type_after(text: str, end: int) -> bool:
    """Tell whether a type of street is among the words after a number."""
    after = text[end : end + _REACH].partition("\n")[0].lower()
    return not _TYPES_AFTER.isdisjoint(_WORDS.findall(after)[:_MOST_AFTER])


def _with_first_number(text: str, start: int) -> int:
    """Take along a number before the street: `31 Vesturgata 66`, as some forms print them."""
    before = _FIRST_NUMBER.search(text, max(0, start - 6), start)
    return before.start() if before else start


def _numbered(text: str, start: int, limit: int) -> Street | None:
    found = _NUMBERED.match(text, start, limit)
    if found is None or _YEAR.fullmatch(found["house"]):
        return None
    return Street(start, found.end(), Certainty.LIKELY)


def _number_first(text: str, start: int, limit: int) -> Street | None:
    found = _NUMBER_FIRST.match(text, start, limit)
    if found is None:
        return None
    parts = found["name"].split()
    last = (found["more"].split() or [found["type"]])[-1]
    kind = last.lower().rstrip(".")
    house = DIGITS.findall(found["house"])[0]
    if any(map(_is_no_name, parts)):
        return None
    stop, short = found.end(), False
    if parts[0].lower() in words.MONTHS and int(house) <= _MOST_DAYS:
        return None
    if kind not in words.STREET_TYPES:
        longer = _LONGER.match(text, found.end("type"), limit)
        between = longer["name"].split() if longer else []
        if longer and all(is_capital(part) == is_capital(last) for part in between):
            last, stop = longer["type"], longer.end()
            kind = last.lower().rstrip(".")
    if text[stop : stop + 1] == "." and len(kind) < 5 and kind not in ("way", "row", "walk"):
        following = text[stop + 1 : stop + 3]
        # The point belongs to the abbreviation; at the end of a text nobody can tell.
        short = bool(following.strip() and not (following[:1] == " " and following[1:].isupper()))
        stop += short
    capital = all(is_capital(part) or is_particle(part) for part in parts)
    typed = is_capital(last)
    year = bool(_YEAR.fullmatch(house))
    large = len(house) >= _LARGE and not year
    if kind in words.STREET_TYPES:
        sure = True
    elif kind in words.DOUBTFUL_TYPES:
        sure = (short or goes_on(text, stop) or large) and (
            (capital and typed and not year) or large
        )
    else:
        sure = large and capital and typed and "," not in found[0] and goes_on(text, stop)
    if not sure and kind not in words.DOUBTFUL_TYPES and not (capital and typed):
        return None
    return Street(start, stop, Certainty.LIKELY if sure else Certainty.UNSURE)


def _is_no_name(part: str) -> bool:
    """Tell whether a word is none of a street's name: an ordinary one, or the end of a sentence."""
    if part.endswith(".") and len(part) > _LONGEST_SHORT:
        return True
    return part.lower() in words.NOT_NAMES and not (len(part) == 1 and part in "ABCDEFGH")


def _french(text: str, start: int, limit: int) -> Street | None:
    found = _FRENCH.match(text, start, limit)
    if found is None:
        return None
    stop = _name_end(text, *found.span("name"))
    first = found["name"].split()[0]
    if stop == found.start("name"):
        return None
    english = first.lower() in words.NOT_NAMES and not is_particle(first)
    plain = not is_capital(first) and not is_particle(first)
    doubtful = found["type"].lower() in ("av", "ch", "cours", "pl", "place", "square", "passage")
    if english or (plain and doubtful):
        return None
    return Street(start, stop, Certainty.LIKELY)


def _name_end(text: str, start: int, end: int) -> int:
    """Return where a name ends: after its last capitalised word, or the words in small letters."""
    stop = start
    lower = not any(is_capital(word) for word in text[start:end].split())
    for word in re.finditer(r"[^ \t]+", text[start:end]):
        known = is_capital(word[0].split("'")[-1].split("’")[-1])
        if known or (lower and word[0].lower() not in words.NOT_NAMES):
            stop = start + word.end()
        elif not is_particle(word[0]):
            break
        if known and word[0].endswith(".") and len(word[0]) > 4:
            return stop - 1
    return stop


def _type_first(text: str, start: int, limit: int) -> Street | None:
    found = _ending_at(_TYPE_FIRST, text, start, limit)
    if found is None:
        return None
    parts = found["name"].split()
    named = [part for part in parts if not is_particle(part)] or parts
    capital = is_capital(re.split("['’]", named[0])[-1])
    if any(_is_no_name(part) and not is_particle(part) for part in parts):
        return None
    kind = found["type"].lower()
    if text[found.end("type")] == "." and len(kind) >= _LONGEST_SHORT:
        return None  # "no está en camino. Soy cliente desde 2023"
    numbered = bool(_FIRST_NUMBER.search(text, max(0, found.start() - 6), found.start()))
    doubtful = kind in words.DOUBTFUL_FIRST
    if doubtful and not (capital and goes_on(text, found.end())) and not numbered:
        return None
    if _YEAR.fullmatch(found["house"]) and doubtful:
        return None
    sure = capital or numbered
    return Street(*found.span(), Certainty.LIKELY if sure else Certainty.UNSURE)


def _one_word(text: str, start: int, limit: int) -> Street | None:
    found = _ending_at(_ONE_WORD, text, start, limit)
    if found is None:
        return None
    parts = found["name"].split()
    word = parts[-1]
    begin = found.end("name") - len(word)
    if len(parts) > 1 and _is_adjective(parts[0]):
        begin = found.start()
    capital = is_capital(word)
    if word.lower() in ("weg", "straße", "platz", "allee", "gasse", "gate", "laan", "straat"):
        return None
    if _YEAR.fullmatch(found["house"]) or (found["doubtful"] and not capital):
        return None
    sure = bool(found["sure"]) and (capital or goes_on(text, found.end()))
    return Street(begin, found.end(), Certainty.LIKELY if sure else Certainty.UNSURE)


def _ending_at(pattern: re.Pattern[str], text: str, start: int, limit: int) -> re.Match[str] | None:
    """Return the match whose house number begins at `start`."""
    lowest = max(text.rfind("\n", 0, start) + 1, start - _REACH)
    for found in pattern.finditer(text, lowest, limit):
        if found.start("house") == start:
            return None if _AFTER_HOUSE.match(text, found.end()) else found
        if found.start() > start:
            break
    return None


def _is_adjective(word: str) -> bool:
    """Tell whether a German or Scandinavian street may begin with the word: Obere, Västra."""
    return (
        word[:1].isupper()
        and word.lower() not in words.INTRODUCTORY
        and bool(re.search(r"(?:ere|ße|alte|neue|nge|ine|tra|rra|dra|ner|er|en|es|\.)\Z", word))
    )


def _apart(text: str, start: int, limit: int) -> Street | None:
    found = _ending_at(_APART, text, start, limit)
    if found is None or _YEAR.fullmatch(found["house"]):
        return None
    parts = list(re.finditer(r"[^ \t]+", found["name"]))
    first = len(parts) - 1
    while first > 0 and is_capital(parts[first - 1][0]):
        first -= 1
    if first > 1 and first == len(parts) - 1 and parts[-1][0] in _AFTER_SMALL_NAMES:
        first -= 2 * is_capital(parts[first - 2][0])  # "Arany jános utca"
    named = parts[first:-1]
    if not named or any(_is_no_name(part[0]) for part in named):
        return None
    begin = found.start("name") + parts[first].start()
    return Street(begin, found.end(), Certainty.LIKELY)


def _before_postcode(text: str, start: int, limit: int) -> Street | None:
    found = _ending_at(_ANY_NAME, text, start, limit)
    following = _POSTCODE_NEXT.match(text, found.end()) if found else None
    if found is None or following is None or not following["town"].isupper():
        return None
    begin = found.start("house")
    for part in reversed(list(re.finditer(r"[^ ]+", found["name"]))):
        if not is_capital(part[0]) or _is_no_name(part[0]):
            break
        begin = found.start("name") + part.start()
    named = begin < found.start("house")
    return Street(begin, found.end("house"), Certainty.LIKELY) if named else None


def _preposed(text: str, start: int, limit: int) -> Street | None:
    found = _ending_at(_PREPOSED, text, start, limit)
    if found is None or not is_capital(found["name"].split()[-1]):
        return None
    return Street(*found.span(), Certainty.UNSURE)
