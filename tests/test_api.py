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
