"""The sample files hold what `answers.json` says, and nothing that only looks like it."""

import csv
import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

REPO = Path(__file__).parents[1]
SAMPLES = REPO / "sample_data"
ZENDESK, TABLE, CHAT = "zendesk_tickets.json", "messages.csv", "chat.jsonl"
MEGABYTE = 1_000_000
LIMITS = {ZENDESK: 4 * MEGABYTE, TABLE: 3 * MEGABYTE, CHAT: MEGABYTE}
ROLES = {"end-user": "user", "agent": "assistant"}

# What a planted value looks like; written so that no line of this file looks like one.
SHAPES = {
    "pii/email-address": r"[\w.+-]+@example\.(com|org|net)",
    "pii/phone-number": r"[+(]?\d[\d ().-]{8,18}\d",
    "pii/payment-card": r"\d{4}([ -]?\d{4}){3}|\d{4} ?\d{6} ?\d{5}",
    "pii/iban": r"[A-Z]{2}\d{2}( ?[0-9A-Z]{1,4})+",
    "pii/ipv4-address": r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}",
    "pii/ipv6-address": r"2001:0?(db8|DB8):[0-9a-fA-F:]+",
    "pii/us-ssn": r"\d{3}-\d{2}-\d{4}",
    "secret/url-credentials": r"[a-z]+:[A-Za-z0-9]{14}",
    "secret/aws-access-key": r"AKIA[A-Z2-7]{16}",
    "secret/github-token": r"gh[pos]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
    "secret/gitlab-token": r"glpat-[A-Za-z0-9]{20}",
    "secret/slack-token": r"xoxb-\d{12}-\d{13}-[A-Za-z0-9]{24}",
    "secret/stripe-key": r"[rs]k_(live|test)_[A-Za-z0-9]{24}",
    "secret/openai-key": r"sk-(proj-)?[A-Za-z0-9]{48,156}",
    "secret/anthropic-key": r"sk-ant-api03-[\w-]{93}AA",
    "secret/google-api-key": r"AIza[A-Za-z0-9]{35}",
    "secret/sendgrid-key": r"SG\.[A-Za-z0-9]{22}\.[A-Za-z0-9]{43}",
    "secret/npm-token": r"npm_[A-Za-z0-9]{36}",
    "secret/huggingface-token": r"hf_[A-Za-z]{34}",
    "secret/json-web-token": r"eyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{43}",
    "secret/private-key": r"-{5}BEGIN ([A-Z]+ )?PRIVATE KEY-{5}[\s\S]+-{5}END [A-Z ]+-{5}",
    "format/special-token": r"<\|[a-z_]+\|>",
}
# Planted a few times each, not in every language or file.
FURTHER = {
    "pii/person-name": r"[^\W\d_]+( [^\W\d_]+)?",
    "pii/order-number": r"([A-Z]{2}|[a-z]{2})-\d{5}",
    "pii/tracking-number": r"1Z[0-9A-Z]{16}|00340434\d{13}",
    "pii/ticket-number": r"\d{5}-\d{2}",
    "pii/uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "pii/mac-address": r"[0-9A-F]{2}(:[0-9A-F]{2}){5}",
    "pii/age": r"[6-8]\d",
    "pii/card-security-code": r"[1-9]{3}",
    "pii/imei": r"35\d{13}",
    "secret/digitalocean-token": r"dop_v1_[0-9a-f]{64}",
    "secret/shopify-token": r"shpat_[0-9a-f]{32}",
    "secret/linear-key": r"lin_api_[A-Za-z0-9]{40}",
    "secret/postman-key": r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}",
    "secret/groq-key": r"gsk_[A-Za-z0-9]{52}",
}
IN_WORDS = {"pii/payment-card", "pii/phone-number"}  # also in full-width digits or spelled out
LIVE_SECRETS = {
    **{rule: shape for rule, shape in {**SHAPES, **FURTHER}.items() if rule.startswith("secret/")},
    "secret/url-credentials": r"[a-z]://[a-z]+:[A-Za-z0-9]{8,}@",
    "secret/private-key": r"-{5}BEGIN [A-Z ]*PRIVATE KEY-{5}",
    "secret/slack-token": r"xox[a-z]-[0-9A-Za-z-]{10}",
}
FORMAT_RULES = """
developer-role duplicate-call-id malformed-content malformed-message malformed-tool-call
malformed-tools malformed-weight missing-messages null-key special-token unanswered-tool-call
unknown-key unknown-role
""".split()  # noqa: SIM905 - a list would be half a page long

