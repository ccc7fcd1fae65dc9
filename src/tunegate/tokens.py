"""Count tokens exactly and without a network.

The merge ranks of OpenAI's vocabularies ship with the package, packed to a third of their size;
tiktoken does the counting. How a service frames messages is published for plain chat only, so a
conversation with tools or images is an estimate and is called one.
"""

import base64
import bz2
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal, get_args

import orjson
import polars as pl

from tunegate.branches import placed
from tunegate.errors import UsageError
from tunegate.model import CONTENT

if TYPE_CHECKING:
    from tiktoken import Encoding

Vocabulary = Literal["o200k_base", "cl100k_base"]

OVERHEAD = "chat-3-per-message/1"  # the constants below; a new number when one of them changes

# OpenAI cookbook, "How to count tokens with tiktoken": what frames a message, and what a name adds.
# Its 3 tokens that prime a reply belong to a request; a training example has none.
TOKENS_PER_MESSAGE = 3
TOKENS_PER_NAME = 1
# The same notebook, `func_end` for all models: once in a record that offers tools.
TOKENS_OF_TOOLS = 12
# Unpublished. Ours: a function's name of 3 or 4 tokens, and framing that others put at 3 to 10.
TOKENS_PER_CALL = 10
# OpenAI's vision fine-tuning guide: an image at low detail, whatever its size; the least one takes.
TOKENS_PER_IMAGE = 85

# Characters. tiktoken 0.14 panics on a run of whitespace longer than a million, and takes ever more
# time for each character of a word that outgrows the caches. A power of two, because longer runs
# are counted in blocks, and so a run of one character loses no merge.
_BLOCK = 1 << 16
_REACH = 1 << 10  # how far before the end of a block a place is looked for that parts no word

_IMAGE = "/image_url/url"
_SCHEMAS = "$.tools", "$.functions", "$.input.tools"
_FRAMED_UNKNOWN = r'"(?:tools|functions|tool_calls|function_call|image_url|input_audio|file)":[\[{]'
_EMBEDDED_IMAGE = r'(?i)"url":"data:'
_PLAIN_ROLES = "system", "developer", "user", "assistant"

# Families by vocabulary, from tiktoken's table and OpenAI's model pages; a family matches itself
# and whatever follows it after a hyphen.
_FAMILIES: dict[Vocabulary, str] = {
    "o200k_base": r"gpt-4o|chatgpt-4o|gpt-4\.1|gpt-4\.5|gpt-5(?:\.\d+)?|gpt-oss|o1|o3|o4-mini",
    "cl100k_base": r"gpt-4|gpt-3\.5|gpt-35-turbo|davinci-002|babbage-002",
}

_Measure = Callable[[pl.Series], pl.Series]


def vocabulary_for(model: str) -> str | None:
    """Return the vocabulary that a model reads its training text with, or None if unknown.

    Takes fine-tuned names (`ft:gpt-4.1-mini:org::id`) and names with a path (`openai/gpt-oss-20b`).
    tiktoken's own table is not asked: it gives `ft:gpt-4.1` the vocabulary of gpt-4.
    """
    base = model.removeprefix("ft:").partition(":")[0].rpartition("/")[2]
    for vocabulary, families in _FAMILIES.items():
        if re.fullmatch(rf"(?:{families})(?:-.*)?", base):
            return vocabulary
    return None


def pack(ranks: bytes) -> bytes:
    """Pack a `.tiktoken` file: each token's length in one byte and its bytes, in rank order."""
    packed = bytearray()
    for rank, line in enumerate(ranks.splitlines()):
        token, number = line.split()
        plain = base64.b64decode(token)
        assert int(number) == rank, "ranks must count up from 0"
        packed += bytes([len(plain)]) + plain
    return bz2.compress(bytes(packed))


def unpack(name: str) -> dict[bytes, int]:
    """Return the ranks of a vocabulary that ships with the package.

    Raises:
        UsageError: no such vocabulary ships.
    """
    if name not in get_args(Vocabulary):
        known = ", ".join(get_args(Vocabulary))
        raise UsageError(f"no vocabulary named `{name}`", hint=f"known: {known}")
    packed = bz2.decompress((files("tunegate") / "vocabularies" / f"{name}.bz2").read_bytes())
    ranks: dict[bytes, int] = {}
    start = 0
    while start < len(packed):
        end = start + 1 + packed[start]
        ranks[packed[start + 1 : end]] = len(ranks)
        start = end
    return ranks


