"""Every style writes what it says, in every part, and the ledger says what stands where."""

import json
import re
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.keys import Key
from tunegate.model import FINDINGS, Batch, findings, to_batch
from tunegate.placeholders import label_of
from tunegate.readers.chat import batch_of_records
from tunegate.redact import REDACTIONS, Redaction
from tunegate.redaction import RedactionSettings
from tunegate.rendering import Rendered, Wording, render
from tunegate.rules import Rule, parse_rule

LAW = settings(max_examples=25, deadline=None)
KEY = Key("k1-00000000", bytes(range(32)))
OTHER = Key("k2-11111111", bytes(32))


def rule(rule_id: str, placeholder: str, **params: str) -> Rule:
    text = (
        "summary: x\nwhy: x\nseverity: low\naction: redact\ncheck: pattern\nversion: 3\n"
        f"params: {json.dumps({'pattern': 'x', **params})}\nplaceholder: {placeholder}\n"
    )
    return parse_rule(text, rule_id)


MAIL = rule("pii/mail", "EMAIL")
CARD = rule("pii/card", "CARD", validator="payment-card")
NAME = rule("pii/name", "PERSON_NAME")
BORN = rule("pii/born", "DATE_OF_BIRTH")
PIN = rule("pii/pin", "PIN")
TOKEN = rule("secret/token", "TOKEN")
RULES = (MAIL, CARD, NAME, BORN, PIN, TOKEN)


def wording(key: Key | None = KEY, **asked: Any) -> Wording:
    settings = {"key": "a.key" if key else None, **asked}
    return Wording(RedactionSettings.model_validate(settings), RULES, key)


