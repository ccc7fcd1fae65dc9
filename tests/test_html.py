"""HTML to text: what a reader would see, nothing more and nothing less."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.readers.bodies.html import is_html, to_marked, to_text

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
    "a preview that is not displayed": ("<div style='color:red; display : none'>p</div>a", "a"),
    "a preview that Word hides": ("<span style='mso-hide:all'>p</span>a", "a"),
    "what is declared hidden": ("<p hidden>p</p><p HIDDEN=''>q</p><p>a</p>", "a"),
    "what cannot be seen": (
        "<i style='visibility:hidden'>p</i><i style='opacity:0'>q</i>a<i style='opacity:0.5'>b</i>",
        "ab",
    ),
    "what has no room": (
        "<div style='max-height:0px;overflow:hidden'>p</div>"
        "<div style='max-height:0.5em;overflow:hidden'>a</div><div style='max-height:0'>b</div>",
        "a\nb",
    ),
    "letters of no size": ("<p style='font-size:0px;line-height:0'>p<i>q</i></p>a", "a"),
    "letters of a size inside of those": (
        "<div style='font-size:0'>p<div style='font-size:13px'>a<b>b</b></div>"
        "<b class='x'>c</b>q</div>d",
        "ab\nc\nd",
    ),
    "a text about hiding": (
        "<p>display:none is hidden </p><p>font-size:0</p>",
        "display:none is hidden\n\nfont-size:0",
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


def test_a_mark_that_is_hidden_counts() -> None:
    page = to_marked("<p>a</p><hr id='zwchr' style='display:none'><p>From: b</p>")
    assert [page.text[start:end].strip() for start, end in page.quotes] == ["From: b"]


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


MARKED = {
    "Gmail": '<div>a</div><div class="gmail_quote">b<blockquote>c</blockquote></div>',
    "Apple": '<div>a</div><blockquote type="cite">b<br>c</blockquote>',
    "Outlook on the web": '<div>a</div><div id="appendonsend"></div><hr><div>b</div><p>c</p>',
    "Outlook that was answered": '<div>a</div><div id="x_divRplyFwdMsg">b</div><p>c</p>',
    "Outlook for Mac": '<div>a</div><span id="OLK_SRC_BODY_SECTION"><div>b</div><p>c</p></span>',
    "Yahoo": '<div>a</div><div class="yahoo_quoted"><div>b</div><div>c</div></div>',
    "Zimbra": '<div>a</div><hr id="zwchr"><div>b</div><div>c</div>',
    "Spark": '<div>a</div><div name="messageReplySection">b<p>c</p></div>',
    "Freshdesk": '<div>a</div><div class="freshdesk_quote">b<blockquote>c</blockquote></div>',
    "nested": '<div>a</div><blockquote type="cite">b<blockquote type="cite">c</blockquote>'
    "</blockquote>",
}


@pytest.mark.parametrize("html", MARKED.values(), ids=MARKED.keys())
def test_what_a_mail_program_quotes_is_marked_and_not_lost(html: str) -> None:
    marked = to_marked(html)
    assert marked.text == to_text(html)
    assert marked.text.split() == ["a", "b", "c"]
    quoted = {n for start, end in marked.quotes for n in range(start, end)}
    assert {n for n, sign in enumerate(marked.text) if sign in "bc"} <= quoted
    assert marked.text.index("a") not in quoted


def test_answers_between_the_quotes_of_a_container_are_not_marked() -> None:
    quote = "<blockquote class='gmail_quote'>q</blockquote>"
    marked = to_marked(f"<div class='gmail_quote'>on{quote}<p>a</p>{quote}<p>b</p></div>")
    left = list(marked.text)
    for start, end in marked.quotes:
        left[start:end] = " " * (end - start)
    assert "".join(left).split() == ["a", "b"]


@pytest.mark.parametrize(
    "mark",
    [
        'class="gmail_signature"',
        'data-smartmail="gmail_signature"',
        'id="Signature"',
        'class="moz-signature"',
        'id="ms-outlook-mobile-signature"',
        'class="protonmail_signature_block"',
    ],
)
def test_a_signature_is_marked(mark: str) -> None:
    marked = to_marked(f"<div>a</div><div {mark}>b</div>")
    assert [marked.text[start:end].strip() for start, end in marked.signatures] == ["b"]


def test_a_rule_above_anything_but_a_header_marks_nothing() -> None:
    style = "border-top:solid #E1E1E1 1.0pt"
    assert to_marked(f"<p>a</p><div style='{style}'>b</div><p>c</p>").quotes == ()
    header = "<b>Q:</b> x<br><b>W:</b> y<br><b>Z:</b> z"
    assert to_marked(f"<p>a</p><div style='{style}'>{header}</div><p>c</p>").quotes != ()


def test_a_quotation_of_the_author_is_a_block_and_no_quote() -> None:
    marked = to_marked("<p>he said</p><blockquote class='cited'>b</blockquote>")
    assert (marked.quotes, len(marked.blocks)) == ((), 1)


@settings(max_examples=150, deadline=None)
@given(TREES, st.sampled_from(["gmail_quote", "gmail_signature", "yahoo_quoted", "plain"]))
def test_marks_change_no_text(tree: object, name: str) -> None:
    html = written(tree).replace("<blockquote", f"<blockquote class={name}")
    marked = to_marked(html.replace("<div", f"<div class={name}", 1))
    assert marked.text == to_text(html)
    for start, end in marked.quotes + marked.blocks + marked.signatures:
        assert 0 <= start < end <= len(marked.text)


DEEP = "<div>" * 6_000


def test_too_deep_a_page_reads_as_a_shallow_one_does() -> None:
    inner = (
        "<!-- no --><style>p {}</style>a <b>b</b><br>c &amp; d<ul><li>e</li></ul>1 < 2"
        "<script>if (a<b) {}</SCRIPT><p>f</p>"
    )
    assert to_text(DEEP + inner) == to_text(inner)


@pytest.mark.parametrize("end", ["<!-- a", "<script>a", "<a", "<", "&am", "<style", "</"])
def test_too_deep_a_page_may_end_anywhere(end: str) -> None:
    assert to_text(f"{DEEP}word {end}").startswith("word")
