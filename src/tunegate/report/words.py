"""How a report says things: text from outside made visible, numbers, shares and sizes."""

import re

# Letters and marks that draw nothing although their category says they would.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    "\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_LONGEST = 160  # characters of one name; the rest is counted, never dropped in silence

_POINTER_WORDS = re.compile(
    "arguments|audio|content|description|file|function|function_call|functions|image_url|"
    "input_audio|items|messages|metadata|name|parameters|properties|refusal|subject|text|title|"
    "tool_calls|tools|url|[0-9]{1,5}"
)
_KIND = re.compile(r"[a-z]+(-[a-z]+)*")


def _draws(character: str) -> bool:
    return character.isprintable() and not _BLANK.match(character)


def marked(text: str) -> str:
    """Return `text` with every character that draws nothing written as its number.

    Controls, direction marks, zero-width and tag characters could hide or reorder what a reader
    sees. Marking twice changes nothing.
    """
    if text.isprintable() and not _BLANK.search(text):  # as nearly all are
        return text
    return "".join(c if _draws(c) else f"⟨U+{ord(c):04X}⟩" for c in text)


def visible(text: str) -> str:
    """Return a name or an id, marked; a very long one ends with how much is left out."""
    left_out = len(text) - _LONGEST
    tail = f"… ({count(left_out)} more characters)" if left_out > 0 else ""
    return marked(text[:_LONGEST]) + tail


def prose(text: str) -> str:
    """Return a sentence of a rule or a policy, marked, on one line."""
    return marked(" ".join(text.split()))


def base_name(name: str) -> str:
    """Return the last step of a path of any system."""
    return re.split(r"[/\\]", name.rstrip("/\\"))[-1] or name


def place(pointer: str) -> str:
    """Return a JSON Pointer with only the steps that are ours; any other word may be data."""
    steps = pointer.split("/")[1:]
    return "".join(f"/{step if _POINTER_WORDS.fullmatch(step) else '…'}" for step in steps)


def kind_of_place(pointer: str) -> str:
    """Return `place` with `*` for every number, so that alike places count together."""
    return "".join(f"/{'*' if step.isdigit() else step}" for step in place(pointer).split("/")[1:])


def kind_word(kind: str | None) -> str | None:
    """Return a finding's kind if it is a plain word, and "other" if it could be anything."""
    return kind if kind is None or _KIND.fullmatch(kind) else "other"


def count(number: float) -> str:
    """Return `12,345`, or up to three decimals where the number has any."""
    if number == int(number):
        return f"{int(number):,}"
    return f"{number:,.3f}".rstrip("0")


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return `1 finding` or `2 findings`."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def share(part: float, whole: float) -> str:
    """Return a percentage that says 0 % and 100 % only when nothing and everything is meant."""
    if not whole:
        return "–"
    percent = 100 * part / whole
    if 0 < percent < 0.1:
        return "<0.1 %"
    if 99.9 < percent < 100:
        return ">99.9 %"
    return f"{percent:.1f}".removesuffix(".0") + " %"


def file_size(size: int) -> str:
    """Return bytes in the largest decimal unit that leaves a whole part."""
    scaled = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if scaled < 1000:
            return counted(size, "byte") if unit == "bytes" else f"{scaled:.1f} {unit}"
        scaled /= 1000
    return f"{scaled:,.1f} TB"


def short(digest: str) -> str:
    """Return the first twelve characters of a digest."""
    return digest[:12]
