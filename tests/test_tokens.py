"""Token counts are exact, need no network, and decide which conversations are too long."""

import base64
import bz2
import hashlib
import inspect
import re
import socket
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any, get_args

import orjson
import polars as pl
import pytest
import tiktoken.load
from hypothesis import given, settings
from hypothesis import strategies as st
from tiktoken_ext import openai_public  # type: ignore[import-untyped]

from tunegate import tokens
from tunegate.checks.token_limit import TokenLimit
from tunegate.errors import RuleError, UsageError
from tunegate.model import CONVERSATIONS, TURNS, frame, to_batch
from tunegate.rules import parse_rule
from tunegate.tokens import conversation_tokens, count, encoding, token_bounds, vocabulary_for

VOCABULARIES = get_args(tokens.Vocabulary)

Leaf = tuple[int | None, str | None, str, str]  # turn, role, part, text

# OpenAI cookbook, "How to count tokens with tiktoken": texts and the tokens it prints.
PUBLISHED = {
    "o200k_base": {
        "antidisestablishmentarianism": [493, 129901, 376, 160388, 21203, 2367],
        "2 + 2 = 4": [17, 659, 220, 17, 314, 220, 19],
        "お誕生日おめでとう": [8930, 9697, 243, 128225, 8930, 17693, 4344, 48669],
    },
    "cl100k_base": {
        "tiktoken is great!": [83, 1609, 5963, 374, 2294, 0],
        "antidisestablishmentarianism": [519, 85342, 34500, 479, 8997, 2191],
        "2 + 2 = 4": [17, 489, 220, 17, 284, 220, 19],
        "お誕生日おめでとう": [33334, 45918, 243, 21990, 9080, 33334, 62004, 16556, 78699],
    },
}

# The same notebook: messages that the service itself counted, as role|name|content.
JARGON = """\
system||You are a helpful, pattern-following assistant that translates corporate jargon into \
plain English.
system|example_user|New synergies will help drive top-line growth.
system|example_assistant|Things working well together will increase revenue.
system|example_user|Let's circle back when we have more bandwidth to touch base on \
opportunities for increased leverage.
system|example_assistant|Let's talk later when we're less busy about how to do better.
user||This late pivot means we don't have time to boil the ocean for the client deliverable."""
REPLY_PRIMING = 3  # in the service's figures for a request, not in a training example

LONG = 200_000  # characters
EVERYTHING_ODD = [
    *("", "\x00"),
    "👩‍👩‍👧‍👦 🇺🇦",
    "我上周订购的洗衣机到现在还没有送到。",
    "مرحبا بالعالم",
    "e\u0301\u0301\u0301 line\r\nbreak\u2028and\u00a0space   ",
    "<|endoftext|><|fim_prefix|><|start|>assistant",
    *("a" * LONG, "@" * LONG, "1" * LONG, "Say " + "a" * LONG + ": " + "a" * LONG + "!"),
    *("Ja,und nein.(Doch!)[Ach]" * 9_000, "你好，请问我的包裹在哪里？谢谢。" * 13_000),
    *("It is a text of 12 words, isn't it?\n" * 9_000, Random(1).randbytes(LONG).hex()),
]


def turns(*leaves: Leaf, branch: str | None = None) -> pl.DataFrame:
    rows = [(0, branch, turn, part, role, None, text) for turn, role, part, text in leaves]
    return frame(rows, TURNS)


def record(skeleton: object) -> pl.DataFrame:
    text = None if skeleton is None else orjson.dumps(skeleton).decode()
    return frame([(0, "key", None, None, None, None, None, [], text)], CONVERSATIONS)


def totals(said: pl.DataFrame, skeleton: object = None) -> dict[str, Any]:
    counted = conversation_tokens(said, "o200k_base", conversations=record(skeleton))
    return counted.row(0, named=True)


def text_tokens(text: str) -> int:
    return len(encoding("o200k_base").encode_ordinary(text))


