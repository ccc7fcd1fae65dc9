"""The objects that exports of Salesforce consist of, their ids, and who is who in them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tunegate.model import About
from tunegate.readers.desks.cells import filled
from tunegate.readers.json.elements import VALUES
from tunegate.readers.people import ASSISTANT, BOT, USER
from tunegate.readers.streams import Around, Stream, Table

_ID = 15  # characters; the three that may follow only repeat them for programs that fold case
_NOTHING = "0" * _ID
_CASE = "500"  # how the ids of cases begin
_PATHS = (VALUES, ("records",))
_TYPES = {
    "Standard": ASSISTANT,
    "PowerCustomerSuccess": USER,
    "CustomerSuccess": USER,
    "CspLitePortal": USER,
    "CSPLitePortal": USER,
    "PowerPartner": USER,
    "Partner": USER,
    "Guest": USER,
    "SelfService": USER,
    "AutomatedProcess": BOT,
    "CloudIntegrationUser": BOT,
}

ABOUT = About(
    title="Salesforce Service Cloud",
    export="Setup, Data Export with Case, EmailMessage, CaseComment and User (CSV), or the same "
    "objects from the REST or Bulk API as JSON or CSV",
    reads="mails by `Incoming`, published case comments, posts for all users, chats whose speakers "
    "are certain, and the description of cases that customers opened",
    leaves="unpublished comments, internal posts, drafts, mails that the customer neither wrote "
    "nor received, auto-replies and bounces, deleted and merged cases, mails without a case",
)


def id_of(value: object) -> str | None:
    """Return an id in its form of 15 characters, None for the empty one."""
    word = filled(value)
    return word[:_ID] if word and word[:_ID] != _NOTHING else None


def is_case(value: object) -> bool:
    """Tell whether a value is the id of a case."""
    return (id_of(value) or "").startswith(_CASE)


def persons(table: str, fields: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield the role of a user by their type, or by whether they are a contact."""
    identifier = id_of(fields.get("Id"))
    role = _TYPES.get(filled(fields.get("UserType")) or "")
    if role is None and not filled(fields.get("UserType")) and "ContactId" in fields:
        role = USER if id_of(fields.get("ContactId")) else ASSISTANT
    if identifier and role:
        yield identifier, role


def _of_case(fields: Mapping[str, Any], around: Around) -> str | None:
    """Return the case that a record belongs to, its own id if that is none."""
    for name in ("ParentId", "RelatedToId", "CaseId"):
        if is_case(fields.get(name)):
            return id_of(fields[name])
    return id_of(fields.get("Id"))


def _parent(fields: Mapping[str, Any], around: Around) -> str | None:
    return id_of(fields.get("ParentId"))


def _own(fields: Mapping[str, Any], around: Around) -> str | None:
    return id_of(fields.get("Id"))


def refuses(streams: Sequence[Stream]) -> tuple[str, str] | None:
    """Say why cases alone cannot be used; of JSON they may hold their mails."""
    found = {(stream.table.name, stream.kind) for stream in streams}
    if found and all(table in ("Case", "User") and kind == "rows" for table, kind in found):
        return (
            "holds cases of Salesforce without what was said in them",
            "add EmailMessage.csv and CaseComment.csv of the same export to the folder",
        )
    return None


TABLES = (
    Table(
        "Case",
        needs="Id CaseNumber",
        any="Subject Description Status Origin ContactId SuppliedEmail EmailMessages CaseComments",
        paths=_PATHS,
        key=_own,
    ),
    Table(
        "EmailMessage",
        needs="Id Incoming",
        any="ParentId RelatedToId TextBody HtmlBody FromAddress Status MessageDate",
        paths=_PATHS,
        key=_of_case,
    ),
    Table(
        # One that does not say its direction is unreadable, and must not look like another object.
        "EmailMessage",
        needs="Id FromAddress",
        any="ParentId RelatedToId TextBody HtmlBody Status MessageDate",
        never="Incoming",
        paths=_PATHS,
        key=_of_case,
    ),
    Table(
        "CaseComment",
        needs="Id ParentId CommentBody",
        any="IsPublished IsDeleted CreatedById CreatedDate",
        never="FeedItemId",
        paths=_PATHS,
        key=_parent,
    ),
    Table(
        "FeedComment",
        needs="Id FeedItemId CommentBody",
        any="ParentId InsertedById CreatedById CreatedDate",
        paths=_PATHS,
        key=_of_case,
    ),
    Table(
        "FeedItem",
        needs="Id ParentId Body Type",
        any="Visibility InsertedById CreatedById IsRichText",
        paths=_PATHS,
        key=_of_case,
    ),
    Table(
        "LiveChatTranscript",
        needs="Id Body",
        any="CaseId ChatKey LiveChatVisitorId LiveChatDeploymentId StartTime",
        never="ParentId",
        paths=_PATHS,
        key=_of_case,
    ),
    Table(
        "User",
        needs="Id Username",
        any="UserType ProfileId IsActive Email ContactId",
        paths=_PATHS,
        use="people",
    ),
    Table(
        "other objects",
        needs="Id",
        any="SystemModstamp CreatedById attributes",
        never="CaseNumber Incoming FromAddress CommentBody ChatKey Username",
        paths=_PATHS,
        use="nothing",
    ),
)
