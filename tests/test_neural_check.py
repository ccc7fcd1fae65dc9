"""A model of the user's judges each distinct text once, wherever it is cut, and nothing is lost."""

import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import chat_file, written
from tunegate import audit
from tunegate.checks.neural.engines import Settings, engine, folder, need
from tunegate.checks.neural.pieces import marked_lines, windows
from tunegate.errors import PolicyError, RuleError
from tunegate.model import Batch, to_batch
from tunegate.policy import load_policy
from tunegate.rules import Rule, load_rules
from tunegate.scanner import run_rules

# A third party's engine, as docs/engines.md shows one.
PLANTED = """
import re
from dataclasses import dataclass
from tunegate.checks.neural.engines import Settings, Span

SHOWN = []

@dataclass(frozen=True)
class Capitals:
    settings: Settings

    def detect(self, texts):
        SHOWN.append(list(texts))
        return [
            [Span(*match.span(), "LOUD", 0.8 + len(match[0]) / 100) for match in
             re.finditer(r"\\\\b[A-Z]{4,}\\\\b", text)]
            + [Span(*match.span(), "Number", 0.4) for match in re.finditer("[0-9]+ ?", text)]
            for text in texts
        ]

@dataclass(frozen=True)
class Wild:
    settings: Settings

    def detect(self, texts):
        return [[Span(0, len(text) + 1, "LOUD", 0.9)] for text in texts]
""".replace("\\\\", "\\")


