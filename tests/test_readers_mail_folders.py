"""Mail that lies where drafts, templates, spam or deleted mail lie is no answer to anybody."""

import zipfile
from email.header import Header
from pathlib import Path

import pytest

from exports import Content, books, read, said, write
from test_readers_mail import STAFF, mail, mbox
from tunegate.errors import InputError
from tunegate.model import Reading
from tunegate.readers import find
from tunegate.readers.mail.mailbox import READER

UNSENT, GONE = "not sent", "deleted or spam"


def answer_in(folder: Path, name: str) -> Reading:
    """Read a mail of a customer, and an answer that lies in a file of that name."""
    single = name.endswith((".eml", ".host")) or ":2," in name
    write(folder, {"Inbox.mbox": mbox(mail("a"))})
    write(folder, {name: mail("x", 1) if single else mbox(mail("x", 1))})
    return read_folder(folder)


def read_folder(folder: Path) -> Reading:
    sources, _ = find([folder], folder / ".spool")
    files: dict[str, Content] = {one.name: Path(one.path).read_bytes() for one in sources}
    return read(READER, folder, files, agents=STAFF)[0]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Drafts.mbox", UNSENT),
        ("Templates.mbox", UNSENT),
        ("Unsent Messages.mbox", UNSENT),
        ("Outbox.mbox", UNSENT),
        ("Entwürfe.mbox", UNSENT),
        ("Entw&APw-rfe.mbox", UNSENT),
        ("Drafts (2).mbox", UNSENT),
        ("INBOX.Drafts.mbox", UNSENT),
        ("Trash.mbox", GONE),
        ("Junk.mbox", GONE),
        ("Deleted Messages.mbox/mbox", GONE),
        ("[Gmail].sbd/Papierkorb", GONE),
        ("Trash.sbd/Old", GONE),
        ("Brouillons/1.eml", UNSENT),
        ("cur/2.host:2,DS", UNSENT),
        ("cur/4.host:2,ST", GONE),
        (".Drafts/cur/2.host:2,S", UNSENT),
        (".INBOX.Trash/cur/2.host:2,S", GONE),
    ],
)
def test_mail_in_a_folder_for_what_was_not_sent_or_is_gone_is_left_out(
    tmp_path: Path, name: str, why: str
) -> None:
    assert books(answer_in(tmp_path, name)) == (1, 0, {why: 1}, [])


def test_the_flags_of_a_mail_with_a_line_before_it_count(tmp_path: Path) -> None:
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "1.host:2,D").write_bytes(mbox(mail("x", 1)))
    assert books(read_folder(tmp_path)) == (0, 0, {UNSENT: 1}, [])


@pytest.mark.parametrize(
    "name",
    ["Sent.mbox", "Sent", "Gesendet.sbd/2026", "Spam.eml", "cur/2.host:2,RS", ".Sent/new/3.host"],
)
def test_mail_in_other_folders_is_kept(tmp_path: Path, name: str) -> None:
    assert said(answer_in(tmp_path, name)) == [[("user", "a"), ("assistant", "x")]]


def test_a_folder_that_is_named_itself_counts(tmp_path: Path) -> None:
    folder = tmp_path / "Drafts"
    folder.mkdir()
    (folder / "1.eml").write_bytes(mail("x", 1))
    assert books(read_folder(folder)) == (0, 0, {UNSENT: 1}, [])


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        ("Entwürfe", UNSENT),
        ("Brouillons", UNSENT),
        ("Borradores", UNSENT),
        ("Rascunhos", UNSENT),
        ("Concepten", UNSENT),
        ("Bozze", UNSENT),
        ("下書き", UNSENT),
        ("Черновики", UNSENT),
        ("Scheduled", UNSENT),
        ("Papierkorb,Geöffnet", GONE),
        ("Wichtig, Corbeille", GONE),
        ("Papelera", GONE),
        ("Lixeira", GONE),
        ("Prullenbak", GONE),
    ],
)
@pytest.mark.parametrize("encoded", [False, True])
def test_labels_are_known_in_other_languages(
    tmp_path: Path, labels: str, why: str, *, encoded: bool
) -> None:
    written = Header(labels, "utf-8").encode() if encoded else labels
    files: dict[str, Content] = {"a.eml": mail("a"), "b.eml": mail("x", 1, X_Gmail_Labels=written)}
    reading, _ = read(READER, tmp_path, files, agents=STAFF)
    assert books(reading) == (1, 0, {why: 1}, [])


@pytest.mark.parametrize("labels", ["Posteingang,Geöffnet", "Gesendet", "Trash talk"])
def test_other_labels_say_nothing(tmp_path: Path, labels: str) -> None:
    files: dict[str, Content] = {"a.eml": mail("a", X_Gmail_Labels=labels)}
    assert books(read(READER, tmp_path, files, agents=STAFF)[0]) == (1, 0, {}, [])


@pytest.mark.parametrize(
    "text",
    [
        'Mira Keller would like to recall the message, "Parcel".',
        'Keller, Mira möchte die Nachricht "Parcel" zurückrufen.',
    ],
)
def test_a_wish_to_recall_a_mail_is_left_out(tmp_path: Path, text: str) -> None:
    recall = mail(text, 1, Subject="Recall: Parcel")
    files: dict[str, Content] = {"box.mbox": mbox(mail("a"), recall)}
    assert books(read(READER, tmp_path, files, agents=STAFF)[0]) == (1, 0, {"automation": 1}, [])


def test_a_recall_of_goods_is_no_recall_of_a_mail(tmp_path: Path) -> None:
    files: dict[str, Content] = {"a.eml": mail("Is mine concerned?", Subject="Recall: kettle")}
    assert books(read(READER, tmp_path, files, agents=STAFF)[0]) == (1, 0, {}, [])


def test_files_of_a_profile_that_are_no_mail_are_passed_over(tmp_path: Path) -> None:
    for name, content in {
        "Inbox": mbox(mail("a")),
        "Inbox.msf": b"// <!-- <mdb:mork:z v=1.4/> -->",
        "LICENSE": b"From here on it is prose.\nNote: nothing else.",
        "tmp/1.host": mail("b"),
        "cur/notes": b"Buy milk.",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    sources, passed = find([tmp_path], tmp_path / ".spool")
    assert [source.name for source in sources] == ["Inbox"]
    assert passed == ["Inbox.msf", "LICENSE", "cur/notes", "tmp/1.host"]


def test_a_folder_without_any_mail_is_refused(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("Prose.")
    with pytest.raises(InputError, match="no file that can be read"):
        find([tmp_path], tmp_path / ".spool")


def test_an_archive_of_mail_folders_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mail.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Mail/Inbox", mbox(mail("a")))
        archive.writestr("Mail/.Sent/cur/1.host:2,S", mail("b", 1))
        archive.writestr("Mail/Drafts", mbox(mail("x", 3)))
        archive.writestr("Mail/README", "Prose.")
    sources, passed = find([path], tmp_path / "spool")
    assert passed == ["mail.zip/Mail/README"]
    names = ["Mail/.Sent/cur/1.host:2,S", "Mail/Drafts", "Mail/Inbox"]
    assert [source.name for source in sources] == [f"mail.zip/{name}" for name in names]
