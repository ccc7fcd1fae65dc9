"""What patterns look at is what people read, and every place leads back to the text."""

import json
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.checks.pattern import Pattern
from tunegate.checks.views import views
from tunegate.model import to_batch
from tunegate.rules import load_rules


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("plain", "plain"),
        ("０１２ ＡＢＣ＠ｘ", "012 ABC@x"),
        ("1\u00a02\u202f3\u20094", "1 2 3 4"),
        ("a\u2010b\u2013c\u2212d", "a-b-c-d"),
        ("a\u200bb\u00adc\ufeffd", "abcd"),
        ("𝟒𝟏𝟏𝟏 ④ ٤١", "4111 4 41"),
        ("p\u0430yp\u0430l", "paypal"),
        ("слово и буква", "слово и буква"),
        ('{"a":"x\\n+1\\u0034"}', '{"a":"x\n+14"}'),
        ("C:\\new", "C:\\new"),
        ("été Straße", "été Straße"),
    ],
)
def test_a_view_is_what_people_read(text: str, view: str) -> None:
    assert views(pl.Series([text])).texts.to_list() == [view]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            ["a", "7", " ", "\u200b", "\u00a0", "７", "\\n", "\\u0041", '"', "é", "\U000e0041"]
        )
    )
)
def test_places_lead_back_in_order_and_cover_what_is_shown(pieces: list[str]) -> None:
    text = "[" + "".join(pieces)
    seen = views(pl.Series([text]))
    spans = [seen.back(0, at, at + 1) for at in range(len(seen.texts[0]))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("４１１１ １１１１ １１１１ １１１１", "pii/payment-card"),
        ("4111\u00a01111\u00a01111\u00a01111", "pii/payment-card"),
        ("4\u200b111-1111\u20111111-1111", "pii/payment-card"),
        ("j\u0430ne@ex\u0430mple.com", "pii/email-address"),
        ("ja\u00adne@example\u200b.com", "pii/email-address"),
        ("＋１ ４１５ ５５５ ０１００", "pii/phone-number"),
    ],
)
def test_a_disguised_value_is_found_to_the_code_point(value: str, rule: str) -> None:
    text = f"It is {value}, thanks."
    check = next(r for r in load_rules() if r.id == rule).build()
    found = check.check(to_batch([[("user", text)]]))
    assert [text[a:b] for a, b in found.select("start", "end").rows()] == [value]


def test_escapes_of_json_are_read_and_the_span_covers_them() -> None:
    text = json.dumps({"mail": "jané@example.com", "n": "x\n+14155550101"})
    check = next(r for r in load_rules() if r.id == "pii/email-address").build()
    found = check.check(to_batch([[("user", text)]]))
    assert [text[a:b] for a, b in found.select("start", "end").rows()] == ["jan\\u00e9@example.com"]


def test_texts_of_one_batch_do_not_change_each_other() -> None:
    texts = pl.Series(["x", "７", "x"])
    views(texts)
    assert texts.to_list() == ["x", "７", "x"]
    needle = Pattern(pattern="7")
    found = needle.check(to_batch([[("user", "x")], [("user", "７")], [("user", "7")]]))
    assert found["row"].to_list() == [1, 2]
