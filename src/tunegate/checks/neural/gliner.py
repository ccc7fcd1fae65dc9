"""GLiNER as an engine, through ONNX Runtime: it finds whatever its labels say in words.

The model must have been exported by GLiNER's own `export_to_onnx`; PyTorch is not needed then.
What such a model takes is described in docs/engines.md.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tunegate.checks.neural.engines import Settings, Span, folder, need
from tunegate.errors import RuleError

_MODELS = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
_CONFIG = "gliner_config.json"
_WORD = re.compile(r"\w+(?:[-_]\w+)*|\S")  # how GLiNER's models were trained to see words
_TOKENS = 512  # that an encoder takes where the configuration does not say
_SPECIAL = 2  # tokens around a text
_SHARED = 8  # an eighth of a window is seen twice
_EDGES = 3  # start, end and inside, of models that judge words and not spans

Floats = NDArray[np.float32]


class _Window(NamedTuple):
    """Some words of one of the texts; spans: where each stands in it."""

    text: int
    spans: list[tuple[int, int]]
    words: list[str]


@dataclass(frozen=True)
class Gliner:
    """Finds spans that fit the labels, which are words such as `person` or `home address`."""

    settings: Settings

    def __post_init__(self) -> None:
        need("gliner", "onnxruntime", "tokenizers")
        folder("gliner", self.settings.path, "|".join(_MODELS), _CONFIG, "tokenizer.json")
        if not self.settings.labels:
            raise RuleError(
                "engine `gliner` finds what its labels say, and there are none",
                hint="set `params.labels`, such as {person: person, home address: address}",
            )

    def detect(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return the best spans of each text, of which none overlap."""
        found: list[list[Span]] = [[] for _ in texts]
        windows = [window for n, text in enumerate(texts) for window in self._windows(n, text)]
        size = self.settings.batch_size
        for begin in range(0, len(windows), size):
            batch = windows[begin : begin + size]
            for window, spans in zip(batch, self._judged(batch), strict=True):
                found[window.text] += spans
        return [_apart(spans) for spans in found]

    def _windows(self, number: int, text: str) -> Iterator[_Window]:
        """Yield the words of a text, as many at a time as the model takes."""
        matches = list(_WORD.finditer(text))
        if not matches:
            return
        words = [match[0] for match in matches]
        tokens = self._tokenizer.encode(words, is_pretokenized=True, add_special_tokens=False)
        known = [word for word in tokens.word_ids if word is not None]
        sizes = np.bincount(known, minlength=len(words)).tolist()
        for begin, end in _cut(sizes, self._room, self._most_words):
            spans = [match.span() for match in matches[begin:end]]
            yield _Window(number, spans, words[begin:end])

    def _judged(self, windows: Sequence[_Window]) -> Iterator[list[Span]]:
        inputs = self._inputs(windows)
        wanted = {one.name for one in self._session.get_inputs()}
        given = {name: value for name, value in inputs.items() if name in wanted}
        logits = self._session.run(None, given)[0]
        scores = 1 / (1 + np.exp(-logits.astype(np.float32)))
        if "span_idx" not in wanted:
            scores = _of_edges(scores, len(windows), self._width)
        for window, own in zip(windows, scores, strict=True):
            yield self._spans(window, own)

    def _spans(self, window: _Window, scores: Floats) -> list[Span]:
        """Return what scores enough; scores: by first word, further words, and label."""
        starts, widths, labels = np.nonzero(scores >= self.settings.threshold)
        return [
            Span(
                window.spans[start][0],
                window.spans[start + width][1],
                self.settings.labels[label],
                float(scores[start, width, label]),
            )
            for start, width, label in zip(
                starts.tolist(), widths.tolist(), labels.tolist(), strict=True
            )
            if start + width < len(window.spans)
        ]

    def _inputs(self, windows: Sequence[_Window]) -> dict[str, NDArray[Any]]:
        prompt = self._prompt
        encodings = self._tokenizer.encode_batch(
            [[*prompt, *window.words] for window in windows], is_pretokenized=True
        )
        most = max(len(window.words) for window in windows)
        pooling = str(self._config.get("subtoken_pooling") or "first")
        masks = [_words_mask(one.word_ids, len(prompt), pooling) for one in encodings]
        first = np.repeat(np.arange(most), self._width)
        pairs = np.stack([first, first + np.tile(np.arange(self._width), most)], axis=1)
        lengths = np.array([[len(window.words)] for window in windows], np.int64)
        inside = pairs[None, :, 1] < lengths
        return {
            "input_ids": np.array([one.ids for one in encodings], np.int64),
            "attention_mask": np.array([one.attention_mask for one in encodings], np.int64),
            "words_mask": np.array(masks, np.int64),
            "text_lengths": lengths,
            "span_idx": pairs[None] * inside[:, :, None],
            "span_mask": inside,
        }

    @cached_property
    def _prompt(self) -> list[str]:
        mark, end = (
            self._config.get("ent_token", "<<ENT>>"),
            self._config.get("sep_token", "<<SEP>>"),
        )
        return [*(part for label in self.settings.labels for part in (mark, label)), end]

    @cached_property
    def _room(self) -> int:
        """How many tokens of text fit beside the prompt."""
        encoder = self._config.get("encoder_config") or {}
        most = encoder.get("max_position_embeddings") or _TOKENS
        prompt = self._tokenizer.encode(self._prompt, is_pretokenized=True)
        room = int(most) - len(prompt.ids) - _SPECIAL
        if room < 1:
            raise RuleError(
                "engine `gliner` has more labels than its model can hold",
                hint="ask for fewer, in two rules",
            )
        return room

    @property
    def _most_words(self) -> int:
        return int(self._config.get("max_len") or _TOKENS)

    @property
    def _width(self) -> int:
        return int(self._config.get("max_width") or 12)

    @cached_property
    def _config(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self._folder / _CONFIG).read_text(encoding="utf-8"))
        if read.get("labels_encoder"):
            raise RuleError(
                "engine `gliner` cannot run models with an encoder of their own for labels",
                hint="use a model that reads labels and text together",
            )
        return read

    @property
    def _folder(self) -> Path:
        return Path(self.settings.path or "")

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 - the library's own, imported here alone
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_truncation()
        padding = tokenizer.padding or {}
        pad = padding.get("pad_id", tokenizer.token_to_id("[PAD]") or 0)
        tokenizer.enable_padding(pad_id=pad)
        return tokenizer

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401 - the library's own, imported here alone
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.settings.threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4  # its messages may name what it is given
        path = next(found for name in _MODELS if (found := self._folder / name).is_file())
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _words_mask(word_ids: Sequence[int | None], prompt: int, pooling: str) -> list[int]:
    """Return for each token the number of its word of the text, from 1; 0 for those of none.

    pooling: which of a word's tokens have it: the first, the last, or all.
    """
    neighbours: Sequence[int | None] = [None] * len(word_ids)
    if pooling == "first":
        neighbours = [None, *word_ids[:-1]]
    elif pooling == "last":
        neighbours = [*word_ids[1:], None]
    return [
        word - prompt + 1 if word is not None and word >= prompt and word != beside else 0
        for word, beside in zip(word_ids, neighbours, strict=True)
    ]


