"""Cut texts into what an engine is given: marked lines, and windows of what is too long."""

from collections.abc import Iterator

import polars as pl

# A line that may name somebody: a capital that begins no sentence, a line of few words that all
# begin with one, digits, an address, a script without capitals, or words that lead to a name.
_CUE = (
    r"(?i:\b(?:name|named|called|calling|call me|i am|i'm|this is|regards|sincerely|dear|mr|mrs|ms"
    r"|dr|contact|ask for|speak to|lives? (?:in|at)|address|heiße|heisse|gruß|grüße|herr|frau"
    r"|m'appelle|cordialement|monsieur|madame|me llamo|saludos|señora?|mi chiamo|saluti)\b)"
    r"|[^.!?…:\s][\"')\]]* +\p{Lu}|^\W*(?:\p{Lu}\S*\W*){1,4}$|\p{Nd}{2}|@"
    r"|[\p{Hebrew}\p{Arabic}\p{Devanagari}\p{Thai}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"
)


def wholes(texts: pl.DataFrame) -> pl.DataFrame:
    """Return `hit, offset, piece` with each text as one piece."""
    return texts.select("hit", pl.lit(0, pl.Int64).alias("offset"), piece="text")


def marked_lines(texts: pl.DataFrame) -> pl.DataFrame:
    """Return `hit, offset, piece` with the lines that a cheap cue marks; others name nobody."""
    length = pl.col("piece").str.len_chars().cast(pl.Int64) + 1  # and the line's end
    return (
        texts.select("hit", piece=pl.col("text").str.split("\n"))
        .explode("piece")
        .with_columns(offset=length.cum_sum().over("hit") - length)
        .filter(pl.col("piece").str.contains(_CUE))
        .select("hit", "offset", "piece")
    )


def windowed(pieces: pl.DataFrame, window: int, overlap: int) -> pl.DataFrame:
    """Return the pieces, those longer than `window` code points as several that overlap."""
    long = pl.col("piece").str.len_chars() > window
    rows = [
        (hit, offset + begin, part)
        for hit, offset, piece in pieces.filter(long).iter_rows()
        for begin, part in windows(piece, window, overlap)
    ]
    cut = pl.DataFrame(rows, schema=pieces.schema, orient="row")
    return pl.concat([pieces.filter(~long), cut])


def windows(text: str, window: int, overlap: int) -> Iterator[tuple[int, str]]:
    """Yield offset and part of a long text; it is cut between words where there are any."""
    begin = 0
    while True:
        end = begin + window
        if end >= len(text):
            yield begin, text[begin:]
            return
        end = _before(text, end, end - overlap)
        yield begin, text[begin:end]
        begin = max(begin + 1, _before(text, end - overlap, end - 2 * overlap))


def _before(text: str, at: int, least: int) -> int:
    """Return where the last word before `at` ends, `at` where none ends behind `least`."""
    for place in range(at, max(least, 0), -1):
        if text[place].isspace() or text[place - 1].isspace():
            return place
    return at
