"""Turn the markup of Slack messages into what people see."""

import re
from collections.abc import Mapping

# `<@U1>`, `<#C1|name>`, `<!here>`, `<https://…|label>`; a bare `<` is written as an entity.
_MARK = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def shown(text: str, names: Mapping[str, str]) -> str:
    """Return a text with people and channels by name, links by label, and no entities.

    names: what people are called, by id; whoever is not among them is shown by id.
    """
    plain = _MARK.sub(lambda mark: _shown(*mark.groups(default=""), names=names), text)
    for entity, character in _ENTITIES:
        plain = plain.replace(entity, character)
    return plain


def _shown(kind: str, target: str, label: str, *, names: Mapping[str, str]) -> str:
    if kind == "":
        return label or target.removeprefix("mailto:").removeprefix("tel:")
    if kind == "!":
        # `here`, `channel`; a date, a group: `date^1392734382^…`, `subteam^S1`
        word, _, rest = target.partition("^")
        return label or f"@{rest or word}"
    if kind == "@":
        label = label or names.get(target, target)
    mark = label or target
    return mark if mark.startswith(kind) else f"{kind}{mark}"
