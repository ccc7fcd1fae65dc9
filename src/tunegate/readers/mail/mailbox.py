"""Read mailboxes (mbox) and single mails (EML).

A mail says neither who is staff nor who saw it. Staff are declared; a mail of theirs counts as
seen by the customer only if it is addressed to the customer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from typing import Any

import orjson
import polars as pl

from tunegate.errors import InputError
from tunegate.model import FRAGMENTS, About, Plan, ReadOptions, Source, Split
from tunegate.readers.bodies.html import to_text
from tunegate.readers.export import Context, Desk, ExportReader
from tunegate.readers.json import lines
from tunegate.readers.json import record as records
from tunegate.readers.json.record import Unreadable
from tunegate.readers.mail.mail_bodies import body_of
from tunegate.readers.mail.mail_cuts import MAIL, Cutting, Mail, is_dated, is_mailbox, mails
from tunegate.readers.mail.mail_folders import of_place
from tunegate.readers.mail.mail_headers import addresses, first, header_of, written_at
from tunegate.readers.mail.mail_ids import ids_of, own_id
from tunegate.readers.mail.mail_talks import is_recall, left_out, talks
from tunegate.readers.mail.threads import Links, Threads
from tunegate.readers.merge import AUTOMATION
from tunegate.readers.people import People
from tunegate.readers.shape import filled, row_of
from tunegate.readers.streams import Around

_USUAL = frozenset({"date", "message-id", "subject", "to", "received", "mime-version"})
_SURE = 2  # fields of a mail beside its author
# The parser takes the square of the time for these; no program writes one a tenth as long.
_ENDLESS = re.compile(
    rb"^content-(?:type|disposition)[ \t]*:(?:[^\r\n]|\r?\n[ \t]){16384}",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_PARSER = BytesParser(policy=policy.compat32)


@dataclass(frozen=True)
class MailContext(Context):
    """What every split needs; threads: which mails belong together."""

    threads: Threads | None = field(default=None)


class MailReader(ExportReader):
    """Reads mails; those of one conversation name each other."""

    def recognises(self, head: bytes, name: str) -> int:
        """Count the usual fields of the first header."""
        if is_mailbox(head):
            head = head.lstrip().partition(b"\n")[2]
        names = _field_names(head)
        usual = len(names & _USUAL)
        if "from" in names and usual >= _SURE:
            return 1 + usual
        # A name that ends so is a promise, even if the mail in it is damaged.
        promised = name.lower().removesuffix(".gz").endswith(".eml")
        return 1 if promised and head.lstrip()[:1] not in (b"{", b"[") else 0

    def plan(self, sources: Sequence[Source], options: ReadOptions) -> Plan:
        """Cut the inputs between mails and find which belong together.

        Raises:
            InputError: nobody was declared to be staff.
        """
        if not options.agents:
            raise InputError(
                "mail does not say who is staff",
                where=sources[0].name if len(sources) == 1 else None,
                hint="name them with `--agent` (an address or a domain); "
                "`tunegate init` shows who writes",
            )
        cuts, links = [], Links()
        for file, source in enumerate(sources):
            cutting = Cutting(source, file)
            for mail in cutting.mails():
                ids = ids_of(mail.raw or b"")
                for followed in ids.follows:
                    links.add(ids.any, followed)
            cuts.append(cutting.cut)
        whole = lines.Cut.joined(cuts)
        around = {file: Around(source.name, {}) for file, source in enumerate(sources)}
        desk = Desk(options, People.of(options.agents), around)
        return Plan(
            self.name,
            tuple(sources),
            whole.splits,
            MailContext(desk, {}, links.threads()),
            whole.faults,
            truncated=whole.truncated,
            scattered=True,
        )

    def read(self, split: Split, plan: Plan) -> Iterator[pl.DataFrame]:
        """Yield the mails of a split with their conversation, without what is attached."""
        context: MailContext = plan.context
        assert context.threads is not None
        rows = context.desk.options.batch_rows
        held: list[tuple[Any, ...]] = []
        size = 0
        source = plan.sources[split.file]
        aside = of_place(source, single=split.table == MAIL)
        for mail in mails(source, split):
            held.append(_fragment(mail, split, context.threads, aside))
            size += len(held[-1][5] or b"")
            if len(held) >= rows or size >= lines.FRAME_BYTES:
                yield _frame(held)
                held, size = [], 0
        if held:
            yield _frame(held)


def _fragment(mail: Mail, split: Split, threads: Threads, aside: str | None) -> tuple[Any, ...]:
    """Return a mail as it is gathered; `aside` is why all mails of its folder are left out."""
    key, record, fault = None, None, None
    try:
        if mail.raw is None:
            raise Unreadable(records.TOO_LONG)
        named = ids_of(mail.raw).any
        key = threads.key(named) if named else None
        parsed = _parsed(mail.raw)
        if aside:
            parsed["excluded"] = aside
        record = orjson.dumps(parsed)
    except Unreadable as refused:
        fault = str(refused)
    row = row_of(split.file, mail.offset)
    return row, split.table, key, mail.line, mail.length, record, fault


def _parsed(raw: bytes) -> dict[str, Any]:
    """Return what counts of a mail, small enough to be gathered."""
    envelope, _, rest = raw.partition(b"\n") if is_mailbox(raw) else (b"", b"", raw)
    before, _, last = rest.rstrip().rpartition(b"\n")
    if is_dated(last):  # the mailbox was cut by hand
        rest = before
    if _ENDLESS.search(rest):
        raise Unreadable("mail has a field too long to be understood")
    try:
        # A mailbox puts `>` before lines of a text that begin with `From `.
        mail = _PARSER.parsebytes(_QUOTED_FROM.sub(rb"\1", rest) if envelope else rest.lstrip())
    except RecursionError:
        raise Unreadable("mail is nested too deep") from None
    header = header_of(mail)
    if not header:
        raise Unreadable("mail has no header")
    authors = addresses(header, "from") or addresses(header, "sender")
    at, misread = written_at(header, envelope.decode("latin-1"))
    found: dict[str, Any] = {
        "author": authors[0] if authors else None,
        "to": [address for _, address in addresses(header, "to", "cc", "bcc")],
        "cc": [{"name": name, "email": address} for name, address in addresses(header, "cc")],
        "reply_to": [address for _, address in addresses(header, "reply-to")],
        "id": own_id(first(header, "message-id")),
        "subject": first(header, "subject"),
        "at": at,
        "misread": misread,
        "excluded": left_out(mail, header),
    }
    try:
        text = body_of(mail)
        if is_recall(to_text(text.text) if text.html else text.text):
            found["excluded"] = found["excluded"] or AUTOMATION
        return found | text._asdict()
    except Unreadable as refused:
        return found | {"fault": str(refused)}


def _field_names(head: bytes) -> set[str]:
    names = set()
    for line in head.lstrip().split(b"\n"):
        if not line.strip():
            break
        name, colon, _ = line.partition(b":")
        if colon and not line[:1].isspace():
            names.add(name.strip().lower().decode("latin-1"))
        elif not line[:1].isspace():
            return set()  # prose
    return names


def _frame(held: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    columns = zip(*held, strict=True)
    return filled(dict(zip(FRAGMENTS, columns, strict=True)), FRAGMENTS)


READER = MailReader(
    name="mail",
    about=About(
        title="Mail (mbox and EML)",
        names_people=True,
        export="Google Takeout, Thunderbird or Apple Mail write a folder as mbox; a folder `Mail` "
        "or `ImapMail` of a Thunderbird profile and a Maildir are read as they lie; most mail "
        "programs save a single mail as .eml, and a folder of these is one export",
        reads="mails of a thread, found by `Message-ID`, `In-Reply-To` and `References`; the plain "
        "text before the HTML",
        leaves="mail among staff or to others than the customer, whoever wrote it, automatic "
        "replies, bounces, lists, invitations, recalls, copies, and drafts, templates, spam and "
        "deleted mail by folder, label, flag or header; encrypted mail is unreadable",
    ),
    tables=(),
    make=talks,
    staff="declared",
)
