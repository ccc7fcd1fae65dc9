"""Slack: threads and channels, who is who, what is left out, and what people see of a text."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from sample_data.generator.exports.shapes import as_json, as_zip

from exports import Content, books, notes, read, said
from spoilt import accounted, spoilt
from tunegate.errors import InputError
from tunegate.readers.chats.slack import READER
from tunegate.readers.chats.slack_text import shown

HOUR = 3600
BEGIN = 1772442000  # 2026-03-02 09:00
DAY = "export/help/2026-03-02.json"
NEXT = "export/help/2026-03-05.json"


def message(text: str, n: int = 0, **fields: Any) -> dict[str, Any]:
    ts = f"{BEGIN + 60 * n}.000100"
    return {"type": "message", "user": "U1", "text": text, "ts": ts, **fields}


def reply(text: str, n: int, **fields: Any) -> dict[str, Any]:
    return message(text, n, thread_ts=f"{BEGIN}.000100", **fields)


def user(identifier: str, name: str, **fields: Any) -> dict[str, Any]:
    profile = {"real_name": name, "display_name": "", "email": f"{name.lower()}@shop.example"}
    return {"id": identifier, "name": name.lower(), "profile": profile, "is_bot": False, **fields}


USERS: list[Any] = [user("U1", "Ana"), user("U9", "Mira"), user("U7", "Helper", is_bot=True)]


def day(*messages: Any) -> dict[str, Content]:
    """Return an export as it comes: zipped."""
    return zipped({"export/users.json": USERS, DAY: list(messages)})


def zipped(files: dict[str, Any]) -> dict[str, Content]:
    return {"slack.zip": as_zip({name: as_json(content) for name, content in files.items()})}


def test_a_thread_that_spans_days_is_one_conversation(tmp_path: Path) -> None:
    files = zipped(
        {DAY: [reply("Hi", 0), reply("Hello", 1, user="U9")], NEXT: [reply("Late", 4000)]}
    )
    reading, _ = read(READER, tmp_path, files, agents=("U9",))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello"), ("user", "Late")]]
    assert reading.batch.conversations["id"].to_list() == [f"help/{BEGIN}.000100"]


def test_outside_of_threads_a_day_of_silence_ends_a_conversation(tmp_path: Path) -> None:
    later = 25 * 60
    files = day(message("Hi"), message("Hello", 1, user="U9"), message("Me again", later))
    reading, _ = read(READER, tmp_path, files, agents=("U9",))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")], [("user", "Me again")]]
    assert reading.batch.conversations["id"].to_list() == ["help", "help#2"]


def test_channels_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    files = zipped({DAY: [message("One")], "export/sales/2026-03-02.json": [message("Two", 1)]})
    reading, _ = read(READER, tmp_path, files, agents=("U9",))
    assert said(reading) == [[("user", "One")], [("user", "Two")]]
    assert reading.batch.conversations["tags"].to_list() == [["help"], ["sales"]]


def test_files_that_were_passed_alone_are_not_mixed(tmp_path: Path) -> None:
    files: dict[str, Content] = {"1.json": [message("One")], "2.json": [message("Two", 1)]}
    reading, _ = read(READER, tmp_path, files, agents=("U9",))
    assert said(reading) == [[("user", "One")], [("user", "Two")]]


@pytest.mark.parametrize("agent", ["U9", "Mira", "mira@shop.example", "shop.example", "mira"])
def test_staff_are_declared_by_id_name_address_or_domain(tmp_path: Path, agent: str) -> None:
    files = day(reply("Hi", 0, user="U5"), reply("Hello", 1, user="U9"))
    reading, _ = read(READER, tmp_path, files, agents=(agent,))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]


def test_staff_of_another_workspace_are_known_by_their_profile(tmp_path: Path) -> None:
    profile = {"real_name": "Tom", "display_name": "tom"}
    files = day(reply("Hi", 0), reply("Hello", 1, user="UX", user_profile=profile))
    reading, _ = read(READER, tmp_path, files, agents=("Tom",))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]


def test_nobody_declared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not say who is staff"):
        read(READER, tmp_path, day(message("Hi")))


def test_an_export_without_messages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds users of Slack, and no conversation"):
        read(READER, tmp_path, {"users.json": USERS}, agents=("U9",))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"subtype": "tombstone", "hidden": True}, "deleted or spam"),
        ({"subtype": "channel_join"}, "event"),
        ({"subtype": "pinned_item"}, "event"),
        ({"hidden": True}, "event"),
        ({"is_ephemeral": True, "user": "U9"}, "hidden by the source"),
        ({"subtype": "bot_message", "bot_id": "B1", "user": None}, "automation"),
        ({"bot_id": "B1"}, "automation"),
        ({"user": "U7"}, "automation"),
        ({"user": "USLACKBOT", "subtype": None}, "automation"),
        ({"text": ""}, "empty"),
        ({"text": "", "files": [{"name": "a.png"}]}, "only an attachment"),
    ],
)
def test_what_nobody_said_is_left_out(tmp_path: Path, fields: dict[str, Any], why: str) -> None:
    users = [*USERS, user("USLACKBOT", "Slackbot")]
    messages = [message("Hi"), {**message("x", 1), **fields}]
    files = zipped({"users.json": users, DAY: messages})
    reading, _ = read(READER, tmp_path, files, agents=("U9",))
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize("subtype", ["me_message", "thread_broadcast", "file_share"])
def test_some_subtypes_are_what_people_say(tmp_path: Path, subtype: str) -> None:
    files = day(reply("Hi", 0), reply("Hello", 1, subtype=subtype, user="U9"))
    reading, _ = read(READER, tmp_path, files, agents=("U9",))
    assert books(reading) == (2, 0, {}, [])


def test_moments_that_became_numbers_are_the_same_moments(tmp_path: Path) -> None:
    asked = {**message("Hi"), "ts": float(BEGIN), "thread_ts": float(BEGIN)}
    answered = message("Hello", 1, user="U9", thread_ts=f"{BEGIN}.000000")
    files = zipped({DAY: [asked], NEXT: [answered, {**answered, "ts": float(answered["ts"])}]})
    reading, _ = read(READER, tmp_path, files, agents=("U9",))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert books(reading) == (2, 0, {"repeated": 1}, [])


def test_a_reply_that_was_sent_to_the_channel_too_counts_once(tmp_path: Path) -> None:
    again = reply("Hello", 1, user="U9", subtype="thread_broadcast")
    files = day(reply("Hi", 0), reply("Hello", 1, user="U9"), again)
    reading, _ = read(READER, tmp_path, files, agents=("U9",))
    assert books(reading) == (2, 0, {"repeated": 1}, [])


def test_of_two_versions_the_one_edited_last_counts(tmp_path: Path) -> None:
    edited = message("Hi there", edited={"user": "U1", "ts": f"{BEGIN + HOUR}.000000"})
    reading, _ = read(READER, tmp_path, day(message("Hi"), edited), agents=("U9",))
    assert said(reading) == [[("user", "Hi there")]]
    assert books(reading) == (1, 0, {"repeated": 1}, [])


def test_what_was_deleted_later_is_gone_from_an_older_export(tmp_path: Path) -> None:
    gone = message("", 1, subtype="tombstone", hidden=True)
    files = zipped({DAY: [message("Hi"), message("Secret", 1)], f"newer/{DAY}": [gone]})
    reading, _ = read(READER, tmp_path, files, agents=("U9",))
    assert said(reading) == [[("user", "Hi")]]
    assert books(reading) == (1, 0, {"repeated": 1, "deleted or spam": 1}, [])


def test_a_machine_that_was_declared_is_staff(tmp_path: Path) -> None:
    relay = reply("Hello", 1, bot_id="B1", subtype="bot_message", username="Desk")
    reading, _ = read(READER, tmp_path, day(reply("Hi", 0), relay), agents=("Desk",))
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]


def test_a_day_whose_moments_all_became_numbers_is_read(tmp_path: Path) -> None:
    messages = [{**message("Hi"), "ts": float(BEGIN)}]
    reading, _ = read(READER, tmp_path, {"export/help/1.json": messages}, agents=("U9",))
    assert said(reading) == [[("user", "Hi")]]


def test_machines_become_staff_only_on_demand(tmp_path: Path) -> None:
    files = day(reply("Hi", 0), reply("Hello", 1, user="U7"))
    reading, _ = read(READER, tmp_path, files, agents=("U9",), bots="assistant")
    assert said(reading) == [[("user", "Hi"), ("assistant", "Hello")]]
    assert notes(reading) == ["written by a model"]


def test_another_customer_is_a_third_person(tmp_path: Path) -> None:
    files = day(reply("Hi", 0), reply("Me too", 1, user="U2"))
    reading, _ = read(READER, tmp_path, files, agents=("U9",))
    assert notes(reading) == ["third person"]
    assert reading.batch.conversations["group"].to_list() == ["U1"]


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (message("x", user=None), "message does not say who wrote it"),
        (message("x", ts=None), "message has no `ts`"),
        (message("x", ts="soon"), "time is not understood"),
        ({**message("x"), "text": ["x"]}, "`text` is not text"),
    ],
)
def test_a_message_that_is_not_understood_is_unreadable(
    tmp_path: Path, broken: dict[str, Any], why: str
) -> None:
    reading, _ = read(READER, tmp_path, day(message("Hi"), broken), agents=("U9",))
    assert books(reading) == (1, 0, {}, [why])


def test_a_user_without_an_id_is_a_fault(tmp_path: Path) -> None:
    files = zipped({DAY: [message("Hi")], "users.json": [*USERS, user("", "Nobody")]})
    _, plan = read(READER, tmp_path, files, agents=("U9",))
    assert plan.faults["reason"].to_list() == ["user: has no `id`"]


def test_lists_of_channels_are_named_as_unused(tmp_path: Path) -> None:
    channel = {"id": "C1", "name": "help", "created": 1, "creator": "U9", "members": ["U9"]}
    log = {"user_id": "U9", "user_name": "mira", "date": "1", "change_type": "added"}
    direct = {"id": "D1", "created": 1, "members": ["U1", "U9"]}
    files = zipped(
        {
            DAY: [message("Hi")],
            "channels.json": [channel],
            "dms.json": [direct],
            "integration_logs.json": [log],
            "groups.json": [],
        }
    )
    _, plan = read(READER, tmp_path, files, agents=("U9",))
    names = ("channels", "dms", "integration_logs")
    assert plan.unused == tuple(f"slack.zip/{name}.json" for name in names)


def test_people_are_mentioned_by_name(tmp_path: Path) -> None:
    reading, _ = read(READER, tmp_path, day(message("Ask <@U9>")), agents=("U9",))
    assert said(reading) == [[("user", "Ask @Mira")]]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<@U1> and <@U2>", "@Ana and @U2"),
        ("<@U2|ben>", "@ben"),
        ("<#C1|help> <#C2>", "#help #C2"),
        ("<!here> <!subteam^S1|@desk> <!subteam^S1>", "@here @desk @S1"),
        ("<!date^1772442000^{date}|Monday>", "Monday"),
        ("<https://a.example/?x=1&amp;y=2>", "https://a.example/?x=1&y=2"),
        ("<https://a.example|our page>", "our page"),
        ("<mailto:a@b.example|a@b.example> <mailto:a@b.example>", "a@b.example a@b.example"),
        ("5 &lt; 6 &amp;&amp; 7 &gt; 6", "5 < 6 && 7 > 6"),
        ("&amp;lt;", "&lt;"),
        ("&lt;@U1&gt;", "<@U1>"),
    ],
)
def test_texts_are_what_people_see(text: str, plain: str) -> None:
    assert shown(text, {"U1": "Ana"}) == plain


WHOLE = [
    reply("Hi", 0, edited={"user": "U1", "ts": f"{BEGIN}.1"}, files=[{"name": "a.png"}]),
    reply("Hello", 1, user="U9", user_profile={"real_name": "Mira"}),
    message("Bye", 2, subtype="bot_message", bot_id="B1"),
]


@given(spoilt([message("Sound"), *WHOLE]).filter(lambda found: found[0] == message("Sound")))
def test_every_message_is_accounted_for(messages: list[Any]) -> None:
    assert accounted(READER, day(*messages), agents=("U9",)) == len(messages)
