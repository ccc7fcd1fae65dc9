"""A policy selects rules and changes them, and every mistake in it is named."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.errors import PolicyError, RuleError
from tunegate.policy import Policy, load_policy, load_target, matching, parse_policy
from tunegate.rules import Action, Rule, Severity, load_rules, parse_rule

LAW = settings(max_examples=60, deadline=None)

PRIVATE = "jane-4471"  # stands where a value is wrong, and must not come back in the message


def rule(rule_id: str, check: str, action: str, *, on: str = "source", params: str = "") -> Rule:
    text = (
        f"summary: Something is found.\nwhy: For the test.\nseverity: medium\naction: {action}\n"
        f"check: {check}\non: {on}\nparams: {{{params}}}"
    )
    return parse_rule(text, rule_id)


CATALOGUE = [
    rule("duplicate/exact-copy", "example-count", "drop", on="cleaned"),
    rule("format/null-key", "malformed-chat", "fix", params="fault: null-key"),
    rule("format/too-few-examples", "example-count", "keep", on="written", params="minimum: 3"),
    rule("length/token-overrun", "token-limit", "drop", on="cleaned", params="limit: 7"),
    rule("pii/email-address", "pattern", "redact", params="pattern: '@'"),
    rule("pii/iban", "pattern", "redact", params="pattern: DE"),
    rule("quality/lost-message", "source-note", "review"),
    rule("quality/untrainable", "untrainable", "drop", on="cleaned"),
    rule("secret/npm-token", "pattern", "redact", params="pattern: npm"),
    rule("source/cut-short", "source-note", "review"),
    rule("split/leakage", "group-split", "keep"),
]


def policy(text: str, *, target: str | None = None, rules: list[Rule] = CATALOGUE) -> Policy:
    text = f"summary: For the test.\n{text}"
    return parse_policy(text, name="mine", where="mine.yaml", rules=rules, target=target)


WRONG: Mapping[str, tuple[str, str, str]] = {
    "unknown key": (f"rules: {{pii/*: }}\ntargt: {PRIVATE}", "unknown key `targt`", "`target`"),
    "unknown source key": (
        "rules:\nsource: {agent: [1]}",
        "unknown key `source.agent`",
        "`agents`",
    ),
    "unknown split key": ("rules:\nsplit: {sed: x}", "unknown key `split.sed`", "`seed`"),
    "unknown gate key": ("rules:\ngate: {alow: {}}", "unknown key `gate.alow`", "`allow`"),
    "unknown override key": (
        f"rules: {{pii/iban: {{param: {PRIVATE}}}}}",
        "unknown key `rules.pii/iban.param`",
        "`params`",
    ),
    "key that is a number": ("rules: {pii/*: }\n7: 1", "unknown key `7`", "known: allow, gate"),
    "duplicate rule": ("rules:\n  pii/*:\n  pii/*:", ":4: cannot be parsed: key `pii/*`", ""),
    "rules missing": ("target: openai", "`rules`: field required", ""),
    "rules are a list": (f"rules: [{PRIVATE}]", "`rules`: input should be a valid dict", ""),
    "override is a word": (f"rules: {{pii/*: {PRIVATE}}}", "`rules.pii/*`: input should", ""),
    "wrong action": (
        f"rules: {{pii/*: {{action: {PRIVATE}}}}}",
        "`rules.pii/*.action`: input should be 'keep'",
        "",
    ),
    "wrong share": ("rules: {pii/*: }\nsplit: {validation: 1}", "`split.validation`: input", ""),
    "share that is none": (
        "rules: {pii/*: }\ngate: {max_unreadable: .nan}",
        "`gate.max_unreadable`: input should be",
        "",
    ),
    "wrong allowance": (
        f"rules: {{pii/*: }}\ngate: {{allow: {{pii/iban: {PRIVATE}}}}}",
        "`gate.allow.pii/iban`: input should be a valid integer",
        "",
    ),
    "no rule of that name": ("rules: {pii/iiban: }", "`rules`: no rule matches", "`pii/iban`?"),
    "no rule of that family": ("rules: {pi/*: }", "no rule matches `pi/*`", "`tunegate rules`"),
    "no rule to allow": (
        "rules: {pii/*: }\ngate: {allow: {secret/npm: 1}}",
        "`gate.allow`: no rule matches `secret/npm`",
        "`secret/npm-token`",
    ),
    "nothing selected": ("rules: {}", "selects no rule", "`tunegate rules`"),
    "unknown target": ("rules: {pii/*: }\ntarget: opnai", "no target named `opnai`", "`openai`"),
    "wrong parameter": (
        f"rules: {{length/*: {{params: {{limt: {PRIVATE}}}}}}}",
        "mine.yaml: `rules.length/token-overrun`: check `token-limit` has no parameter `limt`",
        "`limit`",
    ),
    "wrong type of a parameter": (
        f"rules: {{length/*: {{params: {{limit: {PRIVATE}}}}}}}",
        "mine.yaml: `rules.length/token-overrun`: `params.limit`: input should be",
        "",
    ),
}


@pytest.mark.parametrize(("text", "problem", "hint"), WRONG.values(), ids=WRONG)
def test_a_wrong_policy_is_refused_by_place_and_without_its_values(
    text: str, problem: str, hint: str
) -> None:
    with pytest.raises(PolicyError) as refused:
        policy(text)
    assert problem in str(refused.value)
    assert hint in (refused.value.hint or "")
    assert PRIVATE not in str(refused.value)


@pytest.mark.parametrize("text", ["", "- rules", "rules"], ids=["empty", "a list", "a word"])
def test_a_policy_that_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(PolicyError, match=r"mine\.yaml: is not a mapping"):
        parse_policy(text, name="mine", where="mine.yaml", rules=CATALOGUE)


def test_a_parameter_that_the_rule_itself_has_wrong_is_the_rules_mistake() -> None:
    wrong = rule("pii/mine", "pattern", "redact", params="patern: x")
    with pytest.raises(RuleError, match=r"rules/pii/mine\.yaml"):
        policy("rules: {pii/*: }", rules=[*CATALOGUE, wrong])


IMPOSSIBLE: Mapping[str, tuple[str, str, str]] = {
    "fix without a repair": ("pii/iban", "fix", "no repair"),
    "redact the cleaned text": ("quality/untrainable", "redact", "only follow from the source"),
    "trim the cleaned text": ("length/token-overrun", "trim", "only follow from the source"),
    "redact the written text": ("format/too-few-examples", "redact", "only follow from the source"),
}


@pytest.mark.parametrize(("name", "action", "why"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_action_that_cannot_be_done_is_refused(name: str, action: str, why: str) -> None:
    with pytest.raises(PolicyError, match=f"`rules.{name}`: action `{action}` is not .*{why}"):
        policy(f"rules: {{{name}: {{action: {action}}}}}")


@pytest.mark.parametrize("action", ["redact", "trim"])
def test_a_check_of_the_whole_dataset_cannot_edit(action: str) -> None:
    whole = rule("duplicate/source-copy", "example-count", "drop")
    with pytest.raises(PolicyError, match="it judges conversations, not spans"):
        policy(f"rules: {{duplicate/*: {{action: {action}}}}}", rules=[whole])


def test_only_the_selected_rules_run_in_the_order_of_the_catalogue() -> None:
    chosen = policy("rules: {secret/*: , pii/iban: , format/too-few-examples: }")
    assert [r.id for r in chosen.rules] == [
        "format/too-few-examples",
        "pii/iban",
        "secret/npm-token",
    ]
    assert chosen.rule("pii/iban").file == CATALOGUE[5].file


OVERRIDES = {
    "pii/iban": "severity: low, action: keep",
    "pii/*": "severity: high, action: review",
    "*": "severity: critical, optional: true",
    "*[i]i*/iban*": "severity: info, action: drop",  # longer than the id that it matches
}


@pytest.mark.parametrize("order", [*itertools.permutations(OVERRIDES)], ids=" ".join)
def test_the_exact_name_has_the_last_word_wherever_it_stands(order: tuple[str, ...]) -> None:
    lines = "\n".join(f"  '{pattern}': {{{OVERRIDES[pattern]}}}" for pattern in order)
    chosen = policy(f"rules:\n{lines}")
    iban, email, npm = (
        chosen.rule(name) for name in ("pii/iban", "pii/email-address", "secret/npm-token")
    )
    assert (iban.file.severity, iban.file.action) == (Severity.LOW, Action.KEEP)
    assert (email.file.severity, email.file.action) == (Severity.HIGH, Action.REVIEW)
    assert (npm.file.severity, npm.file.action) == (Severity.CRITICAL, Action.REDACT)
    assert chosen.digest == policy("rules:\n" + "\n".join(sorted(lines.splitlines()))).digest


def test_an_exact_name_makes_required_again_what_a_glob_made_optional() -> None:
    chosen = policy("rules: {pii/*: {optional: true}, pii/iban: {optional: false}}")
    assert [(r.id, r.optional) for r in chosen.rules] == [
        ("pii/email-address", True),
        ("pii/iban", False),
    ]
    chosen = policy("rules: {pii/*: {optional: true}, pii/iban: {severity: low}}")
    assert chosen.rule("pii/iban").optional


globs = st.sampled_from(["*", "a/*", "*/b", "a/b", "a/?", "[a]/[b]", "a*b", "x/y"])


@LAW
@given(st.lists(globs, unique=True), st.randoms())
def test_which_pattern_is_the_most_exact_does_not_depend_on_their_order(
    patterns: list[str], random: Random
) -> None:
    shuffled = list(patterns)
    random.shuffle(shuffled)
    found = matching("a/b", patterns)
    assert matching("a/b", shuffled) == found
    assert set(found) == set(patterns) - {"x/y"}
    assert "a/b" not in patterns or found[-1] == "a/b"


def test_a_targets_limits_replace_the_rules_and_the_policy_replaces_the_targets() -> None:
    bare = policy("rules: {length/*: , format/*: }")
    assert bare.rule("length/token-overrun").file.params["limit"] == 65536
    assert bare.rule("format/too-few-examples").file.params == {"minimum": 10}
    own = policy("rules: {length/*: {params: {limit: 99}}}").rule("length/token-overrun")
    assert own.file.params == {"limit": 99, "vocabulary": "o200k_base"}


def test_the_split_settings_reach_the_rule_that_splits() -> None:
    chosen = policy("rules: {split/*: }\nsplit: {validation: 0.3, seed: mine}")
    assert chosen.rule("split/leakage").build().validation == 0.3
    assert chosen.rule("split/leakage").build().seed == "mine"


def test_written_files_are_judged_for_personal_data_secrets_and_form() -> None:
    chosen = policy("rules: {'*': }")
    assert [r.family for r in chosen.on("written")] == ["format", "format", "pii", "pii", "secret"]
    assert [r.id for r in chosen.on("cleaned")] == [
        "duplicate/exact-copy",
        "length/token-overrun",
        "quality/untrainable",
    ]
    texts = [r.id for text in ("source", "cleaned") for r in chosen.on(text)]
    assert sorted([*texts, "format/too-few-examples"]) == [r.id for r in CATALOGUE]


@pytest.mark.parametrize("name", ["support-tickets", "openai-chat"])
def test_a_bundled_policy_is_known_by_its_name_whatever_lies_in_the_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("no policy")
    assert load_policy(name, CATALOGUE).name == name


def test_no_choice_is_the_default_and_an_empty_one_is_a_mistake() -> None:
    assert load_policy(None, CATALOGUE).name == "support-tickets"
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy("", CATALOGUE)


def test_a_policy_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("summary: é".encode("latin-1"))
    with pytest.raises(PolicyError, match=r"latin\.yaml: is not UTF-8\n  hint: save"):
        load_policy(str(latin), CATALOGUE)
    with pytest.raises(PolicyError, match="cannot be read: Is a directory"):
        load_policy(str(tmp_path), CATALOGUE)
    with pytest.raises(PolicyError, match=r"no such policy file\n  hint: did you mean `openai-ch"):
        load_policy("openai-chats", CATALOGUE)


def test_a_policy_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "strict.yaml"
    path.write_text("summary: Strict.\nrules: {pii/*: {action: drop}}", encoding="utf-8")
    chosen = load_policy(str(path), CATALOGUE)
    assert chosen.name == "strict.yaml"
    assert {r.file.action for r in chosen.rules} == {Action.DROP}


BASE = "rules: {pii/*: , length/*: }\nsplit: {validation: 0.2}\ngate: {allow: {pii/iban: 3}}"
SAME: Mapping[str, str] = {
    "what it is said to be": BASE + "\nsummary: Another.",
    "the spelling": (
        "gate: {allow: {'pii/iban': 3}}\nsplit: {validation: 0.20, seed: tunegate}\n"
        "rules:\n  length/token-overrun:\n  pii/iban: {}\n  pii/email-address: {action: redact}"
    ),
}
OTHER: Mapping[str, str] = {
    "a rule less": BASE.replace(", length/*:", ""),
    "a severity": BASE.replace("pii/*:", "pii/*: {severity: low}"),
    "an action": BASE.replace("pii/*:", "pii/*: {action: drop}"),
    "a parameter": BASE.replace("length/*:", "length/*: {params: {limit: 5}}"),
    "optional": BASE.replace("pii/*:", "pii/*: {optional: true}"),
    "the share": BASE.replace("0.2", "0.1"),
    "an allowance": BASE.replace("3", "4"),
    "the gate's text": BASE.replace("allow", "on: source, allow"),
    "the gate's severity": BASE.replace("allow", "severity: high, allow"),
    "the gate's limit": BASE.replace("allow", "max_unreadable: 0, allow"),
    "how it is read": BASE + "\nsource: {group: customer}",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_the_digest_stays_when_nothing_judged_changes(text: str) -> None:
    summary = "" if "summary" in text else "summary: For the test.\n"
    other = parse_policy(summary + text, name="other", where="other.yaml", rules=CATALOGUE)
    assert other.digest == policy(BASE).digest


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER)
def test_the_digest_changes_with_whatever_is_judged(text: str) -> None:
    assert policy(text).digest != policy(BASE).digest


def test_the_digest_changes_with_a_rule_and_with_the_target() -> None:
    base = policy("rules: {pii/*: }")
    rules = [r.changed(severity=Severity.LOW) if r.id == "pii/iban" else r for r in CATALOGUE]
    assert policy("rules: {pii/*: }", rules=rules).digest != base.digest
    file = load_target("openai").file
    moved = Policy(base.name, base.file, base.rules, type(base.target)("elsewhere", file))
    assert moved.digest != base.digest
    assert policy("rules: {pii/*: }", target="openai").digest == base.digest


def test_a_star_leaves_out_the_rule_that_must_be_told_its_engine() -> None:
    everything = load_rules()
    chosen = policy("rules: {'*': }", rules=everything)
    left_out = {rule.id for rule in everything} - {rule.id for rule in chosen.rules}
    assert left_out == {"neural/neural-entities"}
