"""Read the conversations that ChatGPT exports.

A conversation is a tree: an answer that was made again stands beside the first. What was on the
screen last is read, from its last node up to the root; the rest is counted as another branch.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tunegate.model import About
from tunegate.readers.chats.chatgpt_text import unmarked
from tunegate.readers.export import Desk, ExportReader, Found, Talk
from tunegate.readers.fields import at, identity, text_of, word_at
from tunegate.readers.json.elements import VALUES
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import (
    BRANCH,
    CUT_SHORT,
    DISLIKED,
    EVENT,
    HIDDEN,
    MODEL_WRITTEN,
    Message,
    Place,
)
from tunegate.readers.shape import Head
from tunegate.readers.streams import Table
from tunegate.readers.times import moment

_ROLES = ("user", "assistant", "system")
_SPOKEN = ("text", "multimodal_text")
_CHANNELS = (None, "", "final")  # what a model says on others is thought, or said to itself
_VOICE = "audio_transcription"
# How nodes are named; a key that is anything else may be a text, and no place tells texts.
_NAME = re.compile(r"[0-9A-Za-z-]{1,64}")

Node = Mapping[str, Any]


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Talk]:
    for chat in found:
        yield _talk(chat, desk)


def _talk(chat: Found, desk: Desk) -> Talk:
    fields = chat.fields
    nodes = fields["mapping"] if isinstance(fields.get("mapping"), dict) else None
    if nodes is None:
        raise Unreadable("`mapping` is not an object")
    path = _path(nodes, fields.get("current_node"))
    wanted = set(path)
    disliked = _disliked(fields, nodes, desk)
    messages = []
    # The path first, so that its order stands where times do not tell.
    for name in [*path, *(name for name in nodes if name not in wanted)]:
        node = nodes[name]
        if isinstance(node, dict) and node.get("message") is None:
            continue  # the root and other joints of the tree hold none
        pointer = f"/mapping/{name}/message" if _NAME.fullmatch(name) else "/mapping"
        place = chat.place._replace(pointer=pointer)
        try:
            message = _message(node, place, desk)
        except Unreadable as refused:
            message = Message(place, unreadable=str(refused))
        if name not in wanted and message.unreadable is None:
            message = message._replace(role=None, excluded=BRANCH)
        elif message.role == "assistant" and name in disliked:
            message = message._replace(role=None, excluded=DISLIKED)
        # The tree says what follows what; times do not, since a prompt may be edited later.
        messages.append(message._replace(at=None))
    head = Head(
        chat.row,
        id=identity(fields.get("conversation_id")) or identity(fields.get("id")),
        group=word_at(fields, desk.options.group, chat.raw) if desk.options.group else None,
        created_at=moment(fields.get("create_time")),
        subject=text_of(fields.get("title")).strip() or None,
    )
    return Talk(head, messages, (MODEL_WRITTEN,))


def _disliked(fields: Mapping[str, Any], nodes: Mapping[str, Any], desk: Desk) -> set[str]:
    """Return the nodes whose answers were rated as bad, all if it is not said which one was."""
    rated = [identity(fields.get(name)) for name in ("conversation_id", "id")]
    chats = [chat for chat in rated if chat and chat in desk.names]
    found = {name for name in nodes for chat in chats if f"{chat}/{name}" in desk.names}
    return found if found or not chats else set(nodes)


def _ratings(_: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the conversation and the message that somebody rated as bad."""
    rating = text_of(fields.get("rating"))
    chat = identity(fields.get("conversation_id"))
    if chat and "down" in rating.lower():
        yield chat, rating
        for name in ("message_id", "id"):
            if (message := identity(fields.get(name))) is not None:
                yield f"{chat}/{message}", rating


def _path(nodes: Mapping[str, Any], current: object) -> list[str]:
    """Return the names of the nodes from the root to the one that was on the screen last."""
    name = current if isinstance(current, str) and current in nodes else _newest_leaf(nodes)
    path: list[str] = []
    seen = set()
    while name is not None and name not in seen:
        seen.add(name)
        path.append(name)
        parent = _parent(nodes[name])
        name = parent if parent in nodes else None
    return path[::-1]


