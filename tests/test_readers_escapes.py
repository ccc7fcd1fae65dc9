"""JSON in calls and answers of tools: no escape hides a text from the rules."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.readers.chat import batch_of_records
from tunegate.readers.json.escapes import unescaped, unescaped_json

CASES = {
    "an address": (r'{"m":"jane\u0040example.com"}', '{"m":"jane@example.com"}'),
    "what json.dumps writes": (json.dumps({"m": "ü\u00a0é"}), '{"m": "ü\u00a0é"}'),
    "a key": (r'{"n\u00e4m\u0065":1}', '{"näme":1}'),
    "a pair": (r'["\ud83d\ude00"]', '["😀"]'),
    "capitals": (r'["\uD83D\uDE00\u00FC"]', '["😀ü"]'),
    "behind an escaped backslash": (r'["\\\u0041"]', r'["\\A"]'),
    "no escape at all": (r'["\\u0041"]', r'["\\u0041"]'),
    "no number": (r'["\u00zz"]', r'["\u00zz"]'),
    "digits of another script": ('["\\u004\u0661"]', '["\\u004\u0661"]'),
    "controls": (r'["\u0000\u000a\u001f\u0022\u005c"]', r'["\u0000\u000a\u001f\u0022\u005c"]'),
    "lone surrogates": (r'["\ud83d\ud83d\ude00\ude00"]', r'["\ud83d😀\ude00"]'),
    "spaces and order": ('{"b" : "\\u0041",\n"a":[ ]}', '{"b" : "A",\n"a":[ ]}'),
    "what is no JSON": (r'{"a": \u0040', '{"a": @'),
    "nothing to do": (r'{"a":"\n\"\/"}', r'{"a":"\n\"\/"}'),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_only_escapes_that_hide_are_written_out(text: str, expected: str) -> None:
    assert unescaped(text) == expected


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        (r'{"a":"\u0041"}', True),
        ('\n [1.5, "\\u0041"]', True),
        (r'["\ud83d \u0041"]', True),
        ("[" * 100_000 + r'"\u0041"' + "]" * 100_000, True),
        (r'"\u0041"', False),
        (r"path C:\u0041", False),
        (r'{"a":"\u0041"', False),
        (r'{"a":"\u0041"} and more', False),
    ],
    ids=["object", "list", "lone surrogate", "deep", "string", "prose", "cut", "more"],
)
def test_an_answer_is_json_only_as_a_whole(text: str, changes: bool) -> None:
    assert (unescaped_json(text) != text) is changes


PIECES = ["\\\\", '\\"', "\\n", "\\/", "u0041", "a", "ü", "😀", "\\u0041", "\\u00fc", "\\u00A0"]
PIECES += ["\\u0000", "\\u0022", "\\u005C", "\\u001f", "\\ud83d", "\\ude00", "\\ud83d\\ude00"]
STRINGS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


def hidden(text: str) -> list[str]:
    """Return the escapes that are still there without need, found in another way."""
    bare = text.replace("\\\\", "  ")
    codes = [int(code, 16) for code in re.findall(r"\\u([0-9a-fA-F]{4})", bare)]
    needed = {*range(0x20), 0x22, 0x5C, *range(0xD800, 0xE000)}
    pairs = re.findall(r"(?i)\\ud[89ab]..\\ud[c-f]..", bare)
    return [*(hex(code) for code in codes if code not in needed), *pairs]


@settings(max_examples=300, deadline=None)
@given(STRINGS, STRINGS)
def test_the_json_means_what_it_meant_and_hides_nothing(key: str, value: str) -> None:
    before = f'{{"{key}": ["{value}", 1.50, null]}}'
    after = unescaped(before)
    assert json.loads(after) == json.loads(before)
    assert hidden(after) == []
    assert unescaped(after) == after
    assert unescaped_json(before) == after


ESCAPED = r'{"m":"jane\u0040example.com"}'
PLAIN = '{"m":"jane@example.com"}'
CALLED = {"name": "f", "arguments": ESCAPED}
MESSAGES: dict[str, tuple[dict[str, Any], str]] = {
    "arguments of a call": (
        {"role": "assistant", "tool_calls": [{"id": "c", "type": "function", "function": CALLED}]},
        PLAIN,
    ),
    "arguments of the older form": ({"role": "assistant", "function_call": CALLED}, PLAIN),
    "an answer": ({"role": "tool", "tool_call_id": "c", "content": ESCAPED}, PLAIN),
    "an answer of the older form": ({"role": "function", "content": ESCAPED, "name": ""}, PLAIN),
    "an answer in parts": (
        {"role": "tool", "content": [{"type": "text", "text": ESCAPED}]},
        PLAIN,
    ),
    "an answer in a plain chat": ({"role": "tool", "content": ESCAPED}, PLAIN),
    "an answer that is prose": ({"role": "tool", "content": r"C:\u0041"}, r"C:\u0041"),
    "what a user wrote": ({"role": "user", "content": ESCAPED}, ESCAPED),
}


@pytest.mark.parametrize(("message", "text"), MESSAGES.values(), ids=MESSAGES.keys())
def test_a_leaf_is_the_text_that_the_json_means(message: dict[str, Any], text: str) -> None:
    batch = batch_of_records([{"messages": [message]}])
    assert [found for found in batch.turns["text"] if found] == [text]
