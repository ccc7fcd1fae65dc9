"""The allow-list accounts for what it names, in every spelling, and for nothing beside it."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from tunegate.allow import WINDOW, AllowList, explained_count, unexplained
from tunegate.errors import PolicyError
from tunegate.model import findings, to_batch
from tunegate.policy import parse_policy
from tunegate.redaction import AllowSettings
from tunegate.rules import load_rules

Case = tuple[Mapping[str, Any], str, str | None]  # the list, a text with ⟦ ⟧, what accounts for it

DOMAINS = {"domains": ["acme.com"]}
WORDS = {"words": ["Jordan Air", "Ada"]}
SHAPES = {"shapes": ["ORD-[0-9]{10}"]}
PHONES = {"phones": ["+49 30 1234567", "(415) 555-0100", "112233"]}

CASES: Mapping[str, Case] = {
    "an address at the domain": (DOMAINS, "⟦help@acme.com⟧", "allow.domains"),
    "in capitals": (DOMAINS, "⟦HELP@ACME.COM⟧", "allow.domains"),
    "below the domain": (DOMAINS, "⟦a@mail.acme.com⟧", "allow.domains"),
    "a domain that ends like it": (DOMAINS, "⟦a@notacme.com⟧", None),
    "a domain that begins like it": (DOMAINS, "⟦a@acme.com.evil.org⟧", None),
    "its name before the @": (DOMAINS, "⟦acme.com@evil.org⟧", None),
    "a link": (DOMAINS, "⟦https://www.acme.com/a?b⟧", "allow.domains"),
    "a link with a port": (DOMAINS, "⟦http://acme.com:8080⟧", "allow.domains"),
    "a link elsewhere that names it": (DOMAINS, "⟦https://evil.org/acme.com⟧", None),
    "a link with a password": (DOMAINS, "⟦https://ann:pw@acme.com/⟧", None),
    "a bare host": (DOMAINS, "⟦shop.acme.com⟧", "allow.domains"),
    "a product, widely spaced": (WORDS, "my ⟦Jordan⟧  Air is torn", "allow.words"),
    "within a product": (WORDS, "my ⟦Jordan⟧ Air is torn", "allow.words"),
    "the whole product": (WORDS, "my ⟦JORDAN AIR⟧", "allow.words"),
    "more than the product": (WORDS, "⟦Jordan Air Smith⟧", None),
    "a longer word": (WORDS, "⟦Adam⟧", None),
    "an order number": (SHAPES, "order ORD-⟦4155550100⟧.", "allow.shapes"),
    "another shape": (SHAPES, "order ORD-⟦415555010⟧.", None),
    "a published number": (PHONES, "⟦+49 (0)30 1234-567⟧", "allow.phones"),
    "as dialled at home": (PHONES, "⟦030/1234567⟧", "allow.phones"),
    "with 00": (PHONES, "⟦0049 30 1234567⟧", "allow.phones"),
    "its neighbour": (PHONES, "⟦030/1234568⟧", None),
    "abroad, listed as at home": (PHONES, "⟦+1 415 555 0100⟧", "allow.phones"),
    "with a 1": (PHONES, "⟦1-415-555-0100⟧", "allow.phones"),
    "a short one": (PHONES, "⟦112 233⟧", "allow.phones"),
    "a short one's end of another": (PHONES, "⟦+49112233⟧", None),
    "with an extension": (PHONES, "⟦415-555-0100 x12⟧", None),
    "of another rule": ({"words": [{"value": "Ada", "rules": "secret/*"}]}, "⟦Ada⟧", None),
    "nothing is listed": ({}, "⟦help@acme.com⟧", None),
}


def explained(allowed: Mapping[str, Any], marked: str, rule: str = "pii/anything") -> str | None:
    start, end = marked.index("⟦"), marked.index("⟧") - 1
    batch = to_batch([[("user", marked.replace("⟦", "").replace("⟧", ""))]])
    place = {"rule": rule, "row": 0, "turn": 0, "part": "/content", "start": start, "end": end}
    found = findings(pl.DataFrame([place]))
    answer = AllowList(AllowSettings.model_validate(allowed)).explain(batch, found)
    assert answer.schema == found.schema
    assert answer.drop("explained").equals(found.drop("explained"))
    said: str | None = answer["explained"][0]
    return said


@pytest.mark.parametrize(("allowed", "marked", "expected"), CASES.values(), ids=CASES)
def test_an_entry_accounts_for_what_it_names(
    allowed: Mapping[str, Any], marked: str, expected: str | None
) -> None:
    assert explained(allowed, marked) == expected


def test_an_entry_is_for_personal_data_unless_it_names_other_rules() -> None:
    assert explained(WORDS, "⟦Ada⟧", "secret/token") is None
    named = {"words": [{"value": "Ada", "rules": "secret/*"}]}
    assert explained(named, "⟦Ada⟧", "secret/token") == "allow.words"


def test_a_shape_is_looked_for_near_the_finding_alone() -> None:
    near = {"shapes": ["a[^b]*b"]}
    assert explained(near, f"a{' ' * (WINDOW - 1)}⟦x⟧b") == "allow.shapes"
    assert explained(near, f"a{' ' * WINDOW}⟦x⟧b") is None


def test_findings_without_a_span_and_those_that_are_explained_stay_as_they_are() -> None:
    batch = to_batch([[("user", "Ada Ada")]])
    rows = [
        {"rule": "pii/a", "row": 0, "start": None, "end": None, "explained": None},
        {"rule": "pii/a", "row": 0, "start": 0, "end": 3, "explained": "replacement"},
        {"rule": "pii/b", "row": 0, "start": 4, "end": 7, "explained": None},
    ]
    schema = {"rule": pl.String, "row": pl.Int64, "start": pl.Int64, "end": pl.Int64}
    frame = pl.DataFrame(rows, schema={**schema, "explained": pl.String})
    found = findings(frame.with_columns(turn=0, part=pl.lit("/content")))
    answer = AllowList(AllowSettings.model_validate(WORDS)).explain(batch, found)
    assert answer["explained"].to_list() == [None, "replacement", "allow.words"]
    assert unexplained(answer).height == 1
    assert explained_count(answer) == {"pii/a": 1, "pii/b": 1}


WRONG = {
    "an unknown kind": ("allow: {names: [x]}", "unknown key `allow.names`"),
    "an unknown key of an entry": (
        "allow: {words: [{value: x, rule: y}]}",
        "unknown key `allow.words.rule`",
    ),
    "a broken shape": ("allow: {shapes: ['(']}", "`allow.shapes`: is not a regular expression"),
    "a shape of nothing": ("allow: {shapes: ['x*']}", "`allow.shapes`: matches the empty text"),
    "a shape of all": ("allow: {shapes: ['.+']}", "`allow.shapes`: matches any name and any num"),
    "a shape of long ones": ("allow: {shapes: ['\\S{6,}']}", "`allow.shapes`: matches any name"),
    "no number": ("allow: {phones: ['x']}", "`allow.phones`: a phone number has at least 3"),
    "an empty word": ("allow: {words: ['']}", "`allow.words.0.value`: "),
    "a rule that is none": (
        "allow: {words: [{value: x, rules: pii/nothing}]}",
        "`allow`: no rule matches `pii/nothing`",
    ),
    "a style of a rule that is none": (
        "redaction: {styles: {pii/nothing: mask}}",
        "`redaction.styles`: no rule matches `pii/nothing`",
    ),
    "an unknown style": ("redaction: {style: stars}", "`redaction.style`: "),
    "a hash without a key": ("redaction: {style: hash}", "style `hash` needs a key"),
    "one hash without a key": (
        "redaction: {styles: {pii/*: hash}}",
        "style `hash` needs a key",
    ),
    "tokens without a key": ("redaction: {scope: dataset}", "`scope: dataset` needs a key"),
    "shifted dates without a key": (
        "redaction: {styles: {pii/*: date-shift}}",
        "style `date-shift` needs a key",
    ),
    "a map without a key": ("redaction: {reversible: m}", "`reversible` needs a key"),
}


@pytest.mark.parametrize(("section", "problem"), WRONG.values(), ids=WRONG)
def test_a_wrong_section_is_refused_with_its_place(section: str, problem: str) -> None:
    text = f"summary: x\nrules: {{'pii/*': }}\n{section}\n"
    with pytest.raises(PolicyError) as error:
        parse_policy(text, name="p", where="p.yaml", rules=load_rules())
    assert problem in str(error.value)


def test_paths_of_this_machine_are_no_part_of_the_policy() -> None:
    def digest(key: str) -> str:
        text = f"summary: x\nrules: {{'pii/*': }}\nredaction: {{key: {key}, scope: dataset}}\n"
        policy = parse_policy(text, name="p", where="p.yaml", rules=load_rules())
        assert "ann" not in str(policy.file.model_dump(mode="json"))
        return policy.digest

    assert digest("/home/ann/a.key") == digest("/home/ann/b.key")