def _newest_leaf(nodes: Mapping[str, Any]) -> str | None:
    """Return the leaf with the latest message; of several the one that stands last."""
    parents = {_parent(node) for node in nodes.values()}
    leaves = [name for name in nodes if name not in parents]
    times = [moment(at({"node": nodes[name]}, "node.message.create_time")) or 0 for name in leaves]
    newest = max(range(len(leaves)), key=lambda n: (times[n], n), default=None)
    return None if newest is None else leaves[newest]


def _parent(node: object) -> str | None:
    parent = node.get("parent") if isinstance(node, dict) else None
    return parent if isinstance(parent, str) else None


def _message(node: object, place: Place, desk: Desk) -> Message:
    if not isinstance(node, dict) or not isinstance(node["message"], dict):
        raise Unreadable("message is not an object")
    fields: dict[str, Any] = node["message"]
    role = at(fields, "author.role")
    message = Message(place, author=role if isinstance(role, str) else None)
    content = fields.get("content")
    if not isinstance(content, dict):
        raise Unreadable("message has no `content`")
    hidden = at(fields, "metadata.is_visually_hidden_from_conversation")
    if hidden not in (None, False) or fields.get("weight") == 0:
        return message._replace(excluded=HIDDEN)
    recipient = fields.get("recipient")
    if role == "tool" or recipient not in (None, "all"):
        return message._replace(excluded=EVENT)
    if fields.get("channel") not in _CHANNELS or content.get("content_type") not in _SPOKEN:
        return message._replace(excluded=EVENT)
    if role not in _ROLES:
        raise Unreadable("message does not say who wrote it")
    texts, files = _parts(content.get("parts"))
    cut = fields.get("status") == "in_progress" or _reason(fields) == "max_tokens"
    return message._replace(
        role=role,
        text="\n".join(map(unmarked, texts) if role == "assistant" else texts),
        attachments=files,
        note=CUT_SHORT if cut else None,
    )


def _parts(parts: object) -> tuple[list[str], tuple[str, ...]]:
    """Return the texts of a message, and what else it holds."""
    if not isinstance(parts, list | None):
        raise Unreadable("`parts` is not a list")
    texts: list[str] = []
    files: list[str] = []
    for part in parts or ():
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict) and part.get("content_type") == _VOICE:
            texts.append(text_of(part.get("text")))
        elif isinstance(part, dict):
            files.append(text_of(part.get("content_type")) or "attachment")
    return [text for text in texts if text], tuple(files)


def _reason(message: Mapping[str, Any]) -> object:
    return at(message, "metadata.finish_details.type")


def _is_tree(seen: Listing) -> bool:
    """Tell records whose `mapping` holds nodes; other systems map other things."""
    nodes = [record["mapping"] for record in seen.shown if "mapping" in record]
    return any(
        isinstance(mapping, dict)
        and any(isinstance(node, dict) and "message" in node for node in mapping.values())
        for mapping in nodes
    )


READER = ExportReader(
    name="chatgpt",
    about=About(
        title="ChatGPT",
        export="Settings, Data controls, Export data; the archive that comes by mail holds "
        "conversations.json",
        reads="what was on the screen last: texts of user and assistant, and the words of voice",
        leaves="answers that were made again and edited prompts, answers with a thumb down in "
        "message_feedback.json, hidden messages, reasoning, code that ran and what it gave, "
        "searches, marks of citations and pictures",
    ),
    tables=(
        Table(
            "conversations",
            needs="mapping",
            any="current_node conversation_id create_time",
            paths=(VALUES, ("conversations",), ("data",)),
            kinds=("lines", "values"),
            mark=_is_tree,
        ),
        Table("feedback", needs="conversation_id rating", never="mapping", use="people"),
        Table("shared", needs="conversation_id is_anonymous", never="mapping", use="nothing"),
    ),
    make=_make,
    names=_ratings,
)
