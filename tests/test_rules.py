"""Rule files are read strictly, and their checks run so that a failure has a name."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate import rules as rules_module
from tunegate.cases import ready, unmarked, wrong_cases
from tunegate.errors import RuleError
from tunegate.model import FINDINGS, FINDINGS_ORDER, Batch, to_batch
from tunegate.readers.chat import batch_of_records
from tunegate.rules import Action, Rule, Severity, load_rules, parse_rule
from tunegate.scanner import Failure, run_rules
from tunegate.strict_yaml import read_yaml

LAW = settings(max_examples=60, deadline=None)

PRIVATE = "jane-4471"  # stands where a value is wrong, and must not come back in the message

RULE = """
summary: A turn says a word.
why: So that there is something to find.
severity: low
action: keep
check: pattern
params: {pattern: parcel}
"""

# A third party's package: one check of each kind, and one that fails with the text in its message.
PLANTED = """
from dataclasses import dataclass
import polars as pl
from tunegate import Batch, findings

NOT_A_CLASS = "says"

@dataclass(frozen=True)
class Says:
    word: str
    broken: bool = False
    kind: str | None = None

    def check(self, batch):
        if self.broken:
            raise LookupError(batch.turns["text"][0])
        hits = batch.turns.filter(pl.col("text").str.contains(self.word, literal=True)).reverse()
        return hits.with_columns(kind=pl.lit(self.kind), note=pl.lit("not a column of a finding"))

@dataclass(frozen=True)
class Fusing(Says):
    @staticmethod
    def fuse(members):
        return Fused(tuple((rule.id, check) for rule, check in members))

@dataclass(frozen=True)
class Fused:
    members: tuple

    def check(self, batch):
        found = [check.check(batch).with_columns(rule=pl.lit(rule)) for rule, check in self.members]
        return pl.concat(found).with_columns(kind=pl.lit("in one scan"))

@dataclass(frozen=True)
class Measures:
    def check(self, batch):
        heads = batch.conversations.select("row")
        return pl.concat([heads.with_columns(value=pl.lit(value)) for value in (3, 1, 2)])

@dataclass(frozen=True)
class Wrong:
    def check(self, batch):
        return findings(batch.turns.select(row="text"))
