"""The keys that an object of a chat record must and may have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

# One broken place: name of the fault, which variant, and the path from the message or the record.
Spot = tuple[str, str, Path]

# The type of a key whose value is judged by hand, apart from not being null.
ANYTHING: type = object

_EXPECTED: dict[type, str] = {dict: "not-an-object", list: "not-a-list"}


@dataclass(frozen=True)
class Shape:
    """The keys of an object and the types of their values.

    elsewhere: keys that something else judges, null or not.
    """

    required: Mapping[str, type]
    optional: Mapping[str, type] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()


def pointer(path: Path) -> str:
    """Return a path of our own words as a JSON Pointer."""
    return "".join(f"/{step}" for step in path)


def shape_faults(thing: object, shape: Shape, name: str, path: Path = ()) -> Iterator[Spot]:
    """Yield what is missing, null, unknown or of a wrong type among an object's keys.

    name: what the fault is called, except that a null which may simply go is a `null-key` and a
    key that has no place here is an `unknown-key`.
    """
    if not isinstance(thing, dict):
        yield name, "not-an-object", path
        return
    for key in shape.required:
        if key not in thing:
            yield name, "missing", (*path, key)
    for key, value in thing.items():
        expected = shape.required.get(key) or shape.optional.get(key)
        if key in shape.elsewhere:
            continue
        if value is None:
            yield name if key in shape.required else "null-key", "null", (*path, key)
        elif expected is None:
            yield "unknown-key", "unknown", (*path, key)
        elif not isinstance(value, expected):
            yield name, _EXPECTED.get(expected, "wrong-type"), (*path, key)
