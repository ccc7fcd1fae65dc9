"""Measure the rule pii/phone-number on numbers of every country's plan.

python benchmarks/phones.py                 # needs `phonenumbers`, which holds the plans
python benchmarks/phones.py --errors 40     # also print what is missed

Three sets: one number a region, as the plans give it; one a region and kind of line; and valid
ones made of these by changing digits, with a fixed seed. Each is written in three formats, in
sentences that name a phone and in sentences that do not. A number is found when findings cover
at least half of it.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from tunegate.checks.pattern import Pattern
from tunegate.model import to_batch
from tunegate.rules import load_rules

NAMED = (
    "My phone number is {}|Call me on {}|Tel: {}|You can reach me at {}.|Mi teléfono es {}|"
    "Meine Nummer ist {}, danke|Mon téléphone : {}|phone {} please"
)
BARE = "{} is best|try {}|{}|Sure: {}.|It is {}, thanks|Use {} or write to me"
FORMATS = {
    "E.164": (PhoneNumberFormat.E164, BARE),
    "international": (PhoneNumberFormat.INTERNATIONAL, BARE),
    "national, named": (PhoneNumberFormat.NATIONAL, NAMED),
    "national, bare": (PhoneNumberFormat.NATIONAL, BARE),
}
KINDS = (
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.VOIP,
)
TRIES = 200  # of changing digits, for one valid number


def examples() -> Iterator[PhoneNumber]:
    """Yield the example number of each region."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        number = phonenumbers.example_number(region)
        if number:
            yield number


def kinds() -> Iterator[PhoneNumber]:
    """Yield the example numbers of each region's kinds of line."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in KINDS:
            number = phonenumbers.example_number_for_type(region, kind)
            if number:
                yield number


def changed(rng: random.Random, count: int) -> Iterator[PhoneNumber]:
    """Yield valid numbers made of the examples by changing four of their digits."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in KINDS[:2]:
            number = phonenumbers.example_number_for_type(region, kind)
            if not number:
                continue
            made = 0
            for _ in range(TRIES):
                digits = list(phonenumbers.national_significant_number(number))
                for place in rng.sample(range(1, len(digits)), min(4, len(digits) - 1)):
                    digits[place] = rng.choice("0123456789")
                try:
                    other = phonenumbers.parse("".join(digits), region)
                except phonenumbers.NumberParseException:
                    continue
                if made < count and phonenumbers.is_valid_number_for_region(other, region):
                    made += 1
                    yield other


def measure(name: str, numbers: Sequence[PhoneNumber], seed: int, errors: int) -> None:
    """Print the share of the numbers that is found, by format and sentence."""
    rng = random.Random(seed)  # noqa: S311 - a choice of sentences, no cryptography
    rule = next(rule for rule in load_rules() if rule.id == "pii/phone-number")
    scan = Pattern.fuse([(rule, rule.build())])
    print(f"\n{name}: {len(numbers)} numbers")
    for label, (style, carriers) in FORMATS.items():
        texts, spans = [], []
        for number in numbers:
            written = phonenumbers.format_number(number, style)
            head, _, tail = rng.choice(carriers.split("|")).partition("{}")
            texts.append(head + written + tail)
            spans.append((len(head), len(head) + len(written)))
        covered: dict[int, int] = defaultdict(int)
        exact = 0
        found = scan.check(to_batch([[("user", text)] for text in texts]))
        for row, start, end in found.select("row", "start", "end").iter_rows():
            begin, stop = spans[row]
            covered[row] += max(0, min(end, stop) - max(start, begin))
            exact += (start, end) == (begin, stop)
        missed = [
            text
            for row, (text, (begin, stop)) in enumerate(zip(texts, spans, strict=True))
            if 2 * covered[row] < stop - begin
        ]
        total = len(texts)
        print(f"  {label:16} found {1 - len(missed) / total:.4f}  exact {exact / total:.4f}")
        for text in rng.sample(missed, min(errors, len(missed))):
            print(f"    miss {text}")


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--errors", type=int, default=0, help="how many to print of each format")
    options = parser.parse_args()
    measure("one a region", list(examples()), 1, options.errors)
    measure("one a region and kind of line", list(kinds()), 2, options.errors)
    rng = random.Random(3)  # noqa: S311 - invented numbers, no cryptography
    measure("digits changed", list(changed(rng, 4)), 4, options.errors)


if __name__ == "__main__":
    main()