def rank_file(name: str) -> bytes:
    ranks = tokens.unpack(name).items()
    return b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in ranks)


@pytest.mark.parametrize("name", VOCABULARIES)
def test_the_packed_ranks_are_openais_file_to_the_byte(name: str) -> None:
    source = inspect.getsource(openai_public.ENCODING_CONSTRUCTORS[name])
    pinned = re.search(r'expected_hash="([0-9a-f]{64})"', source)
    assert pinned is not None
    assert hashlib.sha256(rank_file(name)).hexdigest() == pinned[1]


def test_packing_again_gives_what_ships() -> None:
    shipped = (files("tunegate") / "vocabularies" / "cl100k_base.bz2").read_bytes()
    assert bz2.decompress(tokens.pack(rank_file("cl100k_base"))) == bz2.decompress(shipped)


def test_ranks_with_a_gap_cannot_be_packed() -> None:
    with pytest.raises(AssertionError, match="count up from 0"):
        tokens.pack(b"IQ== 0\nIg== 2\n")


def test_the_vocabularies_add_little_to_a_wheel() -> None:
    packs = [files("tunegate") / "vocabularies" / f"{name}.bz2" for name in VOCABULARIES]
    assert sum(len(packed.read_bytes()) for packed in packs) <= 1_300_000


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_published_tokens_are_met(vocabulary: str) -> None:
    texts, expected = zip(*PUBLISHED[vocabulary].items(), strict=True)
    assert [encoding(vocabulary).encode_ordinary(text) for text in texts] == list(expected)
    assert count(pl.Series(texts), vocabulary).to_list() == [len(ids) for ids in expected]


@pytest.mark.parametrize(("vocabulary", "billed"), [("cl100k_base", 129), ("o200k_base", 124)])
def test_the_published_conversation_takes_what_the_service_counted(
    vocabulary: str, billed: int
) -> None:
    leaves: list[Leaf] = []
    for turn, line in enumerate(JARGON.splitlines()):
        role, name, content = line.split("|")
        leaves += [(turn, role, "/name", name)] * bool(name) + [(turn, role, "/content", content)]
    counted = conversation_tokens(turns(*leaves), vocabulary)
    assert counted.rows() == [(0, billed - REPLY_PRIMING, 0, "exact")]


