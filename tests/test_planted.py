"""The sample exports against `answers.json`: all that was planted is found, and nothing else."""

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tunegate import audit
from tunegate.pipeline.result import Audit

SAMPLES = Path(__file__).parents[1] / "sample_data"
FILES = ("zendesk_tickets.json", "messages.csv", "chat.jsonl")
POLICY = SAMPLES / "tunegate.yaml"
EXACT = ("pii", "secret")  # families of which nothing unplanted may be found
# Rules that read the words around find nearly all of what is planted, and little else: the least
# shares of the planted values found, and of the findings that meet one, as measured: names .999
# and .979 in the chats, .9999 and .980 in the tickets; orders 1 and 1, .998 and 1.
SHARES = {"pii/person-name": (0.995, 0.97), "pii/order-number": (0.99, 0.995)}
# Of all others: how many of the planted may be missed, and how many found besides; measured on the
# tickets: none of 312, and 2: a plate and an id, after a message that speaks of one.
MOST_MISSED, MOST_BESIDE = 0, 2
MOST_OTHER_COPIES = 6

Found = set[tuple[str, str, int | None, int | None, int | None, str | None]]


@cache
def answers() -> dict[str, Any]:
    held: dict[str, Any] = json.loads((SAMPLES / "answers.json").read_text(encoding="utf-8"))
    return held


@cache
def run(name: str) -> Audit:
    return audit(SAMPLES / name, policy=POLICY)


def named(name: str) -> pl.DataFrame:
    """Return the findings before anything was written, with the names that the answers use.

    name, other: of the conversation and of the one that it repeats.
    """
    done = run(name)
    line = pl.format("line:{}", pl.col("line") - 1)
    names = done.decisions.select("row", name=line if name == "chat.jsonl" else "id")
    others = names.select(related="row", other="name")
    found = done.findings.filter(pl.col("on") != "written")
    return found.join(names, on="row").join(others, on="related", how="left")


def planted(name: str) -> Found:
    return {
        (ticket, rule, *(span.get(key) for key in ("turn", "start", "end", "part")))
        for ticket, rules in answers()[name].items()
        for rule, spans in rules.items()
        for span in spans
    }


def found_spans(name: str) -> Found:
    """Return the spans in the input as it came that no allow-list explains."""
    spans = named(name).filter(
        pl.col("on") == "source",
        pl.col("start").is_not_null(),
        pl.col("explained").is_null(),
        pl.col("rule").str.split("/").list.first().is_in(EXACT),
    )
    return set(spans.select("name", "rule", "turn", "start", "end", "part").iter_rows())


def planted_spans(name: str) -> Found:
    return {span for span in planted(name) if span[1].split("/")[0] in EXACT}


@pytest.mark.parametrize("name", FILES)
def test_nearly_every_planted_span_is_found_exactly_and_hardly_another(name: str) -> None:
    found, expected = (
        {span for span in spans if span[1] not in SHARES}
        for spans in (found_spans(name), planted_spans(name))
    )
    assert len(expected) > 20
    assert len(expected - found) <= MOST_MISSED
    assert len(found - expected) <= MOST_BESIDE


def meeting(spans: Found, others: Found, rule: str) -> float:
    """Return the share of the spans of a rule that share a letter with one of the others."""
    held = defaultdict(list)
    for place, of, turn, start, end, part in others:
        if of == rule:
            held[place, turn, part].append((start or 0, end or 0))
    own = [span for span in spans if span[1] == rule]
    met = [
        any(start < (span[4] or 0) and (span[3] or 0) < end for start, end in held[place])
        for span in own
        for place in [(span[0], span[2], span[5])]
    ]
    return sum(met) / len(met)


@pytest.mark.parametrize("rule", SHARES)
@pytest.mark.parametrize("name", FILES)
def test_nearly_every_name_and_order_is_found_and_little_else(name: str, rule: str) -> None:
    recall, precision = SHARES[rule]
    found, expected = found_spans(name), planted_spans(name)
    assert meeting(expected, found, rule) >= recall
    assert meeting(found, expected, rule) >= precision


@pytest.mark.parametrize("name", FILES)
def test_every_planted_fault_is_found_and_no_other(name: str) -> None:
    # The spans of personal data and secrets are compared one by one above.
    expected = {
        (ticket, rule)
        for ticket, rules in answers()[name].items()
        for rule in rules
        if rule.split("/")[0] not in EXACT
    }
    others = named(name).filter(~pl.col("rule").str.split("/").list.first().is_in(EXACT))
    # Of two chat lines without a time the key decides which one repeats the other.
    found = {
        (other if (one, rule) not in expected and other else one, rule)
        for one, other, rule in others.select("name", "other", "rule").iter_rows()
    }
    # Copies are judged without names and numbers, so that a near copy may have become an exact one
    # of another ticket; how many there are is what was planted.
    copies = {fault for fault in found if fault[1].startswith("duplicate/")}
    told = {fault for fault in expected if fault[1].startswith("duplicate/")}
    assert found - copies == expected - told
    assert abs(len(copies) - len(told)) <= MOST_OTHER_COPIES


def test_no_hard_negative_fires() -> None:
    hard = answers()["hard_negatives"]
    looks = {
        (ticket, "", place["turn"], place["start"], place["end"], place["part"])
        for ticket, held in hard.items()
        for place in held["places"]
    }
    found = {(span[0], "", *span[2:]) for span in found_spans("zendesk_tickets.json")}
    assert len(hard) >= 60
    assert meeting(looks, found, "") == 0


@pytest.mark.parametrize("name", FILES)
def test_the_samples_pass_and_nothing_is_left_in_the_files(name: str) -> None:
    done = run(name)
    assert done.verdict == "passed"
    assert {part["rule"]: part["findings"] for part in done.record["residual"]} == {
        rule["id"]: 0
        for rule in done.record["rules"]
        if rule["on"] == "written" or rule["id"].split("/")[0] in (*EXACT, "format")
    }
    assert done.record["split"]["shared_groups"] == 0
    assert done.record["split"]["cross_split_duplicates"] == 0


def test_the_export_and_its_scattered_rows_become_the_same_conversations() -> None:
    whole, scattered = run("zendesk_tickets.json"), run("messages.csv")
    both = whole.decisions.join(scattered.decisions, on="id", suffix="_csv")
    assert both.height == whole.decisions.height
    differing = both.filter(pl.col("turns") != pl.col("turns_csv"))
    lost = {
        t
        for t, rules in answers()["zendesk_tickets.json"].items()
        if "quality/lost-message" in rules
    }
    assert set(differing["id"]) <= lost


def test_no_internal_note_reaches_any_artefact() -> None:
    done = run("zendesk_tickets.json")
    notes = [
        comment["body"]
        for ticket in json.loads((SAMPLES / "zendesk_tickets.json").read_text())["tickets"]
        for comment in ticket["comments"]
        if not comment["public"]
    ]
    held = b"".join(path.read_bytes() for path in done.folder.iterdir())
    assert len(notes) > 300
    assert [note for note in set(notes) if json.dumps(note)[1:-1].encode() in held] == []
