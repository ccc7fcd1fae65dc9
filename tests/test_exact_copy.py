"""Exact copies: the same messages but for case, spacing and punctuation."""

import random
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.checks.exact_copy import ExactCopy
from tunegate.checks.near_duplicate import NearDuplicate
from tunegate.model import PAIRS, to_batch
from tunegate.readers.chat import batch_of_records

Turns = Sequence[tuple[str, str]]


def find(conversations: Sequence[Turns]) -> pl.DataFrame:
    check = ExactCopy()
    return check.resolve([check.sketch(to_batch(conversations))])


def copies(*texts: str) -> bool:
    return find([[("user", text)] for text in texts]).height == len(texts) - 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello,   World!", "hello world"),
        ("ﬁne — “really”", 'fine "really"'),
        ("ＡＢＣ １２", "abc 12"),
        ("cafe\u0301", "café"),
        ("line\r\nbreak\u00a0here", "Line break here."),
        ("  ???  ", "???"),
        ("好的。", "好的"),
    ],
    ids=["case", "ligature", "width", "combining", "spaces", "signs", "cjk"],
)
def test_these_are_copies(one: str, other: str) -> None:
    assert copies(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("???", "!!!"),
        ("👍", "👎"),
        ("👍", "👍👍"),
        ("it costs $5", "it costs €5"),
        ("straße", "strasse"),
        ("1 2", "12"),
        ("resume", "résumé"),
        ("a b", "ab"),
        ("...", ""),
    ],
    ids=["signs", "emoji", "twice", "symbols", "sharp s", "gap", "accent", "space", "empty"],
)
def test_these_are_no_copies(one: str, other: str) -> None:
    assert not copies(one, other)


def test_turns_and_roles_are_part_of_what_is_said() -> None:
    found = find(
        [
            [("user", "a b")],
            [("user", "a"), ("user", "b")],
            [("user", "a"), ("assistant", "b")],
            [("assistant", "a"), ("user", "b")],
            [("user", "a b"), ("assistant", "")],
            [("user", "a\nonly user 1 b")],
            [("user", "a"), ("user", "1 b")],
        ],
    )
    assert found.is_empty()


def test_a_group_of_copies_is_a_star_from_its_smallest_row() -> None:
    texts = ["b", "a", "b", "c", "a", "b", "A!"]
    check = ExactCopy()
    parts = [
        check.sketch(to_batch([[("user", text)]], first=row)) for row, text in enumerate(texts)
    ]
    expected = [
        (0, 2, 1.0, "exact"),
        (0, 5, 1.0, "exact"),
        (1, 4, 1.0, "exact"),
        (1, 6, 1.0, "exact"),
    ]
    for seed in range(5):
        random.Random(seed).shuffle(parts)
        found = check.resolve(parts)
        assert found.rows() == expected
        assert found.schema == pl.Schema(PAIRS)


@pytest.mark.parametrize(
    "conversations",
    [[], [[("user", "x")]], [[("user", " \n")]] * 4, [[("system", "be brief")]] * 4, [[]] * 3],
    ids=["none", "one", "blank", "only system", "no turns"],
)
def test_silence_is_never_a_copy(conversations: list[Turns]) -> None:
    check = ExactCopy()
    sketch = check.sketch(to_batch(conversations))
    assert sketch["row"].to_list() == list(range(len(conversations)))
    for parts in ([sketch], []):
        found = check.resolve(parts)
        assert found.is_empty()
        assert found.schema == pl.Schema(PAIRS)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a", "A!", "?", "", "b"]), max_size=3), max_size=12))
def test_copies_are_the_groups_of_equal_messages(conversations: list[list[str]]) -> None:
    plain = {"a": "a", "A!": "a", "?": "?", "": "", "b": "b"}
    groups: dict[tuple[str, ...], list[int]] = {}
    for row, texts in enumerate(conversations):
        said = tuple(plain[text] for text in texts)
        if any(said):
            groups.setdefault(said, []).append(row)
    expected = sorted((rows[0], other) for rows in groups.values() for other in rows[1:])
    found = find([[("user", text) for text in texts] for texts in conversations])
    assert found.select("row", "related").rows() == expected


def pictured(url: str, name: str = "look") -> dict[str, object]:
    text = {"type": "text", "text": "What do you see in this picture of our device?"}
    call = {"id": "c", "type": "function", "function": {"name": name, "arguments": "{}"}}
    return {
        "messages": [
            {
                "role": "user",
                "content": [text, {"type": "image_url", "image_url": {"url": url}}],
            },
            {"role": "assistant", "content": "A display with two buttons.", "tool_calls": [call]},
        ]
    }


PNG = "data:image/png;base64,"


def test_pictures_and_called_functions_tell_conversations_apart() -> None:
    same = [pictured(f"{PNG}AAAA"), pictured(f"{PNG}AAAA")]
    others = [pictured(f"{PNG}BBBB"), pictured(f"{PNG}AAAA", "listen")]
    batch = batch_of_records([*same, *others])
    copies = ExactCopy().resolve([ExactCopy().sketch(batch)])
    assert copies.select("row", "related").rows() == [(0, 1)]
    near = NearDuplicate().resolve([NearDuplicate().sketch(batch)])
    assert near.is_empty()
