"""The laws of docs/architecture.md, each held against made-up exports."""

import json
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import AGENT, answered, ticket, written, zendesk_file
from tunegate import Batch, TunegateError, audit, load_policy, load_rules
from tunegate.pipeline.gate import latest_judgement
from tunegate.pipeline.result import Audit
from tunegate.report.screen import screen
from tunegate.report.sentences import verdict_word
from tunegate.report.summarise import summarise
from tunegate.rules import parse_rule

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FEW = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

who = st.sampled_from(["user", "agent", "nobody"])
bodies = st.one_of(
    st.sampled_from(
        [
            "",
            "Where is my parcel? Write to jane.doe@example.com please.",
            "Card 4111 1111 1111 1111, IBAN GB82 WEST 1234 5698 7654 32.",
            "Call +1 202-555-0143 or +44 20 7946 0123, thank you very much.",
            "<p>It works &amp; I am <b>happy</b>.</p>",
            "😀😀",
        ]
    ),
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=60),
)
comments = st.lists(st.tuples(who, bodies, st.booleans()), max_size=6)
exports = st.lists(st.tuples(comments, st.integers(1, 5)), min_size=1, max_size=12)


def export(path: Path, drawn: list[tuple[list[Any], int]]) -> Path:
    tickets = [ticket(n + 1, *said, customer=c) for n, (said, c) in enumerate(drawn)]
    return zendesk_file(path, *tickets)


def contents(run: Path) -> dict[str, bytes]:
    """Return the bytes of a run but for the one field that holds time and machine."""
    held = {path.name: path.read_bytes() for path in sorted(run.iterdir())}
    record = json.loads(held["run.json"])
    record.pop("environment")
    held["run.json"] = json.dumps(record).encode()
    held["report.html"] = re.sub(
        rb'(?s)<(time id="when"|span id="machine").*?</(time|span)>', b"", held["report.html"]
    )
    return held


@FEW
@given(drawn=exports)
def test_both_books_balance(tmp_path_factory: pytest.TempPathFactory, drawn: Any) -> None:
    folder = tmp_path_factory.mktemp("books")
    run = audit(export(folder / "export.json", drawn), now=NOW)
    records = run.record["counts"]["records"]
    book = run.record["counts"]["conversations"]
    assert records["total"] == sum(records.values()) - records["total"]
    assert book["total"] == sum(book.values()) - book["total"] == len(drawn)
    assert records["total"] == sum(len(said) for said, _ in drawn)
    lines = written(run.folder)
    assert len(lines) == book["kept"] + book["edited"]


@FEW
@given(drawn=exports, rows=st.sampled_from([1, 2, 5]))
def test_batch_size_changes_no_byte(
    tmp_path_factory: pytest.TempPathFactory, drawn: Any, rows: int
) -> None:
    path = export(tmp_path_factory.mktemp("batch") / "export.json", drawn)
    whole = audit(path, now=NOW)
    apart = audit(path, now=NOW, batch_rows=rows)
    assert contents(whole.folder) == contents(apart.folder)


@FEW
@given(drawn=exports, order=st.randoms(use_true_random=False))
def test_input_order_changes_no_finding(
    tmp_path_factory: pytest.TempPathFactory, drawn: Any, order: Any
) -> None:
    folder = tmp_path_factory.mktemp("order")
    tickets = [ticket(n + 1, *said, customer=c) for n, (said, c) in enumerate(drawn)]
    straight = audit(zendesk_file(folder / "a.json", *tickets), now=NOW)
    order.shuffle(tickets)
    shuffled = audit(zendesk_file(folder / "b.json", *tickets), now=NOW)
    assert by_key(straight) == by_key(shuffled)


def by_key(run: Audit) -> list[tuple[object, ...]]:
    names = dict(run.decisions.select("row", "key").iter_rows())
    columns = ["rule", "on", "turn", "part", "start", "end", "kind", "value"]
    found = [
        (names.get(row), names.get(other), *rest)
        for row, other, *rest in run.findings.select("row", "related", *columns).iter_rows()
    ]
    decided = run.decisions.select("key", "disposition", "because", "split").rows()
    return sorted(found, key=repr) + sorted(decided, key=repr)


