"""Zendesk tickets: what becomes a turn, what is left out and why, and what cannot be understood."""

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.model import FRAGMENTS, Reading, empty
from tunegate.readers.desks.zendesk import READER
from zendesk_export import AGENT, CUSTOMER, OTHER, books, comment, document, read, said, ticket


@pytest.fixture
def reading(tmp_path: Path) -> Any:
    def of(*tickets: object, **options: Any) -> Reading:
        path = tmp_path / "export.json"
        path.write_bytes(document(*tickets))
        return read(path, **options)[0]

    return of


def test_comments_become_turns_by_who_wrote_them(reading: Any) -> None:
    found = reading(
        ticket(
            comment(CUSTOMER, "Hi", created_at="2024-03-01T12:00:00Z"),
            comment(AGENT, "Hello", created_at="2024-03-01T12:05:00Z"),
            subject="Lost parcel",
            tags=["vip", "parcel"],
            created_at="2024-03-01T12:00:00Z",
        )
    )
    assert said(found) == [
        (0, "/content", "user", "Hi"),
        (1, "/content", "assistant", "Hello"),
        (None, "/subject", None, "Lost parcel"),
    ]
    assert found.batch.turns["author"].to_list() == ["11", "22", None]
    head = found.batch.conversations.row(0, named=True)
    assert (head["id"], head["group"], head["subject"]) == ("7", "11", "Lost parcel")
    assert (head["tags"], head["skeleton"]) == (["vip", "parcel"], None)
    assert head["created_at"] == datetime(2024, 3, 1, 12, tzinfo=UTC)
    assert books(found) == (2, 0, {}, 0)


def test_comments_are_sorted_by_time_and_those_of_one_speaker_joined(reading: Any) -> None:
    found = reading(
        ticket(
            comment(AGENT, "Late", created_at="2024-03-01T15:00:00Z"),
            comment(CUSTOMER, "One", created_at="2024-03-01T12:00:00Z"),
            comment(CUSTOMER, "Zwei: ü😀"),
            comment(AGENT, "Soon", created_at="2024-03-01T13:00:00+00:00"),
        )
    )
    assert said(found) == [
        (0, "/content", "user", "One\n\nZwei: ü😀"),
        (1, "/content", "assistant", "Soon\n\nLate"),
    ]
    assert books(found) == (2, 2, {}, 0)
    # Every source message is found again where its segment says.
    texts = {turn: text for turn, _, _, text in said(found)}
    segments = found.batch.segments.select("turn", "start", "end", "pointer", "removed").rows()
    assert {pointer: texts[turn][start:end] for turn, start, end, pointer, _ in segments} == {
        "/comments/0": "Late",
        "/comments/1": "One",
        "/comments/2": "Zwei: ü😀",
        "/comments/3": "Soon",
    }
    assert {removed for *_, removed in segments} == {None}


EXCLUDED = {
    "an internal note": (comment(AGENT, "CANARY", public=False), "internal note"),
    "no word on visibility": ({"author_id": AGENT, "body": "CANARY"}, "visibility unknown"),
    "odd visibility": (comment(AGENT, "CANARY", public="true"), "visibility unknown"),
    "visibility null": (comment(AGENT, "CANARY", public=None), "visibility unknown"),
    "the system user": (comment(-1, "CANARY"), "automation"),
    "a trigger": (comment(None, "CANARY", via={"channel": "rule"}), "automation"),
    "a note of an unknown author": (comment(404, "CANARY", public=False), "internal note"),
    "an attachment only": (comment(AGENT, "", html_body="<p><img src='x'></p>"), "empty"),
    "nothing but space": (comment(AGENT, " \r\n "), "empty"),
}


@pytest.mark.parametrize(("left_out", "reason"), EXCLUDED.values(), ids=EXCLUDED.keys())
def test_what_is_left_out_is_counted_under_its_reason(
    left_out: dict[str, Any], reason: str, reading: Any
) -> None:
    found = reading(ticket(comment(CUSTOMER, "Hi"), left_out))
    assert said(found) == [(0, "/content", "user", "Hi")]
    assert books(found) == (1, 0, {reason: 1}, 0)
    removed = found.batch.segments.filter(pl.col("removed").is_not_null())
    assert removed.select("turn", "part", "start", "end", "pointer", "removed").rows() == [
        (None, None, None, None, "/comments/1", reason)
    ]


UNREADABLE = {
    "an unknown author": (comment(404, "CANARY"), "author is in no users table"),
    "no author": ({"public": True, "body": "CANARY"}, "author is in no users table"),
    "no body": ({"public": True, "author_id": AGENT}, "comment has no body"),
    "a body of another type": (
        {"public": True, "author_id": AGENT, "body": 7},
        "comment has no body",
    ),
    "no object": ("CANARY", "message is not an object"),
}