@pytest.fixture(autouse=True, scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    site = tmp_path_factory.mktemp("site")
    (site / "planted_engines.py").write_text(PLANTED)
    place = site / "planted_engines-1.0.dist-info"
    place.mkdir()
    (place / "METADATA").write_text("Metadata-Version: 2.1\nName: planted-engines\nVersion: 1.0\n")
    (place / "entry_points.txt").write_text(
        "[tunegate.engines]\ncapitals = planted_engines:Capitals\nwild = planted_engines:Wild\n"
    )
    sys.path.insert(0, str(site))
    yield
    sys.path.remove(str(site))


def rule(**params: object) -> Rule:
    [bundled] = [one for one in load_rules() if one.id == "neural/neural-entities"]
    return bundled.changed(params={"engine": "capitals", **params})


def found(batch: Batch, **params: object) -> pl.DataFrame:
    spans, failures = run_rules([rule(**params)], batch)
    assert not failures
    return spans


def said(batch: Batch, spans: pl.DataFrame) -> list[str]:
    texts = spans.join(batch.turns, on=["row", "turn", "part"])
    return [text[start:end] for text, start, end in texts.select("text", "start", "end").rows()]


def test_a_span_has_the_label_in_small_letters_and_the_score() -> None:
    batch = to_batch([[("user", "né: please call ANNA now"), ("assistant", "Yes")]])
    spans = found(batch)
    assert said(batch, spans) == ["ANNA"]
    assert spans.select("role", "kind", "score").rows() == [("user", "loud", 0.84)]


def test_labels_choose_what_counts_and_name_it() -> None:
    batch = to_batch([[("user", "ANNA has number 12345 ")]])
    assert said(batch, found(batch, threshold=0.3)) == ["ANNA", "12345"]
    spans = found(batch, threshold=0.3, labels={"Number": "ID"})
    assert spans["kind"].to_list() == ["id"]
    assert said(batch, spans) == ["12345"], "the space at its end is none of it"


def test_what_scores_less_than_the_threshold_does_not_count() -> None:
    batch = to_batch([[("user", "ANNA BARBARA")]])
    assert said(batch, found(batch, threshold=0.86)) == ["BARBARA"]


def test_each_distinct_text_is_shown_once_and_texts_of_one_length_together() -> None:
    import planted_engines  # type: ignore[import-not-found]

    planted_engines.SHOWN.clear()
    canned = "Dear customer, ANNA will call"
    batch = to_batch([[("user", f"LONG text {n} " * n), ("assistant", canned)] for n in (3, 1, 2)])
    assert found(batch, batch_size=2).height == 9
    shown = planted_engines.SHOWN
    assert [len(texts) for texts in shown] == [2, 2]
    lengths = [len(text) for texts in shown for text in texts]
    assert lengths == sorted(lengths)
    assert sum(canned in texts for texts in shown) == 1


@pytest.mark.parametrize("lines", ["all", "marked"])
def test_a_long_text_is_cut_and_nothing_of_it_is_lost_or_found_twice(lines: str) -> None:
    text = " ".join(f"word NAME{'ABCDEFGHIJ'[n % 10]} x" for n in range(200))
    batch = to_batch([[("user", text)]])
    spans = found(batch, window=100, overlap=20, lines=lines)
    whole = found(batch, window=1_000_000, lines=lines)
    assert spans.equals(whole)
    assert spans.height == 200


@given(st.text("ab \n", min_size=1, max_size=300), st.integers(8, 40))
def test_windows_cover_the_text_and_share_their_ends(text: str, window: int) -> None:
    overlap = window // 4
    parts = list(windows(text, window, overlap))
    assert all(text[begin : begin + len(part)] == part for begin, part in parts)
    assert all(0 < len(part) <= window for _, part in parts)
    assert parts[0][0] == 0
    assert parts[-1][0] + len(parts[-1][1]) == len(text)
    for (begin, part), (after, _) in pairwise(parts):
        assert begin < after <= begin + len(part) - overlap


def test_only_lines_that_may_name_somebody_are_shown() -> None:
    text = (
        "The parcel came.\nthanks\nI spoke to Anna there\nAnna Silva\nmy name is anna\n"
        "it costs 5 euro\ncall 0171 2345\n田中です\n\nWrite to x@y.example."
    )
    texts = pl.DataFrame({"hit": [7], "text": [text]})
    lines = marked_lines(texts)
    assert lines["piece"].to_list() == [
        *("I spoke to Anna there", "Anna Silva", "my name is anna", "call 0171 2345"),
        *("田中です", "Write to x@y.example."),
    ]
    for hit, offset, piece in lines.iter_rows():
        assert hit == 7
        assert text[offset : offset + len(piece)] == piece


def test_how_many_conversations_stand_in_a_batch_changes_nothing() -> None:
    talks = [[("user", f"ANNA {n} " * (n + 1)), ("assistant", "From BEN")] for n in range(6)]
    whole = found(to_batch(talks), batch_size=4)
    singly = [found(to_batch([talk], first=n), batch_size=1) for n, talk in enumerate(talks)]
    assert whole.equals(pl.concat(singly))


def test_what_was_redacted_before_is_not_found_again() -> None:
    batch = to_batch([[("user", "Ask <PERSON_1> or ANNA, <EMAIL>")]])
    assert said(batch, found(batch)) == ["ANNA"]


def test_an_engine_that_answers_outside_of_the_text_is_a_failure() -> None:
    _, failures = run_rules([rule(engine="wild")], to_batch([[("user", "Some words")]]))
    assert [failure.error for failure in failures] == ["ValueError"]


def test_texts_without_letters_are_shown_to_no_engine() -> None:
    assert found(to_batch([[("user", "12345"), ("assistant", "")]])).is_empty()


WRONG = {
    "no engine": ({"engine": ""}, "names no engine", "capitals"),
    "unknown": ({"engine": "capitols"}, "no engine named `capitols`", "did you mean `capitals`?"),
    "threshold": ({"threshold": 0}, "`threshold` must be above 0", ""),
    "overlap": ({"overlap": 800}, "at most a quarter of `window`", ""),
    "batch": ({"batch_size": 0}, "must be at least 1", ""),
}


@pytest.mark.parametrize(("params", "problem", "hint"), WRONG.values(), ids=WRONG)
def test_what_cannot_run_is_refused_before_anything_is_read(
    params: dict[str, object], problem: str, hint: str
) -> None:
    with pytest.raises(RuleError) as refused:
        rule(**params).build()
    assert problem in refused.value.problem
    assert hint in (refused.value.hint or "")


def test_a_package_that_is_not_installed_is_named_with_its_extra() -> None:
    with pytest.raises(RuleError) as refused:
        need("gliner", "json", "no_such_library")
    assert refused.value.problem == "engine `gliner` needs the package `no_such_library`"
    assert refused.value.hint == 'pip install "tunegate[gliner]"'


def test_a_model_that_is_not_there_is_named_without_its_path(tmp_path: Path) -> None:
    private = tmp_path / "jane-4471"
    for path, problem in (
        (None, "needs a model"),
        (str(private), "there is no folder at `params.path`"),
        (str(tmp_path), "has no `a.onnx` or `b.onnx`"),
    ):
        with pytest.raises(RuleError) as refused:
            folder("gliner", path, "a.onnx|b.onnx")
        assert problem in refused.value.problem
        assert refused.value.hint
        assert "jane-4471" not in str(refused.value)


def test_no_bundled_policy_runs_a_model(tmp_path: Path) -> None:
    rules = load_rules()
    for name in ("support-tickets", "openai-chat"):
        chosen = load_policy(name, rules).rules
        assert not [one.id for one in chosen if one.family == "neural"]
    policy = tmp_path / "mine.yaml"
    policy.write_text("summary: x\ntarget: openai\nrules: {neural/*: }\n")
    with pytest.raises((PolicyError, RuleError), match="names no engine"):
        load_policy(str(policy), rules)


def test_a_policy_that_names_an_engine_redacts_what_it_finds(tmp_path: Path) -> None:
    policy = tmp_path / "mine.yaml"
    policy.write_text(
        "summary: x\ntarget: openai\nrules:\n  neural/neural-entities:\n"
        "    params: {engine: capitals, labels: {LOUD: person}}\n"
    )
    talks = [
        [("user", f"I am ANNA, question {n}"), ("assistant", f"Answer {n}")] for n in range(12)
    ]
    source = chat_file(tmp_path / "chat.jsonl", *talks)
    run = audit(source, out=tmp_path / "run", policy=str(policy))
    texts = [str(line) for line in written(run.folder)]
    assert len(texts) == 12
    assert all("ANNA" not in text and "I am <" in text for text in texts)


def test_an_engine_is_made_from_its_settings() -> None:
    made = engine("capitals", Settings(threshold=0.7))
    assert [len(spans) for spans in made.detect(["LOUD", "quiet"])] == [1, 0]