Turns = list[tuple[str, str]]


@cache
def answers() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / "answers.json").read_text(encoding="utf-8"))
    return found


@cache
def export() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / ZENDESK).read_text(encoding="utf-8"))
    return found


@cache
def tickets() -> dict[str, dict[str, Any]]:
    return {str(ticket["id"]): ticket for ticket in export()["tickets"]}


@cache
def users() -> dict[int, str]:
    return {user["id"]: ROLES[user["role"]] for user in export()["users"]}


@cache
def rows() -> dict[str, list[dict[str, str]]]:
    found = defaultdict(list)
    with (SAMPLES / TABLE).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["ticket_id"]].append(row)
    return found


@cache
def chat_lines() -> list[str]:
    return (SAMPLES / CHAT).read_text(encoding="utf-8").splitlines()


def joined(messages: list[tuple[str, str]]) -> Turns:
    turns: Turns = []
    for role, text in messages:
        if turns and turns[-1][0] == role:
            turns[-1] = (role, f"{turns[-1][1]}\n\n{text}")
        else:
            turns.append((role, text))
    return turns


@cache
def ticket_turns(ticket_id: str) -> Turns:
    comments = sorted(tickets()[ticket_id]["comments"], key=lambda comment: comment["created_at"])
    return joined(
        [
            (users()[comment["author_id"]], comment["body"])
            for comment in comments
            if comment["public"] and comment["body"] and comment["author_id"] in users()
        ]
    )


@cache
def table_turns(ticket_id: str) -> Turns:
    said = sorted(rows()[ticket_id], key=lambda row: row["created_at"])
    role = {"customer": "user", "agent": "assistant"}
    return joined(
        [
            (role[row["role"]], row["body"])
            for row in said
            if row["visibility"] == "public" and row["body"]
        ]
    )


def place_in_chat(line: int, turn: int | None, part: str) -> str:
    found: Any = json.loads(chat_lines()[line])
    if turn is not None:
        found = found["messages"][turn]
    for step in part.split("/")[1:]:
        found = found[int(step)] if isinstance(found, list) else found[step]
    assert isinstance(found, str)
    return found


def place_in(file: str, key: str, turn: int | None, part: str) -> str:
    if file == CHAT:
        return place_in_chat(int(key.removeprefix("line:")), turn, part)
    if turn is None:
        assert (file, part) == (ZENDESK, "/subject")
        return str(tickets()[key]["subject"])
    assert part == "/content"
    turns: Turns = ticket_turns(key) if file == ZENDESK else table_turns(key)
    return turns[turn][1]


def with_rule(file: str, rule: str) -> list[str]:
    return [key for key, found in answers()[file].items() if rule in found]


def language(ticket_id: str) -> str:
    tags: list[str] = tickets()[ticket_id]["tags"]
    return next(tag for tag in tags if tag.startswith("lang_"))


def runs(texts: Iterable[str]) -> Iterator[str]:
    words = re.findall(r"\w+", " ".join(texts).lower())
    yield from (" ".join(words[at : at + 3]) for at in range(len(words) - 2))


@cache
def shingles(ticket_id: str) -> frozenset[str]:
    return frozenset(runs(text for _, text in ticket_turns(ticket_id)))


def likeness(one: str, other: str) -> float:
    left, right = shingles(one), shingles(other)
    return len(left & right) / len(left | right)


def test_making_the_samples_again_gives_the_same_bytes(tmp_path: Path) -> None:
    script = SAMPLES / "make.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, stdout=subprocess.PIPE)
    # `test_every_reader.py` compares those below `exports/`.
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert sorted(made) == ["README.md", "answers.json", CHAT, TABLE, ZENDESK]
    changed = [name for name, content in made.items() if content != (SAMPLES / name).read_bytes()]
    assert changed == []


@pytest.mark.parametrize("name", LIMITS)
def test_a_file_stays_small(name: str) -> None:
    assert (SAMPLES / name).stat().st_size <= LIMITS[name]


def test_a_ticket_has_a_line_of_its_own() -> None:
    lines = (SAMPLES / ZENDESK).read_text(encoding="utf-8").splitlines()
    own = [line for line in lines if line.startswith('{"id":') and '"comments":' in line]
    assert len(own) == export()["count"] == len(tickets()) == 2000


def test_many_customers_write_more_than_once() -> None:
    written = Counter(ticket["requester_id"] for ticket in tickets().values())
    assert len(written) > 500
    assert sum(number > 1 for number in written.values()) > 300


