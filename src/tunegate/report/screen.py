"""Show a run on one terminal screen: the verdict, what blocks, the books, and what to do next."""

import shlex
from pathlib import Path
from unicodedata import combining, east_asian_width

from tunegate.report.sentences import balance, canaries, verdict_sentence, verdict_word
from tunegate.report.summary import Book, Found, Reason, Summary
from tunegate.report.words import count, counted, marked
from tunegate.rules import Action, Severity

_LINES = 23  # of a 24-line terminal; the prompt takes the last
_REASONS = 5
_RULES = 6
_NARROWEST = 40

_STYLES = {
    "passed": "bold green",
    "closed": "bold red",
    "incomplete": "bold yellow",
    "nothing": "bold yellow",
    None: "bold",
}

_DONE = {
    Action.KEEP: "reported",
    Action.FIX: "repaired",
    Action.REDACT: "redacted",
    Action.TRIM: "trimmed",
    Action.REVIEW: "held for review",
    Action.DROP: "dropped",
}

Line = list[tuple[str, str]]  # pieces of text, each with a style; "" is plain


def screen(summary: Summary, *, width: int, colour: bool, folder: str) -> str:
    """Return at most 23 lines of at most `width` columns; without `colour` there is no escape.

    folder: the run folder as the user typed it, for the paths and the last line.
    """
    wide = max(width, _NARROWEST)
    head, blocks = _verdict(summary, wide), _blocks(summary)
    books = _books(summary, wide)
    paths, last = _paths(summary, Path(folder), wide), _next(summary, Path(folder), wide)
    others = sum(len(part) + 1 for part in (head, blocks, books, paths) if part) + len(last)
    rules = _rules(summary, _LINES - others - 2)
    parts = [part for part in (head, blocks, books, rules, paths) if part]
    lines = [line for part in parts for line in ([], *part)][1:] + last
    clipped = [_clip(line, wide) for line in lines]
    return _coloured(clipped, wide) if colour else "\n".join(_plain(line) for line in clipped)


def _verdict(summary: Summary, width: int) -> list[Line]:
    word = verdict_word(summary)
    style = _STYLES[summary.judged.verdict if summary.judged else None]
    said = _wrap(verdict_sentence(summary), width - len(word) - 2)
    lines: list[Line] = [[(word, style), ("  " + said[0], "")]]
    lines += [[(" " * (len(word) + 2) + more, "")] for more in said[1:]]
    if not summary.sound:
        lines.append([("The numbers of this run disagree; the report shows where.", "bold red")])
    return lines


def _blocks(summary: Summary) -> list[Line]:
    reasons = summary.judged.reasons if summary.judged else ()
    if not reasons:
        nothing = "nothing" if summary.judged else "not judged"
        return [[("What blocks training: ", "bold"), (nothing, "")]]
    shown = reasons if len(reasons) <= _REASONS else reasons[: _REASONS - 1]
    lines: list[Line] = [[("What blocks training", "bold")]]
    lines += [_reason(reason) for reason in shown]
    if len(shown) < len(reasons):
        lines.append([(f"  and {counted(len(reasons) - len(shown), 'more reason')}", "")])
    return lines


def _reason(reason: Reason) -> Line:
    numbers = []
    if reason.count is not None and reason.rule is not None:
        numbers.append(count(reason.count))
    if reason.conversations is not None:
        numbers.append(f"in {counted(reason.conversations, 'conversation')}")
    if reason.allowed is not None:
        numbers.append(f"({count(reason.allowed)} allowed)")
    line: Line = [("  ", "")]
    if reason.rule is not None:
        line.append((f"{reason.rule}  ", "cyan"))
    if numbers:
        line.append((f"{' '.join(numbers)}: ", ""))
    return [*line, (reason.what, "")]


def _books(summary: Summary, width: int) -> list[Line]:
    lines = [*_book(summary.records, width), *_book(summary.conversations, width)]
    if said := canaries(summary):
        style = "bold red" if summary.canaries.missed else ""
        lines.append([(f"{'Canaries':15}", "bold"), (said, style)])
    return lines


