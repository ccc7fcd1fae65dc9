"""Put the samples into files: a help-desk export, a table of messages, a chat file, the answers."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

from sample_data.generator.answers import lookalikes, originals, table_answers, ticket_answers
from sample_data.generator.chats import Line, chat_answers, write_chats
from sample_data.generator.copies import write_copies
from sample_data.generator.faults import write_faults
from sample_data.generator.plants import Found
from sample_data.generator.talk import Comment
from sample_data.generator.tickets import (
    NOTE_MARKER,
    TICKETS,
    Desk,
    Ticket,
    open_desk,
    write_others,
    write_tickets,
)

SEED = 20260101
ZENDESK, TABLE, CHAT, ANSWERS = (
    "zendesk_tickets.json",
    "messages.csv",
    "chat.jsonl",
    "answers.json",
)
COLUMNS = (
    "message_id",
    "ticket_id",
    "author_id",
    "role",
    "body",
    "created_at",
    "customer_id",
    "visibility",
)
BEGIN, END = "<!-- begin: written by make.py -->", "<!-- end -->"


def escaped(line: str, secrets: Iterable[str]) -> str:
    """Return a JSON text in which one character of each secret is written as an escape.

    A reader of JSON sees the secret; a scanner that looks for live keys in a repository does not.
    """
    for value in secrets:
        plain = json.dumps(value, ensure_ascii=False)[1:-1]
        # The place that a scanner cannot do without.
        at = max(plain.find("PRIVATE"), plain.find("@"), 1)
        line = line.replace(plain, f"{plain[:at]}\\u{ord(plain[at]):04x}{plain[at + 1 :]}")
    return line


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _tickets(desk: Desk) -> list[Ticket]:
    """Return all tickets in order of time, with ids, authors and times."""
    made = [*write_tickets(desk), *write_copies(desk)]
    made += write_others(desk, TICKETS - len(made))
    made.sort(key=lambda ticket: ticket.start)
    strangers = iter(range(361_950_000_000, 361_960_000_000, 7919))
    ticket_id, comment_id = 20_400, 360_011_000_000
    for ticket in made:
        ticket_id += desk.rng.randint(1, 3)
        ticket.id = ticket_id
        desk.schedule(ticket)
        for comment in ticket.comments:
            comment_id += desk.rng.randint(1, 900)
            comment.id = comment_id
            if not comment.known:
                comment.author = next(strangers)
    return made


def _comment_json(comment: Comment) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": comment.id,
        "author_id": comment.author,
        "public": comment.public,
        "created_at": f"{comment.at:%Y-%m-%dT%H:%M:%SZ}",
        "body": comment.text,
    }
    if comment.html is not None:
        made["html_body"] = comment.html
    if comment.attachment is not None:
        made["attachments"] = [
            {"file_name": comment.attachment, "content_type": "image/jpeg", "size": 48_213}
        ]
    return made


def _ticket_json(ticket: Ticket, rng: Random) -> dict[str, Any]:
    comments = [_comment_json(comment) for comment in ticket.comments]
    if rng.random() < 0.05:
        comments.reverse()  # some exports list the newest first
    made: dict[str, Any] = {
        "id": ticket.id,
        "subject": ticket.subject,
        "status": "closed" if len(ticket.comments) > 1 else "open",
        "requester_id": ticket.customer.id,
        "assignee_id": ticket.agent.id,
        "created_at": f"{ticket.start:%Y-%m-%dT%H:%M:%SZ}",
        "tags": ticket.tags,
        "via": {"channel": ticket.channel},
        "satisfaction_rating": None,
        "comments": comments,
    }
    if rng.random() < 0.2:
        made["satisfaction_rating"] = {"score": rng.choice(("good", "good", "good", "bad"))}
    if rng.random() < 0.05:
        made["description"] = ticket.comments[0].text
    return made


def _export(desk: Desk, tickets: list[Ticket]) -> Iterator[str]:
    yield '{"tickets":['
    for place, ticket in enumerate(tickets):
        secrets = [comment.secret for comment in ticket.comments if comment.secret]
        line = escaped(_dump(_ticket_json(ticket, desk.rng)), secrets)
        yield line + ("," if place < len(tickets) - 1 else "")
    yield '],"users":['
    people = [*desk.agents, *desk.customers]
    for place, person in enumerate(people):
        user = {"id": person.id, "name": person.name, "email": person.email, "role": person.role}
        yield _dump(user) + ("," if place < len(people) - 1 else "")
    yield f'],"count":{len(tickets)}}}'


def _table(rng: Random, tickets: list[Ticket]) -> str:
    rows = [
        (
            comment.id,
            ticket.id,
            comment.author,
            "customer" if comment.role == "user" else "agent",
            comment.text.replace(comment.secret or "\0", "[...]"),
            f"{comment.at:%Y-%m-%dT%H:%M:%SZ}",
            ticket.customer.id,
            "public" if comment.public else "internal",
        )
        for ticket in tickets
        for comment in ticket.comments
        if comment.known
    ]
    rng.shuffle(rows)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue()


def _chat_lines(desk: Desk) -> list[Line]:
    lines = [*write_chats(desk), *write_faults(desk)]
    desk.rng.shuffle(lines)
    for place, line in enumerate(lines):
        if line.after is not None and (other := lines.index(line.after)) > place:
            lines[place], lines[other] = lines[other], lines[place]
    return lines


def _chat_originals(lines: list[Line]) -> dict[str, str]:
    return {
        f"line:{place}": f"line:{lines.index(line.after)}"
        for place, line in enumerate(lines)
        if line.after is not None
    }


def _chat_text(line: Line) -> str:
    return line.raw if line.raw is not None else escaped(_dump(line.record), line.secrets)


def _answers_text(answers: dict[str, Any]) -> str:
    """Return the answers as JSON, one ticket a line."""
    parts = []
    for name, section in answers.items():
        lines = ",\n".join(f"  {_dump(key)}: {_dump(value)}" for key, value in section.items())
        parts.append(f" {_dump(name)}: {{\n{lines}\n }}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _readme_table(answers: dict[str, dict[str, Found]], kinds: list[str]) -> str:
    files = (ZENDESK, TABLE, CHAT)
    counts = {name: Counter(r for found in answers[name].values() for r in found) for name in files}
    rules = sorted(set().union(*counts.values()))
    rows = [f"| rule | {' | '.join(files)} |", "| --- | ---: | ---: | ---: |"]
    rows += [f"| {rule} | {' | '.join(str(counts[f][rule]) for f in files)} |" for rule in rules]
    rows += ["", "| must not be flagged | tickets |", "| --- | ---: |"]
    rows += [f"| {kind} | {number} |" for kind, number in sorted(Counter(kinds).items())]
    return "\n".join(rows)


def write_samples(folder: Path, *, readme: Path) -> list[str]:
    """Write every sample file into a folder; return a line about each.

    readme: the page whose tables are brought up to date.
    """
    desk = open_desk(Random(SEED))
    tickets = _tickets(desk)
    export = "\n".join(_export(desk, tickets)) + "\n"
    table = _table(desk.rng, tickets)
    chat = _chat_lines(desk)

    found = {str(ticket.id): ticket_answers(ticket) for ticket in tickets}
    in_table = {key: table_answers(rules) for key, rules in found.items()}
    numbered = {f"line:{place}": line for place, line in enumerate(chat)}
    kinds = lookalikes(tickets)
    answers: dict[str, Any] = {
        ZENDESK: {key: rules for key, rules in found.items() if rules},
        TABLE: {key: rules for key, rules in in_table.items() if rules},
        CHAT: {key: told for key, line in numbered.items() if (told := chat_answers(line))},
        "hard_negatives": kinds,
        "copies": {ZENDESK: originals(tickets), CHAT: _chat_originals(chat)},
        "unreadable": {CHAT: [key for key, line in numbered.items() if line.raw is not None]},
        "internal_notes": {"marker": NOTE_MARKER},
    }
    before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
    shown = _readme_table(answers, [held["kind"] for held in kinds.values()])
    page = f"{before}{BEGIN}\n\n{shown}\n\n{END}{rest.split(END)[1]}"
    texts = {
        ZENDESK: export,
        TABLE: table,
        CHAT: "\n".join(_chat_text(line) for line in chat) + "\n",
        ANSWERS: _answers_text(answers),
        "README.md": page,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [f"{name}: {len(text.encode()):,} bytes" for name, text in texts.items()]
