"""What a mail says, whatever program wrote it: parts, charsets, headers, boxes that are damaged."""

import gzip
import random
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports import Content, books, notes, read, said
from tunegate.model import Reading
from tunegate.readers.json import record as records
from tunegate.readers.mail import mail_cuts
from tunegate.readers.mail.mail_headers import addresses, characters, decoded, written_at
from tunegate.readers.mail.mailbox import READER

HEAD = b"From: Ana <ana@customer.example>\nTo: desk@help.example\nSubject: Parcel\n"
FIRST = b"From - Mon Mar  2 09:00:00 2026\n"


def read_one(tmp_path: Path, rest: bytes, name: str = "a.eml") -> Reading:
    files: dict[str, Content] = {name: HEAD + rest}
    return read(READER, tmp_path, files, agents=("help.example",))[0]


def text_of(tmp_path: Path, rest: bytes) -> str:
    return said(read_one(tmp_path, rest))[0][0][1]


def part(kind: str, text: str | bytes, *more: str) -> bytes:
    head = "\n".join([f"Content-Type: {kind}", *more])
    return f"--b\n{head}\n\n".encode() + (text.encode() if isinstance(text, str) else text) + b"\n"


def parts(kind: str, *inner: bytes, end: bytes = b"--b--\n") -> bytes:
    return f'Content-Type: multipart/{kind}; boundary="b"\n\n'.encode() + b"".join(inner) + end


@pytest.mark.parametrize(
    ("rest", "text"),
    [
        (b"\nPlain.\n", "Plain."),
        (b"Content-Type: text/html\n\n<p>One</p><p>Two</p>", "One\n\nTwo"),
        (parts("alternative", part("text/plain", "P"), part("text/html", "<b>H</b>")), "P"),
        (parts("alternative", part("text/plain", " \n"), part("text/html", "<b>H</b>")), "H"),
        (parts("mixed", part("text/plain", "A"), part("text/plain", "B")), "A\n\nB"),
        (parts("mixed", part("text/plain", "A"), part("text/html", "<b>B</b>")), "A\n\nB"),
        (parts("mixed", part("text/html", "<b>A</b>"), part("text/plain", "1 < 2\nB")), "A"),
        (parts("signed", part("text/plain", "S"), part("application/pgp-signature", "x")), "S"),
        (parts("mixed", part("text/plain", "A"), part("text/csv", "a,b")), "A"),
        (
            parts("mixed", part("text/plain", "A"), part('text/plain; name="log.txt"', "log")),
            "A",
        ),
        (
            b"\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHi\n- -- \nAna\n"
            b"-----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\n",
            "Hi",
        ),
        (b"Content-Type: text/plain; format=flowed\n\nOne \nline.\n\nTwo.\n", "One line.\n\nTwo."),
        (b"Content-Type: text/plain; format=flowed; delsp=yes\n\nhttp://a/ \nb\n", "http://a/b"),
        (b"Content-Transfer-Encoding: quoted-printable\n\nA =3D b=\nc\n", "A = bc"),
        (b"Content-Transfer-Encoding: base64\n\nSGVsbG8sIHdvcmxk\n", "Hello, world"),
        (b"Content-Transfer-Encoding: base64\n\nSGVsbG8sIHdvcmxkI\n", "Hello, world"),
    ],
)
def test_the_text_that_a_program_shows_is_read(tmp_path: Path, rest: bytes, text: str) -> None:
    assert text_of(tmp_path, rest).startswith(text)


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        (parts("encrypted", part("application/octet-stream", "x")), "encrypted"),
        (b"Content-Type: application/pkcs7-mime\n\nabc", "encrypted"),
        (b"\n-----BEGIN PGP MESSAGE-----\nabc\n-----END PGP MESSAGE-----\n", "encrypted"),
        (b"Content-Type: multipart/mixed\n\nText.\n", "where its parts are"),
    ],
)
def test_a_text_that_is_hidden_is_unreadable(tmp_path: Path, rest: bytes, why: str) -> None:
    used, _, excluded, reasons = books(read_one(tmp_path, rest))
    assert (used, excluded, len(reasons)) == (0, {}, 1)
    assert why in reasons[0]


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        (b"\n", "empty"),
        (parts("mixed", part("image/png", "x")), "only an attachment"),
        (parts("digest", part("message/rfc822", "From: a@b.example\n\nA")), "only an attachment"),
        (parts("report", part("text/plain", "Could not be delivered")), "automation"),
        (parts("mixed", part("text/plain", "A"), part("text/calendar", "BEGIN")), "automation"),
    ],
)
def test_a_mail_in_which_nobody_says_anything_is_left_out(
    tmp_path: Path, rest: bytes, why: str
) -> None:
    assert books(read_one(tmp_path, rest)) == (0, 0, {why: 1}, [])


def test_the_names_of_what_is_attached_are_decoded(tmp_path: Path) -> None:
    named = 'Content-Disposition: attachment; filename="=?utf-8?q?R=C3=A9sum=C3=A9?="'
    files: dict[str, Content] = {"a.eml": HEAD + parts("mixed", part("image/png", "x", named))}
    reading, _ = read(READER, tmp_path, files, agents=("help.example",), attachments=True)
    assert said(reading) == [[("user", "[attachment: Résumé]")]]


