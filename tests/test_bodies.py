"""What a message of a mail thread says itself: nothing of others, and nothing of its own lost."""

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.readers.bodies.body import QUOTED_TEXT, REPAIRED, SIGNATURE, Body, Cleaned, clean

THREADS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "threads.yaml").read_text(encoding="utf-8")
)


def bodies_of(thread: dict[str, Any]) -> list[Body]:
    return [Body(m["text"], m.get("html", False), author=m["author"]) for m in thread["messages"]]


@pytest.mark.parametrize("thread", THREADS, ids=lambda thread: thread["name"])
def test_each_message_says_what_its_author_wrote(thread: dict[str, Any]) -> None:
    wanted = [m.get("says", m["text"]).split() for m in thread["messages"]]
    assert [each.text.split() for each in clean(bodies_of(thread))] == wanted


def test_enough_threads_are_told() -> None:
    assert len(THREADS) >= 30


def assert_whole(each: Cleaned) -> None:
    """Fail unless text and cuts together are the uncut text, white space at the seams aside."""
    kept, place = "", 0
    for cut in each.cuts:
        assert cut.kind in {QUOTED_TEXT, SIGNATURE}
        assert place <= cut.start < cut.end <= len(each.uncut)
        kept += each.uncut[place : cut.start]
        place = cut.end
    kept += each.uncut[place:]
    assert kept.split() == each.text.split()


@pytest.mark.parametrize("thread", THREADS, ids=lambda thread: thread["name"])
def test_what_is_not_cut_is_there(thread: dict[str, Any]) -> None:
    for each in clean(bodies_of(thread)):
        assert_whole(each)


PIECES = st.sampled_from(
    [
        "Hello,",
        "it does not work",
        "> it does not work",
        ">> Did you restart the box yesterday?",
        "Did you restart the box yesterday?",
        ">",
        "",
        "-- ",
        "Jane Doe",
        "________________________________",
        "From: Jane <jane@example.com>",
        "Sent: Monday, 4 March 2024",
        "Subject: Box",
        "On Mon, 4 Mar 2024 at 10:00, Jane <jane@example.com> wrote:",
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "##- Please type your reply above this line -##",
        "Sent from my iPhone",
        "<blockquote type=cite>",
        "</blockquote>",
        "<div id=appendonsend></div>",
        "<div class='gmail_quote'>",
        "</div>",
        "<br>",
        "<p>",
        "schÃ¶n",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=14).map("\n".join))
BODIES = st.builds(Body, TEXTS, st.booleans(), st.booleans(), st.sampled_from([None, "ana", "bob"]))


@settings(deadline=None, max_examples=150)
@given(st.lists(BODIES, max_size=5), st.booleans(), st.booleans(), st.booleans())
def test_nothing_outside_the_cuts_is_lost(
    bodies: list[Body], quotes: bool, signatures: bool, repair: bool
) -> None:
    cleaned = clean(bodies, quotes=quotes, signatures=signatures, repair=repair)
    assert len(cleaned) == len(bodies)
    for each in cleaned:
        assert_whole(each)
        kinds = {cut.kind for cut in each.cuts}
        assert quotes or QUOTED_TEXT not in kinds
        assert signatures or SIGNATURE not in kinds


@settings(deadline=None, max_examples=100)
@given(st.builds(Body, TEXTS, st.booleans(), st.booleans()))
def test_a_lone_message_keeps_words_if_it_had_any(body: Body) -> None:
    (each,) = clean([body])
    assert bool(each.text.strip()) == bool(each.uncut.strip())


@settings(deadline=None, max_examples=100)
@given(TEXTS)
def test_what_was_cut_is_not_cut_again(text: str) -> None:
    (once,) = clean([Body(text)])
    if once.cuts:
        (twice,) = clean([Body(once.text)])
        assert twice.text.split() == once.text.split()


def test_a_chat_is_not_cut() -> None:
    text = "> not a quote\n-- \nnot a signature\nSent from my iPhone"
    assert clean([Body(text, mail=False)]) == [Cleaned(text, text)]


def test_html_of_a_chat_becomes_text_and_is_not_cut() -> None:
    html = "<p>a</p><blockquote type='cite'>b</blockquote>"
    assert clean([Body(html, html=True, mail=False)]) == [Cleaned("a\n\nb", "a\n\nb")]


