"""Read on from a street: unit, town, region, postcode and country, on its line and the next."""

import re
from collections.abc import Iterator

from tunegate.checks.addresses import words
from tunegate.checks.addresses.lexicon import COUNTRY, STATE, STATE_NAME, UNIT, is_capital

REACH = 200  # code points after a street within which its address ends
_MOST_PARTS = 8
_FLAGS = re.IGNORECASE | re.VERBOSE

_UNIT = re.compile(UNIT, _FLAGS)
_COUNTRY = re.compile(rf"(?:{COUNTRY})(?![\w'’-])")
_ANY_COUNTRY = re.compile(rf"(?:{COUNTRY})(?![\w'’-])", re.IGNORECASE)
_UK = r"(?:GIR ?0AA|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2})"
_CANADA = r"[ABCEGHJ-NPRSTVXY][0-9][A-Z][ -]?[0-9][A-Z][0-9]"
_REGION_CODE = re.compile(  # with its postcode: "CA 94105", "NSW 2000", "ON K1A 0B1", "Texas"
    rf"(?:(?:{STATE})\b\.?|(?:{STATE_NAME})(?!\w))"
    rf"(?P<code>,?[ ]{{1,2}}(?:[0-9]{{5}}(?:-[0-9]{{4}})?|[0-9]{{4}}|{_CANADA})(?!\w))?"
)
_PROVINCE = re.compile(r"\([A-Z]{2}\)|/[ ]?[A-Z]{2}(?!\w)")  # "Milano (MI)", "Recife / PE"
_ANY_REGION_CODE = re.compile(
    rf"(?:{STATE_NAME})(?P<code>,?[ ]{{1,2}}[0-9]{{5}}(?!\w))?", re.IGNORECASE
)
_POSTCODE = re.compile(
    rf"(?:{_UK}|{_CANADA}|(?:[A-Z]{{1,2}}-)?[0-9]{{5}}(?:-[0-9]{{3,4}})?|[0-9]{{4}}[ ]?[A-Z]{{2}}"
    r"|[0-9]{4}-[0-9]{3}|[0-9]{2}-[0-9]{3}|[0-9]{3}[ ][0-9]{2}|(?:[A-Z]{1,2}-)?[0-9]{4}"
    r"|[0-9]{6}|[0-9]{3}[ ][0-9]{3})(?![\w-])"
)
_SMALL_UK = re.compile(rf"{_UK}(?!\w)", re.IGNORECASE)
_LONE_POSTCODE = re.compile(
    rf"(?:{_UK}|{_CANADA}|[0-9]{{5,6}}(?:-[0-9]{{3,4}})?"
    r"|[0-9]{4}(?:[ ]?[A-Z]{2}|-[0-9]{3})?)(?![\w-])"
)
_TOWN_AND_CODE = re.compile(r"-[0-9]{6}(?!\w)")  # "Pune-411001"
_TOWN_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-]){0,24}\.?(?!\w)")
_LINE_BREAK = re.compile(r"[ \t]*,?[ \t]*(?:\r?\n[ \t>|*?]{0,8}){1,2}(?:,[ ]?)?")
_COLUMN = ","  # without a space after it: the next column of a table, or a town
_COMMA = re.compile(r"[ ]{0,2},[ ]{0,2}(?:-[ ])?|[ ]{1,2}[-–][ ]{1,2}")
_WITHIN = re.compile(
    r",?[ ](?:in|à|en|te|a|w)[ ](?=(?:[A-Z]{1,2}-)?[0-9]{4,5}[ ])"
)  # "in 10827 Berlin"
_SMALL_TOWN = re.compile(  # "portland or 97205": only the code behind the state makes it one
    rf"(?:[a-z][a-z.'-]{{1,20}},?[ ]){{1,3}}(?:{STATE}),?[ ]{{1,2}}[0-9]{{5}}"
    r"(?:-[0-9]{4})?(?!\w)",
    re.IGNORECASE,
)
_BLANK = re.compile(r"[ ]{1,2}")
_PLACE_ENDS = re.compile(
    r"""(?xi)[ ]{0,2}(?:\Z|[\n,;:!?)("'|>]|\.(?!\w)) | [ ](?:and|is|it|has|with|at|on|for|in|last
    | which|that|where|was|to|from|or|please|thanks|if|as|by|und|et|y|e|i|but|so|costing|\$)\b"""
)
_REGION_LINE = re.compile(r"[A-ZÄÖÜa-z]{2,3}(?![\w])(?=[ ]{0,2}(?:\n|\Z|[0-9]))")
_ENDS_IN_CODE = re.compile(r"[0-9]{4}(?:[ ]?[A-Z]{2})?\Z")
_FEWEST_ALONE = 4  # digits; so few are a postcode only on a line of their own
_LINE_MAY_END = re.compile(r"[ ]{0,2}(?:\n|\Z|,|-?[0-9]|\.(?!\w)|[A-Z]{2,3}\b)")
_LONGEST_SHORT = 3  # with its point
_MOST_TOWN_WORDS = 4


