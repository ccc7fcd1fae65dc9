"""Tables of messages: columns, roles, quoting, and conversations whose rows lie apart."""

import csv
import gzip
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunegate.errors import InputError
from tunegate.model import FRAGMENTS, Plan, Reading, ReadOptions, empty
from tunegate.readers import choose, find
from tunegate.readers.json import record
from tunegate.readers.table import READER

HEADER = "conversation_id,role,content,created_at"


def read(content: bytes, folder: Path, name: str = "t.csv", **options: Any) -> tuple[Reading, Plan]:
    path = folder / name
    path.write_bytes(content)
    chosen = ReadOptions(**options)
    sources, _ = find([path], path.parent / "spool")
    assert choose(sources, chosen).reader is READER
    plan = READER.plan(sources, chosen)
    return READER.assemble(fragments_of(plan), plan), plan


def fragments_of(plan: Plan) -> pl.DataFrame:
    read = [frame for split in plan.splits for frame in READER.read(split, plan)]
    return pl.concat([empty(FRAGMENTS), *read])


def rows(*lines: str, header: str = HEADER, end: str = "\n") -> bytes:
    return (end.join([header, *lines]) + end).encode()


def said(reading: Reading) -> list[tuple[Any, ...]]:
    heads = reading.batch.conversations.select("row", "id")
    return reading.batch.turns.join(heads, on="row").select("id", "turn", "role", "text").rows()


def books(reading: Reading) -> tuple[int, int, dict[str, int], int]:
    return reading.used, reading.merged, dict(reading.excluded), reading.unreadable.height


def test_scattered_rows_are_gathered_sorted_and_joined(tmp_path: Path) -> None:
    content = rows(
        "b,agent,Late,2024-03-02T10:00:00Z",
        "a,user,One,2024-03-01T10:00:00Z",
        "b,customer,Hi,2024-03-01T12:00:00Z",
        "a,agent,Reply,2024-03-01T11:00:00Z",
        "b,requester,again,2024-03-01T13:00:00Z",
    )
    found, plan = read(content, tmp_path)
    assert said(found) == [
        ("b", 0, "user", "Hi\n\nagain"),
        ("b", 1, "assistant", "Late"),
        ("a", 0, "user", "One"),
        ("a", 1, "assistant", "Reply"),
    ]
    assert books(found) == (4, 1, {}, 0)
    heads = found.batch.conversations
    assert heads.select("id", "created_at").rows() == [
        ("b", datetime(2024, 3, 1, 12, tzinfo=UTC)),
        ("a", datetime(2024, 3, 1, 10, tzinfo=UTC)),
    ]
    # The row is the smallest of the conversation's, and each segment finds its line again.
    assert heads["row"].to_list() == [len(HEADER) + 1, content.index(b"a,user")]
    for offset, length, line in found.batch.segments.select("offset", "length", "line").rows():
        assert content[offset : offset + length] == content.splitlines(keepends=True)[line - 1]
    assert fragments_of(plan)["conversation"].to_list() == ["b", "a", "b", "a", "b"]


def test_quoted_line_ends_keep_lines_and_offsets_right(tmp_path: Path) -> None:
    content = rows(
        'a,user,"one\ntwo ""x"", y\n\nend",',
        "",
        "a,agent,after,",
        end="\r\n",
    )
    found, _ = read(content, tmp_path)
    assert said(found) == [
        ("a", 0, "user", 'one\ntwo "x", y\n\nend'),
        ("a", 1, "assistant", "after"),
    ]
    assert found.batch.segments.select("line", "offset").rows() == [
        (2, content.index(b"a,user")),
        (7, content.index(b"a,agent")),
    ]


ROLES = {
    "user": "user",
    "Customer": "user",
    "requester": "user",
    "end-user": "user",
    " Agent ": "assistant",
    "assistant": "assistant",
    "admin": "assistant",
    "support": "assistant",
    "system": "system",
}