"""

ENTRY_POINTS = """[tunegate.checks]
says = planted:Says
fusing = planted:Fusing
measures = planted:Measures
wrong = planted:Wrong
no-class = planted:NOT_A_CLASS
not-there = planted_elsewhere:Says
"""


def dist_info(folder: Path, name: str, entry_points: str) -> None:
    place = folder / f"{name}-1.0.dist-info"
    place.mkdir()
    (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (place / "entry_points.txt").write_text(entry_points)


@pytest.fixture(autouse=True, scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    site = tmp_path_factory.mktemp("site")
    (site / "planted.py").write_text(PLANTED)
    dist_info(site, "planted", ENTRY_POINTS)
    sys.path.insert(0, str(site))
    rules_module._installed.cache_clear()
    yield
    sys.path.remove(str(site))
    rules_module._installed.cache_clear()


def rule(name: str, check: str = "says", *, more: str = "", **params: object) -> Rule:
    text = RULE.replace("pattern\n", f"{check}\n").replace("{pattern: parcel}", str(params))
    return parse_rule(text + more, f"quality/{name}")


def spoken(*texts: str) -> Batch:
    return to_batch([[("user", text), ("assistant", text)] for text in texts])


WRONG_FILES: Mapping[str, tuple[str, str, str]] = {
    "empty": ("", "is not a mapping", ""),
    "a list": ("- summary", "is not a mapping", ""),
    "a word": (PRIVATE, "is not a mapping", ""),
    "unknown key": (RULE + f"sevrity: {PRIVATE}", "unknown key `sevrity`", "`severity`"),
    "key that is a number": (RULE + "7: 1", "unknown key `7`", "known: action"),
    "missing key": (RULE.replace("why:", "roles: [user] #"), "`why`: field required", ""),
    "duplicate key": (RULE + f"why: {PRIVATE}", "yaml:8: cannot be parsed: key `why`", ""),
    "duplicate parameter": (RULE + "cases: {flags: [], flags: []}", "key `flags` stands twice", ""),
    "key that is a list": (f"? [{PRIVATE}]\n: 1", "yaml:1: cannot be parsed: a key is no", ""),
    "open bracket": (RULE + "sources: [1", "yaml:9: cannot be parsed: did not find", ""),
    "impossible date": ("summary: 2026-02-30", "a date or a number is none", "quotes"),
    "code": ("summary: !!python/name:os.system x", "yaml:1: cannot be parsed: could not", ""),
    "wrong type": (RULE + f"priority: {PRIVATE}", "`priority`: input should be a valid", ""),
    "wrong word": (RULE.replace("low", PRIVATE), "`severity`: input should be 'info'", ""),
    "wrong list": (RULE + f"roles: {PRIVATE}", "`roles`: input should be a valid tuple", ""),
    "wrong placeholder": (RULE + f"placeholder: {PRIVATE}", "`placeholder`: string should", ""),
    "unknown case key": (RULE + "cases: {flag: [x]}", "`cases.flag`: extra inputs", ""),
}


@pytest.mark.parametrize(("text", "problem", "hint"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_a_wrong_rule_file_is_refused_by_place_and_without_its_values(
    text: str, problem: str, hint: str
) -> None:
    with pytest.raises(RuleError) as refused:
        parse_rule(text, "pii/mine")
    assert str(refused.value).startswith("rules/pii/mine.yaml")
    assert problem in str(refused.value)
    assert hint in (refused.value.hint or "")
    assert PRIVATE not in str(refused.value)


WRONG_CHECKS: Mapping[str, tuple[str, Mapping[str, object], str, str]] = {
    "unknown check": ("patern", {}, "no check named `patern`", "did you mean `pattern`?"),
    "unknown parameter": (
        "pattern",
        {"pattern": "x", "triger": PRIVATE},
        "check `pattern` has no parameter `triger`",
        "did you mean `trigger`?",
    ),
    "missing parameter": ("pattern", {}, "`params.pattern`: field required", ""),
    "wrong type": ("token-limit", {"limit": PRIVATE}, "`params.limit`: input should be a v", ""),
    "wrong item": ("pattern", {"pattern": "x", "context": [[PRIVATE]]}, "`params.context.0`", ""),
    "refused by the check": ("group-split", {"validation": 1}, "`params`: validation must be", ""),
    "not a class": ("no-class", {}, "check `no-class` is not a dataclass", ""),
    "not installed": ("not-there", {}, "cannot be imported", "pip install planted_elsewhere"),
}


@pytest.mark.parametrize(
    ("check", "params", "problem", "hint"), WRONG_CHECKS.values(), ids=WRONG_CHECKS
)
def test_a_check_that_cannot_be_built_is_refused_by_place_and_without_its_values(
    check: str, params: Mapping[str, Any], problem: str, hint: str
) -> None:
    with pytest.raises(RuleError) as refused:
        rule("mine", check, **params).build()
    assert str(refused.value).startswith("rules/quality/mine.yaml: ")
    assert problem in refused.value.problem
    assert hint in (refused.value.hint or "")
    assert PRIVATE not in str(refused.value)


def test_a_check_of_an_extra_that_is_missing_names_the_extra() -> None:
    with pytest.raises(RuleError, match=r'hint: pip install "tunegate\[detoxify\]"'):
        rule("mine", "not-there", more="needs: detoxify").build()


def test_words_that_begin_like_a_boolean_stay_words() -> None:
    text = "a: false alarms are rare\nb: trueish\nc: true\nd: false\non: off"
    expected = {"a": "false alarms are rare", "b": "trueish", "c": True, "d": False, "on": "off"}
    assert read_yaml(text, where="x") == expected


def test_an_id_that_stands_in_two_folders_is_refused(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder / "quality").mkdir(parents=True)
        (tmp_path / folder / "quality" / "mine.yaml").write_text(RULE)
    assert "quality/mine" in [r.id for r in load_rules(tmp_path / "one")]
    with pytest.raises(RuleError, match="quality/mine: stands in two rule folders\n  hint: "):
        load_rules(tmp_path / "one", tmp_path / "two")


def test_a_rule_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes("summary: é".encode("latin-1"))
    with pytest.raises(RuleError, match=r"mine\.yaml: is not UTF-8"):
        load_rules(tmp_path)


def test_two_packages_that_offer_one_name_are_refused_by_their_names(tmp_path: Path) -> None:
    dist_info(tmp_path, "first", "[tunegate.checks]\nodd = first:Odd\n")
    dist_info(tmp_path, "second", "[tunegate.checks]\nodd = second:Odd\n")
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from tunegate.errors import RuleError\n"
        "from tunegate.rules import plugins\n"
        "try: plugins('tunegate.checks')\n"
        "except RuleError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "`odd` is offered by first and second\n  hint: uninstall one" in done.stdout


def test_a_check_that_raises_is_a_failure_without_its_message() -> None:
    sound, broken = rule("sound", word="parcel"), rule("broken", word="parcel", broken=True)
    found, failures = run_rules(
        [broken, sound], to_batch([[("user", f"parcel {PRIVATE}")]], first=5)
    )
    assert failures == (Failure("quality/broken", 5, "LookupError"),)
    assert PRIVATE not in repr(failures)
    assert found["rule"].to_list() == ["quality/sound"]


def test_a_check_that_answers_in_another_shape_is_a_failure() -> None:
    found, failures = run_rules([rule("wrong", "wrong")], spoken("parcel"))
    assert [failure.rule for failure in failures] == ["quality/wrong"]
    assert found.is_empty()


def test_rules_of_one_check_run_as_one_scan() -> None:
    members = [rule("a", "fusing", word="parcel"), rule("b", "fusing", word="late")]
    found, failures = run_rules(members, spoken("late", "parcel"))
    assert not failures
    assert found.select("rule", "row").unique(maintain_order=True).rows() == [
        ("quality/a", 1),
        ("quality/b", 0),
    ]
    assert found["kind"].unique().to_list() == ["in one scan"]


def test_a_scan_that_fails_is_run_rule_by_rule_and_loses_only_the_broken_one() -> None:
    members = [
        rule("a", "fusing", word="parcel"),
        rule("b", "fusing", word="parcel", broken=True),
        rule("c", "fusing", word="parcel"),
    ]
    found, failures = run_rules(members, spoken("parcel"))
    assert failures == (Failure("quality/b", 0, "LookupError"),)
    assert found["rule"].unique(maintain_order=True).to_list() == ["quality/a", "quality/c"]
    assert found["kind"].null_count() == found.height == 4


SCOPES: Mapping[str, tuple[str, set[tuple[str | None, str]]]] = {
    "everywhere": (
        "",
        {
            ("user", "/content/0/text"),
            ("assistant", "/content"),
            ("assistant", "/tool_calls/0/function/arguments"),
            (None, "/tools/0/function/description"),
        },
    ),
    "a role": ("roles: [user]", {("user", "/content/0/text")}),
    "a part": ("parts: [/content]", {("user", "/content/0/text"), ("assistant", "/content")}),
    "parts": (
        "parts: [/tool_calls, /tools]",
        {
            ("assistant", "/tool_calls/0/function/arguments"),
            (None, "/tools/0/function/description"),
        },
    ),
    "both": ("roles: [assistant]\nparts: [/content]", {("assistant", "/content")}),
    "nobody": ("roles: [system]", set()),
}


@pytest.mark.parametrize("check", ["says", "fusing"])
@pytest.mark.parametrize(("scope", "expected"), SCOPES.values(), ids=SCOPES)
def test_a_rule_speaks_only_where_its_roles_and_parts_say(
    scope: str, expected: set[tuple[str | None, str]], check: str
) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "parcel"}}
    record = {
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "parcel"}]},
            {"role": "assistant", "content": "parcel", "tool_calls": [call]},
        ],
        "tools": [{"type": "function", "function": {"name": "f", "description": "parcel"}}],
    }
    members = [rule("all", check, word="parcel"), rule("some", check, more=scope, word="parcel")]
    found, failures = run_rules(members, batch_of_records([record]))
    assert not failures
    places: dict[str, set[tuple[str | None, str]]] = {"quality/all": set(), "quality/some": set()}
    for name, role, part in found.select("rule", "role", "part").iter_rows():
        places[name].add((role, part))
    assert places == {"quality/all": SCOPES["everywhere"][1], "quality/some": expected}


words = st.sampled_from(["parcel", "late parcel", "late", "thanks"])


@LAW
@given(st.lists(st.lists(words, max_size=4), max_size=5))
def test_findings_are_sorted_and_in_the_schema(texts: list[list[str]]) -> None:
    batch = to_batch([[("user", text) for text in conversation] for conversation in texts])
    members = [rule("z", word="late"), rule("a", word="parcel"), rule("m", "fusing", word="late")]
    found, failures = run_rules(members, batch, on="cleaned")
    assert not failures
    assert found.schema == pl.Schema(FINDINGS)
    assert found.equals(found.sort(FINDINGS_ORDER, nulls_last=False, maintain_order=True))
    said = [text for conversation in texts for text in conversation]
    assert found.height == sum(text.count("parcel") + 2 * text.count("late") for text in said)
    assert set(found["on"]) <= {"cleaned"}


def test_findings_of_one_place_stay_in_the_order_of_their_check() -> None:
    found, _ = run_rules([rule("m", "measures")], spoken(*map(str, range(200))))
    assert found["value"].to_list() == [3.0, 1.0, 2.0] * 200


def test_no_rules_find_nothing_and_still_have_the_schema() -> None:
    found, failures = run_rules([], spoken("parcel"))
    assert (found.schema, found.height, failures) == (pl.Schema(FINDINGS), 0, ())


def test_a_digest_changes_with_what_is_judged_and_not_with_what_is_said_about_it() -> None:
    plain = rule("mine", word="parcel")
    other_words = parse_rule(
        RULE.replace("pattern\n", "says\n")
        .replace("{pattern: parcel}", "{word: parcel}")
        .replace("So that", "In order that")
        + "sources: [a page]\ncases: {flags: [parcel]}",
        "quality/mine",
    )
    assert plain.digest == other_words.digest
    for changed in (
        plain.changed(params={"word": "late"}),
        plain.changed(severity=Severity.HIGH),
        plain.changed(action=Action.DROP),
        rule("mine", more="roles: [user]", word="parcel"),
        rule("mine", more="version: 2", word="parcel"),
    ):
        assert changed.digest != plain.digest


def test_marks_in_a_case_enclose_spans_and_vanish() -> None:
    assert unmarked("é ⟦ab⟧‖ c⟦d‖e⟧") == ("é ab cde", [(2, 4), (6, 8)])


@pytest.mark.parametrize("text", ["⟧a⟦", "⟦a", "a⟧", "⟦a⟦b⟧⟧"])
def test_marks_that_do_not_pair_are_refused(text: str) -> None:
    with pytest.raises(RuleError, match=r"rules/quality/mine\.yaml: `⟦` and `⟧` do not pair"):
        ready(rule("mine", word="a"), text, flags=True)


def test_cases_that_come_out_wrong_are_named() -> None:
    cases = """
cases:
  flags:
    - where is my ⟦parcel⟧
    - where is ⟦my⟧ parcel
    - it is late
    - conversations: [[{user: parcel}], [{user: late}]]
      flagged: [0]
  passes:
    - parcel
    - it is late
"""
    wrong = list(wrong_cases(parse_rule(RULE + cases, "quality/mine")))
    assert [sentence.split(":")[0] for sentence in wrong] == ["flags[1]", "flags[2]", "passes[0]"]
