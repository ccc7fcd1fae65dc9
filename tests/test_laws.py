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
from tunegate.pipeline.result import Audit
from tunegate.rules import parse_rule

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FEW = settings(
    max_examples=12,
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


def test_two_runs_of_the_same_input_are_the_same_bytes(tmp_path: Path) -> None:
    path = zendesk_file(tmp_path / "export.json", *(answered(n) for n in range(1, 30)))
    first = audit(path, now=NOW)
    again = audit(path, now=datetime(2027, 5, 5, tzinfo=UTC))
    assert contents(first.folder) == contents(again.folder)


@dataclass(frozen=True)
class Raises:
    """Fails on every batch, with a customer's words in the message."""

    def check(self, batch: Batch) -> pl.DataFrame:
        raise RuntimeError(batch.turns["text"][0])


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


@pytest.mark.parametrize("optional", [False, True], ids=["required", "optional"])
def test_a_required_rule_that_fails_leaves_the_audit_incomplete(
    tmp_path: Path, failing_policy: Callable[[bool], Any], optional: bool
) -> None:
    path = zendesk_file(tmp_path / "export.json", *(answered(n) for n in range(1, 30)))
    run = audit(path, policy=failing_policy(optional), now=NOW)
    assert run.verdict == ("passed" if optional else "incomplete")
    assert run.record["failures"][0]["rule"] == "quality/raises"
    assert run.record["failures"][0]["error"] == "RuntimeError"
    # What a required rule did not see is not written.
    assert bool(written(run.folder)) is optional
    assert all(b"word1x1" not in held for held in artefacts(run.folder).values())


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


def test_no_artefact_holds_dataset_text(tmp_path: Path) -> None:
    canary = "zqxjkvbpwm"
    values = [
        f"{canary}@example.com",
        f"https://user:{canary}@example.com/",
        f"call {canary} at +1 202-555-0143",
    ]
    tickets = [answered(n, text=values[n % 3]) for n in range(1, 40)]
    tickets += [ticket(99, ("user", canary), ("nobody", canary), ("agent", canary, False))]
    tickets[0]["subject"] = canary
    run = audit(zendesk_file(tmp_path / "export.json", *tickets), now=NOW)
    assert [name for name, held in artefacts(run.folder).items() if canary.encode() in held] == []
    mailed = [line for line in written(run.folder) if f"{canary}@" in json.dumps(line)]
    assert mailed == []


def test_ids_that_may_name_a_person_are_withheld(tmp_path: Path) -> None:
    one = answered(1)
    one["id"] = "jane.doe@example.com"
    run = audit(zendesk_file(tmp_path / "export.json", one, answered(2)), now=NOW)
    assert set(run.decisions["id"]) == {None, "2"}
    assert all(b"jane.doe" not in held for held in artefacts(run.folder).values())


def test_the_source_is_never_modified_and_a_failed_run_leaves_nothing(tmp_path: Path) -> None:
    path = zendesk_file(tmp_path / "export.json", answered(1))
    before = path.read_bytes(), path.stat().st_mtime_ns
    audit(path, out=tmp_path / "run", now=NOW)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    (tmp_path / "bad.bin").write_bytes(b"\x50\x4b\x03\x04" + bytes(100))
    with pytest.raises(TunegateError):
        audit(tmp_path / "bad.bin", out=tmp_path / "other", now=NOW)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.bin", "export.json", "run"]


def test_outputs_are_private(tmp_path: Path) -> None:
    path = zendesk_file(tmp_path / "export.json", *(answered(n) for n in range(1, 30)))
    run = audit(path, out=tmp_path / "run", now=NOW)
    assert {p.name: p.stat().st_mode & 0o777 for p in run.folder.iterdir()} == {
        p.name: 0o600 for p in run.folder.iterdir()
    }


def test_an_audit_never_touches_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    path = zendesk_file(tmp_path / "export.json", *(answered(n) for n in range(1, 30)))
    assert audit(path, now=NOW).verdict == "passed"


def test_next_months_export_moves_nobody(tmp_path: Path) -> None:
    old = [answered(n, customer=n % 40 + 1) for n in range(1, 120)]
    new = old + [answered(n, customer=n % 90 + 1) for n in range(120, 260)]
    first = audit(zendesk_file(tmp_path / "a.json", *old), now=NOW)
    second = audit(zendesk_file(tmp_path / "b.json", *new), now=NOW)
    both = first.decisions.join(second.decisions, on="key", suffix="_later")
    assert both.height == len(old)
    assert both.filter(pl.col("split") != pl.col("split_later")).is_empty()
