"""The tables that exports of Jira consist of, and which issue a record belongs to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tunegate.model import About
from tunegate.readers.fields import at, identity, text_of
from tunegate.readers.json.elements import VALUES
from tunegate.readers.people import USER
from tunegate.readers.streams import Around, Stream, Table

_ISSUE = re.compile(r"/(?:issue|request)/([^/?#]+)/comment(?:/|$)")
_LISTS = (
    # Lists of other things that lie beside the issues.
    ("fields", "id is_array is_custom name"),
    ("field history", "field_id issue_id time value"),
    ("links", "issue_id related_issue_id relationship"),
    ("kinds of issue", "id description name subtask"),
    ("projects", "id key name lead_id"),
    ("boards", "board_id project_id"),
    ("sprints", "id board_id name start_date"),
    ("epics", "id _fivetran_synced done key name summary"),
    ("components", "id _fivetran_synced description name project_id"),
    ("versions", "id name project_id release_date released"),
    ("statuses", "id name status_category_id"),
    ("groups", "group_name user_id"),
    ("names", "id _fivetran_synced name"),
)
_OWN = "author_id body role email created_at messages conversation_id ticket_id"

ABOUT = About(
    title="Jira Service Management",
    export="REST API: GET /rest/api/3/search/jql?fields=*all, and for issues with many comments "
    "GET /rest/api/3/issue/{key}/comment?expand=properties; on Data Center "
    "GET /rest/servicedeskapi/request and GET /rest/servicedeskapi/request/{key}/comment, or "
    "GET /rest/api/2/search and GET /rest/api/2/issue/{key}/comment?expand=properties",
    reads="the description, and comments that customers see; text, wiki markup or documents (ADF)",
    leaves="internal comments, comments with a restricted visibility, and those that do not say "
    "that they are public; a description that staff wrote for the customer; what apps wrote",
)


def key_of(fields: Mapping[str, Any], around: Around | None = None) -> str | None:
    """Return the id of the issue that a record is or belongs to, None if it does not say."""
    for name in ("issueId", "issue_id"):
        if found := identity(fields.get(name)):
            return found
    for link in (fields.get("self"), at(fields, "_links.self")):
        if named := _ISSUE.search(text_of(link)):
            return named[1]
    is_comment = "body" in fields
    return None if is_comment else identity(fields.get("id")) or identity(fields.get("key"))


def persons(table: str, fields: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield customers; an account of Atlassian may be anyone's."""
    kind = fields.get("accountType", fields.get("account_type"))
    identifier = identity(fields.get("accountId")) or identity(fields.get("id"))
    if kind == "customer" and identifier:
        yield identifier, USER


def refuses(streams: Sequence[Stream]) -> tuple[str, str] | None:
    """Say why an export of comments or issues alone cannot be used."""
    tables = {stream.table.name for stream in streams}
    if "issue" in tables and "comment" not in tables:
        return (
            "holds issues of Jira without their comments",
            "add the table `comment` of the same database to the folder",
        )
    if "csv" in tables:
        return (
            "is Jira's CSV of issues, which does not say which comments customers saw",
            ABOUT.export,
        )
    return None


TABLES = (
    Table(
        "issues",
        needs="key fields",
        any="id self expand renderedFields changelog",
        paths=(VALUES, ("issues",)),
        key=key_of,
        kinds=("lines", "values"),
    ),
    Table(
        "comments",
        needs="id body self",
        any="author updateAuthor jsdPublic visibility properties created",
        never="fields messages",
        paths=(VALUES, ("comments",)),
        key=key_of,
        kinds=("lines", "values"),
        mark=lambda seen: any(_ISSUE.search(text_of(c.get("self"))) for c in seen.shown),
    ),
    Table(
        "requests",
        needs="issueId issueKey",
        any="requestFieldValues reporter createdDate currentStatus serviceDeskId",
        paths=(VALUES, ("values",)),
        key=key_of,
        kinds=("lines", "values"),
    ),
    Table(
        "request comments",
        needs="id body public",
        any="author created renderedBody _links",
        paths=(VALUES, ("values",)),
        key=key_of,
        kinds=("lines", "values"),
        mark=lambda seen: any(_ISSUE.search(text_of(at(c, "_links.self"))) for c in seen.shown),
    ),
    Table(
        "comment",
        needs="id issue_id body author_id",
        any="is_public created updated update_author_id _fivetran_synced",
        key=key_of,
    ),
    Table(
        "issue",
        needs="id key summary reporter",
        any="creator assignee description issue_type project status",
        never="fields",
        key="id",
    ),
    Table(
        "user",
        needs="id name locale time_zone",
        any="username account_type accountType _fivetran_synced",
        never="role ticket_id alias",
        use="people",
    ),
    Table(
        "users",
        needs="accountId accountType",
        any="displayName emailAddress",
        use="people",
        kinds=("lines", "values"),
        paths=(VALUES, ("values",)),
    ),
    Table(
        "an empty page",
        needs="size values isLastPage",
        use="nothing",
        kinds=("values",),
        mark=lambda seen: not any(page.get("values") for page in seen.shown),
    ),
    Table("csv", needs="Summary", kinds=("rows",), mark=lambda seen: seen.has("Issue key")),
    *(Table(name, needs, never=_OWN, use="nothing", kinds=("rows",)) for name, needs in _LISTS),
)