@pytest.mark.parametrize(("word", "role"), ROLES.items(), ids=ROLES.keys())
def test_a_word_of_the_role_column_is_a_role(word: str, role: str, tmp_path: Path) -> None:
    found, _ = read(rows(f"a,{word},Hi,"), tmp_path)
    assert said(found) == [("a", 0, role, "Hi")]


OUTCOMES = {
    "a bot": ("a,bot,CANARY,", {"automation": 1}, None),
    "a note": ("a,note,CANARY,", {"internal note": 1}, None),
    "internal": ("a,Internal,CANARY,", {"internal note": 1}, None),
    "an empty body": ('a,user," ",', {"empty": 1}, None),
    "a role nobody mapped": ("a,manager,CANARY,", {}, "role is not mapped"),
    "no role": ("a,,CANARY,", {}, "role is not mapped"),
    "no conversation": (" ,user,CANARY,", {}, "record names no conversation"),
    "too few fields": ("a,user,CANARY", {}, "fewer fields than the header"),
    "too many fields": ("a,user,CANARY,,", {}, "more fields than the header"),
    "a NUL": ("a,user,CAN\0ARY,", {}, "NUL character"),
    "a stray quote": ('a,user,"CAN"ARY,', {}, "not CSV"),
    "a carriage return": ("a,user,CAN\rARY,", {}, "not CSV"),
    "a quote never closed": ('a,user,"CANARY,', {}, "a quoted field is never closed"),
}


