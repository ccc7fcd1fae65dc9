"""Digits in words become digits, each with its place; prose stays prose."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunegate.checks.spoken import TRIGGER, spoken

WORDS = {
    "en": "zero one two three four five six seven eight nine",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "it": "zero uno due tre quattro cinque sei sette otto nove",
    "pt": "zero um dois três quatro cinco seis sete oito nove",
    "nl": "nul een twee drie vier vijf zes zeven acht negen",
}


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("it is four one one one, one one", "it is 4111 11"),
        ("plus four four two oh seven", "+44207"),
        ("call one eight hundred five five five", "call 1800555"),
        ("double five triple one two", "551112"),
        ("twenty three forty one", "2341"),
        ("four-two-four-two", "4242"),
        ("zéro six douze trente-quatre quatre-vingt-dix-huit", "06123498"),
        ("soixante-douze quatre-vingts onze cinq", "72915"),
        ("null eins sieben vierundfünfzig", "01754"),
        ("seis uno dos, treinta y cuatro, cinco", "612 34 5"),
        ("novanta due trentatré quattro", "92334"),
        ("Four One ONE two", "4112"),
        ("so four 1 one one two", "so 41112"),
    ],
)
def test_words_are_read_as_digits(text: str, view: str) -> None:
    found = spoken(text)
    assert found is not None
    assert found[0] == view


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one or two or three or four",
        "one thousand four hundred and seventy dollars",
        "one two buckle my shoe three four",
        "the one that two people saw",
        "Once upon a time there was one.",
        "4111 1111 1111 1111",
        "foursquare oneness twofold threes",
    ],
)
def test_prose_has_no_second_view(text: str) -> None:
    assert spoken(text) is None


@given(
    st.sampled_from(sorted(WORDS)),
    st.lists(st.integers(0, 9), min_size=4, max_size=16),
    st.text(" .!äé中\n", max_size=6),
)
def test_each_digit_knows_the_place_of_its_word(
    language: str, numbers: list[int], around: str
) -> None:
    words = WORDS[language].split()
    text = f"{around}Nr: {' '.join(words[n] for n in numbers)} ok{around}"
    found = spoken(text)
    assert found is not None
    view, places = found
    start = view.index("Nr: ") + 4
    assert view[start : start + len(numbers)] == "".join(map(str, numbers))
    assert len(places) == len(view) + 1
    assert places[-1] == len(text)
    for place, number in enumerate(numbers, start):
        assert text[places[place] : places[place + 1]].rstrip() == words[number]
    assert list(places) == sorted(places)


MIXED = [*WORDS["en"].split(), *WORDS["fr"].split(), "and", "hello", "12", ",", "double", "twenty"]


@given(st.lists(st.sampled_from(MIXED), max_size=20))
def test_every_text_with_a_view_matches_the_trigger(words: list[str]) -> None:
    text = " ".join(words)
    assert spoken(text) is None or re.search(TRIGGER, text)


@given(st.text(max_size=80))
def test_what_is_no_number_stands_in_the_view_as_it_was(text: str) -> None:
    found = spoken(f"{text} | one two three four | {text}")
    assert found is not None
    assert found[0].startswith(text[:1])
    assert found[1][-1] == 2 * len(text) + 24
