"""The engines find what their own libraries find, on tiny models made here, without a network."""

import importlib
import json
import os
import random
import socket
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tunegate.checks.neural.engines import Settings, Span, engine
from tunegate.errors import RuleError
from tunegate.model import to_batch
from tunegate.rules import load_rules
from tunegate.scanner import run_rules

# What libraries warn of is theirs to mend.
pytestmark = [pytest.mark.engines, pytest.mark.filterwarnings("ignore")]

TEXT = "Hello, my name is Ana Silva and I live in Oslo."
WORDS = [
    *("hello", "my", "name", "is", "ana", "silva", "ben", "okoro", "and", "i", "live", "in"),
    *("oslo", "berlin", "the", "parcel", "came", "from"),
]
LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
KNOWN = {"ana": 1, "silva": 2, "ben": 1, "okoro": 2, "oslo": 3, "berlin": 3}


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was used")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def library(*names: str) -> None:
    for name in names:
        pytest.importorskip(name, reason=f"needs {name}; see tests/install-engines.sh")


def said(text: str, spans: Sequence[Span]) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.label) for span in spans]


def checked(text: str, **params: object) -> list[tuple[str, str]]:
    """Return what the bundled rule finds with an engine."""
    [rule] = [one for one in load_rules() if one.id == "neural/neural-entities"]
    found, failures = run_rules([rule.changed(params=params)], to_batch([[("user", text)]]))
    assert not failures
    return [(text[start:end], kind) for start, end, kind in found["start", "end", "kind"].rows()]


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make a spaCy pipeline that knows two names."""
    library("spacy")
    spacy = importlib.import_module("spacy")
    path = tmp_path_factory.mktemp("spacy") / "model"
    made = spacy.blank("en")
    ruler = made.add_pipe("entity_ruler")
    ruler.add_patterns(
        [{"label": "PERSON", "pattern": "Ana Silva"}, {"label": "GPE", "pattern": "Oslo"}]
    )
    made.to_disk(path)
    return str(path)


def test_spacy_finds_the_entities_of_a_pipeline(pipeline: str) -> None:
    made = engine("spacy", Settings(path=pipeline))
    answers = made.detect(["Nobody", TEXT, ""])
    assert [said(TEXT, spans) for spans in answers] == [
        [],
        [("Ana Silva", "PERSON"), ("Oslo", "GPE")],
        [],
    ]
    only = engine("spacy", Settings(path=pipeline, labels=("GPE",)))
    assert said(TEXT, only.detect([TEXT])[0]) == [("Oslo", "GPE")]


def test_the_rule_runs_spacy_on_texts_of_any_length(pipeline: str) -> None:
    text = f"{'x ' * 3000}Ana Silva {'y ' * 3000}" * 3
    found = checked(text, engine="spacy", path=pipeline, labels={"PERSON": "person"})
    assert found == [("Ana Silva", "person")] * 3


def test_what_is_no_pipeline_is_refused_without_its_path(tmp_path: Path) -> None:
    library("spacy")
    (tmp_path / "config.cfg").write_text("[nlp]\nlang = qqq\n")
    made = engine("spacy", Settings(path=str(tmp_path)))
    with pytest.raises(RuleError) as refused:
        made.detect([TEXT])
    assert "cannot load the pipeline" in refused.value.problem
    assert str(tmp_path) not in str(refused.value)


def test_presidio_finds_what_needs_no_model_with_a_blank_pipeline() -> None:
    library("presidio_analyzer", "spacy")
    text = "Write to ana@customer.example.com, card 4111 1111 1111 1111, 10.0.0.1"
    [spans] = engine("presidio", Settings()).detect([text])
    assert {("ana@customer.example.com", "EMAIL_ADDRESS"), ("10.0.0.1", "IP_ADDRESS")} <= set(
        said(text, spans)
    )
    kinds = {"EMAIL_ADDRESS": "email", "CREDIT_CARD": "card"}
    assert checked(text, engine="presidio", labels=kinds) == [
        ("ana@customer.example.com", "email"),
        ("4111 1111 1111 1111", "card"),
    ]


def test_presidio_finds_names_with_a_pipeline(pipeline: str) -> None:
    library("presidio_analyzer")
    made = engine("presidio", Settings(path=pipeline, labels=("PERSON", "LOCATION")))
    answers = made.detect([TEXT, "Nobody"])
    assert said(TEXT, answers[0]) == [("Ana Silva", "PERSON"), ("Oslo", "LOCATION")]
    assert answers[1] == []


def test_presidio_is_configured_by_a_file_with_any_of_its_engines(
    pipeline: str, tmp_path: Path
) -> None:
    library("presidio_analyzer", "yaml")
    configuration = tmp_path / "analyzer.yaml"
    settings = {
        "supported_languages": ["en"],
        "default_score_threshold": 0.3,
        "nlp_configuration": {
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": pipeline}],
            "ner_model_configuration": {"model_to_presidio_entity_mapping": {"PERSON": "PERSON"}},
        },
    }
    configuration.write_text(json.dumps(settings))
    [spans] = engine("presidio", Settings(path=str(configuration))).detect([TEXT])
    assert ("Ana Silva", "PERSON") in said(TEXT, spans)


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Make the tokenizer and the configuration of a tiny BERT."""
    library("torch", "transformers", "tokenizers")
    os.environ["HF_HUB_OFFLINE"] = "1"
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = "abcdefghijklmnopqrstuvwxyz.,!?"
    pieces = [*special, *WORDS, *letters, *(f"##{letter}" for letter in letters)]
    vocabulary = {piece: n for n, piece in enumerate(dict.fromkeys(pieces))}
    made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = dict(zip(("pad", "unk", "cls", "sep", "mask"), special, strict=True))
    given = {f"{name}_token": token for name, token in names.items()}
    path = str(tmp_path_factory.mktemp("bert") / "tiny")
    PreTrainedTokenizerFast(tokenizer_object=made, **given).save_pretrained(path)
    BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=66,
        id2label=dict(enumerate(LABELS)),
        label2id={label: n for n, label in enumerate(LABELS)},
    ).save_pretrained(path)
    return path