@cache
def encoding(name: str) -> "Encoding":
    """Return tiktoken's encoding over our ranks, built once per process.

    Raises:
        UsageError: no such vocabulary ships.
    """
    from tiktoken import Encoding

    return Encoding(**_definition(name, unpack(name)))


def _definition(name: str, ranks: dict[bytes, int]) -> dict[str, Any]:
    from tiktoken_ext import openai_public  # type: ignore[import-untyped]

    constructor = openai_public.ENCODING_CONSTRUCTORS[name]
    # tiktoken states pattern and special tokens only inside functions that first download the
    # ranks. We run the same function with its loader bound to our ranks; tiktoken stays untouched.
    loader = "load_tiktoken_bpe"
    assert loader in constructor.__code__.co_names, "this tiktoken would download its ranks"
    offline = constructor.__globals__ | {loader: lambda *_, **__: ranks}
    definition: dict[str, Any] = FunctionType(constructor.__code__, offline)()
    return definition


def count(texts: pl.Series, vocabulary: str) -> pl.Series:
    """Return how many tokens each text has, as Int32; literals of special tokens are plain text.

    Raises:
        UsageError: no such vocabulary ships.
    """
    encode = encoding(vocabulary).encode_ordinary
    # System prompts and canned replies repeat within a batch.
    written = texts.to_list()
    lengths = {
        text: len(encode(text))
        if len(text) <= _BLOCK
        else sum(len(encode(piece)) for piece in _pieces(text))
        for text in set(written)
    }
    return pl.Series(texts.name, [lengths[text] for text in written], dtype=pl.Int32)


# What the vocabularies may take as one word: neither parts anything else, and numbers are short.
# Tried only where a run begins: from each place within one it would be quadratic.
_LONG_RUN = re.compile(
    rf"(?<!\s)\s{{{_BLOCK + 1},}}|(?<![^\s\d])[^\s\d]{{{_BLOCK + 1},}}",
)
# Between a letter and one of these a word always ends, so that a cut changes no count.
_WORD_END = re.compile(r"(?s:.*)[^\W\d_](?=[,.:;!?()\[\]{}<>=+*/|\"，。、：；！？「」])")


def _pieces(text: str) -> Iterator[str]:
    """Yield the text in pieces that take no longer for a character than a short text does.

    A word of more than 65,536 characters is cut, which can add a token or two for each cut.
    """
    start = 0
    for run in _LONG_RUN.finditer(text):
        cut = run.start() + _BLOCK
        while cut < run.end():
            word_end = _WORD_END.match(text, cut - _REACH, cut)
            cut = word_end.end() if word_end else cut
            yield text[start:cut]
            start = cut
            cut += _BLOCK
    yield text[start:]


def system_tokens(prompt: str, vocabulary: str) -> int:
    """Return what a system prompt adds to a conversation, framing included.

    Raises:
        UsageError: no such vocabulary ships.
    """
    message = pl.Series([prompt, "system"])
    return int(count(message, vocabulary).sum()) + TOKENS_PER_MESSAGE