@pytest.mark.parametrize(("broken", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_understood_is_located_and_never_guessed(
    broken: object, reason: str, reading: Any
) -> None:
    found = reading(ticket(comment(CUSTOMER, "Hi"), broken))
    assert said(found) == [(0, "/content", "user", "Hi")]
    assert books(found) == (1, 0, {}, 1)
    row = found.batch.conversations["row"][0]
    assert found.unreadable.select("file", "line", "pointer", "reason", "row").rows() == [
        (0, None, "/comments/1", reason, row)
    ]
    assert found.batch.segments["removed"].to_list() == ["unreadable", None]


BROKEN_TICKETS = {
    "no comments": ({"id": 1}, "ticket has no `comments`"),
    "comments null": ({"id": 1, "comments": None}, "ticket has no `comments`"),
    "no id": ({"comments": []}, "ticket has no `id`"),
    "no object": ([1], "not a JSON object"),
}


@pytest.mark.parametrize(("broken", "reason"), BROKEN_TICKETS.values(), ids=BROKEN_TICKETS.keys())
def test_a_ticket_that_cannot_be_understood_is_one_record(
    broken: object, reason: str, reading: Any
) -> None:
    found = reading(broken, ticket(comment(CUSTOMER, "Hi")))
    assert books(found) == (1, 0, {}, 1)
    assert found.unreadable["reason"][0].startswith(reason)
    assert found.unreadable.select("pointer", "row").row(0) == (None, None)


def test_a_ticket_without_any_comment_is_a_conversation_without_turns(reading: Any) -> None:
    found = reading(ticket(), ticket(comment(AGENT, "x", public=False), id=8))
    assert found.batch.conversations["id"].to_list() == ["7", "8"]
    assert said(found) == []


ROLES: dict[str, tuple[object, dict[str, Any], dict[str, Any], str]] = {
    "the requester": (CUSTOMER, {}, {}, "user"),
    "in the users table": (AGENT, {}, {}, "assistant"),
    "an embedded person": (OTHER, {"submitter": {"id": OTHER, "role": "admin"}}, {}, "assistant"),
    "an embedded collaborator": (
        OTHER,
        {"collaborators": [{"id": OTHER, "role": "end-user"}]},
        {},
        "user",
    ),
    "the assignee": (OTHER, {"assignee_id": OTHER}, {}, "assistant"),
    "a declared agent": (OTHER, {}, {"agents": ("33",)}, "assistant"),
    "a requester written as a float": (5.0, {"requester_id": 5.0}, {}, "user"),
}


@pytest.mark.parametrize(("author", "fields", "options", "role"), ROLES.values(), ids=ROLES.keys())
def test_a_role_comes_from_an_id_and_never_from_order(
    author: object, fields: dict[str, Any], options: dict[str, Any], role: str, reading: Any
) -> None:
    found = reading(ticket(comment(author, "Hi"), **fields), **options)
    assert said(found) == [(0, "/content", role, "Hi")]


BODIES = {
    "HTML comes first": (
        {"html_body": "<p>a &amp; b</p>", "plain_body": "x", "body": "y"},
        "a & b",
    ),
    "then plain text": ({"plain_body": " a\r\nb ", "body": "y"}, "a\nb"),
    "a blank body is passed over": ({"html_body": " ", "body": "y"}, "y"),
    "a body that is HTML": ({"body": "<div>a<br>b</div>"}, "a\nb"),
    "a body that only looks like HTML": ({"body": "if a <b and c> d"}, "if a <b and c> d"),
}


@pytest.mark.parametrize(("bodies", "text"), BODIES.values(), ids=BODIES.keys())
def test_the_best_body_is_taken(bodies: dict[str, str], text: str, reading: Any) -> None:
    found = reading(ticket({"author_id": CUSTOMER, "public": True, **bodies}))
    assert said(found) == [(0, "/content", "user", text)]


def test_a_subject_may_open_the_first_message_of_the_customer(reading: Any) -> None:
    found = reading(
        ticket(
            comment(AGENT, "Hello"), comment(CUSTOMER, "Hi"), comment(AGENT, "Bye"), subject="Sub"
        ),
        subject="first-line",
    )
    assert said(found) == [
        (0, "/content", "assistant", "Hello"),
        (1, "/content", "user", "Sub\nHi"),
        (2, "/content", "assistant", "Bye"),
        (None, "/subject", None, "Sub"),
    ]
    placed = found.batch.segments.filter(pl.col("turn") == 1).select("start", "end", "pointer")
    assert placed.rows() == [(0, 3, "/subject"), (4, 6, "/comments/1")]
    assert books(found) == (3, 0, {}, 0)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (None, "11"),
        ("organization_id", "91"),
        ("via.channel", "email"),
        ("360001", "gold"),
        ("Account", "acme"),
        ("nothing", None),
    ],
    ids=str,
)
def test_a_group_is_the_requester_or_a_named_field(
    group: str | None, expected: str | None, reading: Any
) -> None:
    fields = {
        "organization_id": 91,
        "via": {"channel": "email"},
        "custom_fields": [{"id": 360001, "value": "gold"}, {"name": "Account", "value": "acme"}],
    }
    found = reading(ticket(comment(CUSTOMER, "Hi"), **fields), group=group)
    assert found.batch.conversations["group"].to_list() == [expected]


