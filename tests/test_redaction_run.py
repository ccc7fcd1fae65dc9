"""Redaction in a whole run: the same bytes however it is cut up, and no value in any artefact."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from support import answered, chat_file, ticket, written, zendesk_file
from tunegate import audit, load_rules
from tunegate.cli import main
from tunegate.errors import KeyFileError, UsageError
from tunegate.keys import load_keys, new_key_file
from tunegate.pipeline.result import Audit
from tunegate.policy import Policy, parse_policy
from tunegate.sealed import read_map

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FAMILIES = {rule.family for rule in load_rules()} - {"neural"}  # which needs an engine
STYLES = ("placeholder", "mask", "hash", "surrogate", "remove")
VALUES = (
    "jane.doe7@customer.de",
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "+1 415-867-5309",
    "219-09-9999",
)
# What of a value no artefact may hold; a mask leaves the last four of a card.
PIECES = ("jane.doe", "customer.de", "4111 1111 1111", "0532 0130", "867-53", "219-09")


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "project.key"
    new_key_file(path)
    return path


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    """A folder with a rule whose values are few."""
    folder = tmp_path / "rules" / "pii"
    folder.mkdir(parents=True)
    (folder / "pin.yaml").write_text(
        "summary: A PIN.\nwhy: x\nseverity: high\naction: redact\ncheck: pattern\n"
        "params: {pattern: 'PIN ([1-9][0-9])', group: 1}\n"
        "cases: {flags: ['PIN ⟦12⟧'], passes: [x]}\n"
    )
    return tmp_path / "rules"


def policy(folder: Path | None = None, *, families: str = "pii/*", **sections: Any) -> Policy:
    content = {"summary": "x", "rules": {families: None, "split/*": None}, **sections}
    text = json.dumps(content)  # JSON is YAML
    return parse_policy(text, name="p", where="p", rules=load_rules(*([folder] if folder else [])))


def tickets(count: int = 30) -> list[dict[str, Any]]:
    made = []
    for n in range(1, count + 1):
        said = f"{VALUES[n % 5]} and {VALUES[(n + 1) % 5]}"
        made.append(answered(n, text=f"I write as {said}, {VALUES[n % 5]}."))
    return made


def contents(run: Audit) -> dict[str, bytes]:
    held = {path.name: path.read_bytes() for path in sorted(run.folder.iterdir())}
    record = json.loads(held["run.json"])
    record.pop("environment")
    held["run.json"] = json.dumps(record).encode()
    held.pop("report.html")  # holds the time
    return held


def keyed(key: Path, style: str, **more: Any) -> Policy:
    return policy(redaction={"style": style, "key": str(key), **more})


@pytest.mark.parametrize("style", STYLES)
def test_no_artefact_holds_a_value_in_any_style(tmp_path: Path, key: Path, style: str) -> None:
    path = zendesk_file(tmp_path / "export.json", *tickets(12))
    run = audit(path, policy=keyed(key, style, reversible=str(tmp_path / "map")), now=NOW)
    assert run.verdict == "passed"
    assert run.record["redaction"]["styles"].get(style, 0) >= 36
    for artefact in (*run.folder.iterdir(), tmp_path / "map"):
        held = artefact.read_bytes()
        for piece in PIECES:
            assert piece.encode() not in held, artefact.name
        assert load_keys(key).current.secret.hex().encode() not in held
        assert str(key).encode() not in held
    for frame in run.folder.glob("*.parquet"):
        told = json.dumps(pl.read_parquet(frame).rows(), default=str)
        assert not [piece for piece in PIECES if piece in told]


@pytest.mark.parametrize("style", ["placeholder", "surrogate", "hash"])
@pytest.mark.parametrize("scope", ["conversation", "dataset"])
def test_batches_and_runs_change_no_byte(tmp_path: Path, key: Path, style: str, scope: str) -> None:
    path = zendesk_file(tmp_path / "export.json", *tickets(12))
    how = keyed(key, style, scope=scope)
    runs = [audit(path, policy=how, now=NOW, batch_rows=rows) for rows in (2048, 5, 1, 2048)]
    first, *others = map(contents, runs)
    assert [other == first for other in others] == [True] * 3


def test_workers_change_no_byte(tmp_path: Path, key: Path) -> None:
    path = zendesk_file(tmp_path / "export.json", *tickets(60))
    how = keyed(key, "surrogate", scope="dataset")
    one, two = (audit(path, policy=how, now=NOW, workers=n, batch_rows=9) for n in (1, 2))
    assert contents(one) == contents(two)


def test_the_order_of_the_input_changes_no_conversation(tmp_path: Path, key: Path) -> None:
    made = tickets(12)
    for scope in ("conversation", "dataset"):
        how = keyed(key, "surrogate", scope=scope)
        lines = []
        for name, order in (("a", made), ("b", made[::-1])):
            run = audit(zendesk_file(tmp_path / f"{name}.json", *order), policy=how, now=NOW)
            lines.append(sorted(json.dumps(record) for record in written(run.folder)))
        assert lines[0] == lines[1]


def test_across_a_dataset_a_value_has_one_surrogate_and_within_a_conversation_one_of_its_own(
    tmp_path: Path, key: Path
) -> None:
    path = zendesk_file(tmp_path / "export.json", *tickets(20))
    for scope, expected in (("dataset", 1), ("conversation", 8)):
        run = audit(path, policy=keyed(key, "surrogate", scope=scope), now=NOW)
        held = json.dumps(written(run.folder))
        assert len(set(re.findall(r"[a-z.]+[0-9]@example\.[a-z]+", held))) == expected


def said_pins(run: Audit) -> Iterator[str]:
    for record in written(run.folder):
        yield from re.findall(r"PIN ([1-9][0-9])\b", record["messages"][0]["content"])


@pytest.mark.parametrize("scope", ["conversation", "dataset"])
def test_no_surrogate_is_a_value_of_the_dataset_wherever_that_stands(
    tmp_path: Path, key: Path, pins: Path, scope: str
) -> None:
    values = [str(n) for n in range(10, 100) if n % 4]
    talks = [answered(n, text=f"PIN {value}") for n, value in enumerate(values, start=1)]
    path = zendesk_file(tmp_path / "export.json", *talks)
    how = policy(pins, redaction={"style": "surrogate", "key": str(key), "scope": scope})
    whole = audit(path, policy=how, now=NOW)
    assert whole.verdict == "passed"
    assert not set(said_pins(whole)) & set(values)
    assert len(list(said_pins(whole))) > len(values) // 2
    assert contents(audit(path, policy=how, now=NOW, batch_rows=7)) == contents(whole)


def test_the_gate_judges_what_nothing_accounts_for_and_the_run_states_both(
    tmp_path: Path, key: Path
) -> None:
    path = zendesk_file(tmp_path / "export.json", *tickets(12))
    run = audit(path, policy=keyed(key, "surrogate"), now=NOW)
    residual = {part["rule"]: part for part in run.record["residual"]}
    mail = residual["pii/email-address"]
    assert (mail["findings"], run.verdict) == (0, "passed")
    assert mail["explained"] > 0
    again = run.findings.filter(on="written")
    assert again["explained"].unique().to_list() == ["replacement"]
    assert any("are what redaction wrote" in note for note in run.record["notes"])
    # A value that nothing replaced stands beside them, in a name that no style reaches.
    call = {"id": "jo@x-mail.com", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    talk = [
        {"role": "user", "content": "I am ann@x-mail.com"},
        {"role": "assistant", "content": "Yes.", "tool_calls": [call]},
    ]
    chat = tmp_path / "chat.jsonl"
    chat.write_text(json.dumps({"messages": talk}) + "\n")
    left = audit(chat, policy=keyed(key, "surrogate"), now=NOW)
    assert left.verdict == "closed"
    assert [(r["rule"], r["count"]) for r in left.judgement["reasons"]] == [
        ("pii/email-address", 1)
    ]


@pytest.mark.parametrize("system", [None, "You are kind."])
def test_places_in_the_ledger_are_those_of_the_file_after_trimming_and_prompting(
    tmp_path: Path, key: Path, system: str | None
) -> None:
    opening: list[tuple[str, str]] = [
        ("assistant", "Hello, may I help you? Write to bot@x-mail.com")
    ]
    talks = [
        [*opening * (n % 2), ("user", f"{n}: I am ann{n}@x-mail.com"), ("assistant", f"Noted {n}.")]
        for n in range(6)
    ]
    path = chat_file(tmp_path / "chat.jsonl", *talks)
    how = parse_policy(
        json.dumps(
            {
                "summary": "x",
                "rules": {f"{family}/*": None for family in FAMILIES}
                | {"format/too-few-examples": {"action": "keep"}},
                "redaction": {"style": "surrogate", "key": str(key)},
                "gate": {"allow": {"format/*": 99}},
            }
        ),
        name="p",
        where="p",
        rules=load_rules(),
    )
    run = audit(path, policy=how, system=system, now=NOW)
    residual = next(r for r in run.record["residual"] if r["rule"] == "pii/email-address")
    assert residual["findings"] == 0
    assert residual["explained"] >= 6
    ledger = pl.read_parquet(run.folder / "redactions.parquet")
    lines = dict(run.decisions.select("row", "split").iter_rows())
    texts = {json.dumps(r["messages"]) for r in written(run.folder)}
    assert set(ledger.drop_nulls("new_turn")["new_turn"]) == {0 + bool(system)}
    assert len(texts) == len(lines)


def test_what_the_allow_list_accounts_for_stays_and_is_shown(tmp_path: Path) -> None:
    talks = [
        answered(n, text=f"mail help@acme.com or ann{n}@x-mail.com, phone (415) 867-5309")
        for n in range(1, 9)
    ]
    path = zendesk_file(tmp_path / "export.json", *talks)
    how = policy(allow={"domains": ["acme.com"], "phones": ["+1 415 867 5309"]})
    run = audit(path, policy=how, now=NOW)
    assert run.verdict == "passed"
    held = json.dumps(written(run.folder))
    assert held.count("help@acme.com") == held.count("867-5309") == held.count("<EMAIL_1>") == 8
    explained = (
        run.findings.group_by("on", "rule", "explained").len().sort("on", "rule", "explained")
    )
    assert explained.drop_nulls("explained").rows() == [
        ("source", "pii/email-address", "allow.domains", 8),
        ("source", "pii/phone-number", "allow.phones", 8),
        ("written", "pii/email-address", "allow.domains", 8),
        ("written", "pii/phone-number", "allow.phones", 8),
    ]
    rules = {rule["id"]: rule for rule in run.record["rules"]}
    mail, phone = rules["pii/email-address"], rules["pii/phone-number"]
    assert (mail["findings"], mail["allowed"], mail["edits"]) == (8, 8, 8)
    assert (phone["findings"], phone["allowed"], phone["edits"]) == (0, 8, 0)
    assert not [b for b in run.decisions["because"] if "pii/phone-number" in b]


def test_an_allowed_finding_removes_no_conversation(tmp_path: Path) -> None:
    talks = [answered(n, text="phone (415) 867-5309") for n in range(1, 5)]
    path = zendesk_file(tmp_path / "export.json", *talks)
    rules = {"pii/phone-number": {"action": "drop"}, "split/*": None}
    kept = []
    for allow in ({}, {"phones": ["415 867 5309"]}):
        run = audit(path, policy=policy(rules=rules, allow=allow), now=NOW)
        kept.append(len(written(run.folder)))
    assert kept == [0, 4]


def test_the_map_leads_from_the_written_files_back_to_the_source(
    tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("cryptography")
    talks = [[("user", t["comments"][0]["body"]), ("assistant", "Yes.")] for t in tickets(10)]
    path = chat_file(tmp_path / "chat.jsonl", *talks)
    mapped = tmp_path / "map"
    run = audit(path, policy=keyed(key, "surrogate", reversible=str(mapped)), now=NOW)
    restored: dict[tuple[str, int], str] = {}
    for name in ("train.jsonl", "validation.jsonl"):
        if (run.folder / name).exists():
            for number, line in enumerate((run.folder / name).read_text().splitlines(), start=1):
                restored[name, number] = json.loads(line)["messages"][0]["content"]
    entries = list(read_map(mapped, load_keys(key)))
    assert {entry["value"] for entry in entries} == set(VALUES)
    for entry in sorted(entries, key=lambda e: -int(e["start"])):
        place = entry["file"], entry["line"]
        text = restored[place]
        restored[place] = text[: entry["start"]] + entry["value"] + text[entry["end"] :]
    assert sorted(restored.values()) == sorted(talk[0][1] for talk in talks)
    with pytest.raises(SystemExit):
        one = entries[0]["conversation"]
        main(["key", "reveal", str(mapped), "--key", str(key), "--conversation", one])
    shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert shown == [entry for entry in entries if entry["conversation"] == one]


def test_a_map_holds_nothing_of_what_was_not_written(tmp_path: Path, key: Path) -> None:
    pytest.importorskip("cryptography")
    talks = [answered(1, text="ann@x-mail.com"), ticket(2, ("user", "bob@x-mail.com"))]
    path = zendesk_file(tmp_path / "export.json", *talks)
    how = parse_policy(
        json.dumps(
            {
                "summary": "x",
                "rules": {"pii/*": None, "quality/*": None, "split/*": None},
                "redaction": {"key": str(key), "reversible": str(tmp_path / "map")},
            }
        ),
        name="p",
        where="p",
        rules=load_rules(),
    )
    run = audit(path, policy=how, now=NOW)
    assert len(written(run.folder)) == 1
    assert [e["value"] for e in read_map(tmp_path / "map", load_keys(key))] == ["ann@x-mail.com"]


REFUSED: dict[str, tuple[Callable[[Path], dict[str, Any]], type[Exception], str]] = {
    "a key that is not there": (
        lambda folder: {"key": str(folder / "none")},
        KeyFileError,
        "no such key file",
    ),
    "a map in the run folder": (
        lambda folder: {"reversible": str(folder / "run" / "map")},
        UsageError,
        "would stand in the run folder",
    ),
    "a map over a file": (
        lambda folder: {"reversible": str(folder / "export.json")},
        UsageError,
        "something other than a map",
    ),
    "a map in no folder": (
        lambda folder: {"reversible": str(folder / "none" / "map")},
        UsageError,
        "does not exist",
    ),
}


@pytest.mark.parametrize(("asked", "error", "problem"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_done_is_said_before_anything_is_written(
    tmp_path: Path,
    key: Path,
    asked: Callable[[Path], dict[str, Any]],
    error: type[Exception],
    problem: str,
) -> None:
    pytest.importorskip("cryptography")
    path = zendesk_file(tmp_path / "export.json", answered(1))
    before = path.read_bytes()
    how = policy(redaction={"key": str(key), **asked(tmp_path)})
    with pytest.raises(error, match=problem):
        audit(path, out=tmp_path / "run", policy=how, now=NOW)
    assert [entry.name for entry in tmp_path.iterdir()] == ["export.json"]
    assert path.read_bytes() == before


def test_a_map_of_an_earlier_run_is_replaced_only_by_a_finished_one(
    tmp_path: Path, key: Path
) -> None:
    pytest.importorskip("cryptography")
    path = zendesk_file(tmp_path / "export.json", *tickets(4))
    how = keyed(key, "placeholder", reversible=str(tmp_path / "map"))
    audit(path, out=tmp_path / "run", policy=how, now=NOW)
    first = (tmp_path / "map").read_bytes()
    (tmp_path / "run" / "mine.txt").write_text("something else has come to stand there")
    with pytest.raises(Exception, match="holds something other than a complete run"):
        audit(path, out=tmp_path / "run", policy=how, now=NOW)
    assert (tmp_path / "map").read_bytes() == first
    (tmp_path / "run" / "mine.txt").unlink()
    audit(path, out=tmp_path / "run", policy=how, now=NOW)
    assert (tmp_path / "map").read_bytes() != first
    assert {entry.name for entry in tmp_path.iterdir()} == {"export.json", "run", "map"}


@pytest.mark.parametrize("style", STYLES)
def test_conversations_that_differ_in_their_values_alone_are_copies_in_every_style(
    tmp_path: Path, key: Path, style: str
) -> None:
    talks = [
        [("user", f"Where is my order? I am {name}@x-mail.com."), ("assistant", "On its way.")]
        for name in ("ann", "bob", "cid")
    ]
    path = chat_file(tmp_path / "chat.jsonl", *talks)
    for scope in ("conversation", "dataset"):
        how = policy(
            rules={"pii/*": None, "duplicate/*": None, "split/*": None},
            redaction={"style": style, "key": str(key), "scope": scope},
        )
        assert len(written(audit(path, policy=how, now=NOW).folder)) == 1