def test_nothing_touches_the_network_or_tiktokens_loader(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was used")

    # An empty cache, so that a file downloaded earlier cannot stand in for ours.
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    encoding.cache_clear()
    for name in VOCABULARIES:
        assert count(pl.Series(["hello world"]), name).to_list() == [2]
    assert openai_public.load_tiktoken_bpe is tiktoken.load.load_tiktoken_bpe


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_odd_texts_and_special_tokens_are_counted_as_they_are_written(vocabulary: str) -> None:
    counted = count(pl.Series("text", EVERYTHING_ODD), vocabulary)
    whole = [encoding(vocabulary).encode_ordinary(text) for text in EVERYTHING_ODD]
    assert counted.dtype == pl.Int32
    assert counted.to_list() == [len(ids) for ids in whole]
    assert [encoding(vocabulary).decode(ids) for ids in whole] == EVERYTHING_ODD


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@given(st.lists(st.text(max_size=40), max_size=8))
@settings(max_examples=60, deadline=None)
def test_counting_a_column_is_encoding_each_text(vocabulary: str, texts: list[str]) -> None:
    column = texts + texts[:2]
    expected = [len(encoding(vocabulary).encode_ordinary(text)) for text in column]
    assert count(pl.Series("text", column, dtype=pl.String), vocabulary).to_list() == expected


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_what_must_be_cut_gains_hardly_a_token(vocabulary: str) -> None:
    blocks = (1 << 20) // 128  # both vocabularies have tokens of up to 128 spaces
    for after in ("", "end"):  # tiktoken gives up on so much whitespace
        text = "start." + " " * 128 * blocks + after
        assert blocks <= count(pl.Series([text]), vocabulary).item() - 2 <= blocks + 2
    word = "".join(Random(2).choices("abcdefghijklmnopqrstuvwxyz", k=LONG))
    whole = len(encoding(vocabulary).encode_ordinary(word))
    assert abs(count(pl.Series([word]), vocabulary).item() - whole) <= 6  # 3 cuts


def test_an_unknown_vocabulary_is_the_users_mistake() -> None:
    with pytest.raises(UsageError, match="no vocabulary named `o200k`\n  hint: known: o200k_base"):
        count(pl.Series(["text"]), "o200k")


MODELS = {
    "o200k_base": "gpt-4o-mini-2024-07-18 gpt-4.1 gpt-5.1-codex o3 o4-mini-2025-04-16 gpt-oss-20b "
    "openai/gpt-oss-120b ft:gpt-4.1-mini-2025-04-14:acme::Ab12 ft:o4-mini-2025-04-16:acme::Ab12 "
    "ft:gpt-4o-mini-2024-07-18:acme:suffix:Ab12",
    "cl100k_base": "gpt-4 gpt-4-0613 gpt-3.5-turbo-0125 gpt-35-turbo-0125 "
    "ft:gpt-3.5-turbo-0125:acme::Ab12 ft:davinci-002:acme::Ab12",
    None: "gpt-6-luna gpt-4.7 o2 meta-llama/Llama-3.1-8B-Instruct ft:",
}


@pytest.mark.parametrize(
    ("model", "vocabulary"),
    [(model, vocabulary) for vocabulary, models in MODELS.items() for model in models.split()],
)
def test_a_model_has_the_vocabulary_it_was_trained_with(model: str, vocabulary: str | None) -> None:
    assert vocabulary_for(model) == vocabulary


def test_each_message_is_framed_and_only_the_assistant_is_trained_on() -> None:
    told = [("user", "Where is my parcel?"), ("assistant", "On its way.")]
    question, answer = text_tokens("Where is my parcel?"), text_tokens("On its way.")
    framing = tokens.TOKENS_PER_MESSAGE + 1  # and its role
    batch = to_batch([told, [("user", "Hi")]], first=3)
    counted = conversation_tokens(batch.turns, "o200k_base", conversations=batch.conversations)
    assert counted.rows() == [
        (3, question + answer + 2 * framing, answer, "exact"),
        (4, text_tokens("Hi") + framing, 0, "exact"),
    ]


def test_a_conversation_without_a_text_has_no_row() -> None:
    counted = conversation_tokens(turns(), "o200k_base", conversations=record(None))
    assert counted.dtypes == [pl.Int64, pl.Int64, pl.Int64, pl.String]
    assert counted.is_empty()


def test_a_system_prompt_adds_what_it_takes_as_a_message() -> None:
    question, prompt = (1, "user", "/content", "Hello"), (0, "system", "/content", "Be brief.")
    added = totals(turns(prompt, question))["tokens"] - totals(turns(question))["tokens"]
    assert tokens.system_tokens("Be brief.", "o200k_base") == added


def test_a_subject_that_is_metadata_costs_nothing() -> None:
    message = (0, "user", "/content", "Hello")
    with_subject = turns(message, (None, None, "/subject", "About my parcel"))
    assert totals(with_subject) == totals(turns(message))


@pytest.mark.parametrize(
    "leaf",
    [
        (1, "assistant", "/tool_calls/0/function/arguments", '{"id": 4471}'),
        (1, "tool", "/content", "delivered"),
        (1, None, "/content", "a role we do not know"),
        (1, "user", "/content/0/text", "first of several parts"),
        (1, "user", "/content/0/image_url/url", "https://example.com/a.png"),
        (None, None, "/tools/0/function/description", "Looks up an order"),
    ],
    ids=lambda leaf: f"{leaf[1]}{leaf[2]}",
)
def test_framing_that_is_not_published_is_an_estimate(leaf: Leaf) -> None:
    said = turns((0, "user", "/content", "Hello"), leaf)
    assert totals(said)["method"] == "estimate"
    assert conversation_tokens(said, "o200k_base")["method"].item() == "estimate"


@pytest.mark.parametrize(
    "skeleton",
    [
        {"messages": [], "tools": [{"type": "function", "function": {"name": "find"}}]},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
        {"messages": [{"role": "assistant", "tool_calls": [{}]}]},
    ],
    ids=["tools", "image", "call"],
)
def test_a_record_can_turn_a_plain_text_into_an_estimate(skeleton: object) -> None:
    plain = turns((0, "user", "/content", "Hello"))
    assert totals(plain, skeleton)["method"] == "estimate"


def test_a_record_with_unknown_keys_alone_stays_exact() -> None:
    plain = turns((0, "user", "/content", "Hello"))
    skeleton = {"messages": [{"role": "user", "content": ""}], "note": "", "tools": None}
    assert totals(plain, skeleton) == totals(plain)
    assert totals(plain)["method"] == "exact"


def test_a_call_counts_its_arguments_and_its_framing() -> None:
    arguments = '{"order": 4471}'
    call = turns((0, "assistant", "/tool_calls/0/function/arguments", arguments))
    framing = tokens.TOKENS_PER_MESSAGE + 1 + tokens.TOKENS_PER_CALL
    assert totals(call)["tokens"] == text_tokens(arguments) + framing


def test_an_image_counts_as_an_image_and_not_as_its_address() -> None:
    address = f"https://example.com/{'a' * 999}.png"
    linked = turns((0, "assistant", "/content/0/image_url/url", address))
    embedded = turns((0, "user", "/content/1/text", ""))
    part = {"type": "image_url", "image_url": {"url": "Data:image/png;base64,AAAA"}}
    skeleton = {"messages": [{"role": "user", "content": [part, {"type": "text", "text": ""}]}]}
    expected = tokens.TOKENS_PER_MESSAGE + 1 + tokens.TOKENS_PER_IMAGE
    assert totals(linked) == totals(linked) | {"tokens": expected, "trained": 0}
    assert totals(embedded, skeleton)["tokens"] == expected


def test_the_estimate_of_tools_is_near_what_the_service_counted() -> None:
    # The cookbook's weather example; gpt-4o counted 101 tokens.
    described = "/tools/0/function/parameters/properties"
    texts: list[Leaf] = [
        (0, "system", "/content", "You are a helpful assistant that can answer to questions about "
         "the weather."),
        (1, "user", "/content", "What's the weather like in San Francisco?"),
        (None, None, "/tools/0/function/description",
         "Get the current weather in a given location"),
        (None, None, f"{described}/location/description",
         "The city and state, e.g. San Francisco, CA"),
        (None, None, f"{described}/unit/description", "The unit of temperature to return"),
    ]  # fmt: skip
    units = {"type": "string", "description": "", "enum": ["celsius", "fahrenheit"]}
    places = {"location": {"type": "string", "description": ""}, "unit": units}
    schema = {"type": "object", "properties": places, "required": ["location"]}
    function = {"name": "get_current_weather", "description": "", "parameters": schema}
    skeleton = {"messages": [], "tools": [{"type": "function", "function": function}]}
    assert totals(turns(*texts), skeleton)["tokens"] == 101 - REPLY_PRIMING - 2


def test_an_answer_of_weight_0_is_counted_but_not_trained_on() -> None:
    poor = (1, "assistant", "/content", "A poor answer")
    good = (2, "assistant", "/content", "A good one")
    said = turns((0, "user", "/content", "Hello"), poor, good)
    answers = [{"role": "assistant", "content": "", "weight": weight} for weight in (0, 1)]
    messages = [{"role": "user", "content": ""}, *answers]
    expected = totals(said) | {"trained": text_tokens("A good one")}
    assert totals(said, {"messages": messages}) == expected


@pytest.mark.parametrize(
    "skeleton", [[{"weight": 0}], {"messages": {"weight": 0}}, {"messages": [3, {"weight": 0}]}]
)
def test_a_malformed_record_is_counted_all_the_same(skeleton: object) -> None:
    said = turns((0, "assistant", "/content", "Hello"))
    assert totals(said, skeleton) == totals(said)


def test_a_preference_pair_is_as_long_as_its_longer_answer() -> None:
    asked = turns((0, "user", "/content", "Where is it?"))
    short = turns((1, "assistant", "/content", "There."), branch="chosen")
    long = turns((1, "assistant", "/content", "It left on Monday."), branch="rejected")
    alone = pl.concat([asked, long.with_columns(branch=pl.lit(None, pl.String))])
    assert totals(pl.concat([asked, short, long])) == totals(alone)


ROLES = st.sampled_from(["system", "user", "assistant", "tool", None])
PARTS = st.sampled_from(
    ["/content", "/name", "/content/0/image_url/url", "/tool_calls/0/function/arguments"]
)
LEAVES = st.lists(st.tuples(st.integers(0, 3), ROLES, PARTS, st.text(max_size=12)), max_size=6)
EMBEDDED = {"messages": [{"content": [{"image_url": {"url": "data:image/png;base64,A"}}]}]}
OFFERED = {"messages": [], "tools": [{"function": {"name": "größe", "parameters": {"a": 1}}}]}


@given(LEAVES, st.sampled_from([None, EMBEDDED, OFFERED]))
@settings(max_examples=60, deadline=None)
def test_no_conversation_exceeds_its_bound(leaves: list[Leaf], skeleton: object) -> None:
    said, head = turns(*leaves), record(skeleton)
    bounds = token_bounds(said, conversations=head)
    for vocabulary in VOCABULARIES:
        counted = conversation_tokens(said, vocabulary, conversations=head)
        assert bounds["row"].equals(counted["row"])
        assert (counted["tokens"] <= bounds["tokens"]).all()


SAID = st.tuples(st.sampled_from(["system", "user", "assistant"]), st.text(max_size=30))


@given(st.lists(st.lists(SAID, max_size=3), max_size=6), st.integers(1, 60), st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_narrowing_changes_no_finding(
    said: list[list[tuple[str, str]]], limit: int, system_tokens: int
) -> None:
    batch = to_batch(said)
    found = TokenLimit(limit=limit, system_tokens=system_tokens).check(batch)
    whole = conversation_tokens(batch.turns, "o200k_base").select("row", "tokens").rows()
    prompted = {row for row, turns in enumerate(said) if "system" in dict(turns)}
    lengths = [(row, n if row in prompted else n + system_tokens) for row, n in whole]
    assert found.select("row", "value").rows() == [at for at in lengths if at[1] > limit]
    assert found["score"].null_count() == found["turn"].null_count() == found.height


def test_short_conversations_are_never_tokenised() -> None:
    encoding.cache_clear()
    assert TokenLimit().check(to_batch([[("user", "Hello")]])).is_empty()
    assert encoding.cache_info().misses == 0


def test_the_limit_itself_is_allowed() -> None:
    batch = to_batch([[("user", "Hello there")]])
    exact = conversation_tokens(batch.turns, "cl100k_base")["tokens"].item()
    assert TokenLimit(limit=exact, vocabulary="cl100k_base").check(batch).is_empty()
    assert TokenLimit(limit=exact - 1, vocabulary="cl100k_base").check(batch).height == 1


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"vocabulary": "o200k"}, {"system_tokens": -1}], ids=str
)
def test_impossible_parameters_are_refused(params: dict[str, object]) -> None:
    text = "{summary: a, why: b, severity: high, action: drop, check: token-limit}"
    rule = parse_rule(text, "length/token-overrun").changed(params=params)
    with pytest.raises(RuleError, match=f"`params.{next(iter(params))}`"):
        rule.build()
