"""The command line: exit codes, streams, and what a newcomer sees."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support import answered, chat_file, ticket, zendesk_file
from tunegate.cli import main
from tunegate.errors import Exit


def call(*words: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    shown = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, shown.out, shown.err


@pytest.fixture
def export(tmp_path: Path) -> Path:
    tickets = [answered(n, text="write to me at jo@example.com") for n in range(1, 40)]
    return zendesk_file(tmp_path / "export.json", *tickets, ticket(77, ("user", "Hello?")))


def test_audit_prints_one_screen_on_stdout_and_chatter_on_stderr(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = call("audit", export, "-o", tmp_path / "run", capsys=capsys)
    assert code == Exit.PASSED
    assert len(out.splitlines()) <= 24
    assert max(map(len, out.splitlines())) <= 80 or str(tmp_path) in out
    assert "auditing" in err and "auditing" not in out
    assert "\x1b" not in out + err


def test_a_second_audit_replaces_the_first(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert call("audit", export, "-o", tmp_path / "run", capsys=capsys)[0] == Exit.PASSED
    assert sorted(p.name for p in tmp_path.iterdir()) == ["export.json", "run"]


@pytest.mark.parametrize(
    ("flags", "code"), [((), Exit.PASSED), (("--gate",), Exit.CLOSED)], ids=["report", "gate"]
)
def test_plain_audit_reports_and_gate_decides(
    export: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    flags: tuple[str, ...],
    code: Exit,
) -> None:
    run = tmp_path / "run"
    words = ("audit", export, "-o", run, "-c", "openai-chat", *flags)
    assert call(*words, capsys=capsys)[0] == code
    assert call("gate", run, capsys=capsys)[0] == Exit.CLOSED
    # What survives is written whatever the verdict.
    assert (run / "train.jsonl").stat().st_size > 0


def test_another_policy_judges_the_same_run(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    call("audit", export, "-o", run, capsys=capsys)
    text = (Path(__file__).parents[1] / "rules/policies/support-tickets.yaml").read_text()
    strict = tmp_path / "strict.yaml"
    strict.write_text(text.replace("on: written", "on: source"), encoding="utf-8")
    code, out, _ = call("gate", run, "-c", strict, capsys=capsys)
    assert code == Exit.CLOSED and "pii/email-address" in out
    record = json.loads((run / "run.json").read_text())
    assert [j["verdict"] for j in record["judgements"]] == ["passed", "closed"]
    # It was asked for to compare: the run's own verdict stands.
    assert call("gate", run, capsys=capsys)[0] == Exit.PASSED
    assert call("report", run, capsys=capsys)[1].startswith("Passed")


def test_a_policy_with_rules_that_did_not_run_is_incomplete(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    narrow = tmp_path / "narrow.yaml"
    narrow.write_text("summary: s\nrules: {'pii/*': , 'split/*': }\n", encoding="utf-8")
    run = tmp_path / "run"
    assert call("audit", export, "-o", run, "-c", narrow, capsys=capsys)[0] == Exit.PASSED
    code, out, _ = call("gate", run, "-c", "support-tickets", capsys=capsys)
    assert code == Exit.INCOMPLETE and "did not run in this run" in out


def test_explain_tells_a_tickets_story(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    call("audit", export, "-o", run, capsys=capsys)
    code, out, _ = call("explain", run, "7", capsys=capsys)
    assert code == 0
    assert "redacted" in out and "<EMAIL_1>" in out and "jo@example.com" not in out
    _, out, _ = call("explain", run, "77", capsys=capsys)
    assert "dropped" in out and "quality/untrainable" in out
    code, _, err = call("explain", run, "no-such", capsys=capsys)
    assert code == Exit.USAGE and "hint:" in err


@pytest.mark.parametrize(
    "words",
    [
        ["audit"],
        ["audit", "x.jsonl"],
        ["audit", "missing.jsonl", "-o", "out"],
        ["audit", ".", "-o", "out", "-c", "no-such-policy"],
        ["audit", ".", "-o", "out", "--target", "nowhere"],
        ["audit", ".", "-o", "out", "--column", "nonsense"],
        ["gate", "no-such-run"],
        ["explain", "no-such-run", "1"],
        ["rules", "show", "pii/emial"],
        ["nonsense"],
    ],
    ids=" ".join,
)
def test_a_users_mistake_is_one_message_with_a_way_out(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = call(*words, capsys=capsys)
    assert code == Exit.USAGE
    assert out == "" and "Traceback" not in err
    assert err.startswith("error: ") or err.splitlines()[-2].startswith("error: ")
    assert err.splitlines()[-1].startswith("  hint: ")
    assert list(tmp_path.iterdir()) == []


def test_our_own_mistake_shows_no_message_of_the_exception(
    export: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("jo@example.com")

    monkeypatch.setattr("tunegate.pipeline.run.settle", broken)
    code, _, err = call("audit", export, "-o", tmp_path / "run", capsys=capsys)
    assert code == Exit.USAGE
    assert "internal error: ValueError" in err and "jo@example.com" not in err
    assert not (tmp_path / "run").exists()


def test_rules_are_listed_shown_and_tested(capsys: pytest.CaptureFixture[str]) -> None:
    assert "pii/email-address" in call("rules", capsys=capsys)[1]
    assert "why" not in call("rules", "show", "pii/email-address", capsys=capsys)[1][:3]
    code, out, _ = call("rules", "test", "pii/email-address", capsys=capsys)
    assert code == 0 and "cases right" in out


def test_output_survives_a_reader_that_goes_away(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tunegate", "rules"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_options_reach_the_written_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        [("user", f"question number {n} about {n * 7}"), ("assistant", f"reply {n} is {n * 13}")]
        for n in range(30)
    ]
    path = chat_file(tmp_path / "chat.jsonl", *lines)
    call("audit", path, "-o", tmp_path / "run", "--system", "Be kind.", capsys=capsys)
    first = json.loads((tmp_path / "run" / "train.jsonl").read_text().splitlines()[0])
    assert first["messages"][0] == {"role": "system", "content": "Be kind."}


def test_a_name_with_escapes_is_shown_without_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = call("audit", "no\x1b[31m\u202esuch", "-o", tmp_path / "run", capsys=capsys)
    assert code == Exit.USAGE
    assert "\x1b" not in err and "\u202e" not in err and "⟨U+202E⟩" in err


def test_a_run_states_its_command_without_secrets_and_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = chat_file(tmp_path / "c.jsonl", [("user", "a"), ("assistant", "b")])
    words = ["audit", str(path), "--agent", "ann@canary.example", "--agent=ben@canary.example"]
    address = "https://me:canary@host.example/x?token=canary"
    monkeypatch.setattr("sys.argv", ["tunegate", *words, address, "-o", "out"])
    call(*words, "-o", tmp_path / "run", capsys=capsys)
    stated = json.loads((tmp_path / "run" / "run.json").read_text())["environment"]["command"]
    assert "canary" not in stated
    assert stated.endswith("--agent WHO --agent=WHO https://host.example/x -o out")
