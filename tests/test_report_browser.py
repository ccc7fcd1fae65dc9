import json
import re
import shutil
import subprocess
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

from made_run import HOSTILE, made_run
from tunegate.report import render, summarise

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((path for name in NAMES if (path := shutil.which(name))), None)
PDF_WORDS = shutil.which("pdftotext")
DARK, LIGHT = "preferredColorScheme=0", "preferredColorScheme=1"
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
MEASURE = """
const page = document.querySelector('iframe').contentDocument;
const narrow = page.documentElement.clientWidth;
const outside = [...page.querySelectorAll('main *')].filter(element =>
  !element.closest('.scroll') && element.getBoundingClientRect().right > narrow + 1);
document.title = JSON.stringify({
  wide: page.documentElement.scrollWidth, narrow,
  outside: outside.map(element => element.outerHTML.slice(0, 80)),
  paper: page.defaultView.getComputedStyle(page.body).backgroundColor,
});
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed"),
]


def browse(page: Path, *options: str) -> str:
    """Open a page in a new browser that knows nobody, and return what it prints."""
    assert BROWSER is not None
    profile = f"--user-data-dir={page.parent / 'profile'}"
    command = [BROWSER, *QUIET, profile, *options, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def dressed(run: dict[str, Any]) -> None:
    for rule, text in zip(run["rules"], HOSTILE, strict=False):
        rule.update(summary=text, why=text)
    run["policy"]["name"] = run["judgements"][0]["policy"] = HOSTILE[1]


def page_of(folder: Path, **made: Any) -> Path:
    run = made_run(folder / "run", **made)
    page = folder / "report.html"
    page.write_text(render(summarise(run)), encoding="utf-8")
    return page


def measured(page: Path, *, width: int, scheme: str = LIGHT) -> dict[str, Any]:
    """Open a page in a frame of a given width and return what can be measured from outside."""
    frame = page.with_name("frame.html")
    held = escape(page.read_text(encoding="utf-8"))
    frame.write_text(
        f'<iframe srcdoc="{held}" style="border:0;width:{width}px;height:900px"></iframe>'
        f"<script>onload = () => {{ {MEASURE} }}</script>",
        encoding="utf-8",
    )
    dom = browse(frame, "--dump-dom", f"--blink-settings={scheme}")
    title = re.search(r"<title>(.*?)</title>", dom, flags=re.S)
    assert title is not None
    found: dict[str, Any] = json.loads(unescape(title[1]))
    return found


def test_the_verdict_is_shown_and_planted_markup_does_not_run(tmp_path: Path) -> None:
    names = (HOSTILE[0], HOSTILE[1])
    page = page_of(tmp_path, verdict="closed", again=3, hits=100, names=names, change=dressed)
    dom = browse(page, "--dump-dom")
    assert '<span class="word">Closed</span>' in dom
    title = re.search(r"<title>(.*?)</title>", dom, flags=re.S)
    assert title is not None
    assert title[1].startswith("Closed: ")
    assert "<script" not in dom
    assert "<img" not in dom
    assert dom.count("document.title") > 10


def test_the_content_policy_stops_a_script_that_got_in(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    planted = "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">"
    html = page.read_text(encoding="utf-8")
    page.write_text(html.replace("</main>", f"{planted}</main>"), encoding="utf-8")
    dom = browse(page, "--dump-dom")
    assert "<script>document.title" in dom
    assert "<title>ran</title>" not in dom


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_sticks_out_at_any_width(tmp_path: Path, width: int) -> None:
    names = ("a" * 240 + ".json", "b.csv")
    page = page_of(tmp_path, verdict="closed", again=3, hits=500, names=names)
    found = measured(page, width=width)
    assert found["narrow"] == width
    assert found["wide"] <= width
    assert found["outside"] == []


def test_light_and_dark_follow_the_reader(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    light = measured(page, width=800, scheme=LIGHT)["paper"]
    dark = measured(page, width=800, scheme=DARK)["paper"]
    assert sum(map(int, re.findall(r"\d+", light)[:3])) > 700
    assert sum(map(int, re.findall(r"\d+", dark)[:3])) < 100


def test_a_picture_of_the_report_can_be_taken(tmp_path: Path) -> None:
    page = page_of(tmp_path)
    pictures = []
    for scheme in (LIGHT, DARK):
        picture = tmp_path / f"{scheme[-1]}.png"
        options = ("--window-size=1280,900", f"--blink-settings={scheme}")
        browse(page, f"--screenshot={picture}", *options)
        pictures.append(picture.read_bytes())
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert min(map(len, pictures)) > 20_000
    assert pictures[0] != pictures[1]


@pytest.mark.skipif(PDF_WORDS is None, reason="no pdftotext is installed")
def test_paper_shows_what_the_screen_folds_away(tmp_path: Path) -> None:
    assert PDF_WORDS is not None
    page = page_of(tmp_path, verdict="closed", again=3, hits=5000, conversations=400)
    paper = tmp_path / "report.pdf"
    browse(page, f"--print-to-pdf={paper}", "--no-pdf-header-footer")
    command = [PDF_WORDS, "-layout", str(paper), "-"]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    pages = words.split("\f")
    assert len(pages) <= 26
    flat = " ".join(words.split())
    assert "An e-mail address is still in the written files" in flat
    assert "Models repeat rare strings word for word." in flat  # a rule's why, folded on screen
    assert "older-tickets.csv, byte" in flat  # a location, folded on screen
    assert "Cross-checks" in flat
    heads = sum("Findings" in page and "Severity" in page for page in pages)
    assert heads >= 2  # the head of the table of rules stands on each of its pages
    assert re.search(r"Tunegate audit report, data [0-9a-f]{16}\s+1 / \d+", words)
