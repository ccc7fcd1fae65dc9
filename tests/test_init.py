"""`init` says what an export is, how sure that is, and writes what it guessed with the reasons."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import yaml

from exports import write
from samples import module
from tunegate.cli import main
from tunegate.errors import Exit, InputError
from tunegate.model import ReadOptions
from tunegate.pipeline.guess import columns, staff
from tunegate.pipeline.sniff import policy_text, sniff

ODD_TABLE = """Ticket No;Sender type;When;What was said
7;Kunde;01.02.2026 10:00;Hallo, wo ist mein Paket?
7;agent;01.02.2026 11:00;Es kommt morgen, liebe Canary.
8;customer;02.02.2026 10:00;I cannot log in
8;agent;02.02.2026 11:00;Try again please, dear Canary.
"""
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return run


def test_columns_are_guessed_from_what_stands_in_them(tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"t.csv": ODD_TABLE})
    found = sniff([path], ReadOptions())
    assert {guess.ours: guess.theirs for guess in found.guesses} == {
        "conversation": "Ticket No",
        "role": "Sender type",
        "body": "What was said",
        "created_at": "When",
    }
    assert all(guess.why for guess in found.guesses)
    assert [[role for role, _ in example] for example in found.examples] == [
        ["user", "assistant"],
        ["user", "assistant"],
    ]


def test_words_of_the_role_column_that_are_no_role_are_listed(call: Call, tmp_path: Path) -> None:
    table = ODD_TABLE.replace("8;customer", "8;Anrufer")
    (path,) = write(tmp_path, {"t.csv": table})
    assert sniff([path], ReadOptions()).unmapped == ["Anrufer"]
    _, out, _ = call("init", path, "-o", tmp_path / "mine.yaml")
    assert "--role Anrufer=user" in out


def test_the_policy_that_init_writes_reads_the_export(call: Call, tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"t.csv": ODD_TABLE})
    policy = tmp_path / "mine.yaml"
    code, out, _ = call("init", path, "-o", policy)
    assert code == Exit.PASSED
    assert "anary" not in out, "what people wrote is masked"
    assert out.rstrip().endswith(f"next: tunegate audit {path} -c {policy} -o runs/first")
    code, _, _ = call("audit", path, "-c", policy, "-o", tmp_path / "run")
    decisions = pl.read_parquet(tmp_path / "run" / "decisions.parquet")
    assert decisions["turns"].to_list() == [2, 2]


def test_a_policy_that_is_there_is_not_replaced(call: Call, tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"t.csv": ODD_TABLE})
    policy = tmp_path / "mine.yaml"
    policy.write_text("mine")
    code, _, err = call("init", path, "-o", policy)
    assert (code, policy.read_text()) == (Exit.USAGE, "mine")
    assert "--force" in err
    assert call("init", path, "-o", policy, "--force")[0] == Exit.PASSED
    assert policy.read_text() != "mine"


@pytest.mark.parametrize("name", ["zendesk", "intercom", "chat_records", "sharegpt"])
def test_an_export_that_says_all_needs_no_guess(name: str, tmp_path: Path) -> None:
    sample = module(name)
    found = sniff(write(tmp_path, sample.files()), ReadOptions())
    assert (found.reader, found.guesses, found.problem) == (sample.NAME, [], None)
    assert len(found.examples) == 3


@pytest.mark.parametrize("name", ["slack", "mail_mbox", "telegram"])
def test_who_writes_in_many_conversations_is_proposed_as_staff(name: str, tmp_path: Path) -> None:
    write(tmp_path / "export", module(name).files())
    found = sniff([tmp_path / "export"], ReadOptions())
    guessed = [guess for guess in found.guesses if guess.ours == "agents"]
    assert guessed, found.authors
    assert yaml.safe_load(policy_text(found))["source"]["agents"] == [g.theirs for g in guessed]


def test_nobody_is_proposed_from_one_conversation() -> None:
    turns = pl.DataFrame({"row": [1, 1, 1], "author": ["ann", "ben", "ann"]})
    guessed, authors = staff(turns)
    assert (guessed, authors) == ([], [("ann", 1), ("ben", 1)])


def test_addresses_count_by_their_domain() -> None:
    rows = [
        (n, who) for n in range(6) for who in (f"c{n}@customer.example", f"a{n % 2}@help.example")
    ]
    guessed, _ = staff(pl.DataFrame(rows, schema=["row", "author"], orient="row"))
    assert [guess.theirs for guess in guessed] == ["help.example"]


def opened_by(*authors: tuple[str, ...]) -> list[str]:
    """Return who is proposed where these write, one conversation each."""
    rows = [(n, who) for n, several in enumerate(authors) for who in several]
    guessed, _ = staff(pl.DataFrame(rows, schema=["row", "author"], orient="row"))
    return [guess.theirs for guess in guessed]


@pytest.mark.parametrize(
    "provider", ["gmail.com", "Web.de", "yahoo.co.uk", "hotmail.fr", "outlook.com", "mail.ru"]
)
def test_a_provider_of_free_mail_is_never_proposed(provider: str) -> None:
    threads = [(f"c{n % 2}@{provider}", "a@acme.example") for n in range(6)]
    assert opened_by(*threads) == ["acme.example"]
    answered = [(f"c{n}@cust.example", f"a@{provider}") for n in range(6)]
    assert opened_by(*answered) == []


def test_a_large_customer_is_not_taken_for_staff() -> None:
    threads = [("it@cust.example", f"a{n}@acme.example") for n in range(8)]
    assert opened_by(*threads) == ["acme.example"]


def test_staff_who_open_a_few_conversations_are_proposed() -> None:
    threads = [("a@acme.example", "c@one.example"), ("a@acme.example",)]
    assert opened_by(*threads, *[(f"{n}@c{n}.example", "a@acme.example") for n in range(4)]) == [
        "acme.example"
    ]


def test_two_columns_of_long_texts_without_roles_are_a_pair() -> None:
    table = {
        "n": ["1", "2"],
        "Frage": ["Wo ist es denn?"] * 2,
        "Antwort": ["Es kommt schon noch."] * 2,
    }
    guessed = {guess.ours: guess.theirs for guess in columns(table)}
    assert guessed == {"prompt": "Frage", "completion": "Antwort"}


def test_what_is_no_export_is_refused_with_a_way_on(tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"letter.txt": "Dear all,\nnothing here is an export.\n"})
    with pytest.raises(InputError, match="no reader knows"):
        sniff([path], ReadOptions())
