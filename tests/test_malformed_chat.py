from dataclasses import dataclass
from typing import Any, get_args

import polars as pl
import pytest

from tunegate.checks.chat_faults import FaultName
from tunegate.checks.malformed_chat import MalformedChat
from tunegate.model import FINDINGS, Batch, to_batch
from tunegate.readers.chat import batch_of_records
from tunegate.rules import Action, bundled, parse_rule

NAMES: tuple[FaultName, ...] = get_args(FaultName)
FIXED: tuple[FaultName, ...] = ("developer-role", "unknown-key", "null-key")

HI = {"role": "user", "content": "Hi"}
YO = {"role": "assistant", "content": "Yo."}


@dataclass(frozen=True)
class Named:
    id: str


def found(batch: Batch) -> pl.DataFrame:
    whole = MalformedChat.fuse([(Named(name), MalformedChat(name)) for name in NAMES])
    return whole.check(batch)


def faults(*records: object) -> list[tuple[Any, ...]]:
    places = found(batch_of_records(records)).select("rule", "turn", "part", "kind")
    return places.rows()


def chat(*messages: object, **more: object) -> dict[str, object]:
    return {"messages": list(messages), **more}


def call(call_id: object = "c1", name: object = "f", arguments: object = "{}") -> dict[str, object]:
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


def calls(*made: object) -> dict[str, object]:
    return {"role": "assistant", "content": None, "tool_calls": list(made)}


def reply(call_id: str = "c1") -> dict[str, object]:
    return {"role": "tool", "tool_call_id": call_id, "content": "42"}


def tool(**function: object) -> dict[str, object]:
    return {"type": "function", "function": {"name": "f", **function}}


def nested(depth: int) -> dict[str, object]:
    schema: dict[str, object] = {"type": "string", "default": None}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"x": schema}}
    return schema


def answer(**more: object) -> dict[str, object]:
    return {**YO, **more}


def says(content: object, role: str = "user") -> dict[str, object]:
    return {"role": role, "content": content}


def picture(url: object, **more: object) -> dict[str, object]:
    return {"type": "image_url", "image_url": {"url": url, **more}}


