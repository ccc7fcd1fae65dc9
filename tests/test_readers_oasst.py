"""Open Assistant: the best path through a tree, and why the rest is left out."""

from pathlib import Path
from typing import Any

import pytest

from exports import books, read, said
from tunegate.readers.training.oasst import READER

LOWER, BELOW = "another reply is ranked higher", "a reply to a message that is left out"


def message(name: str, parent: str | None, role: str, **fields: Any) -> dict[str, Any]:
    return {
        "message_id": name,
        "parent_id": parent,
        "text": f"text {name}",
        "role": role,
        "message_tree_id": "tree",
        "tree_state": "ready_for_export",
        **fields,
    }


ROOT = message("r", None, "prompter")
BEST = message("a", "r", "assistant", rank=0)
WORSE = message("b", "r", "assistant", rank=1)
NEXT = message("n", "a", "prompter")


def of(tmp_path: Path, *messages: Any, **options: Any) -> Any:
    return read(READER, tmp_path, {"m.json": list(messages)}, **options)[0]


def texts(reading: Any) -> list[str]:
    return [text.removeprefix("text ") for talk in said(reading) for _, text in talk]


def test_the_best_ranked_reply_is_followed_whatever_the_order(tmp_path: Path) -> None:
    reading = of(tmp_path, WORSE, NEXT, BEST, ROOT)
    assert said(reading) == [[("user", "text r"), ("assistant", "text a"), ("user", "text n")]]
    assert books(reading) == (3, 0, {LOWER: 1}, [])


def test_what_follows_a_worse_reply_is_left_out_with_it(tmp_path: Path) -> None:
    reading = of(tmp_path, ROOT, BEST, WORSE, message("c", "b", "prompter"))
    assert books(reading) == (2, 0, {LOWER: 1, BELOW: 1}, [])


def test_a_reply_without_a_rank_comes_last(tmp_path: Path) -> None:
    reading = of(tmp_path, ROOT, message("x", "r", "assistant", rank=None), WORSE)
    assert texts(reading) == ["r", "b"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"deleted": True}, "deleted or spam"),
        ({"deleted": "True"}, "deleted or spam"),
        ({"review_result": False}, "deleted or spam"),
        ({"labels": {"spam": {"value": 1.0, "count": 3}}}, "deleted or spam"),
        ({"labels": {"name": ["spam"], "value": [0.7]}}, "deleted or spam"),
        ({"labels": [{"name": "spam", "value": 0.7}]}, "deleted or spam"),
        ({"synthetic": True}, "automation"),
    ],
)
def test_the_next_best_reply_stands_in_for_one_that_must_not_stay(
    tmp_path: Path, fields: dict[str, Any], why: str
) -> None:
    reading = of(tmp_path, ROOT, {**BEST, **fields}, WORSE)
    assert texts(reading) == ["r", "b"]
    assert books(reading)[2] == {why: 1}


def test_what_a_model_wrote_is_learned_from_if_the_user_says_so(tmp_path: Path) -> None:
    reading = of(tmp_path, ROOT, {**BEST, "synthetic": True}, WORSE, bots="assistant")
    assert texts(reading) == ["r", "a"]


def test_a_tree_that_was_stopped_is_left_out_whole(tmp_path: Path) -> None:
    stopped = [{**one, "tree_state": "aborted_low_grade"} for one in (ROOT, BEST)]
    assert books(of(tmp_path, *stopped)) == (0, 0, {"deleted or spam": 2}, [])


def test_a_reply_to_nothing_is_unreadable(tmp_path: Path) -> None:
    reading = of(tmp_path, ROOT, BEST, message("o", "gone", "prompter"))
    assert books(reading) == (2, 0, {}, ["the message that it replies to is in no input"])


def test_a_circle_of_replies_ends(tmp_path: Path) -> None:
    circle = [message("x", "y", "prompter"), message("y", "x", "assistant")]
    assert books(of(tmp_path, ROOT, *circle))[0] == 1
    assert of(tmp_path, ROOT, *circle).unreadable.height == 2


def test_a_message_that_stands_twice_is_read_once(tmp_path: Path) -> None:
    assert books(of(tmp_path, ROOT, BEST, BEST)) == (2, 0, {}, ["`message_id` stands twice"])


def test_a_nested_tree_is_read_alike(tmp_path: Path) -> None:
    prompt = {**ROOT, "replies": [{**WORSE, "replies": []}, {**BEST, "replies": [NEXT]}]}
    tree = {"message_tree_id": "tree", "tree_state": "ready_for_export", "prompt": prompt}
    reading, _ = read(READER, tmp_path, {"t.json": [tree]})
    assert texts(reading) == ["r", "a", "n"]
    assert books(reading) == (3, 0, {LOWER: 1}, [])


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({**BEST, "role": "judge"}, "role is neither prompter nor assistant"),
        ({**BEST, "text": 7}, "`text` is not a text"),
        ({**BEST, "message_id": None}, "message has no `message_id`"),
    ],
)
def test_a_message_that_is_not_understood_is_unreadable(
    tmp_path: Path, broken: dict[str, Any], why: str
) -> None:
    assert books(of(tmp_path, ROOT, broken)) == (1, 0, {}, [why])
