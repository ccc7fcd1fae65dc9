"""Write src/tunegate/checks/phones/plans.py: how the world's phone numbers are grouped.

python benchmarks/phone_plans.py     # two minutes; needs `phonenumbers` (Apache-2.0)

The national format of every region is asked for random valid numbers, with a fixed seed; what is
kept is which groups of digits occur, and with which two digits they begin.
"""

import random
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat
from phonenumbers.phonemetadata import PhoneNumberDesc

TARGET = Path(__file__).parents[1] / "src/tunegate/checks/phones/plans.py"
TRIES = 80  # random numbers for each region, length and pair of first digits
FEWEST, LONGEST_GROUP = 6, 8  # shorter ones, and digits without a gap, prove nothing
MOST_NATIONAL = 12  # digits; longer ones are service numbers with an extension in them
HEAD = '''"""How phone numbers are grouped and how long they are.

Written by benchmarks/phone_plans.py. Facts from the metadata of phonenumbers
{version}, a port of Google's libphonenumber (Apache-2.0, see NOTICE).
"""
'''


def plans() -> Iterator[tuple[int, PhoneNumberDesc]]:
    """Yield each region's calling code, with its numbering plan."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        plan = PhoneMetadata.metadata_for_region(region)
        if plan and plan.country_code and plan.general_desc:
            yield plan.country_code, plan.general_desc


def written(code: int, plan: PhoneNumberDesc, rng: random.Random) -> Iterator[str]:
    """Yield valid numbers of a region in national format, with any two digits first."""
    valid = re.compile(plan.national_number_pattern or "")
    for start in range(100):
        for length in plan.possible_length:
            for _ in range(TRIES if length > 2 else 0):
                digits = f"{start:02}" + "".join(rng.choices("0123456789", k=length - 2))
                if valid.fullmatch(digits):
                    zero = digits.startswith("0") or None
                    number = PhoneNumber(code, int(digits), italian_leading_zero=zero)
                    yield phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)


def prefixes(pairs: set[str]) -> str:
    """Return a regular expression for pairs of digits."""
    seconds: dict[str, str] = {}
    for first in "0123456789":
        seconds[first] = "".join(sorted(pair[1] for pair in pairs if pair[0] == first))
    firsts: dict[str, str] = defaultdict(str)
    for first, second in seconds.items():
        if second:
            firsts[second] += first
    return "|".join(f"{one_of(first)}{one_of(second)}" for second, first in sorted(firsts.items()))


def one_of(digits: str) -> str:
    """Return a character class, as short as may be."""
    if len(digits) == 10:
        return "."
    if len(digits) > 2 and digits in "0123456789":
        return f"[{digits[0]}-{digits[-1]}]"
    return digits if len(digits) == 1 else f"[{digits}]"


def main() -> None:
    """Write the module."""
    rng = random.Random(1)  # noqa: S311 - invented numbers, no cryptography
    shapes: dict[str, set[str]] = defaultdict(set)
    lengths: dict[int, set[int]] = defaultdict(set)
    for code, plan in plans():
        lengths[code].update(plan.possible_length)
        for number in written(code, plan, rng):
            groups = re.findall("[0-9]+", number)
            sizes = [len(group) for group in groups]
            if len(sizes) > 1 and sum(sizes) >= FEWEST and max(sizes) <= LONGEST_GROUP:
                shape = re.sub("[0-9]+", lambda group: str(len(group[0])), number)
                shapes[shape].add("".join(groups)[:2])
    ranges: dict[tuple[int, int], list[int]] = defaultdict(list)
    for code, known in sorted(lengths.items()):
        ranges[min(known), min(max(known), MOST_NATIONAL)].append(code)
    lines = [HEAD.format(version=phonenumbers.__version__)]
    lines.append("# Digits after the calling code, fewest and most → the codes.\nLENGTHS = {")
    for (least, most), codes in sorted(ranges.items()):
        parts = textwrap.wrap(" ".join(map(str, codes)), 80, drop_whitespace=False)
        lines.append(
            f"    ({least}, {most}): " + "\n    ".join(f'"{part}"' for part in parts) + ","
        )
    lines.append(
        "}\n\n# Sizes of the groups → with which two digits such numbers begin.\nSHAPES = {"
    )
    lines += [f'    "{shape}": "{prefixes(pairs)}",' for shape, pairs in sorted(shapes.items())]
    TARGET.write_text("\n".join([*lines, "}\n"]), encoding="utf-8")


if __name__ == "__main__":
    main()
