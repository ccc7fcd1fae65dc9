"""Run folders made without a run, whose numbers agree, for the tests of the report."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tunegate.model import FINDINGS, PAIRS, SEGMENTS, UNREADABLE, frame
from tunegate.report.runfile import DECISIONS

Change = Callable[[dict[str, Any]], object]

WHY = (
    "Models repeat rare strings word for word. What appears once in training can be recovered by "
    "prompting, and it identifies a person."
)
# id, severity, action, on, summary
RULES = (
    ("pii/email-address", "high", "redact", "source", "A turn contains an e-mail address."),
    ("pii/phone-number", "high", "redact", "source", "A turn contains a telephone number."),
    ("pii/payment-card", "critical", "redact", "source", "A turn contains a card number."),
    ("pii/iban", "high", "redact", "source", "A turn contains a bank account number."),
    ("pii/us-ssn", "critical", "redact", "source", "A turn contains a social security number."),
    ("pii/ipv4-address", "medium", "redact", "source", "A turn contains an IPv4 address."),
    ("secret/github-token", "critical", "redact", "source", "A turn contains a GitHub token."),
    ("secret/private-key", "critical", "redact", "source", "A turn contains a private key."),
    ("secret/stripe-key", "critical", "redact", "source", "A turn contains a Stripe key."),
    ("secret/json-web-token", "critical", "redact", "source", "A turn contains a session token."),
    ("format/unknown-role", "high", "drop", "source", "A message has a role no target knows."),
    ("format/unanswered-tool-call", "high", "drop", "source", "A tool call has no answer."),
    ("format/too-few-examples", "high", "keep", "written", "A file holds too few examples."),
    ("duplicate/exact-copy", "medium", "drop", "cleaned", "A conversation repeats another."),
    ("duplicate/near-duplicate", "medium", "drop", "cleaned", "Two conversations are alike."),
    ("length/token-overrun", "medium", "drop", "cleaned", "A conversation is too long."),
    ("quality/lost-message", "medium", "review", "cleaned", "A message could not be read."),
    ("quality/untrainable", "low", "drop", "cleaned", "No turn teaches anything."),
    ("split/leakage", "high", "keep", "cleaned", "Alike conversations are kept on one side."),
)
FRAMES = {
    "findings": FINDINGS,
    "decisions": DECISIONS,
    "pairs": PAIRS,
    "segments": SEGMENTS,
    "unreadable": UNREADABLE,
}
HOSTILE = (
    "<script>document.title='ran'<!-- ",
    '"><img src=x onerror="document.title=\'ran\'">',
    "{{ 7 * 7 }}{% raw %}",
    "</style></title><svg onload=document.title='ran'>",
    "in\u202evoice\u2066.json",
    "nul\x00 and \x1b[31mred\x1b]0;title\x07",
    "zero\u200bwidth\ufeff\U000e0041",
    "javascript:document.title='ran'",
    "x" * 5000,
)


def _where(n: int) -> int:
    """Return the row of conversation `n`: two inputs, 700 bytes a record."""
    return (n % 2) << 40 | (n // 2) * 700


def _conversations(total: int) -> list[dict[str, Any]]:
    kinds = {0: "duplicate/exact-copy", 1: "duplicate/near-duplicate", 2: "length/token-overrun"}
    made = []
    for n in range(total):
        place, because = n % 20, []
        disposition = "review" if place == 3 else "drop" if place < 3 else "keep"
        if place < 3:
            because = [kinds[place]]
        elif place == 3:
            because = ["quality/lost-message"]
        edited = disposition == "keep" and place % 4 == 1
        if edited:
            because = ["pii/email-address"]
        split = None if disposition != "keep" else "validation" if place in (9, 18) else "train"
        made.append(
            {
                "row": _where(n),
                "key": hashlib.sha256(str(n).encode()).hexdigest()[:16],
                "id": None if place == 5 else f"ZD-{40_000 + n}",
                "disposition": disposition,
                "edits": ["redact"] if edited else [],
                "because": because,
                "split": split,
                # The two copies and the one that stays.
                "cluster": n // 20 if place in (0, 1, 4) else None,
                "file": n % 2,
                "line": n // 2 + 1 if n % 2 == 0 else None,
                "turns": 2 + n * 7 % 5 + (9 if n % 31 == 0 else 0),
                "tokens": 70_000 + n if place == 2 else 60 + n * n % 611 + (n % 17) ** 3,
            }
        )
    return made


def _findings(made: list[dict[str, Any]], hits: int, again: int) -> list[tuple[Any, ...]]:
    edited = [c["row"] for c in made if c["edits"]]
    roles, parts = ("user", "user", "assistant"), ("/content", "/content", "/content/0/text")
    rules = ("pii/email-address", "pii/email-address", "pii/phone-number", "pii/payment-card")
    found: list[tuple[Any, ...]] = []
    for n in range(hits if edited else 0):
        start, part = 11 * n % 400, parts[n % 3] if n % 29 else "/tool_calls/0/function/arguments"
        role = "assistant" if n % 29 == 0 else roles[n % 3]
        row, turn = edited[n % len(edited)], n % 4
        place = (row, None, turn, part, role, start, start + 18)
        found.append((rules[n % 4], "source", *place, None, None, n % 40, None, None, None))
    for row in edited[:again]:
        place = (row, None, 1, "/content", "assistant", 4, 22)
        found.append(("pii/email-address", "written", *place, None, None, None, None, 0.9, None))
    for first, _, one in ((c, None, c["because"]) for c in made if c["disposition"] != "keep"):
        like = _where(first["cluster"] * 20 + 4) if "duplicate/" in one[0] else None
        measured = float(first["tokens"]) if "overrun" in one[0] else None
        where = (first["row"], None, None, None, None, None, None)
        found.append((one[0], "cleaned", *where, None, like, None, measured, None, None))
    return sorted(found, key=lambda line: (line[0], line[2], line[4] or 0, line[7] or 0))


def _tally(conversations: list[dict[str, Any]], **more: int) -> dict[str, Any]:
    return {
        "conversations": len(conversations),
        "turns": sum(c["turns"] for c in conversations),
        "tokens": sum(c["tokens"] for c in conversations),
        **more,
    }


def _roles(turns: int) -> dict[str, int]:
    return {
        "system": turns // 40,
        "user": turns // 2,
        "assistant": turns - turns // 2 - turns // 40,
    }


def _reason(what: str, rule: str | None, number: int, hint: str) -> dict[str, Any]:
    numbers = {"count": number, "conversations": number, "allowed": 0}
    return {"what": what, "rule": rule, **numbers, "hint": hint}


def made_run(
    folder: Path,
    *,
    conversations: int = 240,
    hits: int = 60,
    again: int = 0,
    verdict: str = "passed",
    names: tuple[str, str] = ("zendesk_tickets.json", "older-tickets.csv"),
    faults: int = 3,
    change: Change = lambda run: None,
) -> Path:
    """Write a run folder whose numbers agree; `change` then edits `run.json`."""
    made = _conversations(conversations)
    found = _findings(made, hits, again)
    main = [line for line in found if line[1] != "written"]
    again = len(found) - len(main)
    kept = [c for c in made if c["split"]]
    pairs = [
        (
            c["row"],
            _where(c["cluster"] * 20 + 4),
            1.0 if n % 2 else 0.83,
            "exact" if n % 2 else "near",
        )
        for n, c in enumerate(c for c in made if c["cluster"] is not None and not c["split"])
        if c["cluster"] * 20 + 4 < conversations
    ]
    lost = [
        (n % 2, n + 7, 900 * n, 41, None, ("not JSON", "no messages")[n % 2], None)
        for n in range(faults)
    ]
    cut = [
        (c["row"], None, 1, "/content", 0, 5, 0, 1, 0, 90, "/comments/1", reason, None)
        for c in made
        if c["turns"] > 4
        for reason in ("quoted chain", "signature")
    ]
    folder.mkdir(parents=True, exist_ok=True)
    rows = {
        "findings": found,
        "decisions": [
            tuple(c[name] for name in DECISIONS) for c in sorted(made, key=lambda c: c["row"])
        ],
        "pairs": sorted(pairs),
        "segments": cut,
        "unreadable": lost,
    }
    for name, schema in FRAMES.items():
        frame(rows[name], schema).write_parquet(folder / f"{name}.parquet")
    by = Counter(c["disposition"] for c in made)
    edited = sum(bool(c["edits"]) for c in made)
    turns = sum(c["turns"] for c in made)
    run = {
        "tunegate": "0.1.0",
        "format": 1,
        "inputs": [
            {
                "name": name,
                "size": 48_213_004,
                "sha256": hashlib.sha256(name.encode()).hexdigest(),
                "compression": None,
            }
            for name in names
        ],
        "ignored": ["notes.txt"],
        "reader": "zendesk",
        "policy": {"name": "support-tickets", "digest": hashlib.sha256(b"policy").hexdigest()},
        "target": {"name": "openai", "as_of": "2026-11-01"},
        "rules": [_rule_run(*rule, main, made) for rule in RULES],
        "counts": {
            "records": {
                "total": turns + 40 + 25 + faults,
                "used": turns,
                "merged": 40,
                "excluded": 25,
                "unreadable": faults,
            },
            "excluded_by": {"internal note": 21, "automatic reply": 4},
            "conversations": {
                "total": len(made),
                "kept": len(kept) - edited,
                "edited": edited,
                "reviewed": by["review"],
                "dropped": by["drop"],
            },
            "before": {**_tally(made), "roles": _roles(turns)},
            "after": {**_tally(kept), "roles": _roles(sum(c["turns"] for c in kept))},
            "splits": {
                side: _tally(
                    [c for c in kept if c["split"] == side], groups=9, trained_tokens=17_000
                )
                for side in ("train", "validation")
            },
        },
        "removed_by": [
            {"rule": rule, "first": number, "any": number + 1}
            for rule, number in Counter(
                c["because"][0] for c in made if not c["split"]
            ).most_common()
        ],
        "split": {
            "seed": 1,
            "validation_asked": 0.1,
            "validation_got": 0.1034,
            "groups": 151,
            "clusters": 12,
            "shared_groups": 0,
            "cross_split_duplicates": 0,
            "largest_component": 31,
            "unknown_groups": 4,
        },
        "tokens": {
            "vocabulary": "o200k_base",
            "overhead": "chat-3-per-message/1",
            "estimated_conversations": 0,
            "limit": 65_536,
        },
        "residual": [
            {"rule": rule, "findings": again if rule == "pii/email-address" else 0}
            for rule, *_ in RULES
            if rule.startswith(("pii/", "secret/", "format/"))
        ],
        "failures": [],
        "truncated": [],
        "outputs": {
            f"{side}.jsonl": {
                "sha256": hashlib.sha256(side.encode()).hexdigest(),
                "bytes": 31_400_211,
                "lines": sum(c["split"] == side for c in kept),
            }
            for side in ("train", "validation")
        },
        "judgements": [_judgement(verdict, again)],
        "environment": {
            "started": "2026-11-21T03:38:07Z",
            "seconds": 12.3,
            "cpu_seconds": 21.9,
            "machine": "Linux x86_64, 2 processors",
            "python": "3.11.2",
            "workers": 2,
            "command": "tunegate audit /home/somebody/exports/zendesk_tickets.json -o runs/sample",
        },
    }
    change(run)
    (folder / "run.json").write_text(json.dumps(run))
    return folder


def _rule_run(
    rule: str,
    severity: str,
    action: str,
    on: str,
    summary: str,
    main: list[tuple[Any, ...]],
    made: list[dict[str, Any]],
) -> dict[str, Any]:
    mine = [line for line in main if line[0] == rule]
    return {
        "id": rule,
        "summary": summary,
        "why": WHY,
        "severity": severity,
        "action": action,
        "on": on,
        "digest": hashlib.sha256(rule.encode()).hexdigest(),
        "status": "ran",
        "findings": len(mine),
        "conversations": len({line[2] for line in mine}),
        "edits": len(mine) if action == "redact" else 0,
    }


def _judgement(verdict: str, again: int) -> dict[str, Any]:
    reasons = {
        "closed": [
            _reason(
                "An e-mail address is still in the written files",
                "pii/email-address",
                again,
                "look at the locations, correct the rule or the source, and audit again",
            ),
            _reason("Fewer examples than the target asks for", None, 8, "add conversations"),
        ],
        "incomplete": [
            _reason("A required rule failed", "pii/iban", 1, "run `tunegate rules test pii/iban`")
        ],
    }
    exits = {"passed": 0, "closed": 1, "incomplete": 3, "nothing": 5}
    digest = hashlib.sha256(b"policy").hexdigest()
    return {
        "verdict": verdict,
        "exit": exits[verdict],
        "policy": "support-tickets",
        "policy_digest": digest,
        "reasons": reasons.get(verdict, []),
    }
