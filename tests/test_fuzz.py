"""Damaged exports of every system: no crash, and nothing that leaves a reader without a trace."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz_readers import survive
from samples import module, names
from tunegate.readers.choosing import readers

WORDS = [
    b"null",
    b"[]",
    b"{}",
    b'""',
    b"0",
    b"-1",
    b"true",
    b'"',
    b",",
    b"\n",
    b"\xff",
    b"\0",
    b"1e400",
]
DAMAGE = st.tuples(
    st.floats(0, 1), st.integers(0, 30), st.sampled_from(WORDS) | st.binary(max_size=9)
)


@pytest.mark.parametrize("name", names())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pick=st.integers(0, 20), damage=st.lists(DAMAGE, max_size=4))
def test_a_damaged_export_is_survived(
    name: str, pick: int, damage: list[tuple[float, int, bytes]]
) -> None:
    sample = module(name)
    file, content = list(sample.files().items())[pick % len(sample.files())]
    for at, length, word in damage:
        place = int(at * len(content))
        content = content[:place] + word + content[place + length :]
    with TemporaryDirectory() as folder:
        survive(readers()[sample.NAME], Path(file).name, content, Path(folder))
