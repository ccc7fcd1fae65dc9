"""Elements of documents, and records: the same as the json module finds, or a reason."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.readers.json.elements import VALUES, scan
from tunegate.readers.json.record import Unreadable, parse
from tunegate.readers.times import moment

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=6)
    | st.sampled_from(['"', "\\", '[]{},"', '\\"', '"]', "\\\\"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=10,
)


def chopped(raw: bytes, size: int) -> list[bytes]:
    return [raw[at : at + size] for at in range(0, len(raw), size)]


@settings(max_examples=150, deadline=None)
@given(st.lists(JSON, max_size=6), st.sampled_from([None, 1]), st.integers(1, 40))
def test_elements_of_an_array_are_those_that_json_finds(
    value: list[object], indent: int | None, size: int
) -> None:
    raw = json.dumps(value, indent=indent, ensure_ascii=False).encode()
    found = scan(chopped(raw, size))
    assert (found.fault, found.total) == (None, len(raw))
    spans = found.spans[VALUES]
    assert [json.loads(raw[at : at + length]) for at, length in spans] == value


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["tickets", "users"]) | st.text(max_size=3), JSON),
    st.sampled_from([None, 1]),
    st.integers(1, 40),
)
def test_elements_under_a_key_are_those_that_json_finds(
    value: dict[str, object], indent: int | None, size: int
) -> None:
    raw = json.dumps(value, indent=indent).encode()
    found = scan(chopped(raw, size), frozenset({("tickets",), ("users",)}))
    assert found.fault is None
    assert {
        key[0]: [json.loads(raw[at : at + length]) for at, length in spans]
        for key, spans in found.spans.items()
    } == {
        key: inner
        for key, inner in value.items()
        if key in ("tickets", "users") and isinstance(inner, list)
    }


@settings(max_examples=100, deadline=None)
@given(st.lists(JSON, min_size=1, max_size=6), st.integers(1, 40), st.data())
def test_a_cut_document_gives_the_elements_before_the_cut(
    value: list[object], size: int, data: st.DataObject
) -> None:
    raw = json.dumps(value).encode()
    cut = data.draw(st.integers(1, len(raw) - 1))
    found = scan(chopped(raw[:cut], size))
    assert found.early
    spans = found.spans[VALUES]
    assert [json.loads(raw[at : at + length]) for at, length in spans] == value[: len(spans)]
    after = scan([raw]).spans[VALUES][len(spans) :]
    assert all(at + length >= cut for at, length in after), "a whole element was missed"


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(max_size=3), JSON, max_size=4))
def test_a_strict_record_parses_as_json_does(value: dict[str, Any]) -> None:
    raw = json.dumps(value).encode()
    if "\\u0000" in raw.decode().replace("\\\\", ""):
        with pytest.raises(Unreadable, match="NUL"):
            parse(raw)
    else:
        assert parse(raw) == value


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=3), JSON, min_size=1, max_size=4), st.data())
def test_a_key_that_stands_twice_is_always_seen(value: dict[str, Any], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(value)))
    again = json.dumps({key: data.draw(JSON)})[1:]
    raw = (json.dumps(value)[:-1] + "," + again).encode()
    with pytest.raises(Unreadable, match=r"twice|NUL"):
        parse(raw)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-03-01T12:00:00Z", 1_709_294_400),
        ("2024-03-01T13:00:00+01:00", 1_709_294_400),
        ("2024-03-01 12:00:00", 1_709_294_400),
        ("2024-03-01", 1_709_251_200),
        ("20240301", 1_709_251_200),
        (1_709_294_400, 1_709_294_400),
        (1_709_294_400.5, 1_709_294_400.5),
        (1_709_294_400_000, 1_709_294_400),
        ("1709294400", 1_709_294_400),
        ("yesterday", None),
        ("nan", None),
        (5, None),
        (True, None),
        (None, None),
        ([1], None),
    ],
    ids=repr,
)
def test_a_moment_is_understood_or_null(written: object, expected: float | None) -> None:
    assert moment(written) == (None if expected is None else round(expected * 1_000_000))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30) | st.floats() | st.integers() | st.datetimes().map(str))
def test_no_writing_of_a_moment_stops_a_run(written: object) -> None:
    found = moment(written)
    assert found is None or abs(found) < 1 << 62


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(["a", "b", "x"]), JSON), min_size=1, max_size=4),
    st.sampled_from([None, 1]),
    st.sampled_from(["", "\n", " \r\n\n"]),
    st.integers(1, 40),
)
def test_documents_after_each_other_are_those_that_json_finds(
    values: list[dict[str, object]], indent: int | None, gap: str, size: int
) -> None:
    pages = [{"_embedded": {"pages": value}, "next": None} for value in values]
    raw = gap.join(json.dumps(page, indent=indent) for page in pages).encode()
    whole = scan(chopped(raw, size))
    assert whole.fault is None
    assert [json.loads(raw[at : at + n]) for at, n in whole.spans[VALUES]] == pages
    path = ("_embedded", "pages", "a")
    found = scan(chopped(raw, size), frozenset({path}))
    lists = [value.get("a") for value in values]
    wanted = [item for items in lists if isinstance(items, list) for item in items]
    assert [json.loads(raw[at : at + n]) for at, n in found.spans.get(path, [])] == wanted


@pytest.mark.parametrize(
    "raw", [b'{"a": []} x', b'{"a": []}, {}', b'{"a": [1,,2]}', b'{"a": [}', b"{}}"]
)
def test_what_stands_between_documents_ends_the_file(raw: bytes) -> None:
    found = scan([raw], frozenset({("a",)}))
    assert found.fault == "not JSON from here on"
    assert not found.early
