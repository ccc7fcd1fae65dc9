"""Take out of a mail what its author wrote: the text parts that are shown, without attachments."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message
from html import escape
from typing import NamedTuple

from tunegate.readers.bodies.html import to_text
from tunegate.readers.json.record import Unreadable
from tunegate.readers.mail.mail_headers import characters, decoded

ENCRYPTED = "mail is encrypted, or signed in a way that hides its text"
NO_PARTS = "mail does not show where its parts are"
NOT_DECODED = "text of the mail cannot be decoded"

_BETWEEN = "\n\n"
_PGP = "-----BEGIN PGP MESSAGE-----"
_PGP_SIGNED = re.compile(
    r"\A\s*-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n"
    r"(.*?)^-----BEGIN PGP SIGNATURE-----",
    re.DOTALL | re.MULTILINE,
)
_DASHED = re.compile(r"^- ", re.MULTILINE)
_QUOTE = re.compile(r"^(>*) ?(.*)$", re.DOTALL)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


class Text(NamedTuple):
    """What a mail says.

    html: it is HTML. files: the names of what is attached. garbled: some bytes are no characters.
    cut: the mail ends before its last part does.
    """

    text: str
    html: bool
    files: tuple[str, ...] = ()
    garbled: bool = False
    cut: bool = False


class _Part(NamedTuple):
    text: str
    html: bool
    garbled: bool


def body_of(mail: Message) -> Text:
    """Return the text of a mail; one that has both plain text and HTML says the same twice.

    Raises:
        Unreadable: it is encrypted, or its text cannot be decoded.
    """
    files: list[str] = []
    try:
        parts = [part for part in _shown(mail, files) if part.text.strip()]
    except RecursionError:
        raise Unreadable("mail is nested too deep") from None
    html = bool(parts) and parts[0].html
    texts = [_alike(part, html=html) for part in parts]
    if any(_PGP in text for text in texts):
        raise Unreadable(ENCRYPTED)
    cut = any(
        isinstance(defect, CloseBoundaryNotFoundDefect)
        for part in mail.walk()
        for defect in part.defects
    )
    garbled = any(part.garbled for part in parts)
    return Text(_BETWEEN.join(texts), html, tuple(files), garbled=garbled, cut=cut)


def _shown(part: Message, files: list[str]) -> list[_Part]:
    """Return the texts that a program shows below each other, and note what is attached."""
    kind, subtype = part.get_content_maintype(), part.get_content_subtype()
    if subtype in ("encrypted", "pkcs7-mime", "x-pkcs7-mime"):
        raise Unreadable(ENCRYPTED)
    if kind == "multipart":
        return _of_several(part, subtype, files)
    name = part.get_filename()
    attached = part.get_content_disposition() == "attachment" or name is not None
    if attached or kind != "text" or subtype not in ("plain", "html"):
        files.append(decoded(str(name or part.get_content_type())))
        return []
    raw = _payload(part)
    text, garbled = characters(raw, str(part.get_param("charset", "") or ""))
    if subtype == "plain":
        text = _unsigned(text)
        if str(part.get_param("format", "")).lower() == "flowed":
            text = _reflowed(text, deletes=str(part.get_param("delsp", "")).lower() == "yes")
    return [_Part(text, subtype == "html", garbled)]


def _of_several(part: Message, subtype: str, files: list[str]) -> list[_Part]:
    parts = part.get_payload()
    if not isinstance(parts, list):
        if str(parts or "").strip():
            raise Unreadable(NO_PARTS)
        return []
    inner = [one for one in parts if isinstance(one, Message)]
    if subtype == "digest":
        files += ["message/rfc822"] * len(inner)
        return []
    if subtype == "signed":
        return _shown(inner[0], files) if inner else []
    if subtype != "alternative":
        return [found for one in inner for found in _shown(one, files)]
    options = [_shown(one, files) for one in inner]
    said = [option for option in options if any(found.text.strip() for found in option)]
    plain = [option for option in said if not any(found.html for found in option)]
    return next(iter(plain or said), [])


def _payload(part: Message) -> bytes:
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding != "base64":
        said = part.get_payload(decode=True)
        return said if isinstance(said, bytes) else b""
    raw = str(part.get_payload()).encode("ascii", "replace")
    # Mailing lists append a footer in clear, and gateways cut in the middle of four.
    clean = _NOT_BASE64.sub(b"", raw.partition(b"=")[0])
    try:
        return b64decode(clean[: len(clean) - (len(clean) % 4 == 1)] + b"==")
    except NotBase64:
        raise Unreadable(NOT_DECODED) from None


def _alike(part: _Part, *, html: bool) -> str:
    if part.html == html:
        return part.text
    if part.html:
        return to_text(part.text)
    return "<div>" + escape(part.text, quote=False).replace("\n", "<br>") + "</div>"


def _unsigned(text: str) -> str:
    signed = _PGP_SIGNED.match(text)
    return _DASHED.sub("", signed[1]) if signed else text


def _reflowed(text: str, *, deletes: bool) -> str:
    """Return a text whose lines were broken for the screen with its own lines (RFC 3676)."""
    out: list[list[str]] = []  # lines, as the pieces they were broken into
    depth = None  # of quotes in the line that goes on; None: it does not
    for line in text.replace("\r\n", "\n").split("\n"):
        found = _QUOTE.match(line)
        assert found  # it matches anything
        marks, said = found.groups()
        if depth == len(marks) and said != "-- ":
            out[-1].append(said)
        else:
            out.append([f"{marks} {said}" if marks else said])
        flows = said.endswith(" ") and said != "-- "
        depth = len(marks) if flows else None
        if flows and deletes:
            out[-1][-1] = out[-1][-1][:-1]
    return "\n".join("".join(pieces) for pieces in out)