REFUSAL = {"type": "refusal", "refusal": "No."}
TEXT = {"type": "text", "text": "Hi"}
# `fault turn part kind`, with `-` for null → records that have just this one.
BROKEN: dict[str, list[dict[str, object]]] = {
    "missing-messages - /messages missing": [{"prompt": "a", "completion": "b"}],
    "missing-messages - /messages not-a-list": [
        {"messages": "Hi"},
        {"messages": HI},
        {"messages": 3.5},
    ],
    "missing-messages - /messages null": [{"messages": None}],
    "missing-messages - /messages empty": [{"messages": [], "tools": 5}],
    "malformed-message 0 - not-an-object": [chat("Hi", YO)],
    "malformed-message 1 - not-an-object": [chat(HI, None), chat(HI, [YO])],
    "malformed-message 0 /role missing": [chat({"content": "Hi"})],
    "malformed-message 0 /role null": [chat({**HI, "role": None})],
    "malformed-message 0 /role wrong-type": [chat({**HI, "role": ["user"]})],
    "unknown-role 0 /role unknown": [
        chat({**HI, "role": "human"}),
        chat({**HI, "role": "USER"}, YO),
    ],
    "developer-role 0 /role developer": [chat(says("x", "developer"), YO)],
    "malformed-content 0 /content missing": [chat({"role": "user"})],
    "malformed-content 0 /content null": [chat(says(None))],
    "malformed-content 0 /content wrong-type": [
        chat(says(7)),
        chat(says(True)),
        chat(says({"text": "x"})),
    ],
    "malformed-content 0 /content empty": [chat(says([]))],
    "malformed-content 0 /content/0 not-an-object": [chat(says(["Hi"]))],
    "malformed-content 0 /content/0/type missing": [chat(says([{"text": "x"}]))],
    "malformed-content 0 /content/0/type null": [chat(says([{**TEXT, "type": None}]))],
    "malformed-content 0 /content/0/type wrong-type": [chat(says([{**TEXT, "type": 1}]))],
    "malformed-content 0 /content/0/type unknown-part": [chat(says([{"type": "video"}]))],
    "malformed-content 0 /content/0/type audio": [chat(says([{"type": "input_audio"}]))],
    "malformed-content 0 /content/0/type file": [chat(says([{"type": "file"}]))],
    "malformed-content 0 /content/0/text missing": [chat(says([{"type": "text"}]))],
    "malformed-content 0 /content/0/text null": [chat(says([{"type": "text", "text": None}]))],
    "malformed-content 0 /content/0/text wrong-type": [chat(says([{"type": "text", "text": 1}]))],
    "malformed-content 0 /content/0/type image-not-user": [
        chat(says([picture("https://x.y/z")], "system")),
        chat(says([picture("https://x.y/z")], "assistant")),
    ],
    "malformed-content 0 /content/0/type refusal-not-assistant": [chat(says([REFUSAL]))],
    "malformed-content 0 /content several-refusals": [chat(says([REFUSAL, REFUSAL], "assistant"))],
    "malformed-content 0 /content mixed-refusal": [chat(says([TEXT, REFUSAL], "assistant"))],
    "malformed-content 0 /content/0/image_url not-an-object": [
        chat(says([{"type": "image_url", "image_url": "https://x.y"}]))
    ],
    "malformed-content 0 /content/0/image_url/url bad-url": [
        chat(says([picture("ftp://x.y/z.png")])),
        chat(says([picture("data:image/gif;base64,AA==")])),
    ],
    "malformed-content 0 /content/0/image_url/detail bad-detail": [
        chat(says([picture("https://x.y", detail="huge")]))
    ],
    "malformed-content 1 /content null": [
        chat(HI, says(None, "assistant")),
        chat(calls(call()), {**reply(), "content": None}, YO),
    ],
    "malformed-content 1 /audio audio": [chat(HI, answer(audio={"id": "a"}))],
    "malformed-content 0 /name wrong-type": [chat({**HI, "name": 5})],
    "malformed-content 1 /refusal wrong-type": [chat(HI, answer(refusal=5))],
    "malformed-content 1 /content not-a-string": [
        chat(calls(call()), {**reply(), "content": [TEXT]}, YO)
    ],
    "unknown-key 1 /name unknown": [chat(calls(call()), {**reply(), "name": "f"}, YO)],
    "malformed-content 0 /tool_call_id missing": [chat({"role": "tool", "content": "42"})],
    "malformed-content 0 /tool_call_id wrong-type": [chat({**reply(), "tool_call_id": 1})],
    "malformed-content 0 /name missing": [chat({"role": "function", "content": "42"})],
    "malformed-weight 1 /weight wrong-type": [
        chat(HI, answer(weight=True)),
        chat(HI, answer(weight="1")),
    ],
    "malformed-weight 1 /weight not-0-or-1": [
        chat(HI, answer(weight=0.5)),
        chat(HI, answer(weight=-1)),
    ],
    "malformed-weight 1 /weight not-an-integer": [chat(HI, answer(weight=1.0))],
    "malformed-weight 0 /weight not-assistant": [chat({**HI, "weight": 0})],
    "malformed-tools - /tools not-a-list": [chat(HI, tools=tool()), chat(HI, tools="[]")],
    "malformed-tools - /tools too-many": [chat(HI, tools=[tool()] * 129)],
    "malformed-tools - /tools/1 not-an-object": [chat(HI, tools=[tool(), None])],
    "malformed-tools - /tools/0/type not-function": [
        chat(HI, tools=[{**tool(), "type": "retrieval"}])
    ],
    "malformed-tools - /tools/0/function missing": [chat(HI, tools=[{"type": "function"}])],
    "malformed-tools - /tools/0/function not-an-object": [
        chat(HI, tools=[{"type": "function", "function": "f"}])
    ],
    "malformed-tools - /tools/0/function/name missing": [
        chat(HI, tools=[{"type": "function", "function": {}}])
    ],
    "malformed-tools - /tools/0/function/name bad-name": [
        chat(HI, tools=[tool(name="f\n")]),
        chat(HI, tools=[tool(name="f" * 65)]),
        chat(HI, tools=[tool(name="für")]),
    ],
    "malformed-tools - /tools/0/function/parameters not-an-object": [
        chat(HI, tools=[tool(parameters=[])])
    ],
    "malformed-tools - /tools/0/function/strict wrong-type": [chat(HI, tools=[tool(strict=1)])],
    "malformed-tools - /parallel_tool_calls wrong-type": [chat(HI, parallel_tool_calls=1)],
    "malformed-tools - /functions empty": [chat(HI, functions=[])],
    "malformed-tools - /functions too-many": [chat(HI, functions=[{"name": "f"}] * 129)],
    "malformed-tools - /functions/0/name bad-name": [chat(HI, functions=[{"name": "a b"}])],
    "malformed-tool-call 1 /tool_calls not-a-list": [
        chat(HI, {**YO, "tool_calls": call()}),
        chat(HI, {**YO, "tool_calls": "f()"}),
    ],
    "malformed-tool-call 1 /tool_calls empty": [chat(HI, calls())],
    "malformed-tool-call 1 /tool_calls/0 not-an-object": [chat(HI, calls(None))],
    "malformed-tool-call 1 /tool_calls/0/id wrong-type": [chat(HI, calls(call(7)))],
    "malformed-tool-call 1 /tool_calls/0/id null": [chat(HI, calls(call(None)))],
    "malformed-tool-call 1 /tool_calls/0/type not-function": [
        chat(HI, calls({**call(), "type": "custom"}))
    ],
    "malformed-tool-call 1 /tool_calls/0/function/name bad-name": [
        chat(HI, calls(call(name="a.b")))
    ],
    "malformed-tool-call 1 /tool_calls/0/function/arguments arguments-not-a-string": [
        chat(HI, calls(call(arguments={})))
    ],
    "malformed-tool-call 1 /tool_calls/0/function/arguments null": [
        chat(HI, calls(call(arguments=None)))
    ],
    "malformed-tool-call 1 /tool_calls/0/function/arguments arguments-not-json": [
        chat(HI, calls(call(arguments="")))
    ],
    "malformed-tool-call 1 /tool_calls/1/function/arguments arguments-not-json": [
        chat(HI, calls(call(), call("c2", arguments='{"a": [')))
    ],
    "malformed-tool-call 1 /function_call not-an-object": [chat(HI, answer(function_call=[]))],
    "malformed-tool-call 1 /function_call/arguments arguments-not-json": [
        chat(HI, answer(function_call={"name": "f", "arguments": "{'a': 1}"}))
    ],
    "malformed-tool-call 0 /tool_calls not-assistant": [chat({**HI, "tool_calls": [call()]})],
    "unanswered-tool-call 1 /tool_calls/0 unanswered": [
        chat(HI, calls(call()), YO),
        chat(HI, calls(call()), HI),
        chat(HI, calls(call()), HI, reply()),
        chat(HI, calls(call(), call("c2")), reply("c2")),
    ],
    "unanswered-tool-call 1 /tool_call_id no-such-call": [chat(HI, reply(), YO)],
    "unanswered-tool-call 4 /tool_call_id no-such-call": [
        chat(calls(call()), reply(), calls(call("c2")), reply("c2"), reply())
    ],
    "duplicate-call-id 1 /tool_calls/1/id repeated": [chat(HI, calls(call(), call()))],
    "duplicate-call-id 2 /tool_calls/0/id repeated": [chat(calls(call()), reply(), calls(call()))],
    "unknown-key - /metadata unknown": [chat(HI, metadata={"a": 1})],
    "unknown-key - /weight unknown": [chat(HI, weight=1)],
    "unknown-key - /temperature request-parameter": [chat(HI, temperature=1)],
    "unknown-key 0 /id unknown": [chat({**HI, "id": "m1"})],
    "unknown-key 0 /model unknown": [chat({**HI, "model": "m1"})],
    "unknown-key 0 /tool_call_id unknown": [chat({**HI, "tool_call_id": "c1"})],
    "unknown-key 0 /content/0/annotations unknown": [chat(says([{**TEXT, "annotations": []}]))],
    "unknown-key 0 /content/0/image_url/id unknown": [chat(says([picture("https://x.y", id=1)]))],
    "unknown-key 1 /tool_calls/0/index unknown": [chat(HI, calls({**call(), "index": 0}))],
    "unknown-key - /tools/0/function/title unknown": [chat(HI, tools=[tool(title="x")])],
    "null-key - /tools null": [chat(HI, tools=None)],
    "null-key 0 /name null": [chat({**HI, "name": None})],
    "null-key 1 /tool_calls null": [chat(HI, answer(tool_calls=None))],
    "null-key 0 /weight null": [chat({**HI, "weight": None})],
    "null-key 0 /id null": [chat({**HI, "id": None})],
}
ONE_FAULT = [
    pytest.param(record, tuple(fault.split()), id=f"{fault} {n}")
    for fault, records in BROKEN.items()
    for n, record in enumerate(records)
]
RECORDS = [record for records in BROKEN.values() for record in records]


