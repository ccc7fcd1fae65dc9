"""Tell the ids that number a record from those that may be a value of somebody."""

import polars as pl

_MARKS = (  # what systems put before the numbers they count up
    "case|chat|chg|conv|conversation|cs|dialog|dialogue|example|hd|id|inc|issue|item|msg|prb|record|req"
    "|ritm|row|sample|session|sr|task|tck|thread|ticket|tkt|trace"
)
# A longer number may be a telephone, an account or a document, a letter before it a passport, a
# word with figures a user name; and a digest may be one of an address, which anybody can repeat.
_NUMBERS_A_RECORD = "|".join(
    (
        "[0-9]{1,7}",
        rf"(?i:{_MARKS})[-_:.#]?[0-9]{{1,8}}",
        "[A-Za-z][-_:.#]?[0-9]{1,5}",
        "[A-Z]{2,5}-[0-9]{1,6}",
        "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    )
)


def opaque(identifier: pl.Expr) -> pl.Expr:
    """Return ids that a run may state: those that only number a record; null for any other."""
    return pl.when(identifier.str.contains(f"^(?:{_NUMBERS_A_RECORD})$")).then(identifier)
