"""Small inputs, made where a test needs them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Comment = tuple[str, str] | tuple[str, str, bool]  # who, body, public

CUSTOMER, AGENT = 101, 900


def chat_file(path: Path, *conversations: Sequence[tuple[str, str]]) -> Path:
    """Write plain chat JSONL."""
    records = ({"messages": [{"role": r, "content": t} for r, t in c]} for c in conversations)
    return jsonl(path, *records)


def jsonl(path: Path, *records: Any) -> Path:
    """Write one JSON value a line."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def ticket(number: int, *comments: Comment, customer: int = CUSTOMER) -> dict[str, Any]:
    """Return a Zendesk ticket; `who` is user, agent or nobody."""
    ids = {"user": customer, "agent": AGENT, "nobody": 666}
    return {
        "id": number,
        "subject": f"Ticket {number}",
        "requester_id": customer,
        "created_at": f"2026-01-{number % 28 + 1:02}T08:00:00Z",
        "comments": [
            {
                "id": number * 100 + place,
                "author_id": ids[comment[0]],
                "body": comment[1],
                "public": comment[2] if len(comment) > 2 else True,
                "created_at": f"2026-01-{number % 28 + 1:02}T08:{place:02}:00Z",
            }
            for place, comment in enumerate(comments)
        ],
    }


def zendesk_file(path: Path, *tickets: Mapping[str, Any]) -> Path:
    """Write a Zendesk export with the users of these tickets."""
    customers = {t["requester_id"] for t in tickets}
    users = [{"id": c, "role": "end-user"} for c in sorted(customers)]
    users.append({"id": AGENT, "role": "agent"})
    path.write_text(json.dumps({"tickets": list(tickets), "users": users}), encoding="utf-8")
    return path


def answered(number: int, *, customer: int | None = None, text: str = "") -> dict[str, Any]:
    """Return an ordinary answered ticket that is like no other."""
    words = " ".join(f"word{number}x{n}" for n in range(12))
    return ticket(
        number,
        ("user", f"Question {number}: {words} {text}".strip()),
        ("agent", f"Answer {number}: {words[::-1]}"),
        customer=customer or 1000 + number,
    )


def written(run: Path) -> list[dict[str, Any]]:
    """Return every record of the training files of a run."""
    return [
        json.loads(line)
        for name in ("train.jsonl", "validation.jsonl")
        if (run / name).exists()
        for line in (run / name).read_bytes().splitlines()
    ]
