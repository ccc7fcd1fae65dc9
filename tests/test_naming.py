"""No artefact of a run says the name of a file that is called after a person."""

import sys
from pathlib import Path

import pytest

from exports import write
from samples import module
from tunegate.cli import main

CHAT = "WhatsApp Chat with Ana Canary.txt"


def everything(run: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(run.rglob("*")) if path.is_file())


def audited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> bytes:
    run = tmp_path / "run"
    monkeypatch.setattr(sys, "argv", ["tunegate", "audit", *words, "-o", str(run)])
    with pytest.raises(SystemExit):
        main()
    return everything(run)


@pytest.mark.parametrize("by_folder", [True, False])
def test_a_chat_is_told_by_number(
    by_folder: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = next(iter(module("whatsapp").files().values()))
    write(tmp_path / "in", {CHAT: content, "Ana Canary.jpg": b"x"})
    given = tmp_path / "in" if by_folder else tmp_path / "in" / CHAT
    held = audited(tmp_path, monkeypatch, str(given), "--agent", "Mira Lund", "--day-first")
    assert b"Canary" not in held
    assert b"input 1.txt" in held
    assert (b"a file.jpg" in held) == by_folder


def test_a_mail_is_told_by_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = next(iter(module("mail_eml").files().values()))
    write(tmp_path / "in", {"Re My parcel Ana Canary.eml": content})
    held = audited(tmp_path, monkeypatch, str(tmp_path / "in"), "--agent", "help.example")
    assert b"Canary" not in held


def test_an_address_in_a_name_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = module("chat_records").files()["chat.jsonl"]
    write(tmp_path / "in", {"ana@canary.example.jsonl": content})
    held = audited(tmp_path, monkeypatch, str(tmp_path / "in" / "ana@canary.example.jsonl"))
    assert b"canary" not in held


def test_other_names_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = module("chat_records").files()["chat.jsonl"]
    write(tmp_path / "in", {"march.jsonl": content})
    held = audited(tmp_path, monkeypatch, str(tmp_path / "in" / "march.jsonl"))
    assert b"march.jsonl" in held
