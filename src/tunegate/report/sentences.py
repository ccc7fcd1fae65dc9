"""The sentences that every view of a run says alike."""

from tunegate.report.runfile import Reidentification
from tunegate.report.summary import Book, Summary
from tunegate.report.words import count, counted

WORDS = {
    "passed": "Passed",
    "closed": "Closed",
    "incomplete": "Incomplete",
    "nothing": "Nothing audited",
    None: "Not judged",
}

_FAMILIES = {
    "pii": "personal data",
    "secret": "secrets such as passwords and keys",
    "duplicate": "copies and near copies",
    "toxicity": "toxic language",
    "bias": "bias",
}


def verdict_word(summary: Summary) -> str:
    """Return the verdict in a word or two."""
    return WORDS[summary.judged.verdict if summary.judged else None]


def verdict_sentence(summary: Summary) -> str:
    """Return what the verdict means for the person who wants to train."""
    if summary.judged is None:
        return "No policy has judged this run, so it does not say whether to train on this data."
    policy = f"policy “{summary.judged.policy}”"
    match summary.judged.verdict:
        case "passed":
            return (
                f"Every required rule ran, and the written files hold nothing that {policy} blocks."
            )
        case "closed":
            reasons = counted(len(summary.judged.reasons), "reason")
            return f"Do not train on these files yet: {policy} names {reasons} against it."
        case "incomplete":
            return "The audit is not complete, so there is no answer. Do not train on these files."
        case "nothing":
            return "No conversation was audited, so nothing is known about this data."


def balance(book: Book) -> str:
    """Return the book as one equation, and whether it is true."""
    parts = " + ".join(count(part.count) for part in book.parts)
    equation = f"{count(book.total.count)} = {parts}"
    if book.difference:
        return f"{equation} does not balance: the difference is {count(book.difference)}"
    return f"{equation} balances"


def canaries(summary: Summary) -> str:
    """Return what became of the planted values; nothing where none were planted."""
    told = summary.canaries
    if not told.planted:
        return ""
    said = f"{count(told.planted)} planted, {count(told.caught)} caught"
    if told.allowed:
        said += f", {count(told.allowed)} on the allow-list"
    missed = sum(told.missed.values())
    return f"{said}, {count(missed)} missed" if missed else said


def limits(summary: Summary) -> tuple[tuple[str, str], ...]:
    """Return what this run cannot have seen, each with a short name."""
    said = [*_failed_parts(summary), *_detector_limits(summary)]
    families = {line.run.id.partition("/")[0] for line in summary.rules}
    absent = [name for family, name in _FAMILIES.items() if family not in families]
    if absent:
        said.append(("Not examined", f"No rule of this run looks for {_listed(absent)}."))
    if summary.split is not None and summary.split.unknown_groups:
        whose = counted(summary.split.unknown_groups, "conversation")
        text = f"For {whose} the source does not say whose it is; only alike wording ties them."
        said.append(("Unknown customers", text))
    if summary.reidentification is not None:
        said.append(("Told apart", told_apart(summary.reidentification, summary)))
    said += [
        ("Attachments", attachments(summary.media)),
        (
            "Not decided",
            "Whether this data may be used, and for what, is a person's decision. "
            "This report is evidence for it and does not replace it.",
        ),
    ]
    return tuple(said)


def attachments(media: int) -> str:
    """Return how many pictures and files nothing looked into."""
    text = "Images, sound and files that messages embed or link to are not opened."
    if not media:
        return text
    were = "was" if media == 1 else "were"
    many = counted(media, "picture or file", "pictures or files")
    return f"At least {many} {were} not scanned. {text}"


def told_apart(said: Reidentification, summary: Summary) -> str:
    """Return how many conversations could be told apart by what was found of the person."""
    kinds = _listed(list(said.kinds))
    all_ = counted(summary.before.conversations, "conversation")
    text = f"Of {all_}, {count(said.conversations)} had values of these kinds: {kinds}. "
    if said.conversations:
        text += (
            f"In {count(said.unique)} their combination was like that of no other conversation; "
            f"the smallest group that shared one had {count(said.smallest_class or 0)}. "
        )
    left = said.written
    if left.conversations:
        text += (
            f"In the written files {count(left.conversations)} still have such values, because "
            f"their rules do not redact, and {count(left.unique)} are like no other. "
        )
    elif said.conversations:
        text += "In the written files no rule leaves what it found of them. "
    return text + "This is an estimate on detected values; what was not detected is not in it."


def _failed_parts(summary: Summary) -> list[tuple[str, str]]:
    said = []
    if summary.failures:
        rules = _listed(sorted({failure.rule for failure in summary.failures}))
        said.append(("Failed", f"{rules} did not finish; what it would have found is not in here."))
    if summary.truncated:
        files = _listed(list(summary.truncated))
        said.append(("Cut short", f"{files} ends early; what should follow was never seen."))
    unread = sum(reason.count for reason in summary.unreadable)
    if unread:
        text = f"{counted(unread, 'place')} of the source could not be read and no rule saw it."
        said.append(("Unreadable", text))
    return said


def _detector_limits(summary: Summary) -> list[tuple[str, str]]:
    slugs = sorted(
        line.run.id.partition("/")[2]
        for line in summary.rules
        if line.run.id.startswith("pii/") and line.run.status == "ran"
    )
    said = [
        (
            "Missed",
            "A rule finds what it describes. What is written in another way, misspelt or spread "
            "over two messages is missed, and this run did not measure how often. "
            "“None found” does not mean “none there”; beside each rule that found no personal data "
            "or secret stands how much it found of labelled texts.",
        )
    ]
    if slugs:
        kinds = _listed([slug.replace("-", " ") for slug in slugs])
        unnamed = not any("name" in slug or "postal" in slug for slug in slugs)
        others = ", such as names of people and postal addresses," if unnamed else ""
        text = f"Looked for: {kinds}. Any other kind{others} was not looked for and may be there."
        said.append(("Personal data", text))
    return said


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