@pytest.fixture(scope="module")
def classifier(tokens: str) -> str:
    """Train a tiny token classifier until it knows the names by heart."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForTokenClassification

    torch.manual_seed(1)
    tokenizer = AutoTokenizer.from_pretrained(tokens)
    model = BertForTokenClassification(BertConfig.from_pretrained(tokens))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    drawn = random.Random(1)
    model.train()
    for _ in range(60):
        words = [drawn.choices(WORDS, k=30) for _ in range(8)]
        batch = tokenizer(words, is_split_into_words=True, return_tensors="pt")
        wanted = [[KNOWN.get(word, 0) for word in row] for row in words]
        labels = torch.tensor([[0, *row, 0] for row in wanted])
        model(**batch, labels=labels).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    path = f"{tokens}-trained"
    model.save_pretrained(path)
    tokenizer.save_pretrained(path)
    return path


def test_transformers_finds_what_a_classifier_learnt(classifier: str) -> None:
    made = engine("transformers", Settings(path=classifier, batch_size=2))
    other = "the parcel came from ben okoro"
    answers = made.detect([other, TEXT, "hello"])
    assert said(other, answers[0]) == [("ben okoro", "PER")]
    assert said(TEXT, answers[1]) == [("Ana Silva", "PER"), ("Oslo", "LOC")]
    assert answers[2] == []
    assert all(0.5 < span.score <= 1 for span in answers[1])


def test_transformers_reads_a_text_that_is_longer_than_its_model_takes(classifier: str) -> None:
    gap = " the parcel came from hello" * 9  # no name, and not a divisor of the model's 64 tokens
    text = "".join(f"{gap} ana silva" for _ in range(12))
    found = checked(text, engine="transformers", path=classifier, labels={"PER": "person"})
    assert found == [("ana silva", "person")] * 12


def test_transformers_refuses_a_folder_without_a_classifier(tokens: str, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"has no `config\.json`"):
        engine("transformers", Settings(path=str(tmp_path)))
    with pytest.raises(RuleError, match="cannot load the model"):
        engine("transformers", Settings(path=tokens)).detect([TEXT])


def gliner(tokens: str, mode: str) -> Any:
    """Make a tiny GLiNER with chance weights; it finds much, and not what a person would."""
    library("gliner", "onnxruntime", "onnx")
    import torch
    from gliner import GLiNER
    from transformers import BertConfig

    torch.manual_seed(1)
    kind = "token" if mode == "token_level" else "span"
    configuration = {
        "model_type": f"gliner_uni_encoder_{kind}",
        "model_name": tokens,
        "span_mode": mode,
        "encoder_config": BertConfig.from_pretrained(tokens).to_dict(),
        **{"hidden_size": 32, "max_width": 4, "max_len": 24, "dropout": 0.0},
    }
    return GLiNER.from_config(configuration, backbone_from_pretrained=False).eval()


TEXTS = [TEXT, "the parcel came.", "ben okoro", "Ana-Maria Silva lives: Berlin!", "?", "   "]
ASKED = ("person", "city", "parcel")


@pytest.mark.parametrize("mode", ["markerV0", "token_level"])
def test_gliner_finds_what_its_own_library_finds(mode: str, tokens: str, tmp_path: Path) -> None:
    model = gliner(tokens, mode)
    model.export_to_onnx(str(tmp_path))
    count = 0
    for threshold in (0.45, 0.5, 0.52):
        settings = Settings(path=str(tmp_path), labels=ASKED, threshold=threshold, batch_size=4)
        for text, spans in zip(TEXTS, engine("gliner", settings).detect(TEXTS), strict=True):
            named = model.predict_entities(text, list(ASKED), threshold=threshold)
            theirs = [(one["start"], one["end"], one["label"]) for one in named]
            assert [span[:3] for span in spans] == theirs
            scores = [one["score"] for one in named]
            assert [span.score for span in spans] == pytest.approx(scores, abs=1e-4)
            count += len(spans)
    assert count > 20


def test_gliner_reads_a_text_of_more_words_than_its_model_takes(
    tokens: str, tmp_path: Path
) -> None:
    model = gliner(tokens, "markerV0")
    model.export_to_onnx(str(tmp_path))
    text = "the parcel came from ana silva. " * 20
    settings = Settings(path=str(tmp_path), labels=ASKED, threshold=0.45)
    [spans] = engine("gliner", settings).detect([text])
    assert spans[-1].end > len(text) - 40, "the end was seen"
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_gliner_needs_words_to_look_for(tokens: str, tmp_path: Path) -> None:
    library("onnxruntime")
    for name in ("model.onnx", "gliner_config.json", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(RuleError, match="finds what its labels say, and there are none"):
        engine("gliner", Settings(path=str(tmp_path)))
