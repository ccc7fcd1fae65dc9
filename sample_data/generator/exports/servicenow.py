"""ServiceNow: the journal, the incidents and the users, as CSV of the list export."""

from typing import Any

from sample_data.generator.exports.shapes import as_csv
from sample_data.generator.exports.talks import BOT, Person, Said, Talk, talks

NAME = "servicenow"
OPTIONS: dict[str, Any] = {}


def files() -> dict[str, bytes]:
    """Return the export."""
    return {
        "incident.csv": as_csv(incidents(), quoted=True),
        "sys_journal_field.csv": as_csv(journal()[::-1], quoted=True),
        "sys_user.csv": as_csv(users(), quoted=True),
    }


def incidents() -> list[dict[str, Any]]:
    """Return a row a talk; `comments_and_work_notes` joins what is internal with what is not."""
    return [
        {
            "sys_id": _id(talk),
            "number": f"INC00{talk.number}",
            "caller_id": _user(talk.customer),
            "opened_by": _user(talk.customer),
            "assigned_to": _user(talk.agent),
            "short_description": talk.subject,
            "description": talk.said[0].text,
            "opened_at": _time(talk.said[0]),
            "close_notes": "Carrier paid, staff only.",
            "work_notes": "\n\n".join(said.text for said in talk.said if said.who == "note"),
            "comments_and_work_notes": "\n\n".join(said.text for said in talk.said),
        }
        for talk in talks()
    ]


def journal() -> list[dict[str, Any]]:
    """Return the entries of all talks but for their descriptions."""
    return [
        {
            "sys_id": f"{_id(talk)[:-2]}{n:02}",
            "name": "incident",
            "element_id": _id(talk),
            "element": "work_notes" if said.who == "note" else "comments",
            "value": said.text,
            "sys_created_on": _time(said),
            "sys_created_by": "system" if said.who == "bot" else _login(talk.author(said)),
        }
        for talk in talks()
        for n, said in enumerate(talk.said)
        if n
    ]


def users() -> list[dict[str, Any]]:
    """Return everybody who writes; what roles they have stands in another table."""
    people = {person for talk in talks() for person in (talk.customer, talk.agent)} - {BOT}
    return [
        {
            "sys_id": _user(person),
            "user_name": _login(person),
            "name": person.name,
            "email": person.address,
            "roles": "",
        }
        for person in sorted(people)
    ]


def _id(talk: Talk) -> str:
    return f"{talk.number:032x}"


def _user(person: Person) -> str:
    return f"{person.id:032x}"


def _login(person: Person) -> str:
    return person.address.partition("@")[0]


def _time(said: Said) -> str:
    return said.at.strftime("%Y-%m-%d %H:%M:%S")
