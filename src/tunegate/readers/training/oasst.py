"""Read Open Assistant trees: flat messages, or nested replies below a prompt.

A tree becomes one conversation, along the replies that people ranked best.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tunegate.model import About, ReadOptions
from tunegate.readers.export import Desk, ExportReader, Found, Talk
from tunegate.readers.fields import at, identity, objects, whole
from tunegate.readers.json.glimpse import Listing
from tunegate.readers.json.record import Unreadable
from tunegate.readers.merge import AUTOMATION, DELETED, Message, Place
from tunegate.readers.people import ASSISTANT, BOT, USER
from tunegate.readers.shape import Head
from tunegate.readers.streams import Table
from tunegate.readers.times import moment
from tunegate.readers.training.records import text_in, truth

RANKED_LOWER = "another reply is ranked higher"
BELOW = "a reply to a message that is left out"
NO_PARENT = "the message that it replies to is in no input"
TWICE = "`message_id` stands twice"

_ROLES = {"prompter": USER, "assistant": ASSISTANT}
_STOPPED = ("aborted_low_grade", "halted_by_moderator")
_SPAM = 0.5  # most of those who were asked called it spam
_UNRANKED = 1 << 30


class Node(NamedTuple):
    """A message of a tree."""

    identifier: str
    parent: str | None
    fields: Mapping[str, Any]
    place: Place


def _make(found: Sequence[Found], desk: Desk) -> Iterator[Talk]:
    nested = [one for one in found if one.table == "trees"]
    flat = [one for one in found if one.table == "messages"]
    nodes: list[Node] = []
    lost: list[Message] = []
    for tree in nested:
        nodes += _unfolded(tree, lost)
    for one in flat:
        identifier = identity(one.fields.get("message_id"))
        if identifier is None:
            lost.append(Message(one.place, unreadable="message has no `message_id`"))
        else:
            parent = identity(one.fields.get("parent_id")) or None
            nodes.append(Node(identifier, parent, one.fields, one.place))
    whole = found[0].fields
    stopped = any(one.fields.get("tree_state") in _STOPPED for one in found)
    root = next((node for node in nodes if node.parent is None), None)
    head = Head(
        found[0].row,
        id=identity(whole.get("message_tree_id")),
        group=identity(root.fields.get("user_id")) if root else None,
        created_at=moment(root.fields.get("created_date")) if root else None,
        tags=[str(root.fields["lang"])] if root and root.fields.get("lang") else [],
    )
    yield Talk(head, [*_messages(nodes, stopped, desk.options), *lost])


def _unfolded(tree: Found, lost: list[Message]) -> Iterator[Node]:
    """Yield the messages of a nested tree, parents first."""
    prompt = tree.fields.get("prompt")
    waiting: deque[tuple[Any, str | None, Place]] = deque()
    waiting.append((prompt, None, tree.place._replace(pointer="/prompt")))
    while waiting:
        fields, parent, place = waiting.popleft()
        if not isinstance(fields, dict):
            lost.append(Message(place, unreadable="message is not an object"))
            continue
        identifier = identity(fields.get("message_id")) or str(place.pointer)
        yield Node(identifier, parent, fields, place)
        replies = fields.get("replies") or []
        if not isinstance(replies, list):
            at_list = place._replace(pointer=f"{place.pointer}/replies")
            lost.append(Message(at_list, unreadable="`replies` is not a list"))
            continue
        for n, reply in enumerate(replies):
            below = place._replace(pointer=f"{place.pointer}/replies/{n}")
            waiting.append((reply, identifier, below))


def _messages(nodes: Sequence[Node], stopped: bool, options: ReadOptions) -> Iterator[Message]:
    """Yield every message of a tree: those of the best path in its order, then the others."""
    known: dict[str, Node] = {}
    below: dict[str | None, list[Node]] = {}
    for node in nodes:
        if node.identifier in known:
            yield Message(node.place, unreadable=TWICE)
            continue
        known[node.identifier] = node
        below.setdefault(node.parent, []).append(node)
    walked: list[Node] = []
    rest: list[tuple[Node, str]] = []
    here: str | None = None
    while replies := below.pop(here, None):
        fit = [node for node in replies if not _unfit(node, stopped, options)]
        best = min(fit, key=lambda node: _rank(node.fields), default=None)
        others = [node for node in replies if node is not best]
        rest += [(node, _unfit(node, stopped, options) or RANKED_LOWER) for node in others]
        if best is None:
            break
        walked.append(best)
        here = best.identifier
    yield from (_message(node) for node in walked)
    yield from (Message(node.place, excluded=why) for node, why in rest)
    hidden = deque(node for node, _ in rest)
    while hidden:
        for node in below.pop(hidden.popleft().identifier, ()):
            yield Message(node.place, excluded=_unfit(node, stopped, options) or BELOW)
            hidden.append(node)
    yield from _orphans(below.values())


def _orphans(groups: Iterable[Sequence[Node]]) -> Iterator[Message]:
    for group in groups:
        yield from (Message(node.place, unreadable=NO_PARENT) for node in group)


def _message(node: Node) -> Message:
    role = node.fields.get("role")
    try:
        text = text_in(node.fields, "text")
    except Unreadable as refused:
        return Message(node.place, unreadable=str(refused))
    if not isinstance(role, str) or role not in _ROLES:
        return Message(node.place, unreadable="role is neither prompter nor assistant")
    # A model's reply is on the path only where the user wants to learn from such.
    said = BOT if truth(node.fields.get("synthetic")) else _ROLES[role]
    return Message(node.place, role=said, text=text, author=identity(node.fields.get("user_id")))


def _unfit(node: Node, stopped: bool, options: ReadOptions) -> str | None:
    """Return why a message is left out, None if it may stay."""
    fields = node.fields
    refused = truth(fields.get("review_result")) is False
    if stopped or truth(fields.get("deleted")) or refused or _is_spam(fields.get("labels")):
        return DELETED
    if truth(fields.get("synthetic")):
        assisted = fields.get("role") == "assistant" and options.bots != "drop"
        return None if assisted else AUTOMATION
    return None


def _is_spam(labels: object) -> bool:
    """Tell whether people labelled a message as spam, in any of the ways that labels are written.

    They are an object by name, a list of objects, or an object of lists.
    """
    value = at(labels, "spam.value") if isinstance(labels, dict) else None
    pairs = [(label.get("name"), label.get("value")) for label in objects(labels)]
    if isinstance(labels, dict) and isinstance(labels.get("name"), list):
        values = labels.get("value")
        pairs = list(zip(labels["name"], values if isinstance(values, list) else (), strict=False))
    value = next((number for name, number in pairs if name == "spam"), value)
    return isinstance(value, int | float) and value >= _SPAM


def _rank(fields: Mapping[str, Any]) -> int:
    """Return the place that people gave a reply: 0 is the best, and none comes last."""
    rank = whole(fields.get("rank"))
    return _UNRANKED if rank is None else rank


def _prompted(seen: Listing) -> bool:
    prompts = objects([record.get("prompt") for record in seen.objects])
    return any("text" in prompt for prompt in prompts) or not seen.objects


READER = ExportReader(
    name="oasst",
    about=About(
        title="Open Assistant (OASST)",
        export="the published JSON Lines of trees or of messages, also as Parquet",
        reads="a conversation a tree: from the prompt along the reply with the best rank",
        leaves="other replies and what follows them, deleted messages, spam, trees that were "
        "stopped, and what a model wrote",
    ),
    tables=(
        Table(
            "messages",
            needs="message_id message_tree_id text role",
            any="parent_id rank review_result review_count tree_state",
            key="message_tree_id",
        ),
        Table(
            "trees",
            needs="message_tree_id prompt",
            any="tree_state origin prompt",
            key="message_tree_id",
            kinds=("lines", "values"),
            mark=_prompted,
        ),
    ),
    make=_make,
)
