"""Tell postal addresses from the other things that have a number and a name."""

import re
from dataclasses import replace
from itertools import islice

from tunegate.checks.addresses.boxes import box_at
from tunegate.checks.addresses.lexicon import HOUSE, UNIT, WORD, any_of, is_capital, is_particle
from tunegate.checks.addresses.streets import Street, goes_on, street_at
from tunegate.checks.addresses.tails import REACH, Tail
from tunegate.checks.addresses.words import CUES, MONTHS, NOT_NAMES, NOT_TOWNS, STREET_TYPES, UNITS
from tunegate.checks.judging import Certainty, Judged

_UNIT = re.compile(UNIT, re.IGNORECASE | re.VERBOSE)
_UNIT_BEFORE = re.compile(
    rf"(?:{UNIT}(?:,\x20?|\x20-\x20|\x20|/|,?\n)|(?<!\w)(?:unit|flat|suite|apt\.?|(?:h\.|house\x20|plot\x20)no\.)\x20)\Z",
    re.IGNORECASE | re.VERBOSE,
)
_UNIT_FIRST = re.compile(  # "Flat No. 12, 3rd Floor, MG Road": the street has no number
    rf"{UNIT}(?:,\x20{UNIT})?,\x20(?:{WORD}\x20){{1,3}}(?:{any_of(STREET_TYPES)})(?!\w)",
    re.IGNORECASE | re.VERBOSE,
)
# What introduces an address whatever it looks like; the second kind also introduces other things.
_CUE = re.compile(
    r"""(?xi)(?<!\w)(?:(?P<strong>(?:address(?:es)?|adresse|anschrift|dirección|domicilio|indirizzo
    |endereço|morada|adres|adress|osoite|office)(?:\x20[\w'’-]+){0,6}?(?:\x20(?:is|to|at|with|in|ist
    |lautet|est|es|è|é)|(?:\x20[\w,]+){0,5}:|\x20the\x20same:){1,2}
    |(?:lives?|lived|living|resides?|residing|wohn(?:e|t|en)|habite|vivo|abito|moro|woon|mieszkam)
    \x20(?:now\x20|here\x20)?(?:at|in|on|à|en|au|na|no|op|w|a|alla))
    |(?:ship|shipped|deliver|delivered|send|sent|mail|mailed|return|returned|forward|arrived?|taxi|cab
    |meet|pick|located|live)(?:\x20[\w'’-]+){0,5}?\x20(?:to|at|from))
    \s{1,6}(?:the\x20)?(?P<name>(?:[^\W\d_][\w'’.-]*\x20){0,5})\Z"""
)
_CUE_WORD = re.compile(rf"(?i)\b(?:{any_of(CUES)})(?!\w)")
_CUE_STEMS = frozenset(word[:4] for word in CUES)
_MOST_CUES = 4  # words of those that are tried, the nearest
_ANSWER = re.compile(
    r"""(?xi)\A\W{0,3}(?:(?:it's|it\x20is|yes|sure|ok|okay|so)\W{1,3}){0,2}
    (?P<name>(?:[^\W\d_][\w'’.-]*\x20){0,4})\Z"""
)
_OTHER_ADDRESS = re.compile(r"mail|\bip\b|\bmac\b|web|url|wallet|crypto|site", re.IGNORECASE)
_CUE_REACH = 100  # code points before a number in which it is introduced
_HOUSE = re.compile(HOUSE)
_NUMBER = re.compile(r"[0-9]{1,6}")
_NOT_FREE = re.compile(r"(?<!\\)[\w/+*$€£¥-]\Z|\\(?![nrt])\w\Z|[0-9][.:]\Z")
_LETTER, _NEAR = re.compile(r"[^\W\d_]"), 12  # code points
_GOES_ON_WITH_NAME = re.compile(r"[A-Za-z]?[,.]?[ ][\w(]")
_NEXT_REACH, _NEXT_NUMBERS = 60, 2  # code points and numbers that are looked at ahead
_NAME_PART = re.compile(rf"(?:{WORD}|[0-9]{{1,3}}(?:st|nd|rd|th)?(?=\x20[^\W\d_]))")
_MOST_PARTS = 6
_NO_FIRST_NAMES = NOT_NAMES | NOT_TOWNS | MONTHS | UNITS
_LINE_WITH_NUMBER = re.compile(
    r"[0-9]{1,5}[A-Za-z]?\b[^\n!?;:]{2,50}?[ \t,]{0,2}(?:\n[ \t>|*?]{0,8})?\Z"
)
_LINE_OF_NAME = re.compile(
    r"[^\W\d_][\w'’.-]*(?:[ ][\w'’.-]+){0,5}[ ][0-9]{1,5}[A-Za-z]?\.?[ \t,]{0,2}"
    r"(?:\n[ \t>|*?]{0,8})?\Z"
)
_UNIT_WORD = re.compile(
    r"(?<![\w'’])[^\W\d_]{1,11}\.?[ ]?(?:(?:No\.?|no\.?|Nr\.?|number)[ ])?\#?[ ]?\Z|\#[ ]?\Z"
)
_UNIT_WORD_REACH = 20
_UNIT_REACH = 70  # code points before a unit in which its street begins