@pytest.mark.parametrize("shape", ["json", "csv"])
def test_workers_change_no_byte(tmp_path: Path, shape: str, scattered: Callable[..., Path]) -> None:
    tickets = [answered(n, text="mail me: a.b@example.com" * (n % 3)) for n in range(1, 400)]
    path = zendesk_file(tmp_path / "export.json", *tickets)
    if shape == "csv":
        path = scattered(tmp_path / "export.csv", tickets)
    runs = [
        audit(path, out=tmp_path / f"run{n}", now=NOW, workers=n, batch_rows=50) for n in (1, 2, 4)
    ]
    first, *others = (contents(run.folder) for run in runs)
    assert [other == first for other in others] == [True, True]


@pytest.fixture
def scattered() -> Callable[..., Path]:
    def write(path: Path, tickets: list[dict[str, Any]]) -> Path:
        lines = [
            [
                t["id"],
                c["id"],
                "agent" if c["author_id"] == AGENT else "user",
                c["body"],
                c["created_at"],
            ]
            for t in tickets
            for c in t["comments"]
        ]
        lines.sort(key=lambda line: str(line[1])[::-1])
        frame = pl.DataFrame(
            lines, schema=["ticket_id", "message_id", "role", "body", "created_at"], orient="row"
        )
        frame.write_csv(path)
        return path

    return write


@FEW
@given(drawn=exports, later=st.datetimes(timezones=st.just(UTC)))
def test_two_runs_of_the_same_input_are_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, drawn: Any, later: datetime
) -> None:
    path = export(tmp_path_factory.mktemp("again") / "export.json", drawn)
    first, again = audit(path, now=NOW), audit(path, now=later)
    assert contents(first.folder) == contents(again.folder)


@dataclass(frozen=True)
class Raises:
    """Fails on every batch, with a customer's words in the message."""

    def check(self, batch: Batch) -> pl.DataFrame:
        raise RuntimeError(batch.turns["text"].to_list())


@pytest.fixture
def failing_policy(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], Any]:
    import tunegate.rules as rules

    class Point:
        name, value = "raises", "test_laws:Raises"

        @staticmethod
        def load() -> type:
            return Raises

    def build(optional: bool) -> Any:
        policy = load_policy(None, load_rules())
        installed = rules._installed

        def with_point(kind: str) -> Any:
            found = installed(kind)
            return {**found, "raises": Point} if kind == "tunegate.checks" else found

        monkeypatch.setattr(rules, "_installed", with_point)
        text = "{summary: s, why: w, severity: low, action: keep, check: raises}"
        rule = parse_rule(text, "quality/raises").changed(optional=optional)
        return replace(policy, rules=(*policy.rules, rule))

    return build


@FEW
@given(drawn=exports, optional=st.booleans())
def test_a_required_rule_that_fails_leaves_the_audit_incomplete(
    tmp_path_factory: pytest.TempPathFactory,
    failing_policy: Callable[[bool], Any],
    drawn: Any,
    optional: bool,
) -> None:
    path = export(tmp_path_factory.mktemp("failing") / "export.json", drawn)
    run = audit(path, policy=failing_policy(optional), now=NOW)
    failed = [(each["rule"], each["error"]) for each in run.record["failures"]]
    assert failed == [("quality/raises", "RuntimeError")]
    if optional:
        assert run.verdict == audit(path, now=NOW).verdict
    else:
        assert run.verdict == "incomplete"
        assert written(run.folder) == []  # what a required rule did not see is not written
    reasons = {reason["rule"] for reason in run.judgement["reasons"]}
    assert ("quality/raises" in reasons) is not optional


def artefacts(run: Path) -> dict[str, bytes]:
    """Return everything but the training files; Parquet as text, so that nothing hides."""
    held = {}
    for path in run.iterdir():
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
            held[path.name] = repr(frame.to_dicts()).encode()
        elif path.suffix != ".jsonl":
            held[path.name] = path.read_bytes()
    return held


cores = st.text("bcdfghjklmnpqrstvwxz", min_size=12, max_size=12)
carriers = st.sampled_from(
    [
        "write to {}@example.com",
        "https://user:{}@example.com/",
        "call {} at +1 202-555-0143",
        "<p>{}</p>",
        "{}",
    ]
)


