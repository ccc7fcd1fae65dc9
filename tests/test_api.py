"""The Python API: what goes in, and what the result offers."""

import json
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import tunegate
from support import answered, chat_file, ticket, written, zendesk_file

TALKS = [
    [("user", f"question {n} on topic {n * 17} please"), ("assistant", f"answer {n}: {n * 31}")]
    for n in range(30)
]


def message_rows() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {
            "conversation_id": f"c{n}",
            "role": role,
            "content": text,
            "created_at": f"2026-01-01T00:{k:02}:00Z",
        }
        for n, talk in enumerate(TALKS)
        for k, (role, text) in enumerate(talk)
    ]
    return rows[::-1]


def chat_rows() -> list[dict[str, object]]:
    return [{"messages": [{"role": r, "content": t} for r, t in talk]} for talk in TALKS]


@pytest.mark.parametrize("make", [pl.DataFrame, pd.DataFrame], ids=["polars", "pandas"])
@pytest.mark.parametrize("rows", [message_rows, chat_rows], ids=["messages", "chats"])
def test_a_frame_is_audited_like_a_file(tmp_path: Path, make: type, rows: type) -> None:
    from_frame = tunegate.audit(make(rows()))
    from_file = tunegate.audit(chat_file(tmp_path / "chat.jsonl", *TALKS))
    assert from_frame.verdict == from_file.verdict == "passed"
    said = [
        sorted(json.dumps(line) for line in written(run.folder)) for run in (from_frame, from_file)
    ]
    assert said[0] == said[1]


def test_a_frame_with_other_names_is_read_by_a_declared_mapping() -> None:
    frame = pl.DataFrame(message_rows()).rename({"content": "Nachricht", "role": "Wer"})
    frame = frame.with_columns(pl.col("Wer").replace({"user": "Kunde", "assistant": "Team"}))
    run = tunegate.audit(
        frame,
        columns={"body": "Nachricht", "role": "Wer"},
        roles={"Kunde": "user", "Team": "assistant"},
    )
    assert run.record["counts"]["conversations"]["kept"] == len(TALKS)


def test_a_mapping_to_a_missing_column_names_the_nearest() -> None:
    with pytest.raises(tunegate.TunegateError, match="content"):
        tunegate.audit(pl.DataFrame(message_rows()), columns={"body": "contents"})


def test_the_result_offers_findings_decisions_and_a_report(tmp_path: Path) -> None:
    tickets = [answered(n, text="mail jo@example.com") for n in range(1, 30)]
    run = tunegate.audit(zendesk_file(tmp_path / "export.json", *tickets))
    assert run.findings["rule"].unique().to_list() == ["pii/email-address"]
    assert run.to_pandas().shape == run.decisions.shape
    assert isinstance(run.to_pandas(), pd.DataFrame)
    copy = run.report(tmp_path / "copy.html")
    assert copy.read_bytes() == run.report().read_bytes()
    shown = run._repr_html_()
    assert "passed" in shown and "jo@example.com" not in shown


def test_a_run_without_a_folder_lives_as_long_as_its_result(tmp_path: Path) -> None:
    run = tunegate.audit(chat_file(tmp_path / "chat.jsonl", *TALKS))
    folder = run.folder
    assert folder.exists()
    del run
    assert not folder.exists()


def test_several_files_are_one_audit_whatever_their_order(tmp_path: Path) -> None:
    one = chat_file(tmp_path / "a.jsonl", *TALKS[:10])
    other = chat_file(tmp_path / "b.jsonl", *TALKS[10:])
    first, second = tunegate.audit([one, other]), tunegate.audit([other, one])
    assert first.decisions.equals(second.decisions)
    assert first.decisions["file"].n_unique() == 2


def test_a_subject_can_open_the_first_message(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "summary: s\nrules: {'pii/*': , 'split/*': }\nsource: {subject: first-line}\n",
        encoding="utf-8",
    )
    tickets = [answered(n) for n in range(1, 12)]
    run = tunegate.audit(zendesk_file(tmp_path / "export.json", *tickets), policy=policy)
    opening = {line["messages"][0]["content"].split("\n")[0] for line in written(run.folder)}
    assert opening == {f"Ticket {n}" for n in range(1, 12)}


def test_a_group_field_keeps_its_conversations_together(tmp_path: Path) -> None:
    records = [{**chat, "shop": f"s{n % 6}"} for n, chat in enumerate(chat_rows() * 1)]
    path = tmp_path / "chat.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    run = tunegate.audit(path, group="shop")
    proof = run.record["split"]
    assert (proof["groups"], proof["shared_groups"], proof["unknown_groups"]) == (6, 0, 0)


