"""Texts of Atlassian, as documents and as wiki markup: what people see, and nothing lost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunegate.readers.desks import adf, wiki
from tunegate.readers.json.record import Unreadable


def node(kind: str, *content: Any, **attrs: Any) -> dict[str, Any]:
    return {"type": kind, "content": list(content), "attrs": attrs}


def words(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def line(text: str) -> dict[str, Any]:
    return node("paragraph", words(text))


def cells(*texts: str) -> dict[str, Any]:
    return node("tableRow", *(node("tableCell", line(text)) for text in texts))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ([line("a"), line("b")], "a\n\nb"),
        ([node("paragraph", words("a"), node("hardBreak"), words("b"))], "a\nb"),
        (
            [node("bulletList", node("listItem", line("a")), node("listItem", line("b")))],
            "- a\n- b",
        ),
        ([node("orderedList", node("listItem", line("a")), order=3)], "3. a"),
        (
            [
                node(
                    "bulletList",
                    node("listItem", line("a"), node("bulletList", node("listItem", line("b")))),
                ),
                line("c"),
            ],
            "- a\n  - b\n\nc",
        ),
        ([node("taskList", node("taskItem", words("a"), state="DONE"))], "[x] a"),
        ([node("taskList", node("taskItem", words("a"), state="TODO"))], "[ ] a"),
        ([node("decisionList", node("decisionItem", words("a")))], "- a"),
        ([node("codeBlock", words("if x:\n    y\n")), line("z")], "if x:\n    y\n\nz"),
        ([node("table", cells("a", "b"), cells("", "d"))], "a\tb\n\td"),
        ([node("panel", line("a")), node("blockquote", line("b"))], "a\n\nb"),
        ([node("expand", line("b"), title="a")], "a\n\nb"),
        ([node("paragraph", node("mention", id="5c1", text="@Mira"))], "@Mira"),
        ([node("paragraph", node("mention", id="5c1"))], "@5c1"),
        ([node("paragraph", node("emoji", shortName=":ok:", text="👌"))], "👌"),
        ([node("paragraph", node("emoji", shortName=":own:"))], ":own:"),
        ([node("paragraph", node("date", timestamp="1582152559000"))], "2020-02-19"),
        ([node("paragraph", node("status", text="OPEN"))], "OPEN"),
        ([node("blockCard", url="https://x.example")], "https://x.example"),
        ([node("not known yet", line("a"), text="b")], "b\n\na"),
        ([line("a"), node("rule"), line("b")], "a\n\nb"),
    ],
)
def test_a_document_reads_as_people_see_it(content: list[Any], text: str) -> None:
    assert adf.to_plain(node("doc", *content)).text == text


def test_media_are_attachments() -> None:
    plain = adf.to_plain(node("doc", node("mediaSingle", node("media", id="1", alt="a.png"))))
    assert plain == ("", ("a.png",))


@pytest.mark.parametrize("broken", ["x", None, 7])
def test_what_is_no_node_is_refused(broken: object) -> None:
    with pytest.raises(Unreadable):
        adf.to_plain(node("doc", broken))


def test_a_document_may_be_nested_deeper_than_python() -> None:
    deep = words("found")
    for _ in range(20_000):
        deep = node("blockquote", deep)
    assert adf.to_plain(node("doc", deep)).text == "found"


KINDS = st.sampled_from(
    [
        *("blockquote", "bulletList", "codeBlock", "expand", "heading", "listItem", "orderedList"),
        *("panel", "paragraph", "table", "tableCell", "tableRow", "taskList", "unknown"),
    ]
)
LEAVES = st.from_regex(r"[a-z]{3,8}", fullmatch=True).map(words)
TREES = st.recursive(
    LEAVES, lambda inner: st.builds(lambda k, c: node(k, *c), KINDS, st.lists(inner, max_size=4))
)


def texts(tree: dict[str, Any]) -> str:
    return str(tree.get("text", "")) + "".join(map(texts, tree.get("content", ())))


@given(TREES)
def test_no_word_of_a_document_is_lost(tree: dict[str, Any]) -> None:
    plain = adf.to_plain(node("doc", tree)).text
    assert "".join(c for c in plain if c.isalpha()).replace("x", "") == texts(tree).replace("x", "")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("h2. Title\nbq. said", "Title\nsaid"),
        ("* a\n** b\n# c", "- a\n  - b\n- c"),
        ("[a page|https://x.example] [https://y.example]", "a page https://y.example"),
        ("[~accountid:5c1] hi", "@5c1 hi"),
        ("||a||b||\n|1|2|", "a\tb\n1\t2"),
        ("{quote}a{quote} {color:red}b{color} {{c}} *d*", "a b c d"),
        ("{code:python}\n*a* = [b|https://c]\n{code}", "*a* = [b|https://c]"),
        ("{noformat}{color}{noformat}", "{color}"),
        (r"\*a\* and \{b\}", "*a* and {b}"),
        ("2*3*4, snake_case_name, a - b - c", "2*3*4, snake_case_name, a - b - c"),
        ("a [b] {c} |d", "a [b] {c} |d"),
        ("Bye\n--\nAna", "Bye\n--\nAna"),
        ("Bye\n-- Ana", "Bye\n-- Ana"),
        ("a\n----\nb", "a\n\nb"),
        ("##- Type above this line -##\n## a", "##- Type above this line -##\n  - a"),
    ],
)
def test_wiki_markup_reads_as_people_see_it(markup: str, text: str) -> None:
    assert wiki.to_plain(markup).text == text


def test_files_in_wiki_markup_are_attachments() -> None:
    plain = wiki.to_plain("See !shot.png|thumbnail! and [^log.txt]. Wow! Really!")
    assert plain == ("See  and . Wow! Really!", ("shot.png", "log.txt"))


@given(st.from_regex(r"[a-z .,;?\n]{0,40}", fullmatch=True))
def test_text_without_markup_stays(text: str) -> None:
    said = "\n".join(line.strip() for line in text.split("\n"))
    found = "\n".join(line.strip() for line in wiki.to_plain(text).text.split("\n"))
    assert found.split() == said.split()
