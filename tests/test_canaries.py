"""Planted values are caught, in no file of the run, and one that comes through closes the gate."""

from pathlib import Path

from support import chat_file
from tunegate import audit
from tunegate.canaries import canaries
from tunegate.pipeline.canaries import stands
from tunegate.policy import load_policy
from tunegate.rules import load_rules

TALK = [("user", "Where is the garden table?"), ("assistant", "It left our store this morning.")]
POLICY = """
summary: One kind is looked for.
rules:
  pii/email-address:
  pii/payment-card:
"""


def test_canaries_follow_from_the_seed() -> None:
    rules = [rule for rule in load_rules() if rule.family == "pii"]
    assert canaries(rules, 20, "a") == canaries(rules, 20, "a")
    assert canaries(rules, 20, "a") != canaries(rules, 20, "b")


def test_a_value_stands_in_a_text_however_it_is_divided() -> None:
    assert stands("4111 1111 1111 1111", "pay 4111-1111-1111-1111 now")
    assert not stands("4111 1111 1111 1111", "pay <CARD_1> now")


def test_a_placeholder_that_reads_like_the_value_is_none_of_it() -> None:
    value = "$ANSIBLE_VAULT;1.1;AES256 0a1b2c3d4e5f"
    assert not stands(value, "see <ANSIBLE_VAULT_1> there", "ANSIBLE_VAULT")
    assert stands(value, f"see {value} there", "ANSIBLE_VAULT")


def test_all_are_caught_and_stand_in_no_file(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY)
    path = chat_file(tmp_path / "in.jsonl", TALK)
    run = audit(path, out=tmp_path / "run", policy=tmp_path / "policy.yaml", canaries=20)
    assert run.record["canaries"] == {"planted": 20, "caught": 20, "allowed": 0, "missed": {}}
    assert run.record["counts"]["conversations"]["total"] == 1
    planted = canaries(
        load_policy(str(tmp_path / "policy.yaml"), load_rules()).rules, 20, "tunegate"
    )
    assert len(planted) == 20
    held = b"".join(file.read_bytes() for file in (tmp_path / "run").iterdir())
    assert not [canary for canary in planted if canary.value.encode() in held]


def test_one_on_the_allow_list_is_counted_apart(tmp_path: Path) -> None:
    allow = "allow:\n  shapes: ['[a-z]+@[a-z]+[.]com']\n"
    (tmp_path / "policy.yaml").write_text(POLICY + allow)
    path = chat_file(tmp_path / "in.jsonl", TALK)
    run = audit(path, policy=tmp_path / "policy.yaml", canaries=20)
    assert run.record["canaries"] == {"planted": 20, "caught": 10, "allowed": 10, "missed": {}}


def test_a_rule_that_finds_nothing_closes_the_gate(tmp_path: Path) -> None:
    broken = POLICY.replace("pii/email-address:", "pii/email-address: {params: {pattern: 'z{99}'}}")
    (tmp_path / "policy.yaml").write_text(broken)
    path = chat_file(tmp_path / "in.jsonl", TALK)
    run = audit(path, policy=tmp_path / "policy.yaml", canaries=4)
    assert run.record["canaries"]["missed"] == {"pii/email-address": 2}
    assert run.verdict == "closed"
    assert any(reason["rule"] == "pii/email-address" for reason in run.judgement["reasons"])
