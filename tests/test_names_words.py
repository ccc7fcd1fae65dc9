import lzma
from importlib.resources import files

import numpy as np
import pytest

from tunegate.checks.names import lexicon, tagger, tokens
from tunegate.checks.names.tokens import hash_words, split_words

MOST = 1_000_000  # bytes of everything the check ships


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hi José, it's O'Brien-Smith.", ["Hi", "José", "it", "s", "O", "Brien", "Smith"]),
        ("Меня зовут Иван", ["Меня", "зовут", "Иван"]),
        ("我叫 Anna 🙂 B2B", ["Anna", "B", "B"]),
        ("", []),
        ("123 !?", []),
    ],
)
def test_words_are_runs_of_letters_at_code_points(text: str, words: list[str]) -> None:
    found = split_words([text])
    assert [text[a:b] for a, b in zip(found.start, found.end, strict=True)] == words


def test_words_of_several_texts_never_join() -> None:
    assert len(split_words(["Anna", "Maria"])) == 2


def test_case_accents_and_width_do_not_change_a_hash() -> None:
    plain = hash_words(["jose", "muller", "lukasz"])
    assert np.array_equal(plain, hash_words(["JOSÉ", "Müller", "Łukasz"]))
    assert np.array_equal(plain[:1], hash_words(["ｊｏｓｅ"]))


def test_long_words_differ_after_their_eighth_letter() -> None:
    assert len(set(hash_words(["christophe", "christopher", "christophes"]).tolist())) == 3


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("anna", tokens.LOWER),
        ("Anna", tokens.TITLE),
        ("ANNA", tokens.ALL_UPPER),
        ("A", tokens.INITIAL),
        ("McDonald", tokens.MIXED),
    ],
)
def test_shapes(word: str, shape: int) -> None:
    assert split_words([word]).shape.tolist() == [shape]


def test_every_listed_word_is_found_with_its_flags() -> None:
    packed = (files("tunegate.checks.names") / lexicon.FILE).read_bytes()
    for line in lzma.decompress(packed).decode().splitlines():
        flags, _, words = line.partition(" ")
        assert set(lexicon.flags_of(hash_words(words.split())).tolist()) == {int(flags)}


def test_unknown_words_have_no_flags() -> None:
    assert lexicon.flags_of(hash_words(["qzxvvwq", "wqqxzzy"])).tolist() == [0, 0]


def test_what_ships_is_small() -> None:
    folder = files("tunegate.checks.names")
    sizes = [len((folder / file).read_bytes()) for file in (lexicon.FILE, tagger.FILE)]
    assert sum(sizes) <= MOST
    assert tagger.shipped().steps.nbytes + sizes[0] <= MOST
