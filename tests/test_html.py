"""HTML to text: what a reader would see, nothing more and nothing less."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.readers.html import is_html, to_text

CASES = {
    "paragraphs stand apart": ("<p>a</p><p>b</p>", "a\n\nb"),
    "divisions are lines": ("<div>a</div><div>b</div>", "a\nb"),
    "an empty line is kept": ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
    "many empty lines are one": ("a<br><br><br><br>b", "a\n\nb"),
    "a break ends a line": ("a<br>b<br/>c", "a\nb\nc"),
    "inline elements do not": ("<b>re</b>st<i>art</i> <u>now</u>", "restart now"),
    "space runs are one": ("  a \n\t b&nbsp;&nbsp;c ", "a b c"),
    "space stays between elements": ("<span>a</span> <span>b</span>", "a b"),
    "entities are decoded": ("&lt;b&gt; &amp; &eacute; &#x1F600;", "<b> & é 😀"),
    "lists are dashed": ("x<ul><li>a</li><li>b</li></ul>y", "x\n\n- a\n- b\n\ny"),
    "a paragraph in a list": ("<ul><li><p>a</p></li><li></li></ul>", "- a"),
    "cells are apart by tabs": (
        "<table><tr><th>a</th><th>b c</th></tr><tr><td>1</td> <td>2</td></tr></table>",
        "a\tb c\n1\t2",
    ),
    "what nobody sees is dropped": (
        "<head><title>t</title><style>p{}</style></head><script>x()</script><!-- c -->a",
        "a",
    ),
    "what is seen without scripts is kept": ("<noscript>a</noscript>", "a"),
    "text as it is": ("<pre>a\n  b\n\n\nc  </pre>d", "a\n  b\n\nc\n\nd"),
    "no markup at all": ("a\nb", "a b"),
    "text behind the end": ("<html><body>a</body></html>b", "ab"),
    "never closed": ("<div><b>a", "a"),
    "a picture": ("<p><img src='x' alt='y'></p>", ""),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("html", "text"), CASES.values(), ids=CASES.keys())
def test_html_becomes_what_a_reader_sees(html: str, text: str) -> None:
    assert to_text(html) == text


@pytest.mark.parametrize("name", ["div", "b", "blockquote", "ul><li", "font", "table><tr><td"])
def test_nothing_is_lost_5_000_deep(name: str) -> None:
    opened = f"<{name}>" * 5000
    assert to_text(f"{opened}first<br>second").replace("- ", "").split() == ["first", "second"]


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=5)
TREES = st.recursive(
    WORDS,
    lambda inner: st.tuples(
        st.sampled_from(["p", "div", "b", "span", "ul", "li", "h1", "blockquote", "em"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


def written(tree: object) -> str:
    if isinstance(tree, str):
        return f" {tree} "
    assert isinstance(tree, tuple)
    name, inner = tree
    return f"<{name}>{''.join(map(written, inner))}</{name}>"


def words(tree: object) -> list[str]:
    if isinstance(tree, str):
        return tree.split()
    assert isinstance(tree, tuple)
    return [word for inner in tree[1] for word in words(inner)]


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_every_word_is_kept_in_order_and_lines_are_tidy(tree: object) -> None:
    text = to_text(written(tree))
    assert [word for word in text.split() if word != "-"] == words(tree)
    assert text == text.strip()
    assert all(line == line.strip() for line in text.split("\n"))
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>Hello</p>", True),
        ("one<br>two", True),
        ("one<BR />two", True),
        ("see <https://x.test>", False),
        ("a < b and b > c", False),
        ("if x</y then", False),
        ("<name> please", False),
        ("", False),
    ],
)
def test_only_closing_tags_and_breaks_make_a_text_html(text: str, expected: bool) -> None:
    assert is_html(text) is expected
