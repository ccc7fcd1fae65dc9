"""Whoever an export names takes part on the right side, and is never written."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sample_data.generator.exports.talks import AGENTS, Person, Talk, talks

from exports import read, write
from samples import module, names
from tunegate import audit
from tunegate.model import PEOPLE, ReadOptions
from tunegate.readers import choose, find
from tunegate.readers.desks import freshdesk, salesforce, zendesk
from tunegate.readers.directory import Directory, Entries
from tunegate.readers.mentions import details, mentions

PERSONS = {str(p.id): p for p in (*(talk.customer for talk in talks()), *AGENTS)}
MENTIONED = ("freshdesk",)  # its mails name whom they went to, not who that is
NAMELESS = ("whatsapp", "whatsapp_android")  # machines look like people there

Files = dict[str, bytes]
Known = dict[tuple[str | None, str], set[str]]


def people(name: str, folder: Path, files: Files) -> dict[int, Known]:
    """Return what is known of people by the number of the talk."""
    sample = module(name)
    write(folder / "export", files)
    options = ReadOptions(**sample.OPTIONS)
    choice = choose(find([folder / "export"], folder / "spool")[0], options)
    plan = choice.reader.plan(choice.sources, options)
    frames = [part for split in plan.splits for part in choice.reader.read(split, plan)]
    batch = choice.reader.assemble(pl.concat(frames), plan).batch
    assert batch.people.schema == PEOPLE
    assert batch.people.is_duplicated().sum() == 0
    numbers = {talk.said[0].text.split("\n")[0]: talk.number for talk in talks()}
    first = batch.turns.filter(pl.col("turn") == 0, pl.col("role") == "user")
    rows = {row: numbers[text.split("\n")[0]] for row, text in first.select("row", "text").rows()}
    found: dict[int, Known] = {}
    for row, role, kind, value in batch.people.rows():
        if row not in rows:  # a talk of which nothing is kept
            continue
        known = found.setdefault(rows[row], {})
        known.setdefault((role, kind), set()).add(value)
    return found


def held(files: Files) -> str:
    """Return all that files say, with no character escaped."""
    text = "\n".join(content.decode(errors="replace") for content in files.values())
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)


def expected(talk: Talk, text: str) -> Iterator[tuple[str, str, str]]:
    for role, person in (("user", talk.customer), ("assistant", talk.agent)):
        for kind, value in (("name", person.name), ("email", person.address)):
            if value in text:
                yield role, kind, value


@pytest.mark.parametrize("name", names())
def test_all_whom_an_export_names_are_known_with_their_side(name: str, tmp_path: Path) -> None:
    files = module(name).files()
    found = people(name, tmp_path, files)
    text = held(files)
    for talk in talks():
        known = found.get(talk.number, {})
        for role, kind, value in expected(talk, text):
            side = None if name in MENTIONED and role == "user" else role
            assert value in known.get((side, kind), ())
        if name not in NAMELESS:
            others = {p.name for p in PERSONS.values()} - {talk.customer.name}
            assert others.isdisjoint(known.get(("user", "name"), ()))


def test_most_systems_name_somebody_in_the_samples() -> None:
    naming = {n for n in names() if any(expected(t, held(module(n).files())) for t in talks())}
    assert len(naming) >= 25


def named(value: Any, key: str, below: str, fields: dict[str, str]) -> None:
    """Write names and addresses into the objects that stand below a key."""
    if isinstance(value, list):
        for one in value:
            named(one, key, below, fields)
    elif isinstance(value, dict):
        number = re.search(r"(?<!\d)([19]0\d)$", str(value.get("actorId", value.get("id"))))
        if key == below and number and number[1] in PERSONS:
            value.update(filled(fields, PERSONS[number[1]]))
        for inner, one in value.items():
            named(one, inner, below, fields)


def parsed(text: str) -> Iterator[Any]:
    """Yield the documents of a file, which may stand one after the other."""
    while text := text.lstrip():
        document, end = json.JSONDecoder().raw_decode(text)
        yield document
        text = text[end:]


def filled(fields: dict[str, str], person: Person) -> dict[str, str]:
    first, last = person.name.split()
    values = {"name": person.name, "first": first, "last": last, "email": person.address}
    return {field: values[value] for field, value in fields.items()}


NAME = {"name": "name"}
BOTH = {"name": "name", "email": "email"}
SPLIT = {"first": "first", "last": "last"}
# Where a system writes people down whose sample leaves them out.
AMENDED = [
    ("zendesk", "users", BOTH),
    ("zendesk_streams", "users", BOTH),
    ("intercom", "author", BOTH),
    ("intercom_tickets", "author", BOTH),
    ("helpscout", "createdBy", SPLIT),
    ("helpscout_threads", "createdBy", SPLIT),
    ("gorgias", "sender", BOTH),
    ("gorgias_messages", "sender", {"firstname": "first", "lastname": "last"}),
    ("hubspot", "senders", NAME),
    ("front", "author", {"first_name": "first", "last_name": "last"}),
]


@pytest.mark.parametrize(("name", "below", "fields"), AMENDED, ids=[one[0] for one in AMENDED])
def test_names_are_found_where_a_system_writes_them(
    name: str, below: str, fields: dict[str, str], tmp_path: Path
) -> None:
    files = {}
    for file, content in module(name).files().items():
        documents = list(parsed(content.decode()))
        for document in documents:
            named(document, "", below, fields)
        files[file] = b"\n".join(json.dumps(document).encode() for document in documents)
    found = people(name, tmp_path, files)
    for talk in talks():
        known = found[talk.number]
        assert talk.agent.name in known["assistant", "name"]
        if name != "front":  # a customer stands there among the recipients
            assert talk.customer.name in known["user", "name"]


TABLES = [
    ("zendesk_fivetran", "user.csv", "id", {"name": "name", "email": "email"}),
    ("salesforce", "User.csv", "Id", {"FirstName": "first", "LastName": "last"}),
    ("intercom_fivetran", "admin.csv", "id", {"name": "name"}),
]


@pytest.mark.parametrize(("name", "file", "key", "fields"), TABLES, ids=[one[0] for one in TABLES])
def test_a_table_of_people_names_those_who_are_known_by_an_id(
    name: str, file: str, key: str, fields: dict[str, str], tmp_path: Path
) -> None:
    files = module(name).files()
    rows = list(csv.DictReader(io.StringIO(files[file].decode())))
    for row in rows:
        number = re.search(r"([19]0\d)(?:AAA)?$", row[key])
        assert number
        row.update(filled(fields, PERSONS[number[1]]))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    found = people(name, tmp_path, {**files, file: out.getvalue().encode()})
    for talk in talks():
        assert talk.agent.name in found[talk.number]["assistant", "name"]
        if name == "zendesk_fivetran":
            assert talk.customer.name in found[talk.number]["user", "name"]


def test_those_who_wrote_only_notes_or_were_in_copy_take_part(tmp_path: Path) -> None:
    users = [
        {"id": 1, "role": "end-user", "name": "Ana Silva", "phone": "+1 202 555 0143"},
        {"id": 2, "role": "agent", "name": "Mira Lund"},
        {"id": 3, "role": "agent", "name": "Tomás Rey"},
        {"id": 4, "role": "end-user", "name": "Ben Okoro"},
        {"id": 5, "role": "end-user", "name": "Emi Tanaka"},
    ]
    said = [
        {"id": 7, "author_id": 1, "public": True, "body": "Hello"},
        {"id": 8, "author_id": 3, "public": False, "body": "A note"},
        {"id": 9, "author_id": 2, "public": True, "body": "Hi"},
    ]
    ticket = {"id": 6, "requester_id": 1, "assignee_id": 2, "collaborator_ids": [4]}
    files = {"t.json": {"tickets": [{**ticket, "comments": said}], "users": users}}
    reading, _ = read(zendesk.READER, tmp_path, files)
    assert reading.batch.people.select("role", "kind", "value").rows() == [
        ("assistant", "name", "Mira Lund"),
        ("assistant", "name", "Tomás Rey"),
        ("user", "name", "Ana Silva"),
        ("user", "name", "Ben Okoro"),
        ("user", "phone", "+1 202 555 0143"),
    ]


def test_the_fields_of_a_case_name_its_customer(tmp_path: Path) -> None:
    case = "500000000001001AAA"
    cases = f"Id,CaseNumber,Subject,SuppliedName,SuppliedPhone\n{case},1,S,Ana Silva,+12025550143\n"
    mails = (
        "Id,ParentId,Incoming,Status,TextBody,FromName,FromAddress,ToAddress,CcAddress\n"
        f"02s1,{case},1,0,Hello,Ana Silva,ana@customer.example,help@help.example,"
        '"ben@customer.example; Emi <emi@customer.example>"\n'
    )
    files = {"Case.csv": cases, "EmailMessage.csv": mails}
    reading, _ = read(salesforce.READER, tmp_path, files, agents=("help.example",))
    assert reading.batch.people.select("role", "kind", "value").rows() == [
        ("assistant", "email", "help@help.example"),
        ("user", "email", "ana@customer.example"),
        ("user", "name", "Ana Silva"),
        ("user", "phone", "+12025550143"),
        (None, "email", "ben@customer.example"),
        (None, "email", "emi@customer.example"),
    ]


def test_people_are_the_same_whatever_the_order_of_the_records(tmp_path: Path) -> None:
    files = module("zendesk_fivetran").files()
    plain = people("zendesk_fivetran", tmp_path / "one", files)
    head, *rows = files["user.csv"].splitlines()
    turned = {**files, "user.csv": b"\n".join([head, *reversed(rows)])}
    assert people("zendesk_fivetran", tmp_path / "two", turned) == plain


def test_what_people_are_called_is_written_nowhere(tmp_path: Path) -> None:
    files = module("freshdesk").files()
    assert b"Mira Lund" in files["agents.json"]
    write(tmp_path / "export", files)
    audit(tmp_path / "export", out=tmp_path / "run")
    for path in (tmp_path / "run").rglob("*"):
        if path.suffix == ".parquet":
            assert "Mira Lund" not in str(pl.read_parquet(path).rows()), path.name
        elif path.is_file():
            assert b"Mira Lund" not in path.read_bytes(), path.name


def test_machines_and_mailboxes_are_nobody() -> None:
    record = {
        "author": {"id": "1", "name": "Answer Desk", "isBot": True},
        "to": {"name": "Acme Support", "address": "support@help.example"},
        "attachments": [{"author": {"name": "A File"}}],
        "created_at": "2026-03-02T09:00:00Z",
        "brand": {"name": "Acme"},
    }
    found = list(mentions(record))
    assert [one.details for one in found] == [(("email", "support@help.example"),)]


def test_a_name_is_told_from_an_id_a_number_and_an_address() -> None:
    record = {
        "from": "+1 202 555 0143",
        "sender": "Ana Silva <Ana@Customer.example>",
        "author": "5c902",
        "requester": "Ben Okoro",
        "customer": {"handle": "chloe_p", "name": "emi.t"},
    }
    found = {kind: value for one in mentions(record) for kind, value in one.details}
    assert found == {
        "phone": "+1 202 555 0143",
        "email": "ana@customer.example",
        "name": "Ben Okoro",
        "username": "emi.t",
    }


def test_a_directory_finds_who_was_added_first_and_nobody_else() -> None:
    entries = Entries()
    for n in range(2000):
        entries.add(
            [f"id-{n}"],
            details({"name": f"Name Number{'x' * (n % 7)}", "email": f"p{n}@a.example"}),
        )
    entries.add(["id-5"], [("name", "Somebody Else")])
    directory = entries.directory()
    found = directory.find(["id-1999", "id-5", "id-2000"])
    assert set(found) == {"id-1999", "id-5"}
    assert found["id-5"] == (("email", "p5@a.example"), ("name", "Name Numberxxxxx"))[::-1]
    assert Directory().find(["id-5"]) == {}


def test_a_directory_of_many_customers_is_small() -> None:
    entries = Entries()
    count = 20_000
    for n in range(count):
        mixed = n * 2_654_435_761 % (1 << 32)  # so that neighbours have nothing in common
        called = f"{_word(mixed >> 4)} {_word(mixed >> 17)}".title()
        entries.add(
            [str(n)], [("name", called), ("email", f"{called.replace(' ', '.')}@a.example")]
        )
    directory = entries.directory()
    size = directory.digests.nbytes + directory.places.nbytes + sum(map(len, directory.blocks))
    assert size < 60 * count


def _word(seed: int) -> str:
    return "".join("aeioubdfgklmnprstv"[(seed >> shift) % 18] for shift in range(0, 12, 2))


def test_a_ticket_that_names_its_requester_needs_no_table(tmp_path: Path) -> None:
    ticket = {
        **{"id": 1, "requester_id": 5, "responder_id": 9, "source": 1, "status": 2, "priority": 1},
        **{"subject": "S", "description": "<p>Hello</p>", "description_text": "Hello"},
        "requester": {
            "id": 5,
            "name": "Ana Silva",
            "email": "ana@customer.example",
            "mobile": None,
        },
        "conversations": [],
    }
    reading, _ = read(freshdesk.READER, tmp_path, {"tickets.json": [ticket]})
    assert reading.batch.people.select("role", "kind", "value").rows() == [
        ("user", "email", "ana@customer.example"),
        ("user", "name", "Ana Silva"),
    ]
