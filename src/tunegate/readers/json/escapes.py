r"""Write the characters of JSON that stands inside a text, where escapes would hide them.

`jane\u0040example.com` is an address that no rule sees. Only the escapes go: the JSON means what
it meant, and spaces, order and other escapes stay as they are.
"""

import json
import re

# Every escape is taken whole, so that the `u` behind two backslashes begins none.
_ESCAPE = re.compile(
    r"\\(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u(?P<one>[0-9a-fA-F]{4})"
    r"|.)",
    re.DOTALL,
)
_KEPT = frozenset({*range(0x20), ord('"'), ord("\\"), *range(0xD800, 0xE000)})


def unescaped(text: str) -> str:
    r"""Return `text` with the character in place of each `\u` escape that JSON can do without."""
    return _ESCAPE.sub(_character, text) if "\\u" in text else text


def unescaped_json(text: str) -> str:
    """Do the same for a text that is a JSON object or array; any other stays as it is."""
    return unescaped(text) if "\\u" in text and _is_json(text) else text


def _character(escape: re.Match[str]) -> str:
    if escape["high"]:
        return (bytes.fromhex(escape["high"]) + bytes.fromhex(escape["low"])).decode("utf-16-be")
    if not escape["one"]:
        return escape[0]
    code = int(escape["one"], 16)
    return escape[0] if code in _KEPT else chr(code)


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except ValueError:
        return False
    except RecursionError:
        return True  # as far as it can be told; what is nested deep must not hide either
    return True