def test_conversations_that_no_asked_for_rule_removes_but_nothing_can_write_are_held(
    tmp_path: Path,
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("summary: s\nrules: {'pii/*': }\n", encoding="utf-8")
    empty = ticket(5)
    run = tunegate.audit(zendesk_file(tmp_path / "export.json", empty, answered(6)), policy=policy)
    held = run.decisions.filter(pl.col("id") == "5").row(0, named=True)
    assert (held["disposition"], held["because"]) == ("review", ["unwritable"])
    assert [len(line["messages"]) for line in written(run.folder)] == [2]


def test_redaction_inside_tool_arguments_leaves_json_that_parses(tmp_path: Path) -> None:
    arguments = json.dumps({"card": 4111111111111111, "mail": "jané@example.com", "note": "x"})
    call = {"id": "c1", "type": "function", "function": {"name": "pay", "arguments": arguments}}
    chats = [
        {
            "messages": [
                {"role": "user", "content": f"pay {n} for order number {n * 7919}"},
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "tool_call_id": "c1", "content": f"done for {n}@example.com"},
                {"role": "assistant", "content": f"All {n} done."},
            ]
        }
        for n in range(12)
    ]
    path = tmp_path / "chat.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in chats), encoding="utf-8")
    run = tunegate.audit(path)
    assert run.verdict == "passed"
    for line in written(run.folder):
        said = json.loads(line["messages"][1]["tool_calls"][0]["function"]["arguments"])
        assert said == {"card": "<CARD_1>", "mail": "<EMAIL_1>", "note": "x"}


def test_a_group_field_that_nobody_has_closes_the_gate(tmp_path: Path) -> None:
    run = tunegate.audit(chat_file(tmp_path / "chat.jsonl", *TALKS), group="custmer")
    assert run.verdict == "closed"
    (reason,) = run.judgement["reasons"]
    assert reason["rule"] == "split/leakage" and "custmer" in reason["hint"]
    page = run.report().read_text(encoding="utf-8")
    assert "No customer and no copy" not in page and "names no customer" in page


def test_an_empty_validation_side_is_said(tmp_path: Path) -> None:
    tickets = [answered(n, customer=n % 2 + 1) for n in range(1, 30)]
    run = tunegate.audit(zendesk_file(tmp_path / "export.json", *tickets))
    assert not (run.folder / "validation.jsonl").exists()
    (note,) = run.record["notes"]
    assert note.startswith("No validation file: of 2 groups none")
    assert note in run.report().read_text(encoding="utf-8").replace("&#39;", "'")


def test_redaction_goes_on_until_its_own_placeholders_hide_nothing(tmp_path: Path) -> None:
    text = (
        "Tel 030/1234567, +49 (0)30 1234567, 0171-1234567, (415) 555-2671, 415.555.2671, "
        "4155552671, 001 415 555 2671, SSN 219-09-9999"
    )
    talks = [[("user", f"{n}: {text}"), ("assistant", f"Noted {n}.")] for n in range(30)]
    run = tunegate.audit(chat_file(tmp_path / "chat.jsonl", *talks[:1], *TALKS))
    assert run.verdict == "passed"
    assert "4155552671" not in json.dumps(written(run.folder))
    ledger = pl.read_parquet(run.folder / "redactions.parquet")
    assert set(ledger["round"]) <= {1, 2, 3, 4}


def test_values_in_names_and_ids_that_nothing_redacts_close_the_gate(tmp_path: Path) -> None:
    chats = chat_rows()
    call = {
        "id": "jo@example.com",
        "type": "function",
        "function": {"name": "f", "arguments": "{}"},
    }
    chats[0]["messages"] = [
        {"role": "user", "content": "please look"},
        {"role": "assistant", "content": "I do.", "tool_calls": [call]},
    ]
    path = tmp_path / "chat.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in chats), encoding="utf-8")
    run = tunegate.audit(path)
    assert run.verdict == "closed"
    assert [r["rule"] for r in run.judgement["reasons"]] == ["pii/email-address"]


def test_a_value_in_a_subject_is_found_but_edits_nothing(tmp_path: Path) -> None:
    tickets = [answered(n) for n in range(1, 15)]
    tickets[0]["subject"] = "Mail from jo@example.com"
    run = tunegate.audit(zendesk_file(tmp_path / "export.json", *tickets))
    assert run.findings.select("rule", "part").rows() == [("pii/email-address", "/subject")]
    assert run.record["counts"]["conversations"]["kept"] == len(tickets)


@pytest.mark.parametrize("source", [None, 3, [{"messages": []}], "", []], ids=repr)
def test_what_is_no_source_is_refused_with_a_way_out(source: object) -> None:
    with pytest.raises(tunegate.TunegateError) as refused:
        tunegate.audit(source)
    assert refused.value.hint


def test_the_commonest_reason_for_loss_is_said_with_its_cure(tmp_path: Path) -> None:
    path = tmp_path / "messages.csv"
    rows = "".join(f"c{n},{role},text {n}\n" for n in range(9) for role in ("Kunde", "Team"))
    path.write_text(f"conversation_id,role,content\n{rows}", encoding="utf-8")
    run = tunegate.audit(path)
    reason = run.judgement["reasons"][0]
    assert run.verdict == "incomplete"
    assert "role is not mapped" in reason["what"] and "--role" in reason["hint"]
