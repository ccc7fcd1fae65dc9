import re
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from made_run import HOSTILE, RULES, WHY, made_run
from tunegate.errors import RunError
from tunegate.report import Summary, render, summarise
from tunegate.report.frames import SHOWN
from tunegate.report.summary import InputFile
from tunegate.report.words import base_name, marked, visible

FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
VERDICTS = {
    "passed": "Passed",
    "closed": "Closed",
    "incomplete": "Incomplete",
    "nothing": "Nothing audited",
}
EMPTY = {"br", "hr", "link", "meta", "rect", "line", "path", "circle", "use", "wbr"}
HOLDS_NO_CELLS = {"a", "code", "bdi", "small", "strong", "span", "svg", "b"}


class Page(HTMLParser):
    """What a test asks about a page: its elements, its ids, its links and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY:
            return
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, attribute: str) -> list[str]:
        return [found[attribute] or "" for _, found in self.elements if attribute in found]


def hostile(run: dict[str, Any]) -> None:
    for rule, text in zip(run["rules"], HOSTILE, strict=False):
        rule.update(summary=text, why=text, digest=text)
    for place_, (name, text) in enumerate(zip(("reader", "tunegate"), HOSTILE, strict=False)):
        run[name] = text + str(place_)
    run["policy"]["name"] = run["target"]["as_of"] = HOSTILE[3]
    run["ignored"] = run["truncated"] = list(HOSTILE)
    run["counts"]["excluded_by"] = {HOSTILE[1]: 25}
    run["failures"] = [{"rule": text, "first_row": 0, "error": text} for text in HOSTILE]
    run["environment"].update(machine=HOSTILE[2], python=HOSTILE[6], command=HOSTILE[5])
    for reason in run["judgements"][0]["reasons"]:
        reason.update(what=HOSTILE[1], rule=HOSTILE[0], hint=HOSTILE[3])


KINDS: dict[str, dict[str, Any]] = {
    "passed": {},
    "closed": {"verdict": "closed", "again": 3, "hits": 5000},
    "incomplete": {"verdict": "incomplete", "hits": 0},
    "nothing": {"verdict": "nothing", "conversations": 0, "faults": 0},
    "one conversation": {"conversations": 1, "hits": 0},
    "no findings": {"conversations": 4, "hits": 0, "faults": 0},
    "not judged": {"change": lambda run: run.update(judgements=[])},
    "no split": {"change": lambda run: run.update(split=None)},
    "hostile": {
        "verdict": "closed",
        "names": (HOSTILE[0] + HOSTILE[4] + HOSTILE[6], HOSTILE[8]),
        "change": hostile,
    },
}


@pytest.fixture(params=list(KINDS), scope="module")
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return summarise(made_run(tmp_path_factory.mktemp("run"), **KINDS[request.param]))


@pytest.mark.parametrize("conversations", [0, 1, 5, 21, 240])
def test_the_numbers_of_a_sound_run_agree_without_source_or_texts(
    tmp_path: Path, conversations: int
) -> None:
    run = made_run(tmp_path, conversations=conversations, again=2)
    assert {path.suffix for path in run.iterdir()} == {".json", ".parquet"}
    summary = summarise(run)
    assert summary.sound, [check for check in summary.agreements if not check.agrees]
    assert summary.conversations.total.count == conversations


DISAGREEMENTS: dict[str, tuple[Any, ...]] = {
    "records": ("counts", "records", "used"),
    "conversations": ("counts", "conversations", "dropped"),
    "excluded": ("counts", "excluded_by", "internal note"),
    "unreadable": ("counts", "records", "unreadable"),
    "written": ("counts", "after", "conversations"),
    "a split": ("counts", "splits", "train", "conversations"),
    "first cause": ("removed_by", 0, "first"),
    "findings": ("rules", 0, "findings"),
    "residual": ("residual", 0, "findings"),
    "lines": ("outputs", "train.jsonl", "lines"),
}


@pytest.mark.parametrize("path", DISAGREEMENTS.values(), ids=list(DISAGREEMENTS))
def test_a_number_that_is_off_by_one_is_shown(tmp_path: Path, path: tuple[Any, ...]) -> None:
    def wrong(run: dict[str, Any]) -> None:
        *steps, last = path
        for step in steps:
            run = run[step]
        run[last] += 1

    summary = summarise(made_run(tmp_path, change=wrong))
    assert not summary.sound
    page = Page(render(summary)).text
    assert "The numbers of this run disagree" in page
    assert "disagrees" in page or "does not balance" in page


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_verdict_stands_first_in_words(tmp_path: Path, verdict: str) -> None:
    summary = summarise(made_run(tmp_path, verdict=verdict, conversations=20))
    page = render(summary)
    head = page[page.index("<h1") : page.index("</h1>")]
    assert VERDICTS[verdict] in Page(head).text
    assert page.count("<h1") == 1
    assert f"<title>{VERDICTS[verdict]}: " in page


def test_locations_are_capped_and_say_so_and_residuals_come_first(tmp_path: Path) -> None:
    summary = summarise(made_run(tmp_path, conversations=400, hits=5000, again=3))
    found = next(part for part in summary.found if part.rule.id == "pii/email-address")
    assert (found.total, found.written) == (2503, 3)
    assert [place.on for place in found.locations] == ["written"] * 3 + ["source"] * (SHOWN - 3)
    for counts in (found.by_role, found.by_part, found.by_file):
        assert sum(part.count for part in counts) == found.total
    assert "/tool_calls/*/function/arguments" in {part.name for part in found.by_part}
    assert "showing 20 of 2,503; all are in findings.parquet" in render(summary)


def test_a_location_names_file_line_conversation_and_twin(tmp_path: Path) -> None:
    summary = summarise(made_run(tmp_path, conversations=40))
    copy = next(part for part in summary.found if part.rule.id == "duplicate/exact-copy")
    first = copy.locations[0]
    assert (first.file, first.line, first.id) == ("zendesk_tickets.json", 1, "ZD-40000")
    assert first.like == "zendesk_tickets.json:3"
    lines = Page(render(summary)).text
    assert "older-tickets.csv , byte 700" in lines
    assert "withheld" in {place.id for part in summary.found for place in part.locations}


def test_every_rule_is_listed_failed_ones_first_and_without_a_guess(tmp_path: Path) -> None:
    def fail(run: dict[str, Any]) -> None:
        run["rules"][6]["status"] = "failed"

    summary = summarise(made_run(tmp_path, hits=40, change=fail))
    ids = [line.run.id for line in summary.rules]
    assert sorted(ids) == sorted(rule for rule, *_ in RULES)
    assert ids[0] == "secret/github-token"
    table = render(summary).partition('id="rules-table"')[2].partition("</table>")[0]
    rows = {rule: Page(row).text for rule, row in zip(ids, table.split("<tr")[2:], strict=True)}
    assert "not known" in rows["secret/github-token"]
    assert "failed" in rows["secret/github-token"]
    assert "none found" not in rows["secret/github-token"]
    assert "none found" in rows["pii/iban"]


def test_the_page_is_well_formed_and_every_reference_has_its_target(shown: Summary) -> None:
    page = Page(render(shown))
    assert not page.unbalanced
    assert page.open == []
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    targets = {link.removeprefix("#") for link in page.all("href")}
    named = {name for names in page.all("aria-labelledby") for name in names.split()}
    assert targets | named <= set(ids)


def test_nothing_can_run_and_nothing_is_fetched(shown: Summary) -> None:
    page = Page(render(shown))
    assert not {"script", "iframe", "object", "img", "link", "form", "base"} & {
        tag for tag, _ in page.elements
    }
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag
    assert all(link.startswith("#") for link in page.all("href"))
    assert not page.all("src")


def test_tables_have_captions_and_scoped_heads_and_charts_have_words(shown: Summary) -> None:
    html = render(shown)
    page = Page(html)
    for tag, attributes in page.elements:
        if tag == "th":
            assert attributes.get("scope") in {"row", "col"}
        if tag == "svg" and attributes.get("aria-hidden") != "true":
            assert attributes["role"] == "img"
            assert attributes["aria-labelledby"]
    assert html.count("<table") == html.count("<caption")
    for region in re.findall(r'<div class="scroll"[^>]*>', html):
        assert 'role="region" tabindex="0" aria-labelledby=' in region
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert '<a class="skip" href="#content">' in html


def test_the_content_policy_allows_only_the_one_style_sheet(shown: Summary) -> None:
    html = render(shown)
    style = re.findall(r"<style>(.*?)</style>", html, flags=re.S)
    assert len(style) == 1
    digest = b64encode(sha256(style[0].encode()).digest()).decode()
    policy = next(
        found["content"]
        for tag, found in Page(html).elements
        if tag == "meta" and found.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style[0]
    assert "@import" not in style[0]


@FEW
@given(text=st.one_of(st.sampled_from(HOSTILE), st.text(max_size=80)))
def test_no_name_changes_the_shape_of_the_page(tmp_path_factory: Any, text: str) -> None:
    run = made_run(tmp_path_factory.mktemp("run"), conversations=4, hits=0)
    plain = summarise(run)
    name = visible(base_name(text))
    policy = plain.policy.model_copy(update={"name": name})
    named = replace(plain, inputs=(InputFile(name, 1, "0", None),) * 2, policy=policy)
    shape = [tag for tag, _ in Page(render(plain)).elements]
    html = render(named)
    assert [tag for tag, _ in Page(html).elements] == shape
    assert all(c == "\n" or marked(c) == c for c in html)


def test_folders_appear_nowhere(tmp_path: Path) -> None:
    def folders(run: dict[str, Any]) -> None:
        run["inputs"][0]["name"] = "/home/somebody/exports/a.json"
        run["ignored"] = [r"C:\Users\somebody\b.txt"]
        run["environment"]["command"] = "tunegate audit '/home/somebody/c d.json' --out=/home/e"

    html = render(summarise(made_run(tmp_path, change=folders)))
    assert "somebody" not in html
    text = Page(html).text
    assert "a.json" in text
    assert "b.txt" in text
    assert "tunegate audit 'c d.json' --out=e" in text


def test_two_runs_differ_only_in_time_and_machine(tmp_path: Path) -> None:
    def elsewhere(run: dict[str, Any]) -> None:
        run["environment"].update(
            started="2027-01-02T00:00:00Z",
            seconds=99.9,
            cpu_seconds=77.7,
            machine="other",
            python="3.14.0",
            workers=64,
            command="tunegate audit x -o y",
        )

    one = render(summarise(made_run(tmp_path / "a")))
    two = render(summarise(made_run(tmp_path / "b", change=elsewhere)))
    assert one != two
    assert one == render(summarise(tmp_path / "a"))
    pattern = r'(?s)<(time id="when"|span id="machine").*?</(time|span)>'
    for html in (one, two):
        assert len(re.findall(pattern, html)) == 2
    assert re.sub(pattern, "", one) == re.sub(pattern, "", two)


def test_a_report_without_findings_is_small(tmp_path: Path) -> None:
    def many_rules(run: dict[str, Any]) -> None:
        first = run["rules"][-1]
        run["rules"] = [{**first, "id": f"family/a-rule-with-a-name-{n}"} for n in range(45)]

    run = made_run(tmp_path, conversations=0, faults=0, change=many_rules)
    assert len(render(summarise(run)).encode()) <= 120_000


def test_no_outcome_is_promised(shown: Summary) -> None:
    words = render(shown).lower()
    assert "compliant" not in words
    assert "anonymous" not in words


def test_what_no_rule_looked_for_is_said(tmp_path: Path) -> None:
    def only_format(run: dict[str, Any]) -> None:
        run["rules"] = [rule for rule in run["rules"] if rule["id"].startswith("format/")]

    everything = Page(render(summarise(made_run(tmp_path / "all")))).text
    assert "such as names of people and postal addresses, was not looked for" in everything
    assert "No rule of this run looks for toxic language and bias." in everything
    little = Page(render(summarise(made_run(tmp_path / "few", change=only_format)))).text
    assert "looks for personal data, secrets such as passwords and keys, copies" in little


def test_why_a_rule_exists_is_told(tmp_path: Path) -> None:
    assert WHY in Page(render(summarise(made_run(tmp_path)))).text


def no_json(run: Path) -> None:
    (run / "run.json").unlink()


def other_format(run: Path) -> None:
    path = run / "run.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))


def no_policy(run: Path) -> None:
    path = run / "run.json"
    path.write_text(path.read_text().replace('"policy": {"name"', '"policy": {"nome"'))


def no_frame(run: Path) -> None:
    (run / "findings.parquet").unlink()


def no_column(run: Path) -> None:
    path = run / "decisions.parquet"
    pl.read_parquet(path).drop("tokens").write_parquet(path)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (no_json, "run.json: cannot be read"),
        (other_format, "has format 2"),
        (no_policy, "`policy.name`"),
        (no_frame, "findings.parquet: cannot be read"),
        (no_column, "column `tokens` is not Int64"),
    ],
    ids=["no record", "other format", "no policy", "no frame", "no column"],
)
def test_a_folder_that_is_no_run_is_refused_with_a_way_out(
    tmp_path: Path, spoil: Any, problem: str
) -> None:
    run = made_run(tmp_path, conversations=3)
    spoil(run)
    with pytest.raises(RunError, match=re.escape(problem)) as refused:
        summarise(run)
    assert refused.value.hint


def test_loading_the_report_does_not_load_the_terminal() -> None:
    code = "import sys, tunegate.report; print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_beside_every_zero_of_personal_data_stands_how_much_is_found_elsewhere(
    tmp_path: Path,
) -> None:
    summary = summarise(made_run(tmp_path, hits=0))
    told = {line.run.id: line.recall for line in summary.rules}
    assert "labelled ones in" in (told["pii/iban"] or "")
    assert told["format/unknown-role"] is None
    assert all(said for rule, said in told.items() if rule.startswith(("pii/", "secret/")))
    assert (told["pii/iban"] or "") in Page(render(summary)).text


def test_pictures_and_who_could_be_told_apart_are_said(tmp_path: Path) -> None:
    def more(run: dict[str, Any]) -> None:
        run["counts"]["media"] = 12
        run["reidentification"] = {
            "conversations": 9,
            "unique": 4,
            "smallest_class": 1,
            "kinds": {"age": 9, "postcode": 3},
            "written": {"conversations": 0, "unique": 0, "smallest_class": None},
        }

    text = Page(render(summarise(made_run(tmp_path, change=more)))).text
    assert "At least 12 pictures or files were not scanned." in text
    assert "In 4 their combination was like that of no other conversation" in text
    assert "what was not detected is not in it" in text
