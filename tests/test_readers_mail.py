"""Mail: what becomes a turn, what is left out and why, and which mails belong together."""

from pathlib import Path
from typing import Any

import pytest

from exports import Content, books, notes, read, said
from tunegate.errors import InputError
from tunegate.readers.mail.mailbox import READER

STAFF = ("help.example",)
ANA, DESK = "Ana <ana@customer.example>", "desk@help.example"


def mail(text: str, n: int = 0, /, **fields: str | None) -> bytes:
    """Return mail number `n` of a thread; None takes a field away."""
    usual = {
        "From": ANA if n % 2 == 0 else f"Mira <{DESK}>",
        "To": DESK if n % 2 == 0 else ANA,
        "Subject": "Parcel",
        "Date": f"Mon, 02 Mar 2026 09:{n:02}:00 +0000",
        "Message-ID": f"<{n}@mail.example>",
        "References": "<0@mail.example>" if n else None,
    }
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    given = [f"{name}: {value}\n" for name, value in (usual | named).items() if value is not None]
    return "".join([*given, "\n", text, "\n"]).encode()


def mbox(*mails: bytes) -> bytes:
    return b"".join(b"From - Mon Mar  2 09:00:00 2026\n" + one + b"\n" for one in mails)


def read_mails(tmp_path: Path, *mails: bytes, **options: Any) -> Any:
    files: dict[str, Content] = {"box.mbox": mbox(*mails)}
    return read(READER, tmp_path, files, agents=STAFF, **options)[0]


def test_staff_are_told_by_their_domain_and_everybody_else_is_a_user(tmp_path: Path) -> None:
    reading = read_mails(tmp_path, mail("Where is it?"), mail("On its way.", 1))
    assert said(reading) == [[("user", "Where is it?"), ("assistant", "On its way.")]]


def test_a_conversation_has_the_subject_the_id_and_the_customer_of_its_first_mail(
    tmp_path: Path,
) -> None:
    heads = read_mails(tmp_path, mail("b", 1, Subject="Re: Parcel"), mail("a")).batch.conversations
    assert heads.select("id", "group", "subject").rows() == [
        ("0@mail.example", "ana@customer.example", "Parcel")
    ]


def test_the_subject_of_a_mail_among_staff_is_not_shown(tmp_path: Path) -> None:
    note = mail("x", 1, To="tomas@help.example", References=None, Message_ID="<first@mail.example>")
    note = note.replace(b"Subject: Parcel", b"Subject: Secret").replace(b"09:01", b"08:00")
    answer = mail("a", 0, References="<first@mail.example>")
    heads = read_mails(tmp_path, note, answer).batch.conversations
    assert heads["subject"].to_list() == ["Parcel"]


def test_mails_are_read_in_the_order_of_their_dates(tmp_path: Path) -> None:
    reading = read_mails(tmp_path, mail("3", 2), mail("2", 1), mail("1"))
    assert said(reading) == [[("user", "1"), ("assistant", "2"), ("user", "3")]]


