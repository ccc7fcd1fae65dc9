"""How mail programs mark, in HTML, what they quote and what they sign with."""

import re
from enum import Enum

from selectolax.lexbor import LexborNode


class Kind(Enum):
    """What a mail program means by an element."""

    QUOTE = "an earlier mail"
    BLOCK = "a quotation, perhaps the author's own"
    REST = "an earlier mail begins here"
    SIGNATURE = "a signature"


# One of these words stands in any HTML with a mark; most mail has none and is walked faster.
_HINTS = (
    "quote", "cite", "appendonsend", "divrplyfwdmsg", "olk_src", "signature", "border-top",
    "zwchr", "stopspelling", "reference-message", "zmail_extra", "replysection", "-sgn",
)  # fmt: skip
_QUOTE_CLASSES = frozenset(
    {
        "freshdesk_quote",
        "front-blockquote",
        "gmail_quote",
        "gmail_quote_container",
        "moz-cite-prefix",
        "moz-email-headers-table",
        "protonmail_quote",
        "tutanota_quote",
        "yahoo_quoted",
        "zmail_extra",
    }
)
_QUOTE_IDS = frozenset(
    {"isforwardcontent", "isreplycontent", "mail-editor-reference-message-container"}
)
_QUOTE_NAMES = frozenset({"messagereplysection", "quote"})
# Outlook, Outlook for Mac and Hotmail, and Zimbra put everything that was said before below these.
_REST_IDS = frozenset(
    {"appendonsend", "divrplyfwdmsg", "olk_src_body_section", "stopspelling", "zwchr"}
)
_SIGNATURE_CLASSES = frozenset(
    {
        "front-signature",
        "gmail_signature",
        "moz-signature",
        "protonmail_signature_block",
    }
)
_SIGNATURE_IDS = frozenset(
    {
        "applemailsignature",
        "ms-outlook-mobile-signature",
        "signature",
        "zm-_id_-sgn",
    }
)
# What Word, inside Outlook, draws above the header of the mail that is answered.
_RULED = re.compile(
    r"border-top:\s*solid\s+(?:#[0-9a-f]{6}|windowtext|rgb\([\d, ]+\))\s+1(?:\.0)?pt", re.I
)
_MOST_OF_A_HEADER = 2000  # characters: addresses of many people
_LABELS = re.compile(r"(?:^|\n)[^\n:：]{1,30}[:：]|[^\W\d_]{2,15}\s?[:：]\s")


def may_be_marked(html: str) -> bool:
    """Tell whether there is any sense in looking for marks."""
    lowered = html.lower()
    return any(hint in lowered for hint in _HINTS)


def kind_of(node: LexborNode, name: str) -> Kind | None:
    """Return what a mail program means by an element, None where it means nothing by it."""
    attributes = node.attributes
    if not attributes:
        return Kind.BLOCK if name == "blockquote" else None
    marked = (attributes.get("id") or "").lower()
    if marked:
        # Outlook on the web puts `x_` before the names of a mail that it answers.
        marked = marked.removeprefix("x_")
        if marked in _REST_IDS:
            return Kind.REST
        if marked in _QUOTE_IDS:
            return Kind.QUOTE
        if marked in _SIGNATURE_IDS:
            return Kind.SIGNATURE
    classes = {each.removeprefix("x_") for each in (attributes.get("class") or "").lower().split()}
    if not classes.isdisjoint(_QUOTE_CLASSES):
        return Kind.QUOTE
    if not classes.isdisjoint(_SIGNATURE_CLASSES):
        return Kind.SIGNATURE
    if (attributes.get("data-smartmail") or "") == "gmail_signature":
        return Kind.SIGNATURE
    called = (attributes.get("name") or "").lower()
    if called in _QUOTE_NAMES:
        return Kind.QUOTE
    if called == "messagesignaturesection":
        return Kind.SIGNATURE
    if name == "blockquote":
        is_cited = (attributes.get("type") or "").lower() == "cite"
        return Kind.QUOTE if is_cited else Kind.BLOCK
    if name == "div" and _RULED.search(attributes.get("style") or "") and _is_header(node):
        return Kind.REST
    return None


def _is_header(node: LexborNode) -> bool:
    text = node.text(deep=True, separator="\n", strip=True)
    return len(text) <= _MOST_OF_A_HEADER and len(_LABELS.findall(text)) >= 3
