"""Find the people whom a record of an export names: requester, author, those in copy.

Systems write persons down in few ways: an object below a key that says what part they take
(`requester`, `createdBy`), fields that begin with it (`FromName`, `author_email`), or its id. So
one walk over the record serves them all, and no reader has to say where its people stand.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from tunegate.readers.fields import identity
from tunegate.readers.people import ASSISTANT, USER

NAME, EMAIL, PHONE, USERNAME = "name", "email", "phone", "username"
Detail = tuple[str, str]  # kind, value

_LONGEST = 200  # characters; no name or address is longer, and a text put in its place may be
_DIGITS = (7, 15)  # of a telephone number; ITU-T E.164 allows 15
_LONG_ID = 18  # of Salesforce, which is the same without its last three characters
_SHORT_ID = 15

# What part somebody takes, by the word for it in a key; None: it says nothing of their side.
_PARTS: dict[str, str | None] = {
    **dict.fromkeys(("requester", "customer", "contact", "reporter", "visitor", "caller"), USER),
    **dict.fromkeys(("consumer", "supplied", "requestedfor", "openedfor", "lead"), USER),
    **dict.fromkeys(("assignee", "assigneeuser", "agent", "admin", "responder"), ASSISTANT),
    **dict.fromkeys(("assignedto", "resolvedby", "closedby", "teammate", "owner"), ASSISTANT),
    **dict.fromkeys(("author", "sender", "from", "submitter", "creator", "user", "actor")),
    **dict.fromkeys(("createdby", "openedby", "insertedby", "updatedby", "recipient", "to")),
    **dict.fromkeys(("cc", "bcc", "replycc", "emailcc", "mention", "participant", "member")),
    **dict.fromkeys(("collaborator", "follower", "person", "subjectperson", "replyto")),
}
_BEFORE = ("property", "hs", "email", "sys", "primary", "source", "update", "admin", "msg")
_UNNAMED = ("to", "owner", "recipient", "replyto")  # may be a mailbox or a queue: who is unsure
_COPIED = ("cc", "bcc", "replycc", "emailcc")  # of a mailbox such as "Help" no name counts
# What stands in a person's object and is still about them.
_INSIDE = frozenset(["profile", "user", "contact", "contacts", "mentioned", "deliveryidentifier"])
_INSIDE_LISTS = frozenset(["deliveryidentifiers", "emails", "phones"])
_APART = frozenset(["attachments", "embeds", "customfields", "customattributes", "files", "blocks"])
_FIELDS: dict[str, str | None] = {  # None: an id or a name
    **dict.fromkeys(("name", "displayname", "realname", "fullname", "nickname", "alias"), NAME),
    "displayvalue": None,
    **dict.fromkeys(("email", "emails", "emailaddress", "mail", "address", "addresses"), EMAIL),
    **dict.fromkeys(("handle", "value", "userprincipalname"), EMAIL),
    **dict.fromkeys(("phone", "phones", "mobile", "mobilephone", "phonenumber"), PHONE),
    **dict.fromkeys(("username", "screenname"), USERNAME),
    **dict.fromkeys(("firstname", "first"), "first"),
    **dict.fromkeys(("lastname", "last"), "last"),
    **dict.fromkeys(("id", "ids", "sysid", "accountid", "key", "actorid"), "id"),
}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ADDRESS = re.compile(
    r"(?<![^\s<>()\"',;:])[^\s<>()\"',;:@]++@[^\s<>()\"',;:@]+\.[^\s<>()\"',;:@]+"
)
_PHONE = re.compile(r"\+?[\d\s().\u00a0/-]+")
_ROLES = frozenset(("customer", "agent", "support", "user", "assistant", "bot", "system", "admin"))
_MACHINES = ("isbot", "isapp")
_OWN = {*_FIELDS, *_MACHINES, *_INSIDE, *_INSIDE_LISTS, "user", "role"}


class Mention(NamedTuple):
    """Somebody whom a record names.

    ids: all that may be an id. details: what they are called. role: what the key says of it.
    """

    ids: tuple[str, ...]
    details: tuple[Detail, ...]
    role: str | None


class _Key(NamedTuple):
    """What a key says: whose, and what of theirs; None: an id or a name."""

    whose: str
    field: str | None


@lru_cache(maxsize=8192)
def _meaning(key: str) -> _Key | None:
    words = [word.lower() for word in _WORD.findall(key)]
    while len(words) > 1 and words[0] in _BEFORE:
        words.pop(0)
    if len(words) > 1 and words[-1] == "profile":
        words.pop()
    for taken in (0, 1, 2):
        head, tail = words[: len(words) - taken], "".join(words[len(words) - taken :])
        field = _FIELDS.get(tail) if taken else None
        if taken and field is None:
            continue
        whose = "".join(head)
        if whose in _PARTS:
            return _Key(whose, field)
        if whose.endswith("s") and whose[:-1] in _PARTS:
            return _Key(whose[:-1], field)
    return None


@lru_cache(maxsize=8192)
def _bare(key: str) -> str:
    return key.replace("_", "").lower()


# The keys of an object that name somebody, whose and what; and those that may hold more objects.
_Keys = tuple[tuple[tuple[str, str, str | None], ...], tuple[str, ...]]
# Of a person's own object: those that tell of them, with their bare form, and the others.
_OwnKeys = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]
_HOLDERS = (dict, list)
_MANY = 64  # keys; an object with more is a map by ids, and no two have the same


class _Person:
    """Somebody while their object is read."""

    def __init__(self, whose: str) -> None:
        self.whose = whose
        self.ids: list[str] = []
        self.details: list[Detail] = []
        self.first = self.last = ""
        self.is_machine = False

    def take(self, field: str | None, value: object) -> None:
        """Note a field of theirs."""
        if type(value) is int:  # not a boolean
            self.ids.append(str(value))
            return
        if isinstance(value, float):  # of a data frame
            value = identity(value)
        if isinstance(value, list):
            for one in value:
                if isinstance(one, str | int):
                    self.take(field, one)
            return
        if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
            return
        if field == "first":
            self.first = value
        elif field == "last":
            self.last = value
        elif field in (None, "id"):
            self.ids.append(value)
            if len(value) == _LONG_ID and value.isalnum():
                self.ids.append(value[:_SHORT_ID])
            self.details += guessed(value)
        else:
            self.details += _checked(field, value)

    def mention(self) -> Mention | None:
        """Return who it is, None if nothing is known of them, or it is a machine."""
        if self.is_machine:
            return None
        if self.first or self.last:
            self.details += _checked(NAME, f"{self.first} {self.last}")
        if not self.ids and not self.details:
            return None
        details = tuple(dict.fromkeys(self.details))
        if self.whose in _UNNAMED:
            details = tuple(one for one in details if one[0] == EMAIL)
        elif self.whose in _COPIED:
            details = tuple(one for one in details if one[0] != NAME or " " in one[1])
        return Mention(tuple(dict.fromkeys(self.ids)), details, _PARTS.get(self.whose))


def mentions(record: Mapping[str, Any]) -> Iterator[Mention]:
    """Yield the people whom a record names, wherever in it."""
    open_: list[Mapping[str, Any]] = [record]
    while open_:
        for person in _of_object(open_.pop(), open_):
            if (found := person.mention()) is not None:
                yield found


def details(record: Mapping[str, Any]) -> tuple[Detail, ...]:
    """Return what a record of a table of people says of the one whom it is about."""
    person = _Person("")
    _fill(person, record, [])
    found = person.mention()
    return found.details if found else ()


def guessed(value: str) -> Iterator[Detail]:
    """Yield what a string that names somebody is, if it is plainly no id."""
    if "@" in value:
        yield from _checked(EMAIL, value)
        return
    plain = value.strip()
    if plain.startswith("+") and _PHONE.fullmatch(plain):
        yield from _checked(PHONE, plain)
    elif any(map(str.isdigit, plain)) or plain.casefold() in _ROLES or ":" in plain:
        return
    elif " " in plain or (plain.isalpha() and (plain.istitle() or plain.lower() == plain.upper())):
        yield from _checked(NAME, plain)


def _of_object(record: Mapping[str, Any], open_: list[Mapping[str, Any]]) -> Iterator[_Person]:
    """Yield the people that the keys of one object name; what lies deeper is put on `open_`."""
    keys = tuple(record)
    telling, others = _keys(keys) if len(keys) <= _MANY else _sorted_out(keys)
    _put_aside(record, others, open_)
    named: dict[str, _Person] = {}
    for key, whose, field in telling:
        value = record[key]
        if isinstance(value, dict):
            _fill(named.setdefault(whose, _Person(whose)), value, open_)
        elif isinstance(value, list):
            yield from _listed(whose, field, value, open_)
        elif isinstance(value, str) and field in (None, EMAIL) and value.count("@") > 1:
            yield from _addressed(whose, value)
        elif value is not None:
            named.setdefault(whose, _Person(whose)).take(field, value)
    if "accountId" in record and "displayName" in record:  # a person of Jira in any field
        person = _Person("person")
        _fill(person, record, [])
        yield person
    yield from named.values()


def _sorted_out(keys: tuple[str, ...]) -> _Keys:
    telling = [(key, *meaning) for key in keys if (meaning := _meaning(key))]
    told = {key for key, *_ in telling} | {key for key in keys if _bare(key) in _APART}
    return tuple(telling), tuple(key for key in keys if key not in told)


# Records of one kind have the same keys, and there are few kinds.
_keys = lru_cache(maxsize=1024)(_sorted_out)


def _listed(
    whose: str, field: str | None, value: list[Any], open_: list[Mapping[str, Any]]
) -> Iterator[_Person]:
    texts = [one for one in value if isinstance(one, str)]
    if len(texts) == len(value) == 2 and "@" in texts[1] and "@" not in texts[0]:  # a name with it
        person = _Person(whose)
        person.take(NAME, texts[0])
        person.take(EMAIL, texts[1])
        yield person
        return
    for one in value:
        if isinstance(one, dict):
            person = _Person(whose)
            _fill(person, one, open_)
            yield person
        elif isinstance(one, str) and "@" in one:
            yield from _addressed(whose, one)
        elif isinstance(one, str | int):
            person = _Person(whose)
            person.take(field, one)
            yield person


def _addressed(whose: str, written: str) -> Iterator[_Person]:
    """Yield the people of a field of a mail, each with their address alone."""
    for address in _ADDRESS.findall(written[: _LONGEST * 50]):
        person = _Person(whose)
        person.take(EMAIL, address)
        yield person


def _fill(person: _Person, record: Mapping[str, Any], open_: list[Mapping[str, Any]]) -> None:
    """Read the object of a person; other people in it, such as an author's own, are put aside."""
    keys = tuple(record)
    telling, others = _own_keys(keys) if len(keys) <= _MANY else _own(keys)
    _put_aside(record, others, open_)
    for key, bare in telling:
        value = record[key]
        if isinstance(value, dict):
            if "display_value" in value:  # of ServiceNow: as stored, as shown
                person.take(_FIELDS.get(bare), value["display_value"])
                person.take("id" if bare in ("sysid", "username") else None, value.get("value"))
            elif bare in _INSIDE:
                _fill(person, value, open_)
            else:
                open_.append(value)
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            inner = [one for one in value if isinstance(one, dict)]
            if bare not in _INSIDE and bare not in _INSIDE_LISTS:
                open_.extend(inner)
                continue
            for one in inner:
                _fill(person, one, open_)
        elif bare in _MACHINES:
            person.is_machine = person.is_machine or value is True
        elif bare == "role":  # of Front: the one of the recipients who wrote
            person.whose = "from" if value == "from" else person.whose
        elif value is not None:
            person.take("id" if bare == "user" else _FIELDS.get(bare), value)


