"""Who could be told apart is counted from values, and only counts leave."""

import json
from pathlib import Path

import polars as pl

from support import chat_file, jsonl
from tunegate import audit, load_rules
from tunegate.model import findings, to_batch
from tunegate.pipeline.reidentify import SKETCH, estimate, sketched
from tunegate.policy import Policy, parse_policy

TEXTS = ("I am 34, LS1 4DY", "34 here: ls1 4dy", "I am 71", "nothing")
SPOTS = [
    (0, "pii/age", 5, 7),
    (0, "pii/postcode", 9, 16),
    (1, "pii/age", 0, 2),
    (1, "pii/postcode", 9, 16),
    (2, "pii/age", 5, 7),
]


def sketch(salt: bytes = b"salt", redacting: tuple[str, ...] = ()) -> pl.DataFrame:
    batch = to_batch([[("user", text)] for text in TEXTS])
    found = pl.DataFrame(
        [(rule, row, 0, "/content", start, end) for row, rule, start, end in SPOTS],
        schema={
            "rule": pl.String(),
            "row": pl.Int64(),
            "turn": pl.Int32(),
            "part": pl.String(),
            "start": pl.Int64(),
            "end": pl.Int64(),
        },
        orient="row",
    )
    return sketched(batch, findings(found), salt=salt, redacting=redacting)


def test_equal_combinations_in_other_spellings_are_one_class() -> None:
    told = estimate(sketch(), pl.Series("row", [0, 1, 2, 3]), {"pii/age", "pii/postcode"})
    assert told is not None
    assert (told["conversations"], told["unique"], told["smallest_class"]) == (3, 1, 1)
    assert told["kinds"] == {"age": 3, "postcode": 2}


def test_what_is_redacted_is_not_left() -> None:
    told = estimate(
        sketch(redacting=("pii/age", "pii/postcode")), pl.Series("row", [0, 1, 2]), {"pii/age"}
    )
    assert told is not None
    assert told["written"] == {"conversations": 0, "unique": 0, "smallest_class": None}
    kept = estimate(sketch(redacting=("pii/age",)), pl.Series("row", [0, 2]), {"pii/age"})
    assert kept is not None
    assert kept["written"]["conversations"] == 1


def test_a_sketch_holds_no_value_and_depends_on_the_run() -> None:
    one, two = sketch(), sketch(b"other")
    assert dict(one.schema) == SKETCH
    assert one["digest"].to_list() != two["digest"].to_list()


def test_without_a_rule_nothing_is_estimated() -> None:
    assert estimate(pl.DataFrame(schema=SKETCH), pl.Series("row", [0]), {"pii/iban"}) is None


def policy() -> Policy:
    text = json.dumps({"summary": "x", "rules": {"pii/age": None, "pii/postcode": None}})
    return parse_policy(text, name="p", where="p", rules=load_rules())


def test_a_run_states_counts_and_no_artefact_holds_a_digest(tmp_path: Path) -> None:
    said = [[("user", f"I'm {age} years old."), ("assistant", "Hi.")] for age in (34, 34, 71)]
    run = audit(chat_file(tmp_path / "c.jsonl", *said), policy=policy(), out=tmp_path / "run")
    told = run.record["reidentification"]
    assert told["kinds"] == {"age": 3, "postcode": 0}
    assert (told["conversations"], told["unique"], told["smallest_class"]) == (3, 1, 1)
    assert told["written"]["conversations"] == 0
    assert not list((tmp_path / "run").rglob("*quasi*"))


def test_pictures_in_messages_are_counted(tmp_path: Path) -> None:
    image = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    content = [{"type": "text", "text": "Look"}, image, image]
    messages = [
        {"role": "user", "content": content},
        {"role": "assistant", "content": "I see."},
    ]
    run = audit(jsonl(tmp_path / "c.jsonl", {"messages": messages}), policy=policy())
    assert run.record["counts"]["media"] == 2
