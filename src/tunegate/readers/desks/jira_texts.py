"""Take what an author wrote in Jira out of the three ways in which it may stand in an export."""

from typing import Any

import orjson

from tunegate.readers.desks import adf, wiki
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import Message


def said_in(message: Message, body: object, rendered: object = None) -> Message:
    """Return the message with its text: a document, HTML that Jira made, or wiki markup.

    Any of them may have come by mail, and Jira does not say which; so quotes may stand in it.

    Raises:
        Unreadable: the body is neither text nor a document.
    """
    message = message._replace(mail=True)
    if document := _document(body):
        plain = adf.to_plain(document)
        return message._replace(text=plain.text, attachments=plain.attachments)
    if isinstance(rendered, str) and rendered.strip():
        return message._replace(text=rendered, html=True)
    if isinstance(body, str):
        written = wiki.to_plain(body)
        return message._replace(text=written.text, attachments=written.attachments)
    if body is None:
        return message
    raise Unreadable("body is neither text nor a document")


def _document(body: object) -> dict[str, Any] | None:
    if isinstance(body, dict):
        if not adf.is_document(body):
            raise Unreadable("body is neither text nor a document")
        return body
    # Connectors write the document into a field of text.
    if isinstance(body, str) and body.startswith("{") and '"doc"' in body:
        try:
            parsed = orjson.loads(body)
        except orjson.JSONDecodeError:
            return None
        return parsed if adf.is_document(parsed) else None
    return None
