"""Say in lines for the terminal what `init` found out."""

from collections.abc import Iterator
from shlex import quote

from tunegate.pipeline.sniff import Sniffed

_NAMES = 5
_AUTHORS = 10


def told(found: Sniffed) -> Iterator[str]:
    """Yield what was found, guess by guess."""
    names = ", ".join(found.names[:_NAMES])
    more = f" and {len(found.names) - _NAMES} more" if len(found.names) > _NAMES else ""
    yield f"{names}{more}: {found.title} ({found.sure})"
    if found.guesses:
        yield "\nGuessed, change what is wrong:"
        for guess in found.guesses:
            yield f"  {guess.ours} = {guess.theirs}: {guess.why}"
    if found.authors and not any(guess.ours == "agents" for guess in found.guesses):
        yield "\nWho is staff cannot be told. Name them with `--agent`; those who write most:"
        for who, count in found.authors[:_AUTHORS]:
            yield f"  {who}: in {count:,} conversations"
    if found.visibility:
        yield "\nColumns that say whether a row counts:"
        for name, means in found.visibility:
            yield f"  {name}: {means}"
    if found.unused:
        yield f"\nColumns that are not used: {', '.join(found.unused)}"
    if found.unmapped:
        words = " ".join(f"--role {quote(word)}=user" for word in found.unmapped)
        yield f"\nWords of the role column that are no role; say what each is, such as\n  {words}"
    if found.reading:
        used, merged, excluded, unreadable = found.reading
        yield "\nOf the records seen:"
        yield f"  {used:,} used, {merged:,} merged into the turn before"
        for reason, count in sorted(excluded.items()):
            yield f"  {count:,} left out: {reason}"
        for reason, count in unreadable.items():
            yield f"  {count:,} unreadable: {reason}"
    for n, example in enumerate(found.examples, 1):
        yield f"\nConversation {n}, masked"
        for role, text in example:
            yield f"  {role:10} {text}"
