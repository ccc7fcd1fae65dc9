"""Tell the ids that number a record from those that may name a person."""

import re

_MARKS = (  # what systems put before the numbers they count up
    "case|chat|chg|conv|conversation|cs|dialog|dialogue|example|hd|id|inc|issue|item|msg|prb|record|req"
    "|ritm|row|sample|session|sr|task|tck|thread|ticket|tkt|trace"
)
# A long number may be a telephone or an account, and a word with figures somebody's user name:
# only short numbers count, a mark or a project's key before them, and what machines draw.
_OPAQUE = re.compile(
    rf"""(?x)
    [0-9]{{1,8}}
    | (?:[A-Za-z]|(?i:{_MARKS}))[-_:.\#]?[0-9]{{1,8}}
    | [A-Z]{{2,5}}-[0-9]{{1,6}}
    | [0-9a-fA-F]{{8}}(?:-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}
    | (?=[0-9]*[a-f][0-9a-f]*[0-9])(?:[0-9a-f]{{24}}|[0-9a-f]{{32}}|[0-9a-f]{{40}}|[0-9a-f]{{64}})
    """,
    re.ASCII,
)


def opaque(identifier: str) -> str | None:
    """Return an id that a run may state: one that only numbers a record; None for any other."""
    # Element by element, since Rust's regular expressions have no look-ahead; ids are short.
    return identifier if _OPAQUE.fullmatch(identifier) else None
