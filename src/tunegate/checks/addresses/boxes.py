"""Post boxes and the mail of armed forces."""

import re

_BOX = re.compile(
    r"""(?xi)(?<!\w)(?:
      (?:p\.?\x20?o\.?|post\x20office)[\x20,]{0,2}(?:box|b\.)\x20?\#?[0-9]{1,7}[A-Z]?
    | (?:postfach|postbus|postboks|postboks|apartado(?:\x20(?:de\x20correos|postal|aéreo))?
      |apdo\.?|caixa\x20postal|casella\x20postale|c\.p\.|boîte\x20postale|b\.p\.|BP|postilokero
      |skrytka\x20pocztowa|poste\x20restante|private\x20bag|gpo\x20box|locked\x20bag)
      \x20?(?:n[°º.]\x20?)?[0-9]{1,4}(?:\x20?[0-9]{1,4}){0,2}
    )(?![\w-])"""
)
_FORCES = re.compile(
    r"""(?xi)(?<!\w)(?:(?:(?:PSC|CMR|unit)\x20[0-9]{1,5},?\x20?,?\s{0,2}box\x20[0-9]{1,6}
    | US(?:S|NS|CGC|NV)\x20[^\W\d_][\w'’.-]{1,25}(?:\x20[^\W\d_][\w'’.-]{1,25}){0,2}
    )[\x20\t]{0,3}[,\n]?[>?\x20]{0,6})?
    [FAD]PO,?\x20A[AEP]\x20[0-9]{5}(?:-[0-9]{4})?(?!\w)"""
)
_FORCES_REACH = 90  # code points that the line before the post office may have


_HINT = re.compile(
    r"(?:box|b\.|postfach|postbus|postboks|apartado|correos|postal|aéreo|apdo\.?|postale|c\.p\.|b\.p\.|bp"
    r"|postilokero|pocztowa|bag|psc|cmr|unit|a[aep])[ ]?\#?(?:n[°º.][ ]?)?\Z",
    re.IGNORECASE,
)


def box_at(text: str, start: int, limit: int) -> tuple[int, int] | None:
    """Return the span of a post box, or of the mail of armed forces, that a number belongs to."""
    lowest = max(0, start - _FORCES_REACH)
    if not _HINT.search(text, max(0, start - 16), start):
        return None
    for pattern in (_FORCES, _BOX):
        for found in pattern.finditer(text, lowest, limit):
            if found.start() <= start < found.end():
                return found.span()
    return None