@pytest.mark.parametrize(("line", "excluded", "reason"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_a_row_is_used_or_accounted_for(
    line: str, excluded: dict[str, int], reason: str | None, tmp_path: Path
) -> None:
    content = rows("a,user,Hi,", line)
    found, _ = read(content, tmp_path)
    assert said(found) == [("a", 0, "user", "Hi")]
    assert books(found) == (1, 0, excluded, 0 if reason is None else 1)
    assert "CANARY" not in str(found.unreadable.rows())
    if reason is not None:
        number, offset, length, why = found.unreadable.select(
            "line", "offset", "length", "reason"
        ).row(0)
        assert (number, why) == (3, reason)
        assert content[offset : offset + length] == line.encode() + b"\n"


def test_a_table_that_is_cp1252_throughout_is_read_as_that(tmp_path: Path) -> None:
    content = rows("a,user,caf\u00e9 \u20ac,", "b,user,plain,").decode().encode("cp1252")
    found, plan = read(content, tmp_path)
    assert said(found) == [("a", 0, "user", "caf\u00e9 \u20ac"), ("b", 0, "user", "plain")]
    assert plan.sources[0].encoding == "cp1252"


def test_a_table_of_mixed_encodings_is_not_guessed(tmp_path: Path) -> None:
    content = rows("a,user,caf\u00e9,").decode().encode("cp1252") + "b,user,pl\u00e4in,\n".encode()
    found, _ = read(content, tmp_path)
    assert said(found) == [("b", 0, "user", "pl\u00e4in")]
    assert found.unreadable.select("line", "reason").rows() == [(2, "not UTF-8")]


def test_rows_of_nothing_are_no_records(tmp_path: Path) -> None:
    found, _ = read(rows(",,,", "", "a,user,Hi,", ", ,,"), tmp_path)
    assert books(found) == (1, 0, {}, 0)


@pytest.mark.parametrize(
    "delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"]
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
def test_the_delimiter_is_found_from_the_header(
    delimiter: str, mark: bytes, tmp_path: Path
) -> None:
    content = rows("a,user,Hi,").replace(b",", delimiter.encode())
    found, _ = read(mark + content, tmp_path)
    assert said(found) == [("a", 0, "user", "Hi")]


def test_the_index_of_a_data_frame_is_passed_over(tmp_path: Path) -> None:
    found, _ = read(
        rows("\t0\ta\tuser\tHi".lstrip("\t"), header="\tticket_id\trole\tbody"), tmp_path
    )
    assert said(found) == [("a", 0, "user", "Hi")]


def test_declared_columns_and_roles_win(tmp_path: Path) -> None:
    header = "ticket_id,Case,role,Who,content,Text,when,Kunde,Betreff"
    content = rows("x,1,user,Kundin,no,Hallo,1709294400,acme,Frage", header=header)
    found, _ = read(
        content,
        tmp_path,
        columns={
            "conversation": "Case",
            "role": "Who",
            "body": "Text",
            "created_at": "when",
            "group": "Kunde",
            "subject": "Betreff",
        },
        roles={"KUNDIN": "user"},
    )
    assert said(found) == [("1", 0, "user", "Hallo"), ("1", None, None, "Frage")]
    head = found.batch.conversations.row(0, named=True)
    assert (head["group"], head["subject"]) == ("acme", "Frage")
    assert head["created_at"] == datetime(2024, 3, 1, 12, tzinfo=UTC)


def test_the_group_option_names_a_column(tmp_path: Path) -> None:
    content = rows("a,user,Hi,north", header="conversation_id,role,content,region")
    found, _ = read(content, tmp_path, group="region")
    assert found.batch.conversations["group"].to_list() == ["north"]


def test_authors_are_kept(tmp_path: Path) -> None:
    content = rows("a,user,Hi,u-1", "a,agent,Yes,", header="conversation_id,role,content,author_id")
    found, _ = read(content, tmp_path)
    assert found.batch.turns["author"].to_list() == ["u-1", None]


VISIBLE = {
    ("public", "TRUE"): None,
    ("public", "1"): None,
    ("public", "false"): "internal note",
    ("public", ""): "visibility unknown",
    ("visibility", "public"): None,
    ("visibility", "Private"): "internal note",
    ("visibility", "maybe"): "visibility unknown",
    ("is_private", "false"): None,
    ("is_private", "true"): "internal note",
    ("is_private", "public"): None,
}


@pytest.mark.parametrize(
    ("column", "word", "reason"), [(*k, v) for k, v in VISIBLE.items()], ids=map(str, VISIBLE)
)
def test_only_what_says_that_it_is_public_is_kept(
    column: str, word: str, reason: str | None, tmp_path: Path
) -> None:
    content = rows(f"a,user,Hi,{word}", header=f"conversation_id,role,content,{column}")
    found, _ = read(content, tmp_path)
    assert dict(found.excluded) == ({} if reason is None else {reason: 1})
    assert len(said(found)) == (reason is None)


MISTAKES: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "no column for the body": (
        "conversation_id,role,note",
        {},
        "hold the body",
        "source.columns.body",
    ),
    "a column that is not there": (
        "ticket,role,content",
        {"columns": {"conversation": "tickets"}},
        "no column `tickets`",
        "did you mean `ticket`?",
    ),
    "a name of ours that is none": (
        HEADER,
        {"columns": {"bodies": "content"}},
        "`columns.bodies`",
        "did you mean `body`?",
    ),
    "a role that is none": (
        HEADER,
        {"roles": {"x": "asistant"}},
        "`roles.x` is not a role",
        "did you mean `assistant`?",
    ),
    "a column twice": ("ticket_id,role,role,body", {}, "`role` twice", "rename one"),
}


@pytest.mark.parametrize(
    ("header", "options", "problem", "hint"), MISTAKES.values(), ids=MISTAKES.keys()
)
def test_a_mistake_in_the_columns_is_one_clear_error(
    header: str, options: dict[str, Any], problem: str, hint: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as refused:
        read(rows(header=header), tmp_path, **options)
    assert problem in refused.value.problem
    assert hint in str(refused.value.hint)


def test_a_row_too_long_to_hold_is_passed_over_to_the_end_of_its_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "MAX_RECORD", 200)
    inside = "\n".join(["b,user,inside,"] * 40)
    content = rows("a,user,Hi,", f'a,user,"{inside}",', "a,agent,Bye,", f"a,user,{'x' * 300},")
    found, _ = read(content, tmp_path)
    assert said(found) == [("a", 0, "user", "Hi"), ("a", 1, "assistant", "Bye")]
    assert set(found.unreadable["reason"]) == {record.TOO_LONG}
    assert found.unreadable["line"].to_list() == [*range(3, 43), 44]


def test_a_missing_quote_does_not_hide_how_many_rows_it_swallows(tmp_path: Path) -> None:
    swallowed = [f"b{n},user,Row {n}," for n in range(30)]
    found, _ = read(rows("a,user,Hi,", 'a,user,"open,', *swallowed), tmp_path)
    assert said(found) == [("a", 0, "user", "Hi")]
    assert found.unreadable["line"].to_list() == list(range(3, 34))
    found, _ = read(rows('a,user,"open,', *swallowed, 'c,user,"x",', "d,user,Hi,"), tmp_path)
    assert said(found) == [("d", 0, "user", "Hi")]
    assert found.unreadable["line"].to_list() == list(range(2, 34))


def test_a_long_field_is_read(tmp_path: Path) -> None:
    found, _ = read(rows(f"a,user,{'x' * 500_000},"), tmp_path)
    assert found.batch.turns["text"].str.len_chars().to_list() == [500_000]


def test_a_truncated_gzip_keeps_its_whole_rows(tmp_path: Path) -> None:
    lines = [f"c{n},user,{n * 7919 % 10007} words {n * 104729 % 65537}," for n in range(4000)]
    content = rows(*lines)
    packed = gzip.compress(content)
    found, plan = read(packed[: len(packed) // 2], tmp_path, "t.csv.gz")
    assert plan.truncated == (0,)
    assert plan.faults["reason"].to_list() == ["the compressed file ends early"]
    assert found.used == content[: plan.splits[0].end].count(b"\n") - 1 > 1000


def test_two_tables_of_different_columns_share_conversations(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(rows("t1,user,Hi,2024-01-01"))
    (tmp_path / "b.tsv").write_bytes(b"body\tticket_id\trole\nBye\tt1\tagent\n")
    sources, _ = find([tmp_path], tmp_path / "spool")
    plan = READER.plan(sources, ReadOptions())
    found = READER.assemble(fragments_of(plan), plan)
    assert said(found) == [("t1", 0, "user", "Hi"), ("t1", 1, "assistant", "Bye")]
    assert found.batch.segments["file"].to_list() == [0, 1]


def test_a_header_alone_has_no_records(tmp_path: Path) -> None:
    found, plan = read(rows(), tmp_path)
    assert books(found) == (0, 0, {}, 0)
    assert plan.faults.is_empty()


CELLS = st.text(st.sampled_from('ab",\n\r;é '), max_size=6)


@settings(max_examples=100, deadline=None)
@given(
    drawn=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["user", "agent", "note"]), CELLS),
        max_size=10,
    ),
    size=st.integers(1, 4),
    block=st.integers(1, 50),
)
def test_tables_are_read_as_the_csv_module_writes_them(
    drawn: list[tuple[str, str, str]],
    size: int,
    block: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([("conversation", "role", "body"), *drawn])
    folder = tmp_path_factory.mktemp("csv")
    found, plan = read(out.getvalue().encode(), folder)
    used, merged, excluded, unreadable = books(found)
    assert used + merged + sum(excluded.values()) == len(drawn)
    assert unreadable == 0

    texts = {
        name: [
            text
            for mine, role, body in drawn
            if mine == name and role != "note"
            if (text := body.replace("\r\n", "\n").replace("\r", "\n").strip())
        ]
        for name in "abc"
    }
    for name, parts in texts.items():
        joined = [text for owner, _, _, text in said(found) if owner == name]
        assert "\n\n".join(joined) == "\n\n".join(parts)

    # Neither blocks nor frames nor which conversations arrive together change a row.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tunegate.readers.inputs.sources.BLOCK", block)
        again = READER.plan(plan.sources, ReadOptions(batch_rows=size))
        fragments = fragments_of(again)
    assert fragments.equals(fragments_of(plan))
    apart = [READER.assemble(part, plan) for (_, part) in fragments.group_by("conversation")]
    for name in ("conversations", "turns"):
        whole = getattr(found.batch, name)
        joined_parts = pl.concat([whole.clear(), *(getattr(part.batch, name) for part in apart)])
        assert whole.equals(joined_parts.sort("row", maintain_order=True))