def test_without_staff_the_user_is_asked_for_them(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not say who is staff"):
        read(READER, tmp_path, {"box.mbox": mbox(mail("a"))})


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automation"),
        ({"Precedence": "bulk"}, "automation"),
        ({"Return_Path": "<>"}, "automation"),
        ({"X_Autoreply": "yes"}, "automation"),
        ({"From": "MAILER-DAEMON@mx.example"}, "automation"),
        ({"X_Gmail_Labels": "Inbox,Spam"}, "deleted or spam"),
        ({"X_Mozilla_Status": "0009"}, "deleted or spam"),
        ({"X_Status": "D"}, "deleted or spam"),
        ({"X_Gmail_Labels": "Drafts"}, "not sent"),
        ({"X_Unsent": "1"}, "not sent"),
        ({"X_Mozilla_Draft_Info": "internal/draft; vcard=0"}, "not sent"),
        ({"X_Uniform_Type_Identifier": "com.apple.mail-draft"}, "not sent"),
        ({"X_Evolution_Draft": "1"}, "not sent"),
        ({"X_KMail_Drafts": "1"}, "not sent"),
        ({"From": DESK, "To": ANA, "X_Spam_Flag": "YES"}, "deleted or spam"),
        ({"From": DESK, "To": ANA, "X_Spam_Status": "Yes, score=9.1"}, "deleted or spam"),
        ({"From": DESK, "To": "Tomás <tomas@help.example>"}, "internal note"),
        ({"From": DESK, "To": None}, "visibility unknown"),
        ({"From": DESK, "To": "undisclosed-recipients:;"}, "visibility unknown"),
        ({"From": DESK, "To": "carrier@parcels.example"}, "sent to somebody else"),
    ],
)
def test_what_no_customer_wrote_or_saw_is_left_out(
    tmp_path: Path, fields: dict[str, str | None], why: str
) -> None:
    reading = read_mails(tmp_path, mail("a"), mail("x", 2, **fields))
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize("field", ["Cc", "Bcc"])
def test_an_answer_that_the_customer_got_a_copy_of_is_kept(tmp_path: Path, field: str) -> None:
    answer = mail("b", 1, To="tomas@help.example", **{field: ANA})
    assert books(read_mails(tmp_path, mail("a"), answer)) == (2, 0, {}, [])


def test_an_answer_goes_to_where_the_customer_wants_it(tmp_path: Path) -> None:
    first = mail("a", Reply_To="ana@home.example")
    answer = mail("b", 1, To="ana@home.example")
    assert books(read_mails(tmp_path, first, answer)) == (2, 0, {}, [])


def test_mail_that_says_it_is_not_automatic_is_kept(tmp_path: Path) -> None:
    assert books(read_mails(tmp_path, mail("a", Auto_Submitted="no"))) == (1, 0, {}, [])


def test_somebody_else_who_writes_is_a_user_with_a_note(tmp_path: Path) -> None:
    other = mail("b", 2, From="ben@customer.example", Cc=ANA)
    reading = read_mails(tmp_path, mail("a"), other)
    assert said(reading) == [[("user", "a\n\nb")]]
    assert notes(reading) == ["third person"]


@pytest.mark.parametrize(
    ("to", "why"), [(DESK, "sent to somebody else"), (None, "visibility unknown")]
)
def test_what_a_vendor_writes_to_staff_alone_is_left_out(
    tmp_path: Path, to: str | None, why: str
) -> None:
    sent_on = mail("x", 3, To="svc@maker.example")
    vendor = mail("y", 4, From="svc@maker.example", To=to, In_Reply_To="<3@mail.example>")
    reading = read_mails(tmp_path, mail("a"), mail("b", 1), sent_on, vendor)
    assert said(reading) == [[("user", "a"), ("assistant", "b")]]
    assert reading.excluded[why] == (2 if to else 1)


def test_who_opened_a_conversation_with_a_deleted_mail_is_its_customer(tmp_path: Path) -> None:
    vendor = mail("y", 4, From="svc@maker.example")
    reading = read_mails(tmp_path, mail("a", X_Gmail_Labels="Trash"), mail("b", 1), vendor)
    assert said(reading) == [[("assistant", "b")]]


def test_a_mail_that_stands_twice_is_read_once(tmp_path: Path) -> None:
    assert books(read_mails(tmp_path, mail("a"), mail("a"))) == (1, 0, {"repeated": 1}, [])


def test_another_mail_with_the_same_id_is_not_lost(tmp_path: Path) -> None:
    other = mail("b", 2, Message_ID="<0@mail.example>")
    assert books(read_mails(tmp_path, mail("a"), other)) == (1, 1, {}, [])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"From": None}, "mail does not say who wrote it"),
        ({"Date": "some day"}, "time is not understood"),
    ],
)
def test_a_mail_without_author_or_time_is_unreadable(
    tmp_path: Path, fields: dict[str, str | None], why: str
) -> None:
    files: dict[str, Content] = {"a.eml": mail("a"), "b.eml": mail("b", 2, **fields)}
    reading, _ = read(READER, tmp_path, files, agents=STAFF)
    assert books(reading) == (1, 0, {}, [why])
    assert reading.unreadable["file"].to_list() == [1]


