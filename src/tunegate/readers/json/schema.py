"""Take the texts out of the JSON Schema by which a tool declares its parameters.

Titles and descriptions are prose, but a default, an example or an allowed value may quote a person
just as well. What stays is what a schema is built of: types, formats, references, patterns.
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal

Put = Callable[[str, str], str]

# What a node is: a schema, names with a schema each, or values in which no word is a keyword.
_Kind = Literal["schema", "names", "values"]

_STRUCTURE = frozenset({"type", "format", "$ref", "$id", "$schema", "pattern"})
_LISTED = frozenset({"type", "required"})  # keywords that may hold a list of such words
_NAMES = frozenset(
    {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"}
)
_VALUES = frozenset({"default", "const", "enum", "example", "examples"})


def take_texts(schema: dict[str, Any], place: str, put: Put) -> None:
    """Move every text out of a schema, however deep; `put` gets its place and returns the rest."""
    stack: list[tuple[Any, str, _Kind]] = [(schema, place, "schema")]
    while stack:  # no recursion: a record may be nested 1,000 deep
        node, at, kind = stack.pop()
        inner: list[tuple[Any, str, _Kind]] = []
        for key, value in _steps(node):
            step = f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}"
            if isinstance(value, str):
                if kind != "schema" or key not in _STRUCTURE:
                    node[key] = put(step, value)
            elif isinstance(value, dict):
                inner.append((value, step, _inside(key, kind)))
            elif isinstance(value, list):
                if kind == "schema" and key in _LISTED and _are_words(value):
                    continue
                inner.append((value, step, _inside(key, kind)))
        stack += reversed(inner)


def _steps(node: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - an object or a list
    return iter(node.items() if isinstance(node, dict) else enumerate(node))


def _inside(key: object, kind: _Kind) -> _Kind:
    """Return what stands at a key of a node of that kind."""
    if kind != "schema":
        return "schema" if kind == "names" else "values"
    if key in _VALUES:
        return "values"
    return "names" if key in _NAMES else "schema"


def _are_words(value: list[Any]) -> bool:
    return all(isinstance(item, str) for item in value)
