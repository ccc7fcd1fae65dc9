"""No value that a rule finds stands in an artefact, a message or a traceback.

TUNEGATE_CANARIES=1000 plants that many made values of each kind.
"""

import base64
import json
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from support import jsonl
from tunegate.canaries import canaries
from tunegate.cases import trials
from tunegate.policy import load_policy
from tunegate.rules import Action, load_rules

PER_TYPE = int(os.environ.get("TUNEGATE_CANARIES", "1"))
REPLY = "Thank you, that is noted, and we shall look at it."
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")
_RUN = re.compile(r"[A-Za-z0-9]{9,}")


def core(draw: Random) -> str:
    """Return twelve letters that no word, key or digest holds."""
    return "".join(draw.choices("bcdfghjklmnpqrstvwxz", k=12))


def held(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield all that a run wrote: as it is, columns as text, and what is packed within."""
    import polars as pl

    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            continue
        content = path.read_bytes()
        yield path.name, content
        if path.suffix == ".parquet":
            yield path.name, json.dumps(pl.read_parquet(path).to_dicts(), default=repr).encode()
        if path.suffix == ".html":
            for packed in _BASE64.findall(content):
                plain = base64.b64decode(packed + b"=" * (-len(packed) % 4))
                yield path.name, plain
                for bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
                    try:
                        yield path.name, zlib.decompress(plain, bits)
                    except zlib.error:
                        continue


def audited(folder: Path, *options: str) -> tuple[int, str]:
    """Run the command on `in.jsonl` of a folder; return its exit code and all that it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "tunegate", "audit", "in.jsonl", "-o", "out", *options],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def made() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return a rule, a value and its conversation for each kind of which values can be made."""
    rules = load_policy("openai-chat", load_rules()).rules
    kinds = {canary.rule for canary in canaries(rules, 4_000, "kinds")}
    secrets = sum(kind.startswith("secret/") for kind in kinds)
    # Personal data and secrets take turns, so secrets say how many there must be.
    planted = canaries(rules, 2 * secrets * PER_TYPE, "leaks")
    assert {canary.rule for canary in planted} == kinds
    assert len(kinds) > 300
    return [(canary.rule, canary.value, list(canary.turns)) for canary in planted]


def told() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return a rule, a value and its conversation for each span that a case marks."""
    rules = load_policy("openai-chat", load_rules()).rules
    found = []
    for rule in rules:
        if rule.family != "pii" or rule.file.action is not Action.REDACT:
            continue
        for _, trial in trials(rule):
            for row, spans in (trial.spans or {}).items():
                turns = trial.batch.turns.filter(row=row).select("role", "text").rows()
                found += [(rule.id, turns[at][1][start:end], turns) for at, start, end in spans]
    return found


@pytest.mark.parametrize("source", [made, told])
def test_no_value_of_any_kind_comes_through(
    tmp_path: Path, source: Callable[[], list[tuple[str, str, list[tuple[str, str]]]]]
) -> None:
    values = source()
    answer = ("assistant", REPLY)
    talks = [
        {
            "messages": [
                {"role": role, "content": text}
                for role, text in (turns if turns[-1][0] == "assistant" else [*turns, answer])
            ]
        }
        for _, _, turns in values
    ]
    jsonl(tmp_path / "in.jsonl", *talks)
    code, said = audited(tmp_path)
    assert code == 0, said
    everything = list(held(tmp_path / "out"))
    assert {"report.html", "run.json", "decisions.parquet", "findings.parquet"} <= {
        name for name, _ in everything
    }
    needles = {}
    for kind, value, _ in values:
        runs = _RUN.findall(value)
        needle = max(runs, key=len) if runs else value
        # Short ones, and those that are words, also stand for something else.
        if len(needle) >= 8 and (re.search("[0-9@ ]", needle) or source is made):
            needles[needle.encode()] = kind
    assert len(set(needles.values())) > (300 if source is made else 130)
    ordered = sorted(needles)
    through = set()
    for first in range(0, len(ordered), 2_000):
        any_needle = re.compile(b"|".join(map(re.escape, ordered[first : first + 2_000])))
        for name, content in everything:
            through |= {(needles[found], name) for found in any_needle.findall(content)}
    assert through == set()
    assert [needle for needle in ordered if needle.decode() in said] == []


