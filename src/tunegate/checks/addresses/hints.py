"""Regular expressions of which one matches in every text that has an address."""

from tunegate.checks.addresses import words
from tunegate.checks.addresses.lexicon import any_of

_AFTER = any_of(
    word.strip(".")
    for word in words.STREET_TYPES | words.DOUBTFUL_TYPES | words.RARE_TYPES | words.FRENCH_TYPES
)
_BEFORE = any_of(word.strip(".") for word in words.FIRST_TYPES | words.CUES)
_ENDINGS = any_of(
    word.strip(".")
    for word in words.ENDINGS | words.DOUBTFUL_ENDINGS | words.APART_ENDINGS
    if len(word.strip(".")) > 1
)
_DIRECTLY_BEFORE = any_of(word.strip(".") for word in words.UNITS | words.BOXES | {"u"})

# For the fast engine: no look-around, no counting, so that its automata stay small.
HINTS = (
    rf"(?i)[0-9][^\n]*\x20(?:{_AFTER})(?:[^a-z]|$)",
    rf"(?i)(?:^|[^a-z]|\\[nrt])(?:{_BEFORE})[\x20.:][^\n]*[0-9]",
    rf"(?i)(?:{_ENDINGS}|(?:^|[^a-z]|\\[nrt])(?:{_DIRECTLY_BEFORE}))[.,]*\x20?\#?\x20?[0-9]",
    # A postcode and a town after a number, and a number that opens an answer.
    r"(?i)[0-9][a-z]?,?[\x20\n]\x20*(?:[a-z][a-z]?-)?[0-9]{2}[0-9\x20-][0-9]+[\x20a-z]+[a-z]",
    r"(?i)\A(?:\S+\x20)?[0-9]+[a-z]?,?\x20[a-z]",
)
