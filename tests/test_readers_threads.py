"""Threads: whatever names each other, over any number of steps, belongs together."""

from hypothesis import given
from hypothesis import strategies as st

from tunegate.readers.mail.threads import Links

NAMES = st.integers(0, 12).map(str)


@given(st.lists(st.tuples(NAMES, NAMES)))
def test_ids_share_a_key_if_and_only_if_links_join_them(pairs: list[tuple[str, str]]) -> None:
    links = Links()
    groups = {str(n): {str(n)} for n in range(13)}
    for one, other in pairs:
        links.add(one, other)
        joined = groups[one] | groups[other]
        for name in joined:
            groups[name] = joined
    threads = links.threads()
    for one in groups:
        for other in groups:
            assert (threads.key(one) == threads.key(other)) == (other in groups[one])


def test_a_long_chain_in_any_order_is_one_thread() -> None:
    links = Links()
    for n in [*range(0, 2000, 2), *range(1, 2000, 2)]:
        links.add(f"id-{n}", f"id-{n + 1}")
    threads = links.threads()
    assert len({threads.key(f"id-{n}") for n in range(2001)}) == 1


def test_what_names_nothing_joins_nothing() -> None:
    links = Links()
    links.add("a", None)
    links.add(None, "b")
    links.add("c", "c")
    assert len(links.threads().known) == 0