def _cut(sizes: Sequence[int], room: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of words that fit, which overlap; a word that never fits is in none."""
    begin = 0
    while begin < len(sizes):
        end, total = begin, 0
        while end < len(sizes) and end - begin < most and total + sizes[end] <= room:
            total += sizes[end]
            end += 1
        if end == begin:
            begin += 1
            continue
        yield begin, end
        if end == len(sizes):
            return
        begin = max(begin + 1, end - (end - begin) // _SHARED)


def _of_edges(scores: Floats, count: int, width: int) -> Floats:
    """Return scores by span of a model that judges where spans start, end and are inside.

    A span is as certain as the least certain thing about it.
    """
    if scores.shape[0] == _EDGES and scores.shape[1] == count:
        scores = np.moveaxis(scores, 0, -1)  # older exports have the three in front
    begin, end, inside = (scores[..., n] for n in range(_EDGES))
    words = begin.shape[1]
    spans = np.zeros((count, words, width, begin.shape[2]), np.float32)
    least = begin
    for further in range(min(width, words)):
        stop = words - further
        least = np.minimum(least[:, :stop], inside[:, further:])
        spans[:, :stop, further] = np.minimum(least, end[:, further:])
    return spans


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Return the best spans that do not overlap, in the order of the text."""
    kept: list[Span] = []
    for one in sorted(spans, key=lambda span: (-span.score, span.start, span.end, span.label)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept)
