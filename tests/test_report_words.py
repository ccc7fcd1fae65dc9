import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.report.frames import histogram
from tunegate.report.runfile import DECISIONS
from tunegate.report.words import file_size, kind_word, marked, place, share, visible
from tunegate.rules import bundled

FEW = settings(max_examples=25, deadline=None)


@given(text=st.text(st.characters(), max_size=300))
def test_what_is_shown_draws_something_and_marking_twice_changes_nothing(text: str) -> None:
    once = visible(text)
    assert marked(once) == once
    assert once.isprintable()
    assert len(text) > 160 or once.replace("⟨U+", "").count("⟨") == text.count("⟨")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("\x00", "⟨U+0000⟩"),
        ("\x1b[31m", "⟨U+001B⟩[31m"),
        ("\u200b\ufeff", "⟨U+200B⟩⟨U+FEFF⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("\u3164\ufe0f", "⟨U+3164⟩⟨U+FE0F⟩"),
        ("né 日本 😀", "né 日本 😀"),
        ("x" * 170, "x" * 160 + "… (10 more characters)"),
    ],
    ids=["bidi", "nul", "escape", "zero width", "tag", "filler", "letters", "long"],
)
def test_invisible_characters_are_numbered(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("pointer", "shown"),
    [
        ("/content", "/content"),
        ("/tool_calls/0/function/arguments", "/tool_calls/0/function/arguments"),
        ("/tools/0/function/parameters/properties/jane@example.com/title",
         "/tools/0/function/parameters/properties/…/title"),
        ("/tools/0/4111111111111111", "/tools/0/…"),
    ],
    ids=["plain", "call", "property name", "digits"],
)  # fmt: skip
def test_a_place_shows_only_words_of_the_contract(pointer: str, shown: str) -> None:
    assert place(pointer) == shown


def test_a_kind_that_could_be_data_is_not_shown() -> None:
    assert kind_word("unclosed-call") == "unclosed-call"
    assert kind_word("jane@example.com") == "other"
    assert kind_word("555 0143") == "other"
    assert kind_word(None) is None


@FEW
@given(
    sizes=st.lists(st.one_of(st.none(), st.integers(0, 70_000)), max_size=30),
    limit=st.one_of(st.none(), st.integers(1, 200_000)),
)
def test_a_histogram_counts_everybody_once(sizes: list[int | None], limit: int | None) -> None:
    split = ["train" if n % 3 else None for n in range(len(sizes))]
    frame = pl.DataFrame(
        {"tokens": sizes, "split": split},
        schema={"tokens": DECISIONS["tokens"], "split": DECISIONS["split"]},
    )
    chart = histogram(frame.lazy(), "tokens", unit="token", limit=limit)
    counted = [size for size in sizes if size is not None]
    if chart is None:
        assert not counted
        return
    assert sum(b.written + b.left_out for b in chart.bins) == len(counted)
    assert chart.uncounted == len(sizes) - len(counted)
    assert all(a.high + 1 == b.low for a, b in zip(chart.bins, chart.bins[1:], strict=False))
    assert chart.median == sorted(counted)[(len(counted) - 1) // 2]
    if limit is not None:
        assert chart.bins[0].low <= limit <= chart.bins[-1].high
        over = [s for s, side in zip(sizes, split, strict=True) if s is not None and side]
        assert chart.beyond == sum(size > limit for size in over)


@given(whole=st.integers(1, 10**9), part=st.integers(0, 10**9))
def test_a_share_says_none_and_all_only_when_it_is_so(whole: int, part: int) -> None:
    part = min(part, whole)
    assert (share(part, whole) == "0 %") == (part == 0)
    assert (share(part, whole) == "100 %") == (part == whole)


def test_sizes_and_shares_read_well() -> None:
    assert share(1, 3) == "33.3 %"
    assert share(1, 10**6) == "<0.1 %"
    assert share(0, 0) == "–"
    assert [file_size(n) for n in (1, 999, 1000, 48_213_004)] == [
        "1 byte",
        "999 bytes",
        "1.0 kB",
        "48.2 MB",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(scheme: str) -> None:
    style = (bundled("templates") / "style.css.j2").read_text(encoding="utf-8")
    light, dark = style.split("prefers-color-scheme: dark", 1)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark))
    tints = [name for name in colours if name.endswith("-tint")]
    for ground in ("paper", "panel", *tints):
        for words in ("ink", "muted", "accent"):
            assert contrast(colours[words], colours[ground]) >= 4.5, (words, ground)
    for tint in tints:
        word = tint.removesuffix("-tint")
        assert contrast(colours[word], colours[tint]) >= 4.5
        assert contrast(colours[word], colours["paper"]) >= 4.5
    for drawn in ("fill", "out"):
        assert contrast(colours[drawn], colours["paper"]) >= 3


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