def test_ids_above_64_bits_stay_exact(tmp_path: Path) -> None:
    path = tmp_path / "t.ndjson"
    one = ticket(comment(10**25, "Hi"), id=10**25 + 1, requester_id=10**25)
    path.write_text(json.dumps(one) + "\n")
    found, _ = read(path)
    assert found.batch.conversations.select("id", "group").row(0) == (str(10**25 + 1), str(10**25))
    assert said(found) == [(0, "/content", "user", "Hi")]


AUTHORS = st.sampled_from([CUSTOMER, AGENT, OTHER, -1, None, "x", 2.5, [1]])
COMMENTS = st.one_of(
    st.none(),
    st.just("text"),
    st.fixed_dictionaries(
        {},
        optional={
            "author_id": AUTHORS,
            "public": st.sampled_from([True, False, None, "true"]),
            "body": st.sampled_from(["", "SECRET", "<p>SECRET</p>", None, 3]),
            "html_body": st.sampled_from(["<b>SECRET</b>", "<img>", None]),
            "created_at": st.sampled_from(["2024-01-02", "2024-01-01T00:00:00Z", "?", None, 1e9]),
            "via": st.sampled_from([{"channel": "rule"}, None, 7]),
        },
    ),
)


@settings(max_examples=150, deadline=None)
@given(
    drawn=st.lists(st.lists(COMMENTS, max_size=5), min_size=1, max_size=4), cut=st.integers(0, 4)
)
def test_the_book_balances_and_notes_never_reach_a_turn(
    drawn: list[list[Any]], cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    marked = [
        [
            {**c, "body": "NOTE", "html_body": "NOTE"}
            if isinstance(c, dict) and c.get("public") is not True
            else c
            for c in comments
        ]
        for comments in drawn
    ]
    path = tmp_path_factory.mktemp("books") / "e.json"
    path.write_bytes(document(*(ticket(*c, id=n) for n, c in enumerate(marked))))
    found, plan = read(path)
    used, merged, excluded, unreadable = books(found)
    assert used + merged + sum(excluded.values()) + unreadable == sum(map(len, marked))
    assert "NOTE" not in str(found.batch.turns["text"].to_list())
    assert found.batch.segments.height == sum(map(len, marked))
    assert found.batch.segments.filter(pl.col("turn").is_not_null()).height == used + merged
    roles = found.batch.contents().group_by("row", maintain_order=True).agg("role")["role"]
    assert all(mine != after for said in roles for mine, after in pairwise(said))

    fragments = pl.concat(
        [empty(FRAGMENTS), *(frame for s in plan.splits for frame in READER.read(s, plan))]
    )
    halves = [READER.assemble(part, plan) for part in (fragments[:cut], fragments[cut:])]
    for name in ("conversations", "turns", "segments"):
        joined = pl.concat([getattr(half.batch, name) for half in halves])
        assert getattr(found.batch, name).equals(joined)


ODD: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 0, 2.5, 10**30, "", "x", [], ["x", 1, None], {}, {"id": []}]
)
FIELDS = ["requester_id", "assignee_id", "subject", "tags", "created_at", "custom_fields", "users"]


@settings(max_examples=100, deadline=None)
@given(
    fields=st.dictionaries(st.sampled_from([*FIELDS, "requester", "collaborators"]), ODD),
    group=st.sampled_from([None, "x", "users.id", "tags"]),
)
def test_odd_fields_of_a_ticket_never_stop_a_run(
    fields: dict[str, Any], group: str | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("odd") / "e.json"
    path.write_bytes(document(ticket(comment(AGENT, "Hi"), **fields)))
    found, _ = read(path, group=group)
    assert found.batch.conversations["id"].to_list() == ["7"]
    assert found.batch.contents()["text"].to_list() == ["Hi"]
