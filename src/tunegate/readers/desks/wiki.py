"""Turn the wiki markup of Jira into plain text, where it is markup beyond doubt."""

import re
from collections.abc import Iterator

from tunegate.readers.desks.adf import Plain

# Between these nothing is markup, and their text is kept as it stands.
_VERBATIM = re.compile(r"\{(code|noformat)(?::[^{}\n]*+)?\}((?:[^{]++|\{(?!\1[:}]))*+)\{\1\}")
# Nothing here looks past the next bracket of its own kind, which would be quadratic.
_TITLED = re.compile(r"\{panel:(?:[^{}\n]*\|)?title=([^{}|\n]*)[^{}\n]*\}")
_MACRO = re.compile(r"\{(?:color|quote|panel|anchor|section|column|expand)(?::[^{}\n]*+)?\}")
_HEADING = re.compile(r"^[ \t]*(?:h[1-6]|bq)\.[ \t]+", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*-{4,}[ \t]*$", re.MULTILINE)
# Not the line above which a mail is answered, as in `##- Please type your reply above -##`.
_ITEM = re.compile(r"^[ \t]*(?!##- .*-##[ \t]*$)([*#-]+)[ \t]+(?=\S)", re.MULTILINE)
_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)
_IMAGE = re.compile(r"!([^\s!|][^!|\n]*\.\w{2,5})(?:\|[^!\n]*)?!")
_FILE = re.compile(r"\[\^([^\[\]\n]+)\]")
_MENTION = re.compile(r"\[~(?:accountid:)?([^\[\]\n]+)\]")
_LINK = re.compile(r"\[([^\[\]|\n]++)\|(?:https?://|mailto:|#|ftp://|file:)[^\[\]\n]*\]")
_BARE = re.compile(r"\[((?:https?://|mailto:)[^\[\]|\n]+)\]")
_MONO = re.compile(r"\{\{([^{}\n]+)\}\}")
_BOLD = re.compile(r"(?<![\w*\\])\*(?![\s*])([^*\n]*[^\s*\\])\*(?![\w*])")
_ESCAPED = re.compile(r"\\([{}\[\]*_!|~^-])")
_BLANKS = re.compile(r"\n{3,}")


def to_plain(markup: str) -> Plain:
    """Return a text without markup: links by their words, lists dashed, cells apart by tabs.

    Code is kept as it stands. What may be either, such as `-` or `_` around words, stays.
    """
    files: list[str] = []
    text = "".join(_pieces(markup.replace("\r\n", "\n"), files))
    return Plain(_BLANKS.sub("\n\n", text).strip(), tuple(files))


def _pieces(markup: str, files: list[str]) -> Iterator[str]:
    end = 0
    for block in _VERBATIM.finditer(markup):
        yield _prose(markup[end : block.start()], files)
        yield block[2].strip("\n")
        end = block.end()
    yield _prose(markup[end:], files)


def _prose(text: str, files: list[str]) -> str:
    def file(named: re.Match[str]) -> str:
        files.append(named[1])
        return ""

    text = _TITLED.sub(r"\1\n", text)
    text = _MACRO.sub("", text)
    text = _HEADING.sub("", text)
    text = _RULE.sub("", text)
    text = _ITEM.sub(_bullet, text)
    text = _FILE.sub(file, _IMAGE.sub(file, text))
    text = _MENTION.sub(r"@\1", text)
    text = _BARE.sub(r"\1", _LINK.sub(r"\1", text))
    text = _ROW.sub(_cells, text)
    return _ESCAPED.sub(r"\1", _BOLD.sub(r"\1", _MONO.sub(r"\1", text)))


def _bullet(item: re.Match[str]) -> str:
    if item[1].startswith("--"):
        return item[0]  # a dash that is meant, or a mail's signature
    return "  " * (len(item[1]) - 1) + "- "


def _cells(row: re.Match[str]) -> str:
    return "\t".join(cell.strip() for cell in re.split(r"\|\|?", row[0].strip().strip("|")))