def _own(keys: tuple[str, ...]) -> _OwnKeys:
    telling = {key: bare for key in keys if (bare := _bare(key)) in _OWN}
    others = (key for key in keys if key not in telling and _bare(key) not in _APART)
    return tuple(telling.items()), tuple(others)


_own_keys = lru_cache(maxsize=1024)(_own)


def _put_aside(
    record: Mapping[str, Any], keys: tuple[str, ...], open_: list[Mapping[str, Any]]
) -> None:
    for held in [value for key in keys if type(value := record[key]) in _HOLDERS and value]:
        if isinstance(held, dict):
            open_.append(held)
        else:
            open_.extend([one for one in held if isinstance(one, dict)])


def _checked(kind: str, value: str) -> Iterator[Detail]:
    """Yield a detail under the kind that it is of, none if it is none."""
    plain = " ".join(value.split())
    if "@" in plain:
        found = _ADDRESS.search(plain)
        if found:
            yield EMAIL, found[0].strip(".").casefold()
            called = plain[: found.start()].rstrip("<( ").strip("\"' ")
            if called and kind != USERNAME:
                yield from _checked(NAME, called)
        return
    digits = sum(map(str.isdigit, plain))
    if kind in (PHONE, EMAIL):
        if _DIGITS[0] <= digits <= _DIGITS[1] and _PHONE.fullmatch(plain):
            yield PHONE, plain
        return
    if not any(map(str.isalpha, plain)):
        if kind == NAME and _DIGITS[0] <= digits and plain.startswith("+"):
            yield from _checked(PHONE, plain)
        return
    is_word = kind == NAME and " " not in plain and (digits or not plain.isalpha())
    if is_word and plain.isascii() and any(mark in plain for mark in "._0123456789"):
        kind = USERNAME
    yield kind, plain