@pytest.mark.parametrize(("record", "fault"), ONE_FAULT)
def test_each_broken_place_is_one_finding(
    record: dict[str, object], fault: tuple[str, ...]
) -> None:
    shown = [tuple("-" if cell is None else str(cell) for cell in row) for row in faults(record)]
    assert shown == [fault]


FINE: dict[str, dict[str, object]] = {
    "plain": chat(HI, YO),
    "call at the end": chat(HI, calls(call())),
    "calls answered in any order": chat(
        HI, calls(call(), call("c2")), reply("c2"), reply(), YO, HI, YO
    ),
    "content beside a call": chat(HI, {**calls(call()), "content": "Let me see."}),
    "no content beside a call": chat(HI, {"role": "assistant", "tool_calls": [call()]}),
    "older call": chat(
        HI,
        {"role": "assistant", "function_call": {"name": "f", "arguments": "[1]"}},
        {"role": "function", "name": "f", "content": None},
        YO,
        functions=[{"name": "f"}],
    ),
    "arguments encoded twice": chat(HI, calls(call(arguments='"{}"'))),
    "parts and pictures": chat(
        says([TEXT, picture("HTTPS://x.y/z", detail="low"), picture("data:image/webp;base64,AA==")])
    ),
    "refusal": chat(HI, says([REFUSAL], "assistant")),
    "names and weights": chat({**HI, "name": "sam"}, answer(weight=0), answer(weight=1)),
    "128 tools": chat(HI, tools=[tool(strict=False, description="x")] * 128),
    "no tools": chat(HI, tools=[], parallel_tool_calls=True),
    "deep schema": chat(HI, tools=[tool(parameters=nested(240))]),
    "10,000 messages": chat(*[HI, answer(weight=1)] * 5000),
}