class Tail:
    """What follows a street: where it ends, and whether it proves that the street was one.

    A part that might be anything, such as a capitalised word on the next line, belongs to it only
    where a later part proves it. small: whoever writes the street in small letters writes the town
    so as well.
    """

    def __init__(self, text: str, start: int, limit: int, *, small: bool = False) -> None:
        self.text, self.limit, self.small = text, limit, small
        self.end = start  # up to here it is proven, or follows without doubt
        self.proven = False
        self.coded = (
            False  # the part before is a postcode and no town: that stands on the next line
        )
        self._read(start)

    def _read(self, place: int) -> None:
        pending = False
        for _ in range(_MOST_PARTS):
            step = self._step(place, pending)
            if step is None:
                return
            self.coded = bool(_ENDS_IN_CODE.search(self.text, place, step[0]))
            place, proves, certain = step
            if proves or (certain and not pending):
                self.end, pending = place, False
                self.proven = self.proven or proves
            elif not certain:
                pending = True
            if place >= self.limit:
                return

    def _step(self, place: int, pending: bool) -> tuple[int, bool, bool] | None:
        """Read one part: where it ends, whether it proves an address, whether it surely belongs."""
        for begin, kind in self._joints(place):
            found = self._part(begin, kind, pending)
            if found is not None:
                return found
        return None

    def _joints(self, place: int) -> Iterator[tuple[int, str]]:
        for pattern, kind in (
            (_WITHIN, "comma"),
            (_LINE_BREAK, "line"),
            (_COMMA, "comma"),
            (_BLANK, "blank"),
        ):
            joint = pattern.match(self.text, place, self.limit)
            if joint:
                yield joint.end(), kind

    def _part(self, place: int, kind: str, pending: bool) -> tuple[int, bool, bool] | None:
        text, limit = self.text, self.limit
        unit = _UNIT.match(text, place, limit)
        if unit:
            return unit.end(), True, True
        region = (_ANY_REGION_CODE if self.small else _REGION_CODE).match(text, place, limit)
        if region and (region["code"] or kind != "blank" or _PLACE_ENDS.match(text, region.end())):
            return region.end(), bool(region["code"]), kind != "line"
        small = None if kind == "line" else _SMALL_TOWN.match(text, place, limit)
        if small:
            return small.end(), True, True
        province = _PROVINCE.match(text, place, limit)
        if province:
            return province.end(), False, True
        country = (_ANY_COUNTRY if kind == "line" else _COUNTRY).match(text, place, limit)
        if not country and self.small:
            country = _ANY_COUNTRY.match(text, place, limit)
        if country and (kind != "blank" or self.proven or pending):
            return country.end(), True, True
        code = _POSTCODE.match(text, place, limit)
        if code is None and self.small:
            code = _SMALL_UK.match(text, place, limit)
        if code:
            town = self._town(code.end(), kind)
            if town and kind != "blank":
                return town, True, True
            if self._may_be_alone(code, kind, pending):
                return code.end(), True, True
        if kind == "line":
            lone = _REGION_LINE.match(text, place, limit)
            if lone:
                return lone.end(), False, False
        return self._town_part(place, kind)

    def _may_be_alone(self, code: re.Match[str], kind: str, pending: bool) -> bool:
        """Tell whether a postcode with no town after it is one: what stands before it."""
        lone = _LONE_POSTCODE.fullmatch(code[0])
        if kind == "blank":
            known = bool(lone) and len(code[0]) > _FEWEST_ALONE
            return (known or code.re is _SMALL_UK) and (
                pending or self.proven or not code[0].isdigit()
            )
        ends = _PLACE_ENDS.match(self.text, code.end())
        # "March 3, 2010" has a year.
        return bool(ends and lone) and (kind == "line" or len(code[0]) > _FEWEST_ALONE)

    def _town(self, place: int, kind: str) -> int | None:
        """Return where a town after a postcode ends."""
        if self.text[place : place + 1] != " ":
            return None
        return self._capitalised(place + 1, anyhow=self.small)

    def _town_part(self, place: int, kind: str) -> tuple[int, bool, bool] | None:
        end = self._capitalised(place, anyhow=self.small)
        if end is None:
            return None
        code = _TOWN_AND_CODE.match(self.text, end)
        if code:
            return code.end(), True, True
        ends = _PLACE_ENDS.match(self.text, end)
        if kind == "line":
            whole = _LINE_MAY_END.match(self.text, end)
            return (end, False, self.coded) if whole else None
        if kind == "blank":
            # "Suite 498 Curitiba Paraná" after a unit, else only what a later part proves.
            return (end, False, self.proven and bool(ends))
        sure = bool(ends) and self.text[place - 1] != _COLUMN
        return (end, False, sure) if ends or self.text[end : end + 1] == " " else None

    def _capitalised(self, place: int, *, anyhow: bool) -> int | None:
        """Return where some words that may name a town end; in capitals unless anyhow."""
        end, count = None, 0
        while count < _MOST_TOWN_WORDS:
            word = _TOWN_WORD.match(self.text, place, self.limit)
            if word is None:
                break
            small = not is_capital(word[0])
            if small and not (anyhow or (count and word[0].lower() in words.TOWN_PARTICLES)):
                break
            if small and ("'" in word[0] or word[0] in words.NOT_NAMES):
                return None
            if word[0].lower().rstrip(".") in words.NOT_TOWNS and not (
                count and word[0].lower() in words.TOWN_PARTICLES
            ):
                break
            # A region's code after a town is the next part.
            if count and _REGION_CODE.match(self.text, place, self.limit):
                break
            count += 1
            # "St. Gallen" goes on after a point; after other words a sentence ends.
            opens = count == 1 and len(word[0]) <= _LONGEST_SHORT
            stop = word.end() - (word[0].endswith(".") and not opens)
            if not small or anyhow:
                end = stop
            if stop < word.end() or self.text[word.end() : word.end() + 1] != " ":
                break
            place = word.end() + 1
        return end