def test_a_mail_that_ends_before_its_last_part_is_noted(tmp_path: Path) -> None:
    reading = read_one(tmp_path, parts("mixed", part("text/plain", "A"), end=b""))
    assert notes(reading) == ["cut short by the source"]


@pytest.mark.parametrize(
    ("raw", "charset", "text", "doubtful"),
    [
        ("é".encode(), "utf-8", "é", False),
        ("é".encode(), "", "é", False),
        ("é".encode(), "iso-8859-1", "é", False),
        ("é".encode(), "UTF_8", "é", False),
        ("é".encode(), "no-such-charset", "é", False),
        (b"\xe9", "iso-8859-1", "é", False),
        (b"\x80", "iso-8859-1", "€", False),
        (b"\xe9", "us-ascii", "é", True),
        (b"\xe9", "", "é", True),
        (b"\xf9", "windows-1255", "ש", False),
        (b"a\xff", "utf-8", "a\ufffd", True),
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本", False),
        (b"plain", "nonsense", "plain", False),
        (b"a", "base64", "a", False),
    ],
)
def test_characters_are_those_of_the_charset_unless_they_cannot_be(
    raw: bytes, charset: str, text: str, *, doubtful: bool
) -> None:
    assert characters(raw, charset) == (text, doubtful)


def test_characters_that_had_to_be_guessed_are_noted(tmp_path: Path) -> None:
    reading = read_one(tmp_path, b"Content-Type: text/plain\n\ncaf\xe9\n")
    assert (said(reading), notes(reading)) == (
        [[("user", "café")]],
        ["characters lost in the source"],
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_mail_that_was_saved_as_utf_16_is_read(tmp_path: Path, encoding: str) -> None:
    content = HEAD.decode() + 'Content-Type: text/plain; charset="utf-16"\n\nŁódź\n'
    files: dict[str, Content] = {"a.eml": content.encode(encoding)}
    reading, _ = read(READER, tmp_path, files, agents=("help.example",))
    assert said(reading) == [[("user", "Łódź")]]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("=?utf-8?q?caf=C3=A9_au_lait?=", "café au lait"),
        ("=?utf-8?b?w6k=?= =?utf-8?b?w6k=?=", "éé"),
        ("=?utf-8?b?w6k=?=\n =?utf-8?b?w6k=?=", "éé"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"),
        ("Re: =?utf-8?q?=C3=A9?= a", "Re: é a"),
        ("=?utf-8?b?w6k?=", "é"),
        ("=?utf-8*fr?q?=C3=A9?=", "é"),
        ("=?no-such?q?abc?=", "abc"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        ("caf\udce9", "café"),
        ("caf\udcc3\udca9", "café"),
        ("a\r\n b", "a b"),
    ],
)
def test_header_fields_are_decoded(field: str, text: str) -> None:
    assert decoded(field) == text


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("Ana <ANA@X.example>", [("Ana", "ana@x.example")]),
        (
            '"Silva, Ana" <a@x.example>, b@x.example',
            [("Silva, Ana", "a@x.example"), ("", "b@x.example")],
        ),
        ("ana@x.example (Ana)", [("Ana", "ana@x.example")]),
        ("undisclosed-recipients:;", []),
    ],
)
def test_addresses_are_taken_from_a_field(field: str, found: list[tuple[str, str]]) -> None:
    assert addresses({"to": [field]}, "to") == found


@pytest.mark.parametrize(
    ("header", "envelope", "hour"),
    [
        ({"date": ["Mon, 2 Mar 2026 10:00:00 +0100"]}, "", 9),
        ({"date": ["Mon, 2 Mar 2026 09:00:00 -0000"]}, "", 9),
        ({"date": ["2026-03-02T09:00:00Z"]}, "", 9),
        ({"received": ["by mx; Mon, 2 Mar 2026 08:00:00 GMT"]}, "", 8),
        ({}, "From ana Mon Mar  2 07:00:00 2026", 7),
        ({}, "From 12@xxx Mon Mar 02 07:00:00 +0000 2026", 7),
        ({}, "From - nothing", None),
    ],
)
def test_a_mail_has_the_time_of_its_sender_or_of_its_delivery(
    header: dict[str, list[str]], envelope: str, hour: int | None
) -> None:
    midnight = 1_772_409_600_000_000
    at, misread = written_at(header, envelope)
    assert (at, misread) == (None if hour is None else midnight + hour * 3_600_000_000, False)