def test_cuts_are_where_they_say() -> None:
    text = (
        "Fine.\n\nOn Mon, 4 Mar 2024 at 10:00, Jane <jane@example.com> wrote:\n> Well?\n\n-- \nBob"
    )
    (each,) = clean([Body(text)])
    assert each.text == "Fine."
    assert [(cut.kind, each.uncut[cut.start : cut.end]) for cut in each.cuts] == [
        (QUOTED_TEXT, "On Mon, 4 Mar 2024 at 10:00, Jane <jane@example.com> wrote:\n> Well?"),
        (SIGNATURE, "-- \nBob"),
    ]


def test_only_what_is_asked_for_is_cut() -> None:
    text = (
        "Fine.\n\nOn Mon, 4 Mar 2024 at 10:00, Jane <jane@example.com> wrote:\n> Well?\n\n-- \nBob"
    )
    assert clean([Body(text)], signatures=False)[0].text == "Fine.\n\n-- \nBob"
    assert clean([Body(text)], quotes=False)[0].text == text.partition("\n\n--")[0]


def test_line_ends_are_one_kind() -> None:
    assert clean([Body("a\r\nb\rc\n")])[0].text == "a\nb\nc"


def test_mojibake_is_repaired_when_asked_for_only() -> None:
    body = Body("Das ist schÃ¶n, danke fÃ¼r alles")
    assert clean([body]) == [Cleaned(body.text, body.text)]
    good = "Das ist schön, danke für alles"
    assert clean([body], repair=True) == [Cleaned(good, good, note=REPAIRED)]


def test_good_text_is_not_repaired() -> None:
    text = "Søren’s “naïve” café — 10 € …\n日本語"
    assert clean([Body(text)], repair=True) == [Cleaned(text, text)]


def test_marks_of_html_survive_a_repair() -> None:
    html = "<div>schÃ¶n</div><blockquote type='cite'>fÃ¼r mich</blockquote>"
    (each,) = clean([Body(html, html=True)], repair=True)
    assert (each.text, each.note) == ("schön", REPAIRED)
    assert each.uncut[each.cuts[0].start : each.cuts[0].end] == "für mich"


def test_a_later_message_changes_no_earlier_one() -> None:
    for thread in THREADS:
        bodies = [body._replace(author=None) for body in bodies_of(thread)]
        whole = clean(bodies)
        for size in range(len(bodies)):
            assert clean(bodies[:size]) == whole[:size]


def test_conversations_do_not_know_each_other() -> None:
    first, second = bodies_of(THREADS[0]), bodies_of(THREADS[1])
    alone = clean(first), clean(second)
    assert (clean(first), clean(second)) == alone == (clean(first), clean(second))


HOSTILE = {
    "quoted lines": "Hi\n" + "> word\n" * 100_000,
    "ever deeper": "Hi\n" + "\n".join(">" * (n % 300) + " word" for n in range(5_000)),
    "attributions": "On Mon, 4 Mar 2024 at 10:00, Jane <jane@example.com> wrote:\n" * 2_000,
    "headers": "From: a\nSent: b\n" * 4_000,
    "half a header in a line": "From: a Sent: " * 4_000,
    "colons": "a:\n" * 10_000,
    "addresses": "a@" * 50_000,
    "rules": "_" * 50_000 + "\n" + "-" * 50_000 + "\n",
    "one long line": "word " * 200_000,
    "spaces": " " * 100_000 + "x" + "\n \t" * 100_000,
    "open tags": "<a " * 20_000,
    "comments": "<!-- " * 20_000,
    "deep lists": "<ul><li>" * 30_000 + "deep",
    "deep quotes": "<blockquote type=cite>" * 30_000 + "deep",
    "quotes in a row": "<blockquote type=cite>a</blockquote>b" * 3_000,
    "containers": "<div class=gmail_quote>a" * 4_000,
    "lone surrogates": "a\ud800\n> \udfff",
    "zeros": "\0\n> \0",
}


@pytest.mark.parametrize(
    ("text", "html"),
    list(itertools.product(HOSTILE.values(), [False, True])),
    ids=[f"{name}-{kind}" for name, kind in itertools.product(HOSTILE, ["text", "html"])],
)
def test_no_text_is_too_much(text: str, html: bool) -> None:
    for each in clean([Body(text, html, author="a"), Body(text, html, author="b")], repair=True):
        assert_whole(each)
