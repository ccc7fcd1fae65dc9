"""ChatGPT: which way through the tree is read, and what is left out and why."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports import Content, books, notes, read, said
from scraps import SCRAPS, broken
from tunegate.readers.chats.chatgpt import READER
from tunegate.readers.chats.chatgpt_text import unmarked


def node(name: str, parent: str | None, role: str, *parts: Any, **fields: Any) -> dict[str, Any]:
    message: dict[str, Any] = {
        "author": {"role": role},
        "create_time": None,
        "content": {"content_type": "text", "parts": list(parts)},
        "weight": 1,
        "metadata": {},
        "recipient": "all",
    }
    return {"id": name, "parent": parent, "children": [], "message": message | fields}


def chat(*nodes: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    root: dict[str, Any] = {"id": "root", "parent": None, "children": [], "message": None}
    first = node("a", "root", "user", "Hi")
    mapping = {one["id"]: one for one in (*nodes, first, root)}
    last = nodes[-1]["id"] if nodes else "a"
    return [{"title": "T", "id": "c", "mapping": mapping, "current_node": last, **fields}]


def test_the_branch_that_was_on_the_screen_last_is_read(tmp_path: Path) -> None:
    nodes = [node("b", "a", "assistant", "Old"), node("c", "a", "assistant", "New")]
    reading, _ = read(READER, tmp_path, {"c.json": chat(*nodes)})
    assert said(reading) == [[("user", "Hi"), ("assistant", "New")]]
    assert books(reading) == (2, 0, {"on another branch": 1}, [])


@pytest.mark.parametrize("current", [None, "gone", 7, {"id": "b"}])
def test_without_a_current_node_the_newest_leaf_ends_the_branch(
    tmp_path: Path, current: object
) -> None:
    nodes = [
        node("b", "a", "assistant", "New", create_time=1772442002.5),
        node("c", "a", "assistant", "Old", create_time=1772442001.5),
    ]
    reading, _ = read(READER, tmp_path, {"c.json": chat(*nodes, current_node=current)})
    assert said(reading) == [[("user", "Hi"), ("assistant", "New")]]


def test_the_tree_orders_the_messages_whatever_their_times(tmp_path: Path) -> None:
    nodes = [
        node("b", "a", "assistant", "2", create_time=1772442009),
        node("c", "b", "user", "3", create_time=1772442001),
    ]
    reading, _ = read(READER, tmp_path, {"c.json": chat(*nodes)})
    assert [text for _, text in said(reading)[0]] == ["Hi", "2", "3"]


def test_a_tree_that_bites_its_tail_ends(tmp_path: Path) -> None:
    export = chat(node("b", "a", "assistant", "x"))
    export[0]["mapping"]["a"]["parent"] = "b"
    reading, _ = read(READER, tmp_path, {"c.json": export})
    assert said(reading) == [[("user", "Hi"), ("assistant", "x")]]


def test_a_conversation_is_written_by_a_model_and_has_its_title(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, {"c.json": chat(create_time=1772442000.25)})
    assert notes(reading) == ["written by a model"]
    assert reading.batch.conversations.select("id", "subject").rows() == [("c", "T")]
    assert reading.batch.conversations["created_at"].is_not_null().all()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"weight": 0}, "hidden by the source"),
        ({"metadata": {"is_visually_hidden_from_conversation": True}}, "hidden by the source"),
        ({"recipient": "browser"}, "event"),
        ({"channel": "analysis"}, "event"),
        ({"channel": "commentary"}, "event"),
        ({"author": {"role": "tool"}}, "event"),
        ({"content": {"content_type": "thoughts", "thoughts": []}}, "event"),
        ({"content": {"content_type": "code", "text": "x"}}, "event"),
        ({"content": {"content_type": "execution_output", "text": "x"}}, "event"),
        ({"content": {"content_type": "user_editable_context"}}, "event"),
        ({"content": {"content_type": "text", "parts": [""]}}, "empty"),
        (
            {"content": {"content_type": "multimodal_text", "parts": [{"content_type": "image"}]}},
            "only an attachment",
        ),
    ],
)
def test_what_was_not_said_is_left_out(tmp_path: Path, fields: dict[str, Any], why: str) -> None:
    export = chat(node("b", "a", "assistant", "x", **fields))
    assert books(read(READER, tmp_path, {"c.json": export})[0]) == (1, 0, {why: 1}, [])


def test_what_is_said_on_the_last_channel_is_read(tmp_path: Path) -> None:
    export = chat(node("b", "a", "assistant", "x", channel="final"))
    assert books(read(READER, tmp_path, {"c.json": export})[0])[0] == 2


def test_words_beside_pictures_and_spoken_ones_are_read(tmp_path: Path) -> None:
    voice = {"content_type": "audio_transcription", "text": "Spoken", "direction": "in"}
    picture = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://x"}
    content = {"content_type": "multimodal_text", "parts": [picture, voice, "written"]}
    export = chat(node("b", "a", "assistant", content=content))
    reading, _ = read(READER, tmp_path, {"c.json": export})
    assert said(reading)[0][1] == ("assistant", "Spoken\nwritten")


def test_an_answer_that_stopped_early_is_noted(tmp_path: Path) -> None:
    stopped = {"finish_details": {"type": "max_tokens"}}
    export = chat(node("b", "a", "assistant", "x", metadata=stopped))
    assert "cut short by the source" in notes(read(READER, tmp_path, {"c.json": export})[0])


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"author": {"role": "critic"}}, "message does not say who wrote it"),
        ({"author": None}, "message does not say who wrote it"),
        ({"content": None}, "message has no `content`"),
        ({"content": {"content_type": "text", "parts": "x"}}, "`parts` is not a list"),
    ],
)
def test_a_message_that_is_not_understood_is_unreadable(
    tmp_path: Path, broken: dict[str, Any], why: str
) -> None:
    export = chat(node("b/~", "a", "assistant", "x", **broken))
    reading, _ = read(READER, tmp_path, {"c.json": export})
    assert books(reading) == (1, 0, {}, [why])
    assert reading.unreadable["pointer"].to_list() == ["/mapping"]


def test_a_conversation_without_a_tree_is_unreadable(tmp_path: Path) -> None:
    export = [*chat(), {"id": "d", "mapping": None, "current_node": None}]
    assert books(read(READER, tmp_path, {"c.json": export})[0])[3] == ["`mapping` is not an object"]


def test_other_files_of_the_export_hold_nothing(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "conversations.json": chat(),
        "shared_conversations.json": [{"id": "s", "conversation_id": "c", "is_anonymous": True}],
    }
    _, plan = read(READER, tmp_path, files)
    assert plan.unused == ("shared_conversations.json",)


def thumb(rating: str, **fields: Any) -> dict[str, Any]:
    return {"id": "f", "conversation_id": "c", "rating": rating, **fields}


BAD = {"rated as bad": 1}


@pytest.mark.parametrize(
    ("feedback", "kept", "why"),
    [
        (thumb("thumbs_down", id="b"), ["Hi", "Fine", "Also fine"], BAD),
        (thumb("thumbsDown", message_id="b"), ["Hi", "Fine", "Also fine"], BAD),
        (thumb("thumbs_down"), ["Hi", "Fine"], {"rated as bad": 2}),
        (thumb("thumbs_down", conversation_id="other"), ["Hi", "Poor", "Fine", "Also fine"], {}),
        (thumb("thumbs_up", id="b"), ["Hi", "Poor", "Fine", "Also fine"], {}),
    ],
)
def test_answers_with_a_thumb_down_are_left_out(
    tmp_path: Path, feedback: dict[str, Any], kept: list[str], why: dict[str, int]
) -> None:
    nodes = [
        node("b", "a", "assistant", "Poor"),
        node("d", "b", "user", "Fine"),
        node("e", "d", "assistant", "Also fine"),
    ]
    files: dict[str, Content] = {"c.json": chat(*nodes), "message_feedback.json": [feedback]}
    reading, _ = read(READER, tmp_path, files)
    assert "\n\n".join(text for _, text in said(reading)[0]) == "\n\n".join(kept)
    assert dict(reading.excluded) == why


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Big \ue200cite\ue202turn0search1\ue202turn0search2\ue201.", "Big."),
        ("Big.\ue200filecite\ue202turn0file0\ue201 Yes", "Big. Yes"),
        ('\ue200image_group\ue202{"query":["a\nb"]}\ue201\n\nBig', "Big"),
        ("One\n\n\ue200navlist\ue202News\ue202turn0news1\ue201\n\nTwo", "One\n\nTwo"),
        ('In \ue200entity\ue202["city","Paris","France"]\ue201 now', "In Paris now"),
        ("In \ue200entity\ue202broken\ue201 now", "In now"),
        ("See \ue200url\ue202our page\ue202turn0search1\ue201.", "See our page."),
        ("\ue203Big\ue204 \ue206\ue200cite\ue202turn0search1\ue201", "Big"),
        ("Cut \ue200cite\ue202turn0sea", "Cut"),
        ("Big【4†source】, or 【12:0†a.pdf】【oaicite:3】", "Big, or"),
        ("Big :contentReference[oaicite:0]{index=0}.", "Big."),
        ("a  b\n\n\n\n【c】  ", "a  b\n\n\n\n【c】  "),
    ],
)
def test_an_answer_reads_as_on_the_page(text: str, plain: str) -> None:
    assert unmarked(text) == plain


def test_marks_are_taken_from_answers_alone(tmp_path: Path) -> None:
    marked = "Big【4†source】"
    nodes = [node("b", "a", "assistant", marked), node("c", "b", "user", marked)]
    reading, _ = read(READER, tmp_path, {"c.json": chat(*nodes)})
    assert [text for _, text in said(reading)[0]] == ["Hi", "Big", marked]


@given(st.text(alphabet=" \n[]a\ue000\ue200\ue201\ue202\ue203", max_size=40))
def test_no_mark_is_left(text: str) -> None:
    assert not set(unmarked(text)) & set("\ue200\ue203")


@pytest.mark.parametrize("name", ["mapping", "current_node"])
def test_a_mapping_of_something_else_is_not_recognised(name: str) -> None:
    head = b'[{"mapping": {"a": 1}, "current_node": "a", "create_time": 1}]'
    assert READER.recognises(head.replace(b"mapping", name.encode()), "c.json") == 0


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 99), scrap=SCRAPS)
def test_every_message_is_accounted_for_whatever_is_wrong(
    tmp_path: Path, place: int, scrap: object
) -> None:
    good = chat(node("b", "a", "assistant", "x"), node("c", "b", "user", "y"))
    other = chat(node("b", "a", "assistant", "x"), node("c", "b", "user", "y"))
    other[0]["mapping"]["b"] = broken(good[0]["mapping"]["b"], place, scrap)
    reading, _ = read(READER, tmp_path, {"c.json": [*good, *other]})
    used, merged, excluded, reasons = books(reading)
    assert used + merged + sum(excluded.values()) + len(reasons) >= 3 + 2
