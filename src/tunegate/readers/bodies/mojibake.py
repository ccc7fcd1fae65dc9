"""Repair text that was decoded with the wrong table, such as `schÃ¶n`."""


def repaired(text: str) -> str:
    """Return the text with its encoding repaired where that makes it better, and else as it is."""
    if text.isascii():
        return text
    # Importing it takes a tenth of a second, and most runs repair nothing.
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    return fix_encoding(text) if is_bad(text) else text