_ANSWER = {"role": "assistant", "content": REPLY}
PLACES: dict[str, Callable[[str], dict[str, object]]] = {
    "id": lambda c: {"id": f"{c}@mail.example.com"},
    "user name as id": lambda c: {"id": f"{c}85"},
    "number as id": lambda c: {"id": "4915112345678", "note": c},
    "document as id": lambda c: {"id": "C01234567", "note": c},
    "unknown key": lambda c: {c: 1},
    "value of an unknown key": lambda c: {"note": c},
    "key of metadata": lambda c: {"metadata": {f"{c}@mail.example.com": "x"}},
    "value of metadata": lambda c: {"metadata": {"x": f"{c}@mail.example.com"}},
    "role": lambda c: {"messages": [{"role": c, "content": "Hello"}, _ANSWER]},
    "name": lambda c: {"messages": [{"role": "user", "name": c, "content": "Hello"}, _ANSWER]},
    "kind of a part": lambda c: {
        "messages": [{"role": "user", "content": [{"type": c, "text": "Hello"}]}, _ANSWER]
    },
    "picture": lambda c: {
        "messages": [
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": f"{c}.png"}}]},
            _ANSWER,
        ]
    },
    "tool": lambda c: {
        "messages": [
            {"role": "user", "content": "Hello"},
            {
                "role": "assistant",
                "tool_calls": [
                    {
                        "id": f"{c}1",
                        "type": "function",
                        "function": {
                            "name": c,
                            "arguments": json.dumps({f"{c}@mail.example.com": f"{c}@x.com"}),
                        },
                    }
                ],
            },
        ]
    },
    "schema": lambda c: {
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "look",
                    "parameters": {
                        "type": "object",
                        "properties": {f"{c}@mail.example.com": {"description": f"{c}@x.com"}},
                    },
                },
            }
        ]
    },
}


def talk(number: int) -> dict[str, object]:
    question = f"Where is parcel {number}, please? I have waited for {number} days."
    return {"messages": [{"role": "user", "content": question}, _ANSWER]}


@pytest.mark.parametrize("place", PLACES)
def test_what_stands_beside_the_messages_reaches_no_artefact(tmp_path: Path, place: str) -> None:
    secret = core(Random(place))
    records = [talk(number) for number in range(12)]
    records[5] |= PLACES[place](secret)
    jsonl(tmp_path / "in.jsonl", *records)
    code, said = audited(tmp_path)
    assert code in (0, 1, 3), said
    assert secret not in said
    assert "Traceback" not in said
    shown = {name for name, content in held(tmp_path / "out") if secret.encode() in content}
    # Names and schemas go along into a training file; the gate judges them there.
    assert {name for name in shown if not name.endswith(".jsonl")} == set()
    for number in (b"4915112345678", b"C01234567"):
        assert all(number not in content for _, content in held(tmp_path / "out"))


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ('{{"messages": [{0}', ()),
        ('{{"messages": "{0}"}}', ()),
        ('{{"{0}": NaN}}', ()),
        ('{{"messages": [{{"role": "user", "content": {{"{0}": 1}}}}]}}', ()),
        ("{0}", ("--system", "You serve {0}@mail.example.com.")),
        ("{0}", ("--role", "{0}=user")),
        ("{0}", ("--agent", "{0}@mail.example.com")),
        ("{0}", ("--policy", "broken.yaml")),
    ],
)
def test_no_message_of_a_run_that_fails_tells_what_it_read(
    tmp_path: Path, line: str, options: tuple[str, ...]
) -> None:
    secret = core(Random(f"{line} {options}"))
    jsonl(tmp_path / "in.jsonl", *(talk(number) for number in range(6)))
    with (tmp_path / "in.jsonl").open("a") as more:
        more.write(line.format(secret) + "\n")
    (tmp_path / "broken.yaml").write_text(f"summary: x\nrules:\n  {secret[:3]}: [\n")
    _, said = audited(tmp_path, *(option.format(secret) for option in options))
    assert secret not in said
    assert "Traceback" not in said
    if (tmp_path / "out").exists():
        shown = {name for name, content in held(tmp_path / "out") if secret.encode() in content}
        # A system prompt goes into training files, and nowhere else.
        assert {name for name in shown if not name.endswith(".jsonl")} == set()


RAISING = """
import polars as pl
from tunegate import audit, rules
from tunegate.checks import pattern
def raising(self, text):
    raise ValueError(text)
pattern.Pattern.spans = raising
run = audit("in.jsonl", out="out")
print(run.verdict)
"""


def test_a_rule_that_raises_shows_no_text(tmp_path: Path) -> None:
    secret = core(Random("raises"))
    records = [talk(number) for number in range(6)]
    records.append(
        {"messages": [{"role": "user", "content": f"I am {secret}@mail.example.com"}, _ANSWER]}
    )
    jsonl(tmp_path / "in.jsonl", *records)
    done = subprocess.run(
        [sys.executable, "-c", RAISING], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout.strip() == "incomplete", done.stderr
    assert secret not in done.stdout + done.stderr
    assert [n for n, content in held(tmp_path / "out") if secret.encode() in content] == []
