"""Mail: a folder of single mails, with HTML beside the text."""

from typing import Any

from sample_data.generator.exports.mail_mbox import NAME, OPTIONS, mails_of_all
from sample_data.generator.exports.shapes import html

__all__ = ["NAME", "OPTIONS", "files"]


def files() -> dict[str, bytes]:
    """Return the export."""
    found: dict[str, bytes] = {}
    for mail in mails_of_all():
        text: Any = mail.get_content()
        mail.clear_content()
        mail.set_content(text)
        mail.add_alternative(html(text.strip()), subtype="html")
        mail.set_boundary(f"part-{len(found)}")
        found[f"mails/{len(found):03}.eml"] = mail.as_bytes()
    return found