@pytest.mark.parametrize(
    ("body", "mails"),
    [
        (b"\nFrom here on: prose.\n\nFrom there\nit goes on.\n", 1),
        (b"\n>From the start: a quote.\n", 1),
        (b"\nA\n" + FIRST + HEAD + b"\nB\n", 2),
        (b"\nA\n\nFrom\tx\n" + HEAD + b"\nB\n", 1),
        (b"\nA\n\nFrom \n" + HEAD + b"\nB\n", 2),
        (b"\nA\r\n\r\nFrom ana@x\r\n" + HEAD + b"\nB\n", 2),
    ],
)
def test_a_mailbox_is_cut_where_a_header_follows(tmp_path: Path, body: bytes, mails: int) -> None:
    files: dict[str, Content] = {"box": FIRST + HEAD + body}
    reading, _ = read(READER, tmp_path, files, agents=("help.example",))
    assert sum(books(reading)[:2]) == mails


def test_the_first_line_of_a_mail_that_was_cut_away_is_no_text(tmp_path: Path) -> None:
    assert text_of(tmp_path, b"\nA\n\nFrom 12@xxx Mon Mar 02 09:00:00 +0000 2026\n") == "A"


@pytest.mark.parametrize(
    "fields",
    [
        b"References: <" + b" " * 100_000 + b"\n",
        b"Subject: " + b" " * 100_000 + b"a\n",
        b"Cc: " + b"(" * 50_000 + b"\n",
        b"Cc: " + b"a:" * 50_000 + b"\n",
        b"Subject: " + b"=?" * 50_000 + b"\n",
    ],
    ids=["id", "space", "brackets", "groups", "words"],
)
def test_a_header_without_end_costs_nothing(tmp_path: Path, fields: bytes) -> None:
    assert text_of(tmp_path, fields + b"\nA\n") == "A"


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Type: text/plain" + b"; a=b" * 50_000 + b"\n\nA\n",
        b"Content-Type: message/rfc822\n\n" * 3_000,
    ],
    ids=["parameters", "nested"],
)
def test_a_mail_that_no_program_wrote_is_unreadable(tmp_path: Path, rest: bytes) -> None:
    assert len(books(read_one(tmp_path, rest))[3]) == 1


def test_lines_that_a_mailbox_escapes_are_as_they_were_written(tmp_path: Path) -> None:
    box = FIRST + HEAD + b"\nSee:\n>From me\n>>From you\n"
    reading, _ = read(READER, tmp_path, {"box": box}, agents=("help.example",), quotes=False)
    assert said(reading) == [[("user", "See:\nFrom me\n>From you")]]


def test_a_mail_that_is_too_long_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MAX_RECORD", 5_000)
    monkeypatch.setattr("tunegate.readers.inputs.sources.BLOCK", 700)
    long = FIRST + HEAD + b"\n" + b"long line\n" * 2_000
    box = FIRST + HEAD + b"\nA\n\n" + long + b"\n" + FIRST + HEAD + b"\nB\n"
    reading, _ = read(READER, tmp_path, {"box": box}, agents=("help.example",))
    assert books(reading)[3] == ["longer than 64 MB"]
    assert [turns[0][1] for turns in said(reading)] == ["A", "B"]
    line = box[: box.index(b"B\n") - len(FIRST + HEAD)].count(b"\n")
    assert max(n or 0 for n in reading.batch.segments["line"]) == line + 1


def test_a_large_mailbox_is_cut_into_splits_that_read_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, Content] = {"box": (FIRST + HEAD + b"\nA line.\n\n") * 50}
    whole, _ = read(READER, tmp_path, files, agents=("help.example",))
    monkeypatch.setattr(mail_cuts, "SPLIT_BYTES", 400)
    parts_of, plan = read(READER, tmp_path, files, agents=("help.example",))
    assert len(plan.splits) > 10
    assert whole.batch.segments.equals(parts_of.batch.segments)


def test_what_stands_before_a_damaged_place_is_read(tmp_path: Path) -> None:
    noise = b64encode(random.Random(1).randbytes(200_000))
    box = (FIRST + HEAD + b"\nA\n\n") * 3 + FIRST + HEAD + b"\n" + noise
    packed = gzip.compress(box)
    files: dict[str, Content] = {"box.mbox.gz": packed[: len(packed) // 2]}
    reading, plan = read(READER, tmp_path, files, agents=("help.example",))
    assert (reading.used, plan.truncated, plan.faults.height) == (3, (0,), 1)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.binary(max_size=60)
        | st.sampled_from(
            [
                b"\n\n",
                b"From ",
                FIRST,
                HEAD,
                b"Content-Type: multipart/mixed; boundary=b\n",
                b"--b\n",
                b"Content-Transfer-Encoding: base64\n",
                b"=?utf-8?b?",
                b"Date: Mon\n",
                b"References: <",
            ]
        ),
        max_size=12,
    )
)
def test_no_mail_is_lost_whatever_stands_in_it(tmp_path: Path, pieces: list[bytes]) -> None:
    box = FIRST + HEAD + b"\nA\n\n" + FIRST + HEAD + b"".join(pieces)
    reading, plan = read(READER, tmp_path, {"box.mbox": box}, agents=("help.example",))
    used, merged, excluded, reasons = books(reading)
    mails = sum(1 for split in plan.splits for _ in mail_cuts.mails(plan.sources[0], split))
    assert used + merged + sum(excluded.values()) + len(reasons) == mails >= 1