@pytest.mark.parametrize("rule", [rule for rule in SHAPES if not rule.startswith("format/")])
def test_a_value_is_planted_in_several_languages_and_by_both_speakers(rule: str) -> None:
    held = with_rule(ZENDESK, rule)
    places = [(key, place) for key in held for place in answers()[ZENDESK][key][rule]]
    assert len({language(key) for key in held}) >= 3
    spoken = {ticket_turns(key)[p["turn"]][0] for key, p in places if p["turn"] is not None}
    assert spoken == {"user", "assistant"}
    assert with_rule(CHAT, rule)


@pytest.mark.parametrize("file", [ZENDESK, TABLE, CHAT])
def test_a_place_holds_what_its_rule_looks_for(file: str) -> None:
    checked = 0
    for key, found in answers()[file].items():
        for rule, places in found.items():
            spanned = rule in SHAPES or rule.startswith(("pii/", "secret/"))
            assert bool(places) == spanned, (key, rule)
            for place in places:
                text = place_in(file, key, place["turn"], place["part"])
                value = text[place["start"] : place["end"]]
                shape = SHAPES.get(rule) or FURTHER.get(rule, r"\S[\s\S]+\S")
                written = unicodedata.normalize("NFKC", value)
                spelled = rule in IN_WORDS and re.fullmatch(r"[a-z, ]+", value)
                assert re.fullmatch(shape, written) or spelled, (key, rule)
                checked += 1
    assert checked >= 30


def test_a_message_with_a_planted_value_reads_the_same_as_html() -> None:
    checked = 0
    for key, found in answers()[ZENDESK].items():
        turns = {
            place["turn"]
            for rule, places in found.items()
            for place in places
            if rule not in ("pii/person-name", "pii/order-number")
        } - {None}
        texts = {ticket_turns(key)[turn][1] for turn in turns}
        for comment in tickets()[key]["comments"]:
            if comment["body"] in texts and "html_body" in comment:
                html = comment["html_body"].removeprefix("<p>").removesuffix("</p>")
                assert unescape(html) == comment["body"]
                checked += 1
    assert checked >= 5


def test_exact_copies_say_the_same_later() -> None:
    said = defaultdict(list)
    for key in tickets():
        words = [" ".join(text.lower().split()) for _, text in ticket_turns(key)]
        said["\n".join(words)].append((tickets()[key]["created_at"], key))
    later = {key for group in said.values() for _, key in sorted(group)[1:]}
    assert later == set(with_rule(ZENDESK, "duplicate/exact-copy"))
    assert len(later) >= 8


def test_near_copies_are_nearly_the_same_as_an_earlier_ticket() -> None:
    copies = with_rule(ZENDESK, "duplicate/near-duplicate")
    assert len(copies) >= 8
    for copy in copies:
        original = answers()["copies"][ZENDESK][copy]
        assert tickets()[original]["created_at"] < tickets()[copy]["created_at"]
        assert 0.8 <= likeness(copy, original) < 1


def test_every_copy_names_what_it_repeats() -> None:
    copies = answers()["copies"][ZENDESK]
    listed = [*with_rule(ZENDESK, "duplicate/exact-copy")]
    listed += with_rule(ZENDESK, "duplicate/near-duplicate")
    assert sorted(copies) == sorted(listed)
    assert not set(copies.values()) & set(copies)


def test_other_tickets_are_not_alike() -> None:
    copies = {*with_rule(ZENDESK, "duplicate/exact-copy")}
    copies |= {*with_rule(ZENDESK, "duplicate/near-duplicate")}
    chosen = [key for key in tickets() if key not in copies][::5]
    assert max(likeness(one, other) for one, other in combinations(chosen, 2)) < 0.6


def test_lookalikes_are_planted_in_several_languages() -> None:
    kinds = answers()["hard_negatives"]
    assert len(kinds) >= 60
    spoken = defaultdict(set)
    for key, held in kinds.items():
        planted = {r for r in answers()[ZENDESK].get(key, {}) if r[:4] in ("pii/", "secr")}
        assert planted <= {"pii/person-name", "pii/order-number"}
        spoken[held["kind"]].add(language(key))
    assert min(len(languages) for languages in spoken.values()) >= 4


def test_only_internal_notes_hold_their_marker() -> None:
    marker = answers()["internal_notes"]["marker"]
    comments = [comment for ticket in tickets().values() for comment in ticket["comments"]]
    assert sum(not comment["public"] for comment in comments) > 100
    for comment in comments:
        assert (marker in comment["body"]) is (comment["public"] is False)
    assert marker not in "".join(chat_lines())