def conversation_tokens(
    turns: pl.DataFrame, vocabulary: str, *, conversations: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return `row, tokens, trained, method` for each conversation with a text, sorted by row.

    trained: tokens of what the assistant says. method: "exact" where OpenAI publishes how the
    conversation is framed, else "estimate". A preference pair counts what it shares and its longer
    answer. conversations: the frame that the turns belong to; without it tool schemas, embedded
    images and weights of 0 go unseen, and a conversation with them can be called exact.
    """
    measured = _measured(turns, conversations, lambda texts: count(texts, vocabulary))
    method = pl.when("exact").then(pl.lit("exact")).otherwise(pl.lit("estimate"))
    return measured.select("row", "tokens", "trained", method=method)


def token_bounds(turns: pl.DataFrame, *, conversations: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return `row, tokens` that `conversation_tokens` cannot exceed, in any vocabulary.

    A token is at least one byte of UTF-8, so bytes stand in for tokens; nothing is encoded.
    """
    measured = _measured(turns, conversations, lambda texts: texts.str.len_bytes())
    return measured.select("row", "tokens")


def _measured(
    turns: pl.DataFrame, conversations: pl.DataFrame | None, measure: _Measure
) -> pl.DataFrame:
    # A ticket's subject that is to be trained on stands in a message, not at the record.
    leaves = turns.filter(pl.col("part") != "/subject")
    image = pl.col("part").str.ends_with(_IMAGE)
    opens = pl.col("turn").is_not_null() & pl.struct("row", "branch", "turn").is_first_distinct()
    said = (pl.col("role") == "assistant") & pl.col("part").str.starts_with(CONTENT) & ~image
    weighed = (
        leaves.with_columns(
            inside=measure(leaves["text"]).cast(pl.Int64),
            around=measure(leaves["role"].fill_null("")).cast(pl.Int64) + TOKENS_PER_MESSAGE,
        )
        .with_columns(
            tokens=pl.when(image).then(TOKENS_PER_IMAGE).otherwise("inside")
            + pl.when(opens).then("around").otherwise(0)
            + pl.when(pl.col("part") == "/name").then(TOKENS_PER_NAME).otherwise(0)
            + pl.when(pl.col("part").str.ends_with("/arguments"))
            .then(TOKENS_PER_CALL)
            .otherwise(0),
            trained=pl.when(said).then("inside").otherwise(0),
            exact=pl.col("part").is_in([CONTENT, "/name"])
            & pl.col("role").is_in(_PLAIN_ROLES).fill_null(False),
        )
        .drop("text")
    )
    if conversations is None:
        return _by_row(weighed)
    records = conversations.select("row", "skeleton").drop_nulls("skeleton")
    return (
        _by_row(_without_untrained(weighed, records))
        .join(_beside_texts(records, measure), on="row", how="left", maintain_order="left")
        .with_columns(
            tokens=pl.col("tokens") + pl.col("beside").fill_null(0),
            exact=pl.col("exact") & pl.col("known").fill_null(True),
        )
    )


def _by_row(weighed: pl.DataFrame) -> pl.DataFrame:
    numbers = pl.col("tokens", "trained")
    shared = pl.col("branch").is_null()
    return (
        weighed.group_by("row", "branch")
        .agg(numbers.sum(), pl.col("exact").all())
        .group_by("row")
        .agg(
            numbers.filter(shared).sum() + numbers.filter(~shared).max().fill_null(0),
            pl.col("exact").all(),
        )
        .sort("row")
    )


def _beside_texts(records: pl.DataFrame, measure: _Measure) -> pl.DataFrame:
    """Return `row, beside, known` from skeletons: tokens in no text, and whether framing is known.

    Names, types and keys of tool schemas count as words, with no punctuation. The tool of OpenAI's
    published example takes gpt-4o 68 tokens, its descriptions included; by this it is 66.
    """
    skeleton = pl.col("skeleton")
    found = records.select(
        "row",
        known=~skeleton.str.contains(_FRAMED_UNKNOWN),
        images=skeleton.str.count_matches(_EMBEDDED_IMAGE).cast(pl.Int64),
        schema=pl.concat_str(
            [skeleton.str.json_path_match(path) for path in _SCHEMAS],
            separator=" ",
            ignore_nulls=True,
        ),
    )
    words = measure(found["schema"].str.replace_all(r"\W+", " ")).cast(pl.Int64)
    offered = pl.when(pl.col("schema") != "").then(TOKENS_OF_TOOLS).otherwise(0)
    return found.select(
        "row",
        "known",
        beside=pl.col("images") * TOKENS_PER_IMAGE + words + offered,
    )


def _without_untrained(weighed: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    weightless = records.filter(pl.col("skeleton").str.contains(r'"weight":0\b'))
    places = [
        (row, branch, turn)
        for row, skeleton in weightless.select("row", "skeleton").iter_rows()
        for branch, turn, message in placed(orjson.loads(skeleton))
        if isinstance(message, dict) and message.get("weight") == 0
    ]
    if not places:
        return weighed
    schema = {"row": pl.Int64, "branch": pl.String, "turn": pl.Int32}
    untrained = pl.DataFrame(places, schema=schema, orient="row").with_columns(off=pl.lit(True))
    return weighed.join(
        untrained, on=list(schema), how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(trained=pl.when("off").then(0).otherwise("trained"))
