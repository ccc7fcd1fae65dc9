"""What written digits look like: a phone number anywhere, perhaps one, or something else."""

import re
from functools import cache
from itertools import pairwise

from tunegate.checks.judging import DIGITS
from tunegate.checks.phones.plans import SHAPES

_YEAR, _DAY = r"(?:19|20)[0-9]{2}", r"(?:0?[1-9]|[12][0-9]|3[01])"
NOT_PHONE = re.compile(
    rf"""(?x)
      {_YEAR}([ ./-]){_DAY}\1{_DAY}(?:[ -].*)?                       # dates
    | {_YEAR}[01][0-9][0-3][0-9](?:[0-9]{{4}}|[0-9]{{6}})?
    | {_DAY}([ ./-]){_DAY}\2{_YEAR}(?:[ -].*)?
    | {_DAY}([./-]){_DAY}\3[0-9]{{2}}(?:[ ].*)?
    | [0-3][0-9][01][0-9]{_YEAR}
    | {_YEAR}[ ]?[ /-][ ]?{_YEAR}
    | 1[0-9]{{3}}[ ]?-[ ]?(?:1[0-9]{{3}}|20[0-9]{{2}})
    | \({_YEAR}\).*
    | [0-9]{{1,2}}[.][0-9]{{2}}[ ]?-[ ]?[0-9]{{1,2}}[.][0-9]{{2}}      # opening hours
    | (?:[0-9]{{1,3}}[.]){{3}}[0-9]{{1,3}}(?:[ /].*)?                 # IPv4
    | [0-9]{{3}}-[0-9]{{2}}-[0-9]{{4}}                               # US social security
    | [0-9]{{5}}-[0-9]{{4}}                                          # ZIP+4
    | [0-9]{{1,3}}(?:[.][0-9]{{1,3}}){{1,2}}-[0-9]+                   # a version with its build
    | [0-9]+[.][0-9]+(?:[ ]-?[0-9]+[.][0-9]+)?                       # decimals, coordinates
    | [0-9]{{1,2}}(?:[.][0-9]{{3}})+                                 # 12.345.678
    | [0-9-]+-[0-9]                                                  # ISBN
    | [1-9][0-9]*0[ ]?-[ ]?[1-9][0-9]*0                              # 1500-2000
    """
)
# Orders of a large shop: 011 and 007 look like a prefix for calls abroad.
ORDER = re.compile(r"[0-9]{3}-[0-9]{7}-[0-9]{7}")
LIKELY_PHONE = re.compile(
    r"""(?x)
      (?:[18][ .-]?)?(?:\([2-9][0-9]{2}\)[ ]?-?[ ]?|[2-9][0-9]{2}[ .-])[0-9]{3}[ .-]?[0-9]{4}
    | (?:1[.-])?[0-9]{3}([.-])[0-9]{3}\1[0-9]{4}                      # North America
    | (?=(?:[^0-9]*[0-9]){8})                                         # trunk prefix 0
      \(?0[1-9][0-9]{0,4}(?:\)[ -]?|[ ]?[ ./-][ ]?)[0-9]{1,9}(?:[ .-][0-9]{2,8}){0,3}
    | \([0-9]{2,4}\)[ ]?[0-9]{3,5}[ -]?[0-9]{3,4}                     # area code in brackets
    | [1-9][0-9]?[ ]9?[0-9]{4}[ -][0-9]{4}                            # Brazil, Mexico, London …
    | 0[ ]8[0-9]{2}[ ][0-9]{3}[ ][0-9]{3} | [1-9](?:[ ][0-9]{2}){4}   # France
    | [49][0-9]{2}[ ][0-9]{2}[ ][0-9]{3}                              # Norwegian mobiles
    | [6-9][0-9]{2}([ -])[0-9]{2}\2[0-9]{2}\2[0-9]{2}                 # Spain
    | [1-9][0-9][ ][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}                   # Madrid, Zurich, Kyiv …
    | 3[0-9]{2}[ ][0-9]{6,7}                                          # Italian mobiles
    | (?:8[ -]?)?\(?[3489][0-9]{2}(?:\)[ -]?|[ -])[0-9]{3}[ -][0-9]{2}[ -][0-9]{2}  # Russia
    | [6-9][0-9]{4}[ -][0-9]{5}                                       # India
    | 1[3-9][0-9][ -][0-9]{4}[ -][0-9]{4}                             # China
    | 1[38]00[ -][0-9]{3}[ -][0-9]{3}                                 # Australia
    """
)
# Groups that some country writes, and so does everybody who writes large numbers, sizes or years.
_ALSO_AMBIGUOUS = re.compile(
    r"""(?x)
      [2-9][0-9]{3}[ -][0-9]{4}                                       # Singapore, Hong Kong …
    | [0-9]{2}([ .-])[0-9]{2}\1[0-9]{2}\1[0-9]{2}                     # Denmark, West Africa …
    | [2-9][0-9]{2}([ -])[0-9]{3}\2[0-9]{3}                           # Spain, Portugal, Poland
    | [2-9][0-9]{2}-[0-9]{4}                                          # local numbers
    """
)
_DIGITS_OF_SIX = 6
_FULL = 8  # digits of a number with its trunk prefix, nearly everywhere
_NEAR_STEP = 10  # sizes and years go up by less: 38 40 42 44, 2015 2016


def may_be_phone(written: str) -> bool:
    """Tell whether some country groups its numbers so, with these first digits."""
    if _ALSO_AMBIGUOUS.fullmatch(written):
        return True
    groups = DIGITS.findall(written)
    if sum(map(len, groups)) == _DIGITS_OF_SIX and len(groups) == 2 and _is_range(groups):
        return False
    if len("".join(groups)) < _FULL and written.startswith("0") and "-" in written:
        return False  # "03-12345" may be any file's number
    first = "".join(groups)[:2]
    shape = DIGITS.sub(lambda group: str(len(group[0])), written)
    return any(_begins(each, first) for each in (shape, shape.replace("-", " ")))


def counts_up(written: str) -> bool:
    """Tell whether the groups are steps of a scale: sizes, years, pages."""
    groups = DIGITS.findall(written)
    steps = {int(high) - int(low) for low, high in pairwise(groups)}
    return len(groups) > 2 and len(steps) == 1 and abs(steps.pop()) < _NEAR_STEP


def _is_range(groups: list[str]) -> bool:
    """Tell whether two groups are a stretch of pages or a sum of money: 120-180, 10 000."""
    low, high = groups
    return (len(low) == len(high) and low < high) or high.endswith("00")


def _begins(shape: str, first: str) -> bool:
    pattern = SHAPES.get(shape)
    return pattern is not None and bool(_compiled(pattern).fullmatch(first))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