def test_every_unanswered_or_unfinished_ticket_is_listed() -> None:
    unanswered, unfinished = set(), set()
    for key in tickets():
        roles = [role for role, _ in ticket_turns(key)]
        if "assistant" not in roles:
            unanswered.add(key)
        elif roles[-1] == "user":
            unfinished.add(key)
    for file in (ZENDESK, TABLE):
        assert set(with_rule(file, "quality/untrainable")) == unanswered
        assert set(with_rule(file, "quality/trailing-turn")) == unfinished
    assert len(unanswered) >= 20
    assert len(unfinished) >= 500


def test_comments_of_strangers_are_few_and_listed() -> None:
    authors = [(key, c["author_id"]) for key, t in tickets().items() for c in t["comments"]]
    lost = [key for key, author in authors if author not in users()]
    assert set(lost) == set(with_rule(ZENDESK, "quality/lost-message"))
    assert 0 < len(lost) <= 0.005 * len(authors)


def test_the_table_holds_the_same_conversations() -> None:
    secret = {r for found in answers()[ZENDESK].values() for r in found if r[:7] == "secret/"}
    marked = {key for rule in secret for key in with_rule(ZENDESK, rule)}
    assert set(rows()) == set(tickets())
    for key in tickets():
        table, desk = table_turns(key), ticket_turns(key)
        assert [role for role, _ in table] == [role for role, _ in desk]
        assert (table == desk) is (key not in marked)
    order = [int(row["message_id"]) for found in rows().values() for row in found]
    assert order != sorted(order)


def test_the_table_has_the_answers_that_apply_to_it() -> None:
    for key, found in answers()[ZENDESK].items():
        expected = {
            rule: kept
            for rule, places in found.items()
            if not rule.startswith("secret/") and rule != "quality/lost-message"
            for kept in [[place for place in places if place["part"] != "/subject"]]
            if kept or not places
        }
        assert answers()[TABLE].get(key, {}) == expected


def test_each_format_rule_has_a_line() -> None:
    planted = {rule for found in answers()[CHAT].values() for rule in found}
    assert {f"format/{rule}" for rule in FORMAT_RULES} <= planted


def test_only_the_lines_listed_as_unreadable_are_no_records() -> None:
    broken = []
    for at, line in enumerate(chat_lines()):
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        if not isinstance(record, dict):
            broken.append(f"line:{at}")
    assert broken == answers()["unreadable"][CHAT]
    assert 0 < len(broken) <= 0.01 * len(chat_lines())


def test_the_overrun_is_longer_than_any_vocabulary_can_make_it() -> None:
    (key,) = with_rule(CHAT, "length/token-overrun")
    record = json.loads(chat_lines()[int(key.removeprefix("line:"))])
    text = " ".join(message["content"] for message in record["messages"])
    # No vocabulary joins a word to the sign behind it.
    assert len(re.findall(r"\w+|[^\w\s]+", text)) > 65_536


def test_chat_copies_stand_behind_what_they_repeat() -> None:
    def words(key: str) -> frozenset[str]:
        record = json.loads(chat_lines()[int(key.removeprefix("line:"))])
        return frozenset(
            runs(
                message["content"] for message in record["messages"] if message["role"] != "system"
            )
        )

    copies = answers()["copies"][CHAT]
    for copy, original in copies.items():
        assert int(copy.removeprefix("line:")) > int(original.removeprefix("line:"))
        alike = len(words(copy) & words(original)) / len(words(copy) | words(original))
        (rule,) = (rule for rule in answers()[CHAT][copy] if rule.startswith("duplicate/"))
        assert alike == 1 if rule == "duplicate/exact-copy" else 0.8 <= alike < 1
    exact, near = (
        with_rule(CHAT, f"duplicate/{kind}") for kind in ("exact-copy", "near-duplicate")
    )
    assert sorted([*exact, *near]) == sorted(copies)


@pytest.mark.parametrize("rule", LIVE_SECRETS)
def test_no_file_has_a_literal_that_looks_like_a_live_secret(rule: str) -> None:
    files = [path for path in SAMPLES.rglob("*") if path.suffix in (".json", ".jsonl", ".csv")]
    files += [*SAMPLES.rglob("*.py"), *SAMPLES.rglob("*.toml"), *SAMPLES.rglob("*.md")]
    assert len(files) > 20
    shape = re.compile(LIVE_SECRETS[rule])
    for path in [*files, Path(__file__)]:
        assert not shape.search(path.read_text(encoding="utf-8")), path.name