def spans(batch: Batch, **values: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """Return findings for each place of (value, kind, entity) of a rule."""
    lines = []
    for row, branch, turn, part, text in batch.turns.drop("role", "author").iter_rows():
        for name, wanted in values.items():
            for value, *more in wanted:
                kind, entity = (*more, None, None)[:2]
                for match in re.finditer(re.escape(value), text):
                    rule_id = next(r.id for r in RULES if r.id.endswith(f"/{name}"))
                    place = (rule_id, row, branch, turn, part, *match.span())
                    lines.append((*place, kind, entity))
    names = ("rule", "row", "branch", "turn", "part", "start", "end", "kind", "entity")
    schema = {name: FINDINGS[name] for name in names}
    return findings(pl.DataFrame(lines, schema=schema, orient="row"))


def rendered(batch: Batch, found: pl.DataFrame, how: Wording) -> Rendered:
    redaction = Redaction(batch, how.rules)
    redaction.add(found)
    return render(redaction, redaction.placed(), how)


def texts(done: Rendered) -> list[str]:
    return done.batch.turns["text"].to_list()


def said(*texts: str) -> Batch:
    return to_batch([[("user", text)] for text in texts])


STYLES = {
    "placeholder": "I am <EMAIL_1>.",
    "mask": "I am a***@x***.de.",
    "remove": "I am .",
}


@pytest.mark.parametrize(("style", "expected"), STYLES.items())
def test_a_style_writes_what_it_says(style: str, expected: str) -> None:
    batch = said("I am ann@x.de.")
    done = rendered(batch, spans(batch, mail=[("ann@x.de",)]), wording(style=style))
    assert texts(done) == [expected]
    line = done.ledger.row(0, named=True)
    assert (line["style"], line["version"], line["placeholder"]) == (style, 3, "<EMAIL_1>")
    assert expected[: line["new_start"]] == "I am "
    assert expected[line["new_end"] :] == "."


def test_the_most_exact_pattern_decides_on_the_style() -> None:
    batch = said("ann@x.de 1234 4111111111111111")
    found = spans(batch, mail=[("ann@x.de",)], pin=[("1234",)], card=[("4111111111111111",)])
    styles = {"pii/*": "remove", "pii/card": "mask"}
    assert texts(rendered(batch, found, wording(styles=styles))) == ["  ************1111"]


def test_a_hash_depends_on_key_label_and_value_and_on_nothing_else() -> None:
    batch = said("ann@x.de", "so ANN@X.DE", "bob@x.de")
    found = spans(batch, mail=[("ann@x.de",), ("ANN@X.DE",), ("bob@x.de",)])
    one, two, three = texts(rendered(batch, found, wording(style="hash")))
    assert re.fullmatch(r"<EMAIL_[0-9a-f]{32}>", one)
    assert two == f"so {one}"
    assert three != one
    assert texts(rendered(batch, found, wording(OTHER, style="hash")))[0] != one


def test_a_fingerprint_tells_its_key_and_whether_two_values_are_one() -> None:
    batch = said("ann@x.de", "ANN@X.DE", "bob@x.de", "ann@x.de again")
    found = spans(batch, mail=[("ann@x.de",), ("ANN@X.DE",), ("bob@x.de",)])
    made = rendered(batch, found, wording()).ledger.sort("row")["fingerprint"].to_list()
    assert all(re.fullmatch(r"k1-00000000:[0-9a-f]{32}", each) for each in made)
    assert made[0] == made[1] == made[3] != made[2]
    pins = spans(batch, pin=[("ann@x.de",)])
    assert rendered(batch, pins, wording()).ledger["fingerprint"][0] != made[0]
    without = rendered(batch, found, wording(None))
    assert without.ledger["fingerprint"].null_count() == 4


def test_no_value_stands_in_the_ledger() -> None:
    batch = said("ann@x.de 4111111111111111 1980-04-03 tok-1")
    found = spans(
        batch,
        mail=[("ann@x.de",)],
        card=[("4111111111111111",)],
        born=[("1980-04-03",)],
        token=[("tok-1",)],
    )
    for style in ("placeholder", "mask", "hash", "surrogate", "remove", "date-shift"):
        done = rendered(batch, found, wording(style=style))
        written = json.dumps(done.ledger.rows(), default=str)
        assert done.ledger.schema == pl.Schema(REDACTIONS)
        for value in ("ann", "4111", "1980", "tok-1", *done.drawn):
            assert value not in written


def test_dates_of_a_conversation_move_together_and_those_of_another_by_other_days() -> None:
    batch = to_batch([[("user", "1980-04-03"), ("user", "1980-04-13")], [("user", "1980-04-03")]])
    found = spans(batch, born=[("1980-04-03",), ("1980-04-13",)])
    done = rendered(batch, found, wording(style="date-shift"))
    one, two, other = pl.Series(texts(done)).str.to_date().to_list()
    assert (two - one).days == 10
    assert str(one) != "1980-04-03"
    assert other != one
    assert texts(rendered(batch, found, wording(OTHER, style="date-shift")))[0] != str(one)
    assert done.ledger["style"].unique().to_list() == ["date-shift"]


def test_what_a_style_cannot_do_keeps_its_placeholder_and_the_ledger_says_so() -> None:
    batch = said("born long ago, token tok-1")
    found = spans(batch, born=[("long ago",)], token=[("tok-1",)])
    for style in ("date-shift", "surrogate"):
        done = rendered(batch, found, wording(style=style))
        assert texts(done) == ["born <DATE_OF_BIRTH_1>, token <TOKEN_1>"]
        assert done.ledger["style"].unique().to_list() == ["placeholder"]


def test_a_birthday_gets_no_surrogate_from_a_public_seed() -> None:
    batch = said("1980-04-03")
    found = spans(batch, born=[("1980-04-03",)])
    assert texts(rendered(batch, found, wording(None, style="surrogate"))) == ["<DATE_OF_BIRTH_1>"]


def test_one_person_has_one_placeholder_and_agents_are_apart() -> None:
    batch = to_batch(
        [[("user", "I am John Smith. Yours, Smith"), ("assistant", "Mr Smith, I am Smith?")]]
    )
    found = pl.concat(
        [
            spans(batch, name=[("John Smith", "customer", 7), ("Mr Smith", "customer", 7)]),
            spans(batch, name=[("Yours, Smith", "customer", 7)]).with_columns(
                start=pl.col("start") + 7
            ),
            spans(batch, name=[("Smith?", "agent", 9)]).with_columns(end=pl.col("end") - 1),
        ]
    )
    assert texts(rendered(batch, found, wording())) == [
        "I am <CUSTOMER_NAME_1>. Yours, <CUSTOMER_NAME_1>",
        "<CUSTOMER_NAME_1>, I am <AGENT_NAME_1>?",
    ]
    # Across a dataset a person is known by the fullest name.
    tokens = wording(scope="dataset")
    first, second = texts(rendered(batch, found, tokens))
    again = said("John Smith")
    alone = spans(again, name=[("John Smith", "customer", 1)])
    token = texts(rendered(again, alone, tokens))[0]
    assert re.fullmatch(r"<CUSTOMER_NAME_[0-9a-f]{12}>", token)
    assert first == f"I am {token}. Yours, {token}"
    assert second.startswith(f"{token}, I am <AGENT_NAME_")


def test_two_people_of_one_name_are_two() -> None:
    batch = said("Ann and Ann")
    both = spans(batch, name=[("Ann", "customer", 1)]).with_columns(
        entity=pl.Series([1, 2], dtype=pl.Int64)
    )
    assert texts(rendered(batch, both, wording())) == ["<CUSTOMER_NAME_1> and <CUSTOMER_NAME_2>"]


@pytest.mark.parametrize(
    ("placeholder", "kind", "label"),
    [
        ("PERSON_NAME", "agent", "AGENT_NAME"),
        ("PERSON", "customer", "CUSTOMER_NAME"),
        ("NAME", "agent", "AGENT_NAME"),
        ("EMAIL", "agent", "AGENT_EMAIL"),
        ("PERSON_NAME", None, "PERSON_NAME"),
        ("PERSON_NAME", "written", "PERSON_NAME"),
    ],
)
def test_a_label_says_who_speaks(placeholder: str, kind: str | None, label: str) -> None:
    assert label_of(placeholder, kind) == label


def test_a_surrogate_of_a_person_follows_in_all_forms() -> None:
    batch = said("JOHN SMITH, john smith, Mr Smith")
    people = [("JOHN SMITH", None, 1), ("john smith", None, 1), ("Mr Smith", None, 1)]
    text = texts(rendered(batch, spans(batch, name=people), wording(style="surrogate")))[0]
    upper, lower, title = text.split(", ")
    assert upper.lower() == lower
    assert title == f"Mr {lower.split()[1].capitalize()}"
    assert "smith" not in text.lower()


@LAW
@given(
    st.permutations(range(4)),
    st.sampled_from([1, 2, 4]),
    st.sampled_from(["placeholder", "surrogate", "hash"]),
)
def test_across_a_dataset_neither_order_nor_batches_matter(
    order: list[int], size: int, style: str
) -> None:
    said_by = [
        "ann@x.de and bob@x.de",
        "bob@x.de",
        "cid@x.de, ann@x.de",
        "ann@x.de 4111 1111 1111 1111",
    ]
    how = wording(scope="dataset", style=style)
    values = {
        "mail": [("ann@x.de",), ("bob@x.de",), ("cid@x.de",)],
        "card": [("4111 1111 1111 1111",)],
    }

    def written(numbers: Sequence[int]) -> dict[int, str]:
        batch = said(*(said_by[n] for n in numbers))
        done = rendered(batch, spans(batch, **values), how)
        return dict(zip(numbers, texts(done), strict=True))

    whole = written(range(4))
    parts: dict[int, str] = {}
    for first in range(0, 4, size):
        parts |= written(order[first : first + size])
    assert parts == whole
    # Equal values are equal everywhere.
    mail = whole[1]
    assert whole[0].endswith(mail)


def test_a_token_that_the_text_already_has_is_given_to_nobody() -> None:
    how = wording(scope="dataset")
    batch = said("ann@x.de")
    token = texts(rendered(batch, spans(batch, mail=[("ann@x.de",)]), how))[0]
    again = said(f"{token} is ann@x.de, not <EMAIL_1>")
    text = texts(rendered(again, spans(again, mail=[("ann@x.de",)]), how))[0]
    new = text[len(token) + 4 :].partition(",")[0]
    assert re.fullmatch(r"<EMAIL_[0-9a-f]{12}>", new)
    assert new != token


def test_a_surrogate_is_no_value_of_the_dataset_however_few_are_left() -> None:
    values = {f"{n:02d}" for n in range(10, 100)} - {"57", "75"}
    how = wording(style="surrogate")
    batch = said("my pin: 12", "my pin: 57", "pins: 31, 13, 14")
    found = spans(batch, pin=[(value,) for value in ("12", "57", "31", "13", "14")])
    known = Wording(how.settings, how.rules, how.key, values.__contains__)
    done = rendered(batch, found, known)
    one, two, three = (re.sub(r"[^0-9,]", "", text.replace("<PIN_", "x")) for text in texts(done))
    assert one in ("57", "75", "1")
    assert two in ("75", "1")
    drawn = set(done.drawn)
    assert drawn <= {"57", "75"}
    assert drawn
    # Three values and two surrogates: who gets none has a placeholder.
    kept = done.ledger.filter(row=2)["style"].to_list()
    assert kept.count("surrogate") <= 2
    assert "placeholder" in kept
    assert len(set(three.split(","))) == 3


def test_surrogates_of_a_conversation_are_apart_and_new_to_it() -> None:
    numbers = [f"415-555-{n:04d}" for n in range(20)]
    phone = rule("pii/phone", "PHONE", validator="phone-number")
    batch = said("; ".join(numbers) + "; and 415-555-0101")
    lines = [
        (phone.id, 0, 0, "/content", m.start(), m.end())
        for m in re.finditer(r"415-555-00\d\d", batch.turns["text"][0])
    ]
    schema = {n: FINDINGS[n] for n in ("rule", "row", "turn", "part", "start", "end")}
    found = findings(pl.DataFrame(lines, schema=schema, orient="row"))
    how = Wording(RedactionSettings.model_validate({"style": "surrogate"}), (phone,))
    done = rendered(batch, found, how)
    assert len(done.drawn) == len(set(done.drawn)) == 20
    assert "415-555-0101" not in done.drawn


def test_a_public_seed_says_nothing_of_a_value() -> None:
    """With the seed anybody could compute the surrogate of every phone number there is."""
    how = wording(None, style="surrogate")
    written = {
        texts(rendered(batch, spans(batch, mail=[(value,)]), how))[0]
        for value in ("ann@x.de", "bob@x.de", "cid@x.de")
        for batch in [said(value)]
    }
    assert len(written) == 1


ARGUMENTS = [
    ('{"to": "ann@x.de", "n": 1}', "ann@x.de", "mail"),
    ('{"card": 4111111111111111}', "4111111111111111", "card"),
    (r'{"who": "Zo\u00eb \"Z\" O\nx"}', r"Zo\u00eb \"Z\" O", "name"),
    ('{"born": "1980-04-03"}', "1980-04-03", "born"),
    ("[12, 12.5, true]", "12.5", "pin"),
    ("{}", "{}", "pin"),
]


@pytest.mark.parametrize(
    "style", ["placeholder", "mask", "hash", "surrogate", "remove", "date-shift"]
)
@pytest.mark.parametrize(("text", "value", "name"), ARGUMENTS)
def test_the_arguments_of_a_call_stay_json_in_every_style(
    style: str, text: str, value: str, name: str
) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": text}}
    batch = batch_of_records([{"messages": [{"role": "assistant", "tool_calls": [call]}]}])
    batch = batch.with_turns(batch.turns.with_columns(text=pl.lit(text)))
    done = rendered(batch, spans(batch, **{name: [(value,)]}), wording(style=style))
    if json.loads(text):
        assert json.loads(texts(done)[0]) != json.loads(text)
    if text != "{}":
        assert value not in texts(done)[0]


def test_a_number_in_arguments_stays_one_where_its_surrogate_is_one() -> None:
    text = '{"card": 4111111111111111}'
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": text}}
    batch = batch_of_records([{"messages": [{"role": "assistant", "tool_calls": [call]}]}])
    done = rendered(batch, spans(batch, card=[("4111111111111111",)]), wording(style="surrogate"))
    written = json.loads(texts(done)[0])["card"]
    assert isinstance(written, int)
    assert str(written) == done.drawn[0]


# Rounds


def test_positions_are_those_of_the_source_and_of_the_written_text_over_all_rounds() -> None:
    source = "x ann@x.de, pin 1234, bob@x.de"
    batch = said(source)
    for style in ("placeholder", "surrogate", "hash", "remove"):
        how = wording(style=style)
        redaction = Redaction(batch, how.rules)
        assert redaction.add(spans(batch, mail=[("ann@x.de",), ("bob@x.de",)])) == [0]
        second = redaction.placed()
        assert second.turns["text"][0] == "x <EMAIL_1>, pin 1234, <EMAIL_2>"
        assert redaction.add(spans(second, pin=[("1234",)]), 2) == [0]
        done = render(redaction, redaction.placed(), how)
        back, last = "", 0
        text = texts(done)[0]
        for line in done.ledger.sort("start").iter_rows(named=True):
            back += text[last : line["new_start"]] + source[line["start"] : line["end"]]
            last = line["new_end"]
        assert back + text[last:] == source
        assert done.ledger.sort("start")["round"].to_list() == [1, 2, 1]


def test_a_later_round_takes_a_placeholder_along_whole_and_repeats_no_number() -> None:
    batch = said("12 Ann Street, ann@x.de, again ann@x.de")
    how = wording()
    redaction = Redaction(batch, how.rules)
    redaction.add(spans(batch, name=[("Ann",)], mail=[("ann@x.de",)]))
    assert redaction.placed().turns["text"][0].startswith("12 <PERSON_NAME_1> Street, <EMAIL_1>")
    # It begins within a placeholder and ends behind it.
    text = redaction.placed().turns["text"][0]
    assert redaction.add(spans(redaction.placed(), pin=[(text[:10],)]), 2) == [0]
    assert redaction.placed().turns["text"][0] == "<PIN_1> Street, <EMAIL_1>, again <EMAIL_1>"
    # What lies in placeholders, and between them without a word, is nothing to redact.
    for inside in ("EMAIL", "<PIN_1>", "1>"):
        assert redaction.add(spans(redaction.placed(), pin=[(inside,)]), 3) == []
    done = render(redaction, redaction.placed(), how)
    assert done.ledger.select("start", "end", "placeholder").sort("start").row(0) == (
        0,
        6,
        "<PIN_1>",
    )


def test_a_value_that_a_later_round_finds_has_the_number_that_it_had() -> None:
    batch = said("ann@x.de and ann@x.de and bob@x.de")
    redaction = Redaction(batch, RULES)
    first = spans(batch, mail=[("ann@x.de",)]).head(1)
    redaction.add(first)
    redaction.add(spans(redaction.placed(), mail=[("ann@x.de",), ("bob@x.de",)]), 2)
    assert redaction.placed().turns["text"][0] == "<EMAIL_1> and <EMAIL_1> and <EMAIL_2>"


@LAW
@given(
    st.text("ab1 <>_é", max_size=30),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9), st.integers(1, 3)), max_size=8),
)
def test_whatever_rounds_find_the_ledger_leads_back(
    source: str, drawn: list[tuple[int, int, int]]
) -> None:
    batch = said(source)
    redaction = Redaction(batch, RULES)
    for number in (1, 2, 3):
        text = redaction.placed().turns["text"][0]
        lines = [
            (MAIL.id, 0, 0, "/content", min(a, len(text)), min(a + b, len(text)))
            for a, b, n in drawn
            if n == number
        ]
        schema = {n: FINDINGS[n] for n in ("rule", "row", "turn", "part", "start", "end")}
        redaction.add(findings(pl.DataFrame(lines, schema=schema, orient="row")), number)
    done = render(redaction, redaction.placed(), wording())
    text, back, last, end = texts(done)[0], "", 0, 0
    for line in done.ledger.sort("start").iter_rows(named=True):
        assert line["start"] >= end
        assert text[line["new_start"] : line["new_end"]] == line["placeholder"]
        back += text[last : line["new_start"]] + source[line["start"] : line["end"]]
        last, end = line["new_end"], line["end"]
    assert back + text[last:] == source