@FEW
@given(core=cores, carrier=carriers, author=who, public=st.booleans())
def test_no_artefact_holds_dataset_text(
    tmp_path_factory: pytest.TempPathFactory, core: str, carrier: str, author: str, public: bool
) -> None:
    text = carrier.format(core)
    tickets = [answered(n) for n in range(1, 20)]
    tickets += [ticket(99, ("user", text), (author, f"{text}!", public), ("agent", text))]
    tickets[0]["subject"] = text
    path = zendesk_file(tmp_path_factory.mktemp("canary") / "export.json", *tickets)
    run = audit(path, now=NOW)
    assert [name for name, held in artefacts(run.folder).items() if core.encode() in held] == []
    assert f"{core}@" not in json.dumps(written(run.folder))


def test_ids_that_may_name_a_person_are_withheld(tmp_path: Path) -> None:
    one = answered(1)
    one["id"] = "jane.doe@example.com"
    run = audit(zendesk_file(tmp_path / "export.json", one, answered(2)), now=NOW)
    assert set(run.decisions["id"]) == {None, "2"}
    assert all(b"jane.doe" not in held for held in artefacts(run.folder).values())


pieces = st.sampled_from(
    [
        b'{"messages": [{"role": "user", "content": "hi"}]}',
        b'{"tickets": [{"id": 1, "comments": []}]}',
        b"conversation_id,role,content",
        b"c1,user,hello",
        b"\n",
        b"{",
        b'"',
        b"\xef\xbb\xbf",
        b"\x1f\x8b",
        b"\xff\0",
    ]
)


@settings(FEW, max_examples=60)
@given(held=st.one_of(st.lists(pieces, max_size=6).map(b"".join), st.binary(max_size=40)))
def test_the_source_is_never_modified_and_outputs_appear_whole_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, held: bytes
) -> None:
    folder = tmp_path_factory.mktemp("source")
    path = folder / "input.dat"
    path.write_bytes(held)
    before = path.stat().st_mtime_ns
    try:
        run = audit(path, out=folder / "run", now=NOW)
    except TunegateError as refused:
        assert refused.hint
        assert list(folder.iterdir()) == [path]
    else:
        assert {p.name for p in run.folder.iterdir()} == set(run.record["files"])
        assert sorted(p.name for p in folder.iterdir()) == ["input.dat", "run"]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (held, before)


def test_outputs_are_private(tmp_path: Path) -> None:
    path = zendesk_file(tmp_path / "export.json", *(answered(n) for n in range(1, 30)))
    run = audit(path, out=tmp_path / "run", now=NOW)
    assert {p.name: p.stat().st_mode & 0o777 for p in run.folder.iterdir()} == {
        p.name: 0o600 for p in run.folder.iterdir()
    }


@FEW
@given(drawn=exports)
def test_an_audit_never_touches_the_network(
    tmp_path_factory: pytest.TempPathFactory, drawn: Any
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    path = export(tmp_path_factory.mktemp("network") / "export.json", drawn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        assert audit(path, now=NOW).verdict in ("passed", "closed", "incomplete")


@FEW
@given(drawn=exports)
def test_a_verdict_is_computed_once_and_every_view_shows_it(
    tmp_path_factory: pytest.TempPathFactory, drawn: Any
) -> None:
    run = audit(export(tmp_path_factory.mktemp("verdict") / "export.json", drawn), now=NOW)
    summary = summarise(run.folder)
    shown = screen(summary, width=100, colour=False, folder="run")
    assert shown.lower().startswith(verdict_word(summary).lower())
    assert verdict_word(summary) in run.report().read_text(encoding="utf-8")
    assert latest_judgement(run.folder) == run.judgement == summarised(run)


def summarised(run: Audit) -> Any:
    (judgement,) = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))["judgements"]
    return judgement


def test_next_months_export_moves_nobody(tmp_path: Path) -> None:
    old = [answered(n, customer=n % 40 + 1) for n in range(1, 120)]
    new = old + [answered(n, customer=n % 90 + 1) for n in range(120, 260)]
    first = audit(zendesk_file(tmp_path / "a.json", *old), now=NOW)
    second = audit(zendesk_file(tmp_path / "b.json", *new), now=NOW)
    both = first.decisions.join(second.decisions, on="key", suffix="_later")
    assert both.height == len(old)
    assert both.filter(pl.col("split") != pl.col("split_later")).is_empty()
