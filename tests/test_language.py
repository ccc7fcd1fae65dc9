"""The language of what users write: right, or not told."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate import language
from tunegate.model import to_batch

LABELLED: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "languages.yaml").read_text(encoding="utf-8")
)


def labelled(section: str) -> list[tuple[str, str]]:
    return [(code, text) for code, texts in LABELLED[section].items() for text in texts]


@pytest.mark.parametrize("section", ["sentences", "mixed"])
def test_sentences_are_known(section: str) -> None:
    codes, texts = zip(*labelled(section), strict=True)
    found = language.of(texts)
    assert all(got in (None, code) for code, got in zip(codes, found, strict=True))
    assert sum(got is not None for got in found) >= 0.95 * len(found)


def test_enough_languages_are_tried() -> None:
    assert len(LABELLED["sentences"]) >= 15


def test_a_phrase_is_known_or_not_told() -> None:
    codes, texts = zip(*labelled("short"), strict=True)
    found = language.of(texts)
    assert all(got in (None, code) for code, got in zip(codes, found, strict=True))
    assert sum(got is not None for got in found) >= len(found) / 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "hello",
        "4711",
        "😀😀😀😀😀😀😀😀😀",
        "hahahahaha",
        "asdf qwer zxcv",
        "SKU-123 ABC",
        "https://example.com/where/is/my/parcel",
        "where.is.my@parcel.example.com",
        "<EMAIL_1> <PHONE_NUMBER_2>",
    ],
)
def test_too_little_is_not_told(text: str) -> None:
    assert language.of([text]) == [None]


def test_the_user_decides_and_not_the_assistant() -> None:
    batch = to_batch(
        [
            [("user", "Wo bleibt mein Paket?"), ("assistant", "It is on its way, be patient.")],
            [("system", "You are a helpful assistant."), ("assistant", "How can I help you?")],
            [("user", "Où est mon colis ?"), ("user", "Je l'attends depuis lundi.")],
        ]
    )
    known = language.with_language(batch)
    assert known.conversations["language"].to_list() == ["de", None, "fr"]
    assert known.conversations.columns == batch.conversations.columns
    assert known.conversations.drop("language").equals(batch.conversations.drop("language"))
    assert known.turns is batch.turns


def test_an_empty_batch_stays_empty() -> None:
    assert language.with_language(to_batch([])).conversations.is_empty()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(), max_size=4))
def test_any_text_has_an_answer(texts: list[str]) -> None:
    found = language.of(texts)
    assert len(found) == len(texts)
    assert found == [language.of([text])[0] for text in texts]


def test_threads_agree() -> None:
    texts = [text for _, text in labelled("sentences")]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: language.of(texts), range(8)))
    assert all(each == answers[0] for each in answers)


def test_nothing_is_loaded_before_it_is_asked() -> None:
    code = "import sys, tunegate.language; sys.exit('fasttext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    code = (
        "import sys, tunegate.language as l; l.of(['Where is my parcel, please?']);"
        "sys.exit(any(m in sys.modules for m in ('requests', 'urllib.request', 'http.client')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
