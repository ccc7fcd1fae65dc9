"""Who could be told apart is counted from values, and only counts leave."""

import polars as pl

from tunegate.model import findings, to_batch
from tunegate.pipeline.reidentify import SKETCH, estimate, sketched

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
