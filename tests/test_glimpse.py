"""What the head of an input shows: lines, documents after each other, arrays, tables, text."""

import json

import pytest

from tunegate.readers.json.glimpse import glimpse

A, B = {"id": 1, "text": "x"}, {"id": 2, "text": "y"}
ONE, OTHER = json.dumps(A), json.dumps(B)
PAGE = json.dumps({"tickets": [A]})

SHAPES = {
    "objects on lines": (f"{ONE}\n{OTHER}\n", "lines", (), 2),
    "objects without a line between": (f"{ONE}{OTHER}", "values", (), 2),
    "an array": (f"[{ONE}, {OTHER}]", "values", (), 2),
    "arrays on lines": (f"[{ONE}]\n[{OTHER}]\n", "values", (), 2),
    "arrays after each other": (f"[{ONE}][{OTHER}]", "values", (), 2),
    "objects over several lines": (json.dumps(A, indent=1) * 2, "values", (), 2),
    "pages on lines": (f"{PAGE}\n{PAGE}\n", "lines", ("tickets",), 2),
    "pages after each other": (PAGE * 2, "values", ("tickets",), 2),
    "a document with a line an element": (
        '{"tickets": [\n' + f"{ONE},\n" * 9 + f"{OTHER}\n]}}",
        "values",
        ("tickets",),
        10,
    ),
    "a document that is cut": (
        f'{{"tickets": [{ONE}, {OTHER}, {{"id": 3',
        "lines",
        ("tickets",),
        3,
    ),
}


@pytest.mark.parametrize(("head", "kind", "path", "count"), SHAPES.values(), ids=SHAPES.keys())
def test_records_are_seen_where_they_stand(
    head: str, kind: str, path: tuple[str, ...], count: int
) -> None:
    seen = glimpse(head.encode())
    assert seen.kind == kind
    (listing,) = (one for one in seen.listings if one.path == path)
    assert len(listing.objects) == count
    assert "id" in listing.names


@pytest.mark.parametrize(
    ("head", "kind"),
    [("", "empty"), ("\n \n", "empty"), ("a,b\n1,2\n", "rows"), ("Dear all,\n", "text")],
)
def test_what_is_no_json_is_told_apart(head: str, kind: str) -> None:
    assert glimpse(head.encode()).kind == kind


def test_deep_nesting_takes_no_longer_than_its_length() -> None:
    assert glimpse(b"[" * 60_000).kind == "values"


@pytest.mark.parametrize(
    "cut",
    ['"a, [b}, {c', '"a \\", {"id": 4}, [', '"ends in a backslash, \\', '"', '"x", "y": "]}, {'],
)
def test_a_head_that_ends_within_a_string_shows_nothing_of_what_stands_in_it(cut: str) -> None:
    head = f'{{"tickets": [{ONE}, {OTHER}, {{"id": 3, "text": {cut}'
    (listing,) = (one for one in glimpse(head.encode()).listings if one.path == ("tickets",))
    assert [one["id"] for one in listing.objects] == [1, 2, 3]
    assert all(set(one) <= {"id", "text", "y"} for one in listing.objects)