@pytest.mark.parametrize("record", FINE.values(), ids=list(FINE))
def test_what_the_format_allows_is_not_flagged(record: dict[str, object]) -> None:
    assert faults(record) == []


def test_every_fault_of_a_record_is_found_not_only_the_first() -> None:
    broken = chat(
        says("x", "developer"), {**HI, "name": None, "id": 1}, None, answer(weight=2), tools={}, n=1
    )
    assert sorted(faults(broken), key=str) == [
        ("developer-role", 0, "/role", "developer"),
        ("malformed-message", 2, None, "not-an-object"),
        ("malformed-tools", None, "/tools", "not-a-list"),
        ("malformed-weight", 3, "/weight", "not-0-or-1"),
        ("null-key", 1, "/name", "null"),
        ("unknown-key", 1, "/id", "unknown"),
        ("unknown-key", None, "/n", "request-parameter"),
    ]


def test_ten_thousand_faults_are_ten_thousand_findings() -> None:
    assert len(faults(chat(*[says(7)] * 10_000))) == 10_000


def test_plain_chats_are_judged_by_their_roles_alone() -> None:
    batch = to_batch([[("user", "a"), ("assistant", "b")], [("developer", "a"), ("tool", "b")]])
    assert found(batch).select("rule", "row", "turn", "part", "role", "kind").rows() == [
        ("developer-role", 1, 0, "/role", "developer", "developer"),
        ("malformed-content", 1, 1, "/tool_call_id", "tool", "missing"),
    ]


def test_a_finding_names_the_role_of_its_message() -> None:
    batch = batch_of_records([chat({**HI, "id": 1}, says("x", "human"), answer(weight=2), n=1)])
    assert found(batch).sort("rule", "turn").select("rule", "role").rows() == [
        ("malformed-weight", "assistant"),
        ("unknown-key", None),
        ("unknown-key", "user"),
        ("unknown-role", None),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_alone_finds_what_it_finds_among_all(name: FaultName) -> None:
    batch = batch_of_records(RECORDS)
    alone = MalformedChat(name).check(batch)
    assert not alone.is_empty()
    assert alone.equals(found(batch).filter(pl.col("rule") == name).with_columns(rule=None))


def test_batch_size_changes_nothing() -> None:
    one = [found(batch_of_records([record], first=n)) for n, record in enumerate(RECORDS)]
    assert (
        found(batch_of_records(RECORDS))
        .drop("row")
        .sort(pl.all())
        .equals(pl.concat(one).drop("row").sort(pl.all()))
    )


@pytest.mark.parametrize("name", NAMES)
def test_each_fault_has_a_rule(name: FaultName) -> None:
    text = (bundled("rules") / "format" / f"{name}.yaml").read_text(encoding="utf-8")
    rule = parse_rule(text, f"format/{name}")
    assert rule.build() == MalformedChat(name)
    assert rule.file.action == (Action.FIX if name in FIXED else Action.DROP)


CANARY = "sam@example.com"


def marked(value: object) -> object:
    if isinstance(value, dict):
        return {**{key: marked(inner) for key, inner in value.items()}, CANARY: CANARY, "": None}
    if isinstance(value, list):
        return [*map(marked, value), CANARY]
    return value


@pytest.mark.parametrize("record", RECORDS, ids=[str(case.id) for case in ONE_FAULT])
def test_findings_hold_nothing_of_the_data(record: dict[str, object]) -> None:
    shown = found(batch_of_records([marked(record)]))
    assert not shown.is_empty()
    assert CANARY not in shown.write_json()


def test_a_check_of_nothing_finds_nothing() -> None:
    assert found(to_batch([])).is_empty()
    assert found(to_batch([])).schema == FINDINGS
