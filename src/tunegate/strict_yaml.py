"""Read YAML so that nothing in it is lost or misread in silence."""

import re
from typing import Any

import yaml

from tunegate.errors import RuleError


def read_yaml(text: str, *, where: str, error: type[Exception] = RuleError) -> Any:  # noqa: ANN401 - YAML holds anything
    """Parse YAML, refusing a key that stands twice.

    Raises:
        error: it does not parse; names the line where that is known.
    """
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a subclass of SafeLoader
    except ValueError:  # 2026-02-30; PyYAML leaves that to Python, whose message quotes the value
        problem = "cannot be parsed: a date or a number is none"
        raise error(problem, where=where, hint="put it in quotes") from None  # type: ignore[call-arg]
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        what = getattr(problem, "problem", None) or "not YAML"
        raise error(f"cannot be parsed: {what}", where=f"{where}{line}") from None  # type: ignore[call-arg]


class _StrictLoader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """SafeLoader that refuses duplicate keys, which YAML would silently overwrite.

    Only `true` and `false` are booleans: YAML 1.1 would read the key `on` as one, and a case that
    says `No` as another.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - the base class has it so
        first: [(tag, match) for tag, match in resolvers if not tag.endswith(":bool")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key is not a word", key.start_mark
                )
            if key.value in seen and key.tag != "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(
                    None, None, f"key `{key.value}` stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)  # type: ignore[no-any-return]


# To the end of the word, or the text "false alarms are rare" would be taken for a boolean.
_StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("(?:true|false)$"), list("tf")
)