def postal_address(text: str, start: int, end: int) -> Judged | None:
    """Accept a street with a number, a box or a unit, and take the whole address along.

    What only may be one is unsure: a word such as `address` must stand near. A postcode, a unit or
    a country that follows makes it likely.
    """
    if not _stands_free(text, start, end):
        return None
    if not _LETTER.search(text, max(0, start - _NEAR), end + _NEAR):
        return None  # a column of numbers
    found = _address_of(text, start, end)
    if found and found.certainty is Certainty.LIKELY:
        return found
    # The number may stand before the one that the street is told by: `31 Vesturgata 66`.
    if found is None and not _GOES_ON_WITH_NAME.match(text, end):
        return None
    reach = found.end if found else start
    numbers = _NUMBER.finditer(text, end, min(len(text), end + _NEXT_REACH))
    for number in islice(numbers, _NEXT_NUMBERS):
        free = _stands_free(text, *number.span())
        other = _address_of(text, *number.span()) if free else None
        if other and other.certainty is Certainty.LIKELY and other.start <= reach:
            return other
    return found


def _stands_free(text: str, start: int, end: int) -> bool:
    """Tell whether digits are a number by themselves, not part of a code, a sum or a time."""
    before = text[max(0, start - 2) : start]
    return not (text[end : end + 1].isdigit() or _NOT_FREE.search(before))


def _address_of(text: str, start: int, end: int) -> Judged | None:
    """Read the address that a number belongs to."""
    limit = min(len(text), end + REACH)
    box = box_at(text, start, limit)
    if box:
        tail = Tail(text, box[1], limit)
        return Judged(_with_unit(text, box[0]), tail.end, Certainty.LIKELY)
    street = (
        street_at(text, start, end, limit)
        or _unit_street(text, start)
        or _introduced(text, start, limit)
    )
    if street is None:
        return None
    tail = Tail(text, street.end, limit, small=text[street.start : street.end].islower())
    certainty = Certainty.LIKELY if tail.proven else street.certainty
    return Judged(_with_unit(text, street.start), tail.end, certainty)


def _with_unit(text: str, start: int) -> int:
    """Take along a unit before the street: `Flat 3, 12 High Street`, `Unit 4/12 Smith St`."""
    for _ in range(2):
        unit = _UNIT_BEFORE.search(text, max(0, start - 24), start)
        if unit is None:
            break
        start = unit.start()
    return start


def _unit_street(text: str, start: int) -> Street | None:
    """Read a street of any name by the unit that follows it: `95 Rincon 9082 Apt. 4`."""
    word = _UNIT_WORD.search(text, max(0, start - _UNIT_WORD_REACH), start)
    if word is None or not _UNIT.match(text, word.start()):
        return None
    first = _UNIT_FIRST.match(text, word.start(), min(len(text), start + _UNIT_REACH))
    if first:
        return Street(first.start(), first.end(), Certainty.LIKELY)
    lowest = max(0, word.start() - _UNIT_REACH)
    for pattern in (_LINE_WITH_NUMBER, _LINE_OF_NAME):
        line = pattern.search(text, lowest, word.start())
        if line and _is_name(line[0]):
            stop = line.start() + len(line[0].rstrip(" \t\n,>|*?"))
            return Street(line.start(), stop, Certainty.LIKELY)
    return None


def _is_name(line: str) -> bool:
    """Tell whether the words of a line can name a street."""
    named = [word.strip(".,") for word in line.split() if word[:1].isalpha()]
    return (
        bool(named)
        and named[0].lower() not in UNITS
        and not any(word.lower() in NOT_NAMES and not is_particle(word) for word in named)
    )


def _introduced(text: str, start: int, limit: int) -> Street | None:
    """Read what stands where an address must: after `my address is`, or as the whole answer."""
    lowest = max(0, start - _CUE_REACH)
    before = text[lowest:start]
    cue = _cue(before)
    if cue and _OTHER_ADDRESS.search(before, 0, cue.start("name")):
        return None
    lead = cue or (_ANSWER.match(before) if lowest == 0 else None)
    if lead is None:
        return None
    free = _free(text, lowest + lead.start("name"), limit)
    if free is None or free[0].end <= start:
        return None
    street, both = free
    sure = cue and (both or (cue["strong"] and goes_on(text, street.end)))
    return replace(street, certainty=Certainty.LIKELY) if sure else street


def _cue(before: str) -> re.Match[str] | None:
    """Return what introduces an address at the end of a text: the first that reaches it."""
    if _CUE_STEMS.isdisjoint([word[:4] for word in before.lower().split()]):
        return None  # of most numbers; the search below costs ten times as much
    for word in list(_CUE_WORD.finditer(before))[-_MOST_CUES:]:
        cue = _CUE.match(before, word.start())
        if cue:
            return cue
    return None


def _free(text: str, start: int, limit: int) -> tuple[Street, bool] | None:
    """Read a number and a name, or a name and a number, of any kind; tell whether it has both."""
    first = _HOUSE.match(text, start, limit)
    place = start
    if first:
        place = first.end() + (text[first.end() : first.end() + 1] == ",")
        place += text[place : place + 1] == " "
    end, named = place, 0
    while named < _MOST_PARTS:
        part = _NAME_PART.match(text, place, limit)
        if part is None or not (is_capital(part[0]) or (named and is_particle(part[0]))):
            break
        refused = NOT_NAMES if named else _NO_FIRST_NAMES
        if part[0].lower().rstrip(".") in refused and not is_particle(part[0]):
            break
        named += 1
        end = end if is_particle(part[0]) else part.end()
        if text[part.end() : part.end() + 1] != " ":
            break
        place = part.end() + 1
    if not named or not any(sign.isalpha() for sign in text[start:end]):
        return None
    joint = re.compile(r",?\x20").match(text, end, limit)
    last = _HOUSE.match(text, joint.end(), limit) if joint else None
    if last and not re.compile(r"[\w%]|[.:][0-9]").match(text, last.end()):
        return Street(start, last.end(), Certainty.UNSURE), first is not None
    end -= text[end - 1] == "." and end - start > 4
    return (Street(start, end, Certainty.UNSURE), False) if first else None
