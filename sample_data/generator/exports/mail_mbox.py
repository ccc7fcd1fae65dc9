"""Mail: a mailbox of threads, as mail programs write it."""

from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from sample_data.generator.exports.talks import BOT, Person, Said, Talk, talks

NAME = "mail"
OPTIONS: dict[str, Any] = {"agents": ("help.example",)}

DESK = Person(900, "Help", "support@help.example")


def files() -> dict[str, bytes]:
    """Return the export: notes are mails among staff, and bots answer by themselves."""
    mails = sorted(mails_of_all(), key=lambda mail: str(mail["Message-ID"]), reverse=True)
    return {"support.mbox": b"".join(_in_mailbox(mail) for mail in mails)}


def mails_of_all() -> Iterator[EmailMessage]:
    """Yield every message of the talks as a mail."""
    for talk in talks():
        for n, said in enumerate(talk.said):
            yield _mail(talk, n, said)


def _mail(talk: Talk, n: int, said: Said) -> EmailMessage:
    mail = EmailMessage()
    author = talk.author(said)
    mail["From"] = f"{author.name} <{author.address}>"
    to = talk.customer if said.who in ("agent", "bot") else DESK
    mail["To"] = f"{to.name} <{to.address}>"
    mail["Subject"] = talk.subject if n == 0 else f"Re: {talk.subject}"
    mail["Date"] = format_datetime(said.at)
    mail["Message-ID"] = _id(talk, n)
    if n:
        mail["In-Reply-To"] = _id(talk, n - 1)
        mail["References"] = " ".join(_id(talk, before) for before in range(n))
    if author == BOT:
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(said.text, cte="base64" if n % 2 else "quoted-printable")
    return mail


def _id(talk: Talk, n: int) -> str:
    return f"<{talk.number}.{n}@mail.example>"


def _in_mailbox(mail: EmailMessage) -> bytes:
    return b"From - Mon Mar  2 09:00:00 2026\n" + mail.as_bytes() + b"\n"