def _book(book: Book, width: int) -> list[Line]:
    name = f"{book.title:15}"
    parts = [f"{count(part.count)} {part.name}" for part in book.parts]
    said = f"{count(book.total.count)} = {' + '.join(parts)}"
    lines: list[Line] = []
    for number, text in enumerate(_wrap(said, width - len(name))):
        lines.append([(name if number == 0 else " " * len(name), "bold"), (text, "")])
    if book.difference:
        lines.append([(" " * len(name) + balance(book), "bold red")])
    return lines


def _rules(summary: Summary, room: int) -> list[Line]:
    if not summary.found or room < 1:
        return []
    order = list(Severity)[::-1]
    most = sorted(
        summary.found,
        key=lambda part: (order.index(part.rule.severity), -part.total, part.rule.id),
    )
    shown = most[: min(room, _RULES)]
    names = max(_cells(part.rule.id) for part in shown)
    numbers = max(len(count(part.total - part.written)) for part in shown)
    of = "" if len(shown) == len(most) else f", {len(shown)} of {counted(len(most), 'rule')}"
    return [
        [(f"Findings, worst first{of}", "bold")],
        *(_rule(part, names, numbers) for part in shown),
    ]


def _rule(part: Found, names: int, numbers: int) -> Line:
    pad = " " * (names - _cells(part.rule.id))
    where = counted(part.rule.conversations, "conversation")
    before = part.total - part.written
    left = f", {count(part.written)} left in files" if part.written else ""
    done = "" if part.written else f", {_DONE[part.rule.action]}"
    said = f"  {part.rule.severity:8}  {count(before):>{numbers}} in {where}{done}"
    return [(f"  {part.rule.id}{pad}", "cyan"), (said, ""), (left, "bold red")]


def _paths(summary: Summary, folder: Path, width: int) -> list[Line]:
    files = [name for name, output in summary.outputs if output.lines is not None]
    lines: list[Line] = [[("Report  ", "bold"), (marked(str(folder / "report.html")), "")]]
    if files:
        written = ", ".join([marked(str(folder / files[0])), *files[1:]])
        lines.append([("Written ", "bold"), (written, "")])
    for note in summary.notes:
        said = _wrap(note, width - len("Note    "))
        lines += [
            [("Note    " if n == 0 else " " * 8, "bold"), (t, "")] for n, t in enumerate(said)
        ]
    return lines


def _next(summary: Summary, folder: Path, width: int) -> list[Line]:
    step = marked(_step(summary, folder))
    wrapped = _wrap(step, width - len("next: "))
    if len(wrapped) > 2:
        wrapped = [wrapped[0], f"{wrapped[1]} …"]
    indent = " " * len("next: ")
    return [
        [("next: " if number == 0 else indent, "bold"), (text, "")]
        for number, text in enumerate(wrapped)
    ]


def _step(summary: Summary, folder: Path) -> str:
    look = f"open {shlex.quote(str(folder / 'report.html'))}"
    if summary.judged is None:
        return f"tunegate gate {shlex.quote(str(folder))}"
    if summary.judged.verdict == "passed":
        return look
    hints = [reason.hint for reason in summary.judged.reasons if reason.hint]
    if hints:
        return hints[0]
    if summary.judged.verdict == "nothing":
        return "tunegate audit with an input that holds conversations"
    return look


def _cells(text: str) -> int:
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _wrap(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and _cells(longer) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def _clip(line: Line, width: int) -> Line:
    if _cells(_plain(line)) <= width:
        return line
    kept: Line = []
    left = width - 1  # for the ellipsis
    for text, style in line:
        fits = 0
        while fits < len(text) and _cell(text[fits]) <= left:
            left -= _cell(text[fits])
            fits += 1
        kept.append((text[:fits], style))
        if fits < len(text):
            break
    return [*kept, ("…", "")]


def _plain(line: Line) -> str:
    return "".join(text for text, _ in line)


def _coloured(lines: list[Line], width: int) -> str:
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    shown = StringIO()
    console = Console(
        file=shown,
        width=width + 1,
        force_terminal=True,
        color_system="standard",
        no_color=False,
        legacy_windows=False,
    )
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True, highlight=False)
    return shown.getvalue().removesuffix("\n")