def test_the_time_of_delivery_stands_in_for_a_broken_clock(tmp_path: Path) -> None:
    received = "by mx.example; Mon, 02 Mar 2026 08:00:00 +0000"
    reading = read_mails(tmp_path, mail("b"), mail("a", 2, Date="some day", Received=received))
    assert said(reading) == [[("user", "a\n\nb")]]


@pytest.mark.parametrize(
    "follows",
    [
        {"References": "<0@mail.example> <gone@mail.example>"},
        {"References": "<gone@mail.example>\n\t<0@mail.example>"},
        {"References": None, "In_Reply_To": "<0@mail.example>"},
        {
            "References": None,
            "In_Reply_To": "Message of Monday from <ana@c.example> <0@mail.example>",
        },
    ],
    ids=["first", "last", "parent", "prose"],
)
def test_a_mail_follows_what_its_header_names(
    tmp_path: Path, follows: dict[str, str | None]
) -> None:
    files: dict[str, Content] = {"a.eml": mail("a"), "b.eml": mail("b", 1, **follows)}
    reading, _ = read(READER, tmp_path, files, agents=STAFF)
    assert said(reading) == [[("user", "a"), ("assistant", "b")]]


def test_mails_that_follow_the_same_lost_mail_belong_together(tmp_path: Path) -> None:
    one = mail("a", 2, References="<lost@mail.example>")
    other = mail("b", 4, References="<lost@mail.example>")
    assert read_mails(tmp_path, one, other).batch.conversations.height == 1


def test_threads_of_gmail_are_kept(tmp_path: Path) -> None:
    one = mail("a", 0, X_GM_THRID="17")
    other = mail("b", 1, X_GM_THRID="17", References=None)
    assert read_mails(tmp_path, one, other).batch.conversations.height == 1


def test_a_subject_in_common_makes_no_conversation(tmp_path: Path) -> None:
    reading = read_mails(tmp_path, mail("a"), mail("b", 2, References=None))
    assert reading.batch.conversations.height == 2


def test_mails_without_ids_stand_alone(tmp_path: Path) -> None:
    reading = read_mails(tmp_path, *[mail(text, Message_ID=None) for text in "ab"])
    assert said(reading) == [[("user", "a")], [("user", "b")]]


def test_each_mail_is_found_again_at_its_place(tmp_path: Path) -> None:
    box = mbox(mail("a"), mail("b", 1), mail("c", 2))
    reading, plan = read(READER, tmp_path, {"box.mbox": box}, agents=STAFF)
    places = reading.batch.segments.select("line", "offset", "length").rows()
    for line, offset, length in places:
        assert box[offset : offset + length].startswith(b"From - ")
        assert box[:offset].count(b"\n") == line - 1
    assert sum(length for *_, length in places) == len(box)
    assert plan.scattered


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (mail("a"), "x.txt"),
        (mbox(mail("a")), "x"),
        (b"Subject: only this\n\nText.", "x.eml"),
    ],
)
def test_mail_is_recognised_by_its_header_or_its_name(head: bytes, name: str) -> None:
    assert READER.recognises(head, name)


@pytest.mark.parametrize(
    "head",
    [
        b'{"from": "a", "to": "b", "subject": "c"}',
        b"from,to,subject\na,b,c\n",
        b"from: a\nname: b\n",
        b"From here on it is prose.\nNote that well.",
        b"",
    ],
)
def test_what_is_no_mail_is_not_recognised(head: bytes) -> None:
    assert READER.recognises(head, "x.txt") == 0


def test_an_address_of_staff_as_a_name_makes_nobody_staff(tmp_path: Path) -> None:
    asks = mail("Where is it?", From=f'"{DESK}" <mallory@else.example>')
    reading = read_mails(tmp_path, asks, mail("Gone.", 1, To="mallory@else.example"))
    assert said(reading) == [[("user", "Where is it?"), ("assistant", "Gone.")]]
