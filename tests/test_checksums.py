"""Check digits are those of the standards' own examples, and find every single wrong digit."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_digits import hybrid, verhoeff
from tunegate.checks.validators import checksums


@pytest.mark.parametrize(
    ("passes", "signs"),
    [
        (checksums.passes_verhoeff, "2363"),
        (lambda signs: checksums.passes_hybrid(signs, 10), "07945"),
        (lambda signs: checksums.passes_hybrid(signs, 36), "A12425GABC1234002M"),  # GRid
        (lambda signs: checksums.passes_pure(signs, 11, 2), "07940"),
        (lambda signs: checksums.passes_pure(signs, 11, 2), "000000012281955X"),  # ISNI
        (lambda signs: checksums.passes_pure(signs, 37, 2), "A999914123456N"),  # ISBT 128
        (lambda signs: checksums.modulo_97(signs) == 1, "WEST12345698765432GB82"),  # IBAN
    ],
)
def test_published_examples_pass(passes: Callable[[str], bool], signs: str) -> None:
    assert passes(signs)
    others = [sign for sign in "0123456789" if sign != signs[-2]]
    assert not any(passes(signs[:-2] + sign + signs[-1]) for sign in others)


@given(st.text("0123456789", min_size=1, max_size=18))
def test_one_digit_completes_a_number(body: str) -> None:
    verhoeffs = [d for d in "0123456789" if checksums.passes_verhoeff(body + d)]
    hybrids = [d for d in "0123456789" if checksums.passes_hybrid(body + d, 10)]
    assert (verhoeffs, hybrids) == ([verhoeff(body)], [hybrid(body)])


@pytest.mark.parametrize(
    ("digits", "holds"), [("240229", True), ("230229", False), ("991301", False), ("000000", False)]
)
def test_six_digits_are_a_day_or_not(digits: str, holds: bool) -> None:
    assert checksums.is_day_of_century(digits) is holds
