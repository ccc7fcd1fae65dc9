"""Links between records: the first counts, whatever the ids are."""

import pickle

from tunegate.readers.desks.links import Links


def test_the_first_link_counts_and_odd_ids_are_kept_as_they_are() -> None:
    links = Links()
    pairs = (
        ("7", "1"),
        ("7", "2"),
        ("3", "9"),
        ("03", "4"),
        ("a", "b"),
        ("5", "c"),
        ("9" * 30, "1"),
    )
    for one, other in pairs:
        links.add(one, other)
    links = pickle.loads(pickle.dumps(links.frozen()))
    found = [links.get(one) for one in ("7", "3", "03", "a", "5", "9" * 30, "8", "x")]
    assert found == ["1", "9", "4", "b", "c", "1", None, None]
    assert len(links) == 6
    assert Links().frozen().get("1") is None
