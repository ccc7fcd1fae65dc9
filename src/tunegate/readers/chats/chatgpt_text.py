"""Take the marks out of what ChatGPT wrote, where its page draws a link, a picture or a name."""

import re

import orjson

# What the page draws something for stands between private characters: its kind, then its parts.
# One that was cut short ends with the line.
_MARK = "\ue200(?P<kind>[^\ue200-\ue202\n]*)(?P<parts>[^\ue200\ue201]*\ue201|[^\ue200\ue201\n]*)"
_DRAWN = re.compile(_MARK)
_CITED = (
    r"【\d+(?::\d+)?†[^】\n]*】|【oaicite:\d+】|:contentReference\[oaicite:\d+\](?:\{index=\d+\})?"
)
_GONE = "\ue000"  # in place of a mark while the spaces around it are closed
_CITATION = re.compile(_CITED)
_ALONE = re.compile(rf"(?:(?<=\n)|\A)[ \t]*(?:{_GONE}[ \t]*)+(?:\n+|\Z)")
_INSIDE = re.compile(rf"(?:(?<![ \t])[ \t]*{_GONE})+")
_BRACKETS = re.compile("[\ue203-\ue206]")  # around a passage that a citation is about
_SHOWN = {"url": 0, "entity": 1}  # kinds that show one of their parts as text


def unmarked(text: str) -> str:
    """Return an answer as it reads on the page, without citations and pictures.

    Names that the page draws as a card, and labels of links, stay.
    """
    found = _CITATION.sub(_GONE, _DRAWN.sub(_shown, text))
    if found == text:
        return _BRACKETS.sub("", text)
    return _BRACKETS.sub("", _INSIDE.sub("", _ALONE.sub("", found))).rstrip()


def _shown(mark: re.Match[str]) -> str:
    place = _SHOWN.get(mark["kind"])
    parts: list[object] = [*mark["parts"].strip("\ue201\ue202").split("\ue202")]
    if place == _SHOWN["entity"]:
        try:
            listed = orjson.loads(str(parts[0]))
        except orjson.JSONDecodeError:
            listed = []
        parts = listed if isinstance(listed, list) else []
    shown = parts[place] if place is not None and place < len(parts) else None
    return shown if isinstance(shown, str) and shown else _GONE
